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
#include "lode/core/report/document/document_html.h"
#include "lode/core/report/html.h"
#include "lode/core/report/scene/marks_html.h"

namespace lode::report {
namespace {

// Static tables in <details> stay readable; the whole one is in the embedded data.
constexpr std::size_t kStaticRows = 60;
// Letters of an end label that fit into a phone's gutter; beyond them its value is left out there.
constexpr std::size_t kPhoneLetters = 7;
constexpr double kRightEdge = 0.96;  // A tick label beyond it ends at its tick.

std::string scale_text(const Axis& axis) {
  static constexpr std::array<std::string_view, 3> kKinds{"linear", "log", "growth"};
  return fmt::format("{} {} {}", axis.dates ? "date" : kKinds[static_cast<std::size_t>(axis.scale.kind)],
                     shortest(axis.scale.low), shortest(axis.scale.high));
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

// The value of an end label: askable when it is a number of the run.
std::string value_html(const EndLabel& label) {
  if (label.value.empty()) {
    return "";
  }
  const std::string why = label.why.empty() ? "" : " class=\"n\" data-why=\"" + escape(label.why) + "\"";
  return "<b" + why + "> " + escape(label.value) + "</b>";
}

void draw_ends(Drawing& drawing) {
  for (const PlacedEnd& one : placed_ends(drawing.panel)) {
    const bool is_long = code_points(one.label->name) + code_points(one.label->value) > kPhoneLetters;
    drawing.over +=
        fmt::format("<span class=\"end {}{}\" style=\"top:{}%\">{}{}</span>", css(one.label->role),
                    is_long ? " long" : "", fixed(one.top * 100.0, 2), escape(one.label->name), value_html(*one.label));
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
  return static_cast<int>((tick > 0 ? tick * 7 + 6 : 8) + (end > 0 ? end * 7 + 26 : 0));
}

int names_px(const Chart& chart) {
  std::size_t longest = 0;
  for (const Panel& panel : chart.panels) {
    for (const Tick& one : panel.y.ticks) {
      longest = std::max(longest, panel.names ? code_points(one.text) : 0);
    }
  }
  return static_cast<int>(std::min<std::size_t>(longest * 7 + (longest > 0 ? 20 : 0), 190));
}

void write_panel(const Chart& chart, const Panel& panel, std::string& out) {
  Drawing drawing(chart, panel);
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
                     drawing.box.width, panel.height_px, drawing.svg, drawing.over);
}

// The label before one that is drawn to the left of the right edge gives way where the two would touch on a desktop.
bool runs_into_edge(const Chart& chart, std::size_t index) {
  if (index + 1 >= chart.x.ticks.size()) {
    return false;
  }
  const double box_px = chart.width == Chart::Width::kFull        ? 900.0
                        : chart.width == Chart::Width::kTwoThirds ? 500.0
                        : chart.width == Chart::Width::kHalf      ? 400.0
                                                                  : 210.0;
  const Tick& here = chart.x.ticks[index];
  const Tick& next = chart.x.ticks[index + 1];
  const double edge = chart.x.scale.place(next.value);
  const double letters =
      0.5 * static_cast<double>(code_points(here.text)) + static_cast<double>(code_points(next.text));
  return edge > kRightEdge && (edge - chart.x.scale.place(here.value)) * box_px < letters * 7.0 + 6.0;
}

// Labels that step aside on a phone and on paper, where all of them are too long together: of months those that do not
// begin a year, since "Jul" says nothing without it; then every second.
std::vector<bool> spare_ticks(const Chart& chart) {
  const std::vector<Tick>& ticks = chart.x.ticks;
  const std::size_t room = chart.width == Chart::Width::kThird ? 22 : 32;  // Letters under a narrow chart.
  std::vector<bool> spare(ticks.size(), false);
  const auto is_year = [&](const Tick& tick) {
    return chart.x.dates && Date{static_cast<std::int32_t>(tick.value)}.month() == 1;
  };
  const auto is_too_long = [&] {
    std::size_t letters = 0;
    for (std::size_t i = 0; i < ticks.size(); ++i) {
      letters += spare[i] ? 0 : code_points(ticks[i].text) + 2;
    }
    return letters > room;
  };
  if (is_too_long() && std::ranges::count_if(ticks, is_year) >= 2) {
    for (std::size_t i = 0; i < ticks.size(); ++i) {
      spare[i] = !is_year(ticks[i]);
    }
  }
  while (is_too_long() && std::ranges::count(spare, false) > 2) {
    bool drop = false;
    for (std::size_t i = 0; i < ticks.size(); ++i) {
      if (!spare[i]) {
        spare[i] = drop;
        drop = !drop;
      }
    }
  }
  // A label at the right edge ends at its tick, so the one before it needs more room there.
  constexpr double kPhoneBox_px = 220.0;
  std::size_t before = ticks.size();
  for (std::size_t i = 0; i + 1 < ticks.size(); ++i) {
    before = spare[i] ? before : i;
  }
  if (before < ticks.size() && !spare.back()) {
    const double edge = chart.x.scale.place(ticks.back().value);
    const double letters = 0.5 * static_cast<double>(code_points(ticks[before].text)) +
                           static_cast<double>(code_points(ticks.back().text));
    spare[before] =
        edge > kRightEdge && (edge - chart.x.scale.place(ticks[before].value)) * kPhoneBox_px < letters * 7.0 + 8.0;
  }
  return spare;
}

void write_x_ticks(const Chart& chart, std::string& out) {
  out += "<div class=\"xt\">";
  const std::vector<bool> spare = spare_ticks(chart);
  for (std::size_t i = 0; i < chart.x.ticks.size(); ++i) {
    if (runs_into_edge(chart, i)) {
      continue;
    }
    const double place = chart.x.scale.place(chart.x.ticks[i].value);
    const std::string_view edge = place < 0.04 ? " first" : place > kRightEdge ? " last" : "";
    out += fmt::format("<span class=\"x{}{}\" style=\"left:{}%\" data-at=\"{}\">{}</span>", spare[i] ? " spare" : "",
                       edge, percent(place), shortest(chart.x.ticks[i].value), escape(chart.x.ticks[i].text));
  }
  out += "</div>";
  if (!chart.x_title.empty()) {
    out += "<p class=\"xtitle\">" + escape(chart.x_title) + "</p>";
  }
}

void write_table(const Chart& chart, std::string& out) {
  const std::vector<std::size_t> rows = thinned_rows(chart.table, kStaticRows);
  CellTable table{"", {}, {}, "dense"};
  for (const Column& column : chart.table.columns) {
    table.headers.push_back(column.name);
  }
  for (const std::size_t row : rows) {
    std::vector<Cell>& cells = table.rows.emplace_back();
    for (const Column& column : chart.table.columns) {
      cells.push_back({cell_text(column, row), column.kind == Column::Kind::kNumber});
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

std::string subtitle_html(const Chart& chart) {
  const std::string_view words = chart.subtitle;
  std::string out;
  std::size_t told = 0;
  for (const Askable& number : chart.subtitle_numbers) {
    const std::size_t at = words.find(number.text, told);
    LODE_ASSERT(at != std::string_view::npos);
    out += escape(words.substr(told, at - told));
    out += fmt::format("<span class=\"n\" data-why=\"{}\">{}</span>", escape(number.why), escape(number.text));
    told = at + number.text.size();
  }
  return out + escape(words.substr(told));
}

}  // namespace

std::string to_html(const Chart& chart) {
  check(chart);
  static constexpr std::array<std::string_view, 4> kWidths{"full", "twothirds", "half", "third"};
  const bool ends =
      std::any_of(chart.panels.begin(), chart.panels.end(), [](const Panel& p) { return !p.ends.empty(); });
  const bool has_names = std::ranges::any_of(chart.panels, [](const Panel& p) { return p.names; });
  const std::string why = chart.why.empty() ? "" : " data-why=\"" + escape(chart.why) + "\"";
  std::string out = fmt::format("<figure class=\"card {}\" id=\"f-{}\"><figcaption><h3{}>{}</h3><p>{}</p></figcaption>",
                                kWidths[static_cast<std::size_t>(chart.width)], chart.id, why, escape(chart.title),
                                subtitle_html(chart));
  out += fmt::format(
      "<div class=\"plots{}\" style=\"--gut:{}px;--names:{}px\" role=\"img\" aria-label=\"{}\" data-chart=\"{}\" "
      "data-x=\"{}\">",
      fmt::format("{}{}", ends ? " ended" : "", has_names ? "" : " ticked"), gutter_px(chart), names_px(chart),
      escape(chart.aria), chart.id, scale_text(chart.x));
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
