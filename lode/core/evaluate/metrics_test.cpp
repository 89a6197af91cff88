// Every number has a line, and the line is found by what people type.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>

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

// One sheet judged twice, with one thing of its market changed: the numbers that move are those said to rest on it.
TEST(Metrics, SayWhatTheyRestOn) {
  Pool pool(2);
  const auto axis = test::make_axis(300, 20);
  Market market = test::make_market(axis, {.rows = 300, .columns = 20, .seed = 3});
  for (std::size_t row = 0; row < 300; ++row) {
    market.benchmark.push_back(100.0 + static_cast<double>(row % 7));
  }
  const GroupPanel groups = test::make_groups(axis, 2, false);
  const GroupPanel others = test::make_groups(axis, 3, false);
  Market beside = market;
  for (std::size_t row = 0; row < 300; ++row) {
    beside.benchmark[row] += static_cast<double>(row % 5);
  }
  Options dear;
  dear.cost_bps = 35.0;
  const Panel factor = test::make_factor(market, {.edge = 0.3});
  const auto values = [&](const Market& of, const GroupPanel& in, const Options& options) {
    const auto sheet = tear_sheet(factor, of, &in, options, pool);
    EXPECT_TRUE(sheet.has_value());
    std::map<std::string, double> out;
    for (const Number& number : numbers(*sheet)) {
      out[number.path] = number.value;
    }
    return out;
  };
  const auto plain = values(market, groups, {});
  const auto costly = values(market, groups, dear);
  const auto indexed = values(beside, groups, {});
  const auto grouped = values(market, others, {});
  int after_costs = 0;
  for (const auto& [path, value] : plain) {
    const Basis basis = basis_of(path);
    const auto moved = [&, path = path, value = value](const std::map<std::string, double>& other) {
      const auto found = other.find(path);
      return found != other.end() && found->second != value && !std::isnan(value);
    };
    EXPECT_TRUE(basis.costs || !moved(costly)) << path;
    EXPECT_TRUE(basis.benchmark || !moved(indexed)) << path;
    EXPECT_TRUE(basis.groups || !moved(grouped)) << path;
    after_costs += basis.costs ? 1 : 0;
    if (basis.costs && !path.starts_with("fall.") && !std::isnan(value)) {
      EXPECT_TRUE(moved(costly)) << path << " does not move with costs";
    }
  }
  EXPECT_GT(after_costs, 10);
  EXPECT_EQ(basis_of("spread.21d.net_annual").horizon, 21);
  EXPECT_EQ(basis_of("path.net").horizon, 0);
  EXPECT_FALSE(basis_of("group.net.rank_ic").costs) << "a group may be called so";
}

TEST(Metrics, AreFoundByAWordOfTheirs) {
  EXPECT_EQ(find_metrics("volatility").front().name, "benchmark.volatility");
  EXPECT_EQ(find_metrics("Sharpe").front().name, "spread.Hd.sharpe");
  EXPECT_GT(find_metrics("t_newey_west").size(), 1U);
  EXPECT_GT(find_metrics("spread").size(), 5U);
  EXPECT_EQ(find_metrics("below peak").size(), 1U);
  EXPECT_TRUE(find_metrics("nonsense").empty());
}

}  // namespace
}  // namespace lode::evaluate
