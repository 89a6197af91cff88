// Random well-formed formulas for property tests: every construct of the grammar, any nesting, from a seed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "lode/base/random.h"
#include "lode/base/text.h"

namespace lode::expr::testing {

// `Source` says what comes next: a Random, or anything with its next_below().
template <class Source = Random>
class RandomFormula {
 public:
  explicit RandomFormula(std::uint64_t seed) : random_(seed, 0) {}
  explicit RandomFormula(Source source) : random_(std::move(source)) {}

  // An expression of at most `depth` levels.
  std::string expression(int depth) {
    if (depth == 0) {
      return leaf();
    }
    const auto below = [&] {
      return expression(static_cast<int>(random_.next_below(static_cast<std::uint64_t>(depth))));
    };
    switch (random_.next_below(12)) {
      case 0:
      case 1:
        return loose(below()) + pick(kSums) + loose(below());
      case 2:
      case 3:
        return loose(below()) + pick(kProducts) + loose(below());
      case 4:
        return "(" + below() + ")" + pick(kPowers) + loose(below());
      case 5:
        return "(" + below() + ")" + pick(kComparisons) + "(" + below() + ")";
      case 6:
        return "(" + below() + ")" + pick(kLogic) + "(" + below() + ")";
      case 7:
        return pick(kPrefixes) + loose(below());
      case 8:
        return "(" + below() + " ? " + below() + " : " + below() + ")";
      case 9:
        return pick(kWindows) + "(" + below() + ", " + window() + ")";
      case 10:
        return pick(kCalls) + "(" + below() + ")";
      default:
        return pick(kPairs) + "(" + below() + ", " + below() + ", " + window() + ")";
    }
  }

 private:
  static constexpr std::array kSums = {" + ", "-", " - ", "+"};
  static constexpr std::array kProducts = {" * ", "/", "*", " / "};
  static constexpr std::array kPowers = {"^", " ** "};
  static constexpr std::array kComparisons = {" < ", "<=", " > ", ">=", " == ", "!="};
  static constexpr std::array kLogic = {" && ", " || ", " and ", " or "};
  static constexpr std::array kPrefixes = {"-", "+", "!", "- -"};
  static constexpr std::array kWindows = {"ts_sum", "Mean",         "delay", "Ts_Rank", "rank",
                                          "stddev", "decay_linear", "max",   "min"};
  static constexpr std::array kCalls = {"rank", "abs", "neg", "scale", "zscore", "Log", "not"};
  static constexpr std::array kPairs = {"correlation", "covariance", "ts_corr"};
  static constexpr std::array kFields = {"open", "close", "$volume", "vwap", "returns", "adv20", "HIGH", "low"};

  template <std::size_t N>
  std::string pick(const std::array<const char*, N>& list) {
    return list[random_.next_below(N)];
  }
  std::string window() { return std::to_string(1 + random_.next_below(40)) + (random_.next_below(4) == 0 ? ".5" : ""); }
  std::string leaf() {
    switch (random_.next_below(4)) {
      case 0:
        return shortest(static_cast<double>(random_.next_below(100)) / 8.0);
      case 1:
        return "-" + std::to_string(random_.next_below(9));
      default:
        return pick(kFields);
    }
  }
  // With or without parentheses: precedence decides what it means, not the generator. Comparisons may not chain, so
  // what could hold one at its top gets them.
  std::string loose(std::string text) {
    const bool risky = text.find_first_of("<>=!|&?") != std::string::npos || text.find(" and ") != std::string::npos ||
                       text.find(" or ") != std::string::npos;
    return risky || random_.next_below(2) == 0 ? "(" + text + ")" : text;
  }

  Source random_;
};
RandomFormula(std::uint64_t) -> RandomFormula<Random>;
RandomFormula(int) -> RandomFormula<Random>;

}  // namespace lode::expr::testing
