// Tables of the manifest that are made when the first row is written: lakes of before, and copies that only read, go
// without. And how a trial's bounds stand in a key.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "lode/io/lake/manifest.h"

namespace lode::lake {

inline Result<bool> is_made(const Database& manifest, std::string_view table) {
  LODE_TRY(Statement there, manifest.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1"));
  there.bind(1, table);
  return there.step();
}

// Stands for no bound: a key's column cannot be null.
inline constexpr std::int64_t kNoBound = std::numeric_limits<std::int32_t>::min();

// Days since 1970.
inline std::int64_t stored_bound(const std::optional<Date>& bound) { return bound ? bound->days : kNoBound; }

inline std::optional<Date> bound_of(std::int64_t days) {
  return days == kNoBound ? std::optional<Date>() : Date{static_cast<std::int32_t>(days)};
}

}  // namespace lode::lake
