// The machine's facts are plausible and stable.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/machine.h"

#include <gtest/gtest.h>

namespace lode {
namespace {

TEST(Machine, SaysWhatItIs) {
  EXPECT_FALSE(host_name().empty());
  EXPECT_EQ(host_name(), host_name());
  EXPECT_GE(core_count(), 1);
  EXPECT_FALSE(vector_unit().empty());
  EXPECT_NE(available_memory_bytes(), 0);
}

}  // namespace
}  // namespace lode
