// Axes: a scale from values to a place in the box, and ticks a reader would choose by hand.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lode/base/time.h"
#include "lode/core/report/number_text.h"

namespace lode::report {

// Where a value stands between the ends of an axis.
struct Scale {
  enum class Kind : std::uint8_t { kLinear, kLog, kGrowth };  // kGrowth: logarithm of 1 + value, for compounded returns
  Kind kind = Kind::kLinear;
  double low = 0.0;
  double high = 1.0;

  // 0 at low, 1 at high; outside [0, 1] beyond them; -infinity where a logarithm does not exist; NaN for NaN.
  double place(double value) const;
};

struct Tick {
  double value;
  std::string text;
};

struct Axis {
  Scale scale;
  std::vector<Tick> ticks;  // Ascending, inside the scale.
  bool dates = false;       // Values are days since 1970.
};

// The nearest of 1, 2, 2.5, 5 times a power of ten that is >= `step` (> 0).
double round_step(double step);

// Smallest and largest of the finite values of several series; {NaN, NaN} when there is none.
struct Range {
  double low;
  double high;
  void take(std::span<const double> values);
  void take(double value);
  bool empty() const;
};
Range empty_range();

// A linear axis over the range with a little air, `zero`: the axis holds 0 and leaves no air beyond it when the data
// stays on one side (bars). At most `most` ticks, at round values.
Axis linear_axis(Range range, Style style, bool zero, int most = 5);

// Compounded returns on a log scale: ticks at round percentages (-50, 0, +100, +400 %), never at round logarithms.
Axis growth_axis(Range range, int most = 5);

// Dates: ticks at January firsts (or quarters, months, days for short spans), at most `most`.
Axis date_axis(Date first, Date last, int most = 10);

// Horizons on a log scale: a tick at each value given, labelled "5 d"-style by its number.
Axis horizon_axis(std::span<const int> horizons);

// Rows of names, the first on top: values 0 .. n-1 with their names as ticks.
Axis name_axis(std::span<const std::string> names);

}  // namespace lode::report
