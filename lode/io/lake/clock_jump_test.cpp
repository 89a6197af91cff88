// A clock that jumps (F10): back an hour, forward ten years, in the middle of a commit. What is newest is decided by
// the order of commits and never by the clock, event times stay, and what was not stored is said.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "lode/base/random.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/testing.h"

namespace lode::lake::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ClockJump : public LakeTest {
 protected:
  // The age of a file is told by this machine's clock.
  void set_to_now() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    clock.advance(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count() - clock.now().nanos);
  }
};

constexpr std::int64_t kHour = 3600 * kNanosPerSecond;
constexpr std::int64_t kTenYears = 3653 * kNanosPerDay;

TEST_F(ClockJump, TheLastCommitWinsWhateverTheClockSays) {
  const auto lake = open();
  Random random(11, 1);
  const std::int64_t jumps[] = {kHour, -kHour, kTenYears, -kTenYears, 1, -1, kNanosPerDay, -kNanosPerDay};
  std::vector<Time> received;
  for (int i = 0; i < 40; ++i) {
    clock.advance(jumps[random.next_below(std::size(jumps))]);
    received.push_back(clock.now());
    ASSERT_EQ(import(*lake, bars({{1, day(2021, 1, 4), 1.0 + i}}), std::to_string(i), clock.now()), i + 1);
    ASSERT_THAT(lines(read(*lake->snapshot())), ElementsAre("1 2021-01-04 " + std::to_string(i + 1)));
  }
  const Batch row = read(*lake->snapshot());
  EXPECT_EQ(row.column("event_time").times()[0], end_of_day(day(2021, 1, 4)).nanos) << "no clock touches it";
  EXPECT_EQ(row.column("known_time").times()[0], received.back().nanos);
  ASSERT_TRUE(lake->compact("bars").has_value());
  EXPECT_THAT(lines(read(*lake->snapshot())), ElementsAre("1 2021-01-04 40")) << "a merge keeps the order of commits";
  const auto commits = *lake->commits();
  for (std::size_t i = 0; i < received.size(); ++i) {
    EXPECT_EQ(commits[i].id, static_cast<CommitId>(i + 1));
    EXPECT_EQ(commits[i].time, received[i]) << "what the clock said is kept as it was";
  }
  fmt::print("fault=F10 workload=lake points={} lost=0 dup=0\n", received.size());
}

TEST_F(ClockJump, APastAsOfShowsWhatItsTimeStampsSay) {
  const auto lake = open();
  import(*lake, bars({{1, day(2021, 1, 4), 1.0}}), "first", clock.now());
  const Time before = clock.now();
  clock.advance(-kHour);  // The correction is received "before" the first import.
  import(*lake, bars({{1, day(2021, 1, 4), 2.0}}), "second", clock.now());
  EXPECT_THAT(lines(read(*lake->snapshot(), {.as_of = before})), ElementsAre("1 2021-01-04 2"));
  EXPECT_THAT(lines(read(*lake->snapshot(), {.as_of = Time{before.nanos - 2 * kHour}})), ElementsAre("1 2021-01-04 1"));
  EXPECT_THAT(lines(read(*lake->snapshot(1))), ElementsAre("1 2021-01-04 1")) << "commits do not care";
}

TEST_F(ClockJump, AVacuumInTheFutureHarmsNoCommit) {
  set_to_now();
  const auto lake = open();
  import(*lake, bars({{1, day(2021, 1, 4), 1.0}}), "a");
  auto writer = lake->writer();
  ASSERT_TRUE(writer->append("bars", bars({{2, day(2021, 1, 4), 2.0}}), clock.now()).has_value());
  EXPECT_EQ(lake->vacuum(true)->files, 0) << "a fresh part belongs to somebody";
  clock.advance(kTenYears);
  EXPECT_EQ(lake->vacuum(true)->files, 1) << "ten years old, as the clock has it";
  const auto commit = writer->commit("b", "data import", {});
  ASSERT_EQ(number_of(commit), E::E8005) << "never a commit without its bytes";
  EXPECT_THAT(commit.error().message(), HasSubstr("is gone before its commit"));
  EXPECT_EQ(lake->commits()->size(), 1U);
  import(*lake, bars({{2, day(2021, 1, 4), 2.0}}), "b");
  EXPECT_THAT(lines(read(*lake->snapshot())), ElementsAre("1 2021-01-04 1", "2 2021-01-04 2"));
  EXPECT_THAT(lake->verify()->damaged, ElementsAre());
}

TEST_F(ClockJump, AVacuumInThePastRemovesNothing) {
  const auto lake = open();
  import(*lake, bars({{1, day(2021, 1, 4), 1.0}}), "a");
  ASSERT_TRUE(write_durably(folder + "/tables/bars/year=2021/part-99.parquet", "left over").has_value());
  clock.advance(-20 * kTenYears);
  EXPECT_EQ(lake->vacuum(true)->files, 0);
  EXPECT_EQ(read(*lake->snapshot()).rows(), 1U);
}

}  // namespace
}  // namespace lode::lake::testing
