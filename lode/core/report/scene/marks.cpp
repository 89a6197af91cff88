// Geometry of marks.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/scene/marks.h"

#include <algorithm>
#include <limits>

#include "lode/base/math.h"

namespace lode::report {
namespace {

constexpr std::size_t kClipsShown = 12;
constexpr double kEndLabelApart_px = 16.0;  // Paper draws boxes two thirds as high: still a line of small print.

double inside(double place) { return std::clamp(place, 0.0, 1.0); }

}  // namespace

PanelBox::PanelBox(const Chart& of, const Panel& one)
    : chart(of),
      panel(one),
      box{of.width == Width::kFull        ? 1000
          : of.width == Width::kTwoThirds ? 700
                                          : 500,
          one.height_px} {}

std::vector<double> PanelBox::places(int column, const Axis& axis) const {
  const std::vector<double>& values = chart.table.columns[static_cast<std::size_t>(column)].values;
  std::vector<double> out(values.size());
  std::transform(values.begin(), values.end(), out.begin(), [&](double v) { return axis.scale.place(v); });
  return out;
}

std::vector<BarShape> bars_of(const PanelBox& on, const Mark& mark) {
  const Axis& values = mark.across ? on.chart.x : on.panel.y;
  const Axis& rows = mark.across ? on.panel.y : on.chart.x;
  std::vector<BarShape> out;
  for (std::size_t row = 0; row < on.chart.table.rows(); ++row) {
    const double value = on.value(mark.y, row);
    const double base = mark.low >= 0 ? on.value(mark.low, row) : mark.base;
    const double center = on.value(mark.x, row);
    if (math::is_nan(value) || math::is_nan(base) || math::is_nan(center)) {
      continue;
    }
    const double half = math::abs(rows.scale.place(center + mark.width / 2.0) - rows.scale.place(center));
    const double from = values.scale.place(base);
    const double to = values.scale.place(value);
    const double middle = rows.scale.place(center);
    const bool hollow = static_cast<int>(row) == mark.hollow_row;
    out.push_back({row, inside(std::min(from, to)), inside(std::max(from, to)), inside(middle - half),
                   inside(middle + half), hollow, !hollow && value < base && mark.below != Role::kInk});
  }
  return out;
}

std::vector<DotShape> dots_of(const PanelBox& on, const Mark& mark) {
  const Axis& values = mark.across ? on.chart.x : on.panel.y;
  const std::vector<double> along = on.x_places(mark);
  std::vector<DotShape> out;
  for (std::size_t row = 0; row < along.size(); ++row) {
    const double value = on.value(mark.y, row);
    const double place = values.scale.place(value);
    if (math::is_nan(place) || math::is_nan(along[row])) {
      continue;
    }
    const double low = mark.low < 0 ? value : on.value(mark.low, row);
    const double high = mark.high < 0 ? value : on.value(mark.high, row);
    const bool has_whisker = mark.low >= 0 && !math::is_nan(low) && !math::is_nan(high);
    out.push_back({row, along[row], place, mark.below != Role::kInk && value < 0.0, has_whisker,
                   values.scale.place(low), values.scale.place(high)});
  }
  return out;
}

std::vector<ClipShape> clips_of(const PanelBox& on, const Mark& mark) {
  const Axis& axis = mark.across ? on.chart.x : on.panel.y;
  const std::vector<double> along = on.x_places(mark);
  const Column& column = on.chart.table.columns[static_cast<std::size_t>(mark.y)];
  std::vector<ClipShape> out;
  bool inside_run = false;
  for (std::size_t row = 0; row < column.values.size() && out.size() < kClipsShown; ++row) {
    const double place = axis.scale.place(column.values[row]);
    const bool clipped = !math::is_nan(along[row]) && (place < -1e-9 || place > 1.0 + 1e-9);
    if (clipped && !inside_run) {
      out.push_back({along[row], !(place < 0.0), column.values[row]});
    }
    inside_run = clipped;
  }
  return out;
}

std::vector<std::vector<Point>> lines_of(const PanelBox& on, const Mark& mark) {
  return runs_of_points(on.x_places(mark), on.places(mark.y, on.panel.y), on.box);
}

int base_of(const PanelBox& on, const Mark& mark) {
  return static_cast<int>(math::round_even((1.0 - inside(on.panel.y.scale.place(mark.base))) * on.box.height * 10));
}

std::vector<std::vector<Point>> bands_of(const PanelBox& on, const Mark& mark) {
  const std::vector<double> xs = on.x_places(mark);
  const std::vector<double> low = on.places(mark.low, on.panel.y);
  std::vector<double> high = on.places(mark.high, on.panel.y);
  for (std::size_t i = 0; i < high.size(); ++i) {
    high[i] = math::is_nan(low[i]) ? low[i] : high[i];  // Both edges break at the same rows.
  }
  const auto upper = runs_of_points(xs, high, on.box);
  const auto lower = runs_of_points(xs, low, on.box);
  std::vector<std::vector<Point>> out;
  for (std::size_t i = 0; i < upper.size() && i < lower.size(); ++i) {
    std::vector<Point>& outline = out.emplace_back(upper[i]);
    outline.insert(outline.end(), lower[i].rbegin(), lower[i].rend());
  }
  return out;
}

double rule_of(const PanelBox& on, const Mark& mark) {
  const double place = (mark.across ? on.chart.x : on.panel.y).scale.place(mark.base);
  return place >= 0.0 && place <= 1.0 ? place : std::numeric_limits<double>::quiet_NaN();
}

std::vector<PlacedEnd> placed_ends(const Panel& panel) {
  std::vector<PlacedEnd> placed;
  const double height = panel.height_px;
  for (const EndLabel& end : panel.ends) {
    const double place = panel.y.scale.place(end.y);
    if (!math::is_nan(place)) {
      placed.push_back({&end, (1.0 - inside(place)) * height});
    }
  }
  std::stable_sort(placed.begin(), placed.end(), [](const PlacedEnd& a, const PlacedEnd& b) { return a.top < b.top; });
  for (std::size_t i = 1; i < placed.size(); ++i) {
    placed[i].top = std::max(placed[i].top, placed[i - 1].top + kEndLabelApart_px);
  }
  double limit = height;
  for (std::size_t i = placed.size(); i-- > 0; limit = placed[i].top - kEndLabelApart_px) {
    placed[i].top = std::min(placed[i].top, limit);
  }
  for (PlacedEnd& one : placed) {
    one.top /= height;
  }
  return placed;
}

}  // namespace lode::report
