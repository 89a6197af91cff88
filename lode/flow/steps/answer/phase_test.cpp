// A phase is told, and the place where a stop is heard.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/phase.h"

#include <gmock/gmock.h>

#include "lode/flow/verb_testing.h"

namespace lode::flow {
namespace {

using ::testing::IsSupersetOf;
using Phases = testing::Verbs;

TEST_F(Phases, AreToldInOrder) {
  std::vector<std::string> told;
  world.progress = [&](std::string_view phase, std::int64_t, std::int64_t) {
    told.emplace_back(phase);
    return true;
  };
  EXPECT_TRUE(begin_phase(world, "one"));
  EXPECT_TRUE(begin_phase(world, "two"));
  EXPECT_THAT(told, ::testing::ElementsAre("one", "two"));
}

TEST_F(Phases, AStopEndsTheStep) {
  world.progress = [](std::string_view, std::int64_t, std::int64_t) { return false; };
  const Result<void> stopped = begin_phase(world, "judging");
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().number(), E::E10);
  EXPECT_EQ(stopped.error().message(), "stopped before judging: nothing was recorded");
  world.progress = {};
  EXPECT_TRUE(begin_phase(world, "judging")) << "nobody waits, so nobody stops";
}

TEST_F(Phases, OfResearchAreThree) {
  import("bars", testing::kBars);
  std::vector<std::string> told;
  world.progress = [&](std::string_view phase, std::int64_t, std::int64_t) {
    told.emplace_back(phase);
    return true;
  };
  static_cast<void>(call("factor", "eval", R"j({"formula": "rank(close)"})j"));
  EXPECT_THAT(told, IsSupersetOf({"reading panels", "computing"}));
  world.progress = [](std::string_view, std::int64_t, std::int64_t) { return false; };
  EXPECT_EQ(testing::number_of(call("factor", "eval", R"j({"formula": "rank(open)"})j")), E::E10);
  EXPECT_EQ(good("runs", "list", "{}").data.find("runs")->as_array().size(), 0U) << "a stopped one is no run";
}

}  // namespace
}  // namespace lode::flow
