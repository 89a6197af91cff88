// The tear sheet, read top-down: check the question, sort the factor once, one pass a horizon, then what is asked of
// the headline horizon only, then the verdict.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/tear_sheet.h"

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/core/evaluate/benchmark.h"
#include "lode/core/evaluate/capacity.h"
#include "lode/core/evaluate/coverage.h"
#include "lode/core/evaluate/decay.h"
#include "lode/core/evaluate/estimate.h"
#include "lode/core/evaluate/groups.h"
#include "lode/core/evaluate/kernel/book.h"
#include "lode/core/evaluate/kernel/dates.h"
#include "lode/core/evaluate/kernel/empty_buckets.h"
#include "lode/core/evaluate/kernel/label_set.h"
#include "lode/core/evaluate/kernel/labels.h"
#include "lode/core/evaluate/kernel/no_overlap.h"
#include "lode/core/evaluate/placebo.h"
#include "lode/core/evaluate/quantiles.h"
#include "lode/core/evaluate/question.h"
#include "lode/core/evaluate/regimes.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

constexpr int kDeepestLag = 5;
constexpr int kYearDates = 20;  // Fewer dates in a year: its numbers are missing.

// What every horizon shares.
struct Prepared {
  SortedRows factor;
  Standing ranks;  // Of the factor.
  Standing scores;
  Standing one_day_ranks;
  Standing one_day_scores;
  const OneDay& one_day;
};

Prepared prepare(SortedRows factor, const OneDay& one_day, const Options& options, Pool& pool) {
  const std::size_t needed = names_needed(options);
  Standing ranks = centered_ranks(factor, static_cast<int>(needed), pool);
  Standing scores = standard_scores(factor, static_cast<int>(needed), pool);
  return {.factor = std::move(factor),
          .ranks = std::move(ranks),
          .scores = std::move(scores),
          .one_day_ranks = without_thin_rows(one_day.ranks, one_day.names, needed),
          .one_day_scores = without_thin_rows(one_day.scores, one_day.names, needed),
          .one_day = one_day};
}

// `capacity`: filled where it is wanted, with what `market` trades; else null.
HorizonResult horizon_result(const Prepared& prepared, const Labels& labels, Dates dates, const NoOverlap& rank_test,
                             std::span<const Date> sessions, const Options& options, const Market& market,
                             CapacityResult* capacity, Pool& pool) {
  const int horizon = labels.horizon;
  const Liquidity liquidity = capacity != nullptr ? liquidity_of(market, pool) : Liquidity{};
  Book book = make_book(dates.buckets, prepared.one_day.held, prepared.one_day.rows, horizon, options.cost_bps, pool,
                        capacity != nullptr ? &liquidity : nullptr);
  HorizonResult out;
  out.horizon = horizon;
  out.ic =
      ic_statistics(dates.ic, no_overlap(prepared.scores, prepared.one_day_scores, horizon, pool), horizon, options);
  out.rank_ic = ic_statistics(dates.rank_ic, rank_test, horizon, options);
  out.quantiles = quantile_statistics(dates, book, horizon, options);
  out.spread = spread_statistics(book, sessions, options);
  if (capacity != nullptr) {
    *capacity = capacity_of(book, out.rank_ic.mean.value < 0.0 ? -1.0 : 1.0, options);
  }
  explain_empty_buckets(prepared.factor, dates.buckets, out);
  out.monotonicity = monotonicity(out.quantiles);
  out.monotonicity_p = monotonicity_p(book.quantiles, options.seed, options.min_dates, pool);
  out.dates = static_cast<std::int64_t>(stat::count_valid(dates.rank_ic));
  out.cells = dates.cells;
  out.thin_dates = dates.thin;
  out.dates_left_out = dates.left_out;
  count_cells(prepared.factor, labels, options, out);
  out.ic_series = std::move(dates.ic);
  out.rank_ic_series = std::move(dates.rank_ic);
  out.quantile_series = std::move(book.quantiles);
  out.spread_series = std::move(book.gross);
  out.net_series = std::move(book.net);
  out.traded_series = std::move(book.traded);
  return out;
}

// Asked and decay horizons, ascending, each once.
std::vector<int> all_horizons(const Options& options) {
  std::vector<int> out = options.horizons;
  out.insert(out.end(), kDecayHorizons.begin(), kDecayHorizons.end());
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

struct Headline {
  std::shared_ptr<const SortedLabels> labels;
  NoOverlap test;  // Of the rank IC.
};

// Runs every horizon; returns what later steps ask of the headline.
Headline run_horizons(const Prepared& prepared, LabelSet& set, TearSheet& sheet, Pool& pool) {
  const Options& options = sheet.options;
  Headline headline;
  for (const int horizon : all_horizons(options)) {
    const bool asked = std::binary_search(options.horizons.begin(), options.horizons.end(), horizon);
    const std::shared_ptr<const SortedLabels> labels = set.at(horizon, pool);
    Dates dates =
        evaluate_dates(prepared.factor, labels->rows(), asked ? Depth::kEverything : Depth::kRankIc, options, pool);
    const NoOverlap test = no_overlap(prepared.ranks, prepared.one_day_ranks, horizon, pool);
    add_decay_point(horizon, dates.rank_ic, test, options, sheet.decay);
    if (asked) {
      const bool leads = horizon == options.horizons[static_cast<std::size_t>(sheet.headline)];
      sheet.horizons.push_back(horizon_result(prepared, labels->labels, std::move(dates), test, sheet.sessions, options,
                                              set.market(), leads ? &sheet.capacity : nullptr, pool));
    }
    if (horizon == options.horizons[static_cast<std::size_t>(sheet.headline)]) {
      headline = {labels, test};
    }
  }
  return headline;
}

// Mean of the cells of one year.
double mean_between(std::span<const double> series, std::size_t begin, std::size_t end) {
  return stat::mean(series.subspan(begin, end - begin));
}

std::vector<YearResult> year_results(std::span<const Date> sessions, const HorizonResult& headline,
                                     const Options& options) {
  std::vector<YearResult> out;
  for (std::size_t begin = 0; begin < sessions.size();) {
    std::size_t end = begin;
    while (end < sessions.size() && sessions[end].year() == sessions[begin].year()) {
      ++end;
    }
    const auto dates = stat::count_valid(std::span(headline.rank_ic_series).subspan(begin, end - begin));
    const auto earned = stat::count_valid(std::span(headline.spread_series).subspan(begin, end - begin));
    if (dates == 0 && earned == 0) {
      begin = end;  // A year that has begun, or one without names: nothing to tell.
      continue;
    }
    YearResult year{.year = sessions[begin].year(),
                    .rank_ic = kNoValue,
                    .spread_annual = kNoValue,
                    .net_annual = kNoValue,
                    .dates = static_cast<std::int64_t>(dates)};
    if (dates >= static_cast<std::size_t>(kYearDates)) {
      const double days = options.sessions_a_year;
      year.rank_ic = mean_between(headline.rank_ic_series, begin, end);
      year.spread_annual = annual_rate(mean_between(headline.spread_series, begin, end), days);
      year.net_annual = annual_rate(mean_between(headline.net_series, begin, end), days);
    }
    out.push_back(year);
    begin = end;
  }
  return out;
}

// What is asked of the headline horizon only.
void add_headline(const Prepared& prepared, const SortedLabels& labels, LabelSet& set, TearSheet& sheet, Pool& pool) {
  const Options& options = sheet.options;
  const double deviation = placebo_deviation(prepared.factor, labels.rows(), options, pool);
  sheet.placebo_lower = -kNormal95 * deviation;
  sheet.placebo_upper = kNormal95 * deviation;
  sheet.years = year_results(sheet.sessions, sheet.headline_horizon(), options);
  if (set.groups() != nullptr && !set.groups()->names.empty()) {
    const std::shared_ptr<const GroupedLabels> grouped = set.grouped(labels, pool);
    const GroupInput input{
        .factor = prepared.factor, .ranks = prepared.ranks, .labels = labels.rows(), .grouped = *grouped};
    sheet.groups = group_results(input, set.groups()->names, options, pool);
    sheet.group_neutral = group_neutral(input, options, pool);
    sheet.cells_without_group = cells_without_group(prepared.factor, grouped->codes, names_needed(options));
  }
}

}  // namespace

int headline_of(const std::vector<int>& horizons) {
  const auto distance = [](int horizon) { return std::abs(horizon - kHeadlineHorizon); };
  const auto best =
      std::min_element(horizons.begin(), horizons.end(), [&](int a, int b) { return distance(a) < distance(b); });
  return static_cast<int>(best - horizons.begin());
}

Result<TearSheet> tear_sheet(const Panel& factor, const Market& market, const GroupPanel* groups, const Options& asked,
                             Pool& pool) {
  LODE_CHECK(check_options(asked));
  LODE_TRY(LabelSet labels, LabelSet::make(market, groups, asked.convention, false, pool));
  return tear_sheet(factor, labels, asked, pool);
}

Result<TearSheet> tear_sheet(const Panel& factor, LabelSet& set, const Options& asked, Pool& pool) {
  LODE_CHECK(check_options(asked));
  const LabelMaker& maker = set.maker();
  const Market& market = set.market();
  const GroupPanel* groups = set.groups();
  LODE_ASSERT(asked.convention == set.convention());
  LODE_ASSERT(factor.rows() == market.close.rows() && factor.columns() == market.close.columns());
  LODE_ASSERT(groups == nullptr || groups->codes.size() == factor.rows() * factor.columns());
  SortedRows sorted = sort_rows(usable_cells(factor, market.universe), pool);
  LODE_CHECK(check_factor(sorted, asked));
  Options options = asked;
  options.min_names = min_names_of(asked.min_names, *std::max_element(sorted.counts.begin(), sorted.counts.end()));
  const Prepared prepared = prepare(std::move(sorted), set.one_day(), options, pool);

  TearSheet sheet;
  sheet.options = options;
  sheet.sessions = factor.axis().sessions;
  sheet.headline = headline_of(options.horizons);
  const Headline headline = run_horizons(prepared, set, sheet, pool);
  LODE_CHECK(check_dates(sheet, maker));
  const Cells ranks = known_ranks(prepared.factor, prepared.ranks, pool);
  for (const int horizon : options.horizons) {
    sheet.rank_autocorrelation.push_back(rank_autocorrelation(ranks, horizon, options, pool));
  }
  Lagged lagged = lagged_rank_ic(prepared.factor, set.at(1, pool)->rows(), kDeepestLag, options, pool);
  sheet.lagged_rank_ic = std::move(lagged.rank_ic);
  sheet.lagged_dates = std::move(lagged.dates);
  sheet.half_life_sessions = half_life(sheet.decay);
  sheet.coverage = coverage(prepared.factor, headline.labels->labels, maker, options);
  sheet.delisted_names = count_delisted(market.delisted_row);
  add_headline(prepared, *headline.labels, set, sheet, pool);
  sheet.regimes = regime_results(regimes_of(market_returns(market)), sheet.headline_horizon(), headline.test, options);
  if (!market.benchmark.empty()) {
    LODE_ASSERT(market.benchmark.size() == factor.rows());
    sheet.benchmark = benchmark_result(benchmark_returns(market.benchmark, maker.delay()),
                                       sheet.headline_horizon().net_series, options);
  }
  decide(sheet);
  return sheet;
}

}  // namespace lode::evaluate
