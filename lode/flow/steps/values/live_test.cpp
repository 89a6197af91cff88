// Sessions as they are piped in: answered before the next comes, the same as a file's, and what is refused.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/values/live.h"

#include <gmock/gmock.h>

#include "lode/base/text.h"
#include "lode/flow/steps/research/research_testing.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;

class LiveStream : public testing::Research {
 protected:
  // Pipes pieces in; each is only there once the one before was taken, and what was answered by then is kept.
  void pipe(std::vector<std::string> pieces) {
    answer.clear();
    seen.clear();
    world.in = [this, left = std::move(pieces), next = std::size_t{0}, at = std::size_t{0}](
                   char* to, std::size_t most) mutable -> std::size_t {
      if (next < left.size() && at == 0) {
        seen.push_back(answer);
      }
      if (next == left.size()) {
        return 0;
      }
      const std::size_t got = std::min(most, left[next].size() - at);
      std::copy_n(left[next].data() + at, got, to);
      at += got;
      if (at == left[next].size()) {
        ++next;
        at = 0;
      }
      return got;
    };
    world.out = [this](std::string_view piece) {
      answer += piece;
      return true;
    };
  }
  Result<Outcome> stream(const std::string& more = "") {
    return call("factor", "stream", R"j({"formula": ["ema(close, 2)", "rank(close)"], "data": "-")j" + more + "}");
  }

  std::string answer;
  std::vector<std::string> seen;  // What was answered when each piece was asked for
};

TEST_F(LiveStream, ASessionIsAnsweredBeforeTheNextOneArrives) {
  pipe({"date,symbol,close\n2024-01-02,A,10\n2024-01-02,B,20\n", "2024-01-03,A,11\n", "2024-01-03,B,8\n\n",
        "2024-01-04,A,12\n"});
  ASSERT_TRUE(stream());
  const std::string head = "date,symbol,factor,value\n";
  const std::string first =
      "2024-01-02,A,\"ema(close, 2)\",\n2024-01-02,A,rank(close),0.5\n"
      "2024-01-02,B,\"ema(close, 2)\",\n2024-01-02,B,rank(close),1\n";
  const std::string second =
      "2024-01-03,A,\"ema(close, 2)\",10.666666666666666\n2024-01-03,A,rank(close),1\n"
      "2024-01-03,B,\"ema(close, 2)\",12\n2024-01-03,B,rank(close),0.5\n";
  ASSERT_EQ(seen.size(), 4U);
  EXPECT_EQ(seen[1], "");
  EXPECT_EQ(seen[2], head + first) << "finished by the first row of the next";
  EXPECT_EQ(seen[3], head + first + second) << "finished by an empty line";
  EXPECT_THAT(answer, HasSubstr("2024-01-04,B,\"ema(close, 2)\",\n"));
}

TEST_F(LiveStream, SymbolsMayBeginAnyDayAndTheRowsAreThoseOfAFile) {
  const std::string text =
      "date,symbol,close\n2024-01-02,B,10\n2024-01-03,A,11\n2024-01-03,B,8\n2024-01-04,C,3\n2024-01-04,A,12\n";
  pipe({text});
  const Outcome piped = must(stream(R"j(, "output": ")j" + parts.folder + "/piped.csv\""));
  const std::string file = write("all.csv", text);
  world.out = {};
  const Outcome filed =
      good("factor", "stream", R"j({"formula": ["ema(close, 2)", "rank(close)"], "data": ")j" + file + "\"}");
  // A file knows every symbol from its first session on; a pipe from the symbol's.
  std::string expected;
  for (const std::string_view line : split(filed.payload, '\n')) {
    const bool is_before =
        line.starts_with("2024-01-02,A") || line.starts_with("2024-01-02,C") || line.starts_with("2024-01-03,C");
    expected += is_before || line.empty() ? std::string() : std::string(line) + "\n";
  }
  EXPECT_EQ(must(read_file(parts.folder + "/piped.csv")), expected);
  EXPECT_EQ(piped.data.at_path("state.sessions")->as_int(), 3);
}

TEST_F(LiveStream, GoesOnFromAStateAndLeavesOne) {
  const std::string state =
      R"j(, "state": ")j" + parts.folder + R"j(/s.state", "output": ")j" + parts.folder + "/o.csv\"";
  pipe({"date,symbol,close\n2024-01-02,A,10\n2024-01-03,A,11\n"});
  ASSERT_TRUE(stream(state));
  pipe({"date,symbol,close\n2024-01-03,A,11\n2024-01-04,A,12\n"});
  const Outcome out = must(stream(state));
  EXPECT_EQ(out.data.at_path("state.sessions")->as_int(), 3);
  EXPECT_THAT(must(read_file(parts.folder + "/o.csv")), HasSubstr("2024-01-04,A,\"ema(close, 2)\",11.55"));
  EXPECT_THAT(out.warnings, ::testing::Contains(HasSubstr("note: 1 session of the input up to where the state ended")));
  pipe({"date,symbol,close\n2024-01-03,A,11\n"});
  EXPECT_EQ(stream(state).error().number(), E::E2101);
}

TEST_F(LiveStream, RefusesWhatComesTooLateOrTwice) {
  const auto refused = [&](const std::string& rows) {
    pipe({"date,symbol,close\n" + rows});
    const Result<Outcome> out = stream();
    return out ? std::string("answered") : fmt::format("{} {}", to_string(out.error().number()), out.error().message());
  };
  EXPECT_EQ(refused("2024-01-03,A,1\n2024-01-02,A,2\n"),
            "E2027 a row of 2024-01-02 comes after 2024-01-03 was finished");
  EXPECT_EQ(refused("2024-01-03,A,1\n\n2024-01-03,B,2\n"),
            "E2027 a row of 2024-01-03 comes after 2024-01-03 was finished");
  EXPECT_EQ(refused("2024-01-03,A,1\n2024-01-03,B,2\n2024-01-03,A,7\n"),
            "E2012 stdin has two rows for A on 2024-01-03 with different values: lines 2 and 4");
  EXPECT_THAT(refused("2024-01-03,A,x1\n2024-01-04,A,2\n"), HasSubstr("column of words"));
  EXPECT_THAT(refused("2024-01-03,A\n"), HasSubstr("E2009"));
  EXPECT_THAT(refused(""), HasSubstr("E2101"));
  world.in = {};
  EXPECT_EQ(stream().error().number(), E::E8);
}

TEST_F(LiveStream, AQuotedLineBreakIsPartOfItsCell) {
  pipe({"date,symbol,close,sector\n2024-01-02,A,10,\"two\nlines\"\n2024-01-02,B,20,\"two\n",
        "lines\"\n2024-01-02,C,5,one\n", "2024-01-03,A,11,one\n"});
  const Result<Outcome> out =
      call("factor", "stream", R"j({"formula": ["indneutralize(close, sector)"], "data": "-"})j");
  ASSERT_TRUE(out) << render(out.error());
  EXPECT_THAT(answer, HasSubstr("2024-01-02,A,\"indneutralize(close, sector)\",-5\n"));
  EXPECT_THAT(answer, HasSubstr("2024-01-02,B,\"indneutralize(close, sector)\",5\n"));
}

TEST_F(LiveStream, AColumnMayBeEmptyInTheFirstSession) {
  const std::string rows = "2024-01-02,A,10,\n2024-01-02,B,20,\n2024-01-03,A,11,{0}\n2024-01-03,B,13,{0}\n";
  for (const char* word : {"one", "7370"}) {  // Words, or codes of numbers
    pipe({"date,symbol,close,sector\n" + fmt::format(fmt::runtime(rows), word)});
    const Result<Outcome> out =
        call("factor", "stream", R"j({"formula": ["indneutralize(close, sector)", "rank(close)"], "data": "-"})j");
    ASSERT_TRUE(out) << render(out.error());
    EXPECT_FALSE(out->finding);
    EXPECT_THAT(answer, HasSubstr("2024-01-02,A,\"indneutralize(close, sector)\",\n"));
    EXPECT_THAT(answer, HasSubstr("2024-01-03,A,\"indneutralize(close, sector)\",-1\n")) << word;
  }
}

TEST_F(LiveStream, ARowWithoutAnEndIsRefusedAndNotGathered) {
  const std::string much(65'536, 'x');
  std::vector<std::string> pieces = {"date,symbol,close\n2024-01-02,A,\""};
  pieces.resize(40, much);
  pipe(pieces);
  const Result<Outcome> out = stream();
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().number(), E::E2009);
  EXPECT_THAT(render(out.error()), HasSubstr("stdin:2 | 2024-01-02,A"));
  EXPECT_THAT(out.error().hint(), HasSubstr("quote that is never closed"));
  EXPECT_LT(seen.size(), 20U) << "no more than the limit was read";
}

// What was piped in can be corrected from a file: both tell the same inputs.
TEST_F(LiveStream, AStateOfAPipeKnowsWhatItWasMadeOf) {
  const std::string head = "date,symbol,close\n";
  const std::string days = "2024-01-02,B,10\n2024-01-02,A,9\n2024-01-03,A,11\n2024-01-03,B,8\n2024-01-04,C,3\n";
  const std::string state = parts.folder + "/live.state";
  const std::string more = fmt::format(R"j(, "state": "{}", "output": "{}")j", state, parts.folder + "/piped.csv");
  pipe({head + days});
  must(stream(more));
  world.out = {};
  const auto filed = [&](const std::string& text, const std::string& flags) {
    return good("factor", "stream",
                R"j({"formula": ["ema(close, 2)", "rank(close)"], "data": ")j" + write("l.csv", head + text) + "\"" +
                    more + flags + "}");
  };
  const Outcome same = filed(days + "2024-01-05,A,7\n", "");
  EXPECT_EQ(same.data.at_path("state.differing")->as_int(), 0);
  const Outcome other = filed("2024-01-02,B,10.5\n" + days.substr(days.find('\n') + 1) + "2024-01-05,A,7\n",
                              R"j(, "correct": true, "yes": true)j");
  EXPECT_EQ(other.data.at_path("state.differing")->as_int(), 1);
  EXPECT_EQ(other.data.at_path("state.corrected")->as_int(), 4);
}

}  // namespace
}  // namespace lode::flow
