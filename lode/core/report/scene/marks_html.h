// The marks of one panel while it is being drawn; used by the HTML writer only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "lode/core/report/scene/path.h"
#include "lode/core/report/scene/scene.h"

namespace lode::report {

// One panel on its way to HTML.
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

// Appends the mark to the drawing.
void draw_mark(Drawing& drawing, const Mark& mark);

std::string percent(double place);        // 0.5 -> "50.00"; places outside the box are moved to its edge.
std::string at(double left, double top);  // "left:..%;top:..%"
std::string css(Role role);               // "c-up"

}  // namespace lode::report
