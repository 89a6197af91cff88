// Draws the marks of a scene: SVG for what may stretch, HTML placed in percent for what must keep its shape.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/scene/marks_html.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/math.h"
#include "lode/base/text.h"

namespace lode::report {
namespace {

std::string mark_attributes(const Mark& mark, std::string_view kind) {
  return fmt::format("class=\"{} {}{}\" data-mark=\"{} {} {} {} {}\"", kind, css(mark.role),
                     mark.dash == Dash::kDashed   ? " dash"
                     : mark.dash == Dash::kDotted ? " dots"
                                                  : "",
                     kind, mark.x, mark.y, mark.low, mark.high);
}

// A place as units of the box, in tenths.
std::string units(double place, int size) {
  return tenths_text(static_cast<int>(math::round_even(std::clamp(place, 0.0, 1.0) * size * 10.0)));
}

// A value outside the box stands at its edge as a mark with its number.
void draw_clips(Drawing& drawing, const Mark& mark) {
  const Column& column = drawing.chart.table.columns[static_cast<std::size_t>(mark.y)];
  for (const ClipShape& clip : clips_of(drawing, mark)) {
    const double edge = clip.is_high ? 1.0 : 0.0;
    drawing.over +=
        fmt::format("<i class=\"clip {}\" data-clipped=\"{}\" style=\"{}\"><b>{}</b></i>", clip.is_high ? "hi" : "lo",
                    shortest(clip.value), mark.across ? at(edge, clip.along) : at(clip.along, 1.0 - edge),
                    number_text(clip.value, column.style));
  }
}

void draw_line(Drawing& drawing, const Mark& mark) {
  const bool area = mark.kind == Mark::Kind::kArea;
  const int base = base_of(drawing, mark);
  std::string path;
  for (const std::vector<Point>& run : lines_of(drawing, mark)) {
    path += path_text(run);
    if (area) {
      path += fmt::format("V{}H{}z", tenths_text(base), tenths_text(run.front().x));
    }
  }
  drawing.svg += fmt::format("<path {} d=\"{}\"/>", mark_attributes(mark, area ? "area" : "line"), path);
  draw_clips(drawing, mark);
}

void draw_band(Drawing& drawing, const Mark& mark) {
  std::string path;
  for (const std::vector<Point>& outline : bands_of(drawing, mark)) {
    path += path_text(outline) + "z";
  }
  drawing.svg += fmt::format("<path {} d=\"{}\"/>", mark_attributes(mark, "band"), path);
}

void draw_bars(Drawing& drawing, const Mark& mark) {
  drawing.svg += fmt::format("<g {}>", mark_attributes(mark, "bar"));
  const double w = drawing.box.width;
  const double h = drawing.box.height;
  const auto number = [](double v) { return tenths_text(static_cast<int>(math::round_even(v * 10.0))); };
  for (const BarShape& bar : bars_of(drawing, mark)) {
    const std::string extra = bar.hollow     ? " class=\"hollow\""
                              : bar.is_below ? fmt::format(" class=\"{}\"", css(mark.below))
                                             : "";
    // Rows of a bar across stand on y, which counts from the top here.
    const double left = mark.across ? bar.low : bar.left;
    const double right = mark.across ? bar.high : bar.right;
    const double low = mark.across ? bar.left : bar.low;
    const double high = mark.across ? bar.right : bar.high;
    drawing.svg +=
        fmt::format("<rect data-row=\"{}\"{} x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>", bar.row, extra,
                    number(left * w), number((1.0 - high) * h), number((right - left) * w), number((high - low) * h));
  }
  drawing.svg += "</g>";
  draw_clips(drawing, mark);
}

void draw_dots(Drawing& drawing, const Mark& mark) {
  std::string whiskers;
  drawing.over += fmt::format("<div {}>", mark_attributes(mark, "dot"));
  for (const DotShape& dot : dots_of(drawing, mark)) {
    const std::string sign = dot.is_below ? " class=\"" + css(mark.below) + "\"" : "";
    drawing.over += fmt::format("<i data-row=\"{}\"{} style=\"{}\"></i>", dot.row, sign,
                                mark.across ? at(dot.value, 1.0 - dot.along) : at(dot.along, 1.0 - dot.value));
    if (dot.has_whisker) {
      whiskers += mark.across
                      ? fmt::format("M{} {}H{}", units(dot.from, drawing.box.width),
                                    units(1.0 - dot.along, drawing.box.height), units(dot.to, drawing.box.width))
                      : fmt::format("M{} {}V{}", units(dot.along, drawing.box.width),
                                    units(1.0 - dot.from, drawing.box.height), units(1.0 - dot.to, drawing.box.height));
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
  const double place = rule_of(drawing, mark);
  if (math::is_nan(place)) {
    return;  // A rule outside the box says nothing inside it.
  }
  const std::string where = mark.across ? units(place, drawing.box.width) : units(1.0 - place, drawing.box.height);
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
