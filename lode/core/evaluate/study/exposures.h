// What else a factor ranks by: its rank correlation across names with five styles that are known on the date, and where
// the names of each group stand. On every 21st session, the first of them the 21st: styles move slowly, and a session
// more at the end changes none of the dates before.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "lode/core/evaluate/kernel/sorted_rows.h"
#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

inline constexpr std::array<std::string_view, 5> kStyles{"size", "momentum", "week", "volatility", "beta"};
inline constexpr std::size_t kStyleStep = 21;         // Sessions between the dates looked at
inline constexpr std::size_t kFewestStyleDates = 12;  // Fewer: nothing is said.

// Styles of one date, from closes and volumes up to it, NaN where less than half of a window is known:
//   size        mean of close x volume over 63 sessions (no count of shares is asked for)
//   momentum    return of the 231 sessions up to 21 sessions ago: close[t - 21] / close[t - 252] - 1
//   week        return of the last 5 sessions
//   volatility  standard deviation of the session's return over 63 sessions
//   beta        slope of the session's return on that of the mean member over 252 sessions
// `market_returns`: of the mean member, regimes.h. Fills shape.exposures and, with groups, shape.groups (average
// centred rank plus a half, of names with a value). Errors by Newey and West with lag 12, since windows of 252 sessions
// overlap that far.
void add_exposures(const SortedRows& factor, const Standing& ranks, const Market& market, const GroupPanel* groups,
                   std::span<const double> market_returns, const Options& options, Pool& pool, Shape& shape);

}  // namespace lode::evaluate
