// Derivations from daily series.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/series.h"

#include <algorithm>
#include <limits>

#include "lode/base/math.h"
#include "lode/core/report/scene/ticks.h"

namespace lode::report {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// Two-sided 5 % point of Student's t with 11 degrees of freedom.
constexpr double kStudent11 = 2.2009851600829489;

std::vector<double> sorted_valid(std::span<const double> values) {
  std::vector<double> valid;
  for (const double value : values) {
    if (math::is_finite(value)) {
      valid.push_back(value);
    }
  }
  std::sort(valid.begin(), valid.end());
  return valid;
}

}  // namespace

std::vector<Trailing> trailing_year(std::span<const Month> months) {
  std::vector<Trailing> out(months.size(), Trailing{kNaN, kNaN, kNaN});
  for (std::size_t end = 12; end <= months.size(); ++end) {
    std::vector<double> window;
    for (std::size_t i = end - 12; i < end; ++i) {
      window.push_back(months[i].mean);
    }
    const Moments found = moments(window);
    if (found.count == 12) {
      const double half = kStudent11 * found.deviation / math::sqrt(12.0);
      out[end - 1] = {found.mean, found.mean - half, found.mean + half};
    }
  }
  return out;
}

Histogram histogram(std::span<const double> values) {
  const std::vector<double> valid = sorted_valid(values);
  if (valid.size() < 2 || valid.front() == valid.back()) {
    return {};
  }
  const double range = valid.back() - valid.front();
  const double quartiles = valid[valid.size() * 3 / 4] - valid[valid.size() / 4];
  double cube = 1.0;  // Whole part of the cube root of n.
  while ((cube + 1.0) * (cube + 1.0) * (cube + 1.0) <= static_cast<double>(valid.size())) {
    cube += 1.0;
  }
  double width = quartiles > 0.0 ? 2.0 * quartiles / cube : range / 8.0;
  width = round_step(std::clamp(width, range / 50.0, range / 8.0));
  Histogram out;
  out.width = width;
  const double first = math::floor(valid.front() / width);
  const std::size_t bins = static_cast<std::size_t>(math::floor(valid.back() / width) - first) + 1;
  out.low = first * width;
  out.counts.assign(bins, 0);
  for (const double value : valid) {
    ++out.counts[static_cast<std::size_t>(math::floor(value / width) - first)];
  }
  return out;
}

Moments moments(std::span<const double> values) {
  Moments out{0.0, kNaN, 0};
  for (const double value : values) {
    if (math::is_finite(value)) {
      out.mean += value;
      ++out.count;
    }
  }
  if (out.count == 0) {
    return {kNaN, kNaN, 0};
  }
  out.mean /= static_cast<double>(out.count);
  if (out.count > 1) {
    double squares = 0.0;
    for (const double value : values) {
      squares += math::is_finite(value) ? (value - out.mean) * (value - out.mean) : 0.0;
    }
    out.deviation = math::sqrt(squares / static_cast<double>(out.count - 1));
  }
  return out;
}

}  // namespace lode::report
