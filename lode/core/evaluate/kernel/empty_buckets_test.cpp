// Factors of few different values; expected words by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/empty_buckets.h"

#include <gmock/gmock.h>

#include "lode/base/must.h"
#include "lode/base/pool.h"
#include "lode/core/evaluate/question.h"
#include "lode/core/evaluate/test_market.h"

namespace lode::evaluate {
namespace {

constexpr std::size_t kRows = 90;
constexpr std::size_t kColumns = 10;

// A sheet of ten names whose prices wander and whose factor is `cell`.
TearSheet sheet_of(const std::function<double(std::size_t, std::size_t)>& cell) {
  Pool pool(2);
  const Market market = test::make_market(test::make_axis(kRows, kColumns), {.rows = kRows, .columns = kColumns});
  Options options;
  options.horizons = {1};
  options.min_dates = 20;
  options.min_names = 3;
  return must(tear_sheet(test::make_panel(market.close.shared_axis(), cell), market, nullptr, options, pool));
}

std::string spread_reason(const std::function<double(std::size_t, std::size_t)>& cell) {
  return sheet_of(cell).headline_horizon().spread.gross_annual.reason;
}

TEST(EmptyBuckets, TwoValuesLeaveTheTopEmpty) {
  const auto half = [](std::size_t row, std::size_t column) { return (row + column) % 10 < 6 ? 1.0 : 0.0; };
  const TearSheet sheet = sheet_of(half);
  const HorizonResult& result = sheet.headline_horizon();
  const std::string cause =
      "the top bucket is empty on 88 of 88 dates: the factor has at most 2 different values a date";
  EXPECT_EQ(result.spread.gross_annual.reason, cause);
  EXPECT_EQ(result.spread.net_annual.reason, cause);
  EXPECT_EQ(result.quantiles.back().mean_return.reason, cause);
  EXPECT_EQ(result.quantiles.back().mean_return_absolute.reason, cause);
  EXPECT_TRUE(result.quantiles.front().mean_return.reason.empty()) << "the lowest has members";
}

TEST(EmptyBuckets, DatesWithEveryBucketAreNotCounted) {
  const auto seldom = [](std::size_t row, std::size_t column) {
    return row % 8 == 0 ? static_cast<double>(column) : static_cast<double>(column % 2);
  };
  EXPECT_EQ(spread_reason(seldom),
            "the top bucket is empty on 77 of 88 dates: the factor has at most 2 different values a date");
}

TEST(EmptyBuckets, NothingIsSaidWhereEveryBucketHasMembers) {
  const TearSheet sheet =
      sheet_of([](std::size_t row, std::size_t column) { return static_cast<double>((row * 7 + column * 3) % 10); });
  EXPECT_TRUE(sheet.headline_horizon().spread.gross_annual.reason.empty());
  for (const QuantileStatistics& one : sheet.headline_horizon().quantiles) {
    EXPECT_TRUE(one.mean_return.reason.empty()) << one.quantile;
  }
}

TEST(EmptyBuckets, ManyValuesMostOfThemEqualAreToldSo) {
  SortedRows factor;
  Pool pool(1);
  const auto axis = test::make_axis(1, 100);
  factor = sort_rows(
      copy_cells(test::make_panel(
          axis, [](std::size_t, std::size_t column) { return column < 60 ? static_cast<double>(column) : 1000.0; })),
      pool);
  Buckets buckets;
  buckets.columns = 100;
  buckets.quantiles = 5;
  buckets.counts = {0, 20, 20, 20, 40, 0};
  EXPECT_EQ(why_empty(factor, buckets, 5), "the top bucket is empty on 1 of 1 dates: too many names have equal values");
  EXPECT_EQ(why_empty(factor, buckets, 1), "");
  buckets.counts = {0, 0, 20, 20, 20, 40};
  EXPECT_THAT(why_empty(factor, buckets, 1), ::testing::StartsWith("the bottom bucket is empty on 1 of 1 dates"));
  buckets.counts = {0, 20, 20, 0, 20, 40};
  EXPECT_THAT(why_empty(factor, buckets, 3), ::testing::StartsWith("bucket 3 is empty on 1 of 1 dates"));
  buckets.counts = {0, 0, 0, 0, 0, 0};
  EXPECT_EQ(why_empty(factor, buckets, 5), "") << "a date without buckets";
}

}  // namespace
}  // namespace lode::evaluate
