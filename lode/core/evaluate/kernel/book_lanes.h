// One session of a long-short book over all names at once.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lode::evaluate {

// Buckets of the date of one tranche and the weight of a name in each: shares[k] in bucket k, 0 in bucket 0.
struct Tranche {
  std::span<const std::uint8_t> cells;
  std::span<const double> shares;
};

// The book before and after one session. Sums go by eight lanes, an element's lane its position modulo 8.
struct BookRow {
  std::span<const double> returned;  // NaN = none, earns 0.
  double share = 0.0;                // 1 / tranches alive once moved on; 0 without one.
  double* weights;                   // Sums of the tranches' weights, bucket k of 1..q at weights + k * columns; moved
  Tranche leaving;                   // on by what leaves
  Tranche entering;                  // and what enters.
  // Long less short weights a unit of capital, grown by the session's returns: in, yesterday's; out, today's.
  std::span<double> drifted;
  double* changes = nullptr;  // If given: today's weights, before they grow, less yesterday's drifted.
};

// What the tranches earned and the book traded.
struct BookSums {
  std::vector<double>& earned;  // [bucket - 1]: sum of weights times returns.
  double traded = 0.0;          // Notional that turns yesterday's drifted book into today's.
};

// `profit`, if given, has each name's weight times return added.
void walk_row(const BookRow& row, BookSums& sums, double* profit);

// What the trades of one row cost in the market: sums over names. Unknown costs are NaN.
struct ImpactSums {
  double changed = 0.0;  // |change|
  double known = 0.0;    // The same where it is known what trading costs, and of these
  double impact = 0.0;   // |change|^1.5 times impact,
  double crowd = 0.0;    // change^2 times per_money.
};
ImpactSums impact_sums(std::span<const double> changes, std::span<const float> impact,
                       std::span<const float> per_money);

}  // namespace lode::evaluate
