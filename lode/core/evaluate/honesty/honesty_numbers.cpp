// The list of paths; a number's definition stands beside the line that reads it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/honesty/honesty_numbers.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "lode/base/math.h"
#include "lode/core/evaluate/estimate.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

constexpr std::string_view kNoBook = "the headline has no book";

class List {
 public:
  explicit List(std::string_view family) : family_(family) {}

  // `why_missing` is told where the value is not finite.
  void add(std::string_view name, double value, std::int64_t n, std::string_view unit, std::string_view definition,
           std::string_view why_missing) {
    const bool there = stat::is_finite(value);
    numbers_.push_back({.path = fmt::format("{}.{}", family_, name),
                        .value = there ? value : kNoValue,
                        .unit = std::string(unit),
                        .n = n,
                        .lower = kNoValue,
                        .upper = kNoValue,
                        .definition = definition,
                        .reason = there ? "" : std::string(why_missing)});
  }
  void range(double lower, double upper) {
    numbers_.back().lower = lower;
    numbers_.back().upper = upper;
  }
  std::vector<Number> take() { return std::move(numbers_); }

 private:
  std::string_view family_;
  std::vector<Number> numbers_;
};

void add_deflation(const Honesty& honesty, List& list) {
  const Deflated& own = honesty.own;
  const auto n = static_cast<std::int64_t>(own.shape.n);
  const std::string_view few = honesty.law.trials < 2 ? "1 trial, needs 2" : "the Sharpe ratios do not differ";
  list.add("dsr", own.dsr(), n, "ratio",
           "Deflated Sharpe ratio (Bailey & Lopez de Prado 2014): probability that the book after costs beats the best "
           "of the independent trials were all worthless; the stricter of two deviations.",
           kNoBook);
  list.add("dsr_across_trials", own.across_independent, n, "ratio",
           "The same by the deviation of the trials' Sharpe ratios.", few);
  list.add("dsr_null", own.null_independent, n, "ratio",
           "The same by the deviation that worthless books have, 1 / sqrt(n - 1).", kNoBook);
  list.add("dsr_across_all", own.across_all, n, "ratio", "As across trials, with every trial counted as one idea.",
           few);
  list.add("dsr_null_all", own.null_all, n, "ratio", "As by worthless books, with every trial counted as one idea.",
           kNoBook);
  list.add("deviation_across_trials", honesty.law.deviation, honesty.law.books, "",
           "Standard deviation (n - 1) of the trials' Sharpe ratios a session, before costs.", few);
  list.add("deviation_null", own.null_deviation, n, "", "1 / sqrt(n - 1), n sessions of the book.", kNoBook);
}

}  // namespace

std::vector<Number> honesty_numbers(const Honesty& honesty) {
  const TrialLaw& law = honesty.law;
  const Deflated& own = honesty.own;
  const auto n = static_cast<std::int64_t>(own.shape.n);
  const double year = math::sqrt(honesty.sessions_a_year);
  List list("honesty");
  list.add("trials", static_cast<double>(law.trials), law.trials, "trials",
           "Factors tried on this universe so far: formula, span and preparation, whatever the horizon.", "");
  list.add("ordinal", static_cast<double>(honesty.ordinal), law.trials, "",
           "The how-many-th of them this one was, in the order of first runs.", "");
  list.add("independent_trials", static_cast<double>(law.independent), law.books, "trials",
           "Ideas behind them: clusters of correlated books, and every trial without a book.", "");
  list.add("sharpe_annual", own.shape.sharpe * year, n, "",
           "Sharpe ratio a year of the headline's book after costs, in the direction of its rank IC.", kNoBook);
  list.add("psr", own.psr, n, "ratio",
           "Probabilistic Sharpe ratio: that the true one is above 0, given skew and kurtosis, were it the only trial.",
           kNoBook);
  list.add("track_record_sessions", own.track_sessions, n, "sessions",
           "Minimum track record length: sessions needed before the ratio is above 0 with 95 %.",
           stat::is_valid(own.track_sessions) ? "never long enough: nothing is left after costs" : kNoBook);
  add_deflation(honesty, list);
  list.add(
      "q", honesty.q, law.trials, "ratio",
      "p of the headline's no-overlap t after Benjamini-Hochberg over every trial: of all with a q this small, the "
      "share that is luck.",
      "no t to adjust");
  list.add(
      "pbo", law.pbo, law.pbo_choices, "ratio",
      "Probability of backtest overfitting (CSCV, 16 blocks): how often the best trial of one half of the sessions "
      "is below the middle of the other half.",
      law.pbo_reason);
  list.add("pbo_loss", law.pbo_loss, law.pbo_choices, "ratio",
           "Share of these choices whose best one loses in the other half.", law.pbo_reason);
  list.add("pbo_slope", law.pbo_slope, law.pbo_choices, "",
           "Slope of the best one's Sharpe ratio in the other half on that in its own.", law.pbo_reason);
  return list.take();
}

std::vector<Number> kinship_numbers(const Kinship& kinship, double sessions_a_year) {
  List list("kinship");
  const stat::Coefficient& alpha = kinship.alpha;
  const bool is_told = kinship.reason.empty();
  const double year = annual_rate(alpha.value, sessions_a_year);
  list.add("alpha", is_told ? year : kNoValue, kinship.sessions, "ratio/yr",
           "What the named factors of the lake leave of the headline's book before costs: intercept of the regression "
           "on them, (1 + intercept)^(sessions a year) - 1.",
           is_told ? std::string_view("undefined on this data") : std::string_view(kinship.reason));
  if (!is_told) {
    return list.take();
  }
  list.range(annual_rate(alpha.low, sessions_a_year), annual_rate(alpha.high, sessions_a_year));
  list.add("alpha_t", alpha.t, kinship.sessions, "", "t of it, Newey-West errors.", "undefined on this data");
  list.add("r2", kinship.r2, kinship.sessions, "ratio", "Share of its variance that they explain.",
           "undefined on this data");
  for (const Relative& one : kinship.relatives) {
    list.add(one.name + ".correlation", one.correlation, kinship.sessions, "ratio",
             "Correlation of the two books' returns a session, before costs.", "undefined on this data");
    list.add(one.name + ".beta", one.beta.value, kinship.sessions, "",
             "Slope on that factor's book in the regression on all of them.", "undefined on this data");
    list.range(one.beta.low, one.beta.high);
    list.add(one.name + ".t", one.beta.t, kinship.sessions, "", "t of the slope, Newey-West errors.",
             "undefined on this data");
  }
  return list.take();
}

}  // namespace lode::evaluate
