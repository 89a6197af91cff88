// Decimation and path text.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/scene/path.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace lode::report {
namespace {

TEST(Path, WritesTenthsShort) {
  EXPECT_EQ(tenths_text(0), "0");
  EXPECT_EQ(tenths_text(3), ".3");
  EXPECT_EQ(tenths_text(-3), "-.3");
  EXPECT_EQ(tenths_text(40), "4");
  EXPECT_EQ(tenths_text(-125), "-12.5");
}

TEST(Path, WritesRelativeSteps) {
  EXPECT_EQ(path_text({{0, 120, 0}, {10, 117, 1}, {25, 200, 2}}), "M0 12l1-.3 1.5 8.3");
  EXPECT_EQ(path_text({{50, 60, 0}}), "M5 6h0");
}

TEST(Path, BreaksAtMissingValues) {
  const double nan = std::nan("");
  const auto runs =
      runs_of_points(std::vector<double>{0, 0.25, 0.5, 0.75, 1}, std::vector<double>{0, 1, nan, 0.5, nan}, {100, 100});
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].size(), 2U);
  EXPECT_EQ(runs[0][0].y, 1000) << "y counts from the top";
  EXPECT_EQ(runs[0][1].y, 0);
  EXPECT_EQ(runs[1][0].row, 3U);
  EXPECT_TRUE(runs_of_points(std::vector<double>{nan}, std::vector<double>{1}, {100, 100}).empty());
}

TEST(Path, MovesWhatIsOutsideToTheEdge) {
  const auto runs = runs_of_points(std::vector<double>{0, 1}, std::vector<double>{-5, 7}, {100, 50});
  EXPECT_EQ(runs[0][0].y, 500);
  EXPECT_EQ(runs[0][1].y, 0);
}

// At most two points a column, and they are the column's extremes: a spike of one day survives.
TEST(Path, KeepsTheExtremesOfEachColumn) {
  const std::size_t n = 5000;
  std::vector<double> xs(n);
  std::vector<double> ys(n);
  for (std::size_t i = 0; i < n; ++i) {
    xs[i] = static_cast<double>(i) / static_cast<double>(n - 1);
    ys[i] = 0.5 + 0.3 * std::sin(static_cast<double>(i) * 0.7);
  }
  ys[2357] = 1.0;
  const Box box{200, 100};
  const auto runs = runs_of_points(xs, ys, box);
  ASSERT_EQ(runs.size(), 1U);
  std::map<int, std::pair<int, int>> expected;  // column -> lowest and highest y
  for (std::size_t i = 0; i < n; ++i) {
    const int column = (static_cast<int>(std::nearbyint(xs[i] * 2000)) + 5) / 10;
    const int y = static_cast<int>(std::nearbyint((1.0 - ys[i]) * 1000));
    auto& range = expected.try_emplace(column, y, y).first->second;
    range = {std::min(range.first, y), std::max(range.second, y)};
  }
  std::map<int, std::vector<int>> found;
  for (const Point& point : runs[0]) {
    EXPECT_EQ(point.x % 10, 0);
    found[point.x / 10].push_back(point.y);
  }
  ASSERT_EQ(found.size(), expected.size());
  for (const auto& [column, range] : expected) {
    EXPECT_LE(found[column].size(), 2U);
    EXPECT_EQ(*std::min_element(found[column].begin(), found[column].end()), range.first);
    EXPECT_EQ(*std::max_element(found[column].begin(), found[column].end()), range.second);
  }
}

}  // namespace
}  // namespace lode::report
