// Panels from the lake: gaps, adjustment as of a date, universes, groups, the cache.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels.h"

#include <gmock/gmock.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "lode/io/lake/panels/testing.h"

namespace lode::lake {
namespace {

using testing::missing;
using Panels = testing::MarketTest;

Date day(int d) { return testing::january(d); }

TEST_F(Panels, HoldEverySessionOfTheCalendarAndMissingBarsAreGaps) {
  two_names();
  const PanelSet set = load({.fields = {"close"}});
  EXPECT_THAT(set.axis->sessions, ::testing::ElementsAre(day(2), day(3), day(6), day(7)));
  EXPECT_THAT(set.axis->symbols, ::testing::ElementsAre("AAA", "BBB"));
  const Panel& close = set.panels.at("close");
  EXPECT_EQ(close.at(0, 0), 10);
  EXPECT_TRUE(missing(close.at(2, 0))) << "no bar on the 6th";
  EXPECT_TRUE(missing(close.at(0, 1)));
  EXPECT_EQ(close.at(3, 1), 22);
  EXPECT_THAT(set.universe, ::testing::ElementsAre(1, 0, 1, 1, 0, 1, 1, 1));
}

TEST_F(Panels, WithoutACalendarHaveTheUnionOfDates) {
  add_instruments({{1, "AAA", ""}}, "XXXX");
  add_bars({{1, day(2), 10}, {1, day(4), 11}});
  EXPECT_THAT(load({.fields = {"close"}}).axis->sessions, ::testing::ElementsAre(day(2), day(4)));
}

TEST_F(Panels, AreAdjustedBySplitsKnownByTheReader) {
  two_names();
  add_actions({{1, day(7), "split", 2.0, testing::kMissing, start_of_day(day(7))}});
  const PanelSet now = load({.fields = {"close", "raw_close", "volume"}});
  EXPECT_EQ(now.panels.at("close").at(0, 0), 5);
  EXPECT_EQ(now.panels.at("close").at(3, 0), 13);
  EXPECT_EQ(now.panels.at("raw_close").at(0, 0), 10);
  EXPECT_EQ(now.panels.at("volume").at(0, 0), 2000);
  EXPECT_EQ(now.panels.at("close").at(1, 1), 20) << "another instrument is untouched";
  const PanelSet then = load({.fields = {"close"}, .as_of = end_of_day(day(6))});
  EXPECT_EQ(then.panels.at("close").at(0, 0), 10);
  EXPECT_EQ(then.axis->sessions.back(), day(6)) << "the 7th was not known yet";
  const PanelSet none = load({.fields = {"close"}, .adjust = Adjust::kNone});
  EXPECT_EQ(none.panels.at("close").at(0, 0), 10);
}

TEST_F(Panels, EndingBeforeASplitAreNotAdjustedByIt) {
  two_names();
  add_actions({{1, day(7), "split", 2.0, testing::kMissing, start_of_day(day(7))}});
  EXPECT_EQ(load({.fields = {"close"}, .to = day(6)}).panels.at("close").at(0, 0), 10);
}

TEST_F(Panels, ShowACorrectionToReadersWhoCouldKnowIt) {
  two_names();
  add_bars({{1, day(3), 11.5}});
  EXPECT_EQ(load({.fields = {"close"}}).panels.at("close").at(1, 0), 11.5);
  EXPECT_EQ(load({.fields = {"close"}, .as_of = end_of_day(day(8))}).panels.at("close").at(1, 0), 11);
}

TEST_F(Panels, FollowDatedMembership) {
  two_names();
  add_members({{"few", 2, day(6), day(6)}});
  const PanelSet set = load({.fields = {"close"}, .universe = "few"});
  EXPECT_THAT(set.axis->symbols, ::testing::ElementsAre("BBB"));
  EXPECT_THAT(set.universe, ::testing::ElementsAre(0, 0, 1, 0));
  EXPECT_EQ(set.panels.at("close").at(1, 0), 20) << "prices before membership stay, for windows";
  const auto unknown = load_panels(*lake->snapshot(), {.fields = {"close"}, .universe = "fwe"}, pool);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().number(), E::E2103);
  EXPECT_THAT(unknown.error().hint(), ::testing::HasSubstr("few"));
}

TEST_F(Panels, GroupCodesTakeEffectOnTheirDate) {
  two_names();
  add_groups({{1, "Energy", day(2)}, {1, "Banks", day(6)}});
  const PanelSet set = load({.fields = {"close", "sector"}});
  const GroupPanel& sector = set.groups.at("sector");
  EXPECT_THAT(sector.names, ::testing::ElementsAre("Banks", "Energy"));
  EXPECT_THAT(sector.codes, ::testing::ElementsAre(1, -1, 1, -1, 0, -1, 0, -1));
  const auto absent = load_panels(*lake->snapshot(), {.fields = {"industry"}}, pool);
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().number(), E::E1113);
}

TEST_F(Panels, AbsentFieldsAndEmptyRangesAreNamed) {
  two_names();
  const auto vwap = load_panels(*lake->snapshot(), {.fields = {"vwap"}}, pool);
  ASSERT_FALSE(vwap);
  EXPECT_EQ(vwap.error().number(), E::E1113);
  const auto typo = load_panels(*lake->snapshot(), {.fields = {"clsoe"}}, pool);
  ASSERT_FALSE(typo);
  EXPECT_THAT(typo.error().hint(), ::testing::HasSubstr("close"));
  const auto late = load_panels(*lake->snapshot(), {.fields = {"close"}, .from = Date::from_civil(2021, 1, 1)}, pool);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().number(), E::E2101);
  EXPECT_EQ(late.error().message(), "no bars of universe all between 2021-01-01 and the end");
  EXPECT_THAT(late.error().note(), ::testing::StartsWith("the lake has bars from "));
  EXPECT_THAT(late.error().hint(), ::testing::StartsWith("choose dates inside: --from "));
  EXPECT_THAT(
      *available_fields(*lake->snapshot()),
      ::testing::ElementsAre("open", "high", "low", "close", "volume", "raw_open", "raw_high", "raw_low", "raw_close"));
}

TEST_F(Panels, OfAnEmptyLakeSayWhatToDo) {
  add_instruments({{1, "AAA", ""}});
  const auto none = load_panels(*lake->snapshot(), {.fields = {"close"}}, pool);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().number(), E::E2101);
  EXPECT_THAT(none.error().hint(), ::testing::HasSubstr("lode data import"));
}

std::vector<std::filesystem::path> cache_files(const std::string& folder) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder + "/panels")) {
    if (entry.path().extension() == ".panel") {
      found.push_back(entry.path());
    }
  }
  return found;
}

TEST_F(Panels, FromTheCacheHaveTheSameBitsAndADamagedCacheIsRebuilt) {
  two_names();
  const PanelSet fresh = load({.fields = {"close"}});
  const std::vector<std::filesystem::path> files = cache_files(folder);
  ASSERT_EQ(files.size(), 1U);
  const PanelSet mapped = load({.fields = {"close"}});
  EXPECT_EQ(mapped.panels.at("close").at(3, 0), fresh.panels.at("close").at(3, 0));
  {
    std::fstream file(files[0], std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(4096 + 3);
    file.put('\x55');
  }
  std::filesystem::last_write_time(  // The kernel's tick is coarse.
      files[0], std::filesystem::last_write_time(files[0]) + std::chrono::seconds(1));
  const PanelSet rebuilt = load({.fields = {"close"}});
  EXPECT_EQ(rebuilt.panels.at("close").at(0, 0), 10);
  std::filesystem::resize_file(files[0], 5000);
  EXPECT_EQ(load({.fields = {"close"}}).panels.at("close").at(0, 0), 10);
}

TEST_F(Panels, ANewCommitIsSeenThroughAnOldCache) {
  two_names();
  load({.fields = {"close"}});
  add_bars({{1, day(6), 12}});
  EXPECT_EQ(load({.fields = {"close"}}).panels.at("close").at(2, 0), 12);
}

TEST_F(Panels, InF32AreRoundedOnce) {
  two_names();
  add_bars({{1, day(6), 0.1}});
  const PanelSet set = load({.fields = {"close"}, .precision = Precision::kFloat32});
  EXPECT_EQ(set.panels.at("close").row32(2)[0], 0.1F);
}

TEST_F(Panels, LeaveIndicesOutOfEveryUniverse) {
  add_instruments({{1, "AAA", ""}, {2, "^SPX", "index"}, {3, "CCC", "etf"}});
  add_bars({{1, day(2), 10}, {2, day(2), 3000}, {3, day(2), 30}, {1, day(3), 11}, {2, day(3), 3001}, {3, day(3), 31}});
  const PanelSet set = load({.fields = {"close"}});
  EXPECT_THAT(set.axis->symbols, ::testing::ElementsAre("AAA", "CCC"));
  EXPECT_THAT(testing::column(set.panels.at("close"), 1), ::testing::ElementsAre(30, 31));
  EXPECT_THAT(set.universe, ::testing::ElementsAre(1, 1, 1, 1));
}

TEST_F(Panels, CutToDatesHaveTheRowsAndNamesOfThoseDates) {
  add_instruments({{1, "AAA", ""}, {2, "BBB", ""}});
  add_bars({{1, day(2), 10}, {1, day(3), 11}, {2, day(6), 21}, {2, day(7), 22}});
  const PanelSet set = load({.fields = {"close"}, .from = day(4), .to = day(6)});
  EXPECT_THAT(set.axis->sessions, ::testing::ElementsAre(day(6)));
  EXPECT_THAT(set.axis->symbols, ::testing::ElementsAre("BBB")) << "AAA had left before";
  EXPECT_EQ(set.panels.at("close").at(0, 0), 21);
}

TEST_F(Panels, SayWhereADelistedNameEndedAndWhatItReturned) {
  add_instruments({{1, "AAA", "", day(6), -0.4}, {2, "BBB", "", day(3)}, {3, "CCC", ""}});
  add_bars({{1, day(2), 10}, {1, day(3), 11}, {2, day(2), 20}, {2, day(3), 21}, {3, day(2), 30}, {3, day(7), 31}});
  const PanelSet set = load({.fields = {"close"}});
  EXPECT_THAT(set.delisted_row, ::testing::ElementsAre(1, 1, -1)) << "the last bar, not the day of the delisting";
  EXPECT_EQ(set.delisting_return[0], -0.4);
  EXPECT_TRUE(missing(set.delisting_return[1]));
  const PanelSet before = load({.fields = {"close"}, .to = day(3)});
  EXPECT_EQ(before.delisted_row[0], -1) << "it was still listed on the 3rd";
  EXPECT_EQ(before.delisted_row[1], 1);
}

TEST_F(Panels, ApplyNoDelistingThatBarsOutlive) {
  add_instruments({{1, "AAA", "", day(3), -0.4}, {2, "BBB", "", day(3), -0.5}, {3, "CCC", ""}});
  add_bars({{1, day(2), 10}, {1, day(3), 11}, {1, day(6), 12}, {2, day(2), 20}, {2, day(3), 21}, {3, day(7), 31}});
  const PanelSet set = load({.fields = {"close"}});
  EXPECT_THAT(set.delisted_row, ::testing::ElementsAre(-1, 1, -1));
  EXPECT_TRUE(missing(set.delisting_return[0])) << "from which price would it be?";
  EXPECT_EQ(set.delisting_return[1], -0.5);
  EXPECT_EQ(set.panels.at("close").at(2, 0), 12) << "no bar is hidden";
  ASSERT_EQ(set.outlived.size(), 1U);
  EXPECT_EQ(set.outlived[0].symbol, "AAA");
  EXPECT_EQ(set.outlived[0].delisted_on, day(3));
  EXPECT_EQ(set.outlived[0].last, day(6));
}

TEST_F(Panels, JudgeADelistingByAllItsBarsNotByThoseOfTheRange) {
  add_instruments({{1, "AAA", "", day(3), -0.4}, {2, "BBB", ""}});
  add_bars({{1, day(2), 10}, {1, day(3), 11}, {1, day(7), 12}, {2, day(2), 20}, {2, day(6), 21}});
  const PanelSet until = load({.fields = {"close"}, .to = day(6)});
  EXPECT_EQ(until.delisted_row[0], -1);
  EXPECT_EQ(until.outlived.size(), 1U);
  const PanelSet before = load({.fields = {"close"}, .to = day(2)});
  EXPECT_THAT(before.outlived, ::testing::IsEmpty()) << "nothing of it lies in this range";
}

TEST_F(Panels, KnowWhenTheSourceAdjustedThePrices) {
  add_instruments({{1, "AAA", ""}, {2, "BBB", "", {}, testing::kMissing, true}});
  add_bars({{1, day(2), 10}, {1, day(3), 11}});
  EXPECT_FALSE(load({.fields = {"close"}}).adjusted_by_source) << "BBB has no bar, so it is in no panel";
  add_bars({{2, day(3), 20}});
  EXPECT_TRUE(load({.fields = {"close"}}).adjusted_by_source);
}

TEST_F(Panels, OfAUniverseFromALaterListAreSurvivorBiased) {
  two_names();
  add_members({{"today:two", 1, day(2)}, {"plain", 1, day(2)}});
  EXPECT_TRUE(load({.fields = {"close"}, .universe = "today:two"}).survivor_biased);
  EXPECT_FALSE(load({.fields = {"close"}, .universe = "plain"}).survivor_biased);
}

TEST_F(Panels, DeriveVwapFromAmountAndVolumeAndNeverFromVolumeZero) {
  add_instruments({{1, "AAA", ""}});
  Batch batch = testing::bars({{1, day(2), 10}, {1, day(3), 11}, {1, day(6), 12}});
  batch.remove("amount");
  batch.remove("volume");
  batch.add(Column::float64("amount", {10500.0, 500.0, testing::kMissing}));
  batch.add(Column::float64("volume", {1000.0, 0.0, 1000.0}));
  std::vector<Column> ordered;
  for (const ColumnSpec& spec : find_table("bars")->columns) {
    ordered.push_back(batch.column(spec.name));
  }
  append("bars", Batch(std::move(ordered)));
  add_actions({{1, day(6), "split", 2.0}});
  const PanelSet set = load({.fields = {"vwap", "amount"}});
  EXPECT_EQ(set.panels.at("vwap").at(0, 0), 5.25) << "adjusted as a price";
  EXPECT_EQ(set.panels.at("amount").at(0, 0), 10500.0) << "money is never adjusted";
  EXPECT_TRUE(missing(set.panels.at("vwap").at(1, 0)));
  EXPECT_TRUE(missing(set.panels.at("vwap").at(2, 0)));
  EXPECT_EQ(load({.fields = {"vwap"}, .adjust = Adjust::kNone}).panels.at("vwap").at(0, 0), 10.5);
}

TEST_F(Panels, AreTheSameBitsForAnyNumberOfThreads) {
  std::vector<testing::InstrumentLine> names;
  std::vector<testing::BarLine> lines;
  for (std::uint64_t id = 1; id <= 40; ++id) {
    names.push_back({id, "N" + std::to_string(id), ""});
    for (int year = 2015; year < 2020; ++year) {
      lines.push_back(
          {id, Date::from_civil(year, 3, 2 + static_cast<int>(id) % 5), static_cast<double>(id) + year / 7.0});
    }
  }
  add_instruments(names, "XXXX");
  add_bars(lines);
  add_actions({{3, Date::from_civil(2018, 1, 1), "split", 3.0},
               {7, Date::from_civil(2018, 1, 1), "dividend", testing::kMissing, 1.0}});
  const PanelSet two = load({.fields = {"close", "volume"}});
  lake.reset();
  std::filesystem::remove_all(folder + "/panels");
  Pool one(1);
  const auto alone = *Lake::open(folder, Access::kRead, clock, one);
  const PanelSet set = *load_panels(*alone->snapshot(), {.fields = {"close", "volume"}}, one);
  EXPECT_EQ(set.universe, two.universe);
  for (const char* field : {"close", "volume"}) {
    for (std::size_t row = 0; row < set.axis->rows(); ++row) {
      const auto a = set.panels.at(field).row64(row);
      const auto b = two.panels.at(field).row64(row);
      EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size_bytes()), 0) << field << " row " << row;
    }
  }
}

TEST_F(Panels, CarryTheirLineage) {
  two_names();
  add_actions({{1, day(7), "split", 2.0}, {2, day(6), "split", -1.0}});
  const PanelSet set = load({.fields = {"raw_close", "close"}});
  ASSERT_EQ(set.lineage.size(), 2U);
  EXPECT_EQ(set.lineage[0].actions_applied, 0) << "raw prices have none";
  EXPECT_EQ(set.lineage[1].actions_applied, 1);
  EXPECT_THAT(set.lineage[1].action_faults, ::testing::ElementsAre(::testing::StartsWith("BBB 2020-01-06 split: ")));
  EXPECT_THAT(set.lineage[1].parts, ::testing::ElementsAre(::testing::StartsWith("tables/bars/year=2020/")));
  EXPECT_EQ(set.lineage[1].commit, set.commit);
}

}  // namespace
}  // namespace lode::lake
