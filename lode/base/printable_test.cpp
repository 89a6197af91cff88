// Text that would move the cursor, ring or recolour a terminal comes out harmless; everything else as it was.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/printable.h"

#include <gtest/gtest.h>

namespace lode {
namespace {

TEST(Printable, LeavesReadableTextAlone) {
  EXPECT_EQ(printable(""), "");
  EXPECT_EQ(printable("bars/2019 (copy).csv"), "bars/2019 (copy).csv");
  EXPECT_EQ(printable("Z\u00fcrich \u6771\u4eac \U0001f600"), "Z\u00fcrich \u6771\u4eac \U0001f600");
  EXPECT_EQ(printable(std::string(500, 'x')), std::string(500, 'x')) << "never cut";
}

TEST(Printable, TakesControlOverTheTerminalAway) {
  EXPECT_EQ(printable("\x1b[31mred\x1b[0m"), "?[31mred?[0m");
  EXPECT_EQ(printable("a\rb\nc\td\x07\x7f"), "a?b?c?d??");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a?b");
  EXPECT_EQ(printable("\xc2\x9b[2J"), "?[2J") << "CSI as one character";
  EXPECT_EQ(printable("\xc2\xa0"), "\xc2\xa0") << "the first above the controls";
}

TEST(Printable, ShowsBytesThatAreNoText) {
  EXPECT_EQ(printable("caf\xe9"), "caf?");
  EXPECT_EQ(printable("\xff\xfe\x41"), "??A");
  EXPECT_EQ(printable("\xe2\x82"), "??");
}

}  // namespace
}  // namespace lode
