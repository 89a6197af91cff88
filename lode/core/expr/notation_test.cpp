// Tests of the tables behind the notations.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/notation.h"

#include <gtest/gtest.h>

#include "lode/core/expr/test_operators.h"

namespace lode::expr {
namespace {

TEST(Notation, OverloadsGoByArgumentCount) {
  EXPECT_EQ(resolve_overload("rank", 1), "rank");
  EXPECT_EQ(resolve_overload("rank", 2), "ts_rank");
  EXPECT_EQ(resolve_overload("sma", 2), "ts_mean");
  EXPECT_EQ(resolve_overload("sma", 3), "sma");
  EXPECT_EQ(resolve_overload("quantile", 3), "ts_quantile");
  EXPECT_EQ(resolve_overload("unknown", 2), "unknown");
}

TEST(Notation, AKeywordCanNameAnotherOperator) {
  ASSERT_NE(resolve_keyword("neutralize", "g"), nullptr);
  EXPECT_EQ(resolve_keyword("neutralize", "g")->canonical, "group_neutralize_on");
  EXPECT_EQ(resolve_keyword("neutralize", "h"), nullptr);
  EXPECT_EQ(resolve_keyword("rank", "g"), nullptr);
}

TEST(Notation, OnlyTwoNamesAreRefused) {
  EXPECT_FALSE(differing_meaning("greater").empty());
  EXPECT_FALSE(differing_meaning("less").empty());
  EXPECT_TRUE(differing_meaning("max").empty());
}

TEST(Notation, WritesANamesOwnSpellingOnlyWhereItReadsBack) {
  const Spec& correlation = testing::test_table().find("ts_corr")->spec;
  EXPECT_EQ(notation_name(correlation, Notation::kPaper), "correlation");
  EXPECT_EQ(notation_name(correlation, Notation::kQlib), "Corr");
  EXPECT_EQ(notation_name(correlation, Notation::kCall), "ts_corr");
  Spec without_aliases = correlation;
  without_aliases.aliases.clear();
  EXPECT_EQ(notation_name(without_aliases, Notation::kPaper), "ts_corr");
  // WMA is smaller by a factor in qlib, so decay_linear keeps its own name there.
  EXPECT_EQ(notation_name(testing::test_table().find("decay_linear")->spec, Notation::kQlib), "decay_linear");
}

TEST(Notation, SymbolsBindAsTheGrammarSays) {
  EXPECT_LT(infix("or").precedence, infix("and").precedence);
  EXPECT_LT(infix("and").precedence, infix("lt").precedence);
  EXPECT_LT(infix("lt").precedence, infix("add").precedence);
  EXPECT_LT(infix("add").precedence, infix("mul").precedence);
  EXPECT_LT(infix("mul").precedence, infix("neg").precedence);
  EXPECT_LT(infix("neg").precedence, infix("pow").precedence);
  EXPECT_EQ(infix("rank").precedence, 0);
}

}  // namespace
}  // namespace lode::expr
