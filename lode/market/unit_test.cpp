// Slips of units and their repair, by hand and on planted errors.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/market/quality.h"

namespace lode {
namespace {

using ::testing::ElementsAre;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Bars of a day each from day 20000 on, the range one percent around the close.
std::vector<BarRow> bars(const std::vector<double>& closes) {
  std::vector<BarRow> out;
  for (const double close : closes) {
    const int day = 20000 + static_cast<int>(out.size());
    out.push_back({Date{day}, close, close * 1.01, close * 0.99, close, 100});
  }
  return out;
}

std::vector<double> closes_of(const std::vector<BarRow>& rows) {
  std::vector<double> out;
  for (const BarRow& row : rows) {
    out.push_back(row.close);
  }
  return out;
}

struct Mended {
  std::vector<double> closes;
  std::vector<std::uint8_t> which;
};
Mended mend(std::vector<BarRow> rows, const std::vector<Date>& splits = {}, std::size_t first = 0) {
  std::vector<std::uint8_t> which = repair_units(rows, {}, first, splits, {});
  return {closes_of(rows), std::move(which)};
}

TEST(UnitRuns, LieBetweenAMoveByAPowerOfTenAndItsInverse) {
  const auto runs = unit_runs(bars({50, 5010, 4980, 51, 0.0509, 50.5}));
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_THAT((std::vector{runs[0].begin, runs[0].end, runs[1].begin, runs[1].end}), ElementsAre(1, 3, 4, 5));
  EXPECT_EQ(runs[0].power, 2);
  EXPECT_EQ(runs[1].power, -3);
  EXPECT_TRUE(unit_runs(bars({50, 5000, 5000})).empty()) << "a level that stays";
  EXPECT_TRUE(unit_runs(bars({50, 100, 50})).empty()) << "no power of ten";
  EXPECT_TRUE(unit_runs(bars({5000, 5010, 50})).empty()) << "a life that begins off shows no way in";
  EXPECT_TRUE(unit_runs({}).empty());
}

TEST(UnitRuns, LastAtMostTwentyTwoSessions) {
  const auto run_of = [](std::size_t length) {
    std::vector<double> closes(length + 2, 100.0);
    closes.front() = closes.back() = 1.0;
    return unit_runs(bars(closes)).size();
  };
  EXPECT_EQ(run_of(22), 1U);
  EXPECT_EQ(run_of(23), 0U);
}

TEST(RepairUnits, MovesTheDecimalPoint) {
  // 0.887 x 100 is 88.7 in decimal; the product of doubles may be a rounding away from it.
  EXPECT_THAT(mend(bars({89.2, 0.887, 89.0})).closes, ElementsAre(89.2, 88.7, 89.0));
  EXPECT_THAT(mend(bars({50, 5010, 4980, 51})).closes, ElementsAre(50, 50.1, 49.8, 51));
  EXPECT_THAT(mend(bars({1.1, 11.15, 1.2})).closes, ElementsAre(1.1, 1.115, 1.2));
  EXPECT_THAT(mend(bars({3e-7, 3.1e-5, 3.2e-7})).closes, ElementsAre(3e-7, 3.1e-7, 3.2e-7)) << "printed with exponents";
  EXPECT_THAT(mend(bars({89.2, 0.887, 89.0})).which, ElementsAre(0, 1, 0));
}

TEST(RepairUnits, JudgesEachPriceOnItsOwn) {
  std::vector<BarRow> rows = bars({89.2, 0.887, 89.0});
  rows[1].open = 88.1;  // Right already, as is the high; the low and the close lost their factor.
  rows[1].high = 90.0;
  rows[1].low = 0.88;
  EXPECT_THAT(repair_units(rows, {}, 0, {}, {}), ElementsAre(0, 1, 0));
  EXPECT_EQ(rows[1].open, 88.1);
  EXPECT_EQ(rows[1].high, 90.0);
  EXPECT_EQ(rows[1].low, 88.0);
  EXPECT_EQ(rows[1].close, 88.7);
  EXPECT_EQ(rows[1].volume, 100);
  rows = bars({89.2, 0.887, 89.0});
  rows[1].open = rows[1].high = rows[1].low = kNan;
  EXPECT_THAT(repair_units(rows, {}, 0, {}, {}), ElementsAre(0, 1, 0));
  EXPECT_TRUE(std::isnan(rows[1].open)) << "what is missing stays missing";
}

TEST(RepairUnits, TakesTheAveragePriceAlong) {
  std::vector<BarRow> rows = bars({89.2, 0.887, 89.0, 0.89, 89.1});
  std::vector<double> vwap = {89.1, 0.886, 89.0, 89.2, kNan};
  EXPECT_THAT(repair_units(rows, vwap, 0, {}, {}), ElementsAre(0, 1, 0, 1, 0));
  EXPECT_EQ(vwap[1], 88.6);
  EXPECT_EQ(vwap[3], 89.2) << "it was right";
}

TEST(RepairUnits, LeavesWhatItCannotMendForCertain) {
  std::vector<BarRow> third = bars({50, 5010, 51});
  third[1].high = 60000;  // A thousand times: another error.
  EXPECT_THAT(repair_units(third, {}, 0, {}, {}), ElementsAre(0, 0, 0));
  EXPECT_EQ(third[1].close, 5010) << "nothing of such a bar is touched";
  std::vector<BarRow> crossed = bars({50, 5010, 51});
  crossed[1].low = 45;     // Right, and below.
  crossed[1].high = 5100;  // 51 after it.
  crossed[1].open = 5300;  // 53: above the high. check_row refused it as it came, too; a caller may still hand it in.
  EXPECT_THAT(repair_units(crossed, {}, 0, {}, {}), ElementsAre(0, 0, 0));
  EXPECT_EQ(crossed[1].low, 45);
}

TEST(RepairUnits, ASplitAmongTheDaysLeavesTheRunAsItIs) {
  const auto rows = bars({100, 10, 10.2, 101, 100});  // A 10-for-1 split, then a slip of 10? Or a slip of 0.1?
  EXPECT_THAT(mend(rows).which, ElementsAre(0, 1, 1, 0, 0));
  EXPECT_THAT(mend(rows, {Date{20001}}).which, ElementsAre(0, 0, 0, 0, 0)) << "on the way in";
  EXPECT_THAT(mend(rows, {Date{20002}}).which, ElementsAre(0, 0, 0, 0, 0)) << "in between";
  EXPECT_THAT(mend(rows, {Date{20003}}).which, ElementsAre(0, 0, 0, 0, 0)) << "on the way out";
  EXPECT_THAT(mend(rows, {Date{20000}, Date{20004}}).which, ElementsAre(0, 1, 1, 0, 0)) << "beside it";
}

TEST(RepairUnits, ContextIsReadAndNotTouched) {
  const Mended out = mend(bars({50, 5010, 4980, 51}), {}, 2);
  EXPECT_THAT(out.which, ElementsAre(0, 0, 1, 0));
  EXPECT_THAT(out.closes, ElementsAre(50, 5010, 49.8, 51));
}

// Planted errors on a random walk come back as they were, and a clean walk is left bit for bit.
TEST(RepairUnits, BringsBackPlantedErrors) {
  Random random(5, 1);
  const double units[] = {0.001, 0.01, 0.1, 10, 100, 1000};
  for (int round = 0; round < test_rounds(200); ++round) {
    std::vector<double> closes = {std::round((1.0 + 90.0 * random.next_uniform()) * 100) / 100};
    while (closes.size() < 80) {
      const double next = closes.back() * (0.96 + 0.08 * random.next_uniform());
      closes.push_back(std::max(std::round(next * 100) / 100, 0.5));
    }
    const std::vector<BarRow> truth = bars(closes);
    EXPECT_THAT(mend(truth).which, ::testing::Each(0));
    std::vector<BarRow> broken = truth;
    std::vector<std::uint8_t> planted(broken.size(), 0);
    for (std::size_t at = 1 + random.next_below(10); at + 8 < broken.size(); at += 12 + random.next_below(20)) {
      const double unit = units[random.next_below(std::size(units))];
      for (std::size_t row = at, end = at + 1 + random.next_below(6); row < end; ++row) {
        BarRow& bar = broken[row];
        planted[row] = 1;
        for (double* price : {&bar.open, &bar.high, &bar.low, &bar.close}) {
          *price *= unit;
        }
      }
    }
    EXPECT_EQ(repair_units(broken, {}, 0, {}, {}), planted);
    for (std::size_t row = 0; row < truth.size(); ++row) {
      EXPECT_NEAR(broken[row].close / truth[row].close, 1.0, 1e-12);
      EXPECT_NEAR(broken[row].high / truth[row].high, 1.0, 1e-12);
    }
    EXPECT_THAT(mend(broken).which, ::testing::Each(0)) << "what is mended shows no error any more";
  }
}

}  // namespace
}  // namespace lode
