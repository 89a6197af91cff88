// The bytes of states: little-endian as written down here, read back, and never read beyond their end.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/engine/state.h"

#include <gtest/gtest.h>

#include <array>

namespace lode::expr::engine {
namespace {

TEST(StateBytes, AreLittleEndian) {
  StateWriter to(3);
  to.number(0x0102030405060708U);
  to.text("ab");
  const std::array<float, 2> floats = {1.0F, -2.5F};
  to.cells(std::span<const float>(floats));
  const std::array<double, 1> doubles = {1.5};
  to.cells(std::span<const double>(doubles));
  EXPECT_EQ(to.so_far(), std::string_view("\x08\x07\x06\x05\x04\x03\x02\x01"
                                          "\x02\0\0\0\0\0\0\0ab"
                                          "\0\0\x80\x3f\0\0\x20\xc0"
                                          "\0\0\0\0\0\0\xf8\x3f",
                                          34));
}

TEST(StateBytes, AreReadBack) {
  StateWriter to;
  to.number(7);
  to.text("seven");
  const std::array<double, 3> written = {1.25, -0.0, 3e300};
  to.cells(std::span<const double>(written));
  const std::string bytes = to.take();
  StateReader from(bytes);
  EXPECT_EQ(from.number(), 7U);
  EXPECT_EQ(from.text(), "seven");
  std::array<double, 3> read{};
  from.cells(std::span<double>(read));
  EXPECT_EQ(read, written);
  EXPECT_TRUE(from.is_whole());
  EXPECT_EQ(from.left(), 0U);
}

TEST(StateBytes, EndAsZeros) {
  StateWriter to;
  to.number(1'000'000);  // As the length of a text: more than there is.
  const std::string bytes = to.take();
  StateReader from(bytes);
  EXPECT_EQ(from.text(), "");
  EXPECT_FALSE(from.is_whole());
  EXPECT_EQ(from.number(), 0U);
  std::array<float, 4> cells = {1, 2, 3, 4};
  from.cells(std::span<float>(cells));
  EXPECT_EQ(cells, (std::array<float, 4>{1, 2, 3, 4})) << "cells that are not there are left alone";
  EXPECT_FALSE(from.is_whole());
}

}  // namespace
}  // namespace lode::expr::engine
