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
            .window_rounding = WindowRounding::kFloor,
            .warns_fractional_window = true,
            .min_max_literal_is_window = false,
            .adv_is_money = true,
            .constant_correlation_is_zero = false,
            .checks_units = true,
            .allows_options = true},
    Profile{.name = "paper",
            .summary = "as printed in \"101 Formulaic Alphas\" (Kakushadze 2015)",
            .window_rounding = WindowRounding::kFloor,
            .warns_fractional_window = false,
            .min_max_literal_is_window = true,
            .adv_is_money = true,
            .constant_correlation_is_zero = false,
            .checks_units = false,
            .allows_options = false},
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
