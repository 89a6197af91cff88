// Tests of TextTable against tables laid out by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/table.h"

#include <gtest/gtest.h>

namespace lode {
namespace {

using Align = TextTable::Align;

TextTable horizons() {
  TextTable table({{"horizon", Align::kLeft, 9},
                   {"rank IC", Align::kRight, 8},
                   {"t", Align::kRight, 1},
                   {"verdict", Align::kLeft, 2}});
  table.add({"1 d", "+0.031", "+6.2", "found"});
  table.add({"21 d", "+0.009", "+1.3", "nothing"});
  return table;
}

TEST(TextTable, AlignsNumbersRightAndTextLeft) {
  EXPECT_EQ(horizons().render(),
            "horizon  rank IC     t  verdict\n"
            "1 d       +0.031  +6.2  found\n"
            "21 d      +0.009  +1.3  nothing\n");
}

TEST(TextTable, Indents) {
  TextTable table({{"a"}, {"b", Align::kRight}});
  table.add({"x", "10"});
  EXPECT_EQ(table.render(0, 2), "  a   b\n  x  10\n");
}

TEST(TextTable, DropsTheLeastImportantColumns) {
  EXPECT_EQ(horizons().render(31), horizons().render());
  EXPECT_EQ(horizons().render(30),
            "horizon  rank IC  verdict\n"
            "1 d       +0.031  found\n"
            "21 d      +0.009  nothing\n");
  EXPECT_EQ(horizons().render(20),
            "horizon  rank IC\n"
            "1 d       +0.031\n"
            "21 d      +0.009\n");
}

TEST(TextTable, NeverDropsTheLastColumn) { EXPECT_EQ(horizons().render(1), "horizon\n1 d\n21 d\n"); }

TEST(TextTable, OfEqualImportanceTheRightmostGoes) {
  TextTable table({{"one"}, {"two"}, {"three"}});
  table.add({"1", "2", "3"});
  EXPECT_EQ(table.render(9), "one  two\n1    2\n");
}

TEST(TextTable, CountsCharactersNotBytes) {
  TextTable table({{"name"}, {"n", Align::kRight}});
  table.add({"caf\xC3\xA9s", "1"});
  table.add({"x", "22"});
  EXPECT_EQ(table.render(), "name    n\ncaf\xC3\xA9s   1\nx      22\n");
}

TEST(TextTable, ShowsNothingThatATerminalWouldObey) {
  TextTable table({{"na\x1bme"}, {"n", Align::kRight}});
  table.add({"\x1b[31mred\n", "1"});
  table.add({"x", "2"});
  EXPECT_EQ(table.render(), "na?me      n\n?[31mred?  1\nx          2\n");
}

TEST(TextTable, AnEmptyTableIsItsHeader) {
  EXPECT_EQ(TextTable({{"a"}, {"b"}}).render(), "a  b\n");
  EXPECT_EQ(TextTable({{"a"}, {""}}).render(), "a\n");
}

TEST(TextTableDeathTest, ARowOfTheWrongLengthIsOurFault) {
  TextTable table({{"a"}, {"b"}});
  EXPECT_DEATH(table.add({"1"}), "cells.size");
}

}  // namespace
}  // namespace lode
