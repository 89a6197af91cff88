// Instrument identity: a permanent 64-bit id that no rename or reuse of a ticker changes (lake.md 3).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "lode/base/result.h"

namespace lode {

// Printed and sent as 16 hex digits of text: JSON numbers lose bits above 2^53.
struct InstrumentId {
  std::uint64_t value = 0;
  auto operator<=>(const InstrumentId&) const = default;
};

// The mic of data without an exchange: no calendar, one instrument a symbol.
inline constexpr std::string_view kNoMic = "XXXX";

// xxh3 of (mic, first symbol known, reuse number); reuse 0 is the first holder of the symbol. The same inputs give the
// same id on every machine and in any import order.
InstrumentId instrument_id(std::string_view mic, std::string_view first_symbol, std::uint32_t reuse = 0);

std::string to_string(InstrumentId id);                           // 16 lower-case hex digits, leading zeros kept.
Result<InstrumentId> parse_instrument_id(std::string_view text);  // E0004 unless 16 hex digits.

// Trims and upper-cases; false when empty, longer than 24 bytes, or holding anything but A-Z 0-9 . - _ ^ = / & + $ #.
bool normalize_symbol(std::string_view text, std::string& out);

}  // namespace lode

template <>
struct std::hash<lode::InstrumentId> {
  std::size_t operator()(lode::InstrumentId id) const noexcept { return static_cast<std::size_t>(id.value); }
};
