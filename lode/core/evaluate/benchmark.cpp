// The benchmark beside the book.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/benchmark.h"

#include "lode/base/math.h"
#include "lode/core/evaluate/estimate.h"
#include "lode/core/stat/correlation.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/newey_west.h"
#include "lode/core/stat/regression.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {

std::vector<double> benchmark_returns(std::span<const double> prices, std::size_t delay) {
  std::vector<double> out(prices.size(), stat::kMissing);
  for (std::size_t row = 0; row + delay + 1 < prices.size(); ++row) {
    const double paid = prices[row + delay];
    const double got = prices[row + delay + 1];
    if (paid > 0.0 && got > 0.0) {
      out[row] = got / paid - 1.0;
    }
  }
  return out;
}

BenchmarkResult benchmark_result(std::vector<double> returns, std::span<const double> net, const Options& options) {
  std::vector<double> both = returns;
  for (std::size_t row = 0; row < both.size(); ++row) {
    both[row] = stat::is_valid(net[row]) ? both[row] : stat::kMissing;
  }
  const std::size_t n = stat::count_valid(both);
  BenchmarkResult out{.returns = std::move(returns),
                      .annual = missing_estimate(n, too_few(n, options.min_dates, "sessions")),
                      .volatility = kNoValue,
                      .beta = kNoValue,
                      .correlation = kNoValue};
  if (n == 0 || n < static_cast<std::size_t>(options.min_dates)) {
    return out;
  }
  const stat::MeanTest mean = stat::mean_test(both);
  out.annual = annual_estimate(mean.mean, mean.standard_error, mean.n, options.sessions_a_year);
  out.volatility = stat::standard_deviation(both) * math::sqrt(options.sessions_a_year);
  const std::span<const double> columns[] = {both};
  out.beta = stat::ols(net, columns, true).coefficients[1];
  out.correlation = stat::pearson(both, net);
  return out;
}

}  // namespace lode::evaluate
