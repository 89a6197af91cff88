// The verdict's words.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/evaluate/verdict/checks.h"
#include "lode/core/evaluate/verdict/verdict.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

constexpr std::size_t kWeakYears = 2;    // Years in a row at the end that make "weak since".
constexpr std::size_t kYearsBefore = 3;  // Years that must stand before them.

std::string days(int count) { return fmt::format("{} day{}", count, count == 1 ? "" : "s"); }

// "rank IC +0.024, t 4.1"
std::string found(const IcStatistics& ic) {
  return fmt::format("rank IC {}, t {}", signed_fixed(ic.mean.value, 3), fixed(ic.t_no_overlap, 1));
}

std::string rate(double annual) { return signed_fixed(100.0 * annual, 1) + " %/yr"; }

// "nothing is left at 1 day, +1.1 %/yr at 5, +0.4 %/yr at 21"
std::string left_after_costs(const TearSheet& sheet, double sign) {
  std::string text;
  for (const HorizonResult& horizon : sheet.horizons) {
    const double net = net_in_direction(horizon, sign, sheet.options.sessions_a_year).value;
    const std::string at = text.empty() ? days(horizon.horizon) : std::to_string(horizon.horizon);
    const std::string what = !stat::is_valid(net) ? "no spread" : net > 0.0 ? rate(net) : "nothing is left";
    text += fmt::format("{}{} at {}", text.empty() ? "" : ", ", what, at);
  }
  return text;
}

// "; weak since 2021": the trailing years in which the mean rank IC was below half of the whole, with the sign turned
// to the whole's.
std::string weak_since(const TearSheet& sheet, double sign) {
  std::vector<const YearResult*> years;
  for (const YearResult& year : sheet.years) {
    if (stat::is_valid(year.rank_ic)) {
      years.push_back(&year);
    }
  }
  const double half = 0.5 * math::abs(sheet.headline_horizon().rank_ic.mean.value);
  std::size_t weak = 0;
  while (weak < years.size() && sign * years[years.size() - 1 - weak]->rank_ic < half) {
    ++weak;
  }
  if (weak < kWeakYears || years.size() < weak + kYearsBefore) {
    return "";
  }
  return fmt::format("; weak since {}", years[years.size() - weak]->year);
}

std::string luck(std::int64_t trials) {
  return trials <= 0 ? "; trials unknown"
                     : fmt::format("; survives luck of {} trial{}", grouped(trials), trials == 1 ? "" : "s");
}

std::string head(const TearSheet& sheet, double sign) {
  const HorizonResult& headline = sheet.headline_horizon();
  return fmt::format("Predicts {} ahead{} ({})", days(headline.horizon),
                     sign > 0.0 ? "" : " with the sign turned, high values earning less", found(headline.rank_ic));
}

// Why nothing can be said, the first reason that applies.
std::string cannot_tell(const TearSheet& sheet) {
  const HorizonResult& headline = sheet.headline_horizon();
  const IcStatistics& ic = headline.rank_ic;
  const std::string at = days(headline.horizon);
  if (!stat::is_valid(ic.mean.value) || !stat::is_valid(ic.t_no_overlap)) {
    return fmt::format("Cannot tell at {}: {}.", at, ic.mean.reason.empty() ? "no t can be computed" : ic.mean.reason);
  }
  if (independent_periods(sheet) < kFewestPeriods) {
    return fmt::format("Cannot tell at {} ({}): {} independent period{}, needs {}.", at, found(ic),
                       independent_periods(sheet), independent_periods(sheet) == 1 ? "" : "s", kFewestPeriods);
  }
  for (const Check& check : sheet.checks) {
    if (check.state == CheckState::kFailed && is_too_good(check.id)) {
      return fmt::format("Cannot tell at {} ({}): too good to be taken as it stands. {}: {}.", at, found(ic),
                         check.title, check.result);
    }
  }
  const std::string interval =
      fmt::format("the interval {} to {}", signed_fixed(ic.mean.lower, 3), signed_fixed(ic.mean.upper, 3));
  const double needed = needed_t(sheet.options.trials);
  if (math::abs(ic.t_no_overlap) >= needed && !agree(ic)) {
    return fmt::format("Cannot tell at {} ({}): the t and the mean disagree, {} does not leave out 0 on the t's side.",
                       at, found(ic), interval);
  }
  const bool leaves_out_zero = ic.mean.lower > 0.0 || ic.mean.upper < 0.0;
  if (!leaves_out_zero) {
    return fmt::format("Cannot tell at {} ({}, needs {}): {} holds both nothing and a useful IC.", at, found(ic),
                       fixed(needed, 1), interval);
  }
  const std::string luck = sheet.options.trials > 1
                               ? fmt::format("as the best of {} trials may by luck", grouped(sheet.options.trials))
                               : std::string("as one of 20 factors does by luck");
  return fmt::format("Cannot tell at {} ({}, needs {}): {} leaves out 0, {}.", at, found(ic), fixed(needed, 1),
                     interval, luck);
}

}  // namespace

std::string verdict_sentence(const TearSheet& sheet, Verdict verdict) {
  const HorizonResult& headline = sheet.headline_horizon();
  if (verdict == Verdict::kCannotTell) {
    return cannot_tell(sheet);
  }
  if (verdict == Verdict::kNone) {
    return fmt::format("No sign of prediction {} ahead ({}, {} dates); an IC of {} or more either way is ruled out.",
                       days(headline.horizon), found(headline.rank_ic), grouped(headline.rank_ic.mean.n),
                       fixed(kUsefulIc, 2));
  }
  const double sign = headline.rank_ic.mean.value > 0.0 ? 1.0 : -1.0;
  const std::string cost = fmt::format("after {} bp a side", shortest(sheet.options.cost_bps));
  if (verdict == Verdict::kCostsEatIt) {
    const bool earned = sign * headline.spread.gross_annual.value > 0.0;
    return fmt::format("{}, but {}: {} {}{}{}.", head(sheet, sign),
                       earned ? "costs eat it" : "the top and bottom names earn nothing even before costs", cost,
                       left_after_costs(sheet, sign), luck(sheet.options.trials), weak_since(sheet, sign));
  }
  return fmt::format("{}; {} {}{}{}.", head(sheet, sign), sheet.options.cost_bps > 0.0 ? cost : "before any cost",
                     left_after_costs(sheet, sign), luck(sheet.options.trials), weak_since(sheet, sign));
}

}  // namespace lode::evaluate
