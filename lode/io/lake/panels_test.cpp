// Panels from the lake: gaps, adjustment as of a date, universes, groups, the cache.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "lode/io/lake/testing.h"

namespace lode::lake {
namespace {

Date day(int d) { return Date::from_civil(2020, 1, d); }
bool missing(double value) { return value != value; }

// Instruments 1 and 2 on XNYS; 2020-01-02, 03, 06, 07 are sessions, 04 and 05 a weekend.
class Panels : public testing::LakeTest {
 protected:
  Panels() : lake(open()) {}

  void append(const char* table, Batch batch, const std::string& token) {
    auto writer = *lake->writer();
    auto outcome = writer.append(table, std::move(batch), clock.now());
    ASSERT_TRUE(outcome) << render(outcome.error());
    ASSERT_TRUE(writer.commit(token, "test", Value::object()));
  }

  void provenance(Batch& batch, Time known, std::int64_t line) {
    batch.column("event_time").push(known);
    batch.column("known_time").push(known);
    batch.column("known_assumed").push(true);
    batch.column("source").push("test");
    batch.column("raw_hash").push("00");
    batch.column("raw_line").push(line);
  }

  void instruments(const std::vector<std::pair<std::uint64_t, std::string>>& list, const char* mic = "XNYS") {
    Batch batch = empty_batch(*find_table("instruments"));
    std::int64_t line = 1;
    for (const auto& [id, symbol] : list) {
      batch.column("instrument_id").push(id);
      batch.column("mic").push(mic);
      batch.column("symbol").push(std::string_view(symbol));
      for (const char* name : {"kind", "currency", "name", "listed_on", "delisted_on", "delisting_return", "country",
                               "share_class", "cik", "isin", "figi"}) {
        batch.column(name).push_null();
      }
      batch.column("adjusted_by_source").push(false);
      provenance(batch, Time{0}, line++);
    }
    append("instruments", std::move(batch), "instruments");
  }

  void split(std::uint64_t id, Date ex, double ratio, Time known) {
    Batch batch = empty_batch(*find_table("actions"));
    batch.column("instrument_id").push(id);
    batch.column("ex_date").push(ex);
    batch.column("kind").push("split");
    batch.column("sequence").push(std::int64_t{0});
    batch.column("ratio").push(ratio);
    for (const char* name : {"amount", "currency", "pay_date", "declared_on"}) {
      batch.column(name).push_null();
    }
    provenance(batch, known, 1);
    append("actions", std::move(batch), "split" + to_string(ex));
  }

  PanelSet load(PanelRequest request) {
    auto set = load_panels(*lake->snapshot(), request, pool);
    EXPECT_TRUE(set) << (set ? "" : render(set.error()));
    return set ? std::move(*set) : PanelSet();
  }

  void two_names() {
    instruments({{1, "AAA"}, {2, "BBB"}});
    append("bars", testing::bars({{1, day(2), 10}, {1, day(3), 11}, {1, day(7), 13}, {2, day(3), 20}, {2, day(6), 21},
                                  {2, day(7), 22}}),
           "bars");
  }

  std::unique_ptr<Lake> lake;
};

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
  instruments({{1, "AAA"}}, "XXXX");
  append("bars", testing::bars({{1, day(2), 10}, {1, day(4), 11}}), "bars");
  EXPECT_THAT(load({.fields = {"close"}}).axis->sessions, ::testing::ElementsAre(day(2), day(4)));
}

TEST_F(Panels, AreAdjustedBySplitsKnownByTheReader) {
  two_names();
  split(1, day(7), 2.0, start_of_day(day(7)));
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
  split(1, day(7), 2.0, start_of_day(day(7)));
  EXPECT_EQ(load({.fields = {"close"}, .to = day(6)}).panels.at("close").at(0, 0), 10);
}

TEST_F(Panels, ShowACorrectionToReadersWhoCouldKnowIt) {
  two_names();
  append("bars", testing::bars({{1, day(3), 11.5}}), "correction");
  EXPECT_EQ(load({.fields = {"close"}}).panels.at("close").at(1, 0), 11.5);
  EXPECT_EQ(load({.fields = {"close"}, .as_of = end_of_day(day(8))}).panels.at("close").at(1, 0), 11);
}

TEST_F(Panels, FollowDatedMembership) {
  two_names();
  Batch batch = empty_batch(*find_table("universe"));
  batch.column("name").push("few");
  batch.column("instrument_id").push(std::uint64_t{2});
  batch.column("valid_from").push(day(6));
  batch.column("valid_to").push(day(6));
  provenance(batch, Time{0}, 1);
  append("universe", std::move(batch), "universe");
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
  Batch batch = empty_batch(*find_table("groups"));
  for (const auto& [from, sector] : {std::pair(day(2), "Energy"), std::pair(day(6), "Banks")}) {
    batch.column("instrument_id").push(std::uint64_t{1});
    batch.column("scheme").push("user:test");
    batch.column("sector").push(sector);
    batch.column("industry").push_null();
    batch.column("subindustry").push_null();
    batch.column("valid_from").push(from);
    batch.column("valid_to").push_null();
    provenance(batch, Time{0}, 1);
  }
  append("groups", std::move(batch), "groups");
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
  EXPECT_THAT(*available_fields(*lake->snapshot()),
              ::testing::ElementsAre("open", "high", "low", "close", "volume", "raw_open", "raw_high", "raw_low", "raw_close"));
}

TEST_F(Panels, OfAnEmptyLakeSayWhatToDo) {
  instruments({{1, "AAA"}});
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
  const PanelSet rebuilt = load({.fields = {"close"}});
  EXPECT_EQ(rebuilt.panels.at("close").at(0, 0), 10);
  std::filesystem::resize_file(files[0], 5000);
  EXPECT_EQ(load({.fields = {"close"}}).panels.at("close").at(0, 0), 10);
}

TEST_F(Panels, ANewCommitIsSeenThroughAnOldCache) {
  two_names();
  load({.fields = {"close"}});
  append("bars", testing::bars({{1, day(6), 12}}), "more");
  EXPECT_EQ(load({.fields = {"close"}}).panels.at("close").at(2, 0), 12);
}

TEST_F(Panels, InF32AreRoundedOnce) {
  two_names();
  append("bars", testing::bars({{1, day(6), 0.1}}), "more");
  const PanelSet set = load({.fields = {"close"}, .precision = Precision::kFloat32});
  EXPECT_EQ(set.panels.at("close").row32(2)[0], 0.1F);
}

}  // namespace
}  // namespace lode::lake
