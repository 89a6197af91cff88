// CRC-32C by the processor's instruction, or by eight tables that take eight bytes a step (Kounavis and Berry 2005).
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/crc32c.h"

#include <array>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace lode {

namespace {

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr Tables make_tables() {
  Tables out{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 1U) != 0 ? (crc >> 1) ^ 0x82F63B78U : crc >> 1;
    }
    out[0][byte] = crc;
  }
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    for (std::size_t t = 1; t < 8; ++t) {
      out[t][byte] = (out[t - 1][byte] >> 8) ^ out[0][out[t - 1][byte] & 0xFFU];
    }
  }
  return out;
}

constexpr Tables kTables = make_tables();

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t crc_by_instruction(const char* at, std::size_t size,
                                                                   std::uint32_t crc) {
  std::uint64_t wide = crc;
  for (; size >= 8; at += 8, size -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    wide = _mm_crc32_u64(wide, word);
  }
  crc = static_cast<std::uint32_t>(wide);
  for (; size > 0; ++at, --size) {
    crc = _mm_crc32_u8(crc, static_cast<unsigned char>(*at));
  }
  return crc;
}
#endif

}  // namespace

std::uint32_t crc32c_by_table(std::string_view bytes, std::uint32_t before) {
  std::uint32_t crc = ~before;
  const char* at = bytes.data();
  std::size_t size = bytes.size();
  for (; size >= 8; at += 8, size -= 8) {
    unsigned char b[8];
    std::memcpy(b, at, 8);
    const auto low = [&](int i) { return static_cast<std::uint32_t>(b[i]) ^ ((crc >> (8 * i)) & 0xFFU); };
    crc = kTables[7][low(0)] ^ kTables[6][low(1)] ^ kTables[5][low(2)] ^ kTables[4][low(3)] ^ kTables[3][b[4]] ^
          kTables[2][b[5]] ^ kTables[1][b[6]] ^ kTables[0][b[7]];
  }
  for (; size > 0; ++at, --size) {
    crc = (crc >> 8) ^ kTables[0][(crc ^ static_cast<unsigned char>(*at)) & 0xFFU];
  }
  return ~crc;
}

std::uint32_t crc32c(std::string_view bytes, std::uint32_t before) {
#if defined(__x86_64__)
  static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
  if (has_instruction) {
    return ~crc_by_instruction(bytes.data(), bytes.size(), ~before);
  }
#endif
  return crc32c_by_table(bytes, before);
}

}  // namespace lode
