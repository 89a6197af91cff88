// Values that go on from stored ones: the same bits as computing everything again, whatever came to the lake in
// between.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/values/continued.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>

#include "lode/flow/open_lake.h"
#include "lode/flow/steps/research/research_testing.h"
#include "lode/flow/steps/values/store.h"
#include "lode/io/lake/values/values.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// Windows of 10 sessions at most, also one of another, ranks and groups.
constexpr std::string_view kBounded =
    "move\tclose / ts_delay(close, 5) - 1\n"
    "spread\trank(ts_std(close, 10)) - rank(volume)\n"
    "nested\tts_mean(ts_rank(close, 6), 5)\n"
    "sector\tgroup_neutralize(open / close, sector)\n"
    "plain\thigh - low\n";
constexpr std::string_view kUnbounded = "smooth\tema(close, 8) / close\nrange\thigh - low\n";

class Continued : public testing::Research {
 protected:
  Continued() { import_market(); }

  std::string request(std::string_view formulas, const std::string& more = "") {
    return R"j({"formula": ["@)j" + write("f.tsv", std::string(formulas)) + R"j("], "universe": "all")j" + more + "}";
  }
  Outcome store(std::string_view formulas, const std::string& more = "") {
    return good("factor", "compute", request(formulas, more));
  }
  // All values as bytes, computed at once and never stored.
  std::string whole(std::string_view formulas, const std::string& more = "") {
    return good("factor", "compute", request(formulas, more + R"j(, "format": "csv")j")).payload;
  }
  std::string stored(const Outcome& out) {
    return good("factor", "values", R"j({"run": ")j" + run_of(out) + "\"}").payload;
  }
  static std::string run_of(const Outcome& out) {
    const Value* run = out.data.at_path("stored.run");
    return run != nullptr && run->is_text() ? run->as_text() : "";
  }
  static std::array<std::int64_t, 3> counts(const Outcome& out) {
    const Value* continues = out.data.at_path("stored.continues");
    if (continues == nullptr || continues->is_null()) {
      return {-1, -1, -1};
    }
    return {continues->find("sessions_new")->as_int(), continues->find("sessions_again")->as_int(),
            continues->find("sessions_kept")->as_int()};
  }
  // The run is read as the whole computation gives it, through the rows, the table and the verification.
  void expect_whole(const Outcome& out, std::string_view formulas, const std::string& more = "") {
    const std::string rows = whole(formulas, more);
    EXPECT_TRUE(stored(out) == rows);
    const std::string run = run_of(out);
    const std::string hash = out.data.at_path("stored.hash")->as_text();
    EXPECT_EQ(sql("select count(*) from factor_values where run = '" + hash + "'"),
              std::to_string(std::ranges::count(rows, '\n') - 1) + "\n");
    const Outcome verified = good("runs", "verify", R"j({"run": ")j" + run + "\"}");
    EXPECT_FALSE(verified.finding) << verified.text;
  }
  static Date session(int index) { return sessions()[static_cast<std::size_t>(index)]; }
  static std::string bar(Date day, const std::string& symbol, double close) {
    return fmt::format("{},{},{},{},{},{},{}\n", to_string(day), symbol, close, close + 1, close - 1, close, 1234);
  }
  void import_bars(const std::string& rows) { import("bars", "date,symbol,open,high,low,close,volume\n" + rows); }
  void import_next_day() {
    std::string rows;
    for (int name = 0; name < testing::kNames; ++name) {
      rows += bar(next_, fmt::format("S{:02}", name), 40.0 + name);
    }
    import_bars(rows);
  }

  Date next_ = Date::from_civil(2021, 1, 13);
};

TEST_F(Continued, ANewDayIsAllThatIsComputed) {
  for (const std::string more : {R"(, "precision": "f64")", R"(, "precision": "f32")"}) {
    store(kBounded, more);
  }
  import_next_day();
  for (const std::string more : {R"(, "precision": "f64")", R"(, "precision": "f32", "memory": 16)"}) {
    const Outcome out = store(kBounded, more);
    EXPECT_EQ(counts(out), (std::array<std::int64_t, 3>{1, 0, testing::kSessions}));
    EXPECT_THAT(out.text, HasSubstr("1 session new, 0 computed again, 260 kept"));
    expect_whole(out, kBounded, more);
    EXPECT_LT(out.data.at_path("stored.bytes")->as_int(), 40'000) << "its own part has one session";
  }
  EXPECT_THAT(good("runs", "show", R"j({"run": "last"})j").text, HasSubstr("coverage.nested"));
}

TEST_F(Continued, WhatDependsOnAllSessionsGoesOnFromItsState) {
  for (const std::string more : {R"(, "profile": "lode")", R"(, "profile": "qlib", "precision": "f32")"}) {
    const Outcome first = store(kUnbounded, more);
    EXPECT_EQ(counts(first)[0], -1);
  }
  import_next_day();
  for (const std::string more : {R"(, "profile": "lode")", R"(, "profile": "qlib", "precision": "f32")"}) {
    const Outcome out = store(kUnbounded, more);
    EXPECT_EQ(counts(out), (std::array<std::int64_t, 3>{1, 0, testing::kSessions}));
    expect_whole(out, kUnbounded, more);
  }
  // And from the state of the second, over an instrument that appears.
  next_ = Date::from_civil(2021, 1, 14);
  import_bars(bar(next_, "S07", 51.25) + bar(next_, "NEW", 3.5));
  const Outcome third = store(kUnbounded);
  EXPECT_EQ(counts(third), (std::array<std::int64_t, 3>{1, 0, testing::kSessions + 1}));
  expect_whole(third, kUnbounded);
}

TEST_F(Continued, ALateCorrectionIsComputedAgainAsFarAsWindowsReach) {
  const Outcome first = store(kBounded);
  const std::string before = stored(first);
  import_bars(bar(session(100), "S03", 71.5));
  import_next_day();
  const Outcome out = store(kBounded);
  // The session and as many after it as the longest window looks back: 10 rows of ts_rank in ts_mean.
  EXPECT_EQ(counts(out)[0], 1);
  EXPECT_EQ(counts(out)[1], 10);
  EXPECT_EQ(counts(out)[2], testing::kSessions - 10);
  expect_whole(out, kBounded);
  EXPECT_FALSE(stored(out) == before);
  EXPECT_TRUE(stored(first) == before) << "the old run has its values";
  EXPECT_FALSE(good("runs", "verify", R"j({"run": ")j" + run_of(first) + "\"}").finding);
}

TEST_F(Continued, ACorrectionUnderWhatDependsOnAllChangesAllAfterIt) {
  store(kUnbounded);
  import_bars(bar(session(200), "S03", 71.5));
  const Outcome out = store(kUnbounded);
  EXPECT_EQ(counts(out), (std::array<std::int64_t, 3>{0, testing::kSessions - 200, 200}));
  expect_whole(out, kUnbounded);
  import_next_day();  // Its state was made on the way.
  const Outcome next = store(kUnbounded);
  EXPECT_EQ(counts(next), (std::array<std::int64_t, 3>{1, 0, testing::kSessions}));
  expect_whole(next, kUnbounded);
}

TEST_F(Continued, ASplitChangesTheHistoryItAdjusts) {
  store(kBounded);
  import("actions", fmt::format("ex_date,symbol,kind,ratio\n{},S05,split,2\n", to_string(session(50))));
  const Outcome out = store(kBounded);
  EXPECT_EQ(counts(out)[0], 0);
  EXPECT_EQ(counts(out)[1], 50 + 9) << "adjusted sessions, and windows that reach into them";
  expect_whole(out, kBounded);
  // Raw prices know nothing of it.
  store(kBounded, R"(, "adjust": "none")");
  import("actions", fmt::format("ex_date,symbol,kind,ratio\n{},S06,split,2\n", to_string(session(60))));
  const Outcome raw = store(kBounded, R"(, "adjust": "none")");
  EXPECT_TRUE(raw.data.find("stored")->is_null());
  EXPECT_THAT(raw.text, StartsWith("5 factors are in the lake already"));
}

TEST_F(Continued, AnInstrumentWithAPastIsComputedWhereItWas) {
  store(kBounded);
  std::string rows;
  for (int i = 30; i < 40; ++i) {
    rows += bar(session(i), "OLD", 20.0 + i);
  }
  import_bars(rows);
  const Outcome out = store(kBounded);
  EXPECT_EQ(counts(out), (std::array<std::int64_t, 3>{0, 10 + 9, testing::kSessions - 19}));
  expect_whole(out, kBounded);
}

TEST_F(Continued, ASessionThatAppearsInTheMiddleMovesTheWindowsAfterIt) {
  // Without a calendar the sessions are those of the bars.
  const std::string mic = "XXXX";
  const auto day = [](int i) { return Date{Date::from_civil(2022, 3, 1).days + 2 * i}; };
  std::string rows = "date,symbol,open,high,low,close,volume\n";
  for (int i = 0; i < 60; ++i) {
    for (const char* symbol : {"AA", "BB", "CC"}) {
      rows += bar(day(i), symbol, 10.0 + (i * 7 + symbol[0]) % 13);
    }
  }
  import("bars", rows, mic);
  const std::string narrow = R"(, "from": "2022-03-01")";
  const std::string_view formulas = "m\tts_mean(close, 4)\nr\trank(close)\n";
  store(formulas, narrow);
  import("bars", "date,symbol,open,high,low,close,volume\n" + bar(Date{day(30).days + 1}, "BB", 12.5), mic);
  const Outcome out = store(formulas, narrow);
  EXPECT_EQ(counts(out)[0], 1);
  EXPECT_EQ(counts(out)[1], 3) << "windows of 4 that hold the new session";
  expect_whole(out, formulas, narrow);
}

TEST_F(Continued, ManyDaysBecomeOnePartAgain) {
  store(kBounded);
  Outcome out;
  for (int i = 0; i < 27; ++i) {
    import_next_day();
    do {
      next_ = Date{next_.days + 1};
    } while (!must(find_calendar("XNYS"))->is_session(next_));
    out = store(kBounded);
    EXPECT_EQ(counts(out)[0], 1);
  }
  expect_whole(out, kBounded);
  const std::vector<lake::ValuesSet> sets = must(lake::values_sets(*must(open_lake(world, Wanted::kRead))));
  std::size_t most = 0;
  for (const lake::ValuesSet& set : sets) {
    most = std::max(most, set.kept.size());
  }
  EXPECT_GT(most, 20U);
  EXPECT_LT(sets.back().kept.size(), 10U) << "the year was written as one";
}

TEST_F(Continued, NothingNewIsNotStoredTwice) {
  store(kBounded);
  import("universe", "name,symbol,valid_from\nfew,S01,2020-01-02\n");
  const Outcome out = store(kBounded);
  EXPECT_TRUE(out.data.find("stored")->is_null());
  EXPECT_THAT(out.text, StartsWith("5 factors are in the lake already, of the same formulas and data: r1"));
}

TEST_F(Continued, OtherFormulasPrecisionsAndStartsAreComputedWhole) {
  store(kBounded);
  import_next_day();
  EXPECT_EQ(counts(store("plain\thigh - close\n"))[0], -1);
  EXPECT_EQ(counts(store(kBounded, R"(, "precision": "f32")"))[0], -1);
  EXPECT_EQ(counts(store(kBounded, R"(, "from": "2020-06-01")"))[0], -1);
  EXPECT_EQ(counts(store(kBounded, R"(, "adjust": "split")"))[0], -1);
}

TEST_F(Continued, OneOfThemStoredAloneDoesNotTearThemApart) {
  store(kBounded);
  import_next_day();
  store("plain\thigh - low\n");
  const Outcome out = store(kBounded);
  EXPECT_EQ(counts(out), (std::array<std::int64_t, 3>{1, 0, testing::kSessions}));
  expect_whole(out, kBounded);
  EXPECT_THAT(store(kBounded).text, StartsWith("5 factors are in the lake already"));
}

TEST_F(Continued, AShorterSpanKeepsItsSessions) {
  store(kBounded);
  const std::string more = fmt::format(R"(, "to": "{}")", to_string(session(150)));
  const Outcome out = store(kBounded, more);
  EXPECT_EQ(counts(out), (std::array<std::int64_t, 3>{0, 0, 151}));
  expect_whole(out, kBounded, more);
  import_next_day();
  const Outcome later = store(kBounded);
  EXPECT_EQ(counts(later), (std::array<std::int64_t, 3>{1, 0, testing::kSessions})) << "the long run is gone on from";
}

TEST_F(Continued, AValueOfAKeptSessionIsToldFromTheRunThatComputedIt) {
  const std::string first = run_of(store(kBounded));
  import_next_day();
  const std::string second = run_of(store(kBounded));
  const std::string path = ".move.S03." + to_string(session(100));
  const Outcome why = good("", "why", R"j({"id": ")j" + second + path + "\"}");
  EXPECT_EQ(why.data.find("computed_by")->as_text(), first);
  EXPECT_THAT(why.text, HasSubstr("kept from " + first));
  const Outcome own = good("", "why", R"j({"id": ")j" + second + ".move.S03.2021-01-13\"}");
  EXPECT_EQ(own.data.find("computed_by")->as_text(), second);
  EXPECT_THAT(own.text, Not(HasSubstr("kept from")));
}

TEST_F(Continued, StandsWhenTheRunBeforeIsHidden) {
  const Outcome first = store(kBounded);
  import_next_day();
  const Outcome second = store(kBounded);
  const std::string rows = stored(second);
  good("data", "revert",
       fmt::format(R"j({{"commit": {}, "yes": true}})j", first.data.at_path("stored.commit")->as_int()));
  good("data", "vacuum", R"j({"yes": true})j");
  EXPECT_TRUE(stored(second) == rows);
  EXPECT_FALSE(good("runs", "verify", R"j({"run": ")j" + run_of(second) + "\"}").finding);
}

// Any corrections anywhere: the oracle is the computation of everything.
TEST_F(Continued, RandomChangesGiveTheBitsOfTheWhole) {
  Random random(5, 0);
  store(kBounded);
  store(kUnbounded);
  for (int round = 0; round < 4; ++round) {
    std::string rows;
    for (int i = 0; i < 3; ++i) {
      rows += bar(session(static_cast<int>(random.next_below(testing::kSessions))),
                  fmt::format("S{:02}", random.next_below(testing::kNames)),
                  20.0 + static_cast<double>(random.next_below(50)));
    }
    import_bars(rows);
    if (round == 2) {
      import_next_day();
    }
    const Outcome bounded = store(kBounded);
    EXPECT_GT(counts(bounded)[2], 150);
    expect_whole(bounded, kBounded);
    expect_whole(store(kUnbounded), kUnbounded);
  }
}

}  // namespace
}  // namespace lode::flow
