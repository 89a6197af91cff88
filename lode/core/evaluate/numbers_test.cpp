// Every number has one path, a definition, and a value or a reason.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/numbers.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "lode/core/evaluate/test_market.h"

namespace lode::evaluate {
namespace {

std::map<std::string, Number> by_path(const TearSheet& sheet) {
  std::map<std::string, Number> out;
  for (const Number& number : numbers(sheet)) {
    EXPECT_TRUE(out.emplace(number.path, number).second) << number.path << " stands twice";
  }
  return out;
}

TearSheet make_sheet(std::size_t rows) {
  Pool pool(2);
  const auto axis = test::make_axis(rows, 20);
  const Market market = test::make_market(axis, {.rows = rows, .columns = 20, .seed = 51, .faults = true});
  const GroupPanel groups = test::make_groups(axis, 2, true);
  auto sheet = tear_sheet(test::make_factor(market, {.edge = 0.3}), market, &groups, Options{}, pool);
  EXPECT_TRUE(sheet.has_value());
  return std::move(*sheet);
}

TEST(Numbers, CarryTheSheetUnderTheirPaths) {
  const TearSheet sheet = make_sheet(400);
  const auto found = by_path(sheet);
  const HorizonResult& week = sheet.horizons[1];
  EXPECT_EQ(found.at("rank_ic.5d.mean").value, week.rank_ic.mean.value);
  EXPECT_EQ(found.at("rank_ic.5d.mean").upper, week.rank_ic.mean.upper);
  EXPECT_EQ(found.at("rank_ic.5d.mean").n, week.rank_ic.mean.n);
  EXPECT_EQ(found.at("ic.21d.t_no_overlap").value, sheet.horizons[2].ic.t_no_overlap);
  EXPECT_EQ(found.at("quantile.5d.q5.return").value, week.quantiles[4].mean_return.value);
  EXPECT_EQ(found.at("spread.5d.net_annual").value, week.spread.net_annual.value);
  EXPECT_EQ(found.at("spread.5d.net_annual").unit, "ratio/yr");
  EXPECT_EQ(found.at("spread.1d.breakeven_bps").unit, "bps");
  EXPECT_EQ(found.at("turnover.5d").value, week.spread.turnover_a_session);
  EXPECT_EQ(found.at("autocorrelation.21d").value, sheet.rank_autocorrelation[2]);
  EXPECT_EQ(found.at("coverage.ratio").value, sheet.coverage.ratio);
  EXPECT_EQ(found.at("decay.10d.rank_ic").value, sheet.decay[4].rank_ic);
  EXPECT_EQ(found.at("lagged.2d.rank_ic").value, sheet.lagged_rank_ic[2]);
  EXPECT_EQ(found.at("placebo.upper").value, sheet.placebo_upper);
  EXPECT_EQ(found.at("year.2010.rank_ic").value, sheet.years[0].rank_ic);
  EXPECT_EQ(found.at("group.group 1.rank_ic").value, sheet.groups[1].rank_ic);
  EXPECT_EQ(found.at("group_neutral.mean").value, sheet.group_neutral->mean.value);
  EXPECT_EQ(horizon_key(21), "21d");
}

// What the page prints of the money can be asked for: compounded here a second time, session by session.
TEST(Numbers, TellThePathOfTheMoney) {
  const TearSheet sheet = make_sheet(400);
  const auto found = by_path(sheet);
  const HorizonResult& week = sheet.headline_horizon();
  std::map<std::string, double> wealth;
  std::map<std::string, std::int64_t> days;
  double peak = 1.0;
  double deepest = 0.0;
  for (std::size_t t = 0; t < sheet.sessions.size(); ++t) {
    if (std::isnan(week.net_series[t])) {
      continue;
    }
    const std::string year = fmt::format("year.{}.net_compounded", sheet.sessions[t].year());
    const std::string month = fmt::format("month.{}.{:02}.net", sheet.sessions[t].year(), sheet.sessions[t].month());
    for (const std::string& path : {std::string("path.net"), year, month}) {
      wealth.try_emplace(path, 1.0).first->second *= 1.0 + week.net_series[t];
      ++days[path];
    }
    peak = std::max(peak, wealth["path.net"]);
    deepest = std::min(deepest, wealth["path.net"] / peak - 1.0);
  }
  ASSERT_GT(wealth.size(), 10U);
  for (const auto& [path, value] : wealth) {
    EXPECT_NEAR(found.at(path).value, value - 1.0, 1e-12) << path;
    EXPECT_EQ(found.at(path).n, days[path]) << path;
  }
  EXPECT_NEAR(found.at("fall.1.depth").value, deepest, 1e-12);
  EXPECT_LE(found.at("fall.1.depth").value, found.at("fall.2.depth").value);
  EXPECT_FALSE(found.contains("fall.6.depth"));
  EXPECT_EQ(std::ranges::count_if(found, [](const auto& one) { return one.first.starts_with("month."); }),
            static_cast<std::ptrdiff_t>(
                std::ranges::count_if(wealth, [](const auto& one) { return one.first.starts_with("month."); })))
      << "a month without a session of the book has no number";
  EXPECT_GT(found.at("path.q5").value, found.at("path.q1").value) << "the planted edge";
}

TEST(Numbers, HaveADefinitionAndAValueOrAReason) {
  for (const std::size_t rows : {14U, 400U}) {
    for (const Number& number : numbers(make_sheet(rows))) {
      EXPECT_FALSE(number.definition.empty()) << number.path;
      EXPECT_TRUE(number.definition.ends_with('.')) << number.path;
      EXPECT_EQ(std::isnan(number.value), !number.reason.empty()) << number.path << " " << number.value;
      EXPECT_FALSE(std::isinf(number.value)) << number.path;
    }
  }
}

TEST(Numbers, NoPathIsTheBeginningOfAnother) {
  const auto found = by_path(make_sheet(400));
  for (auto at = found.begin(); std::next(at) != found.end(); ++at) {
    EXPECT_FALSE(std::next(at)->first.starts_with(at->first + ".")) << at->first;
  }
}

TEST(Numbers, ShortHistorySaysWhy) {
  const auto found = by_path(make_sheet(14));
  EXPECT_EQ(found.at("rank_ic.1d.mean").reason, "12 dates, needs 60");
  EXPECT_EQ(found.at("rank_ic.1d.t_no_overlap").reason, "12 dates, needs 60");
  EXPECT_EQ(found.at("spread.1d.sharpe").reason, "12 sessions, needs 60");
  EXPECT_EQ(found.at("year.2010.rank_ic").reason, "8 dates, needs 20");
  EXPECT_EQ(found.at("decay.1d.rank_ic").reason, "12 dates, needs 60");
  EXPECT_EQ(found.at("decay.63d.rank_ic").reason, "0 dates, needs 60");
  EXPECT_EQ(found.at("decay.63d.rank_ic").n, 0);
  EXPECT_EQ(found.at("lagged.2d.rank_ic").reason, "10 dates, needs 60");
  EXPECT_EQ(found.at("group.group 1.rank_ic").reason, "8 dates, needs 60") << "5-session returns";
}

TEST(Numbers, EachStandsOnItsOwnDates) {
  const TearSheet sheet = make_sheet(400);
  const auto found = by_path(sheet);
  // An h-session return entered at the next open needs h + 1 sessions after the signal.
  for (const int horizon : {1, 5, 21, 63}) {
    EXPECT_LE(found.at(fmt::format("decay.{}d.rank_ic", horizon)).n, 400 - horizon - 1);
    EXPECT_GT(found.at(fmt::format("decay.{}d.rank_ic", horizon)).n, 400 - horizon - 10);
  }
  EXPECT_EQ(found.at("decay.5d.rank_ic").n, found.at("rank_ic.5d.mean").n);
  EXPECT_EQ(found.at("lagged.0d.rank_ic").n, found.at("rank_ic.1d.mean").n);
  EXPECT_EQ(found.at("group.group 1.rank_ic").n, sheet.groups[1].dates);
  EXPECT_GT(sheet.groups[1].dates, 300);
  EXPECT_EQ(found.at("coverage.warm_up_sessions").n, 400);
}

}  // namespace
}  // namespace lode::evaluate
