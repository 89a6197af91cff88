// A zip of one file, written by hand so that the reader is held against the format and not against itself. For tests.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lode::source {

// CRC-32 of ISO 3309, bit by bit.
inline std::uint32_t plain_crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFF'FFFFU;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB8'8320U : 0U);
    }
  }
  return ~crc;
}

// PKWARE's APPNOTE 4.3.7, 4.3.12 and 4.3.16, method 0 (stored).
inline std::string stored_zip(std::string_view name, std::string_view bytes) {
  const auto number = [](std::uint32_t value, int size) {
    std::string out;
    for (int i = 0; i < size; ++i) {
      out += static_cast<char>(value >> (8 * i) & 0xFFU);
    }
    return out;
  };
  const auto size = static_cast<std::uint32_t>(bytes.size());
  const std::string sizes = number(plain_crc32(bytes), 4) + number(size, 4) + number(size, 4) +
                            number(static_cast<std::uint32_t>(name.size()), 2) + number(0, 2);
  const std::string head = number(20, 2) + number(0, 2) + number(0, 2) + number(0, 2) + number(0x21, 2) + sizes;
  const std::string local = "PK\x03\x04" + head + std::string(name) + std::string(bytes);
  const std::string central = std::string("PK\x01\x02") + number(20, 2) + head + number(0, 2) + number(0, 2) +
                              number(0, 2) + number(0, 4) + number(0, 4) + std::string(name);
  return local + central + "PK\x05\x06" + number(0, 4) + number(1, 2) + number(1, 2) +
         number(static_cast<std::uint32_t>(central.size()), 4) + number(static_cast<std::uint32_t>(local.size()), 4) +
         number(0, 2);
}

}  // namespace lode::source
