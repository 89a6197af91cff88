// Finding an indicator and checking its parameters.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/choice.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include "lode/base/counted.h"
#include "lode/base/math.h"
#include "lode/base/text.h"

namespace lode::indicator {
namespace {

constexpr std::array<std::string_view, 5> kProfiles = {"lode", "talib064", "talib08", "tulip", "ttr"};
constexpr std::array<std::string_view, kInputKinds> kInputs = {
    "real", "real2", "periods", "open", "high", "low", "close", "volume", "session", "weight", "split", "dividend"};
constexpr double kMostUnstable = 1e6;

// What TA-Lib calls a parameter, and what it is called here.
struct Synonym {
  std::string_view talib;
  std::string_view name;
  std::string_view indicator = {};  // Of this one alone; of any that has a parameter called so where it is ""
  bool is_of(const Spec& spec, const Parameter& parameter) const {
    return name == parameter.name && (indicator.empty() || indicator == spec.name);
  }
};
constexpr Synonym kSynonyms[] = {{"timeperiod", "period"},
                                 {"timeperiod1", "period1"},
                                 {"timeperiod2", "period2"},
                                 {"timeperiod3", "period3"},
                                 {"fastperiod", "fast"},
                                 {"slowperiod", "slow"},
                                 {"signalperiod", "signal"},
                                 {"fastlimit", "fast"},
                                 {"slowlimit", "slow"},
                                 {"matype", "type"},
                                 {"fastmatype", "fast_type"},
                                 {"slowmatype", "slow_type"},
                                 {"signalmatype", "signal_type"},
                                 {"fastk_period", "fast_k"},
                                 {"fastd_period", "fast_d"},
                                 {"fastd_matype", "fast_d_type"},
                                 {"slowk_period", "slow_k"},
                                 {"slowk_matype", "slow_k_type"},
                                 {"slowk_period", "k_period"},
                                 {"slowk_matype", "k_type"},
                                 {"slowd_period", "d_period"},
                                 {"slowd_matype", "d_type"},
                                 {"slowd_period", "slow_d"},
                                 {"slowd_matype", "slow_d_type"},
                                 {"minperiod", "least"},
                                 {"maxperiod", "most"},
                                 {"nbdev", "factor"},
                                 {"nbdevup", "up"},
                                 {"nbdevdn", "down"},
                                 {"acceleration", "step"},
                                 {"maximum", "most"},
                                 {"startvalue", "start"},
                                 {"offsetonreverse", "offset"},
                                 {"accelerationinitlong", "first_long"},
                                 {"accelerationlong", "step_long"},
                                 {"accelerationmaxlong", "most_long"},
                                 {"accelerationinitshort", "first_short"},
                                 {"accelerationshort", "step_short"},
                                 {"accelerationmaxshort", "most_short"},
                                 {"wmaperiod", "period", "coppock"},
                                 {"roc1period", "change1", "coppock"},
                                 {"roc2period", "change2", "coppock"},
                                 {"leftbars", "left", "fractal"},
                                 {"rightbars", "right", "fractal"},
                                 {"fastk_period", "period", "kdj"},
                                 {"slowk_period", "k_period", "kdj"},
                                 {"slowk_matype", "k_type", "kdj"},
                                 {"slowd_period", "d_period", "kdj"},
                                 {"slowd_matype", "d_type", "kdj"},
                                 {"firstperiod", "period1", "tsi"},
                                 {"secondperiod", "period2", "tsi"},
                                 {"atrperiod", "atr_period", "kc"},
                                 {"multiplier", "factor", "supertrend"},
                                 {"rocperiod", "change", "cvi"},
                                 {"fastperiod", "period", "massi"},
                                 {"slowperiod", "sum", "massi"},
                                 {"stddevperiod", "std_period", "rvi"}};

Result<void> check(const Spec& spec, const Parameter& parameter, double value) {
  const bool fits = value >= parameter.least && value <= parameter.most;
  if (fits && (!parameter.whole || value == math::floor(value))) {
    return {};
  }
  return fail(E::E1105,
              fmt::format("{}: {} is {}; expected a {}number from {} to {}", spec.name, parameter.name, shortest(value),
                          parameter.whole ? "whole " : "", shortest(parameter.least), shortest(parameter.most)));
}

}  // namespace

bool is_of_bars(Input input) {
  return input != Input::kPeriods && input != Input::kSession && input != Input::kWeight && input != Input::kSplit &&
         input != Input::kDividend;
}

std::span<const Indicator* const> all_indicators() {
  static const std::vector<const Indicator*> all = [] {
    std::vector<const Indicator*> out;
    for (const Family* family : indicator_catalog()) {
      for (const Indicator& indicator : *family) {
        out.push_back(&indicator);
      }
    }
    std::ranges::sort(out, {}, [](const Indicator* one) { return one->spec.name; });
    return out;
  }();
  return all;
}

Result<const Indicator*> find_indicator(std::string_view name) {
  const std::string wanted = lower(name);
  std::vector<std::string> names;
  for (const Indicator* one : all_indicators()) {
    if (one->spec.name == wanted || std::ranges::find(one->spec.aliases, wanted) != one->spec.aliases.end()) {
      return one;
    }
    names.emplace_back(one->spec.name);
  }
  constexpr std::string_view kOperator = "ta_";  // Its name in a formula.
  const std::string bare = wanted.starts_with(kOperator) ? wanted.substr(kOperator.size()) : wanted;
  std::string hint = bare != wanted && std::ranges::find(names, bare) != names.end()
                         ? fmt::format("did you mean '{}'?", bare)
                         : did_you_mean(bare, names);
  constexpr std::size_t kLeastBeginning = 3;
  const auto longer = std::ranges::find_if(names, [&](const std::string& one) { return one.starts_with(wanted); });
  if (hint.empty() && wanted.size() >= kLeastBeginning && longer != names.end()) {
    hint = fmt::format("did you mean '{}'?", *longer);  // fib for fibonacci: too far for a slip of the finger.
  }
  return fail(E::E1102, fmt::format("unknown indicator {}", quote(name)),
              hint.empty() ? "lode indicator list shows all" : hint);
}

const Parameter* find_parameter(const Spec& spec, std::string_view name) {
  const auto found = std::ranges::find_if(spec.parameters, [&](const Parameter& one) {
    return one.name == name || std::ranges::any_of(kSynonyms, [&](const Synonym& other) {
             return other.talib == name && other.is_of(spec, one);
           });
  });
  return found == spec.parameters.end() ? nullptr : &*found;
}

std::vector<std::string_view> other_names(const Spec& spec, const Parameter& parameter) {
  std::vector<std::string_view> out;
  for (const Synonym& one : kSynonyms) {
    if (one.is_of(spec, parameter)) {
      out.push_back(one.talib);
    }
  }
  return out;
}

double default_of(const Spec& spec, std::size_t parameter, Profile profile) {
  for (const Default& other : spec.defaults) {
    if (other.profile == profile && other.parameter == spec.parameters[parameter].name) {
      return other.value;
    }
  }
  return spec.parameters[parameter].fallback;
}

Result<std::vector<std::size_t>> places_of(const Spec& spec, std::size_t count, bool has_word) {
  std::vector<std::size_t> all;
  std::vector<std::size_t> numbers;
  for (std::size_t k = 0; k < spec.parameters.size(); ++k) {
    all.push_back(k);
    if (spec.parameters[k].choices.empty()) {
      numbers.push_back(k);
    }
  }
  if (count > all.size()) {
    return fail(E::E1103, fmt::format("{} takes {}, {} given", spec.name, counted(std::ssize(all), "parameter"),
                                      counted(static_cast<std::int64_t>(count), "was", "were")));
  }
  std::vector<std::size_t>& out = has_word || count > numbers.size() ? all : numbers;
  out.resize(count);
  return std::move(out);
}

Result<Choice> choose(std::string_view name, std::span<const Argument> arguments, Profile profile) {
  LODE_TRY(const Indicator* const found, find_indicator(name));
  Choice out{.indicator = found, .values = {}, .profile = profile};
  const Spec& spec = out.spec();
  std::vector<std::optional<double>> given(spec.parameters.size());
  const auto unnamed = static_cast<std::size_t>(
      std::ranges::count_if(arguments, [](const Argument& argument) { return argument.name.empty(); }));
  LODE_TRY(const std::vector<std::size_t> places, places_of(spec, unnamed));
  std::size_t next = 0;
  for (const Argument& argument : arguments) {
    const Parameter* const named = argument.name.empty() ? nullptr : find_parameter(spec, argument.name);
    if (!argument.name.empty() && named == nullptr) {
      std::vector<std::string> names;
      for (const Parameter& parameter : spec.parameters) {
        names.emplace_back(parameter.name);
      }
      return fail(E::E1102, fmt::format("{} has no parameter {}", spec.name, quote(argument.name)),
                  names.empty() ? "it has none" : "it has " + join(names, ", "));
    }
    const std::size_t place =
        named == nullptr ? places[next++] : static_cast<std::size_t>(named - spec.parameters.data());
    if (given[place]) {
      return fail(E::E1103, fmt::format("{} was given {} twice", spec.name, spec.parameters[place].name));
    }
    if (auto fits = check(spec, spec.parameters[place], argument.value); !fits) {
      return fail(std::move(fits.error()));
    }
    given[place] = argument.value;
  }
  for (std::size_t k = 0; k < given.size(); ++k) {
    out.values.push_back(given[k].value_or(default_of(spec, k, profile)));
  }
  return out;
}

Result<Choice> with_unstable(Choice choice, double bars) {
  if (!(bars >= 0.0 && bars <= kMostUnstable) || bars != math::floor(bars)) {
    return fail(E::E1105, fmt::format("{}: unstable is {}; expected a whole number from 0 to {}", choice.spec().name,
                                      shortest(bars), shortest(kMostUnstable)));
  }
  choice.unstable = choice.spec().unstable ? static_cast<int>(bars) : 0;
  return choice;
}

int bars_to_fade(const Choice& choice) {
  if (!choice.spec().unstable) {
    return 0;
  }
  double weight = 1.0;
  for (std::size_t k = 0; k < choice.values.size(); ++k) {
    const Parameter& parameter = choice.spec().parameters[k];
    weight = std::min(weight, parameter.whole && parameter.choices.empty() ? 1.0 / choice.values[k] : 1.0);
  }
  weight = choice.spec().slowest != nullptr ? choice.spec().slowest(choice.values) : weight;
  // A mean of a mean weighs t w (1 - w)^t: 33 times as much by then, hence 1e-14 and not 1e-12.
  constexpr double kFaded = 1e-14;
  const bool fades = weight > 0.0 && weight < 1.0;
  return fades ? static_cast<int>(math::ceil(math::log(kFaded) / math::log1p(-weight))) : 0;
}

std::string_view to_string(Profile profile) { return kProfiles[static_cast<std::size_t>(profile)]; }
std::string_view to_string(Input input) { return kInputs[static_cast<std::size_t>(input)]; }

Result<Profile> parse_profile(std::string_view text) {
  const auto found = std::ranges::find(kProfiles, lower(text));
  if (found == kProfiles.end()) {
    return fail(E::E1102, fmt::format("unknown profile {}", quote(text)), "one of lode, talib064, talib08, tulip, ttr");
  }
  return static_cast<Profile>(found - kProfiles.begin());
}

}  // namespace lode::indicator
