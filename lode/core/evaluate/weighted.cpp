// What the weights earned, and how much of it was the market.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/weighted.h"

#include "lode/core/evaluate/estimate.h"
#include "lode/core/stat/inference.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/newey_west.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {

WeightedStatistics weighted_statistics(std::span<const double> returns, std::span<const double> market, int horizon,
                                       const Options& options) {
  const std::size_t n = stat::count_valid(returns);
  const double periods_a_year = options.sessions_a_year / horizon;
  WeightedStatistics out;
  out.annual = missing_estimate(n, too_few(n, options.min_dates, "dates"));
  out.alpha_annual = out.annual;
  if (n == 0 || n < static_cast<std::size_t>(options.min_dates)) {
    return out;
  }
  const int lag = stat::newey_west_lag(horizon, n);
  const stat::MeanTest mean = stat::newey_west(returns, lag);
  out.annual = annual_estimate(mean.mean, mean.standard_error, n, periods_a_year);
  out.t_newey_west = mean.t;
  const std::span<const double> columns[] = {market};
  const stat::SeriesFit fit = stat::fit_series(returns, columns, lag);
  const stat::Coefficient& alpha = fit.robust[0];
  out.alpha_annual = annual_estimate(alpha.value, alpha.standard_error, fit.n, periods_a_year);
  out.alpha_t = alpha.t;
  out.beta = fit.robust[1].value;
  out.beta_t = fit.robust[1].t;
  return out;
}

}  // namespace lode::evaluate
