// CRC-32C against published values, the bit-by-bit definition, and itself in pieces.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/crc32c.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

#include "lode/base/random.h"

namespace lode {
namespace {

std::uint32_t bit_by_bit(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int i = 0; i < 8; ++i) {
      crc = (crc >> 1) ^ ((crc & 1U) * 0x82F63B78U);
    }
  }
  return ~crc;
}

// RFC 3720, appendix B.4, and the check value of the CRC catalogue.
TEST(Crc32c, HasThePublishedValues) {
  std::string rising(32, '\0');
  std::iota(rising.begin(), rising.end(), '\0');
  for (const auto function : {&crc32c, &crc32c_by_table}) {
    EXPECT_EQ(function("123456789", 0), 0xE3069283U);
    EXPECT_EQ(function(std::string(32, '\0'), 0), 0x8A9136AAU);
    EXPECT_EQ(function(std::string(32, '\xFF'), 0), 0x62A8AB43U);
    EXPECT_EQ(function(rising, 0), 0x46DD794EU);
    EXPECT_EQ(function("", 0), 0U);
  }
}

TEST(Crc32c, IsTheDefinitionAtEveryLengthAndInPieces) {
  Random random(7, 1);
  std::string bytes;
  for (int size = 0; size < 100; ++size) {
    const std::uint32_t expected = bit_by_bit(bytes);
    EXPECT_EQ(crc32c(bytes), expected) << size;
    EXPECT_EQ(crc32c_by_table(bytes), expected) << size;
    const auto cut = static_cast<std::size_t>(random.next_below(static_cast<std::uint64_t>(size) + 1));
    const std::string_view view = bytes;
    EXPECT_EQ(crc32c(view.substr(cut), crc32c(view.substr(0, cut))), expected) << size;
    bytes.push_back(static_cast<char>(random.next_below(256)));
  }
}

TEST(Crc32c, SeesEveryFlippedBit) {
  std::string bytes(257, 'x');
  const std::uint32_t before = crc32c(bytes);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_NE(crc32c(bytes), before) << bit;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
  }
}

}  // namespace
}  // namespace lode
