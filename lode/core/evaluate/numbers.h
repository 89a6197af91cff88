// The tear sheet as named numbers: one list of paths for the lake's `numbers`, `--json`, the report's data-why and
// `lode why`, so that no surface can disagree with another.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

// One number of a run. Paths: "rank_ic.5d.mean", "ic.5d.t_no_overlap", "quantile.5d.q5.return", "spread.5d.net_annual",
// "coverage.ratio", "decay.10d.rank_ic", "turnover.5d", "autocorrelation.5d", "year.2012.rank_ic",
// "known.Mkt-RF.beta", "path.net", "fall.1.depth", "month.2012.03.net", "group.<name>.rank_ic".
struct Number {
  std::string path;
  double value;      // NaN = missing; `reason` says why.
  std::string unit;  // "ratio", "ratio/yr", "bps", "sessions", "names", "" for a t
  std::int64_t n = 0;
  double lower;  // NaN = none
  double upper;
  std::string_view definition;  // One sentence; static text.
  std::string reason;
};

inline constexpr std::size_t kFallsListed = 5;  // The deepest falls of the net path that have a number.

// All numbers of the sheet in the order of the report.
std::vector<Number> numbers(const TearSheet& sheet);

// "5d" for 5.
std::string horizon_key(int horizon);

}  // namespace lode::evaluate
