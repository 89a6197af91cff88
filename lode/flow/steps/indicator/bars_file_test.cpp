// Files of bars as people have them: what is written goes back in.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/bars_file.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "lode/flow/steps/research/research_testing.h"

namespace lode::flow {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class BarsFiles : public testing::Research {
 protected:
  Outcome over(const std::string& name, const std::string& path, const std::string& more = "") {
    return good("indicator", "run", fmt::format(R"j({{"name": ["{}"], "data": "{}"{}}})j", name, path, more));
  }
  std::string mistake_over(const std::string& name, const std::string& path, const std::string& more = "") {
    return mistake("indicator", "run", fmt::format(R"j({{"name": ["{}"], "data": "{}"{}}})j", name, path, more));
  }
};

TEST_F(BarsFiles, AnIndexMayHaveNoName) {
  const std::string path = write("pandas.csv", ",close\n0,1\n1,2\n2,3\n");
  const Outcome mean = over("sma(2)", path);
  EXPECT_EQ(mean.text, ",sma_2\n1,1.5\n2,2.5\n");
  EXPECT_EQ(over("sma(2)", write("again.csv", mean.text), R"(, "inputs": "sma_2")").text, ",sma_2\n2,2\n");
  for (const char* ending : {"arrow", "parquet"}) {
    const std::string target = fmt::format("{}/mean.{}", parts.folder, ending);
    over("sma(2)", path, fmt::format(R"(, "output": "{}")", target));
    const BarsFile back = must(read_bars_file(target));
    EXPECT_EQ(back.index_name, ending == std::string_view("arrow") ? "" : "C0") << "Parquet names every column";
    EXPECT_THAT(back.index, ElementsAre("1", "2")) << ending;
    EXPECT_THAT(back.names, ElementsAre("sma_2")) << ending;
  }
}

TEST_F(BarsFiles, ANegativeIndexStaysANumber) {
  const Outcome mean = over("sma(1)", write("negative.csv", "t,close\n-2,1\n-1.5,2\n0,3\n"));
  EXPECT_EQ(mean.text, "t,sma_1\n-2,1\n-1.5,2\n0,3\n");
}

TEST_F(BarsFiles, ANameMayHoldAComma) {
  const std::string path = write("comma.csv", "\"day, local\",\"close, adjusted\"\n1,1\n2,3\n");
  const Outcome mean = over("sma(2)", path, R"(, "inputs": "closeadjusted")");
  EXPECT_EQ(mean.text, "\"day, local\",sma_2\n2,2\n");
  EXPECT_THAT(must(read_bars_file(path)).names, ElementsAre("close, adjusted"));
}

TEST_F(BarsFiles, AnIndexRepeatsByValue) {
  for (const char* rows : {"t,close\n1,1\n1.0,2\n", "t,close\n2024-01-02T10:00+02:00,1\n2024-01-02T08:00Z,2\n"}) {
    EXPECT_THAT(mistake_over("sma(1)", write("twice.csv", rows)),
                AllOf(HasSubstr("E2012"), HasSubstr("of line 3"), HasSubstr("spelled otherwise")));
  }
  EXPECT_THAT(over("sma(1)", write("nanos.csv", "t,close\n1704186000000000001,1\n1704186000000000002,2\n")).text,
              HasSubstr("1704186000000000002,2"));
  EXPECT_THAT(mistake_over("sma(1)", write("nan.csv", "t,close\n1,1\nnan,2\n0,3\n")),
              AllOf(HasSubstr("E2005"), HasSubstr("line 3: the index 'nan'")));
}

TEST_F(BarsFiles, TheCallSaysHowDatesAreWritten) {
  const std::string path = write("dates.csv", "date,close\n01/02/2020,1\n02/02/2020,2\n");
  EXPECT_THAT(mistake_over("sma(1)", path), AllOf(HasSubstr("E2025"), HasSubstr("--date-format")));
  EXPECT_THAT(over("sma(1)", path, R"(, "date-format": "dmy")").text, HasSubstr("02/02/2020,2"));
  EXPECT_THAT(mistake_over("sma(1)", path, R"(, "date-format": "american")"), HasSubstr("E0004"));
}

TEST_F(BarsFiles, ARowOutOfOrderIsRefusedWhateverItsIndexIs) {
  for (const char* rows :
       {"2020-02,1\n2020-01,2\n", "2020Q2,1\n2020Q1,2\n", "2020-W02,1\n2020-W01,2\n", "2-Feb-20,1\n2-Jan-20,2\n",
        "09:31,1\n09:30,2\n", "9:30 PM,1\n10:30 AM,2\n", "2020-01-02 9:30 PM,1\n2020-01-02 9:30 AM,2\n"}) {
    EXPECT_THAT(mistake_over("sma(1)", write("falls.csv", std::string("t,close\n") + rows)),
                AllOf(HasSubstr("E2027"), HasSubstr("line 3"), HasSubstr("sort the file by its first column")))
        << rows;
  }
  EXPECT_THAT(mistake_over("sma(1)", write("short.csv", "t,close\n2-Feb-20,1\n2-Jan-20,2\n")),
              HasSubstr("--date-format says how"));
  EXPECT_THAT(mistake_over("sma(1)", write("plain.csv", "t,close\n2020-02-02,1\n2020-01-02,2\n")),
              Not(HasSubstr("--date-format")));
  EXPECT_EQ(over("sma(2)", write("months.csv", "t,close\n2020-01,1\n2020-02,2\n")).text, "t,sma_2\n2020-02,1.5\n");
  EXPECT_THAT(over("sma(2)", write("labels.csv", "t,close\nb,1\na,2\n")).warnings,
              ElementsAre(HasSubstr("the order of its rows was not checked")));
}

TEST_F(BarsFiles, LabelsThatLookLikePeriodsAreSaidToBeLabels) {
  const std::string path = write("papers.csv", "paper,close\n11-2020,1\n12-2020,2\n13-2020,4\n");
  EXPECT_THAT(mistake_over("sma(2)", path),
              AllOf(HasSubstr("E2005"), HasSubstr("'13-2020' is no date"), HasSubstr("--date-format labels")));
  const Outcome out = over("sma(2)", path, R"(, "date-format": "labels")");
  EXPECT_EQ(out.text, "paper,sma_2\n12-2020,1.5\n13-2020,3\n");
  EXPECT_THAT(out.warnings, ::testing::IsEmpty()) << "nobody has to be told what was said";
}

TEST_F(BarsFiles, WhereNoBarHasAValueItsReasonIsTold) {
  std::string line = "t,close\n";
  std::string gaps = "t,close\n";
  for (int t = 1; t <= 120; ++t) {
    line += fmt::format("{},{}\n", t, 10.0 + 0.25 * t);
    gaps += fmt::format("{},{}\n", t, t % 10 == 0 ? "" : "1");
  }
  EXPECT_THAT(over("halflife", write("line.csv", line)).warnings,
              ElementsAre(AllOf(HasSubstr("no cell is missing"), HasSubstr("lode indicator show halflife"))));
  EXPECT_THAT(over("sma(20)", write("gaps.csv", gaps)).warnings, ElementsAre(HasSubstr("too many cells are missing")));
}

TEST_F(BarsFiles, SeveralInstrumentsAreNoHistory) {
  const auto is_told = AllOf(HasSubstr("several instruments"), HasSubstr("lode data import"));
  EXPECT_THAT(mistake_over("sma(1)", write("by_symbol.csv",
                                           "symbol,date,close\nA,2020-01-02,1\nA,2020-01-03,1\n"
                                           "B,2020-01-02,1\nB,2020-01-03,1\n")),
              is_told);
  EXPECT_THAT(mistake_over("sma(1)", write("grouped.csv",
                                           "date,Ticker,close\n2020-01-02,A,1\n2020-01-03,A,1\n"
                                           "2020-01-02,B,1\n2020-01-03,B,1\n")),
              is_told);
  EXPECT_THAT(mistake_over("sma(1)", write("by_date.csv", "date,symbol,close\n2020-01-02,A,1\n2020-01-02,B,1\n")),
              is_told);
  EXPECT_THAT(mistake_over("sma(1)", write("one.csv", "symbol,date,close\nA,2020-01-02,1\nA,2020-01-03,1\n")),
              AllOf(HasSubstr("E2012"), HasSubstr("put the column 'date' first")));
  EXPECT_THAT(mistake_over("sma(1)", write("twice.csv", "date,symbol,close\n2020-01-02,A,1\n2020-01-02,A,1\n")),
              HasSubstr("keep one row a bar"));
}

TEST_F(BarsFiles, TheIndexIsCarriedAsItStands) {
  const std::string text = "=cmd,close\n=1+1,1\n@b,2\n-x,3\n";
  EXPECT_EQ(over("sma(1)", write("formulas.csv", text)).text, "=cmd,sma_1\n=1+1,1\n@b,2\n-x,3\n");
  const std::string target = parts.folder + "/carried.csv";
  over("sma(1)", write("formulas.csv", text), fmt::format(R"(, "output": "{}")", target));
  EXPECT_EQ(must(read_file(target)), "=cmd,sma_1\n=1+1,1\n@b,2\n-x,3\n");
}

TEST_F(BarsFiles, AnIndexThatIsNoDateSaysHowItBecomesOne) {
  const auto bars = [&](const char* first, const char* second) {
    return write("epoch.csv", fmt::format("t,high,low,close,volume\n{},2,2,2,10\n{},4,4,4,10\n", first, second));
  };
  EXPECT_THAT(mistake_over("vwap_session", bars("1704186000", "1704186060")),
              AllOf(HasSubstr("no column 'session'"), HasSubstr("--date-format epoch reads"), HasSubstr("seconds")));
  EXPECT_THAT(mistake_over("vwap_session", bars("1704186000000", "1704186060000")), HasSubstr("epoch_ms"));
  EXPECT_THAT(over("vwap_session", bars("1704186000", "1704186060"), R"(, "date-format": "epoch")").text,
              HasSubstr("1704186060,3"));
  EXPECT_THAT(mistake_over("vwap_anchored", bars("1704186000", "1704186060"), R"(, "anchor": "2024-01-02")"),
              AllOf(HasSubstr("E0004"), HasSubstr("--date-format epoch reads")));
  EXPECT_THAT(mistake_over("vwap_session", bars("9:30", "9:31")),
              AllOf(HasSubstr("no column 'session'"), HasSubstr("an index of dates")));
}

TEST_F(BarsFiles, BarsThatCannotBeAreCounted) {
  const Outcome out = over("medprice", write("odd.csv",
                                             "t,high,low,close,volume\n1,3,1,2,5\n2,1,3,2,5\n3,1,3,-2,5\n"
                                             "4,3,1,2,-5\n5,,3,2,5\n"));
  EXPECT_THAT(out.warnings,
              ::testing::UnorderedElementsAre(HasSubstr("2 bars have a high below its low, the first in line 3"),
                                              HasSubstr("1 bar has a price below 0, the first in line 4"),
                                              HasSubstr("1 bar has a volume below 0, the first in line 5")));
  EXPECT_THAT(over("medprice", write("fine.csv", "t,high,low\n1,3,1\n2,4,3\n")).warnings, ::testing::IsEmpty());
}

TEST_F(BarsFiles, AnAnchorIsADate) {
  const std::string path = write("days.csv",
                                 "date,high,low,close,volume\n2024-01-02,2,2,2,10\n2024-01-03,4,4,4,10\n"
                                 "2024-01-04,8,8,8,20\n");
  EXPECT_THAT(mistake_over("vwap_anchored", path),
              AllOf(HasSubstr("E2001"), HasSubstr("no session has two"), HasSubstr("--anchor")));
  EXPECT_EQ(over("vwap_anchored", path, R"(, "anchor": "2024-01-03")").text,
            "date,vwap_anchored\n2024-01-03,4\n2024-01-04,6.666666666666667\n");
  EXPECT_THAT(mistake_over("vwap_anchored", path, R"(, "anchor": "2024-02-03")"), HasSubstr("E2101"));
  EXPECT_THAT(mistake_over("sma(1)", write("labels.csv", "t,close\na,1\n"), R"(, "anchor": "2024-02-03")"),
              HasSubstr("--anchor is a date"));
  const Outcome intraday = over("vwap_session", write("minutes.csv",
                                                      "time,high,low,close,volume\n2024-01-02 9:30,2,2,2,10\n"
                                                      "2024-01-02 9:31,4,4,4,10\n2024-01-03 9:30,8,8,8,20\n"));
  EXPECT_THAT(intraday.text, HasSubstr("2024-01-02 9:31,3\n2024-01-03 9:30,8\n"));
}

TEST_F(BarsFiles, AFormulaIsAnIndicatorToo) {
  std::string text = "t,open,high,low,close,volume\n";
  for (int t = 1; t <= 40; ++t) {
    text += fmt::format("{0},{0},{1},{0},{2},100\n", t, t + 1, t + (t % 3) * 0.25);
  }
  const std::string path = write("bars.csv", text);
  const Outcome my = over("my = ta_ema(close,12) - ta_ema(close,26)", path);
  EXPECT_THAT(my.text, StartsWith("t,my\n26,"));
  EXPECT_EQ(over("m = macd(12, 26, 9)", path, R"(, "pad": true)").data.at_path("count")->as_int(), 40);
  const Outcome both = over("sma(5), x = close - ts_mean(close, 5)", path);
  EXPECT_THAT(both.text, StartsWith("t,sma_5,x\n5,"));
  const Outcome chain = over("@" + write("f.txt", "# two\nmy = (ta_ema(close, 3)\n  - ta_ema(close, 5))\n"), path);
  EXPECT_THAT(chain.text, StartsWith("t,my"));
}

// A formula may use one that stands above it; the numbers are those of the formula written out.
TEST_F(BarsFiles, AFormulaMayUseAnother) {
  std::string text = "t,close\n";
  for (int t = 1; t <= 60; ++t) {
    text += fmt::format("{},{}\n", t, 100 + (t * 7) % 13);
  }
  const std::string path = write("bars.csv", text);
  const std::string list = write("f.lode", "# c\nmy = ta_ema(close, 12) - ta_ema(close, 26)\nmy2 = ta_rsi(my, 14)\n");
  const Outcome named = over("@" + list, path, R"(, "pad": true)");
  const Outcome whole =
      over("my = ta_ema(close, 12) - ta_ema(close, 26), my2 = ta_rsi(ta_ema(close, 12) - ta_ema(close, 26), 14)", path,
           R"(, "pad": true)");
  EXPECT_EQ(named.text, whole.text);
  EXPECT_THAT(named.text, StartsWith("t,my,my2\n"));
}

TEST_F(BarsFiles, KeptAndLibraryFormulasRun) {
  import_market();
  good("factor", "add", R"j({"name": "trend", "formula": "close / ts_mean(close, 5) - 1"})j");
  const std::string path = write("bars.csv", "t,close\n1,1\n2,2\n3,3\n4,4\n5,5\n");
  EXPECT_EQ(over("trend", path).text.substr(0, 10), "t,trend\n5,");
}

TEST_F(BarsFiles, WhatLooksAcrossInstrumentsIsRefused) {
  const std::string path = write("bars.csv", "t,close\n1,1\n2,2\n3,3\n");
  EXPECT_THAT(mistake_over("rank(close)", path),
              AllOf(HasSubstr("E0004"), HasSubstr("rank looks across instruments"), HasSubstr("factor compute")));
  EXPECT_THAT(mistake_over("rssi", path), AllOf(HasSubstr("E1102"), HasSubstr("did you mean 'rsi'")));
  EXPECT_THAT(mistake_over("close - ts_mean(close, 9)", path), HasSubstr("E2102"));
  EXPECT_THAT(mistake_over("close - ts_mean(closs, 2)", path), HasSubstr("E1106"));
  EXPECT_THAT(mistake_over("close - ts_mean(close, 2)", path, R"(, "inputs": "close")"), HasSubstr("E0007"));
}

// A few bytes at a time, as a pipe gives them.
In piped(std::string text) {
  return [text = std::move(text), at = std::size_t{0}](char* to, std::size_t most) mutable {
    const std::size_t size = std::min({most, text.size() - at, std::size_t{5}});
    std::copy_n(text.data() + at, size, to);
    at += size;
    return size;
  };
}

TEST_F(BarsFiles, BarsMayBePipedIn) {
  const std::string bars = "t,close\n1,1\n2,3\n3,8\n";
  world.in = piped(bars);
  EXPECT_EQ(over("sma(2)", "-").text, over("sma(2)", write("bars.csv", bars)).text);
  world.in = piped(bars);
  EXPECT_EQ(over("my = ta_sma(close, 2) - close", "-").text, "t,my\n2,-1\n3,-2.5\n") << "formulas too";
  world.in = piped("symbol,date,close\nA,2020-01-02,1\nA,2020-01-03,1\nB,2020-01-02,1\n");
  EXPECT_THAT(mistake_over("sma(2)", "-"), AllOf(HasSubstr("E2012"), HasSubstr("lode data import FILE, then")));
  world.in = piped("t,close\n1,1\n2,abc\n");
  EXPECT_THAT(mistake_over("sma(2)", "-"), AllOf(HasSubstr("E2004"), HasSubstr("stdin line 3: 'abc'")));
  world.in = piped("");
  EXPECT_THAT(mistake_over("sma(2)", "-"), AllOf(HasSubstr("E2014"), HasSubstr("stdin is empty")));
  world.in = {};
  EXPECT_THAT(mistake_over("sma(2)", "-"), AllOf(HasSubstr("E0008"), HasSubstr("nothing is piped in")));
}

TEST_F(BarsFiles, AnEmptyCellOfActionsIsNoAction) {
  const std::string path = write("bars.csv", "t,close,split,dividend\n1,10,,\n2,12,,2\n3,5,0.5,\n4,,0.5,\n5,5,1,0\n");
  EXPECT_EQ(over("adjratios", path).text, "t,adjratios_split,adjratios_div\n1,1,1\n2,1,1.25\n3,2,1.25\n4,,\n5,2,1.25\n")
      << "a bar without a close is not there";
  EXPECT_EQ(over("adjratios", path, R"(, "inputs": "split,dividend,close")").text, over("adjratios", path).text);
  EXPECT_EQ(over("sma(1)", path, R"(, "inputs": "split", "pad": true)").text, "t,sma_1\n1,\n2,\n3,0.5\n4,0.5\n5,1\n")
      << "any other indicator reads a missing value as it stands";
}

TEST_F(BarsFiles, AWeightIsAColumnOfItsOwn) {
  const std::string path = write("bars.csv", "t,close,weight,vhf\n1,10,1,0.5\n2,12,0.5,-1\n3,20,-0.25,0\n");
  EXPECT_EQ(over("vma", path).text, "t,vma\n1,10\n2,11\n3,13.25\n");
  EXPECT_EQ(over("vma", path, R"(, "inputs": "close,vhf")").text, "t,vma\n1,10\n2,12\n3,12\n");
  EXPECT_THAT(mistake_over("vma", write("bare.csv", "t,close\n1,1\n")),
              AllOf(HasSubstr("E2001"), HasSubstr("no column 'weight'")));
  const Outcome all = over("all", path);
  EXPECT_EQ(all.text.find("vma"), std::string::npos) << "all is what bars alone feed";
}

}  // namespace
}  // namespace lode::flow
