// The path a daily series of returns takes: wealth, falls, months. NaN days are gaps: they neither earn nor reset
// anything and stay NaN in the result.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lode/base/time.h"

namespace lode::evaluate {

// Compounded return since the start: prod(1 + r) - 1 up to each day. A return of -1 or less ends at -1 for good.
std::vector<double> cumulative_return(std::span<const double> daily);

// Fall from the running peak of 1 + cumulative, as a ratio <= 0. The start counts as a peak.
std::vector<double> drawdown(std::span<const double> cumulative);

struct Fall {
  double depth;      // Negative ratio.
  std::size_t peak;  // Rows; the first peak is the row before the first value.
  std::size_t trough;
  std::size_t recovery;   // Row where the old peak is reached again; == size of the series when not recovered.
  std::int64_t sessions;  // With a value, after the peak up to the recovery or the end: gaps are no part of a fall.
};
// The `count` deepest falls, deepest first; falls do not overlap.
std::vector<Fall> deepest_falls(std::span<const double> drawdowns, std::size_t count);

// One calendar month of a daily series.
struct Month {
  Date first;  // First session of the month in the series.
  int year = 0;
  int month = 0;
  double mean;            // Of the valid days; NaN when none.
  double compounded;      // prod(1 + r) - 1 over the valid days; NaN when none.
  std::int64_t days = 0;  // Valid days.
};
std::vector<Month> by_month(std::span<const Date> sessions, std::span<const double> daily);

double last_valid(std::span<const double> values);  // NaN when none.

}  // namespace lode::evaluate
