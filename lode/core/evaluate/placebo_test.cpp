// The placebo band against the spread of real shuffles.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/placebo.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "lode/core/evaluate/kernel/dates.h"
#include "lode/core/evaluate/question.h"
#include "lode/core/evaluate/test_market.h"
#include "lode/core/stat/moments.h"
#include "test/oracle/evaluate.h"

namespace lode::evaluate {
namespace {

TEST(Placebo, EqualsTheDeviationOfRealShuffles) {
  Pool pool(2);
  constexpr std::size_t kNames = 40;
  const auto axis = test::make_axis(160, kNames);
  const Market market = test::make_market(axis, {.rows = 160, .columns = kNames, .seed = 21});
  const Panel factor = test::make_factor(market, {.persistence = 0.98});
  const auto r = oracle::labels(market, Convention::kNextOpen, 10, true);
  const Panel labels = test::make_panel(axis, [&](auto t, auto i) { return static_cast<double>(r[t][i]); });
  const double estimated = placebo_deviation(sort_rows(copy_cells(factor), pool), labels, Options{}, pool);

  std::mt19937 random(5);
  std::vector<std::size_t> columns(kNames);
  std::iota(columns.begin(), columns.end(), 0);
  std::vector<double> means;
  for (int shuffle = 0; shuffle < 400; ++shuffle) {
    std::shuffle(columns.begin(), columns.end(), random);
    const Panel shuffled = test::make_panel(axis, [&](auto t, auto i) { return factor.at(t, columns[i]); });
    means.push_back(stat::mean(
        evaluate_dates(sort_rows(copy_cells(shuffled), pool), labels, Depth::kRankIc, Options{}, pool).rank_ic));
  }
  // 400 shuffles know the deviation to 3.5 %, the probes to 5 %: 20 % is more than three of both together.
  EXPECT_NEAR(estimated / stat::standard_deviation(means), 1.0, 0.2);
  EXPECT_NEAR(stat::mean(means), 0.0, 4.0 * estimated / 20.0);
  // Far wider than if dates were independent: sd 1 / sqrt(names - 1) over the root of the dates.
  EXPECT_GT(estimated, 2.0 / std::sqrt(39.0) / std::sqrt(150.0));
}

TEST(Placebo, NeedsDates) {
  Pool pool(1);
  const auto axis = test::make_axis(30, 8);
  const Panel panel = test::make_panel(axis, [](auto t, auto i) { return static_cast<double>((t * 7 + i * 5) % 11); });
  EXPECT_TRUE(std::isnan(placebo_deviation(sort_rows(copy_cells(panel), pool), panel, Options{}, pool)));
}

}  // namespace
}  // namespace lode::evaluate
