// Every number has a line, and the line is found by what people type.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/metrics.h"

#include <gtest/gtest.h>

#include <set>

#include "lode/core/evaluate/test_market.h"

namespace lode::evaluate {
namespace {

TEST(Metrics, FamiliesLeaveOutWhatVaries) {
  EXPECT_EQ(metric_family("rank_ic.5d.mean"), "rank_ic.Hd.mean");
  EXPECT_EQ(metric_family("quantile.21d.q10.return"), "quantile.Hd.qK.return");
  EXPECT_EQ(metric_family("year.2012.rank_ic"), "year.N.rank_ic");
  EXPECT_EQ(metric_family("group.Oil. Gas. 5d.t_no_overlap"), "group.NAME.t_no_overlap");
  EXPECT_EQ(metric_family("coverage.ratio"), "coverage.ratio");
  EXPECT_EQ(metric_family("half_life"), "half_life");
}

TEST(Metrics, EveryNumberOfASheetIsExplained) {
  Pool pool(2);
  const auto axis = test::make_axis(300, 20);
  Market market = test::make_market(axis, {.rows = 300, .columns = 20, .seed = 3});
  market.benchmark.assign(300, 100.0);
  const GroupPanel groups = test::make_groups(axis, 2, false);
  const auto sheet = tear_sheet(test::make_factor(market, {}), market, &groups, Options{}, pool);
  ASSERT_TRUE(sheet.has_value());
  std::set<std::string> known;
  for (const Metric& one : all_metrics()) {
    EXPECT_TRUE(known.insert(one.name).second) << one.name << " stands twice";
    EXPECT_FALSE(one.definition.empty()) << one.name;
    EXPECT_EQ(one.definition.back(), '.') << one.name;
  }
  for (const Number& number : numbers(*sheet)) {
    EXPECT_TRUE(known.contains(metric_family(number.path))) << number.path;
    const std::vector<Metric> found = find_metrics(number.path);
    ASSERT_EQ(found.size(), 1U) << number.path;
    EXPECT_EQ(found.front().definition, number.definition);
  }
}

TEST(Metrics, AreFoundByAWordOfTheirs) {
  EXPECT_EQ(find_metrics("beta").front().name, "benchmark.beta");
  EXPECT_EQ(find_metrics("Sharpe").front().name, "spread.Hd.sharpe");
  EXPECT_GT(find_metrics("t_newey_west").size(), 1U);
  EXPECT_GT(find_metrics("spread").size(), 5U);
  EXPECT_EQ(find_metrics("below peak").size(), 1U);
  EXPECT_TRUE(find_metrics("nonsense").empty());
}

}  // namespace
}  // namespace lode::evaluate
