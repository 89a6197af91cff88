// Random formulas of every operator of a table, from their Specs alone: whoever adds an operator has it tried at once.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "lode/base/text.h"
#include "lode/core/expr/program.h"
#include "lode/core/expr/properties/test_choices.h"

namespace lode::expr::testing {

class RandomCall {
 public:
  RandomCall(Choices& choices, const OperatorTable& table, const Profile& profile)
      : choices_(choices), table_(table), profile_(profile) {}

  // A call of at most `depth` levels, over the fields of bars and the group `sector`.
  std::string call(int depth) {
    const Operator& op = *table_.all()[choices_.next_below(table_.all().size())];
    std::string text = fmt::format("{}(", op.spec.name);
    const std::uint64_t repeats = op.spec.variadic ? choices_.next_below(2) : 0;
    for (std::size_t i = 0; i < op.spec.parameters.size() + repeats; ++i) {
      const Parameter& parameter = op.spec.parameters[std::min(i, op.spec.parameters.size() - 1)];
      text += (i > 0 ? ", " : "") + argument(parameter, depth - 1);
    }
    if (profile_.allows_options && !op.spec.options.empty() && choices_.next_below(3) == 1) {
      text += option(op.spec.options[choices_.next_below(op.spec.options.size())]);
    }
    return text + ")";
  }

 private:
  static constexpr std::array kFields = {"close", "open", "volume", "vwap", "high", "low", "amount", "cap", "returns"};

  std::string number(int depth) {
    return depth > 0 && choices_.next_below(3) > 0 ? call(depth) : kFields[choices_.next_below(kFields.size())];
  }

  std::string argument(const Parameter& parameter, int depth) {
    switch (parameter.type) {
      case Type::kGroup:
        return "sector";
      case Type::kWindow:
        return fmt::format("{:.0f}", parameter.least + static_cast<double>(choices_.next_below(9)));
      case Type::kLiteral: {
        if (!parameter.at_most.empty()) {
          return shortest(parameter.least);  // A larger one might exceed the parameter that bounds it.
        }
        const bool is_share = parameter.most > 0.0 && parameter.most <= 1.0;
        const double step = is_share ? (parameter.most - parameter.least) / 8.0 : 1.0;
        return shortest(std::max(parameter.least, is_share ? 0.0 : 1.0) +
                        step * static_cast<double>(choices_.next_below(4)));
      }
      case Type::kBool:
        return fmt::format("{} < {}", number(depth), number(depth));
      case Type::kNumber:
        break;
    }
    return number(depth);
  }

  std::string option(const OptionSpec& spec) {
    const std::string value = spec.choices.empty()
                                  ? std::to_string(1 + choices_.next_below(5))
                                  : std::string(spec.choices[choices_.next_below(spec.choices.size())]);
    return fmt::format(", {}={}", spec.name, value);
  }

  Choices& choices_;
  const OperatorTable& table_;
  const Profile& profile_;
};

}  // namespace lode::expr::testing
