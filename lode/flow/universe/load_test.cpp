// Universes by file, and what changed in them, through the doors.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "lode/flow/open_lake.h"
#include "lode/flow/steps/identity/changes.h"
#include "lode/flow/steps/identity/membership.h"
#include "lode/flow/steps/identity/renamed_testing.h"
#include "lode/flow/steps/research/symbols.h"
#include "lode/flow/verb_testing.h"
#include "lode/market/schema.h"
#include "lode/market/test_data.h"
#include "lode/market/universe.h"

namespace lode::flow {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::number_of;
using ::testing::SizeIs;

class UniverseLoad : public testing::Verbs {
 protected:
  std::string file(std::string_view text) {
    const std::string path = fmt::format("{}/list{}.csv", parts.folder, ++files_);
    must(write_file(path, text));
    return path;
  }
  std::string request(const std::string& name, const std::string& path, const std::string& more = "") {
    return fmt::format(R"j({{"name": "{}", "file": "{}"{}}})j", name, path, more);
  }
  Outcome load(const std::string& name, std::string_view text, const std::string& more = R"j(, "mic": "XNYS")j") {
    return good("universe", "load", request(name, file(text), more));
  }
  std::string stays(const std::string& name) {
    return sql(
        fmt::format("select symbol, u.valid_from, u.valid_to from universe u join (select distinct instrument_id, "
                    "symbol from symbols) s using (instrument_id) where name = '{}' order by all",
                    name));
  }
  std::vector<std::string> changes(const std::string& more = "{}") {
    std::vector<std::string> out;
    const Outcome outcome = good("universe", "changes", more);
    for (const Value& row : outcome.data.find("changes")->as_array()) {
      const Value* before = row.find("before");
      out.push_back(fmt::format("{} {} {} {}{}", row.find("on")->as_text(), row.find("where")->as_text(),
                                row.find("kind")->as_text(), row.find("symbol")->as_text(),
                                before->is_null() ? "" : " was " + before->as_text()));
    }
    return out;
  }
  std::int64_t count(const Outcome& outcome, const char* key) { return outcome.data.find(key)->as_int(); }

 private:
  int files_ = 0;
};

TEST_F(UniverseLoad, MembershipThroughTimeIsWhatTheFileSays) {
  import("bars", testing::kBars);
  const Outcome out = load("two", "symbol,from,to\nAAA,2020-01-02,2021-06-30\nAAA,2023-01-03,\nABB,2020-01-02,\n");
  EXPECT_EQ(testing::shape(out.data),
            "{universe,names_ever,members_now,added,ended,voided,kept,without_instrument:[],survivor_biased,commit}");
  EXPECT_EQ(count(out, "names_ever"), 2);
  EXPECT_EQ(count(out, "members_now"), 2);
  EXPECT_EQ(count(out, "added"), 3);
  EXPECT_THAT(out.data.find("without_instrument")->as_array(), IsEmpty());
  EXPECT_EQ(stays("two"), "AAA,2020-01-02,2021-06-30\nAAA,2023-01-03,\nABB,2020-01-02,\n");
}

TEST_F(UniverseLoad, WhoLeavesOnADayToComeIsAMemberAndNoChangeYet) {
  const Outcome out = load("mine",
                           "symbol,from,to\nAAA,2020-01-02,2990-12-30\nBBB,2020-01-02,2021-12-31\n"
                           "CCC,2980-01-02,\nDDD,2020-01-02,\n");
  EXPECT_EQ(count(out, "members_now"), 2);
  const Value listed = good("universe", "list", "{}").data;
  const auto& rows = listed.find("universes")->as_array();
  const auto mine =
      std::ranges::find_if(rows, [](const Value& row) { return row.find("universe")->as_text() == "mine"; });
  ASSERT_NE(mine, rows.end());
  EXPECT_EQ(mine->find("members_now")->as_int(), 2);
  EXPECT_THAT(changes(R"j({"name": "mine"})j"), ::testing::Not(Contains(HasSubstr("29"))));
  EXPECT_THAT(changes(R"j({"name": "mine", "to": "2995-01-01"})j"), Contains("2990-12-31 universe mine removed AAA"));
}

TEST_F(UniverseLoad, TheSameFileAgainChangesNothingAndAnEditedOneOnlyWhatItEdits) {
  import("bars", testing::kBars);
  load("two", "symbol,from,to\nAAA,2020-01-02,2021-06-30\nABB,2020-01-02,\n");
  const Outcome again = load("two", "symbol,from,to\nAAA,2020-01-02,2021-06-30\nABB,2020-01-02,\n");
  EXPECT_TRUE(again.data.find("commit")->is_null());
  EXPECT_THAT(again.text, HasSubstr("nothing changed"));
  EXPECT_EQ(count(again, "kept"), 2);
  const Outcome edited = load("two", "symbol,from,to\nAAA,2020-01-02,2021-07-30\nABB,2020-02-03,\n");
  EXPECT_EQ(count(edited, "added"), 1);
  EXPECT_EQ(count(edited, "ended"), 1);
  EXPECT_EQ(count(edited, "voided"), 1);
  const Outcome back = load("two", "symbol,from,to\nAAA,2020-01-02,2021-06-30\nABB,2020-01-02,\n");
  EXPECT_FALSE(back.data.find("commit")->is_null()) << "the first file once more is an edit now";
  EXPECT_EQ(stays("two"), "AAA,2020-01-02,2021-06-30\nABB,2020-01-02,\nABB,2020-02-03,2020-02-02\n");
  EXPECT_THAT(changes(R"j({"name": "two"})j"), ElementsAre("2021-07-01 universe two removed AAA"));
}

TEST_F(UniverseLoad, AListHoldsFromItsDayOnAndEndsWhoIsNotOnIt) {
  import("bars", testing::kBars);
  load("watch", "AAA\nABB\n", R"j(, "from": "2024-01-02", "mic": "XNYS")j");
  const Outcome out = load("watch", "AAA\nNEW # not traded yet\n", R"j(, "from": "2024-06-03", "mic": "XNYS")j");
  EXPECT_EQ(count(out, "added"), 1);
  EXPECT_EQ(count(out, "ended"), 1);
  EXPECT_EQ(count(out, "kept"), 1);
  EXPECT_EQ(count(out, "members_now"), 2);
  EXPECT_THAT(out.warnings, Contains(HasSubstr("1 of them no instrument of the lake yet: NEW")));
  EXPECT_EQ(stays("watch"), "AAA,2024-01-02,\nABB,2024-01-02,2024-06-02\nNEW,2024-06-03,\n");
  EXPECT_THAT(changes(), ElementsAre("2024-06-03 universe watch added NEW", "2024-06-03 universe watch removed ABB"));
  EXPECT_THAT(changes(R"j({"to": "2024-06-02"})j"), IsEmpty());
}

// Lists come in any order; a late one of an earlier day changes nothing behind the next.
TEST_F(UniverseLoad, AnEarlierListGoesBeforeTheLaterOnes) {
  import("bars", testing::kBars);
  load("watch", "AAA\nMSF\n", R"j(, "from": "2024-01-01", "mic": "XNYS")j");
  load("watch", "AAA\nGOO\n", R"j(, "from": "2024-06-01", "mic": "XNYS")j");
  const Outcome out = load("watch", "AAA\nIBM\n", R"j(, "from": "2023-06-01", "mic": "XNYS")j");
  EXPECT_EQ(count(out, "voided"), 0);
  EXPECT_EQ(count(out, "members_now"), 2);
  EXPECT_THAT(out.warnings, Contains(HasSubstr("this list holds until 2023-12-31")));
  EXPECT_EQ(stays("watch"),
            "AAA,2023-06-01,2023-12-31\nAAA,2024-01-01,\nGOO,2024-06-01,\nIBM,2023-06-01,2023-12-31\n"
            "MSF,2024-01-01,2024-05-31\n");
  // Between two lists: AAA is cut out of the days from March to May, and comes back with the list of June.
  load("watch", "IBM\nMSF\n", R"j(, "from": "2024-03-01", "mic": "XNYS")j");
  EXPECT_EQ(stays("watch"),
            "AAA,2023-06-01,2023-12-31\nAAA,2024-01-01,2024-02-29\nAAA,2024-06-01,\nGOO,2024-06-01,\n"
            "IBM,2023-06-01,2023-12-31\nIBM,2024-03-01,2024-05-31\nMSF,2024-01-01,2024-05-31\n");
  const Outcome again = load("watch", "IBM\nMSF\n", R"j(, "from": "2024-03-01", "mic": "XNYS")j");
  EXPECT_TRUE(again.data.find("commit")->is_null()) << "the same list of the same day changes nothing";
}

TEST_F(UniverseLoad, AListWithoutADayIsTodaysAndSaysSo) {
  import("bars", testing::kBars);
  const Outcome out = load("mine", "AAA\n");
  EXPECT_EQ(out.data.find("universe")->as_text(), "today:mine");
  EXPECT_TRUE(out.data.find("survivor_biased")->as_bool());
  EXPECT_THAT(out.warnings, Contains(HasSubstr("survivor-biased")));
}

TEST_F(UniverseLoad, WhoIsNamedBeforeItsBarsComeIsFoundWhenTheyDo) {
  load("early", "symbol,from\nAAA,2024-01-02\n");
  import("bars", testing::kBars);
  EXPECT_EQ(sql("select count(*) from bars b join universe u using (instrument_id) where u.name = 'early'"), "2\n");
}

TEST_F(UniverseLoad, AnAdjacentStayUnderAnotherSymbolIsARename) {
  // One instrument called FBB to 2022-06-08 and META from the 9th on.
  import("bars",
         "date,symbol,open,high,low,close,volume\n2022-06-07,FBB,10,11,9,10,100\n2022-06-08,FBB,10,11,9,10,100\n");
  const auto lake = must(lake::Lake::open(parts.folder + "/lake", lake::Access::kWrite, parts.clock, parts.pool));
  const std::uint64_t id = instrument_id("XNYS", "FBB").value;
  Batch rows = empty_batch(*find_table("symbols"));
  const auto spell = [&](const char* symbol, Date from, std::optional<Date> to) {
    rows.column("instrument_id").push(id);
    rows.column("naming").push("XNYS");
    rows.column("symbol").push(symbol);
    rows.column("valid_from").push(from);
    to ? rows.column("valid_to").push(*to) : rows.column("valid_to").push_null();
    for (const char* time : {"event_time", "known_time"}) {
      rows.column(time).push(start_of_day(from));
    }
    rows.column("known_assumed").push(true);
    rows.column("source").push("test");
    rows.column("raw_hash").push("00");
    rows.column("raw_line").push(1);
  };
  const Date stored = must(must(lake->snapshot()).read("symbols", {})).rows() == 1
                          ? Date{must(must(lake->snapshot()).read("symbols", {})).column("valid_from").dates()[0]}
                          : Date{};
  spell("FBB", stored, Date::from_civil(2022, 6, 8));
  spell("META", Date::from_civil(2022, 6, 9), {});
  auto writer = must(lake->writer());
  must(writer.append("symbols", rows, parts.clock.now()));
  must(writer.commit("map", "test", Value::object()));

  load("index", "symbol,from,to\nOTHER,2013-01-02,\nFBB,2013-12-23,2022-06-08\nMETA,2022-06-09,\n");
  EXPECT_THAT(changes(R"j({"name": "index"})j"),
              ElementsAre("2013-12-23 universe index added FBB", "2022-06-09 universe index renamed META was FBB"));
  EXPECT_THAT(changes(R"j({"from": "2022-06-09"})j"), ElementsAre("2022-06-09 symbols XNYS renamed META was FBB",
                                                                  "2022-06-09 universe index renamed META was FBB"));
  EXPECT_EQ(number_of(call(
                "universe", "load",
                request("both", file("symbol,from,to\nFBB,2013-12-23,\nMETA,2022-06-09,\n"), R"j(, "mic": "XNYS")j"))),
            E::E2012)
      << "two symbols of one instrument at once";
}

TEST_F(UniverseLoad, ADirectoryIsAUniverseByDay) {
  const auto lake = must(lake::Lake::open(parts.folder + "/lake", lake::Access::kCreate, parts.clock, parts.pool));
  Batch rows = empty_batch(*find_table("listings"));
  Batch events = empty_batch(*find_table("listing_events"));
  const auto provenance = [](Batch& batch, Date from) {
    for (const char* time : {"event_time", "known_time"}) {
      batch.column(time).push(start_of_day(from));
    }
    batch.column("known_assumed").push(false);
    batch.column("source").push("asx-directory");
    batch.column("raw_hash").push("00");
    batch.column("raw_line").push(1);
    for (Column& column : batch.columns()) {
      while (column.size() < batch.column("raw_line").size()) {
        column.push_null();
      }
    }
  };
  const auto listing = [&](const char* symbol, Date from, std::optional<Date> to) {
    rows.column("directory").push("asx");
    rows.column("symbol").push(symbol);
    rows.column("valid_from").push(from);
    to ? rows.column("valid_to").push(*to) : rows.column("valid_to").push_null();
    rows.column("instrument_id").push(instrument_id("XASX", symbol).value);
    rows.column("mic").push("XASX");
    rows.column("name").push(symbol);
    provenance(rows, from);
  };
  const Date first = Date::from_civil(2025, 7, 21);
  listing("CBA", first, first + 3);  // Its description changed: two spells,
  listing("CBA", first + 4, {});     // one membership.
  listing("GONE", first, first + 9);
  events.column("directory").push("asx");
  events.column("event_on").push(first + 10);
  events.column("symbol").push("GONE");
  events.column("kind").push("removed");
  provenance(events, first + 10);
  auto writer = must(lake->writer());
  must(writer.append("listings", rows, parts.clock.now()));
  must(writer.append("listing_events", events, parts.clock.now()));
  must(writer.commit("lists", "test", Value::object()));

  const Outcome out = good("universe", "load", R"j({"name": "asx", "list": "asx"})j");
  EXPECT_EQ(count(out, "names_ever"), 2);
  EXPECT_EQ(count(out, "members_now"), 1);
  EXPECT_EQ(sql("select valid_from, valid_to from universe order by all"), "2025-07-21,2025-07-30\n2025-07-21,\n");
  EXPECT_THAT(changes(R"j({"list": "asx"})j"), ElementsAre("2025-07-31 list asx removed GONE"));
  EXPECT_EQ(number_of(call("universe", "load", R"j({"name": "x", "list": "nyse"})j")), E::E2101);
  EXPECT_EQ(number_of(call("universe", "changes", R"j({"list": "nyse"})j")), E::E2101);
  EXPECT_EQ(number_of(call("universe", "changes", R"j({"name": "nyse"})j")), E::E2103);
}

TEST_F(UniverseLoad, WhatCannotBeIsSaidBeforeAnythingIsStored) {
  import("bars", testing::kBars);
  const std::string good_file = file("symbol,from\nAAA,2024-01-02\n");
  EXPECT_EQ(number_of(call("universe", "load", R"j({"name": "x"})j")), E::E3);
  EXPECT_EQ(number_of(call("universe", "load", request("x", good_file, R"j(, "list": "asx")j"))), E::E4);
  EXPECT_EQ(number_of(call("universe", "load", request("all", good_file))), E::E4);
  EXPECT_EQ(number_of(call("universe", "load", request("x", good_file, R"j(, "from": "2024-01-02")j"))), E::E4);
  EXPECT_EQ(number_of(call("universe", "load", request("x", parts.folder + "/absent.csv"))), E::E8);
  EXPECT_EQ(number_of(call("universe", "load", request("x", good_file, R"j(, "mic": "XNIX")j"))), E::E2019);
  EXPECT_EQ(number_of(call("universe", "load", request("x", file("symbol,from\nA B,2024-01-02\n")))), E::E2010);
  good("universe", "define", R"j({"name": "dear", "formula": "close > 15", "rebalance": "daily"})j");
  EXPECT_EQ(number_of(call("universe", "load", request("dear", good_file))), E::E11);
  import("bars", testing::kBars, "XASX");
  EXPECT_THAT(mistake("universe", "load", request("x", good_file)), HasSubstr("AAA is held on XASX and XNYS"));
  EXPECT_EQ(sql("select count(*) from universe where name = 'x'"), "0\n");
  EXPECT_EQ(number_of(call("universe", "changes", R"j({"from": "2024-02-01", "to": "2024-01-01"})j")), E::E4);
  EXPECT_EQ(number_of(call("universe", "changes", R"j({"name": "dear", "list": "asx"})j")), E::E4);
}

// Without --to the range ends today, and with a first day to come not at all.
TEST_F(UniverseLoad, ChangesToComeAreToldToWhoAsksForThem) {
  import("bars", testing::kBars);
  load("big", "symbol,from,to\nAAA,2024-01-02,2090-01-05\nABB,2024-01-02,\n");
  EXPECT_THAT(changes(R"j({"name": "big"})j"), ElementsAre());
  EXPECT_THAT(changes(R"j({"name": "big", "from": "2089-01-01"})j"),
              ElementsAre("2090-01-06 universe big removed AAA"));
  EXPECT_THAT(changes(R"j({"name": "big", "from": "2089-01-01", "to": "2089-12-31"})j"), ElementsAre());
}

// Members of the real file, replayed from the events: who was added and not removed by a day is a member on it.
TEST_F(UniverseLoad, EventsOfARealIndexReplayToItsMembers) {
  LODE_NEEDS_DATA("sp500-membership");
  const std::string path = test_data("sp500-membership/sp500_ticker_start_end.csv");
  good("universe", "load", request("sp500", path, R"j(, "mic": "XNYS")j"));
  const auto lake = must(lake::Lake::open(parts.folder + "/lake", lake::Access::kRead, parts.clock, parts.pool));
  const lake::Snapshot snapshot = must(lake->snapshot());
  const SymbolList list = must(parse_symbol_list(read_test_data("sp500-membership/sp500_ticker_start_end.csv"), path));
  const Date begin = std::ranges::min_element(list.rows, {}, &ListedSymbol::from)->from.value();
  for (const Date asked : {Date::from_civil(2005, 3, 1), Date::from_civil(2020, 8, 22)}) {
    std::multiset<std::string> members;
    for (const std::string& symbol : symbols_between(list, begin, begin)) {
      members.insert(symbol);
    }
    for (const SymbolChange& one :
         must(symbol_changes(snapshot, {.from = {}, .to = asked, .universe = "sp500", .list = ""}))) {
      if (one.kind == "added") {
        members.insert(one.symbol);
      } else if (one.kind == "removed") {
        members.erase(members.find(one.symbol));
      }
    }
    const std::vector<std::string> wanted = symbols_between(list, asked, asked);
    EXPECT_EQ(members, std::multiset<std::string>(wanted.begin(), wanted.end())) << to_string(asked);
    EXPECT_THAT(members, SizeIs(::testing::AllOf(::testing::Gt(480U), ::testing::Lt(520U))));
  }
}

TEST_F(UniverseLoad, ChangesGoOnTopOfTheMembersThatStand) {
  import("bars", testing::kBars);
  load("index", "AAA\nPCG\n", R"j(, "mic": "XNYS", "from": "2019-01-02")j");
  const Outcome out = load("index", "date,add,remove\n2019-01-18,\"ABB\",\"PCG\"\n2020-03-02,PCG,ABB\n");
  EXPECT_EQ(stays("index"), "AAA,2019-01-02,\nABB,2019-01-18,2020-03-01\nPCG,2019-01-02,2019-01-17\nPCG,2020-03-02,\n");
  EXPECT_EQ(count(out, "voided"), 0);
  EXPECT_EQ(count(out, "members_now"), 2);
  EXPECT_THAT(changes(R"j({"name": "index", "from": "2019-01-18"})j"), SizeIs(4));
}

TEST_F(UniverseLoad, ChangesWithoutMembersAreRefused) {
  import("bars", testing::kBars);
  const std::string path = file("date,add,remove\n2019-01-18,\"ABB\",\"PCG\"\n");
  EXPECT_THAT(mistake("universe", "load", request("none", path, R"j(, "mic": "XNYS")j")),
              HasSubstr("none has no members yet"));
  load("index", "AAA\n", R"j(, "mic": "XNYS", "from": "2019-01-02")j");
  EXPECT_THAT(mistake("universe", "load", request("index", path, R"j(, "mic": "XNYS")j")),
              HasSubstr("PCG leaves index on 2019-01-18 and is no member the day before"));
}

// Instruments that no exchange spells, only a source with dated tickers in lower case.
class RenamedUniverse : public UniverseLoad {
 protected:
  RenamedUniverse() {
    const auto lake = must(open_lake(world, Wanted::kCreate));
    testing::RenamedLake::fill(*lake, world.clock.now());
  }
  std::string members(const std::string& name) {
    return sql(fmt::format(
        "select instrument_id::BIGINT as id, valid_from from universe where name = '{}' order by all", name));
  }
};

TEST_F(RenamedUniverse, FindsWhoBoreTheSymbolOnTheFirstDay) {
  const Outcome out = load("u", "symbol,from,to\nGOOG,2010-01-04,\nWM,2007-01-03,2008-09-26\n", "");
  EXPECT_THAT(out.data.find("without_instrument")->as_array(), IsEmpty());
  EXPECT_EQ(members("u"), "11,2010-01-04\n14,2007-01-03\n");
  load("v", "symbol,from,to\nGOOG,2015-01-02,\nWM,2010-01-04,\n", "");
  EXPECT_EQ(members("v"), "12,2015-01-02\n13,2010-01-04\n");
  EXPECT_EQ(sql("select count(*) from symbols"), "8\n") << "nothing new is spelt";
}

TEST_F(RenamedUniverse, AnExchangeOnlyTellsWhichOfTwoMarketsIsMeant) {
  load("u", "symbol,from,to\nGOOG,2015-01-02,\n", R"j(, "mic": "XNAS")j");
  EXPECT_EQ(members("u"), "12,2015-01-02\n");
  load("w", "symbol,from,to\nWM,2010-01-04,\n", R"j(, "mic": "XNYS")j");
  EXPECT_EQ(members("w"), "13,2010-01-04\n");
}

TEST_F(RenamedUniverse, AnImportedTableFindsTheSame) {
  import("universe", "name,symbol,from,to\nu,GOOG,2015-01-02,\nu,WM,2010-01-04,\n", "");
  EXPECT_EQ(members("u"), "12,2015-01-02\n13,2010-01-04\n");
}

TEST_F(RenamedUniverse, LabelsOfPanelsAreTheNamesOfTheirLastDay) {
  const auto lake = must(open_lake(world, Wanted::kRead));
  const lake::Snapshot snapshot = must(lake->snapshot());
  Axis axis;
  using Lake = testing::RenamedLake;
  axis.instruments = {Lake::kClassA, Lake::kClassC, Lake::kWaste};
  axis.symbols = {"GOOG", "GOOCV", "UW"};
  axis.sessions = {Date::from_civil(2021, 3, 31)};
  EXPECT_THAT(must(symbol_names(snapshot, axis)), ElementsAre("GOOGL", "GOOG", "WM"));
  axis.sessions = {Date::from_civil(2008, 9, 25)};
  EXPECT_THAT(must(symbol_names(snapshot, axis)), ElementsAre("GOOG", "GOOCV", "WMI"));
}

}  // namespace
}  // namespace lode::flow
