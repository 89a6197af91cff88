// The profiles, one row each (factors.md 1.2).
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/profile.h"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "lode/base/text.h"

namespace lode::expr {
namespace {

constexpr std::array kProfiles = {
    Profile{.name = "lode",
            .summary = "full windows, elementwise min and max, options, unit checks",
            .warns_fractional_window = true,
            .min_max = MinMax::kElementwise,
            .checks_units = true,
            .allows_options = true},
    Profile{.name = "paper", .summary = "as printed in \"101 Formulaic Alphas\" (Kakushadze 2015)"},
    Profile{.name = "street",
            .summary = "paper as commonly practised: windows rounded, adv in shares, constant correlations 0",
            .window_rounding = WindowRounding::kNearest,
            .average_volume = AverageVolume::kShares,
            .constant_correlation = ConstantCorrelation::kZero},
    Profile{.name = "qlib",
            .summary = "as Microsoft Qlib computes on pandas: short windows, missing values skipped",
            .window_rounding = WindowRounding::kWhole,
            .min_max = MinMax::kRolling,
            .average_volume = AverageVolume::kUndefined,
            .constant_correlation = ConstantCorrelation::kMissingWhenNear,
            .has_signedpower = false,
            .skips_missing = true,
            .keeps_infinite = true,
            .missing_is_false = true},
    Profile{.name = "brain",
            .summary = "paper with the ranks, positions, deviations and adv of WorldQuant BRAIN",
            .average_volume = AverageVolume::kShares,
            .ranks_from_zero = true,
            .positions_are_days_ago = true,
            .deviations_by_n = true,
            .refuses_other_names = true},
};

}  // namespace

std::span<const Profile> profiles() { return kProfiles; }

Result<const Profile*> find_profile(std::string_view name) {
  const std::string wanted = lower(name);
  std::vector<std::string> names;
  for (const Profile& profile : kProfiles) {
    if (profile.name == wanted) {
      return &profile;
    }
    names.emplace_back(profile.name);
  }
  const std::string near = did_you_mean(wanted, names);
  return fail(E::E4, fmt::format("no profile called '{}', expected one of: {}", name.substr(0, 40), join(names, ", ")),
              near.empty() ? fmt::format("use --profile {}", names.front()) : near);
}

}  // namespace lode::expr
