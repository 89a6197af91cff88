// Names of instruments: plain where that says which is meant, with the exchange where two exchanges list the symbol.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/symbols.h"

#include <gmock/gmock.h>

#include "lode/flow/open_lake.h"
#include "lode/flow/steps/research/values_file.h"
#include "lode/flow/verb_testing.h"

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Axis axis_of(std::vector<std::string> symbols) {
  Axis axis;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    axis.instruments.push_back(InstrumentId{10 * i});
  }
  axis.symbols = std::move(symbols);
  return axis;
}

TEST(SymbolNames, StayPlainWhileNoSymbolStandsTwice) {
  EXPECT_THAT(symbol_names(axis_of({"B", "A"}), {"XNYS", "XASX"}), ElementsAre("B", "A"));
  EXPECT_THAT(symbol_names(axis_of({}), {}), ElementsAre());
}

TEST(SymbolNames, AreQualifiedOnlyWhereTwoExchangesShareThem) {
  EXPECT_THAT(symbol_names(axis_of({"BHP", "RIO", "BHP"}), {"XNYS", "XNYS", "XASX"}),
              ElementsAre("BHP.XNYS", "RIO", "BHP.XASX"));
  EXPECT_THAT(symbol_names(axis_of({"A", "A", "A"}), {"XNYS", "XASX", "XNAS"}),
              ElementsAre("A.XNYS", "A.XASX", "A.XNAS"));
}

TEST(SymbolNames, TwoHoldersOnOneExchangeKeepTheSymbol) {
  EXPECT_THAT(symbol_names(axis_of({"GM", "GM"}), {"XNYS", "XNYS"}), ElementsAre("GM", "GM"));
  EXPECT_THAT(symbol_names(axis_of({"GM", "GM", "GM"}), {"XNYS", "XNYS", "XASX"}),
              ElementsAre("GM.XNYS", "GM.XNYS", "GM.XASX"));
}

TEST(SymbolNames, AnUnknownExchangeIsNotMadeUp) {
  EXPECT_THAT(symbol_names(axis_of({"A", "A"}), {"", "XASX"}), ElementsAre("A", "A.XASX"));
  EXPECT_THAT(symbol_names(axis_of({"A", "A"}), {}), ElementsAre("A", "A"));
}

class Exchanges : public testing::Verbs {};

TEST_F(Exchanges, AreReadFromTheLakeByInstrument) {
  import("bars", testing::kBars, "XNYS");
  import("bars", "date,symbol,open,high,low,close,volume\n2024-01-02,AAA,5,6,4,5,9\n", "XNAS");
  const auto lake = must(open_lake(world, Wanted::kRead));
  const lake::Snapshot snapshot = must(lake->snapshot());
  const std::vector<InstrumentId> ids{instrument_id("XNYS", "AAA"), instrument_id("XNAS", "AAA"),
                                      instrument_id("XNYS", "ABB"), InstrumentId{7}};
  std::vector<std::pair<InstrumentId, std::string>> sorted{
      {ids[0], "XNYS"}, {ids[1], "XNAS"}, {ids[2], "XNYS"}, {ids[3], ""}};
  std::sort(sorted.begin(), sorted.end());
  Axis axis;
  std::vector<std::string> expected;
  for (const auto& [id, mic] : sorted) {
    axis.instruments.push_back(id);
    axis.symbols.push_back(id == ids[2] ? "ABB" : id == ids[3] ? "OLD" : "AAA");
    expected.push_back(mic);
  }
  EXPECT_EQ(must(exchanges_of(snapshot, axis)), expected);
  const std::vector<std::string> names = must(symbol_names(snapshot, axis));
  EXPECT_EQ(std::count(names.begin(), names.end(), "AAA.XNYS"), 1);
  EXPECT_EQ(std::count(names.begin(), names.end(), "AAA.XNAS"), 1);
  EXPECT_EQ(std::count(names.begin(), names.end(), "ABB"), 1);
}

// Values on an axis of two exchanges, without a lake.
class ValuesOfExchanges : public testing::Verbs {
 protected:
  ValuesOfExchanges() {
    auto made = std::make_shared<Axis>(axis_of({"BHP", "RIO", "BHP"}));
    for (int day = 0; day < 3; ++day) {
      made->sessions.push_back(Date::from_civil(2024, 1, 2) + day);
      made->times.push_back(end_of_day(made->sessions.back()));
    }
    axis = made;
  }
  Result<ValuesFile> read(const std::string& rows, std::vector<std::uint8_t> universe = {}) {
    const std::string path = parts.folder + "/v.csv";
    must(write_file(path, "date,symbol,value\n" + rows));
    return read_values_file(path, axis, universe, {"XNYS", "XNYS", "XASX"});
  }
  std::shared_ptr<const Axis> axis;
};

TEST_F(ValuesOfExchanges, TakeTheQualifiedSpellingOfAnySymbol) {
  const ValuesFile file =
      must(read("2024-01-02,BHP.XNYS,1\n2024-01-02,RIO,2\n2024-01-03,rio.xnys,3\n"
                "2024-01-02,BHP.XASX,4\n2024-01-02,BHP.XTKS,5\n"));
  EXPECT_EQ(file.panel.at(0, 0), 1.0);
  EXPECT_EQ(file.panel.at(0, 1), 2.0);
  EXPECT_EQ(file.panel.at(1, 1), 3.0);
  EXPECT_EQ(file.panel.at(0, 2), 4.0);
  EXPECT_EQ(file.unmatched, 1) << "no BHP in Tokyo";
  EXPECT_EQ(file.rows, 5);
}

TEST_F(ValuesOfExchanges, RefuseAPlainSymbolOfTwoExchangesWithItsLine) {
  const Result<ValuesFile> file = read("2024-01-02,RIO,2\n2024-01-02,BHP,1\n");
  ASSERT_FALSE(file);
  EXPECT_EQ(exit_code(file.error().number()), 65);
  EXPECT_THAT(file.error().message(), HasSubstr("v.csv line 3: BHP is listed on 2 exchanges"));
  EXPECT_EQ(file.error().hint(), "write which one is meant: BHP.XASX, BHP.XNYS");
}

TEST_F(ValuesOfExchanges, AUniverseThatHoldsOnlyOneOfThemDecides) {
  const std::vector<std::uint8_t> new_york{1, 1, 0, 1, 1, 0, 1, 1, 0};
  const ValuesFile file = must(read("2024-01-03,BHP,7\n", new_york));
  EXPECT_EQ(file.panel.at(1, 0), 7.0);
  EXPECT_TRUE(std::isnan(file.panel.at(1, 2)));
  EXPECT_EQ(file.unmatched, 0);
}

TEST_F(ValuesOfExchanges, OneCellUnderTwoSpellingsMustAgree) {
  EXPECT_TRUE(read("2024-01-02,RIO,2\n2024-01-02,RIO.XNYS,2\n"));
  const Result<ValuesFile> file = read("2024-01-02,RIO,2\n2024-01-02,RIO.XNYS,3\n");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().number(), E::E2012);
}

}  // namespace
}  // namespace lode::flow
