// How much money a book carries before its own trades eat what it earns, by the square-root law of impact: buying a
// share Q / V of a name's daily volume moves its price by sigma sqrt(Q / V). Grinold & Kahn, "Active portfolio
// management" (2000), chapter 16; Toth et al., "Anomalous price impact and the critical nature of liquidity in
// financial markets", Physical Review X 1 (2011), for a factor of about one. The cost of a session is then the root of
// the money times one number of the book, so one pass gives the whole curve.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lode/core/evaluate/kernel/book.h"
#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

inline constexpr std::size_t kLiquidityRows = 21;       // Sessions up to the signal behind volume and volatility ..
inline constexpr std::size_t kLeastLiquidityRows = 10;  // .. of which at least so many are there.
inline constexpr double kKnownTrades = 0.8;             // Of what is traded, whose volume must be known.

// Of each cell from the sessions up to it: mean of close x volume and deviation (by n) of the close's returns.
Liquidity liquidity_of(const Market& market, Pool& pool);

// Of the book turned by `sign` (1 or -1), whose trades are known by make_book with a Liquidity.
CapacityResult capacity_of(const Book& book, double sign, const Options& options);

// What is left a session, after costs and impact, with `money` on each side.
double net_with_money(const CapacityResult& capacity, double money);

}  // namespace lode::evaluate
