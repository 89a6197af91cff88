// Cross-sectional premiums of factors and the regressions of every name on their books, with the rows that other
// systems keep of them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/core/evaluate/pricing/fama_macbeth.h"
#include "lode/core/evaluate/pricing/instrument_regressions.h"
#include "lode/flow/steps/research/alike.h"

namespace lode::flow {

struct PremiumFactor {
  std::string name;
  std::string run;           // "r5"; "" where the lake is read-only
  std::string hash;          // Of the run
  std::vector<double> book;  // Top less bottom bucket at the headline, a session; NaN without one
  std::vector<double> top;   // Its legs, not demeaned
  std::vector<double> bottom;
  evaluate::LoadingSummary summary = {};
  std::vector<evaluate::InstrumentRegression> names = {};
};

struct Premium {
  JudgedAlike alike;
  std::vector<PremiumFactor> factors;
  evaluate::FamaMacBeth fama_macbeth = {};
  std::vector<Date> sessions;        // Judged
  std::vector<std::string> symbols;  // One a column
  int horizon = 1;                   // Of the labels: the headline's
  double periods_a_year = 252.0;     // Labels a year: 252 / horizon
  Time computed = {};
};

// Judges the factors as factor compare does, then prices them. E0003 without a factor, E0004 more than 20.
Result<Premium> premium(World& world, const Request& request);

// Puts the rows of every factor into the lake's tables of these names, each under its own run, in one commit. A run
// whose rows are there is passed over, so the same call twice stores once. 0: nothing was to be stored, or the lake is
// read-only. E8003, E8004, E8006: nothing is stored.
Result<lake::CommitId> keep_rows(World& world, const Premium& premium);

// Rows of "factor_summary", "factor_details" or "factor_timeseries": of one factor, and of all.
Value premium_rows(const Premium& premium, const PremiumFactor& factor, std::string_view table);
Value premium_rows(const Premium& premium, std::string_view table);
std::span<const std::string_view> premium_columns(std::string_view table);

}  // namespace lode::flow
