// The list of paths. A number's definition stands beside the line that reads it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/numbers.h"

#include <fmt/format.h>

#include "lode/core/evaluate/estimate.h"
#include "lode/core/evaluate/kernel/path.h"
#include "lode/core/evaluate/study/numbers.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

constexpr std::string_view kUndefined = "undefined on this data";

// Collects numbers; a missing one without a reason of its own takes that of the estimate it belongs to.
class List {
 public:
  void add(std::string path, const Estimate& estimate, std::string_view unit, std::string_view definition) {
    const bool missing = !stat::is_valid(estimate.value);
    numbers_.push_back({.path = std::move(path),
                        .value = estimate.value,
                        .unit = std::string(unit),
                        .n = estimate.n,
                        .lower = estimate.lower,
                        .upper = estimate.upper,
                        .definition = definition,
                        .reason = !missing                  ? ""
                                  : estimate.reason.empty() ? std::string(kUndefined)
                                                            : estimate.reason});
  }

  // A number that shares the observations (and the reason) of `of`.
  void add(std::string path, double value, const Estimate& of, std::string_view unit, std::string_view definition) {
    const std::string& why = stat::is_valid(of.value) ? std::string() : of.reason;
    add(std::move(path), {.value = value, .lower = kNoValue, .upper = kNoValue, .n = of.n, .reason = why}, unit,
        definition);
  }

  void add(std::string path, double value, std::int64_t n, std::string_view unit, std::string_view definition) {
    add(std::move(path), {.value = value, .lower = kNoValue, .upper = kNoValue, .n = n, .reason = ""}, unit,
        definition);
  }

  std::vector<Number> take() { return std::move(numbers_); }

 private:
  std::vector<Number> numbers_;
};

void add_ic(const std::string& key, const IcStatistics& ic, std::string_view mean_definition, List& list) {
  const Estimate& of = ic.mean;
  list.add(key + ".mean", of, "ratio", mean_definition);
  list.add(key + ".standard_deviation", ic.standard_deviation, of, "ratio",
           "Standard deviation (n - 1) of the daily coefficients.");
  list.add(key + ".icir", ic.icir, of, "ratio", "Mean of the daily coefficients over their standard deviation.");
  list.add(key + ".icir_annual", ic.icir_annual, of, "ratio",
           "ICIR times the square root of sessions a year over the horizon.");
  list.add(key + ".t_no_overlap", ic.t_no_overlap, of, "",
           "t of one-day ranked returns against the summed ranks of the last h sessions (Hodrick 1992): right for "
           "overlapping horizons.");
  list.add(key + ".t_newey_west", ic.t_newey_west, of, "",
           "t of the mean with Newey-West errors, lag the longer of h - 1 and floor(4 (T/100)^(2/9)); too large for "
           "persistent factors.");
  list.add(key + ".newey_west_lag", ic.newey_west_lag, of, "sessions", "Lag of the Newey-West errors.");
  list.add(key + ".t_naive", ic.t_naive, of, "",
           "ICIR times the square root of the dates: wrong when horizons overlap.");
  list.add(key + ".share_positive", ic.share_positive, of, "ratio", "Share of dates with a coefficient above 0.");
  list.add(key + ".skew", ic.skew, of, "", "Skewness G1 of the daily coefficients.");
  list.add(key + ".kurtosis", ic.kurtosis, of, "", "Excess kurtosis G2 of the daily coefficients; a normal has 0.");
}

void add_quantiles(const std::string& key, const HorizonResult& h, List& list) {
  for (const QuantileStatistics& one : h.quantiles) {
    const std::string path = fmt::format("quantile.{}.q{}", key, one.quantile);
    const Estimate& of = one.mean_return;
    list.add(path + ".return", of, "ratio",
             "Mean over dates of the bucket's mean forward return less that of all names, a session.");
    list.add(path + ".return_absolute", one.mean_return_absolute, "ratio",
             "Mean over dates of the bucket's mean forward return, a session.");
    list.add(path + ".annual", one.annual_return, of, "ratio/yr",
             "The bucket's mean return less that of all names, compounded over a year.");
    list.add(path + ".turnover", one.turnover, of, "ratio",
             "Share of the bucket's names that were not in it h sessions earlier, mean over dates.");
    list.add(path + ".names", one.mean_count, of, "names", "Names in the bucket, mean over dates.");
  }
  const Estimate& of = h.rank_ic.mean;
  list.add(fmt::format("monotonicity.{}.rank", key), h.monotonicity, of, "ratio",
           "Spearman correlation of bucket number and mean return.");
  list.add(fmt::format("monotonicity.{}.p", key), h.monotonicity_p, of, "",
           "Bootstrap p of no steady climb from bucket to bucket (Patton & Timmermann 2010), doubled for the open "
           "direction.");
}

void add_spread(const std::string& key, const SpreadStatistics& s, List& list) {
  const std::string path = "spread." + key;
  const Estimate& of = s.gross_annual;
  list.add(path + ".gross_annual", s.gross_annual, "ratio/yr",
           "Top less bottom bucket, h overlapping tranches, before costs, compounded over a year.");
  list.add(path + ".net_annual", s.net_annual, "ratio/yr",
           "The same after costs on everything bought and sold, both legs.");
  list.add(path + ".t_no_overlap", s.t_no_overlap, of, "", "t of the daily returns of the tranches before costs.");
  list.add(path + ".breakeven_bps", s.breakeven_bps, of, "bps",
           "Cost a side at which nothing is left of the mean gross return.");
  list.add(path + ".long_annual", s.long_annual, of, "ratio/yr",
           "Top bucket over the mean of all buckets, before costs, compounded over a year.");
  list.add(path + ".short_annual", s.short_annual, of, "ratio/yr",
           "Mean of all buckets over the bottom one, before costs, compounded over a year.");
  list.add(path + ".sharpe", s.sharpe, of, "ratio",
           "Mean over standard deviation of the daily gross returns, times the square root of sessions a year.");
  list.add(path + ".share_positive", s.share_positive, of, "ratio", "Share of sessions with a gross return above 0.");
  list.add(path + ".straightness", s.straightness, of, "ratio", "R2 of the cumulated gross return on time.");
  list.add(path + ".chance_straightness", s.chance_straightness, of, "ratio",
           "The R2 that one in a hundred random walks with this drift and volatility surpasses.");
  list.add(path + ".best_year_share", s.best_year_share, of, "ratio",
           "Share of the gross profit made in its best calendar year.");
  list.add(path + ".best_name_share", s.best_name_share, of, "ratio",
           "Share of the gross profit made by its best name.");
  list.add(path + ".best_days_share", s.best_days_share, of, "ratio",
           "Share of the gross profit made in its best 1 % of sessions.");
  list.add("turnover." + key, s.turnover_a_session, of, "ratio",
           "Share of the long-short book's gross replaced each session, one-sided.");
}

void add_weighted(const std::string& path, const WeightedStatistics& w, List& list) {
  list.add(
      path + ".annual", w.annual, "ratio/yr",
      "What weights (f - mean f) / sum |f - mean f| earned before costs, (1 + mean date)^(sessions a year / h) - 1.");
  list.add(path + ".t_newey_west", w.t_newey_west, w.annual, "",
           "t of that mean with the lag of the IC; the t that allows for persistent factors is ic.Hd.t_no_overlap.");
  list.add(
      path + ".alpha_annual", w.alpha_annual, "ratio/yr",
      "Intercept of these returns on the mean return of the same names, (1 + intercept)^(sessions a year / h) - 1.");
  list.add(path + ".alpha_t", w.alpha_t, w.alpha_annual, "", "t of that intercept, Newey-West errors.");
  list.add(path + ".beta", w.beta, w.alpha_annual, "ratio",
           "Slope of these returns on the mean return of the same names.");
  list.add(path + ".beta_t", w.beta_t, w.alpha_annual, "", "t of that slope, Newey-West errors.");
}

void add_cells(const std::string& key, const HorizonResult& h, List& list) {
  const auto count = [&](std::string_view name, std::int64_t value, std::string_view unit,
                         std::string_view definition) {
    list.add(fmt::format("cells.{}.{}", key, name), static_cast<double>(value), h.dates, unit, definition);
  };
  count("dates", h.dates, "sessions", "Dates with a rank IC.");
  count("used", h.cells, "cells", "Pairs of factor and forward return behind the coefficients.");
  count("thin_dates", h.thin_dates, "dates", "Of the dates with a rank IC, those of fewer than 20 names.");
  count("dates_left_out", h.dates_left_out, "dates",
        "Dates left out since fewer names than coverage.min_names have a factor value and a return.");
  count("untradable_entries", h.untradable_entries, "cells",
        "Factor values dropped because the name could not be traded at entry.");
  count("late_exits", h.late_exits, "cells",
        "Returns that end at the next tradable price, since the exit session was not.");
  count("delisted_inside", h.delisted_inside, "cells", "Returns that end with a delisting.");
  count("delisting_returns_applied", h.delisting_returns_applied, "cells", "Of these, with a known delisting return.");
  count("never_traded_again", h.never_traded_again, "cells",
        "Returns that end at the last close of a name whose bars stop while no delisting is known.");
  list.add(fmt::format("cells.{}.short_leg_untradable", key), h.short_leg_untradable, h.dates, "ratio",
           "Share of the lowest bucket's factor values that could not be traded at entry.");
}

void add_horizons(const TearSheet& sheet, List& list) {
  for (std::size_t i = 0; i < sheet.horizons.size(); ++i) {
    const HorizonResult& h = sheet.horizons[i];
    const std::string key = horizon_key(h.horizon);
    add_ic("rank_ic." + key, h.rank_ic,
           "Mean over dates of the rank correlation of factor and forward return over h sessions.", list);
    add_ic("ic." + key, h.ic,
           "Mean over dates of the Pearson correlation of factor and forward return over h sessions.", list);
    add_quantiles(key, h, list);
    add_spread(key, h.spread, list);
    add_weighted("weighted." + key, h.weighted, list);
    list.add("autocorrelation." + key, i < sheet.rank_autocorrelation.size() ? sheet.rank_autocorrelation[i] : kNoValue,
             h.rank_ic.mean, "ratio",
             "Correlation of the factor's ranks with those h sessions earlier, mean over dates.");
    add_cells(key, h, list);
  }
}

void add_decay(const TearSheet& sheet, List& list) {
  for (const DecayPoint& point : sheet.decay) {
    list.add(fmt::format("decay.{}.rank_ic", horizon_key(point.horizon)),
             {.value = point.rank_ic, .lower = point.lower, .upper = point.upper, .n = point.n, .reason = point.reason},
             "ratio", "Mean rank IC against the forward return over this horizon.");
  }
  list.add("half_life", sheet.half_life_sessions, "sessions",
           "Horizon at which the rank IC is half of that at 1 session, by a log-linear fit.");
  for (std::size_t lag = 0; lag < sheet.lagged_rank_ic.size(); ++lag) {
    const std::int64_t n = lag < sheet.lagged_dates.size() ? sheet.lagged_dates[lag] : 0;
    const std::string reason = too_few(static_cast<std::size_t>(n), sheet.options.min_dates, "dates");
    list.add(fmt::format("lagged.{}d.rank_ic", lag),
             {.value = sheet.lagged_rank_ic[lag], .lower = kNoValue, .upper = kNoValue, .n = n, .reason = reason},
             "ratio", "Mean rank IC of the factor this many sessions old against the 1-session forward return.");
  }
}

void add_coverage(const Coverage& c, int min_names, List& list) {
  list.add("coverage.ratio", c.ratio, c.cells_universe, "ratio",
           "Factor values over universe cells on the evaluated dates.");
  const auto count = [&](std::string_view name, std::int64_t value, std::string_view definition) {
    list.add(fmt::format("coverage.{}", name), static_cast<double>(value), c.cells_universe, "cells", definition);
  };
  count("cells_universe", c.cells_universe, "Universe cells on the evaluated dates.");
  count("cells_factor", c.cells_factor, "Of these, with a factor value.");
  count("cells_tradable", c.cells_tradable, "Of these, tradable at entry.");
  count("cells_return", c.cells_return, "Of these, with a forward return at the headline horizon.");
  list.add("coverage.min_names", min_names, static_cast<std::int64_t>(c.names_series.size()), "names",
           "Names a date needs to count: 20, or half of the fullest date's where that is fewer, or as asked.");
  list.add("coverage.warm_up_sessions", c.warm_up_sessions, static_cast<std::int64_t>(c.names_series.size()),
           "sessions", "Leading sessions without any factor value.");
}

void add_years(const TearSheet& sheet, List& list) {
  for (const YearResult& year : sheet.years) {
    const std::string path = fmt::format("year.{}.", year.year);
    const Estimate of{.value = year.rank_ic,
                      .lower = kNoValue,
                      .upper = kNoValue,
                      .n = year.dates,
                      .reason = too_few(static_cast<std::size_t>(year.dates), 20, "dates")};
    list.add(path + "rank_ic", year.rank_ic, of, "ratio", "Mean rank IC of the year at the headline horizon.");
    list.add(path + "spread_annual", year.spread_annual, of, "ratio/yr",
             "Top less bottom bucket in the year, before costs, as a yearly rate.");
    list.add(path + "net_annual", year.net_annual, of, "ratio/yr", "The same after costs.");
  }
}

void add_regimes(const TearSheet& sheet, List& list) {
  for (const RegimeResult& regime : sheet.regimes) {
    const std::string path = fmt::format("regime.{}.", regime.id);
    const Estimate of{
        .value = regime.rank_ic, .lower = kNoValue, .upper = kNoValue, .n = regime.dates, .reason = regime.reason};
    list.add(
        path + "rank_ic", of, "ratio",
        "Mean rank IC at the headline horizon on dates of this regime of the mean member, known on the date: trend "
        "up or down over 126 sessions, volatility over 21 in the low, middle or high third of the last 504.");
    list.add(path + "t_no_overlap", regime.t_no_overlap, of, "", "No-overlap t over the dates of the regime.");
    list.add(path + "spread_annual", regime.spread_annual, of, "ratio/yr",
             "Top less bottom bucket on these dates, before costs, as a yearly rate.");
    list.add(path + "net_annual", regime.net_annual, of, "ratio/yr", "The same after costs.");
  }
}

void add_capacity(const TearSheet& sheet, List& list) {
  const CapacityResult& c = sheet.capacity;
  const std::int64_t n = sheet.headline_horizon().spread.gross_annual.n;
  const auto add = [&](std::string path, double value, std::string_view unit, std::string_view definition) {
    list.add(std::move(path), {.value = value, .lower = kNoValue, .upper = kNoValue, .n = n, .reason = c.reason}, unit,
             definition);
  };
  add("capacity.zero_money", c.zero_money, "money",
      "Money on each side at which square-root impact eats all that costs leave of the headline's book; half is left "
      "at a quarter of it.");
  add("capacity.money_at_10_percent", c.money_at_10_percent, "money",
      "Money on each side at which a trade is 10 % of its name's daily volume, mean by size of trade.");
  add("capacity.impact", c.impact, "ratio",
      "Return lost a session to square-root impact at money 1, growing with the root of the money.");
  add("capacity.known_share", c.known_share, "ratio", "Share of what is traded in names whose volume is known.");
}

void add_months(const TearSheet& sheet, const std::vector<double>& net_series, const std::vector<double>& gross_series,
                List& list) {
  const std::vector<Month> net = by_month(sheet.sessions, net_series);
  const std::vector<Month> gross = by_month(sheet.sessions, gross_series);
  for (std::size_t begin = 0; begin < net.size();) {
    double net_growth = 1.0;
    double gross_growth = 1.0;
    std::int64_t days = 0;
    std::size_t end = begin;
    for (; end < net.size() && net[end].year == net[begin].year; ++end) {
      if (net[end].days == 0) {
        continue;  // No book: the year did not stand still in that month, it had none.
      }
      list.add(fmt::format("month.{}.{:02}.net", net[end].year, net[end].month), net[end].compounded, net[end].days,
               "ratio", "Net return of the spread in the month at the headline horizon, compounded over its sessions.");
      net_growth *= 1.0 + net[end].compounded;
      gross_growth *= gross[end].days > 0 ? 1.0 + gross[end].compounded : 1.0;
      days += net[end].days;
    }
    if (days > 0) {
      const std::string year = fmt::format("year.{}.", net[begin].year);
      list.add(year + "net_compounded", net_growth - 1.0, days, "ratio",
               "Net return of the spread earned in the year at the headline horizon, compounded over its sessions.");
      list.add(year + "gross_compounded", gross_growth - 1.0, days, "ratio", "The same before costs.");
    }
    begin = end;
  }
}

// The path of the money at the headline horizon: where each line ends, its falls and its months.
void add_path(const TearSheet& sheet, List& list) {
  const HorizonResult& h = sheet.headline_horizon();
  if (h.net_series.size() != sheet.sessions.size() || h.spread_series.size() != sheet.sessions.size()) {
    return;
  }
  const auto add_end = [&](const std::string& path, const std::vector<double>& series, std::string_view definition) {
    const auto n = static_cast<std::int64_t>(stat::count_valid(series));
    list.add(path, last_valid(cumulative_return(series)), n, "ratio", definition);
  };
  add_end("path.gross", h.spread_series,
          "Top less bottom bucket at the headline horizon, before costs, compounded over all sessions of its book.");
  add_end("path.net", h.net_series, "The same after costs.");
  for (std::size_t k = 0; k < h.quantile_series.size(); ++k) {
    add_end(fmt::format("path.q{}", k + 1), h.quantile_series[k],
            "The bucket at the headline horizon, before costs, compounded over all sessions of its book.");
  }
  const std::vector<Fall> falls = deepest_falls(drawdown(cumulative_return(h.net_series)), kFallsListed);
  for (std::size_t i = 0; i < falls.size(); ++i) {
    const std::string path = fmt::format("fall.{}.", i + 1);
    list.add(path + "depth", falls[i].depth, falls[i].sessions, "ratio",
             "Depth of the net path below its last peak, the deepest fall first.");
    list.add(path + "sessions", static_cast<double>(falls[i].sessions), falls[i].sessions, "sessions",
             "Sessions with a book from the peak to the recovery, or to the end.");
  }
  add_months(sheet, h.net_series, h.spread_series, list);
}

void add_benchmark(const BenchmarkResult& b, List& list) {
  list.add("benchmark.annual", b.annual, "ratio/yr",
           "Benchmark over the sessions of the book, (1 + mean session)^(sessions a year) - 1.");
  list.add("benchmark.volatility", b.volatility, b.annual, "ratio/yr",
           "Standard deviation of the benchmark's sessions times the square root of sessions a year.");
  list.add("benchmark.beta", b.beta, b.annual, "ratio",
           "Slope of the spread after costs on the benchmark, session by session, at the headline horizon.");
  list.add("benchmark.correlation", b.correlation, b.annual, "ratio",
           "Correlation of the spread after costs with the benchmark, session by session.");
}

void add_known(const KnownResult& e, List& list) {
  const Estimate& of = e.alpha_annual;
  list.add(
      "known.alpha_annual", of, "ratio/yr",
      "What known factors do not explain of the headline's book before costs: intercept of the regression on all of "
      "them, (1 + intercept)^(sessions a year) - 1.");
  list.add("known.alpha_t", e.alpha_t, of, "", "t of that intercept, Newey-West errors.");
  list.add("known.r2", e.r2, of, "ratio", "Share of the book's variance that they explain.");
  for (const KnownLine& one : e.factors) {
    const std::string path = "known." + one.name;
    list.add(path + ".beta",
             {.value = one.beta,
              .lower = one.lower,
              .upper = one.upper,
              .n = of.n,
              .reason = stat::is_valid(one.beta)   ? ""
                        : stat::is_valid(of.value) ? "explained by the other known factors"
                                                   : of.reason},
             "ratio", "Slope of the headline's book before costs on this known factor beside the others.");
    list.add(path + ".t", one.t, of, "", "t of that slope, Newey-West errors.");
    list.add(path + ".correlation", one.correlation, one.sessions, "ratio",
             "Correlation of the headline's book before costs with this known factor alone, session by session.");
  }
}

void add_groups(const TearSheet& sheet, List& list) {
  for (const GroupResult& group : sheet.groups) {
    const std::string path = "group." + group.group;
    const std::int64_t n = group.dates;
    list.add(path + ".rank_ic",
             {.value = group.rank_ic, .lower = group.lower, .upper = group.upper, .n = n, .reason = group.reason},
             "ratio", "Mean rank IC within the group at the headline horizon.");
    list.add(path + ".t_no_overlap", group.t_no_overlap, n, "", "No-overlap t of the rank IC within the group.");
    list.add(path + ".names", group.mean_names, n, "names", "Names of the group, mean over dates.");
  }
  if (sheet.group_neutral) {
    add_ic("group_neutral", *sheet.group_neutral,
           "Mean rank IC at the headline horizon of returns less their group's mean of the date.", list);
    list.add("group_neutral.cells_without_group", static_cast<double>(sheet.cells_without_group),
             sheet.coverage.cells_universe, "cells",
             "Factor values whose name has no group on the date: in no group, and not in the group-neutral rank IC.");
  }
}

}  // namespace

std::string horizon_key(int horizon) { return std::to_string(horizon) + "d"; }

std::vector<Number> numbers(const TearSheet& sheet) {
  List list;
  add_horizons(sheet, list);
  add_decay(sheet, list);
  add_coverage(sheet.coverage, sheet.options.min_names, list);
  list.add("placebo.lower", sheet.placebo_lower, sheet.headline_horizon().dates, "ratio",
           "Lower end of the 95 % band of the mean rank IC with the factor shuffled across names.");
  list.add("placebo.upper", sheet.placebo_upper, sheet.headline_horizon().dates, "ratio",
           "Upper end of the 95 % band of the mean rank IC with the factor shuffled across names.");
  add_path(sheet, list);
  add_years(sheet, list);
  add_regimes(sheet, list);
  add_capacity(sheet, list);
  if (sheet.benchmark) {
    add_benchmark(*sheet.benchmark, list);
  }
  if (sheet.known) {
    add_known(*sheet.known, list);
  }
  add_groups(sheet, list);
  std::vector<Number> out = list.take();
  for (Number& number : study_numbers(sheet)) {
    out.push_back(std::move(number));
  }
  return out;
}

}  // namespace lode::evaluate
