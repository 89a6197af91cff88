// Frames and their cache: who is there when, and files that are damaged, cut, forged or cannot be written.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/frame.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "lode/io/lake/files.h"
#include "lode/io/lake/panels/daily.h"
#include "lode/io/lake/panels/frame_cache.h"
#include "lode/io/lake/panels/testing.h"

namespace lode::lake {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::january;

class Frames : public testing::MarketTest {
 protected:
  Frame frame(std::optional<Time> as_of = {}) { return *read_frame(*lake->snapshot(), as_of); }
  std::string file(const Frame& of) { return folder + "/panels/" + of.key + "/frame"; }

  static void expect_same(const CachedFrame& cached, const Frame& frame) {
    EXPECT_EQ(cached.axis->sessions, frame.axis->sessions);
    EXPECT_EQ(cached.axis->times, frame.axis->times);
    EXPECT_EQ(cached.axis->instruments, frame.axis->instruments);
    EXPECT_EQ(cached.axis->symbols, frame.axis->symbols);
    ASSERT_EQ(cached.facts.size(), frame.facts.size());
    for (std::size_t i = 0; i < frame.facts.size(); ++i) {
      EXPECT_EQ(cached.facts[i].symbol, frame.facts[i].symbol);
      EXPECT_EQ(cached.facts[i].mic, frame.facts[i].mic);
      EXPECT_EQ(cached.facts[i].is_index, frame.facts[i].is_index);
      EXPECT_EQ(cached.facts[i].adjusted_by_source, frame.facts[i].adjusted_by_source);
      EXPECT_EQ(cached.facts[i].first, frame.facts[i].first);
      EXPECT_EQ(cached.facts[i].last, frame.facts[i].last);
      EXPECT_EQ(cached.facts[i].delisted_on, frame.facts[i].delisted_on);
    }
  }
};

TEST_F(Frames, KnowFirstAndLastBarOfEachInstrumentAcrossYears) {
  add_instruments({{1, "AAA", ""}, {2, "BBB", "index", january(9), -0.5, true}});
  add_bars({{1, Date::from_civil(2018, 7, 2), 1}, {1, january(3), 2}, {2, Date::from_civil(2019, 7, 1), 3}});
  const Frame found = frame();
  ASSERT_EQ(found.facts.size(), 2U);
  EXPECT_EQ(found.facts[0].first, Date::from_civil(2018, 7, 2));
  EXPECT_EQ(found.facts[0].last, january(3));
  EXPECT_EQ(found.facts[1].first, Date::from_civil(2019, 7, 1));
  EXPECT_TRUE(found.facts[1].is_index);
  EXPECT_TRUE(found.facts[1].adjusted_by_source);
  EXPECT_EQ(found.facts[1].delisted_on, january(9));
  EXPECT_EQ(found.facts[1].delisting_return, -0.5);
  EXPECT_EQ(found.axis->sessions.front(), Date::from_civil(2018, 7, 2));
  EXPECT_GT(found.axis->rows(), 370U) << "the calendar's sessions between stand too";
}

TEST_F(Frames, OfUnsortedRowsAndOfIntradayBarsCountDailyOnesOnly) {
  add_instruments({{1, "AAA", ""}, {2, "BBB", ""}}, "XXXX");
  Batch minutes = testing::bars({{2, january(9), 5}});
  minutes.remove("interval_seconds");
  minutes.add(Column::int64("interval_seconds", {60}));
  std::vector<Column> ordered;
  for (const ColumnSpec& spec : find_table("bars")->columns) {
    ordered.push_back(minutes.column(spec.name));
  }
  append("bars", Batch(std::move(ordered)));
  add_bars({{1, january(7), 1}});
  add_bars({{1, january(2), 1}, {2, january(3), 1}});
  const Frame found = frame();
  EXPECT_THAT(found.axis->sessions, ElementsAre(january(2), january(3), january(7)));
  EXPECT_EQ(found.facts[0].last, january(7));
  EXPECT_EQ(found.facts[1].last, january(3)) << "the bar of the 9th lasts a minute";
}

TEST_F(Frames, AnInstrumentThatNobodyDescribedStillHasItsColumn) {
  add_bars({{5, january(2), 1}});
  const Frame found = frame();
  ASSERT_EQ(found.facts.size(), 1U);
  EXPECT_EQ(found.facts[0].symbol, "");
  EXPECT_FALSE(found.facts[0].delisted_on);
  EXPECT_TRUE(testing::missing(found.facts[0].delisting_return));
}

TEST_F(Frames, OfThePastHaveTheirOwnKeyAndAreNotCached) {
  two_names();
  const Frame now = frame();
  const Frame past = frame(end_of_day(january(3)));
  EXPECT_NE(now.key, past.key);
  EXPECT_EQ(past.axis->sessions.back(), january(3));
  EXPECT_TRUE(fs::exists(file(now)));
  EXPECT_FALSE(fs::exists(file(past)));
  EXPECT_EQ(frame(end_of_day(january(20))).key, now.key) << "an as_of that hides nothing is the present";
}

TEST_F(Frames, OfThePastAndOfNowDoNotLeakIntoEachOther) {
  two_names();
  add_instruments({{1, "AAA", "", january(6), -0.5, false, end_of_day(january(6))}});  // A later import says more.
  for (const bool past_first : {true, false}) {
    std::filesystem::remove_all(folder + "/panels");
    const Time before = end_of_day(january(3));
    std::vector<std::optional<Time>> order = {before, std::nullopt};
    if (!past_first) {
      std::swap(order[0], order[1]);
    }
    for (const std::optional<Time>& as_of : order) {
      const Frame found = frame(as_of);
      EXPECT_EQ(found.facts[0].delisted_on.has_value(), !as_of) << past_first;
      EXPECT_EQ(testing::missing(found.facts[0].delisting_return), as_of.has_value()) << past_first;
    }
  }
}

TEST_F(Frames, AFactThatHidesWhereNoBarDoesHasItsOwnKey) {
  add_instruments({{1, "AAA", ""}});
  add_bars({{1, january(2), 10}, {1, january(3), 11}});
  add_actions({{1, january(9), "delisting", testing::kMissing, -0.25, end_of_day(january(9))}});
  const Frame past = frame(end_of_day(january(8)));
  EXPECT_FALSE(past.facts[0].delisted_on);
  const Frame now = frame();
  EXPECT_NE(past.key, now.key);
  EXPECT_EQ(now.facts[0].delisted_on, january(9));
  EXPECT_EQ(now.facts[0].delisting_return, -0.25);
  EXPECT_FALSE(frame(end_of_day(january(8))).facts[0].delisted_on);
}

TEST_F(Frames, ShowWhoAnInstrumentIsEvenBeforeItsDescriptionWasImported) {
  add_instruments({{1, "AAA", "index", {}, testing::kMissing, false, end_of_day(january(7))}});
  add_bars({{1, january(2), 10}, {1, january(7), 11}});
  const Frame past = frame(end_of_day(january(3)));
  EXPECT_EQ(past.facts[0].symbol, "AAA");
  EXPECT_EQ(past.facts[0].mic, "XNYS");
  EXPECT_TRUE(past.facts[0].is_index);
  EXPECT_THAT(past.axis->symbols, ElementsAre("AAA"));
}

TEST_F(Frames, ComeBackFromTheirFileWithTheSameContent) {
  add_instruments({{1, "AAA", ""}, {2, "BBB", "index", january(9), -0.5, true}});
  add_bars({{1, january(2), 1}, {2, january(3), 3}});
  const Frame made = frame();
  const std::optional<CachedFrame> cached = load_frame(file(made));
  ASSERT_TRUE(cached);
  expect_same(*cached, made);
  EXPECT_TRUE(testing::missing(cached->facts[0].delisting_return));
  EXPECT_EQ(cached->facts[1].delisting_return, -0.5);
}

TEST_F(Frames, ADamagedOrCutFileIsRemovedAndMadeAgain) {
  two_names();
  const Frame made = frame();
  const std::string whole = *read_file(file(made));
  for (const std::size_t place : {std::size_t{0}, std::size_t{9}, whole.size() / 2, whole.size() - 1}) {
    std::string damaged = whole;
    damaged[place] = static_cast<char>(damaged[place] ^ 0x40);
    std::ofstream(file(made), std::ios::binary) << damaged;
    EXPECT_FALSE(load_frame(file(made))) << "byte " << place;
    EXPECT_FALSE(fs::exists(file(made)));
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{30}, whole.size() - 1}) {
    std::ofstream(file(made), std::ios::binary) << whole.substr(0, size);
    EXPECT_FALSE(load_frame(file(made))) << size << " bytes";
  }
  std::ofstream(file(made), std::ios::binary) << whole.substr(0, 40);
  expect_same({frame().axis, frame().facts}, made);
  EXPECT_EQ(*read_file(file(made)), whole) << "the same bytes again";
}

TEST_F(Frames, AnAbsentFileIsNoFrame) { EXPECT_FALSE(load_frame(folder + "/nowhere/frame")); }

TEST_F(Frames, OnlyTheNewestCachesAreKept) {
  add_instruments({{1, "AAA", ""}}, "XXXX");
  std::string oldest;
  for (int d = 1; d <= 6; ++d) {
    add_bars({{1, january(d), 1.0 * d}});
    const std::string key = frame().key;
    oldest = d == 1 ? key : oldest;
  }
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(folder + "/panels")) {
    count += entry.is_directory() ? 1 : 0;
  }
  EXPECT_EQ(count, 3U);
  EXPECT_FALSE(fs::exists(folder + "/panels/" + oldest));
  EXPECT_TRUE(fs::exists(file(frame())));
}

TEST_F(Frames, OfAReadOnlyLakeAreMadeWithoutWriting) {
  two_names();
  lake.reset();
  const auto reader = open(Access::kRead);
  const Result<Frame> made = read_frame(*reader->snapshot(), {});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->axis->rows(), 4U);
  EXPECT_EQ(fs::exists(folder + "/panels/" + made->key), reader->writable());
}

TEST_F(Frames, ADamagedPartIsNamedInsteadOfRead) {
  two_names();
  const std::string path = folder + "/" + lake->snapshot()->parts("bars").front().path;
  lake.reset();
  fs::permissions(path, fs::perms::owner_all);
  fs::resize_file(path, fs::file_size(path) - 1);
  lake = open(Access::kWrite);
  const Result<Frame> made = read_frame(*lake->snapshot(), {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().number(), E::E8005);
  EXPECT_THAT(made.error().message(), ::testing::HasSubstr("part-"));
}

TEST(Partitions, KeepTheOrderOfVersionsAndComeByName) {
  const auto part = [](std::int64_t id, const char* partition) {
    StoredPart made;
    made.id = id;
    made.partition = partition;
    return made;
  };
  const std::vector<StoredPart> parts{part(1, "year=2020"), part(2, "year=2019"), part(3, "year=2020")};
  const auto groups = by_partition(parts);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].front().id, 2);
  EXPECT_EQ(groups[1][0].id, 1);
  EXPECT_EQ(groups[1][1].id, 3);
  EXPECT_TRUE(by_partition({}).empty());
}

}  // namespace
}  // namespace lode::lake
