// Bad formulas as a person writes them: each with its number, what it says, and the text its caret underlines. And a
// file full of them, in which every good formula is computed all the same.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "lode/base/error.h"
#include "lode/core/expr/history.h"
#include "lode/core/expr/program.h"

namespace lode::expr {
namespace {

using ::testing::HasSubstr;

// What is underlined in an excerpt: the text above the run of carets, and the number of the line it stands on.
std::string underlined(const std::string& where) {
  std::size_t begin = 0;
  std::string above;
  while (begin < where.size()) {
    const std::size_t end = std::min(where.find('\n', begin), where.size());
    const std::string line = where.substr(begin, end - begin);
    const std::size_t caret = line.find('^');
    const std::size_t bar = line.find('|');
    if (caret != std::string::npos && bar < caret && line.find_first_not_of(" |^", 0) >= caret) {
      const std::size_t count = line.find_first_not_of('^', caret) == std::string::npos
                                    ? line.size() - caret
                                    : line.find_first_not_of('^', caret) - caret;
      const std::string number = above.substr(0, above.find('|'));
      return number.substr(number.find_first_not_of(' '),
                           number.find_last_not_of(' ') + 1 - number.find_first_not_of(' ')) +
             ": " + (caret < above.size() ? above.substr(caret, count) : "");
    }
    above = line;
    begin = end + 1;
  }
  return "nothing";
}

struct Bad {
  const char* formula;
  const char* profile;
  const char* number;
  const char* underlined;  // "line: text"
  const char* message;     // A part of it
};

const std::vector<Bad>& bad_formulas() {
  static const std::vector<Bad> rows = {
      // A group is no number, a number no group.
      {"rank(sector)", "lode", "E1109", "1: sector", "rank needs a number as argument 1, got the group sector"},
      {"close + IndClass.industry", "paper", "E1109", "1: IndClass.industry", "got the group industry"},
      {"ts_mean(sector, 5)", "street", "E1109", "1: sector", "ts_mean needs a number"},
      {"sector == 3", "qlib", "E1109", "1: sector", "eq needs a number"},
      {"sector", "brain", "E1109", "1: sector", "a formula is a number"},
      {"indneutralize(close, open)", "lode", "E1109", "1: open", "needs a group (sector, industry, ..)"},
      {"group_rank(close, 5)", "lode", "E1109", "1: 5", "needs a group"},
      {"scale(close, open)", "lode", "E1109", "1: open", "needs a literal number"},
      // Windows that are not numbers, or not such.
      {"ts_mean(close, open)", "lode", "E1104", "1: open", "must be a literal number of days"},
      {"ts_mean(close, 2 * 5)", "lode", "E1104", "1: 2 * 5", "must be a literal number of days"},
      {"ts_corr(close, volume, rank(open))", "paper", "E1104", "1: rank(open)", "must be a literal number"},
      {"ts_mean(close, sector)", "lode", "E1104", "1: sector", "must be a literal number"},
      {"ts_mean(close, ten)", "lode", "E1106", "1: ten", "no field called 'ten'"},
      {"ts_mean(close, '5')", "lode", "E1101", "1: '", "found the character"},
      {"ts_mean(close, 0)", "lode", "E1105", "1: 0", "needs at least 1 day, got 0"},
      {"ts_mean(close, -3)", "paper", "E1105", "1: -3", "needs at least 1 day, got -3"},
      {"ts_mean(close, -0.5)", "street", "E1105", "1: -0.5", "got -0.5"},
      {"ts_mean(close, 2.5)", "qlib", "E1105", "1: 2.5", "2.5"},
      {"ts_mean(close, 5041)", "lode", "E1105", "1: 5041", "at most 5,040 days"},
      {"ts_mean(close, 1e300)", "lode", "E1105", "1: 1e300", "at most 5,040 days"},
      {"ts_skew(close, 2)", "lode", "E1105", "1: 2", "ts_skew needs at least 3 days, got 2"},
      {"min(close, -1)", "paper", "E1105", "1: -1", "min needs at least 1 day"},
      {"adv0", "lode", "E1105", "1: adv0", "1 to 5,040 days"},
      {"rank(delay(close, -2))", "lode", "E1107", "1: -2", "2 sessions into the future"},
      // Divisions by a constant 0.
      {"close / 0", "lode", "E1114", "1: 0", "a division by 0 has no value on any day"},
      {"rank(close / (2 - 2))", "paper", "E1114", "1: (2 - 2)", "a division by 0"},
      {"div(close, -0.0)", "street", "E1114", "1: -0.0", "a division by 0"},
      {"1 / 0", "brain", "E1114", "1: 0", "a division by 0"},
      // Names.
      {"indneutralize(close, IndClass.sektor)", "lode", "E1106", "1: IndClass.sektor", "no group called"},
      {"indneutralize(close, galaxy)", "lode", "E1106", "1: galaxy", "no field called 'galaxy'"},
      {"rank(clsoe)", "lode", "E1106", "1: clsoe", "no field called 'clsoe'"},
      {"corelation(close, open, 5)", "paper", "E1102", "1: corelation", "no operator called 'corelation'"},
      {"Greater($open, $close)", "lode", "E1111", "1: Greater", "elementwise max in qlib"},
      {"rank(close, 2)", "brain", "E1111", "1: rank", "how exactly it sorts, no window"},
      {"1 + rank(close, rate=2)", "brain", "E1111", "1: rank", "how exactly it sorts, no window"},
      {"quantile(close)", "brain", "E1111", "1: quantile", "normal score of a rank"},
      {"quantile(close, driver=gaussian)", "brain", "E1111", "1: quantile", "normal score of a rank"},
      {"ts_quantile(close, 5)", "brain", "E1111", "1: ts_quantile", "normal score of ts_rank"},
      {"winsorize(close)", "brain", "E1111", "1: winsorize", "cuts at 4 deviations"},
      {"winsorize(close, 4)", "brain", "E1105", "1: 4", "winsorize takes"},
      {"adv05", "lode", "E1105", "1: adv05", "must count 1 to"},
      {"adv20", "qlib", "E1110", "1: adv20", "not part of profile qlib"},
      // Arguments and options.
      {"ts_corr(close, 5)", "lode", "E1103", "1: ts_corr(close, 5)", "takes 3 arguments"},
      {"ts_mean(close, 5, min_periods=9)", "lode", "E1105", "1: 9", "from 1 to 5"},
      {"ts_mean(close, 5, min_periods=3)", "paper", "E1110", "1: min_periods=3", "not part of profile paper"},
      {"rank(close, ties=best)", "lode", "E1110", "1: best", "one of average, min, max, first"},
      // Syntax, also below the first line.
      {"rank(close", "lode", "E1101", "1: ", "expected \")\" to close \"(\" at 1:5"},
      {"(close +\n open", "lode", "E1101", "2: ", "to close \"(\" at 1:1"},
      {"(close +\n * open)", "lode", "E1101", "2: *", "expected a number"},
      {"close open", "lode", "E1101", "1: open", "expected an operator"},
      {"close > open ? 1", "lode", "E1101", "1: ", "expected \":\""},
      {"close < open < high", "lode", "E1108", "1: <", "write (close < open) && (open < high)"},
      {"close % 5", "lode", "E1101", "1: %", "found the character '%'"},
      {"", "lode", "E1101", "1: ", "found end of formula"},
  };
  return rows;
}

TEST(BadFormulas, EachHasItsNumberItsWordsAndItsCaret) {
  static const OperatorTable table;
  for (const Bad& bad : bad_formulas()) {
    const Result<Program> program = compile(bad.formula, **find_profile(bad.profile), table);
    ASSERT_FALSE(program) << bad.formula;
    const Error& error = program.error();
    EXPECT_EQ(to_string(error.number()), bad.number) << bad.formula << "\n" << render(error);
    EXPECT_THAT(error.message(), HasSubstr(bad.message)) << bad.formula;
    EXPECT_EQ(underlined(error.where()), bad.underlined) << bad.formula << "\n" << render(error);
  }
}

// qlib keeps what is infinite, as numpy does, and a comparison may read it.
TEST(BadFormulas, ADivisionByZeroIsInfiniteUnderQlib) {
  static const OperatorTable table;
  EXPECT_TRUE(compile("$close / 0 > 5", **find_profile("qlib"), table));
}

TEST(BadFormulas, AWindowThatIsNoWholeNumberIsSaid) {
  static const OperatorTable table;
  const auto warnings = [&](const char* profile) {
    std::vector<std::string> said;
    const auto program = compile("rank(ts_mean(close, 8.7))", **find_profile(profile), table);
    for (const Warning& warning : program->warnings) {
      said.push_back(warning.number + " " + warning.message);
    }
    return said;
  };
  EXPECT_THAT(warnings("lode"), ::testing::ElementsAre("W1104 the window 8.7 of ts_mean is read as 8 days"));
  EXPECT_THAT(warnings("paper"), ::testing::IsEmpty());  // The paper says what it means.
}

TEST(BadFormulas, AWindowOverTheHistoryIsUnderlined) {
  static const OperatorTable table;
  const Error one = no_value("rank(ts_corr(open, close, 60))", 59, table, 30, 4);
  EXPECT_EQ(one.number(), E::E1105);
  EXPECT_EQ(underlined(one.where()), "1: 60");
  EXPECT_THAT(one.message(), HasSubstr("the window of ts_corr is 60 sessions, the history has 30 sessions"));
  const Error sum = no_value("ts_mean(ts_mean(close, 20), 20)", 38, table, 30, 4);
  EXPECT_EQ(underlined(sum.where()), "1: ts_mean(ts_mean(close, 20), 20)");
}

TEST(BadFormulas, LimitsSayWhatTheyAre) {
  static const OperatorTable table;
  const auto message = [&](const std::string& text) {
    const auto program = compile(text, **find_profile("lode"), table);
    return program ? std::string("no error") : to_string(program.error().number()) + " " + program.error().message();
  };
  std::string sum = "close";
  for (int i = 1; i < 5000; ++i) {
    sum += "+open";
  }
  EXPECT_EQ(message(sum), "no error");  // 9,999 nodes
  EXPECT_EQ(message(sum + "+open"), "E1112 formula has 10,001 nodes, limit 10,000");
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '(') + "close" +
           std::string(static_cast<std::size_t>(depth), ')');
  };
  EXPECT_EQ(message(nested(256)), "no error");
  EXPECT_EQ(message(nested(257)), "E1112 formula is nested more than 256 deep");
  EXPECT_EQ(message(std::string(65'600, ' ') + "close"), "E1112 formula has 65,605 bytes, limit 65,536");
}

// One definition a line: the bad ones are told, by name, and stop none of the others.
TEST(BadFormulas, AFileOfThemKeepsItsGoodFormulas) {
  static const OperatorTable table;
  std::string text;
  std::size_t expected = 0;
  for (const Bad& bad : bad_formulas()) {
    const std::string formula = bad.formula;
    if (!formula.empty() && formula.find('\n') == std::string::npos && formula.find("rank(close") != 0) {
      text += "good" + std::to_string(expected) + " = rank(-close)\nbad" + std::to_string(expected) + " = " + formula +
              "\n";
      ++expected;
    }
  }
  const auto file = parse_file(text);
  ASSERT_TRUE(file) << render(file.error());
  ASSERT_EQ(file->definitions.size(), 2 * expected);
  std::size_t good = 0;
  for (const Definition& definition : file->definitions) {
    const bool compiles = static_cast<bool>(compile(definition.text, **find_profile("lode"), table));
    good += compiles ? 1 : 0;
    EXPECT_TRUE(compiles || definition.name.starts_with("bad")) << definition.name;
  }
  EXPECT_GE(good, expected);
}

}  // namespace
}  // namespace lode::expr
