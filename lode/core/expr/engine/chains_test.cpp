// Chains of real programs: every action once, in order, and no value read from another chain's slots.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/engine/chains.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "lode/base/must.h"
#include "lode/core/expr/random_formula.h"

namespace lode::expr::engine {
namespace {

Program program_of(const std::vector<std::string>& formulas) {
  static const OperatorTable table;
  std::vector<Program> programs;
  for (const std::string& formula : formulas) {
    if (Result<Program> program = compile(formula, **find_profile("paper"), table)) {
      programs.push_back(std::move(*program));
    }
  }
  return merge(programs);
}

// What stands in the slots of a chain, as it is run: each read must find the value it is meant to find.
void expect_slots_hold(const Stage& stage, const std::vector<std::uint32_t>& chain, const Program& program) {
  std::map<std::uint32_t, std::uint32_t> node_in;  // By slot.
  const auto expect = [&](Place place, std::uint32_t node) {
    if (place.kind == Place::Kind::kSlot) {
      ASSERT_TRUE(node_in.contains(place.index)) << "slot " << place.index << " was never written in this chain";
      EXPECT_EQ(node_in[place.index], node);
    }
  };
  for (const std::uint32_t index : chain) {
    const Action& action = stage.actions[index];
    if (action.kind == Action::Kind::kRun) {
      std::size_t at = 0;
      for (const std::uint32_t operand : program.nodes[action.node].operands) {
        if (program.nodes[operand].kind != NodeKind::kGroupField) {
          expect(action.operands[at++], operand);
        }
      }
    } else if (action.kind != Action::Kind::kLoad) {
      expect(action.from, action.node);
    }
    if (action.to.kind == Place::Kind::kSlot && action.kind != Action::Kind::kEmit) {
      node_in[action.to.index] = action.node;
    } else if (action.to.kind == Place::Kind::kOutput) {
      node_in[action.to.slot] = action.node;
    }
  }
}

void expect_chains(const Program& program, bool is_masked, std::size_t& most) {
  const Plan plan = make_plan(program, is_masked);
  for (const Stage& stage : plan.stages) {
    if (stage.is_series) {
      continue;
    }
    const auto chains = chains_of(stage, program.nodes);
    most = std::max(most, chains.size());
    std::set<std::uint32_t> seen;
    std::size_t size = SIZE_MAX;
    for (const auto& chain : chains) {
      seen.insert(chain.begin(), chain.end());
      EXPECT_LE(chain.size(), size) << "longer chains come first";
      size = chain.size();
      ASSERT_NO_FATAL_FAILURE(expect_slots_hold(stage, chain, program));
    }
    std::size_t count = 0;
    for (const auto& chain : chains) {
      count += chain.size();
    }
    EXPECT_EQ(seen.size(), stage.actions.size());
    EXPECT_EQ(count, stage.actions.size());
  }
}

TEST(Chains, HoldEveryActionOnceWithTheValuesItReads) {
  std::size_t most = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    std::vector<std::string> formulas = {"rank(ts_mean(close, 3)) + rank(ts_max(volume, 4))",
                                         "rank(open) * rank(close)",
                                         "indneutralize(zscore(close) - rank(ts_std(close, 5)), sector)", "close", "2"};
    for (std::uint64_t i = 0; i < seed; ++i) {
      formulas.push_back(testing::RandomFormula(100 * seed + i).expression(4));
    }
    const Program program = program_of(formulas);
    ASSERT_NO_FATAL_FAILURE(expect_chains(program, true, most));
    ASSERT_NO_FATAL_FAILURE(expect_chains(program, false, most));
  }
  EXPECT_GT(most, 5U);
}

TEST(Chains, AreApartWhereNothingIsShared) {
  const Program program =
      program_of({"rank(ts_mean(close, 3))", "rank(ts_mean(open, 3)) - 1", "rank(ts_mean(low, 3))"});
  const Plan plan = make_plan(program, true);
  ASSERT_EQ(plan.stages.size(), 2U);
  EXPECT_EQ(chains_of(plan.stages[1], program.nodes).size(), 3U);
}

}  // namespace
}  // namespace lode::expr::engine
