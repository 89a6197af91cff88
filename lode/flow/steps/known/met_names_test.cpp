// A feed that only meets an instrument moves nothing of what is known of it, in whatever order its sessions come.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/known/met_names.h"

#include <gmock/gmock.h>

#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/collect/gather.h"
#include "lode/flow/steps/collect/testing.h"
#include "lode/flow/verb_testing.h"
#include "lode/io/source/parts/price_rows.h"
#include "lode/io/source/parts/stored_zip.h"

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using Entry = source::FeedNames::Entry;

Date day(const char* text) { return must(parse_date(text)); }

Entry met(const char* first, const char* currency = "USD", const char* spelling = "AAA") {
  return {instrument_id("XNYS", "AAA"), "XNYS", "AAA", spelling, currency, day(first), day(first)};
}

class MetNames : public testing::Verbs {
 protected:
  // Each entry is an answer of its own; all of them one commit. Gives how many rows were new.
  std::int64_t store(const std::vector<Entry>& entries, const char* naming = "feed") {
    parts.clock.advance(kNanosPerDay);
    const auto lake = must(open_lake(world, Wanted::kCreate));
    std::vector<source::Parsed> answers(entries.size());
    std::vector<source::Parsed*> all;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      source::FeedNames names(naming, "equity");
      names.add(entries[i]);
      names.finish({naming, "hash"}, parts.clock.now(), answers[i]);
      all.push_back(&answers[i]);
    }
    must(settle_met(must(lake->snapshot()), all));
    lake::Writer writer = must(lake->writer());
    Gather gather(writer);
    for (source::Parsed& answer : answers) {
      for (source::TableRows& table : answer.tables) {
        must(gather.add(std::move(table), parts.clock.now(), "https://feed.example"));
      }
    }
    must(gather.finish());
    must(writer.commit("names " + std::to_string(++commits_), "data fetch", Value()));
    std::int64_t kept = 0;
    for (const auto& [table, count] : gather.counts()) {
      EXPECT_EQ(count.set_aside, 0);
      kept += count.kept;
    }
    return kept;
  }
  std::vector<std::string> cells(std::string_view table, const std::vector<std::string>& columns) {
    const auto lake = must(open_lake(world, Wanted::kRead));
    const Batch rows = must(must(lake->snapshot()).read(table, {.columns = columns}));
    std::vector<std::string> out;
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      std::vector<std::string> texts;
      for (const std::string& column : columns) {
        texts.push_back(rows.column(column).cell(row));
      }
      out.push_back(join(texts, " "));
    }
    return out;
  }
  std::vector<std::string> listed() { return cells("instruments", {"listed_on"}); }
  std::vector<std::string> spells() { return cells("symbols", {"naming", "symbol", "valid_from", "valid_to"}); }

 private:
  int commits_ = 0;
};

TEST_F(MetNames, AReaderOfLaterDaysMovesNothing) {
  EXPECT_EQ(store({met("2022-03-15")}), 2);
  EXPECT_EQ(store({met("2022-03-17"), met("2022-03-16")}), 0);
  EXPECT_THAT(listed(), ElementsAre("2022-03-15"));
  EXPECT_THAT(spells(), ElementsAre("feed AAA 2022-03-15 "));
}

TEST_F(MetNames, AnEarlierDayBeginsASpellThatEndsBeforeTheNext) {
  store({met("2022-03-15")});
  EXPECT_EQ(store({met("2022-03-11")}), 2);
  EXPECT_THAT(listed(), ElementsAre("2022-03-11"));
  EXPECT_THAT(spells(), ElementsAre("feed AAA 2022-03-11 2022-03-14", "feed AAA 2022-03-15 "));
  EXPECT_EQ(store({met("2022-03-14"), met("2022-03-11"), met("2022-03-18")}), 0);
  Entry gone = met("2022-03-16");
  gone.last = day("2022-03-18");
  gone.is_gone = true;
  store({gone});
  EXPECT_THAT(spells(), ElementsAre("feed AAA 2022-03-11 2022-03-14", "feed AAA 2022-03-15 2022-03-18"));
}

// In one commit as in many, the same in any order.
TEST_F(MetNames, AnswersOfOneCommitSeeEachOther) {
  store({met("2022-03-15"), met("2022-03-17"), met("2022-03-11"), met("2022-03-16")});
  EXPECT_THAT(listed(), ElementsAre("2022-03-11"));
  EXPECT_THAT(spells(), ElementsAre("feed AAA 2022-03-11 2022-03-14", "feed AAA 2022-03-15 "));
}

TEST_F(MetNames, TwoFeedsDoNotFight) {
  store({met("2022-03-15")}, "one");
  EXPECT_EQ(store({met("2022-03-16", "")}, "two"), 1) << "a spelling of its own, and nothing else";
  EXPECT_EQ(store({met("2022-03-17")}, "one"), 0);
  EXPECT_THAT(cells("instruments", {"listed_on", "currency"}), ElementsAre("2022-03-15 USD"));
  EXPECT_THAT(spells(), ElementsAre("one AAA 2022-03-15 ", "two AAA 2022-03-16 "));
}

TEST_F(MetNames, WhatIsToldStands) {
  Entry told = met("1980-12-12");
  told.is_told = true;
  store({told}, "list");
  EXPECT_EQ(store({met("2022-03-15")}), 1);
  EXPECT_THAT(listed(), ElementsAre("1980-12-12"));
  told.first = day("1981-01-02");
  store({told}, "list");
  EXPECT_THAT(listed(), ElementsAre("1981-01-02")) << "a list may correct itself";
}

// Bars of a file have no first day of trading: the first session of a feed is none either.
TEST_F(MetNames, AnInstrumentOfAFileKeepsWhatTheFileSaid) {
  import("instruments", "symbol,kind,name,cik\nAAA,etf,Fund of A,0000000001\n");
  store({met("2022-03-15")});
  EXPECT_THAT(cells("instruments", {"kind", "name", "cik", "listed_on", "currency"}),
              ElementsAre("etf Fund of A 0000000001  USD"));
}

// A LEAN folder of trades and quotes a day, fetched by two sources, with a revert between.
TEST(CollectedNames, ARevertAndASecondSourceMoveNoFirstDay) {
  CollectWorld world;
  const std::string folder = world.test.folder + "/lean";
  must(world.test.config.merge_flag("lean.base_url", "file://" + folder, "test"));
  const auto fetch = [&](const char* source, const char* session) {
    source::FetchRequest asked = named({"ibm"});
    asked.kinds = {"minute"};
    asked.from = asked.to = day(session);
    const std::string path = world.planned(source, asked).at(0).substr(std::string("file://").size());
    must(lake::make_folders(std::filesystem::path(path).parent_path().string()));
    const bool is_quote = std::string(source) == "lean-quotes";
    const std::string five = "100000,100000,100000,100000,";
    must(lake::write_durably(
        path, source::stored_zip("x.csv", "34200000," + five + (is_quote ? "5," + five : std::string()) + "5\n")));
    EXPECT_EQ(exit_of(must(world.fetch(source, asked))), 0) << source << " " << session;
    world.test.clock.advance(kNanosPerDay);
    return world.cells("instruments", {"listed_on"}).at(0);
  };
  EXPECT_EQ(fetch("lean", "2013-10-07"), "2013-10-07");
  EXPECT_EQ(fetch("lean-quotes", "2013-10-08"), "2013-10-07");
  EXPECT_EQ(fetch("lean", "2013-10-09"), "2013-10-07");
  const auto commits = must(world.lake()->commits());
  must(world.lake()->revert(commits.back().id));
  EXPECT_EQ(fetch("lean", "2013-10-10"), "2013-10-07");
  EXPECT_EQ(fetch("lean-quotes", "2013-10-11"), "2013-10-07");
  EXPECT_THAT(world.cells("symbols", {"symbol", "valid_from", "valid_to"}), ElementsAre("ibm 2013-10-07 "));
}

}  // namespace
}  // namespace lode::flow
