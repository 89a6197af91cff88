// A judgement as the page core/report draws, and its place on disk.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lode/flow/steps/research/research.h"

namespace lode::flow {

// The names with the highest and lowest finite values on the last row that has `needed` of them, at most half of them
// at either end, from the outside in; equal values by name. `names`: one a column. Values as four significant digits.
struct Extremes {
  std::string date;  // Of that row; empty when no row has them.
  std::vector<std::pair<std::string, std::string>> highest;
  std::vector<std::pair<std::string, std::string>> lowest;
};
Extremes extremes(const Panel& factor, const std::vector<std::string>& names, std::size_t count, std::size_t needed);

// The command that rebuilds the page from the same lake, as a shell takes it. Options at their built-in value are left
// out unless a configuration may change them.
std::string rebuild_command(const Study& study, const Judged& judged, const ResearchRequest& request);

// The HTML text.
std::string factor_page(const Study& study, const Judged& judged, const ResearchRequest& request,
                        const Recorded& recorded);

// Writes runs/<alias>/report.html, and `copy_to` beside when given; returns the path to show. A run that was not
// recorded (read-only lake) needs `copy_to`: E8004 says so.
Result<std::string> write_report(const Study& study, const Recorded& recorded, const std::string& copy_to,
                                 const std::string& html);

}  // namespace lode::flow
