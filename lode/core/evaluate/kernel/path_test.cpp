// Wealth, falls and months, on values worked out by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace lode::evaluate {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsNan;

const double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(Path, CompoundsAndKeepsGaps) {
  EXPECT_THAT(cumulative_return(std::vector<double>{kNaN, 0.1, kNaN, -0.5, 1.0}),
              ElementsAre(IsNan(), DoubleNear(0.1, 1e-12), IsNan(), DoubleNear(-0.45, 1e-12), DoubleNear(0.1, 1e-12)));
}

TEST(Path, ALossOfEverythingIsForGood) {
  EXPECT_THAT(cumulative_return(std::vector<double>{0.5, -1.2, 3.0}), ElementsAre(0.5, -1.0, -1.0));
}

TEST(Path, DrawdownCountsTheStartAsAPeak) {
  EXPECT_THAT(drawdown(std::vector<double>{-0.1, 0.0, 0.25, kNaN, 0.0}),
              ElementsAre(DoubleNear(-0.1, 1e-12), 0.0, 0.0, IsNan(), DoubleNear(-0.2, 1e-12)));
}

TEST(Path, FindsFallsWithTheirDates) {
  // peak 1, trough 3, back at 5; then an open one from 5.
  const std::vector<double> under{0.0, 0.0, -0.1, -0.3, -0.05, 0.0, -0.02, -0.01};
  const std::vector<Fall> falls = deepest_falls(under, 5);
  ASSERT_EQ(falls.size(), 2U);
  EXPECT_EQ(falls[0].depth, -0.3);
  EXPECT_EQ(falls[0].peak, 1U);
  EXPECT_EQ(falls[0].trough, 3U);
  EXPECT_EQ(falls[0].recovery, 5U);
  EXPECT_EQ(falls[1].depth, -0.02);
  EXPECT_EQ(falls[1].recovery, under.size()) << "not recovered";
  EXPECT_EQ(deepest_falls(under, 1).size(), 1U);
  EXPECT_TRUE(deepest_falls(std::vector<double>{0.0, kNaN, 0.0}, 3).empty());
}

std::vector<Date> days(std::initializer_list<std::array<int, 3>> list) {
  std::vector<Date> out;
  for (const auto& [y, m, d] : list) {
    out.push_back(Date::from_civil(y, m, d));
  }
  return out;
}

TEST(Path, GroupsByCalendarMonth) {
  const std::vector<Date> sessions = days({{2020, 1, 30}, {2020, 1, 31}, {2020, 2, 3}, {2021, 2, 1}});
  const std::vector<Month> months = by_month(sessions, std::vector<double>{0.1, 0.1, kNaN, 0.02});
  ASSERT_EQ(months.size(), 3U);
  EXPECT_EQ(months[0].days, 2);
  EXPECT_DOUBLE_EQ(months[0].mean, 0.1);
  EXPECT_NEAR(months[0].compounded, 0.21, 1e-12);
  EXPECT_EQ(months[1].days, 0);
  EXPECT_THAT(months[1].mean, IsNan());
  EXPECT_THAT(months[1].compounded, IsNan());
  EXPECT_EQ(months[2].year, 2021);
}

// Five sessions have a book, the two in the gap and the three behind it have none.
TEST(Path, AFallCountsOnlySessionsWithAValue) {
  const std::vector<double> under{kNaN, kNaN, 0.0, -0.1, kNaN, kNaN, -0.2, -0.1, kNaN, kNaN, kNaN};
  const std::vector<Fall> falls = deepest_falls(under, 5);
  ASSERT_EQ(falls.size(), 1U);
  EXPECT_EQ(falls[0].peak, 2U);
  EXPECT_EQ(falls[0].sessions, 3);
  const std::vector<double> healed{0.0, -0.1, kNaN, 0.0};
  EXPECT_EQ(deepest_falls(healed, 1)[0].sessions, 2) << "the session of recovery is the last of the fall";
}

// A path that falls from its first session on fell from the eve of it, not from the first row of the data.
TEST(Path, TheFirstPeakIsTheEveOfTheFirstValue) {
  EXPECT_EQ(deepest_falls(std::vector<double>{kNaN, kNaN, kNaN, -0.1}, 1)[0].peak, 2U);
  EXPECT_EQ(deepest_falls(std::vector<double>{-0.1, -0.2}, 1)[0].peak, 0U);
  EXPECT_EQ(deepest_falls(std::vector<double>{-0.1, kNaN, -0.2}, 1)[0].peak, 0U);
  EXPECT_TRUE(deepest_falls(std::vector<double>{kNaN, kNaN}, 1).empty());
  EXPECT_TRUE(deepest_falls(std::vector<double>{}, 1).empty());
}

TEST(Path, TheLastValueIsNoGap) {
  EXPECT_DOUBLE_EQ(last_valid(std::vector<double>{1.0, 2.0, kNaN}), 2.0);
  EXPECT_THAT(last_valid(std::vector<double>{kNaN}), IsNan());
}

}  // namespace
}  // namespace lode::evaluate
