// A profile is one row of switches: what a formula means where two readings exist (factors.md 1.2). It is part of a
// formula's identity and is stored with every value.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "lode/base/result.h"

namespace lode::expr {

// What to do with a window literal that is not a whole number.
enum class WindowRounding : std::uint8_t { kFloor, kNearest };

struct Profile {
  std::string_view name;  // "lode"
  std::string_view summary;
  WindowRounding window_rounding;
  bool warns_fractional_window;    // W1104
  bool min_max_literal_is_window;  // min(x, 5) means ts_min(x, 5)
  bool adv_is_money;               // adv{d}: mean of amount, else of volume
  bool constant_correlation_is_zero;
  bool checks_units;
  bool allows_options;  // Keyword options such as min_periods.
};

std::span<const Profile> profiles();  // lode, paper (street, qlib, brain come with the libraries)
Result<const Profile*> find_profile(std::string_view name);  // E0004 with the nearest name.

}  // namespace lode::expr
