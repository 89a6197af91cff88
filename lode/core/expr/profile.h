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
enum class WindowRounding : std::uint8_t {
  kFloor,
  kNearest,
  kWhole,  // An error; 0 is the whole history, and a fraction below 1 the weight of an exponential mean.
};

// What min(x, 5) and min(x, y) mean; max likewise.
enum class MinMax : std::uint8_t {
  kElementwise,
  kLiteralIsWindow,  // A literal second argument is a window: ts_min(x, 5)
  kRolling,          // Always ts_min; the elementwise ones are called less and greater
};

// What adv{d} is the mean of.
enum class AverageVolume : std::uint8_t { kMoney, kShares, kUndefined };

// The correlation with a window that does not vary.
enum class ConstantCorrelation : std::uint8_t {
  kMissing,
  kZero,
  kMissingWhenNear,  // Missing already where a standard deviation is within kNearlyConstant of 0
};
inline constexpr double kNearlyConstant = 2e-5;  // qlib.data.ops.Corr and Rsquare: numpy.isclose(std, 0, atol=2e-5)

struct Profile {
  std::string_view name;  // "lode"
  std::string_view summary;
  WindowRounding window_rounding = WindowRounding::kFloor;
  bool warns_fractional_window = false;  // W1104
  MinMax min_max = MinMax::kLiteralIsWindow;
  AverageVolume average_volume = AverageVolume::kMoney;
  ConstantCorrelation constant_correlation = ConstantCorrelation::kMissing;
  bool checks_units = false;
  bool allows_options = false;  // Keyword options such as min_periods.
  bool has_signedpower = true;
  // As pandas and numpy have it: windows skip missing values and may be short (min_periods=1), ..
  bool skips_missing = false;
  bool keeps_infinite = false;    // .. an infinite cell stays until a window reads it as missing or a result is stored,
  bool missing_is_false = false;  // .. comparisons and conditions read a missing cell as false.
  // As WorldQuant BRAIN has it: ranks from 0 to 1, positions as days ago with the newest of ties, deviations by n.
  bool ranks_from_zero = false;
  bool positions_are_days_ago = false;
  bool deviations_by_n = false;
  bool refuses_other_names = false;  // E1111 for what means something else there: quantile, rank(x, 2), winsorize(x)
};

std::span<const Profile> profiles();                         // lode, paper, street, qlib, brain
Result<const Profile*> find_profile(std::string_view name);  // E0004 with the nearest name.

}  // namespace lode::expr
