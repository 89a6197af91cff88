// The verdict: first what forbids one, then what was found, then what is left of it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/verdict/verdict.h"

#include <algorithm>

#include "lode/base/math.h"
#include "lode/core/evaluate/estimate.h"
#include "lode/core/evaluate/verdict/checks.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

constexpr double kTestSize = 0.01;

double per_session(double annual, double sessions_a_year) {
  return annual > -1.0 ? math::expm1(math::log1p(annual) / sessions_a_year) : kNoValue;
}

bool any_failed(const TearSheet& sheet, bool (*which)(std::string_view)) {
  return std::any_of(sheet.checks.begin(), sheet.checks.end(),
                     [&](const Check& check) { return check.state == CheckState::kFailed && which(check.id); });
}

// The edge is ruled out: the interval holds no useful coefficient on either side.
bool is_ruled_out(const Estimate& mean) { return mean.lower > -kUsefulIc && mean.upper < kUsefulIc; }

// The sign held in most years; true when there are too few years to say.
bool keeps_its_sign(const TearSheet& sheet, double sign) {
  int years = 0;
  int kept = 0;
  for (const YearResult& year : sheet.years) {
    years += stat::is_valid(year.rank_ic) ? 1 : 0;
    kept += sign * year.rank_ic > 0.0 ? 1 : 0;
  }
  return years < kFewestYears || kept >= kYearsKept * years;
}

bool is_strong(const TearSheet& sheet, const Estimate& net, double sign) {
  const IcStatistics& ic = sheet.headline_horizon().rank_ic;
  const bool outside_placebo = ic.mean.value < sheet.placebo_lower || ic.mean.value > sheet.placebo_upper;
  const bool none_failed = !any_failed(sheet, [](std::string_view) { return true; });
  const bool covered = sheet.coverage.ratio >= kLowCoverage;
  return math::abs(ic.t_no_overlap) >= std::max(kStrongT, needed_t(sheet.options.trials)) && net.lower > 0.0 &&
         keeps_its_sign(sheet, sign) && outside_placebo && none_failed && covered;
}

}  // namespace

double needed_t(std::int64_t trials) {
  return math::normal_quantile(1.0 - 0.5 * kTestSize / static_cast<double>(std::max<std::int64_t>(1, trials)));
}

bool agree(const IcStatistics& ic) {
  if (!stat::is_valid(ic.mean.value) || !(math::abs(ic.t_no_overlap) >= kNormal95)) {
    return true;
  }
  return ic.t_no_overlap > 0.0 ? ic.mean.lower > 0.0 : ic.mean.upper < 0.0;
}

Estimate net_in_direction(const HorizonResult& horizon, double sign, double sessions_a_year) {
  const SpreadStatistics& spread = horizon.spread;
  if (sign > 0.0 || !stat::is_valid(spread.gross_annual.value)) {
    return spread.net_annual;
  }
  const double gross = per_session(spread.gross_annual.value, sessions_a_year);
  const double cost = gross - per_session(spread.net_annual.value, sessions_a_year);
  const double error = (per_session(spread.gross_annual.upper, sessions_a_year) - gross) / kNormal95;
  return annual_estimate(-gross - cost, error, static_cast<std::size_t>(spread.gross_annual.n), sessions_a_year);
}

Verdict verdict_of(const TearSheet& sheet) {
  const HorizonResult& headline = sheet.headline_horizon();
  const IcStatistics& ic = headline.rank_ic;
  if (!stat::is_valid(ic.mean.value) || !stat::is_valid(ic.t_no_overlap)) {
    return Verdict::kCannotTell;
  }
  if (independent_periods(sheet) < kFewestPeriods || any_failed(sheet, is_too_good)) {
    return Verdict::kCannotTell;
  }
  if (math::abs(ic.t_no_overlap) < needed_t(sheet.options.trials) || !agree(ic)) {
    return is_ruled_out(ic.mean) ? Verdict::kNone : Verdict::kCannotTell;
  }
  const double sign = ic.mean.value > 0.0 ? 1.0 : -1.0;
  const Estimate net = net_in_direction(headline, sign, sheet.options.sessions_a_year);
  if (net.value <= 0.0) {
    return Verdict::kCostsEatIt;
  }
  return is_strong(sheet, net, sign) ? Verdict::kStrong : Verdict::kWeak;
}

void decide(TearSheet& sheet) {
  std::erase_if(sheet.checks, [](const Check& check) { return is_red_flag(check.id); });
  for (Check& check : red_flags(sheet)) {
    sheet.checks.push_back(std::move(check));
  }
  sheet.verdict = verdict_of(sheet);
  sheet.verdict_sentence = verdict_sentence(sheet, sheet.verdict);
}

}  // namespace lode::evaluate
