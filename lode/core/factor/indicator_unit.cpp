// Units by trying: bars once in one unit and once in another, the units a power of two apart, so that what only scales
// keeps its bits.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/factor/indicator_unit.h"

#include <algorithm>
#include <array>
#include <vector>

#include "lode/base/math.h"
#include "lode/base/must.h"
#include "lode/core/indicator/panel_run.h"

namespace lode::factor {
namespace {

using indicator::Input;
using Series = std::vector<double>;

constexpr double kPriceUnit = 2.0;
constexpr double kVolumeUnit = 16.0;
constexpr double kSessionBars = 16.0;

// A pseudo-random number in [0, 1) that needs no library: the bits of a multiplication (Weyl's sequence, mixed).
double mixed(std::size_t k) {
  std::uint64_t x = (static_cast<std::uint64_t>(k) + 1) * 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 31)) * 0xBF58476D1CE4E5B9ULL;
  return static_cast<double>((x ^ (x >> 29)) >> 11) / 9007199254740992.0;
}

std::vector<Series> bars(std::span<const Input> inputs, std::size_t rows, double price_unit, double volume_unit) {
  std::vector<Series> out(inputs.size(), Series(rows));
  double close = 40.0;
  double other = 30.0;
  for (std::size_t t = 0; t < rows; ++t) {
    const double open = close * (0.99 + 0.02 * mixed(8 * t));
    close *= 0.96 + 0.081 * mixed(8 * t + 1);
    other *= 0.96 + 0.081 * mixed(8 * t + 2);
    const double high = std::max(open, close) * (1.0 + 0.02 * mixed(8 * t + 3));
    const double low = std::min(open, close) * (1.0 - 0.02 * mixed(8 * t + 4));
    const double volume = 1000.0 + math::floor(1000.0 * mixed(8 * t + 5));
    const std::array<double, indicator::kInputKinds> by_input = {
        close * price_unit, other * price_unit,      2.0 + math::floor(8.0 * mixed(8 * t + 6)),
        open * price_unit,  high * price_unit,       low * price_unit,
        close * price_unit, volume * volume_unit,    math::floor(static_cast<double>(t) / kSessionBars),
        mixed(8 * t + 7),   t % 16 == 9 ? 0.5 : 1.0, t % 8 == 5 ? 0.25 * price_unit : 0.0};
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      out[k][t] = by_input[static_cast<std::size_t>(inputs[k])];
    }
  }
  return out;
}

Series computed(const indicator::Choice& choice, std::size_t output, const std::vector<Series>& inputs) {
  std::vector<Series> outputs(choice.spec().outputs.size(), Series(inputs.front().size()));
  indicator::Job job{.choice = &choice, .inputs = {}, .outputs = {}};
  for (const Series& input : inputs) {
    job.inputs.push_back(input.data());
  }
  for (Series& one : outputs) {
    job.outputs.push_back(one.data());
  }
  indicator::run_series(job, inputs.front().size());
  return outputs[output];
}

bool is_scaled(const Series& base, const Series& other, double scale) {
  const auto same = [&](double x, double y) { return x * scale == y || (math::is_nan(x) && math::is_nan(y)); };
  return std::ranges::equal(base, other, same);
}

}  // namespace

expr::UnitRule unit_rule_of(const indicator::Indicator& indicator, std::size_t output) {
  constexpr std::size_t kRowsBehind = 60;
  constexpr std::size_t kMostRows = 600;
  const auto& inputs = indicator.spec.inputs;
  const bool is_of_two = std::ranges::find(inputs, Input::kReal2) != inputs.end();
  const indicator::Choice usual = must(indicator::choose(indicator.spec.name));
  const std::size_t rows = std::min(kMostRows, static_cast<std::size_t>(usual.lookback()) + kRowsBehind);
  const Series base = computed(usual, output, bars(inputs, rows, 1.0, 1.0));
  const Series prices = computed(usual, output, bars(inputs, rows, kPriceUnit, 1.0));
  const Series volumes = computed(usual, output, bars(inputs, rows, 1.0, kVolumeUnit));
  const bool has_value = std::ranges::any_of(base, [](double x) { return !math::is_nan(x) && x != 0.0; });
  if (!is_scaled(base, volumes, 1.0) || is_of_two) {
    return expr::UnitRule::kAny;
  }
  if (is_scaled(base, prices, 1.0)) {
    return expr::UnitRule::kRatio;
  }
  return has_value && is_scaled(base, prices, kPriceUnit) ? expr::UnitRule::kFirst : expr::UnitRule::kAny;
}

}  // namespace lode::factor
