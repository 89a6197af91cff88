// One horizon, date by date.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/dates.h"

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
  explicit Scratch(std::size_t columns, int quantiles)
      : pair(columns), order(columns), totals(static_cast<std::size_t>(quantiles) + 1) {}
  RowPair pair;
  std::vector<std::uint32_t> order;
  stat::RankScratch rank;
  std::vector<double> totals;
};

// Loads row `row` of the factor against a row of labels sorted into the scratch order.
void load(const SortedRows& factor, std::size_t row, std::span<const double> labels, const Order& label_order,
          RowPair& pair) {
  pair.load(factor.values.row(row), factor.ranked(row), labels, label_order);
}

// Buckets of one date from the common order, and the mean label of each.
void fill_buckets(const SortedRows& factor, std::span<const double> labels, std::size_t row, Scratch& scratch,
                  Dates& out) {
  Buckets& buckets = out.buckets;
  const auto order = scratch.pair.order_x();
  const auto parts = static_cast<std::size_t>(buckets.quantiles);
  if (order.size() < parts) {
    return;
  }
  const auto cells = std::span(buckets.cells).subspan(row * buckets.columns, buckets.columns);
  const auto counts = std::span(buckets.counts).subspan(row * (parts + 1), parts + 1);
  stat::quantile_buckets(factor.values.row(row), order, buckets.quantiles, cells);
  std::fill(scratch.totals.begin(), scratch.totals.end(), 0.0);
  double total = 0.0;
  for (std::size_t i = 0; i < buckets.columns; ++i) {
    if (cells[i] != 0) {
      scratch.totals[cells[i]] += labels[i];
      ++counts[cells[i]];
      total += labels[i];
    }
  }
  const double mean = total / static_cast<double>(order.size());
  for (std::size_t k = 1; k <= parts; ++k) {
    if (counts[k] > 0) {
      out.bucket_absolute[k - 1][row] = scratch.totals[k] / counts[k];
      out.bucket_demeaned[k - 1][row] = out.bucket_absolute[k - 1][row] - mean;
    }
  }
}

Dates empty_dates(const SortedRows& factor, Depth depth, const Options& options) {
  Dates out;
  const std::size_t rows = factor.values.rows;
  out.rank_ic.assign(rows, stat::kMissing);
  if (depth == Depth::kEverything) {
    const auto parts = static_cast<std::size_t>(options.quantiles);
    out.ic.assign(rows, stat::kMissing);
    out.buckets.columns = factor.values.columns;
    out.buckets.quantiles = options.quantiles;
    out.buckets.cells.assign(rows * factor.values.columns, 0);
    out.buckets.counts.assign(rows * (parts + 1), 0);
    out.bucket_absolute.assign(parts, Series(rows, stat::kMissing));
    out.bucket_demeaned = out.bucket_absolute;
  }
  return out;
}

// Mean of a series of dates; NaN when there are too few.
double mean_of_dates(const Series& series, const Options& options) {
  return stat::count_valid(series) < static_cast<std::size_t>(options.min_dates) ? stat::kMissing : stat::mean(series);
}

}  // namespace

Dates evaluate_dates(const SortedRows& factor, const LabelRows& labels, Depth depth, const Options& options,
                     Pool& pool) {
  Dates out = empty_dates(factor, depth, options);
  std::vector<std::int64_t> cells(block_count(factor.values.rows), 0);
  std::vector<std::int64_t> thin(cells.size(), 0);
  std::vector<std::int64_t> left_out(cells.size(), 0);
  for_blocks(factor.values.rows, pool, [&](std::size_t block, std::size_t begin, std::size_t end) {
    Scratch scratch(factor.values.columns, options.quantiles);
    for (std::size_t row = begin; row < end; ++row) {
      const auto returns = labels.row(row);
      if (factor.counts[row] == 0) {
        continue;
      }
      load(factor, row, returns, labels.order(row, scratch.order, scratch.rank), scratch.pair);
      if (scratch.pair.n() < names_needed(options)) {
        left_out[block] += scratch.pair.n() > 0 ? 1 : 0;
        continue;
      }
      out.rank_ic[row] = scratch.pair.rank_correlation();
      const auto names = static_cast<std::int64_t>(scratch.pair.n());
      cells[block] += stat::is_valid(out.rank_ic[row]) ? names : 0;
      thin[block] += stat::is_valid(out.rank_ic[row]) && names < kFewNames ? 1 : 0;
      if (depth == Depth::kEverything) {
        out.ic[row] = stat::pearson(factor.values.row(row), returns);
        fill_buckets(factor, returns, row, scratch, out);
      }
    }
  });
  for (std::size_t block = 0; block < cells.size(); ++block) {
    out.cells += cells[block];
    out.thin += thin[block];
    out.left_out += left_out[block];
  }
  return out;
}

Lagged lagged_rank_ic(const SortedRows& factor, const LabelRows& labels, int deepest, const Options& options,
                      Pool& pool) {
  const auto lags = static_cast<std::size_t>(deepest) + 1;
  std::vector<Series> series(lags, Series(factor.values.rows, stat::kMissing));
  for_blocks(factor.values.rows, pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    Scratch scratch(factor.values.columns, options.quantiles);
    for (std::size_t row = begin; row < end; ++row) {
      const auto returns = labels.row(row);
      const Order order = labels.order(row, scratch.order, scratch.rank);
      for (std::size_t lag = 0; lag < lags && lag <= row; ++lag) {
        load(factor, row - lag, returns, order, scratch.pair);
        if (scratch.pair.n() >= names_needed(options)) {
          series[lag][row] = scratch.pair.rank_correlation();
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

}  // namespace lode::evaluate
