// The progress line on a clock that stands still until told, and Ctrl-C.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/progress_line.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <cstdlib>

#include "lode/app/cli/test_screen.h"
#include "lode/base/must.h"
#include "lode/base/test_world.h"

namespace lode::cli {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kMilli = 1'000'000;

class ProgressLineTest : public ::testing::Test {
 protected:
  // What was drawn when `report` was called `nanos` after the start.
  std::string drawn(ProgressLine& line, std::int64_t after_ms, std::int64_t done = 10, std::int64_t total = 100) {
    screen.err.clear();
    clock.advance(after_ms * kMilli);
    EXPECT_TRUE(line.callback()("reading", done, total));
    return screen.err;
  }

  Screen screen;
  FixedClock clock{must(parse_as_of("2026-01-05T12:00:00Z"))};
};

TEST_F(ProgressLineTest, IsSilentForTheFirstThreeTenthsOfASecond) {
  screen.is_terminal = true;
  const Terminal terminal = screen.terminal();
  ProgressLine line(terminal, clock, false);
  EXPECT_EQ(drawn(line, 0), "");
  EXPECT_EQ(drawn(line, 299), "");
  EXPECT_THAT(drawn(line, 1), HasSubstr("\r\x1b[K"
                                        "reading  10/100"));
}

TEST_F(ProgressLineTest, KeepsWhenEachPhaseBeganAndHowLongItLasted) {
  const Terminal terminal = screen.terminal();
  ProgressLine line(terminal, clock, true);
  EXPECT_TRUE(line.phases().empty());
  const Progress report = line.callback();
  clock.advance(5 * kMilli);
  report("reading", 0, 100);
  clock.advance(20 * kMilli);
  report("reading", 100, 100);
  clock.advance(10 * kMilli);
  report("judging", 0, 0);
  clock.advance(7 * kMilli);
  const std::vector<ProgressLine::Phase> phases = line.phases();
  ASSERT_EQ(phases.size(), 2U);
  EXPECT_EQ(phases[0].name, "reading");
  EXPECT_EQ(phases[0].begin_nanos, 5 * kMilli);
  EXPECT_EQ(phases[0].nanos, 30 * kMilli) << "until the next one begins";
  EXPECT_EQ(phases[0].done, 100);
  EXPECT_EQ(phases[1].name, "judging");
  EXPECT_EQ(phases[1].begin_nanos, 35 * kMilli);
  EXPECT_EQ(phases[1].nanos, 7 * kMilli) << "until now";
}

TEST_F(ProgressLineTest, NamesAPhaseThatCountsNothingAlone) {
  screen.is_terminal = true;
  const Terminal terminal = screen.terminal();
  ProgressLine line(terminal, clock, false);
  EXPECT_EQ(drawn(line, 300, 0, 0), "\r\x1b[Kreading");
}

TEST_F(ProgressLineTest, IsRedrawnTenTimesASecondAtMost) {
  screen.is_terminal = true;
  const Terminal terminal = screen.terminal();
  ProgressLine line(terminal, clock, false);
  EXPECT_NE(drawn(line, 300), "");
  EXPECT_EQ(drawn(line, 99), "");
  EXPECT_NE(drawn(line, 1), "");
}

TEST_F(ProgressLineTest, TellsRateAndTimeLeft) {
  screen.is_terminal = true;
  const Terminal terminal = screen.terminal();
  ProgressLine line(terminal, clock, false);
  drawn(line, 0, 0, 20'000);
  EXPECT_EQ(drawn(line, 5'000, 10'000, 20'000), "\r\x1b[Kreading  10,000/20,000  2,000/s  ETA 5 s");
  EXPECT_EQ(drawn(line, 5'000, 20'000, 0), "\r\x1b[Kreading  20,000  2,000/s");
}

TEST_F(ProgressLineTest, SaysAtOnceWhatIsWaitedForAndOnlyOnce) {
  const Terminal terminal = screen.terminal();
  ProgressLine line(terminal, clock, false);
  clock.advance(350 * kMilli);
  EXPECT_TRUE(line.callback()("waiting for process 7", 0, -1));
  EXPECT_EQ(screen.err, "waiting for process 7\n") << "no terminal";
  clock.advance(50 * kMilli);
  EXPECT_TRUE(line.callback()("waiting for process 7", 0, -1));
  EXPECT_EQ(screen.err, "waiting for process 7\n");
  EXPECT_TRUE(line.callback()("waiting for process 8", 0, -1));
  EXPECT_EQ(screen.err, "waiting for process 7\nwaiting for process 8\n");
}

TEST_F(ProgressLineTest, LeavesNothingBehind) {
  screen.is_terminal = true;
  const Terminal terminal = screen.terminal();
  {
    ProgressLine line(terminal, clock, false);
    drawn(line, 400);
    screen.err.clear();
  }
  EXPECT_EQ(screen.err, "\r\x1b[K");
}

TEST_F(ProgressLineTest, IsOnePlainLineEachHalfMinuteElsewhere) {
  const Terminal terminal = screen.terminal();
  ProgressLine line(terminal, clock, false);
  EXPECT_EQ(drawn(line, 29'999), "");
  EXPECT_THAT(drawn(line, 1), ::testing::MatchesRegex("reading  10/100[^\r\x1b]*\n"));
  EXPECT_EQ(drawn(line, 29'999), "");
  EXPECT_NE(drawn(line, 1), "");
}

TEST_F(ProgressLineTest, DrawsNoColourOnAPlainTerminal) {
  screen.is_terminal = true;
  screen.plain = true;
  const Terminal terminal = screen.terminal();
  ProgressLine line(terminal, clock, false);
  EXPECT_EQ(drawn(line, 400), "");
  EXPECT_THAT(drawn(line, 30'000), ::testing::Not(HasSubstr("\x1b")));
}

TEST_F(ProgressLineTest, IsSilentWhenQuiet) {
  screen.is_terminal = true;
  const Terminal terminal = screen.terminal();
  ProgressLine line(terminal, clock, true);
  EXPECT_EQ(drawn(line, 60'000), "");
}

TEST(Interrupt, OnceAsksForACleanStop) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto once = [] {
    catch_interrupts();
    Screen screen;
    const Terminal terminal = screen.terminal();
    FixedClock clock{Time{0}};
    ProgressLine line(terminal, clock, false);
    const bool before = line.callback()("reading", 1, 2);
    raise(SIGINT);
    const bool after = line.callback()("reading", 1, 2);
    std::_Exit(before && !after && interrupted() ? 0 : 1);
  };
  EXPECT_EXIT(once(), ::testing::ExitedWithCode(0), "");
}

TEST(Interrupt, SigtermStopsCleanlyAndAsksToBeTriedAgain) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto ended = [](int second) {
    catch_interrupts();
    raise(SIGTERM);
    if (second != 0) {
      raise(second);
    }
    std::_Exit(interrupted() ? exit_code_of_stop(130) : 1);
  };
  EXPECT_EXIT(ended(0), ::testing::ExitedWithCode(75), "");
  EXPECT_EXIT(ended(SIGTERM), ::testing::ExitedWithCode(75), "");
  EXPECT_EXIT(ended(SIGINT), ::testing::ExitedWithCode(130), "") << "a person in a hurry";
  EXPECT_EQ(exit_code_of_stop(130), 130);
  EXPECT_EQ(exit_code_of_stop(65), 65);
}

TEST(Interrupt, TwiceEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto twice = [] {
    catch_interrupts();
    raise(SIGINT);
    raise(SIGINT);
    std::_Exit(0);
  };
  EXPECT_EXIT(twice(), ::testing::ExitedWithCode(130), "");
}

}  // namespace
}  // namespace lode::cli
