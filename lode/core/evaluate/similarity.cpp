// Correlations of factors with each other.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/similarity.h"

#include "lode/base/assert.h"
#include "lode/base/math.h"
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

}  // namespace

Correlations rank_correlations(std::span<const Panel* const> factors, int min_names, Pool& pool) {
  Correlations table = unknown(factors.size());
  if (factors.empty()) {
    return table;
  }
  const std::size_t rows = factors[0]->rows();
  for (std::size_t i = 0; i < factors.size(); ++i) {
    LODE_ASSERT(factors[i]->rows() == rows && factors[i]->columns() == factors[0]->columns());
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
