// Small derivations from daily series that the page draws: wealth, falls, months, histogram. NaN days are gaps: they
// neither earn nor reset anything and stay NaN in the result.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lode/base/time.h"

namespace lode::report {

// Compounded return since the start: prod(1 + r) - 1 up to each day. A return of -1 or less ends at -1 for good.
std::vector<double> cumulative_return(std::span<const double> daily);

// Fall from the running peak of 1 + cumulative, as a ratio <= 0. The start counts as a peak.
std::vector<double> drawdown(std::span<const double> cumulative);

struct Fall {
  double depth;      // Negative ratio.
  std::size_t peak;  // Rows; the peak may be the row before the first loss.
  std::size_t trough;
  std::size_t recovery;  // Row where the old peak is reached again; == size of the series when not recovered.
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

// Trailing mean of 12 monthly values with its 95 % interval from their spread (Student t, 11 degrees of freedom); NaN
// until 12 months with a value have been seen, and where one of the last 12 has none.
struct Trailing {
  double mean;
  double lower;
  double upper;
};
std::vector<Trailing> trailing_year(std::span<const Month> months);

// Equal bins on the data's own range whose edges are whole multiples of a round width, so that zero is an edge when
// the range holds it. About Freedman-Diaconis, between 8 and 60 bins. Empty for fewer than two different values.
struct Histogram {
  double width = 0.0;
  double low = 0.0;  // Left edge of the first bin.
  std::vector<std::int64_t> counts;
};
Histogram histogram(std::span<const double> values);

// Mean and standard deviation (ddof 1) of the valid values.
struct Moments {
  double mean;
  double deviation;
  std::int64_t count = 0;
};
Moments moments(std::span<const double> values);

double last_valid(std::span<const double> values);  // NaN when none.

}  // namespace lode::report
