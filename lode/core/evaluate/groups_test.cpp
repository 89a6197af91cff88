// Prediction inside and between groups against loops over each group's names.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/groups.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lode/core/evaluate/question.h"
#include "lode/core/evaluate/test_market.h"
#include "test/oracle/evaluate.h"

namespace lode::evaluate {
namespace {

struct Case {
  std::shared_ptr<const Axis> axis = test::make_axis(130, 18);
  Market market = test::make_market(axis, {.rows = 130, .columns = 18, .seed = 31, .faults = true});
  Panel factor = test::make_factor(market, {.persistence = 0.9, .missing = 0.1, .ties = true});
  GroupPanel groups = test::make_groups(axis, 3, true);
  oracle::Grid labels = oracle::labels(market, Convention::kNextOpen, 4, true);
  oracle::Grid one_day = oracle::labels(market, Convention::kNextOpen, 1, true);

  Panel panel(const oracle::Grid& grid) const {
    return test::make_panel(axis, [&](auto t, auto i) { return static_cast<double>(grid[t][i]); });
  }
  // The grid with only the names of one group, or (group -1) of any group.
  oracle::Grid only(oracle::Grid grid, int group) const {
    for (std::size_t t = 0; t < grid.size(); ++t) {
      for (std::size_t i = 0; i < grid[t].size(); ++i) {
        const int code = groups.row(t)[i];
        grid[t][i] = (group < 0 ? code >= 0 : code == group) ? grid[t][i] : oracle::kNone;
      }
    }
    return grid;
  }
  oracle::Grid less_group_mean(const oracle::Grid& grid) const {
    oracle::Grid out = only(grid, -1);
    for (int group = 0; group < 3; ++group) {
      const oracle::Grid inside = only(grid, group);
      for (std::size_t t = 0; t < grid.size(); ++t) {
        for (std::size_t i = 0; i < grid[t].size(); ++i) {
          out[t][i] -= groups.row(t)[i] == group ? oracle::mean(inside[t]) : 0;
        }
      }
    }
    return out;
  }
};

TEST(GroupResults, EqualTheOracle) {
  Pool pool(2);
  const Case c;
  const SortedRows factor = sort_rows(copy_cells(c.factor), pool);
  const Panel labels = c.panel(c.labels);
  const Panel one_day = c.panel(c.one_day);
  const GroupedLabels grouped = group_labels(labels, 4, one_day, {c.groups.codes, 3}, pool);
  const GroupInput input{factor, labels, grouped};
  const auto results = group_results(input, c.groups.names, Options{}, pool);
  ASSERT_EQ(results.size(), 3U);
  for (int group = 0; group < 3; ++group) {
    const GroupResult& result = results[static_cast<std::size_t>(group)];
    const auto f = c.only(oracle::grid_of(c.factor), group);
    const auto series = oracle::coefficients(f, c.only(c.labels, group), 3, oracle::spearman);
    EXPECT_NEAR(result.rank_ic, static_cast<double>(oracle::mean(series)), 1e-12);
    EXPECT_LT(result.lower, result.rank_ic);
    EXPECT_GT(result.upper, result.rank_ic);
    EXPECT_NEAR(result.mean_names, 5.0, 1.5);
  }
  EXPECT_EQ(results[1].group, "group 1");
}

TEST(GroupResults, NoOverlapTOfConstantGroupsIsThatOfTheNamesAlone) {
  Pool pool(2);
  Case c;
  c.groups = test::make_groups(c.axis, 3, false);
  c.groups.codes.clear();
  for (std::size_t cell = 0; cell < 130 * 18; ++cell) {
    c.groups.codes.push_back(static_cast<std::int32_t>(cell % 18 % 3));
  }
  const SortedRows factor = sort_rows(copy_cells(c.factor), pool);
  const Panel labels = c.panel(c.labels);
  const Panel one_day = c.panel(c.one_day);
  const GroupedLabels grouped = group_labels(labels, 4, one_day, {c.groups.codes, 3}, pool);
  const auto results = group_results({factor, labels, grouped}, c.groups.names, Options{}, pool);
  for (int group = 0; group < 3; ++group) {
    const auto x = oracle::hodrick(c.only(oracle::grid_of(c.factor), group), c.only(c.one_day, group), 4, 3);
    EXPECT_NEAR(results[static_cast<std::size_t>(group)].t_no_overlap, static_cast<double>(oracle::naive_t(x)), 1e-9);
  }
}

// Groups of no name, of one and of many, ties across groups, dates left out: all at once is each by itself.
TEST(GroupResults, AllAtOnceAreEachByItself) {
  Pool pool(2);
  Case c;
  for (std::size_t cell = 0; cell < c.groups.codes.size(); ++cell) {
    const std::size_t column = cell % 18;
    const std::int32_t code = column < 2 ? 0 : column < 9 ? 2 : column < 14 ? 3 : 5;  // 1 and 4 are empty.
    c.groups.codes[cell] = (cell / 18 + column) % 13 == 0 ? -1 : code;
  }
  c.groups.names = {"a", "b", "c", "d", "e", "f"};
  const SortedRows factor = sort_rows(copy_cells(c.factor), pool);
  Panel labels = c.panel(c.labels);
  for (std::size_t row = 0; row < labels.rows(); row += 2) {
    for (double& cell : labels.mutable_row64(row)) cell = std::floor(cell * 40.0) / 40.0;
  }
  const Panel one_day = c.panel(c.one_day);
  const GroupedLabels at_once = group_labels(labels, 4, one_day, {c.groups.codes, 6}, pool);
  GroupedLabels by_itself = at_once;
  by_itself.placed.reset();
  for (const int min_names : {1, 12}) {
    Options options;
    options.min_names = min_names;
    options.min_dates = 20;
    const auto fast = group_results({factor, labels, at_once}, c.groups.names, options, pool);
    const auto slow = group_results({factor, labels, by_itself}, c.groups.names, options, pool);
    ASSERT_EQ(fast.size(), slow.size());
    ASSERT_GE(fast.size(), 3U);
    for (std::size_t i = 0; i < fast.size(); ++i) {
      EXPECT_EQ(fast[i].group, slow[i].group);
      EXPECT_EQ(fast[i].rank_ic, slow[i].rank_ic) << "integers: the same bits";
      EXPECT_EQ(fast[i].mean_names, slow[i].mean_names);
      EXPECT_EQ(fast[i].dates, slow[i].dates);
      EXPECT_NEAR(fast[i].t_no_overlap, slow[i].t_no_overlap, 1e-11);
    }
  }
}

TEST(GroupNeutral, IsTheRankIcOfReturnsLessTheirGroup) {
  Pool pool(2);
  const Case c;
  const SortedRows factor = sort_rows(copy_cells(c.factor), pool);
  const Panel labels = c.panel(c.labels);
  const Panel one_day = c.panel(c.one_day);
  const GroupedLabels grouped = group_labels(labels, 4, one_day, {c.groups.codes, 3}, pool);
  const IcStatistics ic = group_neutral({factor, labels, grouped}, Options{}, pool);
  const auto f = c.only(oracle::grid_of(c.factor), -1);
  const auto series = oracle::coefficients(f, c.less_group_mean(c.labels), 3, oracle::spearman);
  EXPECT_NEAR(ic.mean.value, static_cast<double>(oracle::mean(series)), 1e-12);
  EXPECT_NEAR(ic.t_newey_west, static_cast<double>(oracle::newey_west_t(series, 4)), 1e-9);
  const auto x = oracle::hodrick(f, c.less_group_mean(c.one_day), 4, 3);
  EXPECT_NEAR(ic.t_no_overlap, static_cast<double>(oracle::naive_t(x)), 1e-9);
}

TEST(CellsWithoutGroup, AreFactorValuesOnDatesThatCount) {
  Pool pool(1);
  const auto axis = test::make_axis(3, 4);
  const double none = test::kNan;
  const SortedRows factor =
      sort_rows(copy_cells(test::make_panel(axis, {{1, 2, 3, 4}, {1, none, 3, 4}, {1, none, none, 4}})), pool);
  const std::vector<std::int32_t> codes{0, -1, 1, -1, -1, -1, 0, 0, -1, -1, -1, -1};
  const GroupCodes groups{.codes = codes, .groups = 2};
  EXPECT_EQ(cells_without_group(factor, groups, 3), 2 + 1) << "the third date has two names";
  EXPECT_EQ(cells_without_group(factor, groups, 2), 2 + 1 + 2);
}

}  // namespace
}  // namespace lode::evaluate
