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

TEST(TearSheet, EqualsTheOracle) {
  const Case c;
  Options options;
  options.quantiles = 4;
  const TearSheet sheet = sheet_of(c, options);
  const auto f = [&] {
    auto grid = oracle::grid_of(c.factor);
    for (std::size_t t = 0; t < 300; ++t) {
      for (std::size_t i = 0; i < 30; ++i) {
        grid[t][i] = c.market.universe[t * 30 + i] != 0 ? grid[t][i] : oracle::kNone;
      }
    }
    return grid;
  }();
  const auto r1 = oracle::labels(c.market, Convention::kNextOpen, 1, true);
  ASSERT_EQ(sheet.horizons.size(), 3U);
  for (const HorizonResult& h : sheet.horizons) {
    const auto size = static_cast<std::size_t>(h.horizon);
    const auto r = oracle::labels(c.market, Convention::kNextOpen, size, true);
    const auto rank_ic = oracle::coefficients(f, r, 3, oracle::spearman);
    const auto ic = oracle::coefficients(f, r, 3, oracle::pearson);
    EXPECT_NEAR(h.rank_ic.mean.value, static_cast<double>(oracle::mean(rank_ic)), 1e-12);
    EXPECT_NEAR(h.ic.mean.value, static_cast<double>(oracle::mean(ic)), 1e-12);
    EXPECT_NEAR(h.rank_ic.t_naive, static_cast<double>(oracle::naive_t(rank_ic)), 1e-9);
    EXPECT_NEAR(h.rank_ic.t_newey_west, static_cast<double>(oracle::newey_west_t(rank_ic, h.rank_ic.newey_west_lag)),
                1e-9);
    EXPECT_NEAR(h.rank_ic.t_no_overlap, static_cast<double>(oracle::naive_t(oracle::hodrick(f, r1, size, 3))), 1e-9);
    std::vector<std::vector<int>> formed;
    for (std::size_t t = 0; t < 300; ++t) {
      const auto common = oracle::where_known(f[t], r[t]);
      formed.push_back(oracle::count(common) >= 4 ? oracle::buckets(common, 4) : std::vector<int>(30, 0));
    }
    const auto book =
        oracle::book(formed, oracle::labels(c.market, Convention::kNextOpen, 1, false), size, 4, 10.0L, 298);
    EXPECT_NEAR(h.spread.gross_annual.value, std::pow(1.0 + static_cast<double>(oracle::mean(book.gross)), 252.0) - 1.0,
                1e-9);
    EXPECT_NEAR(h.spread.net_annual.value, std::pow(1.0 + static_cast<double>(oracle::mean(book.net)), 252.0) - 1.0,
                1e-9);
    EXPECT_NEAR(h.spread.t_no_overlap, static_cast<double>(oracle::naive_t(book.gross)), 1e-9);
  }
  EXPECT_EQ(sheet.headline_horizon().horizon, 5);
  EXPECT_EQ(sheet.decay.size(), 8U);
  EXPECT_NEAR(sheet.decay[0].rank_ic, sheet.horizons[0].rank_ic.mean.value, 0.0);
  EXPECT_NEAR(sheet.lagged_rank_ic[0], sheet.horizons[0].rank_ic.mean.value, 1e-15);
  EXPECT_EQ(sheet.groups.size(), 3U);
  EXPECT_TRUE(sheet.group_neutral.has_value());
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
  EXPECT_EQ(refusal(c, c.factor, with([](Options& o) { o.convention = Convention::kVwap; })), E::E1113);
}

}  // namespace
}  // namespace lode::evaluate
