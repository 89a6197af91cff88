// Choice: an indicator with its parameters checked and filled in, ready to run; and finding indicators by name.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

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

  Setup setup() const { return {values, profile}; }
  const Spec& spec() const { return indicator->spec; }
  int lookback() const { return indicator->lookback(setup()); }
  Missing missing() const { return indicator->missing(setup()); }
};

// Every indicator there is, by name ascending.
std::span<const Indicator* const> all_indicators();

// By name or alias, in any case. E1102 names the nearest.
Result<const Indicator*> find_indicator(std::string_view name);

// The default of a parameter under a profile.
double default_of(const Spec& spec, std::size_t parameter, Profile profile);

// E1102: no such indicator or parameter. E1103: too many arguments, or one twice. E1105: a value out of its range, not
// a whole number, or parameters that exclude each other.
Result<Choice> choose(std::string_view name, std::span<const Argument> arguments = {},
                      Profile profile = Profile::kLode);

std::string_view to_string(Profile profile);  // "lode", "talib064", ...
Result<Profile> parse_profile(std::string_view text);
std::string_view to_string(Input input);  // "real", "high", ...

}  // namespace lode::indicator
