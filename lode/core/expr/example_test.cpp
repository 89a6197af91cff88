// Examples computed: as their Specs say, and of every operator at its traps.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/example.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "lode/base/error.h"

namespace lode::expr {
namespace {

using ::testing::ElementsAre;

const OperatorTable& table() {
  static const OperatorTable table;
  return table;
}
const Profile& profile(std::string_view name) { return **find_profile(name); }

TEST(Examples, PanelsAreReadByFieldSessionAndInstrument) {
  const auto panels = example_panels("x: 1 2 | nan 4 ; g: 1 -1 | 1 1");
  ASSERT_EQ(panels.size(), 2U);
  EXPECT_EQ(panels[0].name, "x");
  EXPECT_THAT(panels[0].rows[0], ElementsAre(1.0, 2.0));
  EXPECT_TRUE(std::isnan(panels[0].rows[1][0]));
  EXPECT_THAT(panels[1].rows[0], ElementsAre(1.0, -1.0));
}

TEST(Examples, AreComputedUnderTheProfileAsked) {
  Pool pool(1);
  const auto value = [&](const char* formula, const char* name) {
    return run_example(formula, "x: 2 | nan | 6", profile(name), table(), pool)->back().front();
  };
  EXPECT_TRUE(std::isnan(value("ts_mean(x, 3)", "lode")));
  EXPECT_EQ(value("ts_mean(x, 3)", "qlib"), 4.0);
  EXPECT_EQ(value("ts_sum(x, 1)", "brain"), 6.0);
}

TEST(Examples, AFormulaThatIsNoneUnderAProfileSaysWhy) {
  Pool pool(1);
  const auto rows = run_example("ts_rank(x, 2, ties=min)", "x: 1 | 2", profile("paper"), table(), pool);
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().number(), E::E1110);
}

// Every operator has a trap that runs and gives a number somewhere, under all profiles that have the operator.
TEST(Examples, EveryOperatorHasATrapThatRuns) {
  Pool pool(1);
  for (const Operator* op : table().all()) {
    const Trap trap = trap_of(*op);
    for (const Profile& each : profiles()) {
      const auto rows = run_example(trap.formula, trap.fields, each, table(), pool);
      const bool may_lack =
          each.name == "qlib" || each.name == "paper" || each.name == "street" || each.name == "brain";
      ASSERT_TRUE(rows || may_lack) << trap.formula << " " << each.name << ": " << render(rows.error());
      int numbers = 0;
      for (std::size_t row = 0; rows && row < rows->size(); ++row) {
        numbers += static_cast<int>(std::ranges::count_if((*rows)[row], [](double x) { return !std::isnan(x); }));
      }
      EXPECT_TRUE(!rows || numbers > 0) << trap.formula << " of " << trap.fields << " under " << each.name;
    }
  }
}

}  // namespace
}  // namespace lode::expr
