// A tear sheet made by hand for the tests and the benchmark of the report: ten years of daily series drawn from a
// planted edge, so that every section has something to show. Not a market: only the page is under test here.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "lode/base/math.h"
#include "lode/base/random.h"
#include "lode/core/evaluate/tear_sheet.h"
#include "lode/core/report/series.h"
#include "lode/core/report/tear_sheet_page.h"

namespace lode::report::test {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct SheetOptions {
  int sessions = 2520;
  std::vector<int> horizons{1, 5, 21};
  int quantiles = 5;
  int warm_up = 6;
  double cost_bps = 10.0;
  double edge = 0.024;  // Mean rank IC at 5 sessions.
  bool groups = true;
  std::uint64_t seed = 7;
};

// Weekdays from 2015-01-02.
inline std::vector<Date> weekdays(int count) {
  std::vector<Date> out;
  for (Date day = Date::from_civil(2015, 1, 2); static_cast<int>(out.size()) < count; day = day + 1) {
    if (day.weekday() < 5) {
      out.push_back(day);
    }
  }
  return out;
}

inline evaluate::IcStatistics statistics(const std::vector<double>& series, double inflation) {
  const Moments found = moments(series);
  const double t = found.mean / found.deviation * math::sqrt(static_cast<double>(found.count));
  const double error = math::abs(found.mean / (t / inflation));
  std::int64_t above = 0;
  for (const double value : series) {
    above += value > 0.0 ? 1 : 0;
  }
  evaluate::IcStatistics out;
  out.mean = {found.mean, found.mean - 1.96 * error, found.mean + 1.96 * error, found.count, ""};
  out.standard_deviation = found.deviation;
  out.icir = found.mean / found.deviation;
  out.icir_annual = out.icir * math::sqrt(252.0);
  out.t_no_overlap = t / inflation;
  out.t_newey_west = t / inflation * 1.08;
  out.newey_west_lag = 8;
  out.t_naive = t;
  out.share_positive = static_cast<double>(above) / static_cast<double>(found.count);
  out.skew = -0.11;
  out.kurtosis = 0.34;
  return out;
}

inline double yearly(double session) { return math::expm1(math::log1p(session) * 252.0); }

// Series of one horizon: IC of the edge with a slow cycle, quantile returns around a common market path.
inline evaluate::HorizonResult horizon_result(const SheetOptions& options, int horizon, double cost_bps) {
  evaluate::HorizonResult out;
  const Random random(options.seed, static_cast<std::uint64_t>(horizon));
  const auto n = static_cast<std::size_t>(options.sessions);
  const auto q = static_cast<std::size_t>(options.quantiles);
  const double edge = options.edge * (horizon == 1 ? 1.3 : horizon <= 5 ? 1.0 : 0.4);
  const double turnover = 0.64 / (horizon == 1 ? 1.0 : horizon * 0.75);
  const double cost = cost_bps * 1e-4 * 4.0 * turnover;
  out.horizon = horizon;
  out.quantile_series.assign(q, std::vector<double>(n, kNaN));
  out.ic_series.assign(n, kNaN);
  out.rank_ic_series = out.spread_series = out.net_series = out.ic_series;
  for (std::size_t t = static_cast<std::size_t>(options.warm_up); t < n; ++t) {
    const double cycle =
        1.0 - 1.4 * static_cast<double>(t) / static_cast<double>(n) + 0.8 * math::sin(static_cast<double>(t) / 260.0);
    out.rank_ic_series[t] = edge * (0.4 + cycle) + 0.11 * random.normal_at(t * 20);
    out.ic_series[t] = 0.8 * out.rank_ic_series[t] + 0.03 * random.normal_at(t * 20 + 1);
    const double market = 0.0004 + 0.009 * random.normal_at(t * 20 + 2);
    const double lean = (edge * 0.022 * (0.4 + cycle) + 0.0026 * random.normal_at(t * 20 + 3));
    for (std::size_t k = 0; k < q; ++k) {
      const double place = q == 1 ? 0.0 : static_cast<double>(k) / static_cast<double>(q - 1) - 0.5;
      out.quantile_series[k][t] = market + lean * place + 0.0006 * random.normal_at(t * 20 + 4 + k % 12);
    }
    out.spread_series[t] = out.quantile_series[q - 1][t] - out.quantile_series[0][t];
    out.net_series[t] = out.spread_series[t] - cost;
  }
  const double inflation = horizon == 1 ? 1.0 : math::sqrt(horizon * 0.6);
  out.rank_ic = statistics(out.rank_ic_series, inflation);
  out.ic = statistics(out.ic_series, inflation);
  out.dates = out.rank_ic.mean.n;
  double mean_of_all = 0.0;
  for (const std::vector<double>& one : out.quantile_series) {
    mean_of_all += moments(one).mean / static_cast<double>(q);
  }
  for (std::size_t k = 0; k < q; ++k) {
    const Moments found = moments(out.quantile_series[k]);
    const double mean = found.mean - mean_of_all;
    const double error = 0.0014 / math::sqrt(static_cast<double>(found.count));
    out.quantiles.push_back({static_cast<int>(k) + 1,
                             {mean, mean - 1.96 * error, mean + 1.96 * error, found.count, ""},
                             {found.mean, found.mean - 4e-4, found.mean + 4e-4, found.count, ""},
                             yearly(mean),
                             turnover * 0.9,
                             97.4});
  }
  const double gross = moments(out.spread_series).mean;
  const double net = moments(out.net_series).mean;
  const double error = moments(out.spread_series).deviation / math::sqrt(static_cast<double>(out.dates));
  out.spread.gross_annual = {yearly(gross), yearly(gross - 1.96 * error), yearly(gross + 1.96 * error), out.dates, ""};
  out.spread.net_annual = {yearly(net), yearly(net - 1.96 * error), yearly(net + 1.96 * error), out.dates, ""};
  out.spread.t_no_overlap = gross / error;
  out.weighted = {.annual = out.spread.gross_annual,
                  .t_newey_west = gross / error,
                  .alpha_annual = out.spread.net_annual,
                  .alpha_t = net / error,
                  .beta = 0.12,
                  .beta_t = 2.2};
  out.spread.breakeven_bps = gross > 0.0 ? gross / (4.0 * turnover) * 1e4 : kNaN;
  out.spread.turnover_a_session = turnover;
  out.spread.long_annual = yearly(moments(out.quantile_series[q - 1]).mean - mean_of_all);
  out.spread.short_annual = yearly(mean_of_all - moments(out.quantile_series[0]).mean);
  out.monotonicity = 0.9;
  out.monotonicity_p = 0.004;
  out.cells = out.dates * 487;
  out.untradable_entries = 1204;
  out.late_exits = 311;
  out.delisted_inside = 58;
  out.delisting_returns_applied = 51;
  return out;
}

inline std::vector<evaluate::YearResult> year_results(const std::vector<Date>& sessions,
                                                      const evaluate::HorizonResult& one) {
  std::vector<evaluate::YearResult> out;
  for (int year = sessions.front().year(); year <= sessions.back().year(); ++year) {
    std::vector<double> ic;
    std::vector<double> gross;
    std::vector<double> net;
    for (std::size_t t = 0; t < sessions.size(); ++t) {
      if (sessions[t].year() == year) {
        ic.push_back(one.rank_ic_series[t]);
        gross.push_back(one.spread_series[t]);
        net.push_back(one.net_series[t]);
      }
    }
    out.push_back({year, moments(ic).mean, yearly(moments(gross).mean), yearly(moments(net).mean), moments(ic).count});
  }
  return out;
}

inline evaluate::Coverage coverage(const SheetOptions& options) {
  evaluate::Coverage out;
  const Random random(options.seed, 1000);
  double names = 452.0;
  for (int t = 0; t < options.sessions; ++t) {
    names += t % 21 == 0 ? 2.0 * random.normal_at(static_cast<std::uint64_t>(t)) + 0.3 : 0.0;
    out.names_series.push_back(t < options.warm_up ? 0.0 : math::floor(names));
  }
  out.cells_universe = std::int64_t{500} * options.sessions;
  out.cells_factor = out.cells_universe / 100 * 91;
  out.cells_tradable = out.cells_universe / 1000 * 903;
  out.cells_return = out.cells_universe / 1000 * 899;
  out.ratio = 0.91;
  out.warm_up_sessions = options.warm_up;
  return out;
}

inline evaluate::TearSheet make_sheet(const SheetOptions& options = {}) {
  using evaluate::CheckState;
  evaluate::TearSheet out;
  out.options.horizons = options.horizons;
  out.options.quantiles = options.quantiles;
  out.options.cost_bps = options.cost_bps;
  out.sessions = weekdays(options.sessions);
  for (std::size_t i = 0; i < options.horizons.size(); ++i) {
    out.horizons.push_back(horizon_result(options, options.horizons[i], options.cost_bps));
    const int gap = options.horizons[i] > 5 ? options.horizons[i] - 5 : 5 - options.horizons[i];
    const int best = options.horizons[static_cast<std::size_t>(out.headline)];
    out.headline = gap < (best > 5 ? best - 5 : 5 - best) ? static_cast<int>(i) : out.headline;
    out.rank_autocorrelation.push_back(math::exp(-options.horizons[i] / 9.0));
  }
  for (const int horizon : {1, 2, 3, 5, 10, 21, 42, 63}) {
    const double ic = options.edge * 1.35 * math::exp(-horizon / 17.0);
    out.decay.push_back({horizon, ic, ic - 0.006 - 0.0001 * horizon, ic + 0.006 + 0.0001 * horizon});
  }
  out.half_life_sessions = {11.8, 8.1, 16.2, 8, ""};
  for (int k = 0; k <= 5; ++k) {
    out.lagged_rank_ic.push_back(options.edge * 1.3 * math::exp(-k / 6.0));
  }
  out.coverage = coverage(options);
  if (options.groups) {
    const std::vector<std::string> names{
        "Consumer Discretionary", "Financials", "Health Care", "Energy",     "Materials",
        "Information Technology", "Utilities",  "Industrials", "Real Estate"};
    for (std::size_t g = 0; g < names.size(); ++g) {
      const double ic = options.edge * (1.9 - 0.32 * static_cast<double>(g));
      out.groups.push_back({names[g], ic, ic / 0.008, ic - 0.016, ic + 0.016, 55.5 - static_cast<double>(g)});
    }
    out.group_neutral = out.headline_horizon().rank_ic;
  }
  out.years = year_results(out.sessions, out.headline_horizon());
  out.placebo_lower = -0.0031;
  out.placebo_upper = 0.0033;
  out.checks = {
      {"look_ahead", "Look-ahead check", CheckState::kPassed, "no operator reads ahead",
       "Formula and label share no price."},
      {"ic_too_high", "IC too good to be true", CheckState::kPassed, "+0.0241", "Above 0.10 in size is a red flag."},
      {"coverage_low", "Coverage", CheckState::kPassed, "91.0 %", "Below 50 % is a red flag."},
      {"delay", "Sign under one day of delay", CheckState::kWarning, "+0.0203", "Halves when traded a day later."},
      {"out_of_sample", "Out-of-sample share", CheckState::kUnknown, "not declared", "Name a vault to keep one."}};
  out.verdict = evaluate::Verdict::kWeak;
  out.verdict_sentence =
      "Predicts 5 days ahead (IC +0.0243, t +4.12); after 10 bp a side little is left; weak since 2021.";
  return out;
}

inline FactorPage make_page() {
  FactorPage out;
  out.name = "reversal5";
  out.formula = "rank(-ts_delta(close, 5))";
  out.profile = "lode";
  out.universe = "liquid500";
  out.synthetic = true;
  out.run_hash = "5e0c91aa77de4f2b";
  out.code_version = "lode 0.1.0";
  out.as_of = "now";
  out.commit = "lake commit 37";
  out.command =
      "lode factor report 'rank(-ts_delta(close, 5))' --universe liquid500 --from 2015-01-02 --to 2024-08-30 "
      "--horizons 1,5,21 --quantiles 5 --group sector --cost-bps 10";
  out.convention = "next_open";
  out.trials = 4;
  out.rows_set_aside = 12;
  out.rows_flagged = 9;
  out.delisted_names = 31;
  out.names = 500;
  out.options = {{"horizons", "1,5,21"}, {"quantiles", "5"}, {"cost_bps", "10"}, {"precision", "f64"}, {"seed", "7"}};
  out.warnings = {"daily bars have no time zone: taken as XNYS sessions"};
  out.lineage = {{"factor reversal5",
                  "rank(-ts_delta(close, 5)), liquid500@2024-08-30",
                  {{"close",
                    "lake commit 37",
                    {{"bars/2019.csv", "sha256 5e0c91aa, rows 812 004, set aside 12", {}},
                     {"bars/2020.csv", "sha256 77de4f2b, rows 811 920, set aside 0", {}}}}}},
                 {"labels", "open, next_open, 1, 5, 21 sessions", {{"open", "lake commit 37", {}}}}};
  for (int i = 0; i < 10; ++i) {
    out.examples_top.emplace_back("AAA" + std::to_string(i), "0.99" + std::to_string(9 - i));
    out.examples_bottom.emplace_back("ZZZ" + std::to_string(i), "0.00" + std::to_string(i + 1));
  }
  return out;
}

// A sheet with nothing in it: every estimate missing with a reason, no series, no groups.
inline evaluate::TearSheet empty_sheet() {
  const std::string reason = "3 days, needs 60";
  const evaluate::Estimate none{kNaN, kNaN, kNaN, 0, reason};
  const evaluate::IcStatistics no_ic{none, kNaN, kNaN, kNaN, kNaN, kNaN, 0, kNaN, kNaN, kNaN, kNaN};
  evaluate::TearSheet out;
  out.sessions = weekdays(3);
  evaluate::HorizonResult one;
  one.horizon = 5;
  one.ic = one.rank_ic = no_ic;
  one.ic_series = one.rank_ic_series = one.spread_series = one.net_series = {kNaN, kNaN, kNaN};
  one.spread = {none, none, kNaN, kNaN, kNaN, kNaN, kNaN};
  one.monotonicity = one.monotonicity_p = kNaN;
  out.horizons = {one};
  out.half_life_sessions = none;
  out.rank_autocorrelation = {kNaN};
  out.lagged_rank_ic = {kNaN, kNaN};
  out.decay = {{1, kNaN, kNaN, kNaN}};
  out.placebo_lower = out.placebo_upper = kNaN;
  out.verdict_sentence = "Cannot tell: 3 days, needs 60.";
  return out;
}

}  // namespace lode::report::test
