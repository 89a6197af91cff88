// The oracle's own reader of formulas (test/oracle/formula.h) against values worked out by hand: what it gets wrong,
// the comparisons of the libraries would blame on the product.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "test/oracle/reference.h"

namespace lode::oracle {
namespace {

const Term& term_of(Forest& forest, std::string_view text) {
  return forest.terms[static_cast<std::size_t>(read_formula(forest, text))];
}

double number_of(std::string_view text) {
  Forest forest{.profile = "lode"};
  const Term& term = term_of(forest, text);
  EXPECT_EQ(term.kind, Term::Kind::kNumber) << text;
  return term.number;
}

TEST(OracleReader, BindsAsTheGrammarSays) {
  EXPECT_EQ(number_of("-2 ^ 2"), -4);
  EXPECT_EQ(number_of("2 ^ 3 ^ 2"), 512);
  EXPECT_EQ(number_of("2 ** -1"), 0.5);
  EXPECT_EQ(number_of("1 - 2 - 3"), -4);
  EXPECT_EQ(number_of("24 / 4 / 2"), 3);
  EXPECT_EQ(number_of("1 + 2 * 3 - .5e1"), 2);
  EXPECT_EQ(number_of("2. + -1"), 1);
  EXPECT_EQ(number_of("1 < 2 && 2 < 1 || 3 >= 3"), 1);
  EXPECT_EQ(number_of("0 ? 1 : 0 ? 2 : 3"), 3);
  EXPECT_EQ(number_of("not 1 == 2"), 1);
  EXPECT_EQ(number_of("!1 + 2"), 2);
}

TEST(OracleReader, ReadsTheThreeNotations) {
  Forest forest{.profile = "lode"};
  const int wanted = read_formula(forest, "ts_corr(delay(close, 1), volume, 5)");
  EXPECT_EQ(read_formula(forest, "Correlation(DELAY(close, 1), Volume, 5)"), wanted);
  EXPECT_EQ(read_formula(forest, "Corr(Ref($close, 1), $volume, 5)"), wanted);
  EXPECT_EQ(read_formula(forest, "rank(close, 5)"), read_formula(forest, "Ts_Rank(close, 5)"));
  EXPECT_EQ(read_formula(forest, "add(close, 1)"), read_formula(forest, "(close) + 1.0"));
  EXPECT_EQ(read_formula(forest, "returns"), read_formula(forest, "close / delay(close, 1) - 1"));
  EXPECT_EQ(term_of(forest, "IndNeutralize(close, IndClass.sector)").operands.size(), 2U);
  EXPECT_EQ(term_of(forest, "neutralize(close, open, g=sector)").operands.size(), 3U);
  EXPECT_EQ(term_of(forest, "ts_sum(close, 5, min_periods=3)").options.at("min_periods"), 3);
  EXPECT_EQ(term_of(forest, "regresi(close, open, high, low, 9)").name, "ts_regresi3");
}

TEST(OracleReader, TakesTheMeaningFromTheProfile) {
  const auto read = [](const char* profile, std::string_view text) {
    Forest forest{.profile = profile};
    return term_of(forest, text);
  };
  EXPECT_EQ(read("paper", "sum(close, 8.7)").literals.at(0), 8);
  EXPECT_EQ(read("street", "sum(close, 8.7)").literals.at(0), 9);
  EXPECT_EQ(read("street", "sum(close, 0.2)").literals.at(0), 1);
  EXPECT_EQ(read("paper", "min(close, 5)").name, "ts_min");
  EXPECT_EQ(read("lode", "min(close, 5)").name, "min");
  EXPECT_EQ(read("paper", "max(0, close)").name, "max");
  EXPECT_EQ(read("qlib", "Max($close, 5)").name, "ts_max");
  EXPECT_EQ(read("qlib", "Greater($close, 5)").name, "max");
  EXPECT_EQ(read("qlib", "Mean($close, 5)").options.at("min_periods"), 1);
  EXPECT_THROW(read("paper", "Greater(close, open)"), std::invalid_argument);
  EXPECT_THROW(read("paper", "ts_sum(close, 5, min_periods=3)"), std::invalid_argument);
  EXPECT_THROW(read("qlib", "Mean($close, 2.5)"), std::invalid_argument);
  Forest street{.profile = "street"};
  EXPECT_EQ(read_formula(street, "adv20"), read_formula(street, "mean(volume, 20)"));
  Forest paper{.profile = "paper"};
  EXPECT_EQ(read_formula(paper, "adv20"), read_formula(paper, "mean(amount, 20)"));
}

TEST(OracleReader, RefusesWhatItCannotRead) {
  for (const char* text : {"close +", "(close", "close close", "nosuch(close)", "ts_sum(close)", "ts_sum(close, open)",
                           "delay(close, -1)", "ts_sum(close, 0)", "1 < 2 < 3", ""}) {
    Forest forest{.profile = "lode"};
    EXPECT_THROW(read_formula(forest, text), std::invalid_argument) << text;
  }
}

TEST(OracleReference, ComputesWhatIsBelowTheRootsAlone) {
  const TrapMarket market = TrapMarket(30, 1).only({0, 1, 3});
  Forest forest{.profile = "paper"};
  read_formula(forest, "nosuchfield + 1");  // Would fail: the market has no such field.
  const int root = read_formula(forest, "sum(close, 2) / 2 - close");
  const Reference reference(forest, {root}, market, false, {});
  const Grid64& close = market.fields.at("close");
  EXPECT_TRUE(missing(reference.root(root)[0][1]));
  for (std::size_t t = 1; t < 30; ++t) {
    EXPECT_EQ(static_cast<double>(reference.root(root)[t][1]), (close[t - 1][1] + close[t][1]) / 2 - close[t][1]);
  }
}

}  // namespace
}  // namespace lode::oracle
