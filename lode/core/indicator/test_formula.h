// A formula written out as a loop over the whole window, and the indicator that should say the same.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "lode/base/must.h"
#include "lode/core/indicator/test_bars.h"

namespace lode::indicator {

inline constexpr std::size_t kFormulaBars = 160;

// The formula at bar t, which may look at any bar up to t.
using Formula = std::function<double(const SeriesSet& in, std::size_t t)>;

inline void expect_formula(std::string_view name, const std::vector<Argument>& arguments, const Formula& formula,
                           std::size_t output = 0, Profile profile = Profile::kLode) {
  const Choice choice = must(choose(name, arguments, profile));
  Random random(11, 1);
  const SeriesSet inputs = random_inputs(choice.spec(), random, kFormulaBars, 0.0);
  const SeriesSet outputs = run(choice, inputs);
  for (auto t = static_cast<std::size_t>(choice.lookback()); t < kFormulaBars; ++t) {
    const double expected = formula(inputs, t);
    EXPECT_NEAR(outputs[output][t], expected, 1e-9 * std::fmax(1.0, std::fabs(expected))) << name << " bar " << t;
  }
}

inline Series window(const Series& x, std::size_t t, std::size_t n) {
  return {x.begin() + static_cast<std::ptrdiff_t>(t + 1 - n), x.begin() + static_cast<std::ptrdiff_t>(t + 1)};
}
inline double mean(const Series& x) { return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size()); }
inline double moment(const Series& x, int power) {
  Series d = x;
  std::ranges::transform(x, d.begin(), [m = mean(x), power](double v) { return std::pow(v - m, power); });
  return mean(d);
}
inline double highest(const Series& x, std::size_t t, std::size_t n) { return std::ranges::max(window(x, t, n)); }
inline double lowest(const Series& x, std::size_t t, std::size_t n) { return std::ranges::min(window(x, t, n)); }

}  // namespace lode::indicator
