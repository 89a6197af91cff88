// Tests of the compiler: what formulas become, under which profile, with which warnings. Expected texts are written
// from factors.md 1.1 to 1.5 by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/core/expr/test_operators.h"

namespace lode::expr {
namespace {

using testing::compile_as;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The canonical text, or the error.
std::string canonical(std::string_view text, std::string_view profile = "lode") {
  const auto program = compile_as(text, profile);
  return program ? program->formulas[0] : render(program.error());
}

std::vector<std::string> warnings(std::string_view text, std::string_view profile = "lode") {
  const auto program = compile_as(text, profile);
  std::vector<std::string> lines;
  if (!program) {
    return {render(program.error())};
  }
  for (const Warning& warning : program->warnings) {
    lines.push_back(warning.number + " " + warning.message);
  }
  return lines;
}

TEST(Compile, ThreeNotationsAreOneProgram) {
  const auto paper = compile_as("(-1 * correlation(rank(open), Ts_Rank(volume, 5), 10))", "paper");
  const auto qlib = compile_as("-Corr(Rank($open), Rank($volume, 5), 10)", "paper");
  const auto calls = compile_as("neg(ts_corr(rank(open), ts_rank(volume, 5), 10))", "paper");
  ASSERT_TRUE(paper && qlib && calls);
  EXPECT_EQ(paper->formulas[0], "-ts_corr(rank(open), ts_rank(volume, 5), 10)");
  EXPECT_EQ(paper->hashes, qlib->hashes);
  EXPECT_EQ(paper->hashes, calls->hashes);
  EXPECT_EQ(paper->hashes[0].size(), 32U);
}

TEST(Compile, TheProfileIsPartOfTheHash) {
  EXPECT_NE(compile_as("rank(close)", "lode")->hashes, compile_as("rank(close)", "paper")->hashes);
}

TEST(Compile, NamesWithTwoAritiesFollowTheCount) {
  EXPECT_EQ(canonical("rank(rank(close, 5))"), "rank(ts_rank(close, 5))");
  EXPECT_EQ(canonical("sma(close, 5)"), "ts_mean(close, 5)");
  EXPECT_EQ(canonical("inverse(close)"), "1 / close");
  EXPECT_EQ(canonical("sma(close, 5, 2)"), "sma(close, 5, 2)");
}

TEST(Compile, QlibsSignsOfBothAndEitherBindAsInPython) {
  EXPECT_EQ(canonical("($close > $open) & ($volume > 0) | $high", "qlib"), "close > open && volume > 0 || high");
  EXPECT_EQ(canonical("close | open & high"), "close || open && high");
  const auto chain = compile_as("close > open & volume > 0", "qlib");
  ASSERT_FALSE(chain);
  EXPECT_EQ(chain.error().number(), E::E1108);
}

TEST(Compile, MinAndMaxWithALiteralFollowTheProfile) {
  EXPECT_EQ(canonical("min(close, 5)", "paper"), "ts_min(close, 5)");
  EXPECT_EQ(canonical("max(close, 5.9)", "paper"), "ts_max(close, 5)");
  EXPECT_EQ(canonical("min(close, 2 * 3)", "paper"), "ts_min(close, 6)");
  EXPECT_EQ(canonical("min(5, close)", "paper"), "min(5, close)");
  EXPECT_EQ(canonical("min(close, open)", "paper"), "min(close, open)");
  EXPECT_EQ(canonical("min(close, 5)", "lode"), "min(5, close)");
}

TEST(Compile, AdvIsTheMeanOfMoney) {
  EXPECT_EQ(canonical("adv20"), "ts_mean(amount, 20)");
  EXPECT_EQ(canonical("ADV5040"), "ts_mean(amount, 5040)");
  EXPECT_EQ(canonical("adv20", "street"), "ts_mean(volume, 20)");
  EXPECT_EQ(canonical("volume > adv20", "brain"), "volume > ts_mean(volume, 20)");
}

TEST(Compile, ReturnsIsItsComposite) {
  const auto name = compile_as("rank(returns)", "lode");
  const auto written = compile_as("rank(close / delay(close, 1) - 1)", "lode");
  ASSERT_TRUE(name && written);
  EXPECT_EQ(name->hashes, written->hashes);
  EXPECT_EQ(name->formulas[0], "rank(returns)");
  EXPECT_EQ(name->nodes.size(), 6U);
  EXPECT_EQ(name->lookback(), 1);
  EXPECT_THAT(name->fields(), ElementsAre("close"));
}

TEST(Compile, SharesEqualSubexpressions) {
  const auto program = compile_as("(high + low) * rank(low + high)", "lode");
  ASSERT_TRUE(program);
  EXPECT_EQ(program->nodes.size(), 5U);  // high, low, add, rank, mul
}

TEST(Compile, PutsCommutingOperandsInOneOrder) {
  EXPECT_EQ(canonical("low + high"), "high + low");
  EXPECT_EQ(canonical("rank(close) * 2"), "2 * rank(close)");
  EXPECT_EQ(canonical("close - open"), "close - open");
  EXPECT_EQ(canonical("(rank(volume) + rank(close) * 2) + high", "paper"),
            canonical("high + (2 * rank(close) + rank(volume))", "paper"));
}

TEST(Compile, FoldsLiteralsAndKeepsForbiddenRewritesOut) {
  EXPECT_EQ(canonical("vwap * (1 - 0.75)", "paper"), "0.25 * vwap");
  EXPECT_EQ(canonical("close > 0 ? -2^2 : 2^-1", "paper"), "close > 0 ? -4 : 0.5");
  EXPECT_EQ(canonical("close * 0.3 + close * 0.7", "paper"), canonical("0.3 * close + 0.7 * close", "paper"));
  EXPECT_NE(canonical("close * 0.3 + close * 0.7", "paper"), "close");
  EXPECT_EQ(canonical("close ^ 1"), "close^1");
  EXPECT_EQ(canonical("0 - 1 * close"), "0 - 1 * close");
  EXPECT_EQ(canonical("indneutralize(indneutralize(close, sector), sector)"),
            "indneutralize(indneutralize(close, sector), sector)");
  EXPECT_EQ(canonical("rank(log(close / open))"), "rank(log(close / open))");
  EXPECT_EQ(compile_as("0 ^ -1 + rank(close)", "lode").error().number(), E::E1114) << "no value on any day";
}

class Definitions : public ::testing::Test {
 protected:
  Result<Program> with(std::string_view formula, std::vector<const char*> definitions,
                       std::string_view profile = "paper") {
    CompileOptions options;
    for (const char* text : definitions) {
      options.definitions.push_back(*parse_definition(text));
    }
    return compile(formula, **find_profile(profile), OperatorTable(), options);
  }
  std::string text(std::string_view formula, std::vector<const char*> definitions, std::string_view profile = "paper") {
    const auto program = with(formula, std::move(definitions), profile);
    return program ? program->formulas[0] : render(program.error());
  }
};

TEST_F(Definitions, TakeTheNamesPlaceAndArePartOfTheFormula) {
  EXPECT_EQ(text("vwap / close", {"VWAP = (high + low + close) / 3"}), "(close + (high + low)) / 3 / close");
  EXPECT_EQ(with("vwap / close", {"vwap=(high+low+close)/3"})->hashes,
            with("(high + low + close) / 3 / close", {})->hashes);
  EXPECT_NE(with("vwap / close", {"vwap=(high+low+close)/3"})->hashes, with("vwap / close", {})->hashes);
  EXPECT_THAT(with("vwap - rank(vwap)", {"vwap=close"})->fields(), ::testing::ElementsAre("close"));
}

TEST_F(Definitions, ReachWhatNamesAreMadeOf) {
  EXPECT_EQ(text("adv20", {"amount=close*volume"}), "ts_mean(close * volume, 20)");
  EXPECT_EQ(text("returns", {"close=vwap"}), "vwap / delay(vwap, 1) - 1");
  EXPECT_EQ(text("returns + 1", {"returns=log(close / open)"}), "1 + log(close / open)");
  EXPECT_EQ(text("indneutralize(close, sector)", {"sector=IndClass.industry"}), "indneutralize(close, industry)");
  EXPECT_EQ(text("$vwap / Ref($vwap, 1)", {"vwap=Mean($close, 2)"}, "qlib"),
            "ts_mean(close, 2) / delay(ts_mean(close, 2), 1)");
}

TEST_F(Definitions, SeeThoseBeforeThemAndNeverThemselves) {
  EXPECT_EQ(text("amount", {"vwap=open", "amount=vwap*volume"}), "open * volume");
  EXPECT_EQ(text("amount", {"amount=vwap*volume", "vwap=open"}), "volume * vwap") << "the data's own vwap";
  EXPECT_EQ(text("close", {"close=close*2"}), "2 * close");
  EXPECT_EQ(text("close", {"close=close*2", "close=close+1"}), "1 + 2 * close");
}

TEST_F(Definitions, AreToldOnceWhereTheyAreUsed) {
  const auto program = with("vwap / close + rank(vwap)", {"vwap=(high+low)/2", "amount=close*volume"});
  ASSERT_TRUE(program);
  ASSERT_EQ(program->warnings.size(), 1U);
  EXPECT_EQ(program->warnings[0].number, "W1304");
  EXPECT_EQ(program->warnings[0].message, "vwap is (high+low)/2 here, as the call defines it");
}

TEST_F(Definitions, FailWithTheirOwnTextAndCaret) {
  EXPECT_THAT(text("rank(vwap)", {"vwap=(high+lwo)/2"}),
              ::testing::AllOf(HasSubstr("E1106]: in the definition of vwap: no field called 'lwo'\n"),
                               HasSubstr("  1 | (high+lwo)/2\n    |       ^^^\n")));
  EXPECT_THAT(text("rank(vwap)", {"vwap=(high"}), HasSubstr("E1101]: in the definition of vwap: expected"));
  EXPECT_THAT(text("rank(vwap)", {"vwap=delay(close, -1)"}), HasSubstr("E1107]: in the definition of vwap: "));
  EXPECT_THAT(text("rank(close)", {"vwap=(high"}), "rank(close)") << "nothing reads it";
}

TEST_F(Definitions, HaveOneForm) {
  for (const char* bad : {"vwap", "=close", "vwap=", "vwap == close", "2x=close", "a b=close", "a(b)=c"}) {
    const auto definition = parse_definition(bad);
    ASSERT_FALSE(definition) << bad;
    EXPECT_EQ(definition.error().number(), E::E1101) << bad;
  }
  EXPECT_EQ(parse_definition("rank=close").error().number(), E::E1102);
  EXPECT_EQ(parse_definition(" V2 = close == open ")->text, "close == open");
}

TEST_F(Definitions, ThatMakeAFormulaTooLargeAreRefused) {
  std::vector<std::string> texts;
  for (int i = 0; i < 60; ++i) {  // Each twice the one before it.
    texts.push_back(fmt::format("d{}=d{}+open*d{}", i + 1, i, i));
  }
  CompileOptions options;
  options.definitions.push_back(*parse_definition("d0=close"));
  for (const std::string& one : texts) {
    options.definitions.push_back(*parse_definition(one));
  }
  const auto program = compile("d60", **find_profile("paper"), OperatorTable(), options);
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().number(), E::E1112);
}

TEST(Compile, RemovesARankAroundARankOnly) {
  EXPECT_EQ(canonical("rank(rank(rank(close)))"), "rank(close)");
  EXPECT_EQ(canonical("rank(-rank(close))"), "rank(-rank(close))");
  EXPECT_EQ(canonical("rank(rank(close, ties=min))"), "rank(rank(close, ties=min))");
}

TEST(Compile, RoundsWindowsByProfile) {
  EXPECT_EQ(canonical("ts_sum(close, 8.7)", "paper"), "ts_sum(close, 8)");
  EXPECT_EQ(canonical("ts_sum(close, 0.2)", "paper"), "ts_sum(close, 1)");
  EXPECT_THAT(warnings("rank(ts_sum(close, 8.7))", "paper"), IsEmpty());
  EXPECT_THAT(warnings("rank(ts_sum(close, 8.7))"), ElementsAre("W1104 the window 8.7 of ts_sum is read as 8 days"));
  EXPECT_EQ(canonical("ts_sum(close, 8.5)", "street"), "ts_sum(close, 9)");
}

TEST(Compile, LiteralsAndOperandsKeepParameterOrder) {
  const auto program = compile_as("sumif(close, 5, close > open)", "lode");
  ASSERT_TRUE(program);
  const Node& root = program->nodes[program->roots[0]];
  EXPECT_THAT(root.literals, ElementsAre(5.0));
  ASSERT_EQ(root.operands.size(), 2U);
  EXPECT_EQ(program->nodes[root.operands[0]].field, "close");
  EXPECT_EQ(program->nodes[root.operands[1]].op->spec.name, "gt");
}

TEST(Compile, OptionalLiteralsHaveTheirDefault) {
  EXPECT_EQ(canonical("scale(close, 1)"), "scale(close)");
  EXPECT_EQ(canonical("scale(close, 2)"), "scale(close, 2)");
  EXPECT_EQ(canonical("scale(close, a=2)", "paper"), "scale(close, 2)");
  EXPECT_EQ(compile_as("scale(close)", "lode")->nodes.back().literals, std::vector<double>{1.0});
}

TEST(Compile, OptionsAreResolvedByPosition) {
  const auto program = compile_as("ts_rank(close, 10, ties=max, min_periods=4)", "lode");
  ASSERT_TRUE(program);
  EXPECT_THAT(program->nodes.back().options, ElementsAre(4.0, 2.0));
  EXPECT_EQ(program->formulas[0], "ts_rank(close, 10, min_periods=4, ties=max)");
  EXPECT_EQ(canonical("rank(close, pct=true)"), "rank(close)");
}

TEST(Compile, OptionsOfAFileReachWhoHasThem) {
  CompileOptions options;
  options.option_defaults = {{"ties", "first", 1}};
  const auto program =
      compile_as("rank(close) + ts_rank(close, 5, ties=min) + ts_mean(rank(close), 2)", "lode", options);
  ASSERT_TRUE(program);
  EXPECT_EQ(
      program->formulas[0],
      compile_as("rank(close, ties=first) + ts_rank(close, 5, ties=min) + ts_mean(rank(close, ties=first), 2)", "lode")
          ->formulas[0]);
}

TEST(Compile, VariadicOperatorsTakeMore) {
  EXPECT_EQ(canonical("neutralize(close, open, high, low)"), "neutralize(close, open, high, low)");
}

TEST(Compile, AKeywordCanChooseTheOperator) {
  EXPECT_EQ(canonical("neutralize(close, open, high, g=sector)", "paper"),
            "group_neutralize_on(close, sector, open, high)");
  EXPECT_EQ(canonical("neutralize(close, open, g=high)").substr(0, 12), "error[E1109]");
  EXPECT_EQ(canonical("neutralize(g=sector)").substr(0, 12), "error[E1103]");
  EXPECT_EQ(canonical("neutralize(close, open, g=5)").substr(0, 12), "error[E1109]");
}

TEST(Compile, GroupsComeByEitherName) {
  EXPECT_EQ(canonical("IndNeutralize(close, IndClass.Sector)"), canonical("group_demean(close, sector)"));
}

TEST(Compile, CountsHistory) {
  EXPECT_EQ(compile_as("close", "lode")->lookback(), 0);
  EXPECT_EQ(compile_as("delay(ts_mean(close, 5), 2)", "lode")->lookback(), 6);
  EXPECT_EQ(compile_as("ts_mean(close, 5) + delta(close, 30)", "lode")->lookback(), 30);
}

TEST(Compile, ChecksUnitsForPeopleOnly) {
  EXPECT_THAT(warnings("rank(close + volume)"), ElementsAre("W1301 price and shares in 'close + volume'"));
  EXPECT_THAT(warnings("rank(adv20 < volume)"), ElementsAre("W1301 money and shares in 'adv20 < volume'"));
  EXPECT_THAT(warnings("rank(log(volume))"), ElementsAre("W1301 shares where a ratio is needed in 'log(volume)'"));
  EXPECT_THAT(warnings("rank(close + volume)", "paper"), IsEmpty());
  EXPECT_THAT(warnings("rank(amount / volume - close)"), IsEmpty());
  EXPECT_THAT(warnings("rank(close > 0 ? returns : 0)"), IsEmpty());
}

TEST(Compile, WarnsOfPriceLevels) {
  const auto lines = warnings("close - open");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].substr(0, 39), "W1302 the result is a level in price: i");
  EXPECT_THAT(warnings("zscore(close - open)"), IsEmpty());
  EXPECT_THAT(warnings("(close - open) / close"), IsEmpty());
}

TEST(Compile, MoneyIsNoLevelSinceASplitLeavesItAsItIs) {
  for (const char* formula : {"adv20", "ts_mean(amount, 20)", "-adv20", "adv5 - adv20", "close * volume", "amount"}) {
    EXPECT_THAT(warnings(formula), IsEmpty()) << formula;
  }
  for (const char* formula : {"close", "volume", "adv20 / volume", "adv20 / close", "close * close", "1 / close"}) {
    EXPECT_EQ(warnings(formula).size(), 1U) << formula;
  }
}

TEST(Compile, LookaheadOnPurposeIsMarked) {
  CompileOptions options;
  options.allow_lookahead = true;
  const auto leak = compile_as("rank(delay(delay(close, -1), -2.0) + delay(open, 3))", "lode", options);
  ASSERT_TRUE(leak);
  EXPECT_EQ(leak->lookahead, 3);
  EXPECT_EQ(leak->lookback(), 3);
  EXPECT_EQ(leak->formulas[0], "rank(delay(delay(close, -1), -2) + delay(open, 3))");
  EXPECT_EQ(compile_as("delay(delta(close, -1), 1)", "lode", options)->lookahead, 0);
  EXPECT_EQ(compile_as("delta(delay(close, -1), 3)", "lode", options)->lookahead, 1);
  EXPECT_EQ(compile_as("rank(close)", "lode", options)->lookahead, 0);
}

TEST(Compile, AConstantIsAFormula) {
  const auto program = compile_as("2 + 3", "lode");
  ASSERT_TRUE(program);
  EXPECT_EQ(program->nodes.back().kind, NodeKind::kLiteral);
  EXPECT_EQ(program->formulas[0], "5");
}

TEST(Compile, UsesTheCallersFields) {
  CompileOptions options;
  options.fields = {{"signal", {}, false}, {"country", {}, true}};
  const auto program = compile_as("indneutralize($Signal, IndClass.country)", "lode", options);
  ASSERT_TRUE(program);
  EXPECT_THAT(program->fields(), ElementsAre("country", "signal"));
}

TEST(Merge, SharesAcrossFormulasAndKeepsOrder) {
  const std::vector<Program> programs = {*compile_as("rank(ts_mean(close, 5))", "lode"),
                                         *compile_as("ts_mean(close, 5) / close", "lode"),
                                         *compile_as("rank(ts_mean(close, 5))", "lode")};
  const Program merged = merge(programs);
  EXPECT_EQ(merged.nodes.size(), 4U);
  ASSERT_EQ(merged.roots.size(), 3U);
  EXPECT_EQ(merged.roots[0], merged.roots[2]);
  EXPECT_EQ(merged.formulas[1], "ts_mean(close, 5) / close");
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(print(merged, i, Notation::kCanonical), merged.formulas[i]);
  }
  for (std::size_t i = 0; i < merged.nodes.size(); ++i) {
    for (const std::uint32_t operand : merged.nodes[i].operands) {
      EXPECT_LT(operand, i);
    }
  }
}

}  // namespace
}  // namespace lode::expr
