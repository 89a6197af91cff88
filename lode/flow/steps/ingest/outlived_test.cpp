// Bars after a delisting are told of by whichever import brings the second half, and by the check, and change nothing
// that is stored.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/outlived.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "lode/flow/steps/ingest/check.h"
#include "lode/flow/steps/ingest/testing.h"

namespace lode::flow {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Sessions of XNYS.
constexpr std::string_view kFive =
    "2024-01-02,AAA,10,11,9,10,1\n2024-01-03,AAA,10,11,9,10,1\n2024-01-04,AAA,10,11,9,10,1\n"
    "2024-01-05,AAA,10,11,9,10,1\n2024-01-08,AAA,10,11,9,10,1\n";
constexpr std::string_view kDelistings = "symbol,delisted_on,delisting_return\n";

class Outlived : public ::testing::Test {
 protected:
  std::vector<std::string> import(std::string_view table, std::string_view header, std::string_view lines) {
    const std::string path = world_.write(std::to_string(++files_) + ".csv", std::string(header) + std::string(lines));
    const IngestReport report = must(world_.run({path}, std::string(table)));
    EXPECT_EQ(report.set_aside, 0) << "what is odd is told, not refused";
    return report.notes;
  }
  std::vector<std::string> bars(std::string_view lines) { return import("bars", kBarsHeader, lines); }
  std::vector<std::string> delisted(std::string_view lines) { return import("instruments", kDelistings, lines); }
  CheckReport check(const CheckRequest& request = {}) {
    const auto lake =
        must(lake::Lake::open(world_.lake_folder(), lake::Access::kRead, world_.test.clock, world_.test.pool));
    return must(check_bars(*lake, request));
  }
  // What the lake holds once both halves are in.
  std::vector<std::string> stored() {
    std::vector<std::string> out = world_.rows("bars", {"session", "close", "flags"});
    for (const std::string& row : world_.rows("instruments", {"symbol", "delisted_on", "delisting_return"})) {
      out.push_back(row);
    }
    return out;
  }

  IngestWorld world_;
  int files_ = 0;
};

constexpr const char* kTold =
    "1 name has bars after its delisting, first AAA (2024-01-04, bars to 2024-01-08): lode data check";

TEST_F(Outlived, ADelistingBeforeStoredBarsIsTold) {
  bars(kFive);
  EXPECT_THAT(delisted("AAA,2024-01-04,-0.5\n"), Contains(kTold));
  EXPECT_THAT(stored(), Contains("AAA 2024-01-04 -0.5"));
}

TEST_F(Outlived, BarsAfterAStoredDelistingAreTold) {
  EXPECT_THAT(delisted("AAA,2024-01-04,-0.5\n"), Not(Contains(HasSubstr("after its delisting"))));
  EXPECT_THAT(bars(kFive), Contains(kTold));
}

TEST_F(Outlived, TheOrderOfTheHalvesLeavesTheSameLake) {
  bars(kFive);
  delisted("AAA,2024-01-04,-0.5\n");
  const std::vector<std::string> facts_last = stored();
  std::filesystem::remove_all(world_.lake_folder());
  delisted("AAA,2024-01-04,-0.5\n");
  bars(kFive);
  EXPECT_EQ(stored(), facts_last);
  EXPECT_EQ(facts_last.size(), 6U);
}

TEST_F(Outlived, ADelistingAmongTheActionsIsOneToo) {
  bars(kFive);
  EXPECT_THAT(import("actions", "ex_date,symbol,kind,amount\n", "2024-01-04,AAA,delisting,-0.5\n"), Contains(kTold));
}

TEST_F(Outlived, TheLastDayOfTradingItselfAndLaterOnesAreFine) {
  bars(kFive);
  EXPECT_THAT(delisted("AAA,2024-01-08,-0.5\n"), Not(Contains(HasSubstr("delisting"))));
  EXPECT_THAT(check().outlived, IsEmpty());
  EXPECT_THAT(delisted("AAA,2024-03-01,-0.5\n"), Not(Contains(HasSubstr("delisting"))));
  EXPECT_THAT(check().outlived, IsEmpty());
}

TEST_F(Outlived, TheRightDayImportedLaterEndsIt) {
  bars(kFive);
  delisted("AAA,2024-01-04,-0.5\n");
  ASSERT_EQ(check().outlived.size(), 1U);
  delisted("AAA,2024-01-08,-0.5\n");
  EXPECT_THAT(check().outlived, IsEmpty());
}

TEST_F(Outlived, TheCheckListsEachWithItsDates) {
  bars(std::string(kFive) + "2024-01-02,BBB,10,11,9,10,1\n2024-01-08,BBB,10,11,9,10,1\n2024-01-02,CCC,10,11,9,10,1\n");
  EXPECT_THAT(delisted("BBB,2024-01-06,\nAAA,2024-01-03,-0.5\nCCC,2024-01-02,-1\n"),
              Contains(HasSubstr("2 names have bars after their delisting, first AAA (2024-01-03")));
  const CheckReport report = check();
  ASSERT_EQ(report.outlived.size(), 2U);
  EXPECT_EQ(report.outlived[0].symbol, "AAA");
  EXPECT_EQ(report.outlived[0].bars, 3);
  EXPECT_EQ(report.outlived[0].first_after, Date::from_civil(2024, 1, 4));
  EXPECT_EQ(report.outlived[0].last, Date::from_civil(2024, 1, 8));
  EXPECT_EQ(report.outlived[1].symbol, "BBB");
  EXPECT_THAT(check_text(report),
              HasSubstr("  delistings with bars after them  delisted on  bars after it  from        to\n"
                        "  AAA                              2024-01-03               3  2024-01-04  2024-01-08\n"
                        "  BBB                              2024-01-06               1  2024-01-08  2024-01-08\n"));
  const Value json = check_json(report);
  EXPECT_EQ(json.at_path("outlived_delistings.0.delisted_on")->as_text(), "2024-01-03");
  EXPECT_EQ(json.at_path("outlived_delistings.0.bars_after")->as_int(), 3);
  EXPECT_EQ(json.at_path("outlived_delistings.1.last")->as_text(), "2024-01-08");
  ASSERT_TRUE(check_finding(report));
  EXPECT_EQ(check_finding(report)->number(), E::E3002);
  EXPECT_THAT(check_finding(report)->message(), HasSubstr("2 delistings with bars after them"));
}

TEST_F(Outlived, ACheckOfASpanOrASymbolLooksAtItsBars) {
  bars(std::string(kFive) + "2024-01-08,BBB,10,11,9,10,1\n");
  delisted("AAA,2024-01-04,-0.5\nBBB,2024-01-03,-0.5\n");
  CheckRequest span;
  span.to = Date::from_civil(2024, 1, 4);
  EXPECT_THAT(check(span).outlived, IsEmpty()) << "no bar of the span is after a delisting";
  span.to = Date::from_civil(2024, 1, 5);
  EXPECT_EQ(check(span).outlived.size(), 1U);
  CheckRequest one;
  one.symbol = "BBB";
  ASSERT_EQ(check(one).outlived.size(), 1U);
  EXPECT_EQ(check(one).outlived[0].symbol, "BBB");
}

TEST_F(Outlived, NobodyIsDelistedBeforeItIsListed) {
  bars(kFive);
  const std::string path = world_.write(
      "listed.csv", "symbol,listed_on,delisted_on\nAAA,2024-01-05,2024-01-04\nBBB,2024-01-04,2024-01-04\n");
  const IngestReport report = must(world_.run({path}, "instruments"));
  EXPECT_EQ(report.set_aside, 1);
  ASSERT_EQ(report.reasons.size(), 1U);
  EXPECT_EQ(report.reasons[0].number, 2024);
  EXPECT_THAT(world_.rows("quarantine", {"rule", "reason"}),
              ElementsAre("E2024 delisted_on 2024-01-04 is before listed_on 2024-01-05"));
}

TEST(OutlivedNote, NamesTheFirstBySymbolWhateverTheOrder) {
  const auto day = [](int d) { return Date::from_civil(2024, 1, d); };
  EXPECT_EQ(outlived_note({}), "");
  const std::string forward = outlived_note({{"BBB", day(2), day(3)}, {"AAA", day(4), day(5)}});
  EXPECT_EQ(forward, outlived_note({{"AAA", day(4), day(5)}, {"BBB", day(2), day(3)}}));
  EXPECT_THAT(forward, HasSubstr("first AAA (2024-01-04, bars to 2024-01-05)"));
}

}  // namespace
}  // namespace lode::flow
