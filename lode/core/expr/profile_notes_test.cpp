// What is said of the profiles against what they compute.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/profile_notes.h"

#include <gmock/gmock.h>

#include "lode/core/expr/example.h"

namespace lode::expr {
namespace {

// Without this an operator whose example differs would have a page that keeps silent.
TEST(ProfileNotes, EveryOperatorWhoseExampleDiffersSaysHow) {
  const OperatorTable table;
  Pool pool(1);
  for (const Operator* op : operator_catalog()) {
    const Trap trap = trap_of(*op);
    const auto own = run_example(trap.formula, trap.fields, **find_profile("lode"), table, pool);
    ASSERT_TRUE(own) << trap.formula;
    for (const Profile& profile : profiles()) {
      const auto rows = run_example(trap.formula, trap.fields, profile, table, pool);
      bool same = rows.has_value() && rows->size() == own->size();
      for (std::size_t row = 0; same && row < own->size(); ++row) {
        for (std::size_t column = 0; column < (*own)[row].size(); ++column) {
          const double a = (*own)[row][column];
          const double b = (*rows)[row][column];
          same = same && (a == b || (a != a && b != b));
        }
      }
      if (!same) {
        EXPECT_FALSE(profile_notes(op->spec).empty()) << op->spec.name << " under " << profile.name;
      }
    }
  }
}

TEST(ProfileNotes, EveryNameIsAnOperators) {
  const OperatorTable table;
  EXPECT_THAT(profile_notes(table.find("ts_std")->spec), ::testing::Contains(::testing::HasSubstr("by n, under")));
  EXPECT_THAT(profile_notes(table.find("rank")->spec), ::testing::SizeIs(2));
  EXPECT_TRUE(profile_notes(table.find("add")->spec).empty());
}

TEST(ProfileNotes, InfiniteCellsLiveOnUnderQlibAlone) {
  const OperatorTable table;
  Pool pool(1);
  const auto cell = [&](const char* name) { return infinite_cell(*table.find(name), table, pool); };
  // 1 / (y / 0) is 0 where an infinite cell is a number.
  const auto div = cell("div");
  ASSERT_TRUE(div);
  EXPECT_EQ(div->value, 0.0) << div->formula;
  const auto sign = cell("sign");
  ASSERT_TRUE(sign);
  EXPECT_EQ(sign->formula, "sign(1 / x)");
  EXPECT_EQ(sign->operands, "`x` is 0");
  EXPECT_EQ(sign->value, 1.0);
  for (const char* name : {"tanh", "clip", "floor", "log", "exp", "pow", "fill", "gt", "where"}) {
    EXPECT_TRUE(cell(name)) << name;
  }
  EXPECT_FALSE(cell("rank")) << "a cross-section reads it as missing";
  EXPECT_FALSE(cell("ts_mean"));
}

}  // namespace
}  // namespace lode::expr
