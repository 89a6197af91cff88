// Series for tests of indicators.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "lode/base/random.h"
#include "lode/core/indicator/choice.h"
#include "lode/core/indicator/panel_run.h"

namespace lode::indicator {

inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

using Series = std::vector<double>;
// One series an input, or one an output.
using SeriesSet = std::vector<Series>;

// Bars that an indicator can take: prices around `level` with equal highs and lows now and then, whole volumes; each
// cell missing with probability `gaps`.
inline SeriesSet random_inputs(const Spec& spec, Random& random, std::size_t bars, double gaps, double level = 20.0) {
  SeriesSet out(spec.inputs.size(), Series(bars));
  double close = level;
  for (std::size_t t = 0; t < bars; ++t) {
    const double open = close * (1.0 + 0.01 * random.next_normal());
    close = std::round((close + 0.04 * level * random.next_normal()) * 64.0 / level) * level / 64.0;
    close = close > level / 8.0 ? close : level;
    const double high =
        std::fmax(open, close) * (1.0 + 0.02 * random.next_uniform() * std::round(random.next_uniform()));
    const double low =
        std::fmin(open, close) * (1.0 - 0.02 * random.next_uniform() * std::round(random.next_uniform()));
    for (std::size_t k = 0; k < out.size(); ++k) {
      const double value[] = {close,
                              high,
                              std::floor(1.0 + 30.0 * random.next_uniform()),
                              open,
                              high,
                              low,
                              close,
                              std::floor(1000.0 * random.next_uniform()),
                              std::floor(static_cast<double>(t) / 7.0),
                              std::sin(static_cast<double>(t)),
                              t % 31 == 17 ? 0.25 : 1.0,
                              t % 13 == 7 ? level / 100.0 : 0.0};
      const bool is_gap = random.next_uniform() < gaps;
      out[k][t] = is_gap ? kNan : value[static_cast<std::size_t>(spec.inputs[k])];
    }
  }
  return out;
}

// Parameters within their ranges, windows short enough for short series: at most `window` above the least.
inline Choice random_choice(const Indicator& indicator, Random& random, Profile profile, double window = 12.0) {
  Choice out{.indicator = &indicator, .values = {}, .profile = profile, .unstable = 0};
  if (indicator.spec.unstable && random.next_uniform() < 0.2) {
    out.unstable = static_cast<int>(random.next_below(9));
  }
  for (std::size_t k = 0; k < indicator.spec.parameters.size(); ++k) {
    const Parameter& parameter = indicator.spec.parameters[k];
    if (parameter.whole) {
      const bool is_word = !parameter.choices.empty();
      const double most = is_word ? parameter.most : std::fmin(parameter.most, parameter.least + window);
      out.values.push_back(std::floor(parameter.least + (most - parameter.least + 1.0) * random.next_uniform()));
    } else {
      const double usual = default_of(indicator.spec, k, profile);
      out.values.push_back(
          std::fmin(parameter.most, std::fmax(parameter.least, usual * (0.5 + random.next_uniform()))));
    }
  }
  return out;
}

inline SeriesSet run(const Choice& choice, const SeriesSet& inputs) {
  const std::size_t bars = inputs.front().size();
  SeriesSet out(choice.spec().outputs.size(), Series(bars));
  Job job{.choice = &choice, .inputs = {}, .outputs = {}};
  for (const Series& input : inputs) {
    job.inputs.push_back(input.data());
  }
  for (Series& output : out) {
    job.outputs.push_back(output.data());
  }
  run_series(job, bars);
  return out;
}

// Equal bits, any NaN being the missing value.
inline bool is_same(double x, double y) {
  return (std::isnan(x) && std::isnan(y)) || (x == y && std::signbit(x) == std::signbit(y));
}

inline std::string name_of(const Choice& choice) {
  std::string out = std::string(choice.spec().name) + "(";
  for (const double value : choice.values) {
    out += (out.back() == '(' ? "" : ", ") + std::to_string(value);
  }
  return out + ") under " + std::string(to_string(choice.profile));
}

}  // namespace lode::indicator
