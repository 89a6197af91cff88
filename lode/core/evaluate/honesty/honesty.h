// What searching costs: a result is one of many trials on the same data, and the best of many looks good by luck. From
// the books of all trials on record: how many ideas they are, how wide luck spreads their Sharpe ratios, what is left
// of one after that, how likely picking the best was overfitting. Sources: core/stat/overfit.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lode/base/time.h"
#include "lode/core/evaluate/tear_sheet.h"
#include "lode/core/stat/overfit/sharpe.h"

namespace lode::evaluate {

// The book of one trial: top less bottom bucket at its headline horizon, formula as it stands.
struct TrialBook {
  std::vector<Date> sessions;  // Ascending; those with a book.
  std::vector<double> gross;   // Return before costs, one a session.
  std::vector<double> traded;  // Notional bought and sold, one a session: costs are this times the cost a side.
  double p = kNoValue;         // Two-sided, of the trial's no-overlap t.
};

inline constexpr int kOverfittingBlocks = 16;     // S of the CSCV.
inline constexpr double kEnoughSessions = 0.8;    // Of the sessions judged, for a book to be held against the others.
inline constexpr std::size_t kMostBooks = 400;    // The newest are compared; more are counted as lone trials.
inline constexpr double kTrackConfidence = 0.95;  // Of the minimum track record length.

// What all trials on one universe say together, on the sessions judged.
struct TrialLaw {
  std::int64_t trials = 0;       // On record, the ones judged now included.
  std::int64_t books = 0;        // Of these, with a book on enough of the sessions.
  std::int64_t independent = 0;  // Groups of alike books (cluster_trials), and every trial without a book.
  double deviation = kNoValue;   // Of the Sharpe ratios a session before costs, n - 1, formulas as they stand:
                                 // what trading costs is known, not luck.
  std::vector<double> q;         // By book as given: p after Benjamini-Hochberg over all trials.
  double pbo = kNoValue;         // Probability of backtest overfitting, before costs; each book both ways round.
  double pbo_loss = kNoValue;    // Share of choices whose best one loses out of sample.
  double pbo_slope = kNoValue;   // Of the best one's Sharpe ratio out of sample on that in sample.
  std::int64_t pbo_choices = 0;
  std::int64_t pbo_sessions = 0;
  std::string pbo_reason;  // Why there is no PBO: "1 trial, needs 2"
};

// `books` newest last, of `trials` trials on record (never fewer than there are books); what they earned outside of
// `sessions` is not looked at. Same bits for the same input.
TrialLaw trial_law(std::span<const TrialBook> books, std::span<const Date> sessions, std::int64_t trials);

// One book after costs, in the direction of its rank IC, against the best of worthless trials. Every trial could have
// been turned round, so twice as many were made.
struct Deflated {
  stat::ReturnShape shape;               // Of the net returns a session.
  double psr = kNoValue;                 // P(true ratio > 0), as if it were the only trial.
  double track_sessions = kNoValue;      // Minimum track record length at 95 %; infinite when the ratio is not above 0.
  double null_deviation = kNoValue;      // 1 / sqrt(n - 1): of the Sharpe ratios of worthless trials.
  double across_all = kNoValue;          // DSR by the deviation across trials, all trials ..
  double across_independent = kNoValue;  // .. independent ones.
  double null_all = kNoValue;            // DSR by the null deviation.
  double null_independent = kNoValue;

  // The stricter of both deviations, for independent trials; NaN without a book.
  double dsr() const;
};
// `turned`: the rank IC is negative, so the book is held the other way round and pays the same costs.
Deflated deflated(const TrialLaw& law, const TrialBook& book, double cost_bps, bool turned);

// All of one factor.
struct Honesty {
  TrialLaw law;
  Deflated own;
  double q = kNoValue;
  std::int64_t ordinal = 0;  // The how-many-th trial on this data it was; 0 = unknown.
  double sessions_a_year = 252.0;
};

// Rows of the honesty panel: "deflated_sharpe", "track_record", "fdr", "pbo". None of them fails: that the best of many
// may be luck is told by the t that the verdict asks for; these say how much.
std::vector<Check> honesty_checks(const Honesty& honesty);
// Puts them in the place of what stood there.
void set_honesty(std::vector<Check>& checks, const Honesty& honesty);

std::string ordinal_words(std::int64_t place);  // "37th"

// Lines for a terminal, each ending in '\n': trials, deflated Sharpe ratio, q, PBO or why there is none.
std::string honesty_text(const Honesty& honesty);

}  // namespace lode::evaluate
