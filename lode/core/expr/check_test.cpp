// Tests of the messages for bad formulas: factors.md 1.7 and ux.md 2.4 (f) and (g), word for word.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "lode/base/random.h"
#include "lode/core/expr/test_operators.h"

namespace lode::expr {
namespace {

using testing::compile_as;
using ::testing::HasSubstr;

std::string rendered(std::string_view text, std::string_view profile = "lode", const CompileOptions& options = {}) {
  const auto program = compile_as(text, profile, options);
  return program ? "no error" : render(program.error());
}

// "E1103 message", and the help below it.
std::string message(std::string_view text, std::string_view profile = "lode") {
  const auto program = compile_as(text, profile);
  return program ? "no error" : to_string(program.error().number()) + " " + program.error().message();
}
std::string help(std::string_view text, std::string_view profile = "lode") {
  const auto program = compile_as(text, profile);
  return program ? "no error" : program.error().hint();
}

TEST(Check, ATypoInAnOperatorReadsAsDocumented) {
  EXPECT_EQ(rendered("rank(ts_corrl(close, volume, 10))"),
            "error[E1102]: no operator called 'ts_corrl'\n"
            "  1 | rank(ts_corrl(close, volume, 10))\n"
            "    |      ^^^^^^^^\n"
            "help: did you mean 'ts_corr'?  ts_corr(x, y, days) correlation over the last `days` sessions\n"
            "      more: lode explain E1102");
}

TEST(Check, LookaheadReadsAsDocumented) {
  EXPECT_EQ(rendered("rank(ts_delta(delay(close, -1), 5))"),
            "error[E1107]: this formula looks 1 session into the future\n"
            "  1 | rank(ts_delta(delay(close, -1), 5))\n"
            "    |                            ^^ a negative delay reads tomorrow's close\n"
            "help: use delay(close, 1). To study a leak on purpose: --allow-lookahead (marks every result)");
  EXPECT_EQ(message("Ref($close, -3)"), "E1107 this formula looks 3 sessions into the future");
  EXPECT_THAT(help("Ref($close, -3)"), HasSubstr("use Ref($close, 3)."));
  EXPECT_EQ(message("delta(close + open, -1)"), "E1107 this formula looks 1 session into the future");
}

TEST(Check, SuggestsSameArityFirstThenDistance) {
  EXPECT_EQ(message("corelation(close, volume, 10)"), "E1102 no operator called 'corelation'");
  EXPECT_THAT(help("corelation(close, volume, 10)"), HasSubstr("did you mean 'correlation'?"));
  EXPECT_THAT(help("ts_meen(close, 5)"), HasSubstr("did you mean 'ts_mean'?"));
  // ts_ma(x) is one letter from ts_max(x, days) and two from nothing with one argument that fits.
  EXPECT_THAT(help("ts_mx(close, 5)"), HasSubstr("'ts_max'"));
  EXPECT_THAT(help("rnk(close)"), HasSubstr("'rank'?  rank(x)"));
  EXPECT_THAT(help("rnk(close, 5)"), HasSubstr("'rank'?  rank(x, days)"));
  EXPECT_EQ(help("close(5)").substr(0, 17), "close is a field;");
}

TEST(Check, GivesNoHintForStrangers) {
  const Random random(7, 1);
  std::uint64_t position = 0;
  for (int word = 0; word < 50; ++word) {
    std::string text;
    const std::uint64_t length = 9 + random.bits_at(position++) % 6;
    for (std::uint64_t i = 0; i < length; ++i) {
      text.push_back(static_cast<char>('a' + random.bits_at(position++) % 26));
    }
    EXPECT_EQ(help(text + "(close, 5)"), "more: lode explain E1102") << text;
  }
}

TEST(Check, Arity) {
  EXPECT_EQ(message("correlation(close, 5)"), "E1103 correlation takes 3 arguments (x, y, days), got 2");
  EXPECT_EQ(message("rank()"), "E1103 rank takes 1 argument (x), got 0");
  EXPECT_EQ(message("rank(1, 2, 3)"), "E1103 rank takes 1 argument (x), got 3");
  EXPECT_EQ(message("scale(close, 1, 2)"), "E1103 scale takes 1 to 2 arguments (x, a=1), got 3");
  EXPECT_EQ(message("neutralize(close)"), "E1103 neutralize takes at least 2 arguments (x, y..), got 1");
  EXPECT_EQ(message("scale(close, 2, a=2)"), "E1103 scale gets its argument a twice");
}

TEST(Check, WindowsAreLiterals) {
  EXPECT_EQ(message("ts_sum(close, volume)"),
            "E1104 the window of ts_sum must be a literal number of days, got an expression");
  EXPECT_EQ(message("ts_sum(close, 2 * 5)"),
            "E1104 the window of ts_sum must be a literal number of days, got an expression");
  EXPECT_EQ(help("ts_sum(close, 2 * 5)"), "write 10");
  EXPECT_EQ(message("ts_sum(close, (5))"), "no error");
}

TEST(Check, WindowsHaveARange) {
  EXPECT_EQ(message("ts_skew(close, 2)"), "E1105 ts_skew needs at least 3 days, got 2");
  EXPECT_EQ(message("ts_skew(close, 2.9)"), "E1105 ts_skew needs at least 3 days, got 2.9");
  EXPECT_EQ(message("ts_mean(close, 0)"), "E1105 ts_mean needs at least 1 day, got 0");
  EXPECT_EQ(message("ts_mean(close, -5)"), "E1105 ts_mean needs at least 1 day, got -5");
  EXPECT_EQ(message("ts_mean(close, -0.5)", "paper"), "E1105 ts_mean needs at least 1 day, got -0.5");
  EXPECT_EQ(message("delay(close, 0)"), "E1105 delay needs at least 1 day, got 0");
  EXPECT_EQ(message("ts_mean(close, 6000)"), "E1105 ts_mean takes at most 5,040 days, got 6000");
  EXPECT_EQ(message("ts_mean(close, 5040)"), "no error");
  EXPECT_EQ(message("min(close, -1)", "paper"), "E1105 min needs at least 1 day, got -1");
  EXPECT_EQ(message("min(close, -1)", "lode"), "no error");
  EXPECT_EQ(message("adv0"), "E1105 adv0 must count 1 to 5,040 days");
  EXPECT_EQ(message("adv6000"), "E1105 adv6000 must count 1 to 5,040 days");
}

TEST(Check, Fields) {
  EXPECT_EQ(message("rank(clsoe)"), "E1106 no field called 'clsoe'");
  EXPECT_EQ(help("rank(clsoe)"), "did you mean 'close'? (lode factor fields)");
  EXPECT_EQ(message("rank($clsoe)"), "E1106 no field called '$clsoe'");
  EXPECT_EQ(help("qwertyuiop"), "lode factor fields lists them");
  EXPECT_EQ(help("rank + 1"), "rank is an operator: rank(x)");
  EXPECT_EQ(message("indneutralize(close, IndClass.sectr)"), "E1106 no group called 'IndClass.sectr'");
  EXPECT_EQ(help("indneutralize(close, IndClass.sectr)"), "did you mean 'sector'? (lode factor fields)");
  EXPECT_EQ(message("indneutralize(close, IndClass.close)"), "E1106 no group called 'IndClass.close'");
}

TEST(Check, AStandardFieldThisDataLacks) {
  CompileOptions options;
  options.fields = {{"close", {Unit::Kind::kDimension, 1, 0}, false}, {"volume", {}, false}};
  EXPECT_THAT(rendered("rank(cap)", "lode", options),
              HasSubstr("error[E1113]: formula needs field cap, absent in this data"));
  EXPECT_THAT(rendered("adv20", "lode", options), HasSubstr("error[E1113]: formula needs field amount"));
  EXPECT_THAT(rendered("indneutralize(close, sector)", "lode", options), HasSubstr("E1113"));
  EXPECT_THAT(rendered("returns", "lode", options), "no error");
}

TEST(Check, Types) {
  EXPECT_EQ(message("indneutralize(close, open)"),
            "E1109 indneutralize needs a group (sector, industry, ..) as argument 2, got a number");
  EXPECT_EQ(message("rank(sector)"), "E1109 rank needs a number as argument 1, got the group sector");
  EXPECT_EQ(message("sector ? 1 : 0"), "E1109 where needs a condition as argument 1, got the group sector");
  EXPECT_EQ(message("scale(close, open)"), "E1109 scale needs a literal number as argument 2, got an expression");
  EXPECT_EQ(message("sector"), "E1109 a formula is a number, got the group sector");
}

TEST(Check, Options) {
  EXPECT_EQ(message("ts_mean(close, 5, min_periods=3)", "paper"),
            "E1110 option min_periods is not part of profile paper");
  EXPECT_EQ(message("ts_mean(close, 5, min_period=3)"), "E1110 ts_mean has no option min_period");
  EXPECT_EQ(help("ts_mean(close, 5, min_period=3)"), "did you mean 'min_periods'?");
  EXPECT_EQ(help("abs(close, ties=min)"), "abs has no options under any profile: abs(x)");
  EXPECT_EQ(message("rank(close, ties=best)"),
            "E1110 option ties of rank must be one of average, min, max, first, got best");
  EXPECT_EQ(message("ts_mean(close, 5, min_periods=all)"),
            "E1110 option min_periods of ts_mean must be a number, got all");
  EXPECT_EQ(message("rank(close, ties=min, ties=max)"), "E1110 option ties stands twice");
  for (const char* bad : {"6", "2.5", "-1"}) {
    EXPECT_THAT(message("ts_mean(close, 5, min_periods=" + std::string(bad) + ")"),
                HasSubstr("min_periods of ts_mean must be a whole number from 1 to 5, got"));
  }
}

TEST(Check, ALimitIsACountOfSessions) {
  EXPECT_EQ(message("ffill(close, limit=3)"), "no error");
  EXPECT_EQ(message("ffill(close, limit=1e9)"),
            "E1105 limit of ffill must be a whole number from 1 to 5040, got 1000000000");
  EXPECT_EQ(message("ffill(close, limit=0)"), "E1105 limit of ffill must be a whole number from 1 to 5040, got 0");
}

TEST(Check, NamesThatMeanSomethingElseElsewhere) {
  EXPECT_EQ(message("Greater($open, $close)"),
            "E1111 Greater(x, y) is elementwise max in qlib; write max(x, y) or x > y");
  EXPECT_EQ(message("less(open, close)", "paper"),
            "E1111 Less(x, y) is elementwise min in qlib; write min(x, y) or x < y");
}

TEST(Check, EveryErrorHasAnExcerptAndFitsTwelveLines) {
  const std::string wide(70, 'x');
  for (const std::string& text :
       {std::string("foo(close)"), "rank(" + wide + ")", "ts_mean(close, " + wide + ")", wide + "(close)",
        std::string("rank(\n\nclsoe)"), "ts_mean(close, 5, " + wide + "=3)", "rank(close, ties=" + wide + ")"}) {
    const auto program = compile_as(text, "lode");
    ASSERT_FALSE(program);
    EXPECT_THAT(program.error().where(), HasSubstr("^"));
    const std::string shown = render(program.error());
    EXPECT_LE(std::count(shown.begin(), shown.end(), '\n'), 11) << shown;
  }
}

TEST(ErrorPages, ShowAFormulaThatFailsSoAndOneThatDoesNot) {
  int pages = 0;
  for (const ErrorInfo& page : all_errors()) {
    const int number = static_cast<int>(page.number);
    if (number < 1101 || number > 1111 || page.bad.starts_with("lode ")) {
      continue;
    }
    ++pages;
    EXPECT_EQ(message(page.bad).substr(0, 5), to_string(page.number)) << page.bad;
    EXPECT_EQ(message(page.good), "no error") << page.good;
  }
  EXPECT_EQ(pages, 10);
}

TEST(LanguagePage, HoldsFormulasThatCompile) {
  std::ifstream page("docs/formulas.md");
  if (!page) {
    GTEST_SKIP() << "not run from the source folder";
  }
  int formulas = 0;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    const bool fence = line.starts_with("```");
    if (inside && !fence) {
      EXPECT_EQ(message(line), "no error") << line;
      ++formulas;
    }
    inside = fence ? line == "```formula" : inside;
  }
  EXPECT_EQ(formulas, 4);
}

}  // namespace
}  // namespace lode::expr
