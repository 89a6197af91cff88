// Streams at the door: day by day what one computation of the whole history gives, and states that do not fit.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/stream/stream.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>

#include "lode/base/text.h"
#include "lode/flow/steps/research/research_testing.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

constexpr std::string_view kHead = "date,symbol,close,volume,sector\n";

class StreamDoor : public testing::Research {
 protected:
  // Days [begin, end) of three names; C comes on the 12th day, B leaves before the 25th.
  std::string days(int begin, int end) {
    std::string text(kHead);
    for (int day = begin; day < end; ++day) {
      for (int name = 0; name < 3; ++name) {
        if ((name == 2 && day < 12) || (name == 1 && day >= 25)) {
          continue;
        }
        const int wave = (day * (7 + 3 * name)) % 11;
        text += fmt::format("{},{},{},{},{}\n", to_string(Date::from_civil(2024, 1, 1) + day), "ABC"[name],
                            20 + name + 0.25 * wave, day % 9 == 4 ? "" : std::to_string(100 + 13 * wave),
                            name == 1 ? "x" : "y");
      }
    }
    return text;
  }
  std::string file(const std::string& name, int begin, int end) { return write(name, days(begin, end)); }
  Result<Outcome> stream(const std::string& data, const std::string& more = "") {
    const bool to_file = more.find("state") != std::string::npos && more.find("output") == std::string::npos;
    const std::string rows = parts.folder + "/stream_rows.csv";
    Result<Outcome> out =
        call("factor", "stream",
             fmt::format(R"j({{"formula": ["ema(close,5)/close", "rank(ts_corr(close,volume,6))", "scale(close)",
                             "indneutralize(ts_mean(returns,4),sector)"], "data": "{}"{}{}}})j",
                         data, more, to_file ? fmt::format(R"j(, "output": "{}")j", rows) : ""));
    if (out && to_file) {
      out->payload = *read_file(rows);
    }
    return out;
  }
  std::string state() const { return parts.folder + "/s.state"; }
  std::string with_state() const { return fmt::format(R"j(, "state": "{}")j", state()); }
  // The rows of days [begin, end) among those of the whole history.
  std::vector<std::string> expected(int begin, int end, const std::string& more) {
    const Outcome whole = *stream(file("whole.csv", 0, end), more);
    const std::string first = to_string(Date::from_civil(2024, 1, 1) + begin);
    std::vector<std::string> rows = rows_of(whole);
    std::erase_if(rows, [&](const std::string& row) { return row < first; });
    return rows;
  }
  static std::vector<std::string> rows_of(const Outcome& outcome) {
    std::vector<std::string> rows;
    for (const std::string_view line : split(outcome.payload, '\n')) {
      if (!line.empty() && line[0] == '2') {
        rows.emplace_back(line);
      }
    }
    std::ranges::sort(rows);
    return rows;
  }
};

// Sums over a date round by the order of names: a stream adds up as factor compute does, whoever joins late.
TEST_F(StreamDoor, AddsNamesUpInTheOrderOfCompute) {
  const auto text_of = [](int begin, int end) {
    std::string text = "date,symbol,x\n";
    for (int day = begin; day < end; ++day) {
      for (int name = 0; name < 40 + day; ++name) {
        text += fmt::format("{},S{},{:.6f}\n", to_string(Date::from_civil(2024, 1, 1) + day), name,
                            1.0 / (name + 1.7) + 0.001 * day);
      }
    }
    return text;
  };
  constexpr const char* kFormulas = R"j("formula": ["demean(x)", "zscore(x)", "scale(x)"], "profile": "paper")j";
  const auto run = [&](const char* verb, const std::string& text, const std::string& more) {
    const std::string rows = parts.folder + "/rows.csv";
    good("factor", verb,
         fmt::format(R"j({{{}, "data": "{}", "output": "{}"{}}})j", kFormulas, write("x.csv", text), rows, more));
    return *read_file(rows);
  };
  // Without the names that are not there yet: the first of two calls cannot know them.
  const auto values_of = [](const std::string& text) {
    std::vector<std::string> rows;
    for (const std::string_view line : split(text, '\n')) {
      if (line.starts_with('2') && !line.ends_with(',')) {
        rows.emplace_back(line);
      }
    }
    return rows;
  };
  const std::vector<std::string> whole = values_of(run("compute", text_of(0, 6), ""));
  EXPECT_EQ(whole.size(), 3U * (40 + 41 + 42 + 43 + 44 + 45));
  EXPECT_EQ(values_of(run("stream", text_of(0, 6), "")), whole);
  std::vector<std::string> parts_of = values_of(run("stream", text_of(0, 3), with_state()));
  const std::vector<std::string> late = values_of(run("stream", text_of(3, 6), with_state()));
  parts_of.insert(parts_of.end(), late.begin(), late.end());
  EXPECT_EQ(parts_of, whole);
}

TEST_F(StreamDoor, GivesTheRowsOfTheWholeHistoryInAnySteps) {
  for (const char* profile : {"", R"j(, "profile": "qlib")j", R"j(, "precision": "f32")j"}) {
    std::filesystem::remove(state());
    for (const auto& [begin, end] : {std::pair{0, 10}, {10, 11}, {11, 20}, {20, 30}, {30, 31}}) {
      const Outcome out = *stream(file("part.csv", begin, end), with_state() + profile);
      EXPECT_EQ(rows_of(out), expected(begin, end, profile)) << begin << " to " << end << profile;
      EXPECT_EQ(out.data.at_path("state.sessions")->as_int(), end);
    }
  }
}

TEST_F(StreamDoor, WithoutAStateIsComputeOverTheWholeFile) {
  const std::string data = file("whole.csv", 0, 24);
  const Outcome streamed = *stream(data);
  const Outcome computed =
      *call("factor", "compute",
            fmt::format(R"j({{"formula": ["ema(close,5)/close", "rank(ts_corr(close,volume,6))", "scale(close)",
                                   "indneutralize(ts_mean(returns,4),sector)"], "data": "{}"}})j",
                        data));
  EXPECT_EQ(streamed.payload, computed.payload);
  EXPECT_FALSE(std::filesystem::exists(state()));
}

TEST_F(StreamDoor, SessionsItHasSeenAreNotComputedAgain) {
  (void)*stream(file("a.csv", 0, 20), with_state());
  const Outcome out = *stream(file("b.csv", 10, 22), with_state());
  EXPECT_EQ(rows_of(out), expected(20, 22, ""));
  EXPECT_THAT(out.warnings, Contains("note: 10 sessions of the file up to where the state ended, not computed again"));
  const Result<Outcome> again = stream(file("b.csv", 10, 22), with_state());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().number(), E::E2101);
  EXPECT_EQ(again.error().message(), "b.csv has no session after 2024-01-22, where the state ends");
}

TEST_F(StreamDoor, TellsNewSymbols) {
  (void)*stream(file("a.csv", 0, 12), with_state());
  const Outcome out = *stream(file("b.csv", 12, 14), with_state());
  EXPECT_THAT(out.warnings, Contains("note: 1 symbol new to the state, first C: missing before"));
}

TEST_F(StreamDoor, AStateThatDoesNotFitIsRefusedAndStays) {
  (void)*stream(file("a.csv", 0, 12), with_state());
  const std::string good = *read_file(state());
  const auto refused = [&](const std::string& more) {
    return stream(file("b.csv", 12, 14), with_state() + more).error();
  };
  EXPECT_EQ(refused(R"j(, "profile": "paper")j").number(), E::E1115);
  EXPECT_EQ(refused(R"j(, "precision": "f32")j").number(), E::E1115);
  for (const std::size_t at : {std::size_t{3}, good.size() / 2, good.size() - 1}) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    ASSERT_TRUE(write_file(state(), bad));
    EXPECT_EQ(refused("").number(), E::E1116) << at;
    EXPECT_EQ(*read_file(state()), bad);
  }
  ASSERT_TRUE(write_file(state(), ""));
  EXPECT_EQ(refused("").number(), E::E1116);
  ASSERT_TRUE(write_file(state(), good));
  EXPECT_TRUE(stream(file("b.csv", 12, 14), with_state()));
}

TEST_F(StreamDoor, AStateStandsWhereNothingElseIsReadOrWritten) {
  const std::string data = file("a.csv", 0, 12);
  const std::string rows = parts.folder + "/rows.csv";
  const auto refused = [&](const std::string& path, const std::string& more = "") {
    return stream(data, fmt::format(R"j(, "state": "{}"{})j", path, more)).error().message();
  };
  EXPECT_THAT(refused(rows, fmt::format(R"j(, "output": "{}/./rows.csv")j", parts.folder)), HasSubstr("this command"));
  EXPECT_FALSE(std::filesystem::exists(rows));
  EXPECT_THAT(refused(data), HasSubstr("is a file this command reads"));
  EXPECT_THAT(refused(parts.folder), HasSubstr("is the folder"));
  EXPECT_THAT(refused(parts.folder + "/no/s.state"), HasSubstr("no folder"));
  std::filesystem::create_directories(parts.folder + "/other/tables");
  ASSERT_TRUE(write_file(parts.folder + "/other/manifest.sqlite", "x"));
  EXPECT_THAT(refused(parts.folder + "/other/tables/s.state"), HasSubstr("lies in the lake"));
}

TEST_F(StreamDoor, AStateWantsAFileForTheRows) {
  const Result<Outcome> out =
      call("factor", "stream",
           fmt::format(R"j({{"formula": ["close"], "data": "{}"{}}})j", file("a.csv", 0, 3), with_state()));
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().number(), E::E3);
  EXPECT_FALSE(std::filesystem::exists(state()));
}

TEST_F(StreamDoor, ALinkToAStateStaysOne) {
  const std::string real = parts.folder + "/real.state";
  std::filesystem::create_symlink("real.state", state());
  (void)*stream(file("a.csv", 0, 10), with_state());
  (void)*stream(file("b.csv", 10, 12), with_state());
  EXPECT_TRUE(std::filesystem::is_symlink(state()));
  EXPECT_EQ(parse_state(*read_file(real))->last, Date::from_civil(2024, 1, 12));
}

TEST_F(StreamDoor, AsksForAFormula) {
  const Result<Outcome> out = call("factor", "stream", fmt::format(R"j({{"data": "{}"}})j", file("a.csv", 0, 3)));
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().number(), E::E3);
}

TEST_F(StreamDoor, StatesReadBack) {
  const StreamState before{Date::from_civil(2024, 2, 29), {"A", "B,\"C"}, std::string("bytes\n\0x", 8)};
  const StreamState after = *parse_state(state_text(before));
  EXPECT_EQ(after.last, before.last);
  EXPECT_EQ(after.symbols, before.symbols);
  EXPECT_EQ(after.bytes, before.bytes);
}

// Days of the history with one price of B on `day` changed.
class StreamCorrections : public StreamDoor {
 protected:
  std::string changed(int begin, int end, const std::vector<int>& at) {
    std::string text = days(begin, end);
    for (const int day : at) {
      const std::string row = to_string(Date::from_civil(2024, 1, 1) + day) + ",B,";
      if (const std::size_t found = text.find(row); found != std::string::npos) {
        text.insert(found + row.size(), "1");  // 21.5 becomes 121.5
      }
    }
    return text;
  }
  Result<Outcome> bounded(const std::string& data, const std::string& more = "") {
    const std::string rows = parts.folder + "/bounded_rows.csv";
    Result<Outcome> out =
        call("factor", "stream",
             fmt::format(R"j({{"formula": ["rank(ts_corr(close,volume,6))", "ts_mean(close,4)"], "data": "{}",
                               "output": "{}", "yes": true{}}})j",
                         data, rows, more));
    if (out) {
      out->payload = *read_file(rows);
    }
    return out;
  }
  // Of the whole, the rows from day `begin` on, before day `end`.
  std::vector<std::string> between(const Outcome& whole, int begin, int end) {
    const std::string first = to_string(Date::from_civil(2024, 1, 1) + begin);
    const std::string last = to_string(Date::from_civil(2024, 1, 1) + end);
    std::vector<std::string> rows = rows_of(whole);
    std::erase_if(rows, [&](const std::string& row) { return row < first || row >= last; });
    return rows;
  }
  static constexpr const char* kCorrect = R"j(, "correct": true)j";
};

TEST_F(StreamCorrections, AreToldWhereTheyAreNotAskedFor) {
  must(bounded(file("a.csv", 0, 20), with_state()));
  const Outcome out = must(bounded(write("b.csv", changed(15, 22, {17})), with_state()));
  EXPECT_THAT(out.warnings,
              Contains(HasSubstr("1 session up to where the state ended is not what the state was made of, "
                                 "first 2024-01-18: --correct")));
  EXPECT_EQ(out.data.at_path("state.differing")->as_int(), 1);
  EXPECT_EQ(rows_of(out), between(must(bounded(write("w.csv", days(0, 22)))), 20, 22));
}

TEST_F(StreamCorrections, ReplayTheWindowsTheyTouchAlone) {
  for (const auto& [corrected, begin, first, end] :
       {std::tuple{10, 0, 10, 16}, {10, 3, 10, 16}, {17, 8, 17, 20}, {2, 0, 2, 8}}) {
    std::filesystem::remove(state());
    must(bounded(file("a.csv", 0, 20), with_state()));
    const Outcome out = must(bounded(write("b.csv", changed(begin, 22, {corrected})), with_state() + kCorrect));
    const Outcome whole = must(bounded(write("w.csv", changed(0, 22, {corrected}))));
    std::vector<std::string> expected = between(whole, first, end);
    const std::vector<std::string> fresh = between(whole, 20, 22);
    expected.insert(expected.end(), fresh.begin(), fresh.end());
    EXPECT_EQ(rows_of(out), expected) << corrected << " of a file from " << begin;
    EXPECT_EQ(out.data.at_path("state.corrected")->as_int(), end - first);
    EXPECT_EQ(out.data.at_path("state.sessions")->as_int(), 22);
    // The state is that of the corrected history, whatever comes next.
    const Outcome next = must(bounded(write("c.csv", days(22, 24)), with_state()));
    EXPECT_EQ(rows_of(next), between(must(bounded(write("w.csv", changed(0, 24, {corrected})))), 22, 24));
  }
}

TEST_F(StreamCorrections, OfWhatRemembersAllGoOnToTheEnd) {
  for (const char* profile : {"", R"j(, "profile": "qlib")j", R"j(, "precision": "f32")j"}) {
    std::filesystem::remove(state());
    must(stream(file("a.csv", 0, 20), with_state() + profile));
    const std::string data = write("b.csv", changed(0, 22, {9}));
    const Outcome out = must(stream(data, with_state() + profile + kCorrect + R"j(, "yes": true)j"));
    const Outcome whole = must(stream(write("w.csv", changed(0, 22, {9})), profile));
    EXPECT_EQ(rows_of(out), between(whole, 9, 22)) << profile;
    EXPECT_EQ(out.data.at_path("state.corrected")->as_int(), 11);
  }
}

TEST_F(StreamCorrections, MayAddAndRemoveSessions) {
  // A session that was missing: the days after it see other windows.
  const auto without = [&](int begin, int end, int gone) {
    return days(begin, gone) + days(gone + 1, end).substr(kHead.size());
  };
  must(bounded(write("a.csv", without(0, 20, 8)), with_state()));
  const Outcome out = must(bounded(write("b.csv", days(0, 20)), with_state() + kCorrect));
  EXPECT_EQ(rows_of(out), between(must(bounded(write("w.csv", days(0, 20)))), 8, 14));
  EXPECT_EQ(out.data.at_path("state.sessions")->as_int(), 20);
  // And gone again, without a new one.
  const Outcome back = must(bounded(write("c.csv", without(0, 20, 8)), with_state() + kCorrect));
  EXPECT_EQ(rows_of(back), between(must(bounded(write("w.csv", without(0, 20, 8)))), 9, 14));
}

TEST_F(StreamCorrections, SayWhatTheFileLacks) {
  must(bounded(file("a.csv", 0, 20), with_state()));
  const std::string before = *read_file(state());
  const Result<Outcome> late = bounded(write("b.csv", changed(8, 22, {10})), with_state() + kCorrect);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().number(), E::E2101);
  EXPECT_THAT(late.error().hint(), HasSubstr("give the sessions from 2024-01-06 on"));
  const Result<Outcome> early = bounded(write("b.csv", changed(0, 15, {10})), with_state() + kCorrect);
  ASSERT_FALSE(early);
  EXPECT_THAT(early.error().message(), HasSubstr("the corrected sessions end 2024-01-15, the state 2024-01-20"));
  EXPECT_EQ(*read_file(state()), before);
  const Result<Outcome> nothing = bounded(file("a.csv", 0, 20), with_state() + kCorrect);
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().number(), E::E2101) << "nothing new, nothing changed";
  EXPECT_EQ(bounded(file("a.csv", 0, 20), kCorrect).error().number(), E::E7);
  std::filesystem::remove(state());
  must(stream(file("a.csv", 0, 20), with_state()));
  const Result<Outcome> part =
      stream(write("b.csv", changed(5, 22, {10})), with_state() + kCorrect + R"j(, "yes": true)j");
  ASSERT_FALSE(part);
  EXPECT_THAT(part.error().message(), HasSubstr("remembers all sessions"));
}

// Any changes: what was written, with what the corrections wrote over it, is the whole of the corrected history.
TEST_F(StreamCorrections, GiveTheBitsOfTheWholeWhateverChanges) {
  Random random(3, 0);
  must(bounded(file("a.csv", 0, 20), with_state()));
  std::map<std::string, std::string> rows;  // By date, symbol and factor
  const auto put = [&](const Outcome& out) {
    for (const std::string& row : rows_of(out)) {
      rows[row.substr(0, row.rfind(','))] = row;
    }
  };
  put(must(bounded(file("a.csv", 0, 20))));
  std::vector<int> at;
  for (int end = 21; end < 31; ++end) {
    at.push_back(static_cast<int>(random.next_below(24)));
    std::ranges::sort(at);
    at.erase(std::unique(at.begin(), at.end()), at.end());
    put(must(bounded(write("b.csv", changed(0, end, at)), with_state() + kCorrect)));
    std::vector<std::string> all;
    for (const auto& [key, row] : rows) {
      all.push_back(row);
    }
    std::ranges::sort(all);
    EXPECT_EQ(all, rows_of(must(bounded(write("w.csv", changed(0, end, at))))));
  }
}

}  // namespace
}  // namespace lode::flow
