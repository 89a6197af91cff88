// Making estimates and annual rates; a missing value always carries its reason.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/estimate.h"

#include <fmt/format.h>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {

Estimate make_estimate(double value, double standard_error, std::size_t n) {
  return {.value = value,
          .lower = value - kNormal95 * standard_error,
          .upper = value + kNormal95 * standard_error,
          .n = static_cast<std::int64_t>(n),
          .reason = stat::is_valid(value) ? "" : "undefined on this data"};
}

Estimate missing_estimate(std::size_t n, std::string reason) {
  return {.value = kNoValue,
          .lower = kNoValue,
          .upper = kNoValue,
          .n = static_cast<std::int64_t>(n),
          .reason = std::move(reason)};
}

std::string too_few(std::size_t n, int needed, std::string_view what) {
  return fmt::format("{} {}, needs {}", grouped(static_cast<std::int64_t>(n)),
                     n == 1 && what.ends_with('s') ? what.substr(0, what.size() - 1) : what, grouped(needed));
}

double annual_rate(double mean_a_session, double sessions_a_year) {
  return mean_a_session > -1.0 ? math::expm1(sessions_a_year * math::log1p(mean_a_session)) : kNoValue;
}

Estimate annual_estimate(double mean, double standard_error, std::size_t n, double sessions_a_year) {
  Estimate daily = make_estimate(mean, standard_error, n);
  daily.value = annual_rate(daily.value, sessions_a_year);
  daily.lower = annual_rate(daily.lower, sessions_a_year);
  daily.upper = annual_rate(daily.upper, sessions_a_year);
  return daily;
}

}  // namespace lode::evaluate
