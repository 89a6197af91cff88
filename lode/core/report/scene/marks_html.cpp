// Draws the marks of a scene: SVG for what may stretch, HTML placed in percent for what must keep its shape.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/scene/marks_html.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/math.h"
#include "lode/base/text.h"

namespace lode::report {
namespace {

constexpr std::size_t kClipsShown = 12;

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

}  // namespace

std::string percent(double place) { return fixed(std::clamp(place, 0.0, 1.0) * 100.0, 2); }
std::string at(double left, double top) { return fmt::format("left:{}%;top:{}%", percent(left), percent(top)); }
std::string css(Role role) { return fmt::format("c-{}", token_name(role)); }

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

}  // namespace lode::report
