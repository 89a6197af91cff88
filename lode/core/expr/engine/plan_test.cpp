// Plans: which stages a formula needs, what is kept, and that memory is reused.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/engine/plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>

namespace lode::expr::engine {
namespace {

Program compiled(std::string_view formula) {
  static const OperatorTable table;
  Result<Program> program = compile(formula, **find_profile("lode"), table);
  EXPECT_TRUE(program) << formula;
  return std::move(*program);
}

Plan plan_of(std::string_view formula, bool is_masked = false) { return make_plan(compiled(formula), is_masked); }

std::size_t count(const Plan& plan, std::size_t stage, Action::Kind kind) {
  const std::vector<Action>& actions = plan.stages.at(stage).actions;
  return static_cast<std::size_t>(std::ranges::count(actions, kind, &Action::kind));
}
constexpr auto kRun = Action::Kind::kRun;
constexpr auto kLoad = Action::Kind::kLoad;

TEST(Plan, ElementwiseFormulasStayInRows) {
  const Plan plan = plan_of("(close - open) / (high - low)");
  ASSERT_EQ(plan.stages.size(), 2U);
  EXPECT_EQ(count(plan, 0, kRun), 0U);
  EXPECT_EQ(count(plan, 1, kRun), 3U);
  EXPECT_EQ(count(plan, 1, kLoad), 4U);
  EXPECT_EQ(plan.slabs, 0U);
  EXPECT_TRUE(plan.history_rows.empty());
}

TEST(Plan, StagesAlternateAndElementwiseJoinsItsOperands) {
  const Plan plan = plan_of("-ts_corr(rank(close), rank(log(volume)), 10)");
  ASSERT_EQ(plan.stages.size(), 3U);
  EXPECT_FALSE(plan.stages[1].is_series);
  EXPECT_EQ(count(plan, 1, kRun), 3U);  // log, rank, rank
  EXPECT_TRUE(plan.stages[2].is_series);
  EXPECT_EQ(count(plan, 2, kRun), 2U);  // ts_corr, neg
  EXPECT_EQ(plan.slabs, 2U);
  EXPECT_EQ(plan.history_rows, (std::vector<std::size_t>{9, 9}));
}

TEST(Plan, KeepsTheRowsOfTheLongestReader) {
  const Plan plan = plan_of("ts_mean(close, 5) + ts_std(close, 20) + delay(close, 7) + ema(close, 90)");
  EXPECT_EQ(plan.history_rows, (std::vector<std::size_t>{19}));
  EXPECT_EQ(plan.states, 1U);
  EXPECT_EQ(count(plan, 0, Action::Kind::kKeep), 1U);
  EXPECT_EQ(count(plan, 0, kLoad), 1U);
}

TEST(Plan, LeavesValuesFromOneSeriesStageToALaterOne) {
  const Plan plan = plan_of("ts_mean(close, 3) * ts_sum(rank(close), 4)");
  ASSERT_EQ(plan.stages.size(), 3U);
  std::vector<std::size_t> kept = plan.history_rows;
  std::ranges::sort(kept);
  EXPECT_EQ(kept, (std::vector<std::size_t>{0, 2, 3}));  // The mean itself, close, rank.
}

TEST(Plan, ReusesSlotsAndSlabs) {
  std::string chain = "close";
  for (int i = 0; i < 30; ++i) {
    chain = "(" + chain + " + open) * high";
  }
  EXPECT_LE(plan_of(chain).stages[1].slots, 4U);
  std::string ranks = "close";
  for (int i = 0; i < 12; ++i) {
    ranks = "ts_mean(rank(" + ranks + "), 3)";
  }
  const Plan plan = plan_of(ranks);
  EXPECT_EQ(plan.stages.size(), 25U);
  EXPECT_LE(plan.slabs, 3U);
}

TEST(Plan, MasksWhatCrossSectionsReadUnlessItIsMaskedAlready) {
  EXPECT_EQ(count(plan_of("zscore(rank(close))", true), 1, Action::Kind::kMask), 1U);
  EXPECT_EQ(count(plan_of("zscore(rank(close))", false), 1, Action::Kind::kMask), 0U);
  EXPECT_EQ(count(plan_of("ts_mean(close, 3)", true), 0, Action::Kind::kMask), 0U);
}

TEST(Plan, SharesWhatFormulasHaveInCommon) {
  const std::vector<Program> programs = {compiled("rank(ts_mean(close, 5))"), compiled("rank(ts_mean(close, 5)) + 1"),
                                         compiled("rank(ts_mean(close, 5))")};
  const Plan plan = make_plan(merge(programs), false);
  EXPECT_EQ(count(plan, 0, kRun), 1U);
  EXPECT_EQ(count(plan, 1, kRun), 2U);
  EXPECT_EQ(plan.outputs.size(), 2U);
  EXPECT_EQ(plan.output_of_root, (std::vector<std::uint32_t>{0, 1, 0}));
}

// No slot, within a task, is written while a later action still reads what it holds.
TEST(Plan, NeverOverwritesWhatIsStillRead) {
  const Plan plan = plan_of(
      "rank(close * open + high / low) * scale(rank(close - open) + rank(high) * (close * open)) - zscore(close * "
      "open)",
      true);
  for (const Stage& stage : plan.stages) {
    std::vector<std::uint32_t> holder(stage.slots, kNone);
    const auto writes = [&](const Action& action) {
      if (action.to.kind == Place::Kind::kSlot && action.to.index != kNone) {
        holder[action.to.index] = action.node;
      }
    };
    for (const Action& action : stage.actions) {
      if (action.kind == kRun) {
        for (const Place& operand : action.operands) {
          if (operand.kind == Place::Kind::kSlot) {
            EXPECT_NE(holder[operand.index], kNone);
            EXPECT_TRUE(action.to.kind != Place::Kind::kSlot || action.to.index != operand.index);
          }
        }
      }
      writes(action);
    }
  }
}

TEST(Plan, KnowsWhenItReadsAhead) {
  static const OperatorTable table;
  CompileOptions options;
  options.allow_lookahead = true;
  const Program ahead = *compile("delay(close, -1)", **find_profile("lode"), table, options);
  EXPECT_TRUE(make_plan(ahead, false).reads_ahead);
  EXPECT_FALSE(plan_of("delay(close, 1)").reads_ahead);
}

}  // namespace
}  // namespace lode::expr::engine
