// One of a thing is told in the singular.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/counted.h"

#include <gtest/gtest.h>

namespace lode {
namespace {

TEST(Counted, OneIsSingularAndAllElsePlural) {
  EXPECT_EQ(counted(1, "row"), "1 row");
  EXPECT_EQ(counted(0, "row"), "0 rows");
  EXPECT_EQ(counted(1260, "row"), "1,260 rows");
  EXPECT_EQ(counted(2, "entry", "entries"), "2 entries");
  EXPECT_EQ(counted(1, "entry", "entries"), "1 entry");
}

}  // namespace
}  // namespace lode
