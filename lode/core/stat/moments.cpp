// Moments over four fixed lanes.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/moments.h"

#include <array>

#include "lode/base/math.h"
#include "lode/core/stat/valid.h"

namespace lode::stat {
namespace {

// Sum of term(x) over the valid cells, in the lanes of the header.
template <class Term>
double lane_sum(std::span<const double> values, Term term) {
  std::array<double, 4> lanes{};
  const std::size_t whole = values.size() / 4 * 4;
  for (std::size_t i = 0; i < whole; i += 4) {
    for (std::size_t lane = 0; lane < 4; ++lane) {
      const double x = values[i + lane];
      lanes[lane] += is_valid(x) ? term(x) : 0.0;
    }
  }
  for (std::size_t i = whole; i < values.size(); ++i) {
    lanes[i % 4] += is_valid(values[i]) ? term(values[i]) : 0.0;
  }
  return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
}

// Mean of z^power, times n, for z = (x - mean) / standard deviation; NaN for a constant.
double standardized_sum(std::span<const double> values, int power) {
  const double center = mean(values);
  const double scale = standard_deviation(values);
  if (!(scale > 0.0)) {
    return kMissing;
  }
  return lane_sum(values, [&](double x) {
    const double z = (x - center) / scale;
    return power == 3 ? z * z * z : (z * z) * (z * z);
  });
}

}  // namespace

std::size_t count_valid(std::span<const double> values) {
  std::size_t n = 0;
  for (const double value : values) {
    n += is_valid(value) ? 1 : 0;
  }
  return n;
}

double sum(std::span<const double> values) {
  return lane_sum(values, [](double x) { return x; });
}

bool is_constant(std::span<const double> values) {
  double first = kMissing;
  for (const double value : values) {
    if (!is_valid(first)) {
      first = value;
    } else if (is_valid(value) && value != first) {
      return false;
    }
  }
  return true;
}

double mean(std::span<const double> values) {
  const std::size_t n = count_valid(values);
  if (n == 0) {
    return kMissing;
  }
  if (is_constant(values)) {
    for (const double value : values) {
      if (is_valid(value)) {
        return value;
      }
    }
  }
  return sum(values) / static_cast<double>(n);
}

double variance(std::span<const double> values) {
  const std::size_t n = count_valid(values);
  if (n < 2) {
    return kMissing;
  }
  if (is_constant(values)) {
    return 0.0;
  }
  const double center = mean(values);
  return lane_sum(values, [&](double x) { return (x - center) * (x - center); }) / static_cast<double>(n - 1);
}

double standard_deviation(std::span<const double> values) { return math::sqrt(variance(values)); }

double skew(std::span<const double> values) {
  const auto n = static_cast<double>(count_valid(values));
  if (n < 3.0) {
    return kMissing;
  }
  return n / ((n - 1.0) * (n - 2.0)) * standardized_sum(values, 3);
}

double kurtosis(std::span<const double> values) {
  const auto n = static_cast<double>(count_valid(values));
  if (n < 4.0) {
    return kMissing;
  }
  return n * (n + 1.0) / ((n - 1.0) * (n - 2.0) * (n - 3.0)) * standardized_sum(values, 4) -
         3.0 * (n - 1.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0));
}

}  // namespace lode::stat
