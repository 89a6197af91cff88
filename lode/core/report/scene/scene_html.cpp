// The HTML and SVG of one chart.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/scene/scene_html.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/report/html.h"
#include "lode/core/report/scene/path.h"

namespace lode::report {
namespace {

// Static tables in <details> stay readable; the whole one is in the embedded data.
constexpr std::size_t kStaticRows = 60;
constexpr double kEndLabelApart_px = 14.0;
// Letters of an end label that fit into a phone's gutter; beyond them its value is left out there.
constexpr std::size_t kPhoneLetters = 7;
constexpr std::size_t kClipsShown = 12;

struct Drawing {
  const Chart& chart;
  const Panel& panel;
  Box box;
  std::string svg;   // Inside the stretched <svg>.
  std::string over;  // HTML over it.

  std::vector<double> x_places(const Mark& mark) const { return places(mark.x, mark.across ? panel.y : chart.x); }
  std::vector<double> places(int column, const Axis& axis) const {
    const std::vector<double>& values = chart.table.columns[static_cast<std::size_t>(column)].values;
    std::vector<double> out(values.size());
    std::transform(values.begin(), values.end(), out.begin(), [&](double v) { return axis.scale.place(v); });
    return out;
  }
  double value(int column, std::size_t row) const {
    return chart.table.columns[static_cast<std::size_t>(column)].values[row];
  }
};

std::string percent(double place) { return fixed(std::clamp(place, 0.0, 1.0) * 100.0, 2); }
std::string at(double left, double top) { return fmt::format("left:{}%;top:{}%", percent(left), percent(top)); }
std::string css(Role role) { return fmt::format("c-{}", token_name(role)); }

std::string scale_text(const Axis& axis) {
  static constexpr std::array<std::string_view, 3> kKinds{"linear", "log", "growth"};
  return fmt::format("{} {} {}", axis.dates ? "date" : kKinds[static_cast<std::size_t>(axis.scale.kind)],
                     shortest(axis.scale.low), shortest(axis.scale.high));
}

std::string mark_attributes(const Mark& mark, std::string_view kind) {
  return fmt::format("class=\"{} {}{}\" data-mark=\"{} {} {} {} {}\"", kind, css(mark.role),
                     mark.dash == Dash::kDashed   ? " dash"
                     : mark.dash == Dash::kDotted ? " dots"
                                                  : "",
                     kind, mark.x, mark.y, mark.low, mark.high);
}

// A value outside the box stands at its edge as a mark with its number; one a run of such values.
void draw_clips(Drawing& drawing, const Mark& mark) {
  const Axis& axis = mark.across ? drawing.chart.x : drawing.panel.y;
  const std::vector<double> along = drawing.x_places(mark);
  const Column& column = drawing.chart.table.columns[static_cast<std::size_t>(mark.y)];
  bool inside_run = false;
  std::size_t shown = 0;
  for (std::size_t row = 0; row < column.values.size() && shown < kClipsShown; ++row) {
    const double place = axis.scale.place(column.values[row]);
    const bool clipped = !math::is_nan(along[row]) && (place < -1e-9 || place > 1.0 + 1e-9);
    if (clipped && !inside_run) {
      const double edge = place < 0.0 ? 0.0 : 1.0;
      drawing.over +=
          fmt::format("<i class=\"clip {}\" data-clipped=\"{}\" style=\"{}\"><b>{}</b></i>", edge == 0.0 ? "lo" : "hi",
                      shortest(column.values[row]), mark.across ? at(edge, along[row]) : at(along[row], 1.0 - edge),
                      number_text(column.values[row], column.style));
      ++shown;
    }
    inside_run = clipped;
  }
}

void draw_line(Drawing& drawing, const Mark& mark) {
  const std::vector<double> ys = drawing.places(mark.y, drawing.panel.y);
  const bool area = mark.kind == Mark::Kind::kArea;
  const int base = static_cast<int>(
      math::round_even((1.0 - std::clamp(drawing.panel.y.scale.place(mark.base), 0.0, 1.0)) * drawing.box.height * 10));
  std::string path;
  for (const std::vector<Point>& run : runs_of_points(drawing.x_places(mark), ys, drawing.box)) {
    path += path_text(run);
    if (area) {
      path += fmt::format("V{}H{}z", tenths_text(base), tenths_text(run.front().x));
    }
  }
  drawing.svg += fmt::format("<path {} d=\"{}\"/>", mark_attributes(mark, area ? "area" : "line"), path);
  draw_clips(drawing, mark);
}

void draw_band(Drawing& drawing, const Mark& mark) {
  const std::vector<double> xs = drawing.x_places(mark);
  const std::vector<double> low = drawing.places(mark.low, drawing.panel.y);
  std::vector<double> high = drawing.places(mark.high, drawing.panel.y);
  for (std::size_t i = 0; i < high.size(); ++i) {
    high[i] = math::is_nan(low[i]) ? low[i] : high[i];  // Both edges break at the same rows.
  }
  const auto upper = runs_of_points(xs, high, drawing.box);
  const auto lower = runs_of_points(xs, low, drawing.box);
  std::string path;
  for (std::size_t i = 0; i < upper.size() && i < lower.size(); ++i) {
    std::vector<Point> outline = upper[i];
    outline.insert(outline.end(), lower[i].rbegin(), lower[i].rend());
    path += path_text(outline) + "z";
  }
  drawing.svg += fmt::format("<path {} d=\"{}\"/>", mark_attributes(mark, "band"), path);
}

// One bar between two places along the value axis, `center` and `half` along the other one.
std::string rect(const Drawing& drawing, const Mark& mark, double from, double to, double center, double half,
                 std::string_view extra) {
  const auto clamp = [](double place) { return std::clamp(place, 0.0, 1.0); };
  const double low = clamp(std::min(from, to));
  const double high = clamp(std::max(from, to));
  const double left = clamp(center - half);
  const double right = clamp(center + half);
  const double w = drawing.box.width;
  const double h = drawing.box.height;
  const auto number = [](double v) { return tenths_text(static_cast<int>(math::round_even(v * 10.0))); };
  if (mark.across) {  // Rows stand on y, which counts from the top here.
    return fmt::format("<rect{} x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>", extra, number(low * w),
                       number((1.0 - right) * h), number((high - low) * w), number((right - left) * h));
  }
  return fmt::format("<rect{} x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>", extra, number(left * w),
                     number((1.0 - high) * h), number((right - left) * w), number((high - low) * h));
}

void draw_bars(Drawing& drawing, const Mark& mark) {
  const Axis& values = mark.across ? drawing.chart.x : drawing.panel.y;
  const Axis& rows = mark.across ? drawing.panel.y : drawing.chart.x;
  drawing.svg += fmt::format("<g {}>", mark_attributes(mark, "bar"));
  for (std::size_t row = 0; row < drawing.chart.table.rows(); ++row) {
    const double value = drawing.value(mark.y, row);
    const double base = mark.low >= 0 ? drawing.value(mark.low, row) : mark.base;
    const double center = drawing.value(mark.x, row);
    if (math::is_nan(value) || math::is_nan(base) || math::is_nan(center)) {
      continue;
    }
    const double half = math::abs(rows.scale.place(center + mark.width / 2.0) - rows.scale.place(center));
    std::string extra = fmt::format(" data-row=\"{}\"", row);
    if (static_cast<int>(row) == mark.hollow_row) {
      extra += " class=\"hollow\"";
    } else if (value < base && mark.below != Role::kInk) {
      extra += fmt::format(" class=\"{}\"", css(mark.below));
    }
    drawing.svg +=
        rect(drawing, mark, values.scale.place(base), values.scale.place(value), rows.scale.place(center), half, extra);
  }
  drawing.svg += "</g>";
  draw_clips(drawing, mark);
}

void draw_dots(Drawing& drawing, const Mark& mark) {
  const Axis& values = mark.across ? drawing.chart.x : drawing.panel.y;
  const std::vector<double> along = drawing.x_places(mark);
  std::string whiskers;
  drawing.over += fmt::format("<div {}>", mark_attributes(mark, "dot"));
  for (std::size_t row = 0; row < along.size(); ++row) {
    const double value = drawing.value(mark.y, row);
    const double place = values.scale.place(value);
    if (math::is_nan(place) || math::is_nan(along[row])) {
      continue;
    }
    const std::string sign = mark.below != Role::kInk && value < 0.0 ? " class=\"" + css(mark.below) + "\"" : "";
    drawing.over += fmt::format("<i data-row=\"{}\"{} style=\"{}\"></i>", row, sign,
                                mark.across ? at(place, 1.0 - along[row]) : at(along[row], 1.0 - place));
    const double low = mark.low < 0 ? value : drawing.value(mark.low, row);
    const double high = mark.high < 0 ? value : drawing.value(mark.high, row);
    if (mark.low >= 0 && !math::is_nan(low) && !math::is_nan(high)) {
      const auto unit = [](double p, int size) {
        return tenths_text(static_cast<int>(math::round_even(std::clamp(p, 0.0, 1.0) * size * 10.0)));
      };
      const double from = values.scale.place(low);
      const double to = values.scale.place(high);
      whiskers += mark.across ? fmt::format("M{} {}H{}", unit(from, drawing.box.width),
                                            unit(1.0 - along[row], drawing.box.height), unit(to, drawing.box.width))
                              : fmt::format("M{} {}V{}", unit(along[row], drawing.box.width),
                                            unit(1.0 - from, drawing.box.height), unit(1.0 - to, drawing.box.height));
    }
  }
  drawing.over += "</div>";
  if (!whiskers.empty()) {
    Mark lines = mark;
    lines.role = mark.below == Role::kInk ? mark.role : Role::kMuted;  // One colour for both signs of the dots.
    drawing.svg += fmt::format("<path {} d=\"{}\"/>", mark_attributes(lines, "whisker"), whiskers);
  }
  draw_clips(drawing, mark);
}

void draw_rule(Drawing& drawing, const Mark& mark) {
  const double place = (mark.across ? drawing.chart.x : drawing.panel.y).scale.place(mark.base);
  if (!(place >= 0.0 && place <= 1.0)) {
    return;  // A rule outside the box says nothing inside it.
  }
  const double units = mark.across ? place * drawing.box.width : (1.0 - place) * drawing.box.height;
  const std::string where = tenths_text(static_cast<int>(math::round_even(units * 10.0)));
  drawing.svg +=
      fmt::format("<path class=\"rule {}{}\" d=\"{}\"/>", css(mark.role), mark.dash == Dash::kSolid ? "" : " dash",
                  mark.across ? fmt::format("M{} 0V{}", where, drawing.box.height)
                              : fmt::format("M0 {}H{}", where, drawing.box.width));
}

void draw_mark(Drawing& drawing, const Mark& mark) {
  switch (mark.kind) {
    case Mark::Kind::kLine:
    case Mark::Kind::kArea:
      return draw_line(drawing, mark);
    case Mark::Kind::kBand:
      return draw_band(drawing, mark);
    case Mark::Kind::kBar:
      return draw_bars(drawing, mark);
    case Mark::Kind::kDot:
      return draw_dots(drawing, mark);
    case Mark::Kind::kRule:
      return draw_rule(drawing, mark);
  }
}

void draw_labels(Drawing& drawing) {
  static constexpr std::array<std::string_view, 4> kAnchors{"above", "below", "right", "left"};
  for (const Label& label : drawing.panel.labels) {
    const double x = drawing.chart.x.scale.place(label.x);
    const double y = drawing.panel.y.scale.place(label.y);
    if (math::is_finite(x) && math::is_finite(y)) {
      drawing.over += fmt::format("<span class=\"lab {} {}\" style=\"{}\">{}</span>",
                                  kAnchors[static_cast<std::size_t>(label.anchor)], css(label.role), at(x, 1.0 - y),
                                  escape(label.text));
    }
  }
}

// Names at the right end of lines, pushed apart so that none covers another.
void draw_ends(Drawing& drawing) {
  struct Placed {
    const EndLabel* label;
    double top;
  };
  std::vector<Placed> placed;
  const double height = drawing.panel.height_px;
  for (const EndLabel& end : drawing.panel.ends) {
    const double place = drawing.panel.y.scale.place(end.y);
    if (!math::is_nan(place)) {
      placed.push_back({&end, (1.0 - std::clamp(place, 0.0, 1.0)) * height});
    }
  }
  std::stable_sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) { return a.top < b.top; });
  for (std::size_t i = 1; i < placed.size(); ++i) {
    placed[i].top = std::max(placed[i].top, placed[i - 1].top + kEndLabelApart_px);
  }
  double limit = height;
  for (std::size_t i = placed.size(); i-- > 0; limit = placed[i].top - kEndLabelApart_px) {
    placed[i].top = std::min(placed[i].top, limit);
  }
  for (const Placed& one : placed) {
    const bool is_long = code_points(one.label->name) + code_points(one.label->value) > kPhoneLetters;
    drawing.over += fmt::format("<span class=\"end {}{}\" style=\"top:{}%\">{}{}</span>", css(one.label->role),
                                is_long ? " long" : "", fixed(one.top / height * 100.0, 2), escape(one.label->name),
                                one.label->value.empty() ? "" : "<b> " + escape(one.label->value) + "</b>");
  }
}

// Pixels right of the boxes: the end labels and, outside of them, the ticks.
int gutter_px(const Chart& chart) {
  std::size_t tick = 0;
  std::size_t end = 0;
  for (const Panel& panel : chart.panels) {
    for (const Tick& one : panel.y.ticks) {
      tick = std::max(tick, panel.names ? 0 : code_points(one.text));
    }
    for (const EndLabel& one : panel.ends) {
      end = std::max(end, code_points(one.name) + code_points(one.value) + 1);
    }
  }
  return static_cast<int>((tick > 0 ? tick * 7 + 6 : 8) + (end > 0 ? end * 7 + 6 : 0));
}

int names_px(const Chart& chart) {
  std::size_t longest = 0;
  for (const Panel& panel : chart.panels) {
    for (const Tick& one : panel.y.ticks) {
      longest = std::max(longest, panel.names ? code_points(one.text) : 0);
    }
  }
  return static_cast<int>(std::min<std::size_t>(longest * 7 + (longest > 0 ? 10 : 0), 190));
}

void write_panel(const Chart& chart, const Panel& panel, std::string& out) {
  const int width = chart.width == Chart::Width::kFull ? 1000 : chart.width == Chart::Width::kTwoThirds ? 700 : 500;
  Drawing drawing{chart, panel, {width, panel.height_px}, {}, {}};
  for (const Mark& mark : panel.marks) {
    draw_mark(drawing, mark);
  }
  draw_labels(drawing);
  draw_ends(drawing);
  if (!panel.caption.empty()) {
    out += "<p class=\"pcap\">" + escape(panel.caption) + "</p>";
  }
  out += fmt::format("<div class=\"box{}\" style=\"--h:{}px\" data-y=\"{}\">", panel.names ? " names" : "",
                     panel.height_px, scale_text(panel.y));
  for (const Tick& tick : panel.y.ticks) {
    out += fmt::format("<div class=\"{}{}\" style=\"top:{}%\"><span>{}</span></div>", panel.names ? "yn" : "yt",
                       !panel.names && tick.value == 0.0 ? " zero" : "", percent(1.0 - panel.y.scale.place(tick.value)),
                       escape(tick.text));
  }
  if (panel.names) {
    for (const Tick& tick : chart.x.ticks) {
      out += fmt::format("<div class=\"xg{}\" style=\"left:{}%\"></div>", tick.value == 0.0 ? " zero" : "",
                         percent(chart.x.scale.place(tick.value)));
    }
  }
  out += fmt::format("<svg viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{}</svg>{}</div>",
                     width, panel.height_px, drawing.svg, drawing.over);
}

void write_x_ticks(const Chart& chart, std::string& out) {
  out += "<div class=\"xt\">";
  // Letters of all labels, with the space between them, that fit under a narrow chart.
  const std::size_t room = chart.width == Chart::Width::kThird ? 22 : 32;
  std::size_t letters = 0;
  for (const Tick& tick : chart.x.ticks) {
    letters += code_points(tick.text) + 2;
  }
  for (std::size_t i = 0; i < chart.x.ticks.size(); ++i) {
    const double place = chart.x.scale.place(chart.x.ticks[i].value);
    // Every second label steps aside on a phone and on paper when they are too long together.
    const bool spare = letters > room && i % 2 == 1;
    const std::string_view edge = place < 0.04 ? " first" : place > 0.96 ? " last" : "";
    out += fmt::format("<span class=\"x{}{}\" style=\"left:{}%\" data-at=\"{}\">{}</span>", spare ? " spare" : "", edge,
                       percent(place), shortest(chart.x.ticks[i].value), escape(chart.x.ticks[i].text));
  }
  out += "</div>";
  if (!chart.x_title.empty()) {
    out += "<p class=\"xtitle\">" + escape(chart.x_title) + "</p>";
  }
}

void write_table(const Chart& chart, std::string& out) {
  const std::vector<std::size_t> rows = thinned_rows(chart.table, kStaticRows);
  HtmlTable table{"", {}, {}, "dense"};
  for (const Column& column : chart.table.columns) {
    table.headers.push_back(column.name);
  }
  for (const std::size_t row : rows) {
    std::vector<Cell>& cells = table.rows.emplace_back();
    for (const Column& column : chart.table.columns) {
      cells.push_back({escape(cell_text(column, row)), column.kind == Column::Kind::kNumber, ""});
    }
  }
  table.caption = rows.size() < chart.table.rows()
                      ? fmt::format("{} of {} rows: the last of each period. All of them are embedded in this file.",
                                    number_text(static_cast<double>(rows.size()), Style::kCount),
                                    number_text(static_cast<double>(chart.table.rows()), Style::kCount))
                      : "";
  out += "<details class=\"data\"><summary>Table</summary>" + to_html(table) + "</details>";
}

void check(const Chart& chart) {
  for (const Column& column : chart.table.columns) {
    LODE_ASSERT(column.size() == chart.table.rows());
  }
}

}  // namespace

std::string to_html(const Chart& chart) {
  check(chart);
  static constexpr std::array<std::string_view, 4> kWidths{"full", "twothirds", "half", "third"};
  const bool ends =
      std::any_of(chart.panels.begin(), chart.panels.end(), [](const Panel& p) { return !p.ends.empty(); });
  const std::string why = chart.why.empty() ? "" : " data-why=\"" + escape(chart.why) + "\"";
  std::string out = fmt::format("<figure class=\"card {}\" id=\"f-{}\"><figcaption><h3{}>{}</h3><p>{}</p></figcaption>",
                                kWidths[static_cast<std::size_t>(chart.width)], chart.id, why, escape(chart.title),
                                escape(chart.subtitle));
  out += fmt::format(
      "<div class=\"plots{}\" style=\"--gut:{}px;--names:{}px\" role=\"img\" aria-label=\"{}\" data-chart=\"{}\" "
      "data-x=\"{}\">",
      ends ? " ended" : "", gutter_px(chart), names_px(chart), escape(chart.aria), chart.id, scale_text(chart.x));
  for (const Panel& panel : chart.panels) {
    write_panel(chart, panel, out);
  }
  write_x_ticks(chart, out);
  out += "</div>";
  if (!chart.note.empty()) {
    out += "<p class=\"note\">" + escape(chart.note) + "</p>";
  }
  write_table(chart, out);
  return out + "</figure>\n";
}

}  // namespace lode::report
