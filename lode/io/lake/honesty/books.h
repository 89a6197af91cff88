// Books of trials: what the long-short book of each trial's headline earned and traded, session by session. Later
// evaluations on the same data count ideas, spread and luck from them. About 8 bytes a session and trial, in the
// manifest's table trial_books (made by the first one), written with the run that was the trial.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "lode/io/lake/runs.h"

namespace lode::lake {

class Database;

struct TrialBook {
  Trial trial;                 // Horizon: of the headline. Statistic and origin are not kept here.
  double p;                    // Two-sided, of the headline's no-overlap t; NaN = missing
  std::vector<Date> sessions;  // Ascending
  std::vector<double> gross;   // One a session, kept as floats (24 bits)
  std::vector<double> traded;  // The same
};

// The numbers as they are read back, for who uses a book before it is stored.
void round_as_stored(TrialBook& book);

// Puts the book in the place of the trial's earlier one. The caller holds an open transaction.
Result<void> write_book(const Database& manifest, const TrialBook& book);

// Books of all trials on this universe, in the order in which they were first stored. E8007 for a damaged one.
Result<std::vector<TrialBook>> trial_books(Lake& lake, std::string_view universe);

}  // namespace lode::lake
