// The marks of a panel as geometry, in places of its box (0..1, y from the bottom): what every writer of a scene draws.
// Rows with a missing value have no shape; what reaches beyond the box is cut at its edge, and clips_of() says where.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lode/core/report/scene/path.h"
#include "lode/core/report/scene/scene.h"

namespace lode::report {

// One panel, and the units its lines are rounded to.
struct PanelBox {
  const Chart& chart;
  const Panel& panel;
  Box box;

  PanelBox(const Chart& of, const Panel& one);

  std::vector<double> x_places(const Mark& mark) const { return places(mark.x, mark.across ? panel.y : chart.x); }
  std::vector<double> places(int column, const Axis& axis) const;
  double value(int column, std::size_t row) const {
    return chart.table.columns[static_cast<std::size_t>(column)].values[row];
  }
};

// A bar between `low` and `high` of the value axis and `left` and `right` of the other one.
struct BarShape {
  std::size_t row;
  double low;
  double high;
  double left;
  double right;
  bool hollow;
  bool is_below;  // Of another colour, mark.below.
};
std::vector<BarShape> bars_of(const PanelBox& on, const Mark& mark);

// A dot, and the ends of its whisker where it has one (has_whisker).
struct DotShape {
  std::size_t row;
  double along;  // Place on the axis of mark.x.
  double value;  // Place on the value axis.
  bool is_below;
  bool has_whisker;
  double from;
  double to;
};
std::vector<DotShape> dots_of(const PanelBox& on, const Mark& mark);

// A value outside the box, at its edge; one a run of such values, twelve at most.
struct ClipShape {
  double along;
  bool is_high;
  double value;
};
std::vector<ClipShape> clips_of(const PanelBox& on, const Mark& mark);

// The lines of kLine and kArea, in tenths of the box's units.
std::vector<std::vector<Point>> lines_of(const PanelBox& on, const Mark& mark);
// Where the area of kArea ends: y in tenths.
int base_of(const PanelBox& on, const Mark& mark);
// Closed outlines of kBand.
std::vector<std::vector<Point>> bands_of(const PanelBox& on, const Mark& mark);

// Place of kRule's line; NaN when it lies outside the box.
double rule_of(const PanelBox& on, const Mark& mark);

// Names at the right end of lines, pushed apart so that none covers another: `top` of the box's height, in its order.
struct PlacedEnd {
  const EndLabel* label;
  double top;
};
std::vector<PlacedEnd> placed_ends(const Panel& panel);

}  // namespace lode::report
