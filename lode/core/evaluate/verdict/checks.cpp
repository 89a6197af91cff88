// Red flags.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/verdict/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/counted.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/evaluate/numbers.h"
#include "lode/core/evaluate/study/sensitivity.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

constexpr double kHighIc = 0.10;
constexpr double kHighSharpe = 3.0;
constexpr double kHighWinRate = 0.70;
constexpr double kStraight = 0.98;
constexpr double kThinDates = 0.10;
constexpr double kLeftOut = 0.5;
constexpr double kConcentrated = 0.5;
constexpr double kUntradableShort = 0.10;
constexpr double kDelayLoss = 0.6;
constexpr double kClear = 1.959963984540054;  // |t| from which there is a profit whose parts can be named.

constexpr std::array<std::string_view, 17> kIds{
    "ic_too_high",  "sharpe_too_high", "win_rate",  "too_straight",         "few_periods",   "few_names",
    "coverage_low", "short_leg",       "bars_stop", "rank_autocorrelation", "costs_zero",    "delay",
    "one_year",     "one_name",        "few_days",  "neighbours",           "delayed_result"};

std::string whole_percent(double limit) { return fixed(100.0 * limit, 0) + " %"; }

std::string percent(double share) { return fixed(100.0 * share, 1) + " %"; }

// A number that must not reach `limit`.
Check below(std::string id, std::string title, double value, double limit, CheckState otherwise, std::string result,
            std::string note) {
  const CheckState state = !stat::is_valid(value) ? CheckState::kUnknown
                           : value > limit        ? otherwise
                                                  : CheckState::kPassed;
  return {std::move(id), std::move(title), state, stat::is_valid(value) ? std::move(result) : "not computed",
          std::move(note)};
}

// A good and long record is straight by itself, so the line must also be straighter than chance makes such a record.
double straightness_limit(const SpreadStatistics& spread) {
  return stat::is_valid(spread.chance_straightness) ? std::max(kStraight, spread.chance_straightness) : kStraight;
}

void add_too_good(const HorizonResult& h, std::vector<Check>& out) {
  const double ic = h.rank_ic.mean.value;
  const double sharpe = math::abs(h.spread.sharpe);
  // A factor that predicts with the sign turned wins on the days the book loses.
  const double wins = std::max(h.spread.share_positive, 1.0 - h.spread.share_positive);
  out.push_back(below("ic_too_high", "Rank IC too high", math::abs(ic), kHighIc, CheckState::kFailed,
                      fmt::format("{}, limit {}", signed_fixed(ic, 3), fixed(kHighIc, 2)),
                      "Real factors seldom pass 0.05; look for a leak first."));
  out.push_back(below("sharpe_too_high", "Sharpe ratio too high", sharpe, kHighSharpe, CheckState::kFailed,
                      fmt::format("{} a year before costs, limit {}", fixed(sharpe, 2), shortest(kHighSharpe)),
                      "Few books on earth keep such a ratio; look for a leak first."));
  out.push_back(below("win_rate", "Winning sessions", wins, kHighWinRate, CheckState::kFailed,
                      fmt::format("{}, limit {}", percent(wins), whole_percent(kHighWinRate)),
                      "Winning this often day after day is a leak more often than a skill."));
  const double straight = straightness_limit(h.spread);
  out.push_back(below("too_straight", "Profit too straight", h.spread.straightness, straight, CheckState::kFailed,
                      fmt::format("R2 on time {}, limit {}", fixed(h.spread.straightness, 3), fixed(straight, 3)),
                      "Markets do not pay by the clock; a line this straight is usually made, not earned."));
}

// Dates of few names: those that count, and those that were left out.
Check names_check(const HorizonResult& h, int min_names, double thin) {
  Check out = below(
      "few_names", "Names a date", thin, kThinDates, CheckState::kWarning,
      fmt::format("{} of dates with fewer than {}, limit {}", percent(thin), kFewNames, whole_percent(kThinDates)),
      "A cross-section of few names is mostly noise.");
  if (h.dates_left_out > 0) {
    const double share = static_cast<double>(h.dates_left_out) / static_cast<double>(h.dates + h.dates_left_out);
    out.state = out.state == CheckState::kPassed && share > kLeftOut ? CheckState::kWarning : out.state;
    out.result += fmt::format("; {} dates of fewer than {} names left out ({})", grouped(h.dates_left_out), min_names,
                              percent(share));
  }
  return out;
}

void add_sample(const TearSheet& sheet, std::vector<Check>& out) {
  const HorizonResult& h = sheet.headline_horizon();
  const std::int64_t periods = independent_periods(sheet);
  out.push_back({"few_periods", "Independent periods",
                 periods < kFewestPeriods ? CheckState::kFailed : CheckState::kPassed,
                 fmt::format("{} of {} sessions, needs {}", grouped(periods), h.horizon, kFewestPeriods),
                 "Overlapping windows are one observation, however many dates they are counted on."});
  // A mean would let the crowded years speak for the empty ones.
  const double thin = h.dates > 0 ? static_cast<double>(h.thin_dates) / static_cast<double>(h.dates) : kNoValue;
  out.push_back(names_check(h, sheet.options.min_names, thin));
  const double coverage = sheet.coverage.ratio;
  out.push_back(below("coverage_low", "Coverage", -coverage, -kLowCoverage, CheckState::kWarning,
                      fmt::format("{} of the universe, needs {}", percent(coverage), whole_percent(kLowCoverage)),
                      "A factor that says nothing about half of the names is a factor of another universe."));
  out.push_back(below("short_leg", "Short leg tradable", h.short_leg_untradable, kUntradableShort, CheckState::kWarning,
                      fmt::format("{} of its names could not be traded, limit {}", percent(h.short_leg_untradable),
                                  whole_percent(kUntradableShort)),
                      "A short that cannot be opened earns nothing."));
  out.push_back({"bars_stop", "Bars that stop", h.never_traded_again > 0 ? CheckState::kWarning : CheckState::kPassed,
                 fmt::format("{} left at a last close", counted(h.never_traded_again, "window")),
                 "No later bar and no delisting known: import --table instruments with delisted_on and "
                 "delisting_return, for what was left may be less."});
}

void add_trading(const TearSheet& sheet, std::vector<Check>& out) {
  const double memory = sheet.rank_autocorrelation.empty()
                            ? kNoValue
                            : sheet.rank_autocorrelation[static_cast<std::size_t>(sheet.headline)];
  out.push_back(below("rank_autocorrelation", "Rank autocorrelation", -memory, 0.0, CheckState::kWarning,
                      fmt::format("{} over {} sessions", signed_fixed(memory, 2), sheet.headline_horizon().horizon),
                      "Below 0 the book is turned inside out each period."));
  const bool free = sheet.options.cost_bps == 0.0;
  out.push_back(
      {"costs_zero", "Costs", free ? CheckState::kWarning : CheckState::kPassed,
       free ? "set to 0: every figure is gross" : fmt::format("{} bp a side", shortest(sheet.options.cost_bps)),
       "Trading is never free."});
}

// What is left when the factor is known one session later.
Check delay_check(const TearSheet& sheet) {
  Check out{"delay", "One session of delay", CheckState::kUnknown, "no edge at 1 session to lose",
            fmt::format("A change of sign, or a loss of more than {}, hints at stale prices or a leak; a very fast "
                        "factor shows it too.",
                        whole_percent(kDelayLoss))};
  const bool clear = !sheet.decay.empty() && sheet.decay.front().horizon == 1 &&
                     (sheet.decay.front().lower > 0.0 || sheet.decay.front().upper < 0.0);
  if (!clear || sheet.lagged_rank_ic.size() < 2 || !stat::is_valid(sheet.lagged_rank_ic[0] * sheet.lagged_rank_ic[1])) {
    return out;
  }
  const double now = sheet.lagged_rank_ic[0];
  const double later = sheet.lagged_rank_ic[1];
  const double kept = later / now;
  out.result = fmt::format("1-session rank IC {} -> {}", signed_fixed(now, 3), signed_fixed(later, 3));
  out.state = kept < 0.0 ? CheckState::kFailed : kept < 1.0 - kDelayLoss ? CheckState::kWarning : CheckState::kPassed;
  return out;
}

void add_concentration(const TearSheet& sheet, std::vector<Check>& out) {
  const SpreadStatistics& spread = sheet.headline_horizon().spread;
  const bool clear = math::abs(spread.t_no_overlap) >= kClear;
  const auto add = [&](std::string id, std::string title, double share, bool enough, std::string_view of) {
    Check check = below(
        std::move(id), std::move(title), clear && enough ? share : kNoValue, kConcentrated, CheckState::kWarning,
        fmt::format("{} of the gross profit, limit {}", percent(share), whole_percent(kConcentrated)), std::string(of));
    if (!clear || !enough) {
      check.result = !clear ? "no clear profit to divide" : fmt::format("needs {} years", kFewestYears);
    }
    out.push_back(std::move(check));
  };
  const auto years = static_cast<int>(std::count_if(sheet.years.begin(), sheet.years.end(),
                                                    [](const YearResult& y) { return stat::is_valid(y.rank_ic); }));
  add("one_year", "Profit from one year", spread.best_year_share, years >= kFewestYears,
      "Beyond the limit one year carries the result: without it little would be left.");
  add("one_name", "Profit from one name", spread.best_name_share, true,
      "Beyond the limit one name carries the result.");
  add("few_days", "Profit from 1 % of sessions", spread.best_days_share, true,
      "Beyond the limit a few sessions carry the result: who misses them misses most of it.");
}

}  // namespace

std::int64_t independent_periods(const TearSheet& sheet) {
  return sheet.headline_horizon().dates / sheet.headline_horizon().horizon;
}

std::string path_of_check(std::string_view id, int horizon) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 19> kPaths{
      {{"ic_too_high", "rank_ic.{}.mean"},
       {"sharpe_too_high", "spread.{}.sharpe"},
       {"win_rate", "spread.{}.share_positive"},
       {"too_straight", "spread.{}.straightness"},
       {"few_names", "cells.{}.thin_dates"},
       {"coverage_low", "coverage.ratio"},
       {"short_leg", "cells.{}.short_leg_untradable"},
       {"bars_stop", "cells.{}.never_traded_again"},
       {"rank_autocorrelation", "autocorrelation.{}"},
       {"delay", "lagged.1d.rank_ic"},
       {"one_year", "spread.{}.best_year_share"},
       {"one_name", "spread.{}.best_name_share"},
       {"few_days", "spread.{}.best_days_share"},
       {"neighbours", "sensitivity.place"},
       {"delayed_result", "sensitivity.delay.rank_ic"},
       {"deflated_sharpe", "honesty.dsr"},
       {"track_record", "honesty.track_record_sessions"},
       {"fdr", "honesty.q"},
       {"pbo", "honesty.pbo"}}};
  const auto found = std::ranges::find(kPaths, id, &std::pair<std::string_view, std::string_view>::first);
  return found == kPaths.end() ? std::string() : fmt::format(fmt::runtime(found->second), horizon_key(horizon));
}

bool is_red_flag(std::string_view id) { return std::find(kIds.begin(), kIds.end(), id) != kIds.end(); }

bool is_too_good(std::string_view id) {
  return id == "look_ahead" || id == "ic_too_high" || id == "sharpe_too_high" || id == "win_rate" ||
         id == "too_straight";
}

std::vector<Check> red_flags(const TearSheet& sheet) {
  std::vector<Check> out;
  add_too_good(sheet.headline_horizon(), out);
  add_sample(sheet, out);
  add_trading(sheet, out);
  out.push_back(delay_check(sheet));
  add_concentration(sheet, out);
  for (Check& check : sensitivity_checks(sheet)) {
    out.push_back(std::move(check));
  }
  return out;
}

}  // namespace lode::evaluate
