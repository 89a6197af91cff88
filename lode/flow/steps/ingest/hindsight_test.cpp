// What a check of the lake tells of bars that were judged before the rest was known.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/hindsight.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/flow/verb_testing.h"
#include "lode/market/calendar.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kHeader = "date,symbol,open,high,low,close,volume\n";

constexpr std::string_view kApple =
    "date,symbol,open,high,low,close,volume\n"
    "2014-06-06,AAPL,640,650,630,645.57,100\n2014-06-09,AAPL,92,94,91,93.7,700\n";

class Hindsight : public testing::Verbs {
 protected:
  std::string bars(std::string_view symbol, const std::vector<std::pair<Date, double>>& closes) {
    std::string out;
    for (const auto& [day, close] : closes) {
      out += fmt::format("{0},{1},{2},{2},{2},{2},100\n", to_string(day), symbol, close);
    }
    return out;
  }
  // A close a session of [from, to].
  static std::vector<std::pair<Date, double>> life(Date from, Date to, double close) {
    std::vector<std::pair<Date, double>> out;
    for (const Date day : must(find_calendar("XNYS"))->sessions(from, to)) {
      out.emplace_back(day, close);
    }
    return out;
  }
  std::string remarks() {
    const Outcome check = must(call("data", "check", "{}"));
    std::string out;
    for (const Value& remark : check.data.find("later_remarks")->as_array()) {
      out += fmt::format("{} {} {}: {}\n", remark.find("symbol")->as_text(), remark.find("session")->as_text(),
                         remark.find("reason")->as_text(), remark.find("effect")->as_text());
    }
    return out;
  }
  std::size_t instruments() { return std::stoul(sql("select count(distinct instrument_id) from bars")); }
};

Date day(int year, int month, int dom) { return Date::from_civil(year, month, dom); }

TEST_F(Hindsight, AMoveThatALaterSplitExplainsIsTold) {
  import("bars", kApple);
  EXPECT_EQ(remarks(), "");
  const auto anomalies = [&] {
    return must(call("data", "check", "{}")).data.at_path("measures.anomalies.value")->as_double();
  };
  EXPECT_EQ(anomalies(), 0.5);
  import("actions", "ex_date,symbol,kind,ratio\n2014-06-09,AAPL,split,7\n");
  EXPECT_EQ(remarks(), "AAPL 2014-06-09 flagged move, a split known since: 645.57 -> 93.7, split 7\n");
  EXPECT_EQ(anomalies(), 0.0) << "what is explained is no anomaly";
  const Outcome check = must(call("data", "check", "{}"));
  EXPECT_THAT(check.text, HasSubstr("  known by now                       number  first\n"
                                    "  flagged move, a split known since       1  AAPL 2014-06-09: 645.57 -> 93.7, "
                                    "split 7\n"));
  EXPECT_THAT(check.text, HasSubstr("  move        1  AAPL 2014-06-09 645.57 -> 93.7 (-85.5 %)\n"))
      << "the flag stays as stored";
}

TEST_F(Hindsight, ASplitOfAnotherDayExplainsNothing) {
  import("bars", kApple);
  import("actions", "ex_date,symbol,kind,ratio\n2014-06-06,AAPL,split,7\n2014-06-10,AAPL,split,7\n");
  EXPECT_EQ(remarks(), "");
}

// The symbol is away while the files between are missing, and back at another price: one instrument. Had the others'
// files come before, it would be two.
TEST_F(Hindsight, InstrumentsThatDependOnTheOrderOfImportsAreTold) {
  const std::string early = bars("AAA", life(day(2015, 1, 2), day(2015, 3, 31), 10));
  const std::string late = bars("AAA", life(day(2015, 10, 1), day(2015, 12, 31), 90));
  const std::string others = bars("BBB", life(day(2015, 1, 2), day(2015, 12, 31), 20)) +
                             bars("CCC", life(day(2015, 1, 2), day(2015, 12, 31), 30));
  import("bars", std::string(kHeader) + early + late);
  EXPECT_EQ(remarks(), "") << "over a hole in which nobody trades nothing can be told";
  import("bars", std::string(kHeader) + others);
  EXPECT_EQ(instruments(), 3U);
  EXPECT_EQ(remarks(),
            "AAA 2015-10-01 instruments that depend on the order of imports: away from 2015-03-31, 10 -> 90: one "
            "instrument, and 2 had all files come oldest first\n");
}

TEST_F(Hindsight, TheLaterLifeImportedFirstIsToldToo) {
  const std::string others = bars("BBB", life(day(2015, 1, 2), day(2015, 12, 31), 20)) +
                             bars("CCC", life(day(2015, 1, 2), day(2015, 12, 31), 30));
  import("bars", std::string(kHeader) + others + bars("AAA", life(day(2015, 10, 1), day(2015, 12, 31), 90)));
  import("bars", std::string(kHeader) + bars("AAA", life(day(2015, 1, 2), day(2015, 3, 31), 10)));
  EXPECT_EQ(instruments(), 3U);
  EXPECT_THAT(remarks(), HasSubstr("AAA 2015-10-01 instruments that depend on the order of imports"));
}

TEST_F(Hindsight, TheSameFilesTogetherAreTwoInstrumentsAndNothingToTell) {
  import("bars", std::string(kHeader) + bars("BBB", life(day(2015, 1, 2), day(2015, 12, 31), 20)) +
                     bars("CCC", life(day(2015, 1, 2), day(2015, 12, 31), 30)) +
                     bars("AAA", life(day(2015, 1, 2), day(2015, 3, 31), 10)) +
                     bars("AAA", life(day(2015, 10, 1), day(2015, 12, 31), 90)));
  EXPECT_EQ(instruments(), 4U);
  EXPECT_EQ(remarks(), "");
}

TEST_F(Hindsight, ASplitKnownSinceThatJoinsTwoInstrumentsIsTold) {
  import("bars", std::string(kHeader) + bars("BBB", life(day(2015, 1, 2), day(2015, 12, 31), 20)) +
                     bars("AAA", life(day(2015, 1, 2), day(2015, 3, 31), 90)) +
                     bars("AAA", life(day(2015, 10, 1), day(2015, 12, 31), 9)));
  EXPECT_EQ(instruments(), 3U);
  import("actions", "ex_date,symbol,kind,ratio\n2015-06-01,AAA,split,10\n");
  EXPECT_THAT(remarks(), HasSubstr("AAA 2015-10-01 instruments that depend on the order of imports: away from "
                                   "2015-03-31, 90 -> 9: 2 instruments, and one had all files come oldest first\n"));
}

TEST_F(Hindsight, PartsOfTheLakeAreNotJudgedForIt) {
  import("bars", std::string(kHeader) + bars("AAA", life(day(2015, 1, 2), day(2015, 3, 31), 10)) +
                     bars("AAA", life(day(2015, 10, 1), day(2015, 12, 31), 90)));
  import("bars", std::string(kHeader) + bars("BBB", life(day(2015, 1, 2), day(2015, 12, 31), 20)));
  EXPECT_THAT(remarks(), HasSubstr("depend on the order"));
  EXPECT_THAT(must(call("data", "check", R"({"symbol":"AAA"})")).text, Not(HasSubstr("known by now")));
}

}  // namespace
}  // namespace lode::flow
