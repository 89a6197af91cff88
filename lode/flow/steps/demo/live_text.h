// The words and numbers of the live demo.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/flow/steps/demo/findings.h"
#include "lode/flow/steps/demo/live_sources.h"

namespace lode::flow {

// The formulas judged beside return on assets.
inline constexpr std::string_view kReversal = "rank(-ts_delta(close, 5))";
inline constexpr std::string_view kMomentum = "rank(ts_delay(close, 21) / ts_delay(close, 252))";

// "reversal", "momentum", "profitability".
std::string live_name(const ResearchRequest& request);

// What each source gave, the names and sessions, a row a factor, and what such a list cannot say.
std::string live_text(const Study& study, std::span<const LiveFetch> fetches, std::span<const Finding> findings,
                      double cost_bps);
Value live_json(const Study& study, std::span<const LiveFetch> fetches, std::span<const Unreached> unreached,
                std::span<const Finding> findings);

}  // namespace lode::flow
