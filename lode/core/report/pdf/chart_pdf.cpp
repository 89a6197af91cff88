// A chart on paper: the same marks, ticks and labels as on the page, in points.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lode/base/math.h"
#include "lode/core/report/pdf/blocks_pdf.h"
#include "lode/core/report/scene/marks.h"

namespace lode::report {
namespace {

constexpr double kPoints_per_px = 0.48;  // Heights of boxes: made for a page twice as wide.
constexpr double kTickRow = 12.0;
constexpr double kPanelGap = 7.0;
constexpr double kSwatch = 7.0;  // The dash before a line's name.
constexpr double kMostNames = 120.0;

Type tick_type() { return {6.8, Face::kSans, colour_of(Role::kMuted)}; }
Type ink_type() { return {6.8, Face::kSans, colour_of(Role::kInk)}; }
Type value_type() { return {6.8, Face::kBold, colour_of(Role::kInk)}; }

double wide(const Type& type, std::string_view words) { return type.size * width_of(type.face, words); }

// Where a panel's box stands on the page.
struct Frame {
  double x;
  double y;
  double width;
  double height;
  Spot at(double place_x, double place_y) const {
    return {x + std::clamp(place_x, 0.0, 1.0) * width, y + (1.0 - std::clamp(place_y, 0.0, 1.0)) * height};
  }
  Spot at(const Point& point, const Box& box) const {
    return {x + point.x / (10.0 * box.width) * width, y + point.y / (10.0 * box.height) * height};
  }
};

// What stands beside the boxes.
struct Gutters {
  double names = 0.0;  // Left: names of rows.
  double ends = 0.0;   // Right: names of lines, then
  double ticks = 0.0;  // the labels of the value axis.
};

Gutters gutters_of(const Chart& chart) {
  Gutters out;
  for (const Panel& panel : chart.panels) {
    for (const Tick& tick : panel.y.ticks) {
      double& side = panel.names ? out.names : out.ticks;
      side = std::max(side, wide(panel.names ? ink_type() : tick_type(), tick.text) + 5.0);
    }
    for (const EndLabel& end : panel.ends) {
      out.ends = std::max(out.ends, kSwatch + 6.0 + wide(ink_type(), end.name) +
                                        (end.value.empty() ? 0.0 : wide(value_type(), " " + end.value)));
    }
  }
  out.names = std::min(out.names, kMostNames);
  return out;
}

void put(Canvas& canvas, const Type& type, double x, double middle, std::string_view words) {
  canvas.words(x, middle + 0.36 * type.size, type.face, type.size, type.colour, words);
}

// The words cut to a width, with an ellipsis.
std::string fitted(const Type& type, const std::string& words, double width) {
  if (wide(type, words) <= width) {
    return words;
  }
  std::string out = words;
  while (!out.empty() && wide(type, out + "...") > width) {
    do {
      out.pop_back();
    } while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0U) == 0xC0U);
  }
  return out + "...";
}

void draw_grid(Canvas& canvas, const PanelBox& on, const Frame& frame, const Gutters& gutters) {
  const auto stroke = [](const Tick& tick) {
    return Stroke{tick.value == 0.0 ? tint(colour_of(Role::kMuted), 0.8) : colour_of(Role::kGrid), 0.5, Dash::kSolid};
  };
  for (const Tick& tick : on.panel.y.ticks) {
    const double place = on.panel.y.scale.place(tick.value);
    const Spot left = frame.at(0.0, place);
    if (on.panel.names) {
      const std::string name = fitted(ink_type(), tick.text, gutters.names - 5.0);
      put(canvas, ink_type(), frame.x - 5.0 - wide(ink_type(), name), left.y, name);
      continue;
    }
    canvas.line(left, frame.at(1.0, place), stroke(tick));
    put(canvas, tick_type(), frame.x + frame.width + gutters.ends + gutters.ticks - wide(tick_type(), tick.text),
        left.y, tick.text);
  }
  if (on.panel.names) {
    for (const Tick& tick : on.chart.x.ticks) {
      const double place = on.chart.x.scale.place(tick.value);
      canvas.line(frame.at(place, 0.0), frame.at(place, 1.0), stroke(tick));
    }
  }
  canvas.line(frame.at(0.0, 0.0), frame.at(1.0, 0.0), {colour_of(Role::kGrid), 0.5, Dash::kSolid});
}

void draw_lines_of(Canvas& canvas, const PanelBox& on, const Frame& frame, const Mark& mark) {
  const double base = base_of(on, mark) / (10.0 * on.box.height) * frame.height + frame.y;
  for (const std::vector<Point>& run : lines_of(on, mark)) {
    std::vector<Spot> spots;
    for (const Point& point : run) {
      spots.push_back(frame.at(point, on.box));
    }
    if (mark.kind == Mark::Kind::kArea) {
      spots.push_back({spots.back().x, base});
      spots.push_back({spots.front().x, base});
      canvas.area(spots, colour_of(mark.role), 0.5);
    } else {
      canvas.lines(spots, {colour_of(mark.role), 0.8, mark.dash});
    }
  }
}

void draw_bars(Canvas& canvas, const PanelBox& on, const Frame& frame, const Mark& mark) {
  for (const BarShape& bar : bars_of(on, mark)) {
    const Spot low = mark.across ? frame.at(bar.low, bar.left) : frame.at(bar.left, bar.low);
    const Spot high = mark.across ? frame.at(bar.high, bar.right) : frame.at(bar.right, bar.high);
    const Colour colour = colour_of(bar.is_below ? mark.below : mark.role);
    if (bar.hollow) {
      canvas.frame(low.x, high.y, high.x - low.x, low.y - high.y, {colour, 0.9, Dash::kSolid});
    } else {
      canvas.rectangle(low.x, high.y, high.x - low.x, low.y - high.y, colour);
    }
  }
}

void draw_dots(Canvas& canvas, const PanelBox& on, const Frame& frame, const Mark& mark) {
  const Colour whisker = colour_of(mark.below == Role::kInk ? mark.role : Role::kMuted);
  const auto spot = [&](double along, double value) {
    return mark.across ? frame.at(value, along) : frame.at(along, value);
  };
  for (const DotShape& dot : dots_of(on, mark)) {
    if (dot.has_whisker) {
      canvas.line(spot(dot.along, dot.from), spot(dot.along, dot.to), {whisker, 0.9, Dash::kSolid});
    }
    canvas.dot(spot(dot.along, dot.value), 2.0, colour_of(dot.is_below ? mark.below : mark.role));
  }
}

// A small triangle at the edge, and the value that lies beyond it.
void draw_clips(Canvas& canvas, const PanelBox& on, const Frame& frame, const Mark& mark) {
  const Column& column = on.chart.table.columns[static_cast<std::size_t>(mark.y)];
  for (const ClipShape& clip : clips_of(on, mark)) {
    const double edge = clip.is_high ? 1.0 : 0.0;
    const Spot at = mark.across ? frame.at(edge, clip.along) : frame.at(clip.along, edge);
    const double rise = clip.is_high ? 4.0 : -4.0;
    canvas.area({at, {at.x - 2.8, at.y + rise}, {at.x + 2.8, at.y + rise}}, colour_of(Role::kWarning));
    put(canvas, ink_type(), at.x + 4.0, at.y + 0.5 * rise, number_text(clip.value, column.style));
  }
}

void draw_mark(Canvas& canvas, const PanelBox& on, const Frame& frame, const Mark& mark) {
  switch (mark.kind) {
    case Mark::Kind::kLine:
    case Mark::Kind::kArea:
      draw_lines_of(canvas, on, frame, mark);
      return draw_clips(canvas, on, frame, mark);
    case Mark::Kind::kBand:
      for (const std::vector<Point>& outline : bands_of(on, mark)) {
        std::vector<Spot> spots;
        for (const Point& point : outline) {
          spots.push_back(frame.at(point, on.box));
        }
        canvas.area(spots, colour_of(mark.role), 0.14);
      }
      return;
    case Mark::Kind::kBar:
      draw_bars(canvas, on, frame, mark);
      return draw_clips(canvas, on, frame, mark);
    case Mark::Kind::kDot:
      draw_dots(canvas, on, frame, mark);
      return draw_clips(canvas, on, frame, mark);
    case Mark::Kind::kRule:
      if (const double place = rule_of(on, mark); !math::is_nan(place)) {
        canvas.line(mark.across ? frame.at(place, 0.0) : frame.at(0.0, place),
                    mark.across ? frame.at(place, 1.0) : frame.at(1.0, place), {colour_of(mark.role), 0.6, mark.dash});
      }
      return;
  }
}

void draw_words(Canvas& canvas, const PanelBox& on, const Frame& frame) {
  for (const Label& label : on.panel.labels) {
    const double x = on.chart.x.scale.place(label.x);
    const double y = on.panel.y.scale.place(label.y);
    if (!math::is_finite(x) || !math::is_finite(y)) {
      continue;
    }
    const Spot at = frame.at(x, y);
    const Type type{6.8, Face::kSans, colour_of(label.role)};
    const double width = wide(type, label.text);
    switch (label.anchor) {
      case Label::Anchor::kAbove:
        put(canvas, type, at.x - 0.5 * width, at.y - 5.5, label.text);
        break;
      case Label::Anchor::kBelow:
        put(canvas, type, at.x - 0.5 * width, at.y + 5.0, label.text);
        break;
      case Label::Anchor::kRight:
        put(canvas, type, at.x + 4.0, at.y, label.text);
        break;
      case Label::Anchor::kLeft:
        canvas.rectangle(at.x - width - 6.0, at.y - 4.2, width + 4.0, 8.4, colour_named("page"));
        put(canvas, type, at.x - width - 4.0, at.y, label.text);
        break;
    }
  }
  for (const PlacedEnd& end : placed_ends(on.panel)) {
    const double middle = frame.y + end.top * frame.height;
    double x = frame.x + frame.width + 4.0;
    canvas.line({x, middle}, {x + kSwatch - 2.0, middle}, {colour_of(end.label->role), 1.5, Dash::kSolid});
    x += kSwatch;
    put(canvas, ink_type(), x, middle, end.label->name);
    put(canvas, value_type(), x + wide(ink_type(), end.label->name + " "), middle, end.label->value);
  }
}

// Labels that would touch the one before them are left out; those at the edges stay inside.
void draw_x_ticks(Canvas& canvas, const Chart& chart, const Frame& frame) {
  double free_from = -1e9;
  const double y = frame.y + frame.height;
  const double last_at = chart.x.ticks.empty() ? 0.0 : chart.x.scale.place(chart.x.ticks.back().value);
  for (std::size_t i = 0; i < chart.x.ticks.size(); ++i) {
    const Tick& tick = chart.x.ticks[i];
    const double at = frame.at(chart.x.scale.place(tick.value), 0.0).x;
    const double width = wide(tick_type(), tick.text);
    const double left = std::clamp(at - 0.5 * width, frame.x, std::max(frame.x, frame.x + frame.width - width));
    if (left < free_from) {
      continue;
    }
    // The last label is worth more than the one before it.
    const double last_left = frame.x + frame.width * last_at - wide(tick_type(), chart.x.ticks.back().text);
    if (i + 2 == chart.x.ticks.size() && last_at > 0.96 && left + width + 4.0 > last_left) {
      continue;
    }
    canvas.line({at, y}, {at, y + 2.0}, {colour_of(Role::kMuted), 0.5, Dash::kSolid});
    put(canvas, tick_type(), left, y + 7.0, tick.text);
    free_from = left + width + 4.0;
  }
}

double plots_height(const Chart& chart) {
  double height = kTickRow + (chart.x_title.empty() ? 0.0 : 9.0);
  for (std::size_t i = 0; i < chart.panels.size(); ++i) {
    height += chart.panels[i].height_px * kPoints_per_px + (i == 0 ? 4.0 : kPanelGap) +
              (chart.panels[i].caption.empty() ? 0.0 : 10.0);
  }
  return height;
}

void draw_plots(Canvas& canvas, const Chart& chart, double x, double y, double width) {
  const Gutters gutters = gutters_of(chart);
  Frame frame{x + gutters.names, y, width - gutters.names - gutters.ends - gutters.ticks, 0.0};
  if (gutters.names > 0.0 && gutters.ticks == 0.0) {
    frame.width -= 6.0;  // A label at the right edge stays inside.
  }
  for (std::size_t i = 0; i < chart.panels.size(); ++i) {
    const Panel& panel = chart.panels[i];
    y += i == 0 ? 4.0 : kPanelGap;
    if (!panel.caption.empty()) {
      put(canvas, tick_type(), x, y + 4.0, panel.caption);
      y += 10.0;
    }
    frame.y = y;
    frame.height = panel.height_px * kPoints_per_px;
    const PanelBox on(chart, panel);
    draw_grid(canvas, on, frame, gutters);
    for (const Mark& mark : panel.marks) {
      draw_mark(canvas, on, frame, mark);
    }
    draw_words(canvas, on, frame);
    y += frame.height;
  }
  draw_x_ticks(canvas, chart, frame);
  if (!chart.x_title.empty()) {
    put(canvas, tick_type(), frame.x + 0.5 * (frame.width - wide(tick_type(), chart.x_title)), y + kTickRow + 3.5,
        chart.x_title);
  }
}

Text subtitle_text(const Chart& chart) {
  // Askable numbers are never broken over two lines.
  const std::string_view all = chart.subtitle;
  Text out;
  std::size_t told = 0;
  for (const Askable& number : chart.subtitle_numbers) {
    const std::size_t at = all.find(number.text, told);
    out += all.substr(told, at - told);
    out += Run{number.text, Run::Kind::kNumber, false, number.why};
    told = at + number.text.size();
  }
  return out + all.substr(told);
}

}  // namespace

Slab chart_slab(const Chart& chart, double width) {
  Slabs parts;
  parts.push_back(words_slab(chart.title, type::title(), width));
  parts.push_back(words_slab(subtitle_text(chart), type::small(), width));
  Slab plots;
  plots.height = plots_height(chart);
  plots.gap = 3.0;
  plots.draw = [&chart, width](Canvas& canvas, double x, double y) { draw_plots(canvas, chart, x, y, width); };
  parts.push_back(std::move(plots));
  if (!chart.note.empty()) {
    parts.push_back(words_slab(chart.note, type::small(), width));
    parts.back().gap = 4.0;
  }
  return merged(std::move(parts));
}

}  // namespace lode::report
