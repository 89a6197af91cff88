// Tests of the printer: exact texts in each notation, and that every print reads back to the same hash.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "lode/base/test_rounds.h"
#include "lode/core/expr/random_formula.h"
#include "lode/core/expr/test_operators.h"

namespace lode::expr {
namespace {

using testing::compile_as;

constexpr Notation kNotations[] = {Notation::kCanonical, Notation::kPaper, Notation::kQlib, Notation::kCall};

std::string printed(std::string_view text, Notation notation) {
  const auto program = compile_as(text, "paper");
  return program ? print(*program, 0, notation) : render(program.error());
}

TEST(Print, WritesEachNotation) {
  const std::string_view text = "close < open ? -correlation(rank(vwap), Ts_Rank(volume, 5), 10) : returns * 2";
  EXPECT_EQ(printed(text, Notation::kCanonical),
            "close < open ? -ts_corr(rank(vwap), ts_rank(volume, 5), 10) : 2 * returns");
  EXPECT_EQ(printed(text, Notation::kPaper),
            "close < open ? -correlation(rank(vwap), Ts_Rank(volume, 5), 10) : 2 * returns");
  EXPECT_EQ(printed(text, Notation::kQlib),
            "If($close < $open, -Corr(rank($vwap), Rank($volume, 5), 10), 2 * $returns)");
  EXPECT_EQ(printed(text, Notation::kCall),
            "where(lt(close, open), neg(ts_corr(rank(vwap), ts_rank(volume, 5), 10)), mul(2, returns))");
}

TEST(Print, WritesOnlyTheParenthesesItNeeds) {
  const std::pair<const char*, const char*> cases[] = {
      {"(a - b) - c", "a - b - c"},
      {"a - (b - c)", "a - (b - c)"},
      {"a / (b / c)", "a / (b / c)"},
      {"(a^b)^c", "(a^b)^c"},
      {"a^(b^c)", "a^b^c"},
      {"(-a)^2", "(-a)^2"},
      {"-(a^2)", "-a^2"},
      {"a * (-b)", "a * -b"},
      {"(a < b) - (c < d)", "(a < b) - (c < d)"},
      {"(a && b) || c", "a && b || c"},
      {"a && (b || c)", "a && (b || c)"},
      {"!(a < b)", "!(a < b)"},
      {"not a < b", "!(a < b)"},
      {"(a ? b : c) ? a : b", "(a ? b : c) ? a : b"},
      {"a ? b : (c ? a : b)", "a ? b : c ? a : b"},
      {"a ^ -2", "a^-2"},
      {"(-2) ^ a", "(-2)^a"},
      {"a - -2", "a - -2"},
      {"1e-12 - a", "1e-12 - a"},
  };
  CompileOptions options;
  for (const char* name : {"a", "b", "c", "d"}) {
    options.fields.push_back({name, {}, false});
  }
  for (const auto& [text, expected] : cases) {
    const auto program = compile_as(text, "lode", options);
    ASSERT_TRUE(program) << text;
    EXPECT_EQ(program->formulas[0], expected);
  }
}

TEST(Print, GroupsAndDefaults) {
  EXPECT_EQ(printed("IndNeutralize(scale(close), IndClass.sector)", Notation::kPaper),
            "IndNeutralize(scale(close), IndClass.sector)");
  EXPECT_EQ(printed("IndNeutralize(scale(close, 3), sector)", Notation::kCall),
            "indneutralize(scale(close, 3), sector)");
}

// Random formulas that compile, each printed and read back in every notation; returns how many there were.
int count_round_trips(const OperatorTable& table, int formulas) {
  int compiled = 0;
  for (std::uint64_t seed = 0; seed < static_cast<std::uint64_t>(formulas); ++seed) {
    const std::string text = testing::RandomFormula(seed).expression(static_cast<int>(seed % 6));
    const Profile& profile = profiles()[seed % profiles().size()];
    const auto program = compile(text, profile, table);
    if (!program) {
      // A random literal may be a bad window or divisor; profile qlib has no adv20 and takes min and max as windows.
      const ErrorNumber number = program.error().number();
      const bool is_qlib = profile.min_max == MinMax::kRolling && (number == E::E1104 || number == E::E1110);
      EXPECT_TRUE(number == E::E1105 || number == E::E1114 || is_qlib) << text << "\n" << render(program.error());
      continue;
    }
    ++compiled;
    for (const Notation notation : kNotations) {
      const std::string again = print(*program, 0, notation);
      const auto reread = compile(again, profile, table);
      EXPECT_TRUE(reread && reread->hashes == program->hashes && reread->nodes.size() == program->nodes.size())
          << text << "\n"
          << again << "\n"
          << (reread ? reread->formulas[0] : render(reread.error()));
    }
  }
  return compiled;
}

TEST(Print, EveryNotationReadsBackToTheSameHash) {
  EXPECT_GT(count_round_trips(testing::test_table(), test_rounds(4000)), test_rounds(3500));
}

TEST(Print, TheCatalogsOperatorsReadBack) {
  const OperatorTable table;
  ASSERT_NE(table.find("ts_corr"), nullptr);
  EXPECT_GT(count_round_trips(table, test_rounds(2000)), test_rounds(1700));
}

TEST(Print, IsLinearInDeepChains) {
  std::string sum = "close";
  for (int i = 0; i < 4000; ++i) {
    sum += " - open";
  }
  const auto program = compile_as(sum, "paper");
  ASSERT_TRUE(program);
  EXPECT_EQ(program->formulas[0], sum);
}

}  // namespace
}  // namespace lode::expr
