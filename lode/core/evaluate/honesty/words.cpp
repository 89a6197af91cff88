// What searching cost, as rows of the honesty panel and as lines of text.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/counted.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/evaluate/honesty/honesty.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

constexpr double kSureDsr = 0.95;
constexpr double kLargestQ = 0.05;
constexpr double kLargestPbo = 0.5;
constexpr std::array<std::string_view, 4> kIds{"deflated_sharpe", "track_record", "fdr", "pbo"};

std::string q_words(double q) {
  return !stat::is_valid(q) ? std::string("-") : q < 0.0005 ? std::string("below 0.001") : fixed(q, 3);
}

CheckState state_of(double value, bool passed) {
  return !stat::is_valid(value) ? CheckState::kUnknown : passed ? CheckState::kPassed : CheckState::kWarning;
}

// "12 independent of 37 trials"; of one trial nothing is independent.
std::string trials_words(const TrialLaw& law) {
  return law.trials == 1 ? std::string("1 trial")
                         : fmt::format("{} independent of {}", grouped(law.independent), counted(law.trials, "trial"));
}

Check deflated_check(const Honesty& honesty) {
  const Deflated& own = honesty.own;
  Check out{"deflated_sharpe", "Deflated Sharpe ratio", state_of(own.dsr(), own.dsr() >= kSureDsr), "no book",
            "Probability that the book after costs, in the direction of its rank IC, beats the best of as many "
            "worthless ones; each could have been turned round. Below 0.95 luck is not ruled out."};
  if (stat::is_valid(own.dsr())) {
    out.result = stat::is_valid(own.across_independent)
                     ? fmt::format("{} by the deviation across trials, {} by that of worthless ones",
                                   fixed(own.across_independent, 2), fixed(own.null_independent, 2))
                     : fmt::format("{} by the deviation of worthless trials", fixed(own.null_independent, 2));
    out.result += fmt::format("; {}", trials_words(honesty.law));
  }
  return out;
}

Check track_check(const Honesty& honesty) {
  const Deflated& own = honesty.own;
  const auto n = static_cast<std::int64_t>(own.shape.n);
  Check out{
      "track_record", "Track record", CheckState::kUnknown, "no book",
      "Sessions needed before a ratio as good as this one is above 0 with 95 % (MinTRL), were it the only trial."};
  if (stat::is_valid(own.track_sessions)) {
    const bool ever = stat::is_finite(own.track_sessions);
    out.state = ever && static_cast<double>(n) >= own.track_sessions ? CheckState::kPassed : CheckState::kWarning;
    out.result = ever ? fmt::format("{} sessions, needs {}", grouped(n),
                                    grouped(static_cast<std::int64_t>(math::ceil(own.track_sessions))))
                      : fmt::format("{} sessions, never long enough: nothing is left after costs", grouped(n));
  }
  return out;
}

Check fdr_check(const Honesty& honesty) {
  Check out{"fdr", "False discoveries", state_of(honesty.q, honesty.q <= kLargestQ), "no t to adjust",
            "q: of all trials with a q this small or smaller, the share that is luck (Benjamini-Hochberg over every "
            "trial on this data)."};
  if (stat::is_valid(honesty.q)) {
    out.result = fmt::format("q {} over {}", q_words(honesty.q), counted(honesty.law.trials, "trial"));
  }
  return out;
}

Check pbo_check(const Honesty& honesty) {
  const TrialLaw& law = honesty.law;
  Check out{
      "pbo", "Backtest overfitting", state_of(law.pbo, law.pbo <= kLargestPbo),
      law.pbo_reason.empty() ? "not computed" : law.pbo_reason,
      "How often the best book of one half of the history, before costs and either way round, is below the middle "
      "on the other half (PBO by CSCV): about a half when picking the best picks luck."};
  if (stat::is_valid(law.pbo)) {
    out.result = fmt::format("{} over {} both ways round, {} blocks", fixed(law.pbo, 2), counted(law.books, "book"),
                             kOverfittingBlocks);
  }
  return out;
}

}  // namespace

std::string ordinal_words(std::int64_t place) {
  const std::int64_t last = place % 10;
  const bool is_teen = place / 10 % 10 == 1;
  const std::string_view ending = is_teen ? "th" : last == 1 ? "st" : last == 2 ? "nd" : last == 3 ? "rd" : "th";
  return grouped(place) + std::string(ending);
}

std::vector<Check> honesty_checks(const Honesty& honesty) {
  return {deflated_check(honesty), track_check(honesty), fdr_check(honesty), pbo_check(honesty)};
}

void set_honesty(std::vector<Check>& checks, const Honesty& honesty) {
  std::erase_if(checks, [](const Check& check) { return std::ranges::find(kIds, check.id) != kIds.end(); });
  for (Check& check : honesty_checks(honesty)) {
    checks.push_back(std::move(check));
  }
}

std::string honesty_text(const Honesty& honesty) {
  const Deflated& own = honesty.own;
  const TrialLaw& law = honesty.law;
  std::string text = fmt::format("{} factor tried on this data", ordinal_words(honesty.ordinal));
  text +=
      law.trials == 1 ? ". " : fmt::format(", {} independent of {}. ", grouped(law.independent), grouped(law.trials));
  text += fmt::format("False-discovery q {}; ", q_words(honesty.q));
  text += stat::is_valid(law.pbo) ? fmt::format("PBO {} over {}.\n", fixed(law.pbo, 2), counted(law.books, "book"))
                                  : fmt::format("PBO: {}.\n", law.pbo_reason);
  if (!stat::is_valid(own.shape.sharpe)) {
    return text + "No book after costs to deflate.\n";
  }
  text += fmt::format("Net book: Sharpe {} a year, deflated ",
                      signed_fixed(own.shape.sharpe * math::sqrt(honesty.sessions_a_year), 2));
  return text + (stat::is_valid(own.across_independent)
                     ? fmt::format("{} by the deviation across trials, {} by that of worthless ones.\n",
                                   fixed(own.across_independent, 2), fixed(own.null_independent, 2))
                     : fmt::format("{} by the deviation of worthless trials.\n", fixed(own.null_independent, 2)));
}

}  // namespace lode::evaluate
