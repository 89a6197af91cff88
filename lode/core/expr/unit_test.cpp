// Tests of the unit algebra: physics by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/unit.h"

#include <gtest/gtest.h>

#include <set>

namespace lode::expr {
namespace {

using Kind = Unit::Kind;

const UnitOperand kPrice{{Kind::kDimension, 1, 0}, std::nullopt};
const UnitOperand kShares{{Kind::kDimension, 0, 1}, std::nullopt};
const UnitOperand kMoney{{Kind::kDimension, 1, 1}, std::nullopt};
const UnitOperand kRatio{{Kind::kRatio, 0, 0}, std::nullopt};
const UnitOperand kRank{{Kind::kRank, 0, 0}, std::nullopt};
const UnitOperand kBool{{Kind::kBool, 0, 0}, std::nullopt};
const UnitOperand kDays{{Kind::kDays, 0, 0}, std::nullopt};
const UnitOperand kUser{{}, std::nullopt};

UnitOperand number(double value) { return {{}, value}; }

std::string unit(UnitRule rule, std::vector<UnitOperand> operands) {
  return to_string(result_unit(rule, operands).unit);
}
std::string breach(UnitRule rule, std::vector<UnitOperand> operands) { return result_unit(rule, operands).breach; }

TEST(Unit, ProductsAddExponents) {
  EXPECT_EQ(unit(UnitRule::kMultiply, {kPrice, kShares}), "money");
  EXPECT_EQ(unit(UnitRule::kDivide, {kMoney, kShares}), "price");
  EXPECT_EQ(unit(UnitRule::kDivide, {kPrice, kPrice}), "ratio");
  EXPECT_EQ(unit(UnitRule::kMultiply, {kPrice, kPrice}), "price^2");
  EXPECT_EQ(unit(UnitRule::kDivide, {kPrice, kShares}), "price/shares");
  EXPECT_EQ(unit(UnitRule::kDivide, {number(1), kPrice}), "price^-1");
  EXPECT_EQ(unit(UnitRule::kMultiply, {number(2), kRank}), "rank");
  EXPECT_EQ(unit(UnitRule::kMultiply, {kBool, kPrice}), "price");
  EXPECT_EQ(unit(UnitRule::kMultiply, {kUser, kPrice}), "any");
}

TEST(Unit, SumsNeedEqualUnitsOrABareZero) {
  EXPECT_EQ(breach(UnitRule::kSame, {kPrice, kShares}), "price and shares");
  EXPECT_EQ(breach(UnitRule::kBool, {kMoney, kShares}), "money and shares");
  EXPECT_EQ(breach(UnitRule::kSame, {number(1), kPrice}), "price and a bare number");
  EXPECT_EQ(breach(UnitRule::kSame, {kPrice, number(0)}), "");
  EXPECT_EQ(breach(UnitRule::kSame, {number(1), kRank}), "");
  EXPECT_EQ(breach(UnitRule::kSame, {kRank, kRatio}), "");
  EXPECT_EQ(breach(UnitRule::kSame, {kRank, kDays}), "days and rank");
  EXPECT_EQ(breach(UnitRule::kSame, {kUser, kPrice}), "");
  EXPECT_EQ(unit(UnitRule::kSame, {kUser, kPrice}), "price");
  EXPECT_EQ(unit(UnitRule::kSame, {number(0), kPrice}), "price");
  EXPECT_EQ(unit(UnitRule::kSame, {kRank, kBool}), "ratio");
}

TEST(Unit, WherePutsItsBranchesTogetherAndLeavesItsConditionFree) {
  EXPECT_EQ(unit(UnitRule::kSecond, {kBool, kPrice, number(0)}), "price");
  EXPECT_EQ(breach(UnitRule::kSecond, {kMoney, kPrice, kPrice}), "");
  EXPECT_EQ(breach(UnitRule::kSecond, {kBool, kPrice, kShares}), "price and shares");
}

TEST(Unit, PowersAndLogarithms) {
  EXPECT_EQ(unit(UnitRule::kPower, {kPrice, number(2)}), "price^2");
  EXPECT_EQ(unit(UnitRule::kPower, {kPrice, number(0)}), "ratio");
  EXPECT_EQ(breach(UnitRule::kPower, {kPrice, number(0.5)}), "price where a ratio is needed");
  EXPECT_EQ(breach(UnitRule::kPower, {kRank, kRank}), "");
  EXPECT_EQ(breach(UnitRule::kNeedsRatio, {kShares}), "shares where a ratio is needed");
  EXPECT_EQ(breach(UnitRule::kNeedsRatio, {kUser}), "");
  EXPECT_EQ(unit(UnitRule::kPower, {kPrice, number(1e9)}), "ratio");
}

TEST(Unit, ExponentsNeverRunAway) {
  UnitOperand tower = kPrice;
  for (int i = 0; i < 200; ++i) {
    const std::vector<UnitOperand> pair{tower, tower};
    tower.unit = result_unit(UnitRule::kMultiply, pair).unit;
  }
  EXPECT_EQ(to_string(tower.unit), "any");
}

TEST(Unit, LevelsAreWhatTheAdjustmentBaseMoves) {
  EXPECT_TRUE(is_level(kPrice.unit));
  EXPECT_FALSE(is_level(kMoney.unit)) << "a split cancels in price times shares";
  EXPECT_FALSE(is_level(kRatio.unit));
  EXPECT_FALSE(is_level(kUser.unit));
}

TEST(StandardFields, AreLowerCaseAndDistinct) {
  std::set<std::string> names;
  for (const FieldSpec& field : standard_fields()) {
    EXPECT_TRUE(names.insert(field.name).second) << field.name;
    EXPECT_EQ(field.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string::npos);
  }
  for (const char* name : {"open", "close", "vwap", "volume", "amount", "cap", "sector", "subindustry"}) {
    EXPECT_EQ(names.count(name), 1U) << name;
  }
}

TEST(Unit, AGuardAgainstADivisionByZeroHasNoUnit) {
  const auto warnings = [](const char* formula) {
    const auto program = compile(formula, **find_profile("lode"), OperatorTable());
    return program ? program->warnings.size() : 99U;
  };
  EXPECT_EQ(warnings("close / (ts_sum(abs(delta(close, 1)), 5) + 1e-12)"), 0U);
  EXPECT_EQ(warnings("volume / (1e-9 + volume)"), 0U);
  EXPECT_EQ(warnings("close / (high - low + .001)"), 1U) << "a tenth of a cent is an amount";
  EXPECT_EQ(warnings("(close + 1) / close"), 1U);
}

}  // namespace
}  // namespace lode::expr
