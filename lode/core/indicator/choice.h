// Choice: an indicator with its parameters checked and filled in, ready to run; and finding indicators by name.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/core/indicator/indicator.h"

namespace lode::indicator {

// A parameter as somebody gave it: by name, or (name empty) by place behind those before it.
struct Argument {
  std::string_view name;
  double value = 0.0;
};

struct Choice {
  const Indicator* indicator = nullptr;
  std::vector<double> values;  // One a parameter.
  Profile profile = Profile::kLode;
  // Of an indicator that is `unstable`: answers dropped beyond the lookback, for the seed to fade. See with_unstable.
  int unstable = 0;

  Setup setup() const { return {values, profile, unstable}; }
  const Spec& spec() const { return indicator->spec; }
  int lookback() const { return indicator->lookback(setup()) + unstable; }
  int lookback(std::size_t output) const { return indicator->lookbacks(setup())[output] + unstable; }
  int first_lookback() const { return std::ranges::min(indicator->lookbacks(setup())) + unstable; }
  Missing missing() const { return indicator->missing(setup()); }
};

// Every indicator there is, by name ascending.
std::span<const Indicator* const> all_indicators();

// By name or alias, in any case. E1102 names the nearest.
Result<const Indicator*> find_indicator(std::string_view name);

// The default of a parameter under a profile.
double default_of(const Spec& spec, std::size_t parameter, Profile profile);

// By its name or by TA-Lib's ("timeperiod"); null where there is none.
const Parameter* find_parameter(const Spec& spec, std::string_view name);

// Which parameters `count` arguments without names fill, in their order. Those that are a choice among words are passed
// over while the others are enough, unless an argument `has_word`: stoch(14, 3, 3) is three lengths, stoch(14, 3, 0, 3,
// 0) names the types of average as well. E1103: more than there are.
Result<std::vector<std::size_t>> places_of(const Spec& spec, std::size_t count, bool has_word = false);

// E1102: no such indicator or parameter. E1103: too many arguments, or one twice. E1105: a value out of its range, not
// a whole number, or parameters that exclude each other.
Result<Choice> choose(std::string_view name, std::span<const Argument> arguments = {},
                      Profile profile = Profile::kLode);

// The choice with `bars` more answers dropped; of an indicator that does not remember its first bars, the choice
// itself. E1105: a number of bars below 0, above 1,000,000 or not whole.
Result<Choice> with_unstable(Choice choice, double bars);
// Bars until what the seed weighs is below 1e-12, by the least weight that a new value has (Spec::slowest): an upper
// bound, for two such means in a row too. 0 where nothing fades: sums since the first bar, stops that only turn.
int bars_to_fade(const Choice& choice);

// TA-Lib's names of a parameter of `spec`: find_parameter takes them too.
std::vector<std::string_view> other_names(const Spec& spec, const Parameter& parameter);

std::string_view to_string(Profile profile);  // "lode", "talib064", ...
Result<Profile> parse_profile(std::string_view text);
std::string_view to_string(Input input);  // "real", "high", ...
// Whether bars alone feed it: open, high, low, close, volume, and series that are any of them.
bool is_of_bars(Input input);

}  // namespace lode::indicator
