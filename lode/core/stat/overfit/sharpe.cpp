// Probabilistic and deflated Sharpe ratios.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/overfit/sharpe.h"

#include <algorithm>
#include <limits>
#include <numbers>

#include "lode/base/math.h"
#include "lode/core/stat/distribution.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/valid.h"

namespace lode::stat {

ReturnShape return_shape(std::span<const double> returns) {
  ReturnShape shape{kMissing, kMissing, kMissing, count_valid(returns)};
  const double center = mean(returns);
  const double deviation = standard_deviation(returns);
  if (!(deviation > 0.0)) {
    return shape;
  }
  double m2 = 0.0;
  double m3 = 0.0;
  double m4 = 0.0;
  for (const double value : returns) {
    if (is_valid(value)) {
      const double z = (value - center) / deviation;  // Of order 1, whatever the unit.
      m2 += z * z;
      m3 += z * z * z;
      m4 += z * z * z * z;
    }
  }
  const auto n = static_cast<double>(shape.n);
  shape.sharpe = center / deviation;
  shape.skew = m3 / n / math::pow(m2 / n, 1.5);
  shape.kurtosis = m4 / n / (m2 / n * (m2 / n));
  return shape;
}

double sharpe_error(const ReturnShape& shape) {
  const double radicand = 1.0 - shape.skew * shape.sharpe + (shape.kurtosis - 1.0) / 4.0 * shape.sharpe * shape.sharpe;
  return shape.n < 2 || !(radicand >= 0.0) ? kMissing : math::sqrt(radicand / static_cast<double>(shape.n - 1));
}

double probabilistic_sharpe(const ReturnShape& shape, double benchmark) {
  return normal_cdf((shape.sharpe - benchmark) / sharpe_error(shape));
}

double expected_maximum(double trials) {
  if (!(trials > 1.0)) {
    return math::is_nan(trials) ? kMissing : 0.0;
  }
  constexpr double kGamma = std::numbers::egamma;
  // Below 0 for a little more than one trial, where the approximation is none: luck never lowers the bar.
  return std::max(0.0, (1.0 - kGamma) * math::normal_quantile(1.0 - 1.0 / trials) +
                           kGamma * math::normal_quantile(1.0 - 1.0 / (trials * std::numbers::e)));
}

double deflated_sharpe(const ReturnShape& shape, double trial_deviation, double trials) {
  return probabilistic_sharpe(shape, trial_deviation * expected_maximum(trials));
}

double null_sharpe_deviation(std::size_t n) { return n < 2 ? kMissing : 1.0 / math::sqrt(static_cast<double>(n - 1)); }

double least_track_record(const ReturnShape& shape, double benchmark, double confidence) {
  const double error = sharpe_error(shape);
  const double z = math::normal_quantile(confidence);
  if (math::is_nan(error) || math::is_nan(z) || math::is_nan(benchmark)) {
    return kMissing;
  }
  if (shape.sharpe <= benchmark) {
    return z > 0.0 ? std::numeric_limits<double>::infinity() : 1.0;
  }
  const double radicand = error * error * static_cast<double>(shape.n - 1);
  const double distance = z > 0.0 ? z / (shape.sharpe - benchmark) : 0.0;
  return 1.0 + radicand * distance * distance;
}

double least_backtest_years(double trials, double target_sharpe) {
  if (!(target_sharpe > 0.0)) {
    return math::is_nan(target_sharpe) ? kMissing : std::numeric_limits<double>::infinity();
  }
  const double years = expected_maximum(trials) / target_sharpe;
  return years * years;
}

}  // namespace lode::stat
