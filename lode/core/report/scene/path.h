// Paths of a scene's marks in the units of a box: decimated to the pixel, rounded once, written short.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

namespace lode::report {

// A box of `width` x `height` units. Places are 0..1, y counted from the bottom.
struct Box {
  int width = 1000;
  int height = 200;
};

// A point in tenths of a unit, y from the top.
struct Point {
  int x;
  int y;
  std::size_t row;
};

// Runs of valid points. `xs` and `ys` are places; NaN in either ends a run; places outside the box are moved to its
// edge. A run with more than two points a column keeps, in each column of one unit, its lowest and its highest point.
std::vector<std::vector<Point>> runs_of_points(std::span<const double> xs, std::span<const double> ys, Box box);

// "M0 12l1-.3 ...": starts with M (absolute), goes on with relative l. A single point becomes a stroke of no length,
// which round caps show as a dot.
std::string path_text(const std::vector<Point>& run);

// Tenths as the shortest decimal: 12 -> "1.2", -3 -> "-.3", 40 -> "4".
std::string tenths_text(int tenths);

}  // namespace lode::report
