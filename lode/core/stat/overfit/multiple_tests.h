// p-values of many tests at once, adjusted so that they can be held against one level.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lode::stat {

// What an adjusted p-value at or below q promises of all that lie so.
enum class Adjustment : std::uint8_t {
  kBonferroni,          // No false one among them, but for q; any dependence.
  kHolm,                // The same, never weaker (Holm 1979).
  kBenjaminiHochberg,   // At most a share q of them false on average; independent or positively dependent tests (1995).
  kBenjaminiYekutieli,  // The same under any dependence (2001): times sum 1/k.
};

// Adjusted p-values, where `p` stands; NaN where p is NaN, which counts as no test. `tests`: how many were made
// altogether, never fewer than there are in `p`: those not at hand count as p = 1. With p_(1) <= .. <= p_(m), m =
// tests:
//   Bonferroni  min(1, m p_(i))                  Holm  max_{j<=i} min(1, (m - j + 1) p_(j))
//   BH          min_{j>=i} min(1, m p_(j) / j)   BY    min_{j>=i} min(1, m c p_(j) / j), c = sum_{k<=m} 1/k
std::vector<double> adjusted_p(std::span<const double> p, Adjustment adjustment, std::size_t tests = 0);

}  // namespace lode::stat
