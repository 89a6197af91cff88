// Correlations of factors with each other.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/similarity.h"

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/core/evaluate/kernel/row_lanes.h"
#include "lode/core/evaluate/tear_sheet.h"
#include "lode/core/stat/correlation.h"
#include "lode/core/stat/moments.h"

namespace lode::evaluate {
namespace {

int common_values(std::span<const double> x, std::span<const double> y) {
  int common = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    common += math::is_nan(x[i]) || math::is_nan(y[i]) ? 0 : 1;
  }
  return common;
}

Correlations unknown(std::size_t count) {
  return {count, std::vector<double>(count * count, kNoValue), std::vector<int>(count * count, 0)};
}

void put(Correlations& table, std::size_t i, std::size_t j, double value, int dates) {
  for (const std::size_t cell : {i * table.count + j, j * table.count + i}) {
    table.cells[cell] = value;
    table.dates[cell] = dates;
  }
}

// One row of one factor, made once and held against all others.
struct RankedRow {
  std::vector<std::uint16_t> places;
  std::vector<std::uint32_t> cells;  // In order, then those without a value.
  std::size_t count = 0;
  std::vector<TieRun> ties;
  std::vector<std::uint16_t> narrow;  // The order in two bytes.
  std::vector<std::int16_t> twice;    // Centred ranks, 0 without a value.
  double squares = 0.0;

  std::span<const std::uint32_t> order() const { return std::span(cells).first(count); }
  std::span<const std::uint32_t> missing() const { return std::span(cells).subspan(count); }
};

bool miss_the_same(const RankedRow& x, const RankedRow& y) {
  return x.count == y.count && std::ranges::equal(x.missing(), y.missing());
}

// Fills what follows from places and order.
void finish(RankedRow& row, PlacePair& pair) {
  pair.load(row.order(), row.missing(), {row.places, row.count, row.ties});
  row.squares = pair.squares_y();
  row.twice.resize(row.places.size());
  for (std::size_t i = 0; i < row.twice.size(); ++i) {
    row.twice[i] = static_cast<std::int16_t>(pair.twice_y(i));
  }
}

void read_row(const PlaceRow& from, RankedRow& to) {
  to.places.assign(from.places.begin(), from.places.end());
  to.ties.assign(from.ties.begin(), from.ties.end());
  to.count = from.count;
  to.cells.resize(to.places.size());
  std::size_t missing = from.count;
  for (std::size_t i = 0; i < to.places.size(); ++i) {
    const std::size_t place = to.places[i];
    to.cells[place == 0 ? missing : place - 1] = static_cast<std::uint32_t>(i);
    missing += place == 0 ? 1 : 0;
  }
  to.narrow.assign(to.cells.begin(), to.cells.begin() + static_cast<std::ptrdiff_t>(to.count));
}

// Sums over dates of every pair i <= j, in the order of the table's upper half.
struct PairSums {
  std::vector<double> totals;
  std::vector<int> dates;
};

// Coefficient of one date; NaN where it does not count.
double coefficient(const RankedRow& x, const RankedRow& y, std::size_t min_names, PlacePair& pair) {
  if (x.count < min_names || y.count < min_names) {
    return kNoValue;
  }
  if (miss_the_same(x, y)) {
    if (x.squares == 0.0 || y.squares == 0.0) {
      return kNoValue;
    }
    const std::int32_t most = std::max(1, static_cast<std::int32_t>(x.count) - 1);
    const auto product = static_cast<double>(exact_dot(x.twice, y.twice, most));
    return std::clamp(product / math::sqrt(x.squares * y.squares), -1.0, 1.0);
  }
  // Ties are dealt with on the side whose places are read.
  const RankedRow& walked = x.ties.empty() ? x : y;
  const RankedRow& read = x.ties.empty() ? y : x;
  pair.load(walked.order(), walked.missing(), {read.places, read.count, read.ties});
  if (pair.n() < min_names) {
    return kNoValue;
  }
  return walked.ties.empty() ? pair.rank_correlation_untied(walked.narrow, walked.places, read.missing())
                             : pair.rank_correlation(walked.order(), walked.ties);
}

// `read(factor, row, scratch, out)` gives places of a row.
template <class Read>
Correlations correlate(std::size_t count, std::size_t rows, std::size_t columns, int min_names, Pool& pool, Read read) {
  std::vector<PairSums> parts(block_count(rows));
  for_blocks(rows, pool, [&](std::size_t block, std::size_t begin, std::size_t end) {
    PairSums& sums = parts[block];
    sums.totals.assign(count * (count + 1) / 2, 0.0);
    sums.dates.assign(sums.totals.size(), 0);
    std::vector<RankedRow> ranked(count);
    LabelRows::Scratch scratch;
    PlacePair pair(columns);
    for (std::size_t row = begin; row < end; ++row) {
      for (std::size_t i = 0; i < count; ++i) {
        read_row(read(i, row, scratch), ranked[i]);
        finish(ranked[i], pair);
      }
      std::size_t cell = 0;
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = i; j < count; ++j, ++cell) {
          const double value =
              coefficient(ranked[i], ranked[j], static_cast<std::size_t>(std::max(0, min_names)), pair);
          if (!math::is_nan(value)) {
            sums.totals[cell] += value;
            ++sums.dates[cell];
          }
        }
      }
    }
  });
  Correlations table = unknown(count);
  std::size_t cell = 0;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i; j < count; ++j, ++cell) {
      double total = 0.0;
      int dates = 0;
      for (const PairSums& part : parts) {
        total += part.totals[cell];
        dates += part.dates[cell];
      }
      put(table, i, j, dates > 0 ? total / dates : kNoValue, dates);
    }
  }
  return table;
}

// Rows too wide for places: each pair sorted anew.
Correlations correlate_wide(std::span<const Panel* const> factors, int min_names, Pool& pool) {
  Correlations table = unknown(factors.size());
  const std::size_t rows = factors[0]->rows();
  for (std::size_t i = 0; i < factors.size(); ++i) {
    for (std::size_t j = i; j < factors.size(); ++j) {
      std::vector<double> daily(rows, kNoValue);
      pool.for_each(rows, [&](std::size_t row) {
        const std::span<const double> x = factors[i]->row64(row);
        const std::span<const double> y = factors[j]->row64(row);
        if (common_values(x, y) >= min_names) {
          stat::Spearman spearman;
          daily[row] = spearman(x, y);
        }
      });
      put(table, i, j, stat::mean(daily), static_cast<int>(stat::count_valid(daily)));
    }
  }
  return table;
}

}  // namespace

Correlations rank_correlations(std::span<const Panel* const> factors, int min_names, Pool& pool) {
  if (factors.empty()) {
    return unknown(0);
  }
  const std::size_t rows = factors[0]->rows();
  const std::size_t columns = factors[0]->columns();
  for (const Panel* one : factors) {
    LODE_ASSERT(one->rows() == rows && one->columns() == columns);
  }
  if (columns > kMostPlaces) {
    return correlate_wide(factors, min_names, pool);
  }
  return correlate(factors.size(), rows, columns, min_names, pool,
                   [&](std::size_t i, std::size_t row, LabelRows::Scratch& scratch) {
                     return LabelRows(*factors[i]).places(row, scratch);
                   });
}

Correlations rank_correlations_of_places(std::span<const Places* const> factors, int min_names, Pool& pool) {
  if (factors.empty()) {
    return unknown(0);
  }
  const std::size_t rows = factors[0]->counts.size();
  const std::size_t columns = factors[0]->columns;
  for (const Places* one : factors) {
    LODE_ASSERT(one->counts.size() == rows && one->columns == columns);
  }
  return correlate(factors.size(), rows, columns, min_names, pool,
                   [&](std::size_t i, std::size_t row, LabelRows::Scratch&) { return factors[i]->row(row); });
}

Correlations series_correlations(std::span<const std::span<const double>> series, int min_rows) {
  Correlations table = unknown(series.size());
  for (std::size_t i = 0; i < series.size(); ++i) {
    for (std::size_t j = i; j < series.size(); ++j) {
      LODE_ASSERT(series[i].size() == series[j].size());
      const int common = common_values(series[i], series[j]);
      put(table, i, j, common >= min_rows ? stat::pearson(series[i], series[j]) : kNoValue, common);
    }
  }
  return table;
}

}  // namespace lode::evaluate
