// Small derivations from daily series that only the page draws: trailing means, histogram. Wealth, falls and months are
// numbers of the run and stand in evaluate/kernel/path.h. NaN days are gaps.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lode/core/evaluate/kernel/path.h"

namespace lode::report {

using evaluate::by_month;
using evaluate::cumulative_return;
using evaluate::deepest_falls;
using evaluate::drawdown;
using evaluate::Fall;
using evaluate::last_valid;
using evaluate::Month;

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

}  // namespace lode::report
