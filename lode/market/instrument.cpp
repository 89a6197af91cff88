// Instrument ids and the spelling of symbols.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/instrument.h"

#include <fmt/format.h>

#include <charconv>

#include "lode/base/hash.h"
#include "lode/base/text.h"

namespace lode {
namespace {

constexpr std::size_t kIdDigits = 16;
constexpr std::size_t kSymbolBytesMax = 24;
constexpr std::string_view kSymbolMarks = ".-_^=/&+$#";

bool is_symbol_byte(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || kSymbolMarks.find(c) != std::string_view::npos;
}

}  // namespace

InstrumentId instrument_id(std::string_view mic, std::string_view first_symbol, std::uint32_t reuse) {
  // Zero bytes part the fields, because no mic or symbol holds one; the number is little-endian on every machine.
  std::string bytes;
  bytes.append(mic).push_back('\0');
  bytes.append(first_symbol).push_back('\0');
  for (int shift = 0; shift < 32; shift += 8) {
    bytes.push_back(static_cast<char>((reuse >> shift) & 0xFF));
  }
  return {xxh3(bytes)};
}

std::string to_string(InstrumentId id) { return hex(id.value); }

Result<InstrumentId> parse_instrument_id(std::string_view text) {
  InstrumentId id;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, id.value, 16);
  if (text.size() != kIdDigits || error != std::errc() || stop != end) {
    return fail(E::E4, fmt::format("'{}' is not an instrument id, expected 16 hex digits", text));
  }
  return id;
}

bool normalize_symbol(std::string_view text, std::string& out) {
  const std::string_view trimmed = trim(text);
  if (trimmed.empty() || trimmed.size() > kSymbolBytesMax) {
    return false;
  }
  out = upper(trimmed);
  for (const char c : out) {
    if (!is_symbol_byte(c)) {
      return false;
    }
  }
  return true;
}

}  // namespace lode
