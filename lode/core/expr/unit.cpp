// The unit rules, one small function each, and the units of the standard fields.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/unit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "lode/base/math.h"

namespace lode::expr {
namespace {

using Kind = Unit::Kind;

constexpr Unit kPrice{Kind::kDimension, 1, 0};
constexpr Unit kShares{Kind::kDimension, 0, 1};
constexpr Unit kMoney{Kind::kDimension, 1, 1};
constexpr Unit kRatio{Kind::kRatio, 0, 0};

// Exponents beyond this are no quantity of a market; the result is of unit any.
constexpr int kMaxExponent = 64;

Unit dimension(int price, int shares) {
  if (price == 0 && shares == 0) {
    return kRatio;
  }
  if (std::abs(price) > kMaxExponent || std::abs(shares) > kMaxExponent) {
    return {};
  }
  return {Kind::kDimension, price, shares};
}

// Ratio, rank and bool are all bare numbers: they add up and compare with each other.
bool is_bare(const Unit& unit) {
  return unit.kind == Kind::kRatio || unit.kind == Kind::kRank || unit.kind == Kind::kBool;
}

// A literal so small that no price, volume or amount of money is near it: x / (y + 1e-12) keeps a quotient from a
// division by 0 and says nothing about units.
constexpr double kGuard = 1e-9;

bool agree(const UnitOperand& a, const UnitOperand& b) {
  if (a.literal && b.literal) {
    return true;
  }
  if (a.literal || b.literal) {
    const Unit& unit = a.literal ? b.unit : a.unit;
    return unit.kind != Kind::kDimension || math::abs(a.literal.value_or(b.literal.value_or(0.0))) <= kGuard;
  }
  return a.unit.kind == Kind::kAny || b.unit.kind == Kind::kAny || a.unit == b.unit ||
         (is_bare(a.unit) && is_bare(b.unit));
}

std::string words(const UnitOperand& operand) { return operand.literal ? "a bare number" : to_string(operand.unit); }

// How much an operand says about the unit of a sum.
int weight(const UnitOperand& operand) {
  if (operand.literal) {
    return 0;
  }
  return operand.unit.kind == Kind::kAny ? 1 : is_bare(operand.unit) ? 2 : 3;
}

// All must agree with the first operand that says most; bare numbers of different kinds make a ratio.
UnitResult join(std::span<const UnitOperand> operands) {
  if (operands.empty()) {
    return {};
  }
  const UnitOperand& first = *std::max_element(operands.begin(), operands.end(),
                                               [](const auto& a, const auto& b) { return weight(a) < weight(b); });
  UnitResult result{first.unit, {}};
  for (const UnitOperand& operand : operands) {
    if (!agree(first, operand) && result.breach.empty()) {
      result.breach = words(first) + " and " + words(operand);
    }
    if (!operand.literal && is_bare(first.unit) && is_bare(operand.unit) && operand.unit != first.unit) {
      result.unit = kRatio;
    }
  }
  return result;
}

Unit product(const UnitOperand& a, const UnitOperand& b, int sign) {
  if (b.literal) {
    return a.unit;
  }
  if (a.literal && (sign > 0 || b.unit.kind != Kind::kDimension)) {
    return b.unit;
  }
  if ((a.unit.kind == Kind::kAny && !a.literal) || b.unit.kind == Kind::kAny) {
    return {};
  }
  return dimension(a.unit.price + sign * b.unit.price, a.unit.shares + sign * b.unit.shares);
}

UnitResult multiply(std::span<const UnitOperand> operands, int sign) {
  if (operands.empty()) {
    return {};
  }
  UnitOperand result = operands[0];
  for (const UnitOperand& operand : operands.subspan(1)) {
    result = {product(result, operand, sign), std::nullopt};
  }
  return {result.unit, {}};
}

UnitResult needs_ratio(std::span<const UnitOperand> operands) {
  UnitResult result{kRatio, {}};
  for (const UnitOperand& operand : operands) {
    const bool fits = operand.literal || operand.unit.kind == Kind::kAny || is_bare(operand.unit);
    if (!fits && result.breach.empty()) {
      result.breach = to_string(operand.unit) + " where a ratio is needed";
    }
  }
  return result;
}

UnitResult power(std::span<const UnitOperand> operands) {
  if (operands.size() == 2 && operands[1].literal && operands[0].unit.kind == Kind::kDimension) {
    const double exponent = *operands[1].literal;
    if (exponent == math::floor(exponent) && math::abs(exponent) <= kMaxExponent) {
      const int times = static_cast<int>(exponent);
      return {dimension(operands[0].unit.price * times, operands[0].unit.shares * times), {}};
    }
  }
  return needs_ratio(operands);
}

std::string factor(std::string_view name, int exponent) {
  return exponent == 1 ? std::string(name) : fmt::format("{}^{}", name, exponent);
}

}  // namespace

UnitResult result_unit(UnitRule rule, std::span<const UnitOperand> operands) {
  switch (rule) {
    case UnitRule::kSame:
      return join(operands);
    case UnitRule::kMultiply:
      return multiply(operands, 1);
    case UnitRule::kDivide:
      return multiply(operands, -1);
    case UnitRule::kRatio:
      return {kRatio, {}};
    case UnitRule::kRank:
      return {{Kind::kRank, 0, 0}, {}};
    case UnitRule::kBool:
      return {{Kind::kBool, 0, 0}, join(operands).breach};
    case UnitRule::kNeedsRatio:
      return needs_ratio(operands);
    case UnitRule::kPower:
      return power(operands);
    case UnitRule::kDays:
      return {{Kind::kDays, 0, 0}, {}};
    case UnitRule::kFirst:
      return {operands.empty() ? Unit{} : operands[0].unit, {}};
    case UnitRule::kSecond:
      return join(operands.subspan(operands.empty() ? 0 : 1));
    case UnitRule::kAny:
      return {};
  }
  return {};
}

// A split divides prices and multiplies shares by the same ratio, which cancels where the exponents are equal.
bool is_level(const Unit& unit) { return unit.kind == Kind::kDimension && unit.price != unit.shares; }

std::string to_string(const Unit& unit) {
  switch (unit.kind) {
    case Kind::kAny:
      return "any";
    case Kind::kRatio:
      return "ratio";
    case Kind::kRank:
      return "rank";
    case Kind::kBool:
      return "bool";
    case Kind::kDays:
      return "days";
    case Kind::kDimension:
      break;
  }
  if (unit.price == unit.shares) {
    return factor("money", unit.price);
  }
  if (unit.price == 0 || unit.shares == 0) {
    return unit.price == 0 ? factor("shares", unit.shares) : factor("price", unit.price);
  }
  const bool divides = unit.price > 0 && unit.shares < 0;
  return factor("price", unit.price) + (divides ? "/" : "*") + factor("shares", divides ? -unit.shares : unit.shares);
}

std::vector<FieldSpec> standard_fields() {
  std::vector<FieldSpec> fields;
  for (const char* name : {"open", "high", "low", "close", "vwap", "raw_open", "raw_high", "raw_low", "raw_close",
                           "bench_open", "bench_close"}) {
    fields.push_back({name, kPrice, false});
  }
  for (const char* name : {"volume", "raw_volume"}) {
    fields.push_back({name, kShares, false});
  }
  for (const char* name : {"amount", "cap"}) {
    fields.push_back({name, kMoney, false});
  }
  for (const char* name : {"mkt_rf", "smb", "hml", "rf"}) {
    fields.push_back({name, kRatio, false});
  }
  for (const char* name : {"sector", "industry", "subindustry"}) {
    fields.push_back({name, {}, true});
  }
  return fields;
}

}  // namespace lode::expr
