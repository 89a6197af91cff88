// The statistics of a user's own numbers, as the door gives them.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>

#include <cmath>

#include "lode/base/random.h"
#include "lode/core/stat/moments.h"
#include "lode/flow/verb_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Stats : public testing::Verbs {
 protected:
  // Returns of four strategies, the first with a drift, and a market.
  Stats() : file(parts.folder + "/returns.csv") {
    std::string text = "good,b,c,d,market\n";
    for (std::uint64_t row = 0; row < 400; ++row) {
      for (std::uint64_t column = 0; column < 5; ++column) {
        const double value = 0.01 * Random(3, column).normal_at(row) + (column == 0 ? 0.002 : 0.0);
        first.push_back(column == 0 ? value : std::numeric_limits<double>::quiet_NaN());
        text += fmt::format("{}{}", value, column == 4 ? "\n" : ",");
      }
    }
    must(write_file(file, text));
  }
  std::string of_file(const std::string& more = "") { return R"({"file": ")" + file + "\"" + more + "}"; }
  double number(const Outcome& outcome, const char* path) { return outcome.data.at_path(path)->as_double(); }

  std::string file;
  std::vector<double> first;
};

TEST_F(Stats, SharpeIsMeanOverDeviationOfAYear) {
  const Outcome out = good("stats", "sharpe", of_file());
  const double sharpe = stat::mean(first) / stat::standard_deviation(first);
  EXPECT_NEAR(number(out, "series.0.sharpe"), sharpe, 1e-9);
  EXPECT_NEAR(number(out, "series.0.sharpe_annual"), sharpe * std::sqrt(252.0), 1e-8);
  EXPECT_GT(number(out, "series.0.psr"), 0.99);
  EXPECT_LT(number(out, "series.0.interval_low_annual"), number(out, "series.0.sharpe_annual"));
  EXPECT_GT(number(out, "series.0.interval_high_annual"), number(out, "series.0.sharpe_annual"));
  EXPECT_EQ(good("stats", "sharpe", of_file()).text, out.text);  // The same seed, the same bits.
  EXPECT_NEAR(number(good("stats", "sharpe", of_file(R"(, "periods": 12)")), "series.0.sharpe_annual"),
              sharpe * std::sqrt(12.0), 1e-8);
}

TEST_F(Stats, SharpeOfAConstantIsMissingAndTold) {
  must(write_file(file, "a,b\n0.01,1\n0.01,2\n0.01,4\n"));
  const Outcome out = good("stats", "sharpe", of_file());
  EXPECT_TRUE(std::isnan(number(out, "series.0.sharpe")));
  ASSERT_EQ(out.warnings.size(), 1U);
  EXPECT_THAT(out.warnings[0], StartsWith("a has no Sharpe ratio"));
}

TEST_F(Stats, DsrFallsWithTheTrials) {
  const double few = number(good("stats", "dsr", of_file()), "dsr_null");
  const Outcome many = good("stats", "dsr", of_file(R"(, "trials": 1000)"));
  EXPECT_EQ(many.data.at_path("series")->as_text(), "good");
  EXPECT_LT(number(many, "dsr_null"), few);
  EXPECT_LT(few, number(many, "psr"));
  EXPECT_THAT(many.text, HasSubstr("the best of 1000 trials"));
  EXPECT_THAT(mistake("stats", "dsr", of_file(R"(, "trials": 2)")), HasSubstr("the file alone holds 5"));
}

TEST_F(Stats, DsrOfOneSeriesAloneIsItsPsr) {
  const Outcome out = good("stats", "dsr", of_file(R"(, "column": ["good"])"));
  EXPECT_EQ(number(out, "dsr_null"), number(out, "psr"));
  EXPECT_TRUE(std::isnan(number(out, "dsr")));
  EXPECT_THAT(out.text, HasSubstr("the only trial"));
  EXPECT_THAT(mistake("stats", "dsr", R"({"file": "nope.csv"})"), HasSubstr("E0008"));
}

TEST_F(Stats, MintrlSaysWhoHasEnough) {
  const Outcome out = good("stats", "mintrl", of_file());
  EXPECT_TRUE(out.data.at_path("series.0.is_enough")->as_bool());
  EXPECT_LT(number(out, "series.0.needed_rows"), 400.0);
  EXPECT_THAT(good("stats", "mintrl", of_file(R"(, "benchmark": 90)")).text, HasSubstr("never"));
}

TEST_F(Stats, PboOfATrueStrategyIsSmall) {
  const Outcome out = good("stats", "pbo", of_file(R"(, "blocks": 8)"));
  EXPECT_LT(number(out, "pbo"), 0.2);
  EXPECT_EQ(out.data.at_path("choices")->as_int(), 70);
  EXPECT_THAT(mistake("stats", "pbo", of_file(R"(, "blocks": 7)")), HasSubstr("expected an even number"));
  EXPECT_THAT(mistake("stats", "pbo", of_file(R"(, "column": ["b"])")), HasSubstr("E2102"));
}

// A column without returns is no strategy that was tried.
TEST_F(Stats, IdleColumnsAreLeftOutAndTold) {
  std::string text = "a,b,empty,still\n";
  for (std::uint64_t row = 0; row < 64; ++row) {
    text += fmt::format("{},{},,0.001\n", 0.01 * Random(1, 0).normal_at(row), 0.01 * Random(1, 1).normal_at(row));
  }
  must(write_file(file, text));
  const Outcome all = good("stats", "pbo", of_file(R"(, "blocks": 4)"));
  const Outcome two = good("stats", "pbo", of_file(R"(, "blocks": 4, "column": ["a", "b"])"));
  EXPECT_EQ(number(all, "pbo"), number(two, "pbo"));
  EXPECT_EQ(all.warnings.size(), 2U);
  EXPECT_EQ(number(good("stats", "dsr", of_file()), "trials"), 2.0);
}

TEST_F(Stats, FdrCountsAllTests) {
  must(write_file(file, "name,p\na,0.001\nb,0.04\nc,\nd,0.5\n"));
  const Outcome out = good("stats", "fdr", of_file());
  EXPECT_EQ(out.data.at_path("tests")->as_int(), 3);
  EXPECT_EQ(out.data.at_path("p_values.0.test")->as_text(), "a");
  EXPECT_NEAR(number(out, "p_values.0.bh"), 0.003, 1e-12);
  EXPECT_NEAR(number(out, "p_values.1.bh"), 0.06, 1e-12);
  EXPECT_EQ(out.data.at_path("discoveries_bh")->as_int(), 1);
  const Outcome of_many = good("stats", "fdr", of_file(R"(, "tests": 100)"));
  EXPECT_EQ(of_many.data.at_path("discoveries_bh")->as_int(), 0);
  EXPECT_THAT(mistake("stats", "fdr", of_file(R"(, "tests": 2)")), HasSubstr("the file alone holds 3"));
  must(write_file(file, "p\n0.1\n1.5\n"));
  EXPECT_THAT(mistake("stats", "fdr", of_file()), HasSubstr("row 2 holds 1.5"));
  must(write_file(file, "x,y\n0.1,0.2\n"));
  EXPECT_THAT(mistake("stats", "fdr", of_file()), HasSubstr("none is called p"));
}

// A certain gain has no deviation: p 1 and p 0 would both be made up.
TEST_F(Stats, SpaRefusesWhatDoesNotVary) {
  const std::string path = parts.folder + "/const.csv";
  std::ofstream(path) << "a,b\n0.01,0.02\n0.01,0.01\n0.01,-0.01\n0.01,0.0\n";
  EXPECT_THAT(mistake("stats", "spa", fmt::format(R"j({{"file": "{}"}})j", path)),
              HasSubstr("a is 0.01 above the benchmark on all of 4 rows, expected returns that vary"));
}

TEST_F(Stats, SpaFindsTheGoodOneAndLeavesGapsOut) {
  const Outcome out = good("stats", "spa", of_file(R"(, "benchmark": "market", "resamples": 500)"));
  EXPECT_EQ(out.data.at_path("best")->as_text(), "good");
  EXPECT_LT(number(out, "spa_p_consistent"), 0.05);
  EXPECT_LE(number(out, "spa_p_lower"), number(out, "spa_p_upper"));
  EXPECT_EQ(out.data.at_path("strategies")->as_int(), 4);
  EXPECT_THAT(mistake("stats", "spa", of_file(R"(, "benchmark": "markt")")), HasSubstr("did you mean 'market'?"));
  must(write_file(file, "a,b\n1,2\n2,\n3,1\n-1,2\n"));
  const Outcome gappy = good("stats", "spa", of_file());
  EXPECT_EQ(gappy.data.at_path("rows")->as_int(), 3);
  EXPECT_THAT(gappy.warnings,
              ::testing::ElementsAre("3 rows: resamples of fewer than 30 say little", StartsWith("1 row where")));
}

TEST_F(Stats, BootstrapHoldsTheEstimate) {
  for (const char* statistic : {"sharpe", "mean", "volatility", "drawdown"}) {
    const Outcome out =
        good("stats", "bootstrap",
             of_file(fmt::format(R"(, "statistic": "{}", "resamples": 300, "column": ["good"])", statistic)));
    EXPECT_LE(number(out, "series.0.bca_low"), number(out, "series.0.estimate")) << statistic;
    EXPECT_LE(number(out, "series.0.percentile_low"), number(out, "series.0.percentile_high")) << statistic;
  }
  must(write_file(file, "r\n0.1\n-0.5\n0.2\n0.1\n-0.1\n"));
  const Outcome out = good("stats", "bootstrap", of_file(R"(, "statistic": "drawdown", "resamples": 100)"));
  EXPECT_NEAR(number(out, "series.0.estimate"), -0.5, 1e-12);  // 1.1 to 0.55; later 0.726 and 0.6534.
}

TEST_F(Stats, RowsComeInOtherFormats) {
  EXPECT_THAT(good("stats", "sharpe", of_file(R"(, "format": "csv")")).text, StartsWith("series,n,sharpe,"));
  EXPECT_THAT(good("stats", "mintrl", of_file(R"(, "format": "ndjson")")).text, StartsWith(R"({"series":"good")"));
}

// Answers that are one number and what it rests on come as one row.
TEST_F(Stats, AnswersOfOneRowComeInOtherFormatsToo) {
  const auto of = [&](const char* verb, const char* format) {
    return good("stats", verb, of_file(fmt::format(R"(, "format": "{}")", format))).text;
  };
  EXPECT_THAT(of("dsr", "csv"), StartsWith("series,n,sharpe,sharpe_annual,trials,"));
  EXPECT_THAT(of("pbo", "csv"), StartsWith("strategies,rows_used,blocks,choices,pbo,"));
  EXPECT_THAT(of("spa", "csv"), StartsWith("strategies,rows,rows_dropped,best,reality_check_p,"));
  for (const char* verb : {"dsr", "pbo", "spa"}) {
    const std::string csv = of(verb, "csv");
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 2) << verb;
    EXPECT_THAT(of(verb, "ndjson"), StartsWith("{\"")) << verb;
    EXPECT_THAT(of(verb, "json"), StartsWith("[\n")) << verb;
    EXPECT_THAT(of(verb, "md"), StartsWith("| ")) << verb;
  }
  EXPECT_THAT(of("dsr", "json"), HasSubstr("\"series\": \"good\""));
}

// Files that cannot be right, line by line: the verb, the file, what is said.
struct Wrong {
  const char* verb;
  const char* text;
  const char* more;
  const char* said;
};

class WrongFiles : public Stats, public ::testing::WithParamInterface<Wrong> {};

TEST_P(WrongFiles, AreRefusedWithWhatWasAndWhatWasExpected) {
  must(write_file(file, GetParam().text));
  EXPECT_THAT(mistake("stats", GetParam().verb, of_file(GetParam().more)), HasSubstr(GetParam().said));
}

// A strategy whose first cell is no number is no column of labels: what was tried must not be fewer for a typing error.
INSTANTIATE_TEST_SUITE_P(
    Lines, WrongFiles,
    ::testing::Values(Wrong{"pbo", "a,b\nx,1\n2,2\n3,1\n4,2\n", "", "line 2: 'x' in column a is no number"},
                      Wrong{"dsr", "a,b\ninf,1\n2,2\n3,1\n", "", "line 2: 'inf' in column a is no number"},
                      Wrong{"dsr", "a,b\n1,-Infinity\n2,2\n3,1\n", "", "'-Infinity' in column b is no number"},
                      Wrong{"sharpe", "a\n1e300\n-1e300\n2\n", "", "'1e300' in column a is beyond 1e+60"},
                      Wrong{"sharpe", "a\n1e400\n1\n2\n", "", "'1e400' in column a is no number"},
                      Wrong{"spa", "a,b\n0.1,\n,0.2\n", "", "2 strategies and 0 rows where all have a return"},
                      Wrong{"spa", "a\n0.1\n", "", "1 rows where all have a return"},
                      Wrong{"dsr", "a,b\n0.1,1\n0.1,1\n", "", "has a Sharpe ratio"},
                      Wrong{"pbo", "a,b,c\n1,1,2\n2,1,1\n1,1,3\n3,1,1\n", R"(, "blocks": 4)",
                            "has 2 series of 4 rows (1 more without returns that differ), expected at least 2 of 8"},
                      Wrong{"pbo", "a\n1\n", R"(, "blocks": 2)", "has 0 series of 1 rows (1 more"},
                      Wrong{"fdr", "p\nnan\n\n", "", "column p of"},
                      Wrong{"fdr", "p\n-0.01\n", "", "row 1 holds -0.01, expected a p-value from 0 to 1"},
                      Wrong{"bootstrap", "a\n", "", "has no row"}));

TEST_F(Stats, RuinEndsAPath) {
  must(write_file(file, "r\n0.5\n-1.5\n0.3\n0.4\n0.1\n-0.2\n"));
  const Outcome out = good("stats", "bootstrap", of_file(R"(, "statistic": "drawdown", "resamples": 100)"));
  EXPECT_EQ(number(out, "series.0.estimate"), -1.0);
  EXPECT_GE(number(out, "series.0.bca_low"), -1.0) << "more than everything cannot be lost";
  EXPECT_THAT(out.warnings, ::testing::ElementsAre("6 rows: resamples of fewer than 30 say little"));
}

TEST_F(Stats, WhatHasNoStatisticIsTold) {
  must(write_file(file, "a,b\n0.1,\n0.1,\n0.1,\n"));
  for (const char* verb : {"sharpe", "mintrl"}) {
    EXPECT_THAT(good("stats", verb, of_file()).warnings,
                ::testing::ElementsAre(StartsWith("a has no Sharpe ratio"), StartsWith("b has no Sharpe ratio")));
  }
  EXPECT_THAT(good("stats", "bootstrap", of_file()).warnings.front(), StartsWith("a has no sharpe"));
}

// 20 blocks of ten thousand strategies are bearable; of more they are refused before anything is computed.
TEST_F(Stats, PboRefusesWhatWouldTakeMinutes) {
  std::string text;
  for (int column = 0; column < 25'000; ++column) text += fmt::format("{}c{}", column == 0 ? "" : ",", column);
  text += "\n";
  for (int row = 0; row < 40; ++row) {
    for (int column = 0; column < 25'000; ++column) {
      text += fmt::format("{}{}", column == 0 ? "" : ",", (row * 7 + column * 13) % 31);
    }
    text += "\n";
  }
  must(write_file(file, text));
  EXPECT_THAT(mistake("stats", "pbo", of_file(R"(, "blocks": 20)")),
              HasSubstr("--blocks 20 has 184,756 choices, too many for 25,000 strategies"));
}

}  // namespace
}  // namespace lode::flow
