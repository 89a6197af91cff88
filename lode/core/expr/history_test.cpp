// Formulas that find no value: the window, the history, and a caret where they meet.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/history.h"

#include <gtest/gtest.h>

#include "lode/base/error.h"
#include "lode/base/must.h"
#include "lode/core/expr/profile.h"

namespace lode::expr {
namespace {

Error asked(std::string_view text, std::size_t sessions, std::size_t names = 3) {
  const OperatorTable table;
  const Program program = must(compile(text, *must(find_profile("lode")), table));
  return no_value(text, program.lookback(), table, sessions, names);
}

TEST(NoValue, PointsAtTheWindowThatIsLongerThanTheHistory) {
  EXPECT_EQ(render(asked("rank(ts_mean(close, 2000))", 1260)),
            "error[E1105]: the window of ts_mean is 2,000 sessions, the history has 1,260 sessions\n"
            "  1 | rank(ts_mean(close, 2000))\n"
            "    |                     ^^^^\n"
            "help: take a shorter window, or a longer history: --from and --to, or lode data import");
  EXPECT_EQ(asked("ts_corr(close, ts_mean(volume, 5), 61)", 60).message(),
            "the window of ts_corr is 61 sessions, the history has 60 sessions");
  EXPECT_EQ(asked("close / Ref(close, 2)", 1).message(), "the window of ref is 2 sessions, the history has 1 session");
}

TEST(NoValue, KnowsTheWindowInsideAdv) {
  const Error error = asked("volume * close / adv20", 12);
  EXPECT_EQ(error.message(), "the window of adv20 is 20 sessions, the history has 12 sessions");
  EXPECT_EQ(error.where(), "  1 | volume * close / adv20\n    |                  ^^^^^");
}

TEST(NoValue, AddsUpWindowsOfWindows) {
  const Error error = asked("ts_mean(ts_mean(close, 8), 5)", 10);
  EXPECT_EQ(error.number(), E::E1105);
  EXPECT_EQ(error.message(), "the formula needs 11 sessions before its first value, the history has 10 sessions");
  EXPECT_EQ(error.where(), "  1 | ts_mean(ts_mean(close, 8), 5)\n    | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^");
}

TEST(NoValue, DoesNotBlameAWindowThatFits) {
  const Error error = asked("ts_mean(log(close - close), 5)", 10, 4);
  EXPECT_EQ(error.number(), E::E1114);
  EXPECT_EQ(error.message(), "the factor has no value: all 40 cells of 10 sessions and 4 names are missing");
  EXPECT_TRUE(error.where().empty());
}

}  // namespace
}  // namespace lode::expr
