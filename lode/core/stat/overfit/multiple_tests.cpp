// Adjusted p-values.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/overfit/multiple_tests.h"

#include <algorithm>
#include <limits>
#include <numbers>

#include "lode/base/math.h"
#include "lode/core/stat/valid.h"

namespace lode::stat {
namespace {

// From the smallest p on: a bound may only grow.
void step_down(std::span<const double> p, std::span<const std::size_t> order, std::size_t tests, bool counts_down,
               std::span<double> adjusted) {
  double worst = 0.0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto factor = static_cast<double>(counts_down ? tests - i : tests);
    const double bound = std::min(1.0, factor * p[order[i]]);
    worst = counts_down ? std::max(worst, bound) : bound;
    adjusted[order[i]] = worst;
  }
}

// From the largest p on: a bound may only fall.
void step_up(std::span<const double> p, std::span<const std::size_t> order, double factor, std::span<double> adjusted) {
  double best = 1.0;
  for (std::size_t i = order.size(); i-- > 0;) {
    best = std::min(best, factor * p[order[i]] / static_cast<double>(i + 1));
    adjusted[order[i]] = best;
  }
}

// 1 + 1/2 + .. + 1/count; by Euler and Maclaurin where adding up would take long, right to the last places there.
double harmonic(std::size_t count) {
  constexpr std::size_t kAddedUp = 1'000'000;
  if (count > kAddedUp) {
    const auto n = static_cast<double>(count);
    return math::log(n) + std::numbers::egamma + 0.5 / n - 1.0 / (12.0 * n * n);
  }
  double sum = 0.0;
  for (std::size_t k = count; k > 0; --k) {
    sum += 1.0 / static_cast<double>(k);  // The small ones first.
  }
  return sum;
}

}  // namespace

std::vector<double> adjusted_p(std::span<const double> p, Adjustment adjustment, std::size_t tests) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (is_valid(p[i])) {
      order.push_back(i);
    }
  }
  std::ranges::stable_sort(order, [p](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  const std::size_t made = std::max(tests, order.size());
  const auto count = static_cast<double>(made);
  std::vector<double> adjusted(p.size(), kMissing);
  switch (adjustment) {
    case Adjustment::kBonferroni:
      step_down(p, order, made, false, adjusted);
      break;
    case Adjustment::kHolm:
      step_down(p, order, made, true, adjusted);
      break;
    case Adjustment::kBenjaminiHochberg:
      step_up(p, order, count, adjusted);
      break;
    case Adjustment::kBenjaminiYekutieli:
      step_up(p, order, count * harmonic(made), adjusted);
      break;
  }
  return adjusted;
}

}  // namespace lode::stat
