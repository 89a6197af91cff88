// The doors of indicators: list, show and run over files, and input that cannot be right.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>

#include "lode/base/text.h"
#include "lode/core/indicator/choice.h"
#include "lode/flow/steps/research/research_testing.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Indicators : public testing::Research {
 protected:
  // `bars` bars with closes 1, 2, 3 ..
  static std::string counting(int bars) {
    std::string text = "Date,Open,High,Low,Close,Volume\n";
    for (int t = 1; t <= bars; ++t) {
      text += fmt::format("{},{},{},{},{},{}\n", to_string(Date::from_civil(2024, 1, 1) + (t - 1)), t, t + 1, t - 0.5,
                          t, 100 * t);
    }
    return text;
  }
  Outcome over(const std::string& name, const std::string& path, const std::string& more = "") {
    return good("indicator", "run", fmt::format(R"j({{"name": ["{}"], "data": "{}"{}}})j", name, path, more));
  }
  std::string mistake_over(const std::string& name, const std::string& path, const std::string& more = "") {
    return mistake("indicator", "run", fmt::format(R"j({{"name": ["{}"], "data": "{}"{}}})j", name, path, more));
  }
};

TEST_F(Indicators, AListIsNarrowedByWordsAndFamily) {
  const Outcome all = good("indicator", "list", "{}");
  EXPECT_EQ(all.data.at_path("indicators")->as_array().size(), indicator::all_indicators().size());
  for (const std::string_view line : split(all.text, '\n')) {
    EXPECT_LE(line.size(), 120U) << line;
  }
  EXPECT_THAT(all.text, AllOf(HasSubstr("\nrsi "), HasSubstr(" period=14 "), HasSubstr(" macd signal hist ")));
  must(parts.config.merge_flag("columns", "80", "--columns"));
  for (const std::string narrow = good("indicator", "list", "{}").text;
       const std::string_view line : split(narrow, '\n')) {
    EXPECT_LE(line.size(), 80U) << line;
  }
  must(parts.config.merge_flag("columns", "200", "--columns"));
  EXPECT_THAT(good("indicator", "list", R"j({"word": ["macd"]})j").text,
              AllOf(HasSubstr("fast=12, slow=26, signal=9"), HasSubstr("momentum  real")));
  must(parts.config.merge_flag("columns", "120", "--columns"));
  const Outcome bands = good("indicator", "list", R"j({"word": ["bollinger", "bands"]})j");
  EXPECT_THAT(bands.text, AllOf(HasSubstr("\nbbands "), Not(HasSubstr("\nrsi "))));
  const Outcome volume = good("indicator", "list", R"j({"family": "volume", "format": "csv"})j");
  EXPECT_THAT(volume.text, AllOf(StartsWith("name,call,family,inputs,outputs,summary\n"),
                                 HasSubstr("\nobv,obv,volume,"), Not(HasSubstr(",momentum,"))));
  EXPECT_THAT(mistake("indicator", "list", R"j({"family": "volumes"})j"),
              AllOf(HasSubstr("E0004"), HasSubstr("did you mean 'volume'")));
  EXPECT_THAT(good("indicator", "list", R"j({"word": ["nonsense"]})j").text, HasSubstr("None of them"));
}

TEST_F(Indicators, OneIsShownInFull) {
  const Outcome rsi = good("indicator", "show", R"j({"name": "RSI"})j");
  EXPECT_THAT(rsi.text, AllOf(StartsWith("rsi(period=14)  relative strength index"), HasSubstr("lookback   14 bars"),
                              HasSubstr("Wilder"), HasSubstr("Example, of synthetic bars")));
  EXPECT_EQ(rsi.data.at_path("lookback")->as_int(), 14);
  EXPECT_EQ(rsi.data.at_path("example.outputs.0")->as_array().size(), 40U);
  const Outcome bands = good("indicator", "show", R"j({"name": "bbands", "profile": "talib064"})j");
  EXPECT_EQ(bands.data.at_path("parameters.0.default")->as_double(), 5.0);
  EXPECT_EQ(bands.data.at_path("parameters.0.default_under.lode")->as_double(), 20.0);
  EXPECT_THAT(bands.text, HasSubstr("sma ema wma"));
  EXPECT_THAT(good("indicator", "show", R"j({"name": "cdlhammer"})j").text, HasSubstr("100"));
  EXPECT_THAT(mistake("indicator", "show", R"j({"name": "rsii"})j"),
              AllOf(HasSubstr("E1102"), HasSubstr("did you mean 'rsi'")));
}

TEST_F(Indicators, TheVoteIsShownWithItsRules) {
  const Outcome vote = good("indicator", "show", R"j({"name": "Vote"})j");
  EXPECT_THAT(vote.text, AllOf(StartsWith("vote  five indicators"), HasSubstr("+1 below 30, -1 above 70"),
                               HasSubstr("Trend filter"), HasSubstr("stochastic_slow"), HasSubstr("stochastic_d\n")));
  EXPECT_EQ(vote.data.at_path("rules")->as_array().size(), 27U);
  EXPECT_EQ(vote.data.at_path("rules.0.name")->as_text(), "ma");
  EXPECT_EQ(vote.data.at_path("rules.0.default")->as_double(), 0.3);
  const std::string bars = over("vote", write("bars.csv", counting(80))).text;
  std::string header = "Date";
  for (const Value& column : vote.data.at_path("outputs")->as_array()) {
    header += "," + column.as_text();
  }
  EXPECT_EQ(bars.substr(0, bars.find('\n')), header);
}

TEST_F(Indicators, WhatAFileSaysBesidesNumbersIsTold) {
  using ::testing::Contains;
  const std::string words = "t,close,open\n1,1,1\n2,N/A,1\n3,-,null\n4,NaN,\n5,-2,1\n6,inf,1\n";
  const Outcome odd = over("sma(1)", write("words.csv", words));
  EXPECT_THAT(odd.warnings, Contains(AllOf(HasSubstr("4 cells are taken for missing, 'N/A', '-', 'inf', 'null'"),
                                           HasSubstr("the first in line 3"))));
  const std::string yahoo = write("yahoo.csv", "Date,Close,Adj Close\n2024-01-02,10,5\n2024-01-03,12,6\n");
  EXPECT_THAT(over("sma(1)", yahoo).warnings, Contains(HasSubstr("not 'Adj Close', which stands beside them")));
  EXPECT_THAT(over("sma(1)", yahoo, R"(, "inputs": "Adj Close")").warnings, ::testing::IsEmpty());
  EXPECT_THAT(over("sma(1)", write("odd.csv", "d,close\n1-janv-20,1\n2-janv-20,2\n")).warnings,
              Contains(AllOf(HasSubstr("was not checked"), HasSubstr("--date-format"))));
  EXPECT_THAT(mistake_over("sma(1)", write("first.csv", "d,close\n,1\n2020-01-05,2\n2020-01-02,3\n")),
              AllOf(HasSubstr("E2005"), HasSubstr("line 2")));
  EXPECT_THAT(mistake_over("sma(1)", yahoo, R"(, "format": "table", "output": "x.table")"),
              AllOf(HasSubstr("E0007"), HasSubstr("for the screen")));
  EXPECT_THAT(mistake_over("sma(1)", yahoo, R"(, "output": "x.xlsx")"),
              AllOf(HasSubstr("E0004"), Not(HasSubstr("table"))));
}

TEST_F(Indicators, ParametersHaveTalibsNamesAsOptionsToo) {
  const std::string path = write("bars.csv", counting(40));
  EXPECT_EQ(over("sma", path, R"(, "timeperiod": "3")").text, over("sma", path, R"(, "period": "3")").text);
  EXPECT_EQ(over("supertrend(timeperiod=7, multiplier=2),", path).text.substr(40),
            over("supertrend(7, 2)", path).text.substr(40));
  EXPECT_EQ(over("kdj", path, R"(, "fastk-period": "5")").text, over("kdj", path, R"(, "period": "5")").text);
  EXPECT_THAT(mistake_over("sma", path, R"(, "timeperiod": "3", "period": "4")"), HasSubstr("E1103"));
  EXPECT_THAT(mistake_over("sma", path, R"(, "multiplier": "3")"),
              AllOf(HasSubstr("E1102"), HasSubstr("a parameter of supertrend")));
  EXPECT_THAT(mistake_over("ta_rsi", path), AllOf(HasSubstr("E1102"), HasSubstr("did you mean 'rsi'")));
}

TEST_F(Indicators, AMeanOfAFileByHand) {
  const std::string path = write("bars.csv", counting(5));
  EXPECT_EQ(over("sma", path, R"(, "period": "3")").text, "Date,sma\n2024-01-03,2\n2024-01-04,3\n2024-01-05,4\n");
  EXPECT_EQ(over("sma", path, R"(, "period": "3", "pad": true)").text,
            "Date,sma\n2024-01-01,\n2024-01-02,\n2024-01-03,2\n2024-01-04,3\n2024-01-05,4\n");
  EXPECT_EQ(over("sma(2), top = max(2)", path).text,
            "Date,sma_2,top\n2024-01-02,1.5,2\n2024-01-03,2.5,3\n2024-01-04,3.5,4\n2024-01-05,4.5,5\n");
}

TEST_F(Indicators, InputsAreTheColumnsOfTheirNames) {
  const std::string path = write("bars.csv", counting(3));
  EXPECT_EQ(over("sma(1)", path, R"(, "inputs": "Volume")").text,
            "Date,sma_1\n2024-01-01,100\n2024-01-02,200\n2024-01-03,300\n");
  EXPECT_EQ(over("sub", path).text, "Date,sub\n2024-01-01,1.5\n2024-01-02,1.5\n2024-01-03,1.5\n") << "high less low";
  EXPECT_EQ(over("medprice", path).text, "Date,medprice\n2024-01-01,1.25\n2024-01-02,2.25\n2024-01-03,3.25\n");
  const std::string other = write("other.csv", "when;<HIGH>;<LOW>\nmon;3;1\ntue;4;2\n");
  EXPECT_EQ(over("medprice", other).text, "when,medprice\nmon,2\ntue,3\n") << "spellings, labels, delimiter";
  EXPECT_EQ(over("sub", path, R"(, "inputs": "close, open")").text,
            "Date,sub\n2024-01-01,0\n2024-01-02,0\n2024-01-03,0\n");
}

TEST_F(Indicators, OutputsStandInTheOrderOfTheirSpec) {
  const std::string path = write("bars.csv", bars_csv());
  (void)path;
  std::string text = counting(60);
  const std::string mine = write("mine.csv", text);
  EXPECT_THAT(over("bbands", mine).text, StartsWith("Date,bbands_upper,bbands_middle,bbands_lower\n2024-01-20,"));
  EXPECT_THAT(over("macd", mine, R"(, "profile": "talib064")").text,
              StartsWith("Date,macd,macd_signal,macd_hist\n2024-02-03,"));
  EXPECT_THAT(over("cdldoji", mine).text, HasSubstr(",100\n")) << "whole numbers are written whole";
}

TEST_F(Indicators, UnstableAnswersAreDropped) {
  const std::string path = write("bars.csv", counting(40));
  EXPECT_THAT(over("ema(5)", path).text, StartsWith("Date,ema_5\n2024-01-05,"));
  EXPECT_THAT(over("ema(5)", path, R"(, "unstable": "3")").text, StartsWith("Date,ema_5\n2024-01-08,"));
  EXPECT_THAT(over("sma(5)", path, R"(, "unstable": "3")").text, StartsWith("Date,sma_5\n2024-01-05,"));
  EXPECT_THAT(mistake_over("ema(5)", path, R"(, "unstable": "auto")"), HasSubstr("E2102"))
      << "more than 40 bars to fade";
  EXPECT_THAT(mistake_over("ema(5)", path, R"(, "unstable": "some")"), HasSubstr("E0004"));
}

TEST_F(Indicators, GapsStayGaps) {
  const std::string path = write("bars.csv", "t,close\n1,1\n2,\n3,3\n4,NaN\n5,5\n6,7\n");
  EXPECT_EQ(over("sma(2)", path, R"(, "pad": true)").text, "t,sma_2\n1,\n2,\n3,\n4,\n5,\n6,6\n");
}

TEST_F(Indicators, AllOfThemLeavesOutWhatCannotBe) {
  const Outcome out = over("all", write("bars.csv", "t,close\n1,1\n2,2\n3,3\n"));
  EXPECT_THAT(out.text, AllOf(StartsWith("t,"), HasSubstr("sqrt")));
  EXPECT_THAT(join(out.warnings, "\n"), AllOf(HasSubstr("has not the columns"), HasSubstr("has not the bars")));
  const Outcome full = over("all", write("full.csv", counting(700)), R"(, "profile": "talib064")");
  EXPECT_GT(full.data.at_path("columns")->as_array().size(), 200U);
}

TEST_F(Indicators, FilesAreWritten) {
  const std::string path = write("bars.csv", counting(30));
  const std::string target = parts.folder + "/out.parquet";
  const Outcome out = over("rsi", path, fmt::format(R"(, "output": "{}")", target));
  EXPECT_THAT(out.text, HasSubstr("16 rows of 1 column to "));
  EXPECT_EQ(must(lake::read_parquet(target)).rows(), 16U);
  EXPECT_EQ(over("sma(3)", target, R"(, "inputs": "rsi")").data.at_path("count")->as_int(), 14)
      << "reads what it wrote";
  EXPECT_THAT(mistake_over("rsi", path, fmt::format(R"(, "output": "{}/x.xls")", parts.folder)), HasSubstr("E0004"));
}

TEST_F(Indicators, MistakesOfTheCallAreNamed) {
  const std::string path = write("bars.csv", counting(20));
  EXPECT_THAT(mistake_over("rssi", path), AllOf(HasSubstr("E1102"), HasSubstr("did you mean 'rsi'")));
  EXPECT_THAT(mistake_over("rsi", path, R"(, "period": "1")"),
              AllOf(HasSubstr("E1105"), HasSubstr("rsi: period is 1"), HasSubstr("from 2 to")));
  EXPECT_THAT(mistake_over("sma(5)", path, R"(, "period": "10")"),
              AllOf(HasSubstr("E0007"), HasSubstr("--period and the brackets behind sma both give its period")));
  EXPECT_THAT(mistake_over("sma(5), rsi", path, R"(, "period": "abc")"), HasSubstr("rsi: period is 'abc'"))
      << "the bracket of one, the option of the other";
  EXPECT_THAT(mistake_over("rsi", path, R"(, "period": "abc")"),
              AllOf(HasSubstr("E0004"), HasSubstr("period is 'abc'"), HasSubstr("a whole number from 2")));
  EXPECT_THAT(mistake_over("rsi", path, R"(, "profile": "metastock")"), HasSubstr("unknown profile 'metastock'"));
  EXPECT_THAT(
      mistake_over("adosc", path, R"(, "inputs": "close")"),
      AllOf(HasSubstr("E0004"), HasSubstr("names 1 column, adosc takes 4"), HasSubstr("high,low,close,volume")));
  EXPECT_THAT(mistake("indicator", "run", R"j({"name": ["rsi"]})j"), HasSubstr("E0003"));
  EXPECT_THAT(mistake_over("rsi", path, R"(, "universe": "all")"), HasSubstr("E0007"));
  EXPECT_THAT(mistake_over("rsi", path, R"(, "from": "2024-01-01")"), HasSubstr("--from goes with --universe"));
  EXPECT_THAT(mistake_over("rsi", path, R"(, "rules": "buy=0.2")"), HasSubstr("E0007"));
  EXPECT_THAT(mistake_over("rsi", path, R"(, "adjust": "none")"), HasSubstr("E0007"));
  EXPECT_THAT(mistake_over("vote", path, R"(, "period": "5")"),
              AllOf(HasSubstr("E0007"), HasSubstr("--period was given"), HasSubstr("--rules ma_fast=8")));
  EXPECT_THAT(mistake("indicator", "run", R"j({"universe": "all", "profile": "talib064"})j"),
              HasSubstr("--profile talib064 was given"));
}

TEST_F(Indicators, FewerBarsThanThePeriodIsAnError) {
  EXPECT_THAT(mistake_over("sma(30)", write("bars.csv", counting(29))),
              AllOf(HasSubstr("E2102"), HasSubstr("sma_30 needs 30 bars"), HasSubstr("has 29 bars")));
  EXPECT_EQ(over("sma(30)", write("more.csv", counting(30))).data.at_path("count")->as_int(), 1);
}

TEST_F(Indicators, MistakesOfTheFileAreNamed) {
  EXPECT_THAT(mistake_over("sma(2)", write("a.csv", "t,cloze\n1,1\n2,2\n")),
              AllOf(HasSubstr("E2001"), HasSubstr("no column 'close'"), HasSubstr("did you mean 'cloze'")));
  EXPECT_THAT(mistake_over("sma(2)", write("b.csv", "t,close\n1,1\n2,abc\n3,3\n")),
              AllOf(HasSubstr("E2004"), HasSubstr("line 3: 'abc' in column close is no number")));
  EXPECT_THAT(mistake_over("sma(2)", write("c.csv", "date,close\n2024-01-03,1\n2024-01-02,2\n")),
              AllOf(HasSubstr("E2027"), HasSubstr("line 3: the index '2024-01-02' comes after '2024-01-03'")));
  EXPECT_THAT(mistake_over("sma(2)", write("d.csv", "date,close\n2024-01-02,1\n2024-01-02,2\n")),
              AllOf(HasSubstr("E2012"), HasSubstr("'2024-01-02' stands in line 2 and in line 3")));
  EXPECT_THAT(mistake_over("sma(2)", write("e.csv", "date,symbol,close\n2024-01-02,A,1\n2024-01-02,B,2\n")),
              AllOf(HasSubstr("E2012"), HasSubstr("lode data import")));
  EXPECT_THAT(mistake_over("sma(2)", write("f.csv", "t,close\n10,1\n9,2\n")), HasSubstr("E2027"))
      << "numbers as numbers";
  EXPECT_THAT(over("sma(2)", write("g.csv", "t,close\n9,1\n10,2\n")).text, HasSubstr("10,1.5")) << "9 is below 10";
  EXPECT_THAT(mistake_over("sma(2)", write("h.csv", "t,close\nb,1\na,2\nb,3\n")), HasSubstr("E2012"))
      << "labels repeat";
  EXPECT_THAT(over("sma(2)", write("i.csv", "t,close\nb,1\na,2\n")).text, HasSubstr("a,1.5")) << "labels have no order";
  EXPECT_THAT(mistake_over("sma(2)", write("j.csv", "t,close\n")), HasSubstr("E2014"));
  EXPECT_THAT(mistake_over("sma(2)", write("k.csv", "t,close\n1,1,5\n")), HasSubstr("E2009"));
  EXPECT_THAT(mistake_over("sma(2)", parts.folder + "/none.csv"), HasSubstr("E0008"));
  EXPECT_THAT(mistake_over("sma(1)", write("l.csv", "sma_1,close\n1,1\n2,2\n")),
              AllOf(HasSubstr("E2002"), HasSubstr("both called 'sma_1'")));
}

TEST_F(Indicators, AVoteOfAFile) {
  std::string text = "date,open,high,low,close,volume\n";
  Random random(3, 0);
  double close = 50.0;
  for (int t = 0; t < 200; ++t) {
    close *= 1.0 + 0.02 * random.next_normal();
    text += fmt::format("{},{:.2f},{:.2f},{:.2f},{:.2f},100\n", to_string(Date::from_civil(2024, 1, 1) + t), close,
                        close * 1.01, close * 0.99, close);
  }
  const std::string path = write("bars.csv", text);
  const Outcome vote = over("vote", path);
  EXPECT_THAT(vote.text, AllOf(StartsWith("date,signal,strength,confidence,score,ma_vote,rsi_vote,macd_vote,"
                                          "bollinger_vote,stochastic_vote,close,ma_fast,"),
                               HasSubstr("\n2024-02-20,"), Not(HasSubstr("\n2024-02-19,")), HasSubstr(",HOLD,WEAK,")))
      << "the mean of 50 and one bar to cross";
  EXPECT_EQ(vote.data.at_path("count")->as_int(), 150);
  const Outcome eager = over("vote", path, R"(, "rules": "buy=0.1,sell=-0.1,moderate=0.1")");
  EXPECT_GT(std::ranges::count(eager.text, 'B'), std::ranges::count(vote.text, 'B')) << "more BUY";
  EXPECT_THAT(mistake_over("vote", write("few.csv", counting(50))),
              AllOf(HasSubstr("E2102"), HasSubstr("vote needs 51 bars"), HasSubstr("not neutral")));
  EXPECT_THAT(mistake_over("vote", path, R"(, "inputs": "close")"), HasSubstr("E0004"));
}

}  // namespace
}  // namespace lode::flow
