// The poller on recorded crawls: each filing once, whatever happens to the pages.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/feed_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "lode/base/random.h"
#include "lode/io/source/edgar/atom.h"
#include "lode/io/source/edgar/recorded.h"

namespace lode::source::edgar {
namespace {

constexpr const char* kFirst = "20251212T180234";
constexpr const char* kCrawl = "20251212T180331";

std::vector<std::vector<Filing>> entries_of(const std::vector<std::string>& pages) {
  std::vector<std::vector<Filing>> out;
  for (const std::string& page : pages) {
    out.push_back(must(parse_atom(page)).entries);
  }
  return out;
}

std::size_t count(const std::vector<std::vector<Filing>>& pages) {
  std::size_t out = 0;
  for (const auto& page : pages) {
    out += page.size();
  }
  return out;
}

std::size_t tell(FeedState& state, const std::vector<std::vector<Filing>>& pages) {
  std::size_t fresh = 0;
  for (const auto& page : pages) {
    fresh += state.take(page).fresh.size();
  }
  return fresh;
}

TEST(FeedState, TellsEachFilingOfTheFirstPollOnceAndTheSecondPollAddsFive) {
  LODE_NEEDS_DATA("edgar/atom");
  const auto first = entries_of(recorded_pages(kFirst, "type-all", 4));
  const auto second = entries_of(recorded_pages(kCrawl, "type-all", 4));
  EXPECT_EQ(count(first), 400U);
  FeedState state;
  EXPECT_EQ(tell(state, first), 238U);
  EXPECT_EQ(tell(state, second), 5U);
  EXPECT_EQ(tell(state, first), 0U);
  EXPECT_EQ(state.size(), 243U);
}

TEST(FeedState, TellsTheWholeCrawlOnce) {
  LODE_NEEDS_DATA("edgar/atom");
  const auto crawl = entries_of(recorded_pages(kCrawl, "type-all", 51));
  EXPECT_EQ(count(crawl), 5100U);
  FeedState state;
  EXPECT_EQ(tell(state, crawl), 3315U);
  EXPECT_EQ(tell(state, crawl), 0U);
}

TEST(FeedState, EndsTheSameInAnyOrderWithRepeats) {
  LODE_NEEDS_DATA("edgar/atom");
  auto pages = entries_of(recorded_pages(kCrawl, "type-all", 51));
  const auto early = entries_of(recorded_pages(kFirst, "type-all", 4));
  pages.insert(pages.end(), early.begin(), early.end());
  FeedState ordered;
  const std::size_t all = tell(ordered, pages);
  Random random(7, 0);
  for (int round = 0; round < 5; ++round) {
    std::vector<std::vector<Filing>> shuffled = pages;
    for (std::size_t i = shuffled.size() - 1; i > 0; --i) {
      std::swap(shuffled[i], shuffled[random.next_below(i + 1)]);
    }
    shuffled.insert(shuffled.end(), shuffled.begin(), shuffled.begin() + 10);
    FeedState state;
    EXPECT_EQ(tell(state, shuffled), all);
    EXPECT_EQ(state.save(), ordered.save());
  }
}

TEST(FeedState, MergesThePartiesOfAFilingOverPages) {
  LODE_NEEDS_DATA("edgar/atom");
  FeedState state;
  tell(state, entries_of(recorded_pages(kCrawl, "type-all", 51)));
  ASSERT_NE(state.parties("0001193125-25-317410"), nullptr);
  EXPECT_EQ(state.parties("0001193125-25-317410")->size(), 16U);
}

TEST(FeedState, TellsAFilingAgainWithAllItsPartiesWhenAPageAddsOne) {
  Filing entry;
  entry.accession = "0000000001-25-000001";
  entry.accepted = accepted_by_feed("2025-12-12T18:02:10-05:00");
  entry.parties = {{"reporting", "0000000002", "Someone"}};
  FeedState state;
  EXPECT_EQ(state.take({entry}).fresh.size(), 1U);
  entry.parties = {{"issuer", "0000000003", "Company"}};
  const auto told = state.take({entry});
  EXPECT_TRUE(told.fresh.empty());
  ASSERT_EQ(told.extended.size(), 1U);
  EXPECT_EQ(told.extended.front().parties.size(), 2U);
  EXPECT_EQ(about(told.extended.front())->cik, "0000000003");
  EXPECT_TRUE(state.take({entry}).extended.empty());
}

TEST(FeedState, StopsAtAPageThatAFinishedWalkKnowsAndNotAtOneOfACutWalk) {
  LODE_NEEDS_DATA("edgar/atom");
  const auto pages = entries_of(recorded_pages(kFirst, "type-all", 4));
  FeedState state;
  EXPECT_FALSE(state.take(pages[0]).ends_walk);
  EXPECT_FALSE(state.take(pages[0]).ends_walk);  // The walk was cut behind the first page: the rest is still unknown.
  EXPECT_EQ(
      state.take(pages[1]).fresh.size() + state.take(pages[2]).fresh.size() + state.take(pages[3]).fresh.size(),
      238U - state.take(pages[0]).fresh.size() - [&] {
        FeedState alone;
        return alone.take(pages[0]).fresh.size();
      }());
  state.finish_walk();
  EXPECT_TRUE(state.take(pages[0]).ends_walk);
}

Filing made(int number, std::string form) {
  Filing out;
  out.accession = fmt::format("0000000001-25-{:06}", number);
  out.form = std::move(form);
  out.accepted = accepted_by_feed("2025-12-12T18:02:10-05:00");
  out.parties = {{"filer", "0000000002", "Someone"}};
  return out;
}

TEST(FeedState, WhatAWalkPassedOverIsToldToTheFirstThatWantsIt) {
  const std::vector<Filing> page = {made(1, "8-K"), made(2, "4"), made(3, "10-K")};
  FeedState state;
  EXPECT_EQ(state.take(page, {"8-k", "10-K"}).fresh.size(), 2U);
  state.finish_walk({"10-K", "8-K"});
  EXPECT_TRUE(state.take(page, {"10-K", "8-K"}).ends_walk);
  EXPECT_TRUE(state.take(page, {"8-K"}).ends_walk) << "it wants no more than the walk before";
  EXPECT_FALSE(state.take(page, {"8-K", "4"}).ends_walk) << "what it wants may lie deeper too";
  FeedState again = FeedState::load(state.save());
  EXPECT_TRUE(again.take(page, {"10-K"}).ends_walk);

  const auto rest = again.take(page);
  EXPECT_TRUE(rest.fresh.empty()) << "4 was told to the walk that wanted it, and each is told once";
  EXPECT_FALSE(rest.ends_walk);
  again.finish_walk();
  EXPECT_TRUE(again.take(page).ends_walk);
  EXPECT_TRUE(again.take(page, {"4"}).ends_walk) << "all was wanted before";
}

TEST(FeedState, AFilingThatWasToldIsToldOfItsPartiesWhoeverAsks) {
  Filing filing = made(1, "4");
  FeedState state;
  EXPECT_EQ(state.take({filing}, {"4"}).fresh.size(), 1U);
  filing.parties = {{"issuer", "0000000003", "Company"}};
  EXPECT_EQ(state.take({filing}, {"8-K"}).extended.size(), 1U);
  EXPECT_TRUE(state.take({filing}, {"4"}).extended.empty());
}

// A crawl for some forms, and then one for all: together they tell each filing of the crawl once.
TEST(FeedState, TwoWalksOfOneCrawlTellItOnce) {
  LODE_NEEDS_DATA("edgar/atom");
  const auto crawl = entries_of(recorded_pages(kCrawl, "type-all", 51));
  FeedState state;
  std::size_t told = 0;
  for (const auto& page : crawl) {
    told += state.take(page, {"8-K", "10-K"}).fresh.size();
  }
  state.finish_walk({"8-K", "10-K"});
  EXPECT_GT(told, 0U);
  EXPECT_LT(told, 1000U);
  EXPECT_EQ(told + tell(state, crawl), 3315U);
}

TEST(FeedState, SurvivesItsCursorAndTakesAForeignOneForAFreshStart) {
  LODE_NEEDS_DATA("edgar/atom");
  const auto pages = entries_of(recorded_pages(kFirst, "type-all", 2));
  FeedState state;
  tell(state, pages);
  state.finish_walk();
  const Cursor saved{must(parse_json(to_json(state.save().state)))};
  FeedState again = FeedState::load(saved);
  EXPECT_EQ(again.save(), state.save());
  EXPECT_TRUE(again.take(pages[1]).ends_walk);
  EXPECT_EQ(FeedState::load(Cursor{Value(3)}).size(), 0U);
}

TEST(FeedState, ForgetsWhatIsOlderThanTheFeed) {
  FeedState state;
  Filing filing;
  for (int day = 1; day <= 20; ++day) {
    filing.accession = fmt::format("0000000001-25-{:06}", day);
    state.take({filing}, {}, start_of_day(Date::from_civil(2025, 12, day)));
  }
  state.finish_walk({}, start_of_day(Date::from_civil(2025, 12, 20)));
  EXPECT_EQ(state.size(), 5U);
}

// A clock that lies, in one entry or in all of a feed: what was told is not told again, and the walk ends where it did.
TEST(FeedState, AnEntryDatedAheadWipesNothing) {
  std::vector<Filing> page = {made(1, "8-K"), made(2, "4")};
  const Time now = start_of_day(Date::from_civil(2026, 11, 22));  // A year behind the entries.
  FeedState state;
  EXPECT_EQ(state.take(page, {}, now).fresh.size(), 2U);
  state.finish_walk({}, now);
  Filing ahead = made(3, "8-K");
  ahead.accepted = accepted_by_feed("2026-11-30T18:02:10-05:00");
  page.insert(page.begin(), ahead);
  for (int poll = 0; poll < 3; ++poll) {
    FeedState next = FeedState::load(state.save());
    const auto told = next.take(page, {}, Time{now.nanos + poll * kNanosPerDay});
    EXPECT_EQ(told.fresh.size(), poll == 0 ? 1U : 0U);
    EXPECT_EQ(told.ends_walk, poll > 0);
    next.finish_walk({}, Time{now.nanos + poll * kNanosPerDay});
    EXPECT_EQ(next.size(), 3U);
    state = next;
  }
}

// The exact filter: a prefix asks for form 4 and gets sixteen forms.
TEST(FeedState, FindsFourHundredTwentyFourOfFormFour) {
  LODE_NEEDS_DATA("edgar/atom");
  const auto pages = entries_of(recorded_pages("20251212T180357-type4", "type-4", 11));
  EXPECT_EQ(count(pages), 1100U);
  std::set<std::string> accessions;
  std::set<std::string> forms;
  std::set<std::string> fours;
  for (const auto& page : pages) {
    for (const Filing& entry : page) {
      accessions.insert(entry.accession);
      forms.insert(entry.form);
      if (wants_form({"4"}, entry.form)) {
        fours.insert(entry.accession);
      }
    }
  }
  EXPECT_EQ(accessions.size(), 614U);
  EXPECT_EQ(forms.size(), 16U);
  EXPECT_EQ(fours.size(), 424U);
}

TEST(FeedState, TheFeedIsStrictlyOrderedByAcceptance) {
  LODE_NEEDS_DATA("edgar/atom");
  Time last{std::numeric_limits<std::int64_t>::max()};
  for (const auto& page : entries_of(recorded_pages(kCrawl, "type-all", 51))) {
    for (const Filing& entry : page) {
      ASSERT_LE(entry.accepted->at, last) << entry.accession;
      last = entry.accepted->at;
    }
  }
}

}  // namespace
}  // namespace lode::source::edgar
