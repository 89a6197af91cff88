// Compares a chart that was read back with the table embedded for it: every mark stands where its value says, every
// extreme is drawn, and nothing leaves the box unless it is flagged.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "lode/core/report/scene/test_page.h"

namespace lode::report::test {

// Half a tenth for rounding on paper, and as much again for the step of the embedded values.
inline constexpr double kUnitTolerance = 0.12;

using Columns = std::vector<std::vector<double>>;

inline Columns read_table(const Value& columns) {
  Columns out;
  for (const Value& column : columns.as_array()) {
    out.push_back(read_column(column));
  }
  return out;
}

inline bool valid(double value) { return math::is_finite(value); }

class ChartCheck {
 public:
  ChartCheck(const ReadChart& chart, const Columns& table) : chart_(chart), table_(table) {}

  void run() {
    for (const ReadBox& box : chart_.boxes) {
      for (const ReadMark& mark : box.marks) {
        inside(box, mark);
        if (mark.kind == "line" || mark.kind == "area") {
          line(box, mark);
        } else if (mark.kind == "band") {
          band(box, mark);
        } else if (mark.kind == "bar") {
          bars(box, mark);
        } else if (mark.kind == "dot") {
          dots(box, mark);
        }
      }
      clips(box);
    }
  }

 private:
  const std::vector<double>& column(int index) const { return table_.at(static_cast<std::size_t>(index)); }
  static double clamped(double place) { return std::clamp(place, 0.0, 1.0); }
  double x_units(const ReadBox& box, double value) const { return clamped(chart_.x.place(value)) * box.width; }
  double y_units(const ReadBox& box, double value) const { return (1.0 - clamped(box.y.place(value))) * box.height; }

  // Coordinates are written in tenths; a column is a whole unit.
  static long pixel_column(double x) { return (static_cast<long>(math::round_even(x * 10.0 + 1e-7)) + 5) / 10; }

  void inside(const ReadBox& box, const ReadMark& mark) const {
    for (const auto& run : mark.runs) {
      for (const ReadPoint& point : run) {
        EXPECT_TRUE(point.x >= -1e-6 && point.x <= box.width + 1e-6 && point.y >= -1e-6 && point.y <= box.height + 1e-6)
            << chart_.id << " " << mark.kind << " " << point.x << " " << point.y;
      }
    }
    for (const ReadRect& rect : mark.rects) {
      EXPECT_TRUE(rect.x >= 0 && rect.y >= 0 && rect.x + rect.width <= box.width + 0.11 &&
                  rect.y + rect.height <= box.height + 0.11)
          << chart_.id << " row " << rect.row;
    }
    for (const ReadDot& dot : mark.dots) {
      EXPECT_TRUE(dot.left_percent >= 0 && dot.left_percent <= 100 && dot.top_percent >= 0 && dot.top_percent <= 100)
          << chart_.id << " row " << dot.row;
    }
  }

  // Every drawn point is a value of its pixel column; every pixel column's extremes are drawn.
  void line(const ReadBox& box, const ReadMark& mark) const {
    std::map<long, std::vector<double>> drawn;
    std::map<long, std::vector<double>> expected;
    std::size_t points = 0;
    for (const auto& run : mark.runs) {
      for (const ReadPoint& point : run) {
        drawn[pixel_column(point.x)].push_back(point.y);
        ++points;
      }
    }
    for (std::size_t row = 0; row < column(mark.y).size(); ++row) {
      if (valid(column(mark.x)[row]) && valid(column(mark.y)[row])) {
        expected[pixel_column(x_units(box, column(mark.x)[row]))].push_back(y_units(box, column(mark.y)[row]));
      }
    }
    EXPECT_LE(points, std::max<std::size_t>(2 * static_cast<std::size_t>(box.width) + 2, 0)) << chart_.id;
    ASSERT_EQ(drawn.size(), expected.size()) << chart_.id << " column " << mark.y;
    for (const auto& [x, ys] : expected) {
      ASSERT_TRUE(drawn.contains(x)) << chart_.id << " nothing at " << x;
      const auto [low, high] = std::minmax_element(ys.begin(), ys.end());
      const auto [drawn_low, drawn_high] = std::minmax_element(drawn[x].begin(), drawn[x].end());
      EXPECT_NEAR(*low, *drawn_low, kUnitTolerance) << chart_.id << " at " << x;
      EXPECT_NEAR(*high, *drawn_high, kUnitTolerance) << chart_.id << " at " << x;
      for (const double y : drawn[x]) {
        EXPECT_TRUE(std::any_of(ys.begin(), ys.end(), [&](double v) { return math::abs(v - y) <= kUnitTolerance; }))
            << chart_.id << " draws " << y << " at " << x;
      }
    }
  }

  void band(const ReadBox& box, const ReadMark& mark) const {
    std::vector<double> expected;  // Upper edge forward, lower edge back, a run each.
    std::vector<std::size_t> run;
    const auto flush = [&]() {
      for (const std::size_t row : run) {
        expected.push_back(y_units(box, column(mark.high)[row]));
      }
      for (auto row = run.rbegin(); row != run.rend(); ++row) {
        expected.push_back(y_units(box, column(mark.low)[*row]));
      }
      run.clear();
    };
    for (std::size_t row = 0; row < column(mark.low).size(); ++row) {
      if (valid(column(mark.low)[row]) && valid(column(mark.high)[row])) {
        run.push_back(row);
      } else {
        flush();
      }
    }
    flush();
    std::vector<double> drawn;
    for (const auto& one : mark.runs) {
      for (const ReadPoint& point : one) {
        drawn.push_back(point.y);
      }
    }
    ASSERT_EQ(drawn.size(), expected.size()) << chart_.id;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      EXPECT_NEAR(drawn[i], expected[i], kUnitTolerance) << chart_.id << " band point " << i;
    }
  }

  // Bars run from zero (or column low) to their value and are centred on their row.
  void bars(const ReadBox& box, const ReadMark& mark) const {
    std::size_t known = 0;
    for (const double value : column(mark.y)) {
      known += valid(value) ? 1 : 0;
    }
    EXPECT_EQ(mark.rects.size(), known) << chart_.id;
    for (const ReadRect& rect : mark.rects) {
      const double value = column(mark.y)[rect.row];
      const double base = mark.low >= 0 ? column(mark.low)[rect.row] : 0.0;
      const double center = column(mark.x)[rect.row];
      if (box.names) {
        const double a = x_units(box, value);
        const double b = x_units(box, base);
        EXPECT_NEAR(rect.x, std::min(a, b), kUnitTolerance) << chart_.id << " row " << rect.row;
        EXPECT_NEAR(rect.x + rect.width, std::max(a, b), 2 * kUnitTolerance) << chart_.id << " row " << rect.row;
        EXPECT_NEAR(rect.y + rect.height / 2, y_units(box, center), 2 * kUnitTolerance) << chart_.id;
      } else {
        const double a = y_units(box, value);
        const double b = y_units(box, base);
        EXPECT_NEAR(rect.y, std::min(a, b), kUnitTolerance) << chart_.id << " row " << rect.row;
        EXPECT_NEAR(rect.y + rect.height, std::max(a, b), 2 * kUnitTolerance) << chart_.id << " row " << rect.row;
        EXPECT_NEAR(rect.x + rect.width / 2, x_units(box, center), 2 * kUnitTolerance) << chart_.id;
      }
    }
  }

  void dots(const ReadBox& box, const ReadMark& mark) const {
    constexpr double kPercentTolerance = 0.02;
    std::size_t known = 0;
    for (const double value : column(mark.y)) {
      known += valid(value) ? 1 : 0;
    }
    EXPECT_EQ(mark.dots.size(), known) << chart_.id;
    for (const ReadDot& dot : mark.dots) {
      const double along = column(mark.x)[dot.row];
      const double value = column(mark.y)[dot.row];
      const double x = box.names ? chart_.x.place(value) : chart_.x.place(along);
      const double y = box.names ? box.y.place(along) : box.y.place(value);
      EXPECT_NEAR(dot.left_percent, clamped(x) * 100.0, kPercentTolerance) << chart_.id << " row " << dot.row;
      EXPECT_NEAR(dot.top_percent, (1.0 - clamped(y)) * 100.0, kPercentTolerance) << chart_.id << " row " << dot.row;
    }
  }

  // A box that some value leaves says so, and only such a box.
  void clips(const ReadBox& box) const {
    bool outside = false;
    for (const ReadMark& mark : box.marks) {
      if (mark.y < 0 || mark.kind == "whisker") {
        continue;
      }
      for (const double value : column(mark.y)) {
        const double place = (box.names ? chart_.x : box.y).place(value);
        outside = outside || (valid(value) && (place < -1e-6 || place > 1.0 + 1e-6));
      }
    }
    EXPECT_EQ(outside, !box.clipped.empty()) << chart_.id;
  }

  const ReadChart& chart_;
  const Columns& table_;
};

}  // namespace lode::report::test
