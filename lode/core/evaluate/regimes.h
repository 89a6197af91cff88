// The factor by the weather of its market, as known when each signal was made: trend and volatility of the mean member.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lode/core/evaluate/kernel/no_overlap.h"
#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

inline constexpr std::size_t kTrendRows = 126;      // Sessions whose return is the trend.
inline constexpr std::size_t kVolatilityRows = 21;  // Sessions behind a volatility.
inline constexpr std::size_t kPastRows = 504;       // Volatilities it is ranked among, its own included ..
inline constexpr std::size_t kLeastPastRows = 252;  // .. of which at least so many are there.

// Regimes in the order of TearSheet::regimes; bits of a row.
enum Regime : std::uint8_t {
  kTrendUp = 1,
  kTrendDown = 2,
  kVolatilityLow = 4,
  kVolatilityMiddle = 8,
  kVolatilityHigh = 16,
};

// Mean return of the session over members with a close on it and on the session before; NaN where there is none.
std::vector<double> market_returns(const Market& market);

// The regimes of each row from returns up to it. Trend: compounded over kTrendRows, above 0 or not. Volatility:
// standard deviation over kVolatilityRows, in the lowest, middle or highest third of those of the last kPastRows rows.
// 0: too little history.
std::vector<std::uint8_t> regimes_of(std::span<const double> returns);

// The headline on the rows of each regime: mean rank IC, t of the no-overlap series, spread as a yearly rate. Below
// min_dates dates everything is missing, with the reason.
std::vector<RegimeResult> regime_results(std::span<const std::uint8_t> regimes, const HorizonResult& headline,
                                         const NoOverlap& test, const Options& options);

}  // namespace lode::evaluate
