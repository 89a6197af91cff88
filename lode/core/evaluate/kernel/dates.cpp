// One horizon, date by date.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/dates.h"

#include "lode/base/math.h"
#include "lode/core/evaluate/kernel/row_lanes.h"
#include "lode/core/stat/correlation.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/quantile.h"
#include "lode/core/stat/rank.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

using Series = std::vector<double>;

// Buffers of one block of dates.
struct Scratch {
  Scratch(std::size_t columns, int quantiles)
      : pair(columns), places(columns <= kMostPlaces ? columns : 0), edges(quantiles) {
    totals.resize(static_cast<std::size_t>(quantiles));
    sums.totals = totals;
  }
  RowPair pair;  // For rows that are too wide for places.
  PlacePair places;
  LabelRows::Scratch labels;
  BucketEdges edges;
  std::vector<TieRun> ties;
  std::vector<double> totals;
  BucketSums sums;
};

// A row of the factor as PlacePair reads it.
struct FactorRow {
  std::span<const double> values;
  std::span<const std::uint32_t> order;
  std::span<const std::uint32_t> missing;
  std::span<const TieRun> ties;
};

FactorRow factor_row(const SortedRows& factor, std::size_t row, std::vector<TieRun>& ties) {
  const FactorRow out{factor.values.row(row), factor.order(row), factor.missing(row), {}};
  ties.clear();
  if (factor.ties[row] != 0 && factor.columns <= kMostPlaces) {
    find_ties(out.values, out.order, ties);
  }
  return {out.values, out.order, out.missing, ties};
}

bool has_places(const SortedRows& factor) { return factor.columns <= kMostPlaces; }

// A row of labels as PlacePair or, where it is too wide, RowPair reads it.
struct LabelRow {
  std::span<const double> values;
  PlaceRow places;
  Order order;
};

LabelRow label_row(const SortedRows& factor, const LabelRows& labels, std::size_t row, LabelRows::Scratch& scratch) {
  if (has_places(factor)) {
    return {{}, labels.places(row, scratch), {}};
  }
  return {labels.row(row), {}, labels.order(row, scratch)};
}

// Holds row `row` of the factor against a row of labels; returns the number of names in both.
std::size_t load(const SortedRows& factor, std::size_t row, const FactorRow& x, const LabelRow& y, Scratch& scratch) {
  if (has_places(factor)) {
    scratch.places.load(x.order, x.missing, y.places);
    return scratch.places.n();
  }
  scratch.pair.load(x.values, factor.ranked(row), y.values, y.order);
  return scratch.pair.n();
}

double rank_correlation(const SortedRows& factor, const FactorRow& x, Scratch& scratch) {
  return has_places(factor) ? scratch.places.rank_correlation(x.order, x.ties) : scratch.pair.rank_correlation();
}

// Rank coefficient and buckets of one date of `n` names.
double rank_and_fill(const SortedRows& factor, const FactorRow& x, std::size_t n, std::span<std::uint8_t> cells,
                     std::span<std::uint32_t> counts, Scratch& scratch) {
  if (has_places(factor)) {
    scratch.edges.set(n);
    return scratch.places.rank_correlation(x.order, x.ties, scratch.edges, cells, counts);
  }
  const auto order = scratch.pair.order_x();
  stat::quantile_buckets(x.values, order, static_cast<int>(counts.size()) - 1, cells);
  for (const std::uint32_t cell : order) {
    ++counts[cells[cell]];
  }
  return scratch.pair.rank_correlation();
}

// Pearson over the names that have a bucket, from sums over them.
double pearson(std::span<const double> x, std::span<const double> y, const Products& sums) {
  constexpr double kSmall = 1e-130;  // Outside, squares could vanish or overflow: stat::pearson scales first.
  constexpr double kLarge = 1e130;
  if (!(sums.xx > kSmall && sums.xx < kLarge && sums.yy > kSmall && sums.yy < kLarge)) {
    return stat::pearson(x, y);
  }
  return std::clamp(sums.xy / math::sqrt(sums.xx * sums.yy), -1.0, 1.0);
}

// The weighted return of a date of fewer names than buckets.
void weigh_few(std::span<const double> x, std::span<const double> labels, std::size_t row, Dates& out) {
  if (!stat::is_valid(out.rank_ic[row])) {
    return;
  }
  double n = 0.0;
  double sum_x = 0.0;
  double sum_y = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const bool both = stat::is_valid(x[i]) && stat::is_valid(labels[i]);
    n += both ? 1.0 : 0.0;
    sum_x += both ? x[i] : 0.0;
    sum_y += both ? labels[i] : 0.0;
  }
  double earned = 0.0;
  double gross = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const bool both = stat::is_valid(x[i]) && stat::is_valid(labels[i]);
    earned += both ? (x[i] - sum_x / n) * labels[i] : 0.0;
    gross += both ? math::abs(x[i] - sum_x / n) : 0.0;
  }
  out.weighted[row] = earned / gross;
  out.mean_label[row] = sum_y / n;
}

// All that is asked of a date with enough names: coefficients, buckets, and the mean label of each.
void judge_date(const SortedRows& factor, const FactorRow& x, std::span<const double> labels, std::size_t row,
                std::size_t n, Scratch& scratch, Dates& out) {
  Buckets& buckets = out.buckets;
  const auto parts = static_cast<std::size_t>(buckets.quantiles);
  if (n < parts) {
    out.rank_ic[row] = rank_correlation(factor, x, scratch);
    out.ic[row] = stat::pearson(x.values, labels);
    weigh_few(x.values, labels, row, out);
    return;
  }
  const auto cells = std::span(buckets.cells).subspan(row * buckets.columns, buckets.columns);
  const auto counts = std::span(buckets.counts).subspan(row * (parts + 1), parts + 1);
  out.rank_ic[row] = rank_and_fill(factor, x, n, cells, counts, scratch);
  bucket_sums(x.values, labels, cells, scratch.sums);
  double total = 0.0;
  for (const double one : scratch.totals) {
    total += one;
  }
  const double mean = total / static_cast<double>(n);
  if (stat::is_valid(out.rank_ic[row])) {  // A constant side has neither coefficient.
    const Products sums = bucket_products(x.values, labels, cells, scratch.sums.x / static_cast<double>(n), mean);
    out.ic[row] = pearson(x.values, labels, sums);
    out.weighted[row] = sums.xy / sums.size_x;
    out.mean_label[row] = mean;
  }
  for (std::size_t k = 1; k <= parts; ++k) {
    if (counts[k] > 0) {
      out.bucket_absolute[k - 1][row] = scratch.totals[k - 1] / counts[k];
      out.bucket_demeaned[k - 1][row] = out.bucket_absolute[k - 1][row] - mean;
    }
  }
}

Dates empty_dates(const SortedRows& factor, const Asked& asked, const Options& options) {
  Dates out;
  const std::size_t rows = factor.values.rows;
  out.rank_ic.assign(rows, stat::kMissing);
  if (asked.depth == Depth::kEverything) {
    const auto parts = static_cast<std::size_t>(options.quantiles);
    out.ic.assign(rows, stat::kMissing);
    out.weighted.assign(rows, stat::kMissing);
    out.mean_label.assign(rows, stat::kMissing);
    out.buckets.columns = factor.values.columns;
    out.buckets.quantiles = options.quantiles;
    if (asked.room != nullptr) {
      out.buckets.cells = std::move(*asked.room);
    }
    out.buckets.cells.resize(rows * factor.values.columns);
    out.buckets.counts.assign(rows * (parts + 1), 0);
    out.bucket_absolute.assign(parts, Series(rows, stat::kMissing));
    out.bucket_demeaned = out.bucket_absolute;
  }
  return out;
}

// What one block of dates adds to the counts of a horizon.
struct DateCounts {
  std::int64_t cells = 0;
  std::int64_t thin = 0;
  std::int64_t left_out = 0;
};

// Mean of a series of dates; NaN when there are too few.
double mean_of_dates(const Series& series, const Options& options) {
  return stat::count_valid(series) < static_cast<std::size_t>(options.min_dates) ? stat::kMissing : stat::mean(series);
}

}  // namespace

std::vector<Dates> evaluate_dates(const SortedRows& factor, std::span<const Asked> asked, const Options& options,
                                  Pool& pool) {
  std::vector<Dates> out;
  for (const Asked& one : asked) {
    out.push_back(empty_dates(factor, one, options));
  }
  const std::size_t needed = names_needed(options);
  std::vector<DateCounts> counts(block_count(factor.values.rows) * asked.size());
  for_blocks(factor.values.rows, pool, [&](std::size_t block, std::size_t begin, std::size_t end) {
    Scratch scratch(factor.values.columns, options.quantiles);
    for (Dates& one : out) {
      const std::size_t columns = one.buckets.columns;  // 0 without buckets.
      std::fill_n(one.buckets.cells.data() + begin * columns, (end - begin) * columns, std::uint8_t{0});
    }
    for (std::size_t row = begin; row < end; ++row) {
      if (factor.counts[row] == 0) {
        continue;
      }
      const FactorRow x = factor_row(factor, row, scratch.ties);
      for (std::size_t h = 0; h < asked.size(); ++h) {
        DateCounts& count = counts[block * asked.size() + h];
        const LabelRow y = label_row(factor, asked[h].labels, row, scratch.labels);
        const std::size_t n = load(factor, row, x, y, scratch);
        if (n < needed) {
          count.left_out += n > 0 ? 1 : 0;
          continue;
        }
        if (asked[h].depth == Depth::kEverything) {
          judge_date(factor, x, asked[h].labels.row(row), row, n, scratch, out[h]);
        } else {
          out[h].rank_ic[row] = rank_correlation(factor, x, scratch);
        }
        const bool is_known = stat::is_valid(out[h].rank_ic[row]);
        count.cells += is_known ? static_cast<std::int64_t>(n) : 0;
        count.thin += is_known && n < static_cast<std::size_t>(kFewNames) ? 1 : 0;
      }
    }
  });
  for (std::size_t i = 0; i < counts.size(); ++i) {
    Dates& one = out[i % asked.size()];
    one.cells += counts[i].cells;
    one.thin += counts[i].thin;
    one.left_out += counts[i].left_out;
  }
  return out;
}

Dates evaluate_dates(const SortedRows& factor, const LabelRows& labels, Depth depth, const Options& options,
                     Pool& pool) {
  const Asked asked{labels, depth};
  return std::move(evaluate_dates(factor, std::span(&asked, 1), options, pool).front());
}

Lagged lagged_rank_ic(const SortedRows& factor, const LabelRows& labels, int deepest, const Options& options,
                      Pool& pool) {
  const auto lags = static_cast<std::size_t>(deepest) + 1;
  std::vector<Series> series(lags, Series(factor.values.rows, stat::kMissing));
  for_blocks(factor.values.rows, pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    Scratch scratch(factor.values.columns, options.quantiles);
    for (std::size_t row = begin; row < end; ++row) {
      const LabelRow y = label_row(factor, labels, row, scratch.labels);
      for (std::size_t lag = 0; lag < lags && lag <= row; ++lag) {
        const FactorRow x = factor_row(factor, row - lag, scratch.ties);
        if (load(factor, row - lag, x, y, scratch) >= names_needed(options)) {
          series[lag][row] = rank_correlation(factor, x, scratch);
        }
      }
    }
  });
  Lagged out;
  for (const Series& one : series) {
    out.rank_ic.push_back(mean_of_dates(one, options));
    out.dates.push_back(static_cast<std::int64_t>(stat::count_valid(one)));
  }
  return out;
}

Cells known_ranks(const SortedRows& factor, const Standing& ranks, Pool& pool) {
  Cells out(factor.values.rows, factor.values.columns, stat::kMissing);
  for_blocks(out.rows, pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      const auto from = ranks.cells->row(row);
      const auto to = out.row(row);
      for (const std::uint32_t cell : factor.order(row)) {
        to[cell] = from[cell];
      }
    }
  });
  return out;
}

double rank_autocorrelation(const Cells& ranks, int lag, const Options& options, Pool& pool) {
  const auto back = static_cast<std::size_t>(lag);
  Series series(ranks.rows, stat::kMissing);
  for_blocks(ranks.rows, pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t row = std::max(begin, back); row < end; ++row) {
      const stat::Correlation found = stat::pearson_of(ranks.row(row), ranks.row(row - back));
      series[row] = found.n >= names_needed(options) ? found.value : stat::kMissing;
    }
  });
  return mean_of_dates(series, options);
}

double rank_autocorrelation(const Standing& ranks, int lag, const Options& options, Pool& pool) {
  const auto back = static_cast<std::size_t>(lag);
  Series series(ranks.rows(), stat::kMissing);
  for_blocks(ranks.rows(), pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t row = std::max(begin, back); row < end; ++row) {
      const auto names = static_cast<std::int32_t>(std::max(ranks.counts[row], ranks.counts[row - back]));
      const std::int32_t most = std::max(1, names - 1);
      const ExactMoments sums = exact_moments(ranks.twice_row(row), ranks.twice_row(row - back), most);
      const std::int64_t xx = sums.n * sums.xx - sums.x * sums.x;
      const std::int64_t yy = sums.n * sums.yy - sums.y * sums.y;
      if (sums.n >= static_cast<std::int64_t>(names_needed(options)) && xx > 0 && yy > 0) {
        const auto xy = static_cast<double>(sums.n * sums.xy - sums.x * sums.y);
        series[row] = std::clamp(xy / math::sqrt(static_cast<double>(xx) * static_cast<double>(yy)), -1.0, 1.0);
      }
    }
  });
  return mean_of_dates(series, options);
}

}  // namespace lode::evaluate
