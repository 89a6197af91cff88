// The tear sheet, premiums and regressions against what alphalens-reloaded, statsmodels and scipy said of the same
// panels (test/oracle/peers): ties, missing cells, listings, delistings, groups, thin dates.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "lode/core/evaluate/numbers.h"
#include "lode/core/evaluate/pricing/fama_macbeth.h"
#include "lode/core/evaluate/pricing/instrument_regressions.h"
#include "lode/core/evaluate/test_market.h"
#include "lode/core/stat/correlation.h"
#include "test/oracle/peers/answers.h"

namespace lode::evaluate {
namespace {

using oracle::answer;

constexpr double kClose = 1e-9;  // Of the value, or of 1 where that is larger: both add up in orders of their own.

void expect_near(double ours, double theirs, const std::string& name) {
  if (std::isnan(theirs)) {
    EXPECT_TRUE(std::isnan(ours)) << name << ": " << ours;
    return;
  }
  EXPECT_NEAR(ours, theirs, kClose * std::max(1.0, std::abs(theirs))) << name;
}

void expect_series(const std::vector<double>& ours, const std::vector<double>& theirs, const std::string& name) {
  ASSERT_EQ(ours.size(), theirs.size()) << name;
  for (std::size_t row = 0; row < ours.size(); ++row) {
    expect_near(ours[row], theirs[row], name + " row " + std::to_string(row));
  }
}

Market market_of(const std::shared_ptr<const Axis>& axis, const oracle::PeerPanel& close) {
  Market market;
  market.close = test::make_panel(axis, close);
  market.open = market.close;
  market.volume =
      test::make_panel(axis, [&](auto row, auto column) { return std::isnan(close[row][column]) ? test::kNan : 1e6; });
  market.delisted_row.assign(axis->columns(), -1);
  market.delisting_return.assign(axis->columns(), test::kNan);
  for (std::size_t column = 0; column < axis->columns(); ++column) {
    std::size_t last = axis->rows() - 1;
    while (std::isnan(close[last][column])) --last;
    if (last + 1 < axis->rows()) market.delisted_row[column] = static_cast<std::int32_t>(last);
  }
  return market;
}

GroupPanel groups_of(const std::shared_ptr<const Axis>& axis) {
  GroupPanel groups{.axis = axis, .codes = {}, .names = {"group 0", "group 1", "group 2", "group 3"}};
  for (std::size_t row = 0; row < axis->rows(); ++row) {
    for (std::size_t column = 0; column < axis->columns(); ++column) {
      groups.codes.push_back(static_cast<std::int32_t>(column % 4));
    }
  }
  return groups;
}

double total_of(const oracle::PeerPanel& panel) {
  double total = 0.0;
  for (const std::vector<double>& row : panel) {
    for (const double cell : row) total += std::isnan(cell) ? 0.0 : cell;
  }
  return total;
}

class Alphalens : public ::testing::TestWithParam<oracle::PeerCase> {};

// Every number that both have: each answer recorded for the case must be among Lode's numbers or series.
TEST_P(Alphalens, SaysTheSameOfTheSamePanel) {
  const oracle::PeerCase& asked = GetParam();
  const std::string name = asked.name;
  const auto axis = test::make_axis(oracle::kPeerRows, oracle::kPeerColumns);
  const oracle::PeerPanel close = oracle::peer_close(asked.seed, asked.lists);
  const oracle::PeerPanel factor = oracle::peer_factor(asked, close);
  ASSERT_EQ(total_of(close), answer(name + ".close.sum").at(0)) << "both must have the same panel";
  ASSERT_EQ(total_of(factor), answer(name + ".factor.sum").at(0));
  Options options;
  options.horizons = {1, 5, 10};
  options.quantiles = asked.quantiles;
  options.convention = Convention::kCloseToClose;
  options.min_names = 3;
  Pool pool(2);
  const Market market = market_of(axis, close);
  const GroupPanel groups = groups_of(axis);
  const auto sheet = tear_sheet(test::make_panel(axis, factor), market, &groups, options, pool);
  ASSERT_TRUE(sheet.has_value());
  std::map<std::string, double> ours;
  for (const Number& number : numbers(*sheet)) ours[number.path] = number.value;
  std::set<std::string> kinds;
  for (const auto& [recorded, values] : oracle::answers()) {
    if (!recorded.starts_with(name + ".") || recorded.ends_with(".sum")) continue;
    const std::string path = recorded.substr(name.size() + 1);
    if (path.ends_with("d.rank_ic") && values.size() > 1) continue;
    ASSERT_TRUE(ours.contains(path)) << path;
    expect_near(ours[path], values.at(0), recorded);
    kinds.insert(path.substr(0, path.find('.')));
  }
  for (const HorizonResult& horizon : sheet->horizons) {
    const std::string series = name + "." + horizon_key(horizon.horizon) + ".rank_ic";
    expect_series(horizon.rank_ic_series, answer(series), series);
  }
  EXPECT_EQ(kinds, (std::set<std::string>{"autocorrelation", "group", "group_neutral", "ic", "quantile", "rank_ic",
                                          "weighted"}));
}

INSTANTIATE_TEST_SUITE_P(Recorded, Alphalens, ::testing::ValuesIn(oracle::kPeerCases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(HandMadeRows, HaveTheCorrelationsOfScipy) {
  stat::Spearman spearman;
  for (int row = 0; row < 5; ++row) {
    const std::string name = "hand." + std::to_string(row);
    const std::vector<double>& factor = answer(name + ".factor");
    const std::vector<double>& returns = answer(name + ".returns");
    expect_near(spearman(factor, returns), answer(name + ".spearman").at(0), name);
    expect_near(stat::pearson(factor, returns), answer(name + ".pearson").at(0), name);
  }
  EXPECT_TRUE(std::isnan(answer("hand.1.spearman").at(0))) << "a constant row has no correlation";
}

// Returns of each session, and two exposures known before it; one row less than there are prices.
struct Priced {
  std::shared_ptr<const Axis> axis = test::make_axis(oracle::kPeerRows - 1, oracle::kPeerColumns);
  oracle::PeerPanel close = oracle::peer_close(3, true);
  Panel returns =
      test::make_panel(axis, [&](auto row, auto column) { return close[row + 1][column] / close[row][column] - 1.0; });
  Panel exposure(std::uint64_t seed) const {
    const oracle::PeerPanel cells = oracle::peer_factor(
        {.name = "", .seed = seed, .quantiles = 0, .levels = 0, .lists = true, .thin = false, .gaps = true}, close);
    return test::make_panel(axis, [&](auto row, auto column) { return cells[row][column]; });
  }
};

// Statsmodels has no factor of its own for Student's t of a mean: dates - 1 degrees in both.
TEST(FamaMacBethOfStatsmodels, IsOurs) {
  const Priced priced;
  const Panel first = priced.exposure(3);
  const Panel second = priced.exposure(30);
  const Panel* exposures[] = {&first, &second};
  Pool pool(2);
  const FamaMacBeth found = fama_macbeth(priced.returns, exposures, {}, pool);
  EXPECT_EQ(static_cast<double>(found.dates), answer("fm.dates").at(0));
  expect_near(found.mean_r2, answer("fm.mean_r2").at(0), "mean R2");
  for (std::size_t k = 0; k < 3; ++k) {
    const std::string name = "fm." + std::to_string(k);
    expect_series(found.premiums[k], answer(name + ".premiums"), name);
    expect_near(found.means[k].value, answer(name + ".mean").at(0), name + " mean");
    expect_near(found.means[k].standard_error, answer(name + ".mean").at(1), name + " error");
    expect_near(found.means[k].t, answer(name + ".mean").at(2), name + " t");
    expect_near(found.means[k].p, answer(name + ".test").at(0), name + " p");
    expect_near(found.means[k].low, answer(name + ".test").at(1), name + " low");
    expect_near(found.means[k].high, answer(name + ".test").at(2), name + " high");
  }
}

void expect_coefficients(const std::vector<stat::Coefficient>& ours, const std::string& name) {
  for (std::size_t k = 0; k < ours.size(); ++k) {
    const std::string place = name + " " + std::to_string(k);
    expect_near(ours[k].value, answer(name + ".value").at(k), place);
    expect_near(ours[k].standard_error, answer(name + ".error").at(k), place + " error");
    expect_near(ours[k].t, answer(name + ".t").at(k), place + " t");
    expect_near(ours[k].p, answer(name + ".p").at(k), place + " p");
    expect_near(ours[k].low, answer(name + ".low").at(k), place + " low");
    expect_near(ours[k].high, answer(name + ".high").at(k), place + " high");
  }
}

TEST(RegressionsOfInstruments, AreThoseOfStatsmodels) {
  const Priced priced;
  const std::span<const double> factors[] = {answer("ols.factor.0"), answer("ols.factor.1")};
  Pool pool(2);
  const auto found = instrument_regressions(priced.returns, factors, kLeastInstrumentRows, -1, pool);
  int compared = 0;
  for (const InstrumentRegression& one : found) {
    if (one.column != 0 && one.column != 2 && one.column != 8) continue;
    const std::string name = "ols." + std::to_string(one.column);
    expect_coefficients(one.fit.plain, name + ".plain");
    expect_coefficients(one.fit.robust, name + ".robust");
    const std::vector<double>& checks = answer(name + ".checks");
    expect_near(one.fit.r2, checks[0], name + " R2");
    expect_near(one.fit.durbin_watson, checks[1], name + " Durbin-Watson");
    expect_near(one.fit.jarque_bera, checks[2], name + " Jarque-Bera");
    expect_near(one.fit.jarque_bera_p, checks[3], name + " Jarque-Bera p");
    EXPECT_EQ(static_cast<double>(one.fit.n), checks[4]);
    ++compared;
  }
  EXPECT_EQ(compared, 3);
}

}  // namespace
}  // namespace lode::evaluate
