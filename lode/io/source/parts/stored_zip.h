// Zips written by hand so that the reader is held against the format and not against itself. For tests.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

// PKWARE's APPNOTE 4.3.7, 4.3.12 and 4.3.16, method 0 (stored); names and bytes.
inline std::string stored_zip(const std::vector<std::pair<std::string, std::string>>& files) {
  const auto number = [](std::size_t value, int size) {
    std::string out;
    for (int i = 0; i < size; ++i) {
      out += static_cast<char>(value >> (8 * i) & 0xFFU);
    }
    return out;
  };
  std::string local;
  std::string central;
  for (const auto& [name, bytes] : files) {
    const std::string sizes = number(plain_crc32(bytes), 4) + number(bytes.size(), 4) + number(bytes.size(), 4) +
                              number(name.size(), 2) + number(0, 2);
    const std::string head = number(20, 2) + number(0, 2) + number(0, 2) + number(0, 2) + number(0x21, 2) + sizes;
    central += std::string("PK\x01\x02") + number(20, 2) + head + number(0, 2) + number(0, 2) + number(0, 2) +
               number(0, 4) + number(local.size(), 4) + name;
    local += "PK\x03\x04" + head + name + bytes;
  }
  return local + central + "PK\x05\x06" + number(0, 4) + number(files.size(), 2) + number(files.size(), 2) +
         number(central.size(), 4) + number(local.size(), 4) + number(0, 2);
}
inline std::string stored_zip(std::string_view name, std::string_view bytes) {
  return stored_zip({{std::string(name), std::string(bytes)}});
}

}  // namespace lode::source
