// The names of `lode demo --live`.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lode::flow {

struct LargeName {
  std::string_view symbol;  // As Yahoo spells it: BRK-B
  std::int64_t number;      // At the SEC
  std::string_view name;

  std::string cik() const;  // Ten digits.
};

// Thirty, by symbol.
std::span<const LargeName> large_us();
inline constexpr std::string_view kLargeUsDate = "2026-11-22";  // Of the list.

}  // namespace lode::flow
