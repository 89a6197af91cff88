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
#include "lode/core/evaluate/known_factors.h"
#include "lode/core/evaluate/placebo.h"
#include "lode/core/evaluate/quantiles.h"
#include "lode/core/evaluate/question.h"
#include "lode/core/evaluate/regimes.h"
#include "lode/core/evaluate/study/event_study.h"
#include "lode/core/evaluate/study/exposures.h"
#include "lode/core/evaluate/study/shape.h"
#include "lode/core/evaluate/weighted.h"
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

Prepared prepare(SortedRows factor, const OneDay& one_day, const Options& options,
                 std::shared_ptr<std::vector<std::int16_t>> room, Pool& pool) {
  const std::size_t needed = names_needed(options);
  const auto least = static_cast<int>(needed);
  const bool fits = factor.columns <= kMostPlaces;
  Standing ranks = fits ? compact_ranks(factor, least, pool, std::move(room)) : centered_ranks(factor, least, pool);
  Standing scores = fits ? compact_scores(factor, least, pool) : standard_scores(factor, least, pool);
  return {.factor = std::move(factor),
          .ranks = std::move(ranks),
          .scores = std::move(scores),
          .one_day_ranks = without_thin_rows(one_day.ranks, one_day.names, needed),
          .one_day_scores = without_thin_rows(one_day.scores, one_day.names, needed),
          .one_day = one_day};
}

// The no-overlap tests of one horizon.
struct Tests {
  NoOverlap rank_ic;
  NoOverlap ic;
};

std::vector<stat::BlockDraws>& draws_of(Spare& spare, std::uint64_t seed) {
  if (spare.draws.empty() || spare.drawn_seed != seed) {
    spare.draws = monotonicity_draws(seed);
    spare.drawn_seed = seed;
  }
  return spare.draws;
}

// What is asked of the headline's buckets and book alone.
struct OfHeadline {
  CapacityResult capacity;
  EventStudy events;
};

// `headline`: filled where it is wanted, with what the market trades; else null.
HorizonResult horizon_result(const Prepared& prepared, const SortedLabels& sorted, Dates& dates, const Tests& tests,
                             std::span<const Date> sessions, const Options& options, LabelSet& set,
                             OfHeadline* headline, Pool& pool) {
  const Labels& labels = sorted.labels;
  const int horizon = labels.horizon;
  const std::shared_ptr<const Liquidity> liquidity = headline != nullptr ? set.liquidity(pool) : nullptr;
  Book book = make_book(dates.buckets, prepared.one_day.held, prepared.one_day.rows, horizon, options.cost_bps, pool,
                        liquidity.get());
  HorizonResult out;
  out.horizon = horizon;
  out.ic = ic_statistics(dates.ic, tests.ic, horizon, options);
  out.rank_ic = ic_statistics(dates.rank_ic, tests.rank_ic, horizon, options);
  out.quantiles = quantile_statistics(dates, book, horizon, options);
  out.spread = spread_statistics(book, sessions, options);
  out.weighted = weighted_statistics(dates.weighted, dates.mean_label, horizon, options);
  if (headline != nullptr) {
    headline->capacity = capacity_of(book, out.rank_ic.mean.value < 0.0 ? -1.0 : 1.0, options);
    headline->events = event_study(dates.buckets, set.market(), options, pool);
  }
  explain_empty_buckets(prepared.factor, dates.buckets, out);
  out.monotonicity = monotonicity(out.quantiles);
  out.monotonicity_p = monotonicity_p(book.quantiles, draws_of(set.spare(), options.seed), options.min_dates, pool);
  out.dates = static_cast<std::int64_t>(stat::count_valid(dates.rank_ic));
  out.cells = dates.cells;
  out.thin_dates = dates.thin;
  out.dates_left_out = dates.left_out;
  count_cells(prepared.factor, labels, sorted.places ? &*sorted.places : nullptr, options, out);
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
  const std::vector<int> horizons = all_horizons(options);
  const auto is_asked = [&](int horizon) {
    return std::binary_search(options.horizons.begin(), options.horizons.end(), horizon);
  };
  std::vector<std::shared_ptr<const SortedLabels>> labels;
  std::vector<Asked> asked;
  for (const int horizon : horizons) {
    labels.push_back(set.at(horizon, pool));
    asked.push_back({labels.back()->rows(), is_asked(horizon) ? Depth::kEverything : Depth::kRankIc});
  }
  std::vector<std::vector<std::uint8_t>>& rooms = set.spare().buckets;
  rooms.resize(asked.size());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    asked[i].room = &rooms[i];
  }
  std::vector<Dates> dates = evaluate_dates(prepared.factor, asked, options, pool);
  std::vector<NoOverlap> rank_tests = no_overlaps(prepared.ranks, prepared.one_day_ranks, horizons, pool);
  std::vector<NoOverlap> tests = no_overlaps(prepared.scores, prepared.one_day_scores, options.horizons, pool);
  Headline headline;
  for (std::size_t i = 0; i < horizons.size(); ++i) {
    const int horizon = horizons[i];
    add_decay_point(horizon, dates[i].rank_ic, rank_tests[i], options, sheet.decay);
    const bool leads = horizon == options.horizons[static_cast<std::size_t>(sheet.headline)];
    if (is_asked(horizon)) {
      std::vector<std::uint8_t>& room = rooms[i];
      const Tests both{rank_tests[i], std::move(tests[sheet.horizons.size()])};
      OfHeadline of_headline;
      sheet.horizons.push_back(horizon_result(prepared, *labels[i], dates[i], both, sheet.sessions, options, set,
                                              leads ? &of_headline : nullptr, pool));
      room = std::move(dates[i].buckets.cells);
      if (leads) {
        sheet.capacity = std::move(of_headline.capacity);
        sheet.events = std::move(of_headline.events);
      }
    }
    if (leads) {
      headline = {labels[i], std::move(rank_tests[i])};
    }
  }
  return headline;
}

void add_autocorrelations(const Prepared& prepared, TearSheet& sheet, Pool& pool) {
  const bool compact = prepared.ranks.cells == nullptr;
  const Cells known = compact ? Cells() : known_ranks(prepared.factor, prepared.ranks, pool);
  const auto at = [&](int lag) {
    return compact ? rank_autocorrelation(prepared.ranks, lag, sheet.options, pool)
                   : rank_autocorrelation(known, lag, sheet.options, pool);
  };
  for (const int horizon : sheet.options.horizons) {
    sheet.rank_autocorrelation.push_back(at(horizon));
  }
  sheet.shape.stability = stability(sheet.options.horizons, sheet.rank_autocorrelation, at);
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
    const GroupInput input{.factor = prepared.factor, .labels = labels.rows(), .grouped = *grouped};
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
  SortedRows sorted = sort_rows(usable_cells(factor, market.universe, std::move(set.spare().rows.values)), pool,
                                std::move(static_cast<RowOrders&>(set.spare().rows)));
  LODE_CHECK(check_factor(sorted, asked));
  Options options = asked;
  options.min_names = min_names_of(asked.min_names, *std::max_element(sorted.counts.begin(), sorted.counts.end()));
  Prepared prepared = prepare(std::move(sorted), set.one_day(), options, std::move(set.spare().ranks), pool);

  TearSheet sheet;
  sheet.options = options;
  sheet.sessions = factor.axis().sessions;
  sheet.headline = headline_of(options.horizons);
  const Headline headline = run_horizons(prepared, set, sheet, pool);
  LODE_CHECK(check_dates(sheet, maker));
  sheet.shape = shape_of(prepared.factor, sheet.sessions, options, pool);
  add_autocorrelations(prepared, sheet, pool);
  Lagged lagged = lagged_rank_ic(prepared.factor, set.at(1, pool)->rows(), kDeepestLag, options, pool);
  sheet.lagged_rank_ic = std::move(lagged.rank_ic);
  sheet.lagged_dates = std::move(lagged.dates);
  sheet.half_life_sessions = half_life(sheet.decay);
  sheet.coverage = coverage(prepared.factor, headline.labels->labels, maker, options);
  sheet.delisted_names = count_delisted(market.delisted_row);
  add_headline(prepared, *headline.labels, set, sheet, pool);
  sheet.regimes = regime_results(set.regimes(), sheet.headline_horizon(), headline.test, options);
  add_exposures(prepared.factor, prepared.ranks, market, groups, set.mean_member(), options, pool, sheet.shape);
  if (!market.benchmark.empty()) {
    LODE_ASSERT(market.benchmark.size() == factor.rows());
    sheet.benchmark = benchmark_result(benchmark_returns(market.benchmark, maker.delay()),
                                       sheet.headline_horizon().net_series, options);
  }
  if (!market.known.empty()) {
    sheet.known = known_result(market.known, sheet.headline_horizon().spread_series, options);
  }
  decide(sheet);
  set.spare().ranks = std::move(prepared.ranks.twice);
  set.spare().rows = std::move(prepared.factor);
  return sheet;
}

}  // namespace lode::evaluate
