// The whole sheet: against the oracle, for any thread count, any set of horizons, and for bad input.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/tear_sheet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "lode/base/error.h"
#include "lode/core/evaluate/numbers.h"
#include "lode/core/evaluate/test_market.h"
#include "test/oracle/evaluate.h"

namespace lode::evaluate {
namespace {

using test::kNan;
using ::testing::HasSubstr;

struct Case {
  explicit Case(test::MarketOptions options = {.rows = 300, .columns = 30, .seed = 41, .faults = true},
                test::FactorOptions factor_options = {.persistence = 0.9, .edge = 0.2, .missing = 0.05})
      : axis(test::make_axis(options.rows, options.columns)),
        market(test::make_market(axis, options)),
        factor(test::make_factor(market, factor_options)),
        groups(test::make_groups(axis, 3, true)) {}

  std::shared_ptr<const Axis> axis;
  Market market;
  Panel factor;
  GroupPanel groups;
};

TearSheet sheet_of(const Case& c, const Options& options, int threads = 2) {
  Pool pool(threads);
  auto sheet = tear_sheet(c.factor, c.market, &c.groups, options, pool);
  EXPECT_TRUE(sheet.has_value());
  return std::move(*sheet);
}

ErrorNumber refusal(const Case& c, const Panel& factor, const Options& options, std::string* message = nullptr) {
  Pool pool(1);
  auto sheet = tear_sheet(factor, c.market, nullptr, options, pool);
  EXPECT_FALSE(sheet.has_value());
  if (message != nullptr && !sheet) {
    *message = sheet.error().message();
  }
  return sheet ? E::E9001 : sheet.error().number();
}

// Bits of every number of a sheet, path by path.
std::vector<std::pair<std::string, std::uint64_t>> bits_of(const TearSheet& sheet) {
  std::vector<std::pair<std::string, std::uint64_t>> out;
  for (const Number& number : numbers(sheet)) {
    out.emplace_back(number.path, std::bit_cast<std::uint64_t>(number.value));
    out.emplace_back(number.path + " upper", std::bit_cast<std::uint64_t>(number.upper));
  }
  for (const HorizonResult& horizon : sheet.horizons) {
    for (const auto* series :
         {&horizon.rank_ic_series, &horizon.ic_series, &horizon.spread_series, &horizon.net_series}) {
      for (const double value : *series) {
        out.emplace_back("series", std::bit_cast<std::uint64_t>(value));
      }
    }
  }
  return out;
}

// The factor where its name is in the universe.
oracle::Grid usable_grid(const Case& c) {
  auto grid = oracle::grid_of(c.factor);
  for (std::size_t t = 0; t < c.factor.rows(); ++t) {
    for (std::size_t i = 0; i < c.factor.columns(); ++i) {
      grid[t][i] = c.market.universe[t * c.factor.columns() + i] != 0 ? grid[t][i] : oracle::kNone;
    }
  }
  return grid;
}

// Every number of a horizon against the oracle, dates of fewer than `least` names left out.
void expect_oracle(const Case& c, const TearSheet& sheet, const HorizonResult& h, std::size_t least) {
  const std::size_t rows = c.factor.rows();
  const auto f = usable_grid(c);
  const auto r1 = oracle::labels(c.market, Convention::kNextOpen, 1, true);
  const auto size = static_cast<std::size_t>(h.horizon);
  const auto r = oracle::labels(c.market, Convention::kNextOpen, size, true);
  const auto rank_ic = oracle::coefficients(f, r, least, oracle::spearman);
  const auto ic = oracle::coefficients(f, r, least, oracle::pearson);
  EXPECT_NEAR(h.rank_ic.mean.value, static_cast<double>(oracle::mean(rank_ic)), 1e-12);
  EXPECT_NEAR(h.ic.mean.value, static_cast<double>(oracle::mean(ic)), 1e-12);
  EXPECT_NEAR(h.rank_ic.t_naive, static_cast<double>(oracle::naive_t(rank_ic)), 1e-9);
  EXPECT_NEAR(h.rank_ic.t_newey_west, static_cast<double>(oracle::newey_west_t(rank_ic, h.rank_ic.newey_west_lag)),
              1e-9);
  EXPECT_NEAR(h.rank_ic.t_no_overlap, static_cast<double>(oracle::naive_t(oracle::hodrick(f, r1, size, least))), 1e-9);
  EXPECT_EQ(static_cast<std::size_t>(h.dates), oracle::count(rank_ic));
  std::vector<std::vector<int>> formed;
  std::size_t left_out = 0;
  const int parts = sheet.options.quantiles;
  for (std::size_t t = 0; t < rows; ++t) {
    const auto common = oracle::where_known(f[t], r[t]);
    const std::size_t names = oracle::count(common);
    left_out += names > 0 && names < least ? 1 : 0;
    formed.push_back(names >= std::max(least, static_cast<std::size_t>(parts)) ? oracle::buckets(common, parts)
                                                                               : std::vector<int>(common.size(), 0));
  }
  EXPECT_EQ(static_cast<std::size_t>(h.dates_left_out), left_out);
  const auto book =
      oracle::book(formed, oracle::labels(c.market, Convention::kNextOpen, 1, false), size, parts, 10.0L, rows - 2);
  if (std::isnan(h.spread.gross_annual.value)) {
    EXPECT_THAT(h.spread.gross_annual.reason, ::testing::HasSubstr("have no book"));
    return;
  }
  EXPECT_NEAR(h.spread.gross_annual.value, std::pow(1.0 + static_cast<double>(oracle::mean(book.gross)), 252.0) - 1.0,
              1e-9);
  EXPECT_NEAR(h.spread.net_annual.value, std::pow(1.0 + static_cast<double>(oracle::mean(book.net)), 252.0) - 1.0,
              1e-9);
  EXPECT_NEAR(h.spread.t_no_overlap, static_cast<double>(oracle::naive_t(book.gross)), 1e-9);
}

TEST(TearSheet, EqualsTheOracle) {
  const Case c;
  Options options;
  options.quantiles = 4;
  options.min_names = 1;
  const TearSheet sheet = sheet_of(c, options);
  ASSERT_EQ(sheet.horizons.size(), 3U);
  for (const HorizonResult& h : sheet.horizons) {
    expect_oracle(c, sheet, h, 3);
  }
  EXPECT_EQ(sheet.headline_horizon().horizon, 5);
  EXPECT_EQ(sheet.decay.size(), 8U);
  EXPECT_NEAR(sheet.decay[0].rank_ic, sheet.horizons[0].rank_ic.mean.value, 0.0);
  EXPECT_NEAR(sheet.lagged_rank_ic[0], sheet.horizons[0].rank_ic.mean.value, 1e-15);
  EXPECT_EQ(sheet.groups.size(), 3U);
  EXPECT_TRUE(sheet.group_neutral.has_value());
}

// 40 to 50 names from session 100 on, a dozen before; every ninth session later has a dozen too.
Case thin_case() {
  Case c({.rows = 420, .columns = 50, .seed = 44, .faults = true}, {.persistence = 0.9, .edge = 0.2, .missing = 0.05});
  const Panel whole = c.factor;
  c.factor = test::make_panel(
      c.axis, [&](auto t, auto i) { return (t < 100 || t % 9 == 0) && i % 4 != 0 ? kNan : whole.at(t, i); });
  return c;
}

TEST(TearSheet, DatesOfFewNamesTakeNoPart) {
  const Case c = thin_case();
  const TearSheet sheet = sheet_of(c, Options{});
  EXPECT_EQ(sheet.options.min_names, 20);
  for (const HorizonResult& h : sheet.horizons) {
    expect_oracle(c, sheet, h, 20);
    EXPECT_EQ(h.thin_dates, 0);
  }
  EXPECT_GT(sheet.headline_horizon().dates_left_out, 100);
  EXPECT_EQ(sheet.coverage.warm_up_sessions, 0) << "left out is not warm-up";
  EXPECT_EQ(sheet.coverage.cells_return, sheet.headline_horizon().cells);
  EXPECT_LT(sheet.coverage.ratio, 0.75) << "the names were members: that the factor was silent is no cover";
  for (const GroupResult& group : sheet.groups) {
    EXPECT_LE(group.dates, sheet.headline_horizon().dates);
  }
}

TEST(TearSheet, TheThresholdCanBeAsked) {
  const Case c = thin_case();
  Options options;
  options.min_names = 38;
  const TearSheet strict = sheet_of(c, options);
  EXPECT_EQ(strict.options.min_names, 38);
  options.min_names = 1;
  const TearSheet every = sheet_of(c, options);
  EXPECT_EQ(every.options.min_names, 3) << "two names have no rank correlation to speak of";
  for (std::size_t i = 0; i < 3; ++i) {
    expect_oracle(c, strict, strict.horizons[i], 38);
    expect_oracle(c, every, every.horizons[i], 3);
  }
  EXPECT_EQ(every.headline_horizon().dates_left_out, 0);
  EXPECT_GT(every.headline_horizon().thin_dates, 100);
  EXPECT_LT(every.headline_horizon().dates_left_out, strict.headline_horizon().dates_left_out);
}

// A date of thousands of names judged beside nineteen: what the few say must not show in the headline.
TEST(TearSheet, WhatFewNamesSayDoesNotMoveTheHeadline) {
  const Case c = thin_case();
  Case noisy = c;
  noisy.factor = test::make_panel(c.axis, [&](auto t, auto i) {
    const bool thin = t < 100 || t % 9 == 0;
    return thin ? -c.factor.at(t, i) : c.factor.at(t, i);
  });
  const TearSheet sheet = sheet_of(c, Options{});
  const TearSheet other = sheet_of(noisy, Options{});
  const HorizonResult& h = sheet.headline_horizon();
  EXPECT_EQ(h.rank_ic.t_no_overlap, other.headline_horizon().rank_ic.t_no_overlap);
  EXPECT_EQ(h.rank_ic.mean.value, other.headline_horizon().rank_ic.mean.value);
  EXPECT_EQ(h.spread.net_annual.value, other.headline_horizon().spread.net_annual.value);
  EXPECT_EQ(sheet.lagged_rank_ic[0], other.lagged_rank_ic[0]);
  EXPECT_EQ(sheet.rank_autocorrelation, other.rank_autocorrelation);
  EXPECT_EQ(sheet.placebo_upper, other.placebo_upper);
  EXPECT_EQ(sheet.groups[0].rank_ic, other.groups[0].rank_ic);
  EXPECT_EQ(sheet.groups[0].t_no_overlap, other.groups[0].t_no_overlap);
  EXPECT_EQ(sheet.group_neutral->t_no_overlap, other.group_neutral->t_no_overlap);
}

TEST(TearSheet, ASmallMarketHasASmallThreshold) {
  EXPECT_EQ(min_names_of(0, 5000), 20);
  EXPECT_EQ(min_names_of(0, 39), 20);
  EXPECT_EQ(min_names_of(0, 38), 19);
  EXPECT_EQ(min_names_of(0, 8), 4);
  EXPECT_EQ(min_names_of(0, 3), 3);
  EXPECT_EQ(min_names_of(1, 5000), 3);
  EXPECT_EQ(min_names_of(50, 30), 50);
  const Case c({.rows = 200, .columns = 8, .seed = 2});
  EXPECT_EQ(sheet_of(c, Options{}).options.min_names, 4);
}

TEST(TearSheet, SaysWhenNoDateHasAsManyNamesAsAsked) {
  const Case c({.rows = 100, .columns = 10, .seed = 3});
  Options options;
  options.min_names = 50;
  std::string message;
  EXPECT_EQ(refusal(c, c.factor, options, &message), E::E2102);
  EXPECT_THAT(message, HasSubstr("with at least 50 names a date"));
}

TEST(TearSheet, SameBitsForAnyNumberOfThreads) {
  const Case c;
  const auto one = bits_of(sheet_of(c, Options{}, 1));
  EXPECT_EQ(one, bits_of(sheet_of(c, Options{}, 2)));
  EXPECT_EQ(one, bits_of(sheet_of(c, Options{}, 7)));
}

TEST(TearSheet, AddingAHorizonChangesNoOther) {
  const Case c;
  Options options;
  options.horizons = {5};
  const TearSheet alone = sheet_of(c, options);
  options.horizons = {1, 4, 5, 13, 70};
  const TearSheet many = sheet_of(c, options);
  ASSERT_EQ(many.headline, 2);
  TearSheet reduced = many;
  reduced.horizons = {many.horizons[2]};
  reduced.rank_autocorrelation = {many.rank_autocorrelation[2]};
  reduced.headline = 0;
  EXPECT_EQ(bits_of(alone), bits_of(reduced));
}

TEST(TearSheet, CoverageCountsWhatEachStepLoses) {
  const Case c;
  const TearSheet sheet = sheet_of(c, Options{});
  const Coverage& coverage = sheet.coverage;
  EXPECT_GT(coverage.cells_universe, coverage.cells_factor);
  EXPECT_GT(coverage.cells_factor, coverage.cells_tradable);
  EXPECT_GE(coverage.cells_tradable, coverage.cells_return);
  EXPECT_NEAR(coverage.ratio, 0.95, 0.02);
  EXPECT_EQ(coverage.cells_return, sheet.headline_horizon().cells);
  EXPECT_EQ(coverage.names_series.size(), 300U);
  EXPECT_GT(sheet.delisted_names, 0);
  EXPECT_GT(sheet.headline_horizon().untradable_entries, 0);
  EXPECT_GT(sheet.headline_horizon().delisting_returns_applied, 0);
}

TEST(TearSheet, WarmUpIsCountedAndNotJudged) {
  const Case c({.rows = 200, .columns = 10, .seed = 2});
  Case late = c;
  late.factor = test::make_panel(c.axis, [&](auto t, auto i) { return t < 20 ? kNan : c.factor.at(t, i); });
  const TearSheet sheet = sheet_of(late, Options{});
  EXPECT_EQ(sheet.coverage.warm_up_sessions, 20);
  EXPECT_TRUE(std::isnan(sheet.horizons[0].rank_ic_series[19]));
  EXPECT_FALSE(std::isnan(sheet.horizons[0].rank_ic_series[20]));
  EXPECT_GT(sheet.coverage.ratio, 0.9);
}

TEST(TearSheet, SinglePrecisionFactorsAreTakenAsTheyAre) {
  Case c;
  c.factor = c.factor.as(Precision::kFloat32);
  Case same = c;
  same.factor = c.factor.as(Precision::kFloat64);
  EXPECT_EQ(bits_of(sheet_of(c, Options{})), bits_of(sheet_of(same, Options{})));
}

TEST(TearSheet, APlantedSignalIsFound) {
  const Case c({.rows = 800, .columns = 60, .seed = 43}, {.persistence = 0.0, .edge = 0.06});
  const TearSheet sheet = sheet_of(c, Options{});
  EXPECT_GT(sheet.horizons[0].rank_ic.t_no_overlap, 3.0);
  EXPECT_GT(sheet.horizons[0].monotonicity, 0.5);
  EXPECT_GT(sheet.horizons[0].spread.gross_annual.value, 0.0);
  EXPECT_LT(sheet.lagged_rank_ic[1], 0.5 * sheet.lagged_rank_ic[0]);
}

TEST(TearSheet, InfinitiesCountAsMissing) {
  Case c;
  Case holes = c;
  const auto spoiled = [](std::size_t t, std::size_t i) { return (t * 30 + i) % 13 == 0; };
  c.factor = test::make_panel(c.axis, [&](auto t, auto i) {
    return spoiled(t, i) ? std::numeric_limits<double>::infinity() : holes.factor.at(t, i);
  });
  const Panel before = holes.factor;
  holes.factor = test::make_panel(c.axis, [&](auto t, auto i) { return spoiled(t, i) ? kNan : before.at(t, i); });
  EXPECT_EQ(bits_of(sheet_of(c, Options{})), bits_of(sheet_of(holes, Options{})));
}

// What must never be a finite number on a history of a few days.
void expect_no_performance(const TearSheet& sheet) {
  for (const HorizonResult& h : sheet.horizons) {
    for (const double value : {h.rank_ic.mean.value, h.ic.mean.value, h.rank_ic.icir_annual, h.rank_ic.t_no_overlap,
                               h.spread.gross_annual.value, h.spread.net_annual.value, h.spread.sharpe,
                               h.spread.t_no_overlap, h.monotonicity_p, h.quantiles[0].annual_return}) {
      EXPECT_TRUE(std::isnan(value)) << h.horizon;
    }
    EXPECT_THAT(h.rank_ic.mean.reason, HasSubstr("needs 60"));
    EXPECT_THAT(h.spread.net_annual.reason, HasSubstr("needs 60"));
  }
  EXPECT_EQ(sheet.verdict, Verdict::kCannotTell);
}

TEST(TearSheet, AFewDatesGiveReasonsInsteadOfNumbers) {
  const TearSheet sheet = sheet_of(Case({.rows = 14, .columns = 10, .seed = 1}), Options{});
  expect_no_performance(sheet);
  EXPECT_EQ(sheet.horizons[0].rank_ic.mean.reason, "12 dates, needs 60");
  EXPECT_EQ(sheet.horizons[2].rank_ic.mean.reason, "0 dates, needs 60");
  EXPECT_EQ(sheet.verdict_sentence, "Cannot tell at 5 days: 8 dates, needs 60.");
  expect_no_performance(sheet_of(Case({.rows = 3, .columns = 10, .seed = 1}), Options{}));
}

TEST(TearSheet, HalfOfTheSessionsMissingGiveNoAnnualRate) {
  Case c({.rows = 400, .columns = 12, .seed = 3});
  const Panel whole = c.factor;
  c.factor = test::make_panel(c.axis, [&](auto t, auto i) { return t % 2 == 0 ? whole.at(t, i) : kNan; });
  const TearSheet sheet = sheet_of(c, Options{});
  EXPECT_TRUE(std::isnan(sheet.horizons[0].spread.gross_annual.value));
  EXPECT_TRUE(std::isnan(sheet.horizons[0].spread.sharpe));
  EXPECT_THAT(sheet.horizons[0].spread.gross_annual.reason, HasSubstr("have no book"));
  EXPECT_EQ(sheet.horizons[0].rank_ic.mean.n, 199);
  EXPECT_NEAR(sheet.coverage.ratio, 0.475, 0.01);  // 5 % of the other half is missing too.
}

TEST(TearSheet, RefusesAFactorThatSaysNothing) {
  const Case c({.rows = 100, .columns = 10, .seed = 3});
  std::string message;
  EXPECT_EQ(refusal(c, test::make_panel(c.axis, [](auto, auto) { return kNan; }), Options{}, &message), E::E1114);
  EXPECT_THAT(message, HasSubstr("all 1,000 cells of 100 sessions and 10 names are missing"));
  EXPECT_EQ(refusal(c, test::make_panel(c.axis, [](auto, auto) { return 0.1; }), Options{}, &message), E::E1114);
  EXPECT_THAT(message, HasSubstr("constant"));
  EXPECT_EQ(refusal(c, test::make_panel(c.axis, [](auto t, auto) { return static_cast<double>(t); }), Options{}),
            E::E1114);
}

TEST(TearSheet, RefusesTooFewInstrumentsOrSessions) {
  const Case c({.rows = 100, .columns = 4, .seed = 3});
  std::string message;
  EXPECT_EQ(refusal(c, c.factor, Options{}, &message), E::E2102);
  EXPECT_EQ(message, "the factor has at most 4 names on a date, 5 quantiles need at least 5");
  const Case one({.rows = 1, .columns = 10, .seed = 3});
  EXPECT_EQ(refusal(one, one.factor, Options{}, &message), E::E2102);
  EXPECT_THAT(message, HasSubstr("1 sessions, and a 1-session return under next_open needs 3"));
}

TEST(TearSheet, RefusesOptionsOutOfRange) {
  const Case c({.rows = 100, .columns = 10, .seed = 3});
  const auto with = [](auto change) {
    Options options;
    change(options);
    return options;
  };
  EXPECT_EQ(refusal(c, c.factor, with([](Options& o) { o.horizons = {}; })), E::E4);
  EXPECT_EQ(refusal(c, c.factor, with([](Options& o) { o.horizons = {0, 5}; })), E::E4);
  EXPECT_EQ(refusal(c, c.factor, with([](Options& o) { o.horizons = {5, 5}; })), E::E4);
  EXPECT_EQ(refusal(c, c.factor, with([](Options& o) { o.horizons = {505}; })), E::E4);
  EXPECT_EQ(refusal(c, c.factor, with([](Options& o) { o.quantiles = 1; })), E::E4);
  EXPECT_EQ(refusal(c, c.factor, with([](Options& o) { o.cost_bps = -1.0; })), E::E4);
  EXPECT_EQ(refusal(c, c.factor, with([](Options& o) { o.cost_bps = kNan; })), E::E4);
  EXPECT_EQ(refusal(c, c.factor, with([](Options& o) { o.min_dates = 1; })), E::E4);
  EXPECT_EQ(refusal(c, c.factor, with([](Options& o) { o.min_names = -1; })), E::E4);
  EXPECT_EQ(refusal(c, c.factor, with([](Options& o) { o.convention = Convention::kVwap; })), E::E1113);
}

}  // namespace
}  // namespace lode::evaluate
