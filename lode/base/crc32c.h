// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78; RFC 3720, B.4): the checksum of records in queues and journals.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace lode {

// Of the bytes, going on from `before` (the CRC of what stood in front of them; 0 at the start): the CRC of two pieces
// one after the other is that of the whole. Finds every change of up to 32 bits in a row. Uses the processor's own
// instruction where it has one, with the same result.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0);

// The same by table alone: what crc32c does on a processor without the instruction.
std::uint32_t crc32c_by_table(std::string_view bytes, std::uint32_t before = 0);

}  // namespace lode
