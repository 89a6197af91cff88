// Regressions of each name on factors.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/pricing/instrument_regressions.h"

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/overfit/multiple_tests.h"
#include "lode/core/stat/quantile.h"

namespace lode::evaluate {
namespace {

constexpr double kTwoSided5 = 1.96;
constexpr double kRate = 0.05;

}  // namespace

std::vector<InstrumentRegression> instrument_regressions(const Panel& returns,
                                                         std::span<const std::span<const double>> factors,
                                                         int least_rows, int lag, Pool& pool) {
  for (const std::span<const double> factor : factors) {
    LODE_ASSERT(factor.size() == returns.rows());
  }
  std::vector<InstrumentRegression> all(returns.columns());
  pool.for_each(returns.columns(), [&](std::size_t column) {
    std::vector<double> series(returns.rows());
    for (std::size_t row = 0; row < returns.rows(); ++row) {
      series[row] = returns.row64(row)[column];
    }
    all[column] = {column, stat::fit_series(series, factors, lag)};
  });
  std::erase_if(all, [least_rows](const InstrumentRegression& one) {
    return one.fit.n < static_cast<std::size_t>(std::max(least_rows, 1)) || math::is_nan(one.fit.r2);
  });
  return all;
}

LoadingSummary summarize(std::span<const InstrumentRegression> regressions, std::size_t factor) {
  std::vector<double> betas;
  std::vector<double> ts;
  std::vector<double> r2;
  std::vector<double> ps;
  LoadingSummary summary{};
  for (const InstrumentRegression& one : regressions) {
    const stat::Coefficient& loading = one.fit.robust[factor + 1];
    if (math::is_nan(loading.t)) {
      continue;
    }
    betas.push_back(loading.value);
    ts.push_back(loading.t);
    ps.push_back(loading.p);
    r2.push_back(one.fit.r2);
    summary.significant += math::abs(loading.t) > kTwoSided5 ? 1 : 0;
    summary.positive += loading.value > 0.0 ? 1 : 0;
  }
  for (const double p : stat::adjusted_p(ps, stat::Adjustment::kBenjaminiHochberg)) {
    summary.significant_bh += p <= kRate ? 1 : 0;
  }
  std::vector<double> buffer;
  summary.tested = betas.size();
  summary.mean_beta = stat::mean(betas);
  summary.median_beta = stat::median(betas, buffer);
  summary.mean_t = stat::mean(ts);
  summary.median_t = stat::median(ts, buffer);
  summary.mean_r2 = stat::mean(r2);
  summary.median_r2 = stat::median(r2, buffer);
  return summary;
}

}  // namespace lode::evaluate
