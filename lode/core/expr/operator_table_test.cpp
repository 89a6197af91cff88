// Tests of the table, the signatures and the profiles.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "lode/base/text.h"
#include "lode/core/expr/notation.h"
#include "lode/core/expr/test_operators.h"

namespace lode::expr {
namespace {

using ::testing::Contains;
using testing::test_table;

TEST(OperatorTable, FindsNamesAndAliasesWithoutCase) {
  const Operator* op = test_table().find("ts_corr");
  ASSERT_NE(op, nullptr);
  EXPECT_EQ(test_table().find("Correlation"), op);
  EXPECT_EQ(test_table().find("TS_CORR"), op);
  EXPECT_EQ(test_table().find("ts_corrl"), nullptr);
  EXPECT_THAT(test_table().names(), Contains("correlation"));
}

TEST(OperatorTable, IsSortedByName) {
  const auto all = test_table().all();
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(),
                             [](const Operator* a, const Operator* b) { return a->spec.name < b->spec.name; }));
}

TEST(OperatorTableDeathTest, RefusesANameTwice) {
  OperatorTable table = test_table();
  const Operator again = testing::make("CORR", {}, {"x"}, Shape::kSeries, UnitRule::kSame);
  EXPECT_DEATH(table.add(again), "is_new");
}

TEST(Signature, ShowsParametersDefaultsAndRepetition) {
  EXPECT_EQ(signature(test_table().find("ts_corr")->spec), "ts_corr(x, y, days)");
  EXPECT_EQ(signature(test_table().find("ts_corr")->spec, "correlation"), "correlation(x, y, days)");
  EXPECT_EQ(signature(test_table().find("scale")->spec), "scale(x, a=1)");
  EXPECT_EQ(signature(test_table().find("neutralize")->spec), "neutralize(x, y..)");
}

TEST(Catalog, HasNoNameTwiceAndEverySpecIsFilledIn) {
  const OperatorTable table;  // Aborts on a double name.
  for (const Operator* op : table.all()) {
    EXPECT_EQ(lower(op->spec.name), op->spec.name);
    EXPECT_FALSE(op->spec.summary.empty()) << op->spec.name;
    EXPECT_FALSE(op->spec.parameters.empty()) << op->spec.name;
    EXPECT_TRUE(differing_meaning(op->spec.name).empty()) << op->spec.name;
  }
}

TEST(Profiles, AreFoundByNameWithoutCase) {
  ASSERT_TRUE(find_profile("Paper"));
  EXPECT_EQ((*find_profile("paper"))->min_max, MinMax::kLiteralIsWindow);
  EXPECT_EQ((*find_profile("lode"))->min_max, MinMax::kElementwise);
  EXPECT_EQ(profiles().front().name, "lode");
}

TEST(Profiles, AnUnknownNameNamesTheNearest) {
  const auto found = find_profile("papr");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message(), "no profile called 'papr', expected one of: lode, paper, street, qlib, brain");
  EXPECT_EQ(found.error().hint(), "did you mean 'paper'?");
}

}  // namespace
}  // namespace lode::expr
