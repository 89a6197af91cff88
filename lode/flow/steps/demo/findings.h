// What the demo found beside what was planted, as the text of `lode demo` and as data.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "lode/core/synth/market.h"
#include "lode/flow/steps/research/research.h"

namespace lode::flow {

// One signal or decoy and what became of it.
struct Finding {
  synth::Signal signal;
  Judged judged;
  std::int64_t trials = 0;       // Candidates on this universe, all of the demo's included.
  std::int64_t lake_trials = 0;  // The same in the whole lake.
  Recorded recorded;

  const evaluate::HorizonResult& headline() const { return judged.sheet.headline_horizon(); }
  // The page's verdict says that it predicts, whatever costs leave of it, and it does with the planted sign. A decoy
  // has no sign: either way is found.
  bool is_found() const;
  // The page's verdict in the words of the table: "found" (strong, weak), "costs eat it", "nothing", "cannot tell";
  // "sign turned" where the page finds the opposite of what was planted.
  std::string verdict() const;
};

// The market in two lines and the head of the table.
std::string findings_head(const synth::Market& market, std::int64_t set_aside, double cost_bps);
std::string findings_row(const Finding& finding);
// The same of a factor that nobody planted.
std::string live_row(const Finding& finding);
// How many of each were found, what a naive t would have said, trials and look-ahead.
std::string findings_foot(std::span<const Finding> findings);

Value finding_json(const Finding& finding);

}  // namespace lode::flow
