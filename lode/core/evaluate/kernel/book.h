// The long-short book behind the spread: h overlapping tranches, one formed each session, and what it earns and trades.
//
// The tranche of row t holds the buckets of that date for h sessions, equal weights inside a bucket; the book of row t
// is the mean of the tranches formed at t-h+1..t: bucket q long, bucket 1 short, one unit of capital a side, restored
// every session. A date whose top or bottom bucket is empty forms no tranche. A held name without a price that session
// earns 0 until it is priced again: the return then includes the gap.
//
// What is traded is the net of the tranches: a name that one holds long and another short is held at the difference, so
// turnover and costs, charged on both sides' net weights, are below those of tranches held in accounts of their own.
// Every trade of it is paid for: the book is bought from nothing on its first row, restored on each, and sold in full
// when no tranche is alive any more, which includes the end. A sale falls at the end of the session that the book was
// held last, so its cost is that row's.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lode/core/evaluate/kernel/dates.h"
#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

// What trading a name costs beside fees, a cell each (rows * columns); NaN where it is not known.
struct Liquidity {
  std::vector<float> impact;     // Volatility of a session over the root of the money traded a session.
  std::vector<float> per_money;  // 1 over the money traded a session.
};

// Series over rows, NaN for the first h - 1 rows after the first tranche, rows without a tranche and rows without
// returns.
struct Book {
  std::vector<std::vector<double>> quantiles;  // [bucket - 1]: return of the bucket's tranches.
  std::vector<double> gross;                   // Top less bottom bucket.
  std::vector<double> net;                     // Less cost_bps on what was traded.
  std::vector<double> traded;                  // Notional bought and sold, both legs, from the drifted book before; on
                                               // the last row before one without a tranche also the sale of the whole.
  std::vector<double> long_leg;                // Top bucket less the mean of all buckets.
  std::vector<double> short_leg;               // Mean of all buckets less the bottom bucket.
  std::vector<double> name_profit;             // Gross profit of each column over all rows.
  // With a Liquidity, else empty; without the sale at the end, sums over names of their trades dw:
  std::vector<double> changed;  // |dw|
  std::vector<double> known;    // The same where it is known what trading costs, and of these
  std::vector<double> impact;   // |dw|^1.5 times Liquidity::impact,
  std::vector<double> crowd;    // dw^2 times Liquidity::per_money.
};

// `held`: one-session returns of every name whether or not it is a member, rows at or after `rows_with_returns`
// unknown.
Book make_book(const Buckets& buckets, const Panel& held, std::size_t rows_with_returns, int horizon, double cost_bps,
               Pool& pool, const Liquidity* liquidity = nullptr);

// The book in numbers. Annual rates are (1 + mean session)^A - 1; errors are ordinary, since sessions do not overlap.
// Below min_dates sessions, or when more than a fifth of the sessions from the first to the last have no book, every
// field is NaN and the estimates say why.
SpreadStatistics spread_statistics(const Book& book, std::span<const Date> sessions, const Options& options);

}  // namespace lode::evaluate
