// Scales and round ticks.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/scene/ticks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "lode/base/assert.h"
#include "lode/base/math.h"

namespace lode::report {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
// Air between the outermost value and the frame, as a share of the range.
constexpr double kAir = 0.04;

double log_or_floor(double value) { return value > 0.0 ? math::log(value) : -kInfinity; }

double between(double value, double low, double high) {
  return math::is_nan(value) ? kNaN : (value - low) / (high - low);
}

std::string month_name(int month) {
  static constexpr std::array<std::string_view, 12> kNames{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return std::string(kNames[static_cast<std::size_t>(month - 1)]);
}

// Month starts every `step` months inside [first, last].
std::vector<Tick> month_ticks(Date first, Date last, int step) {
  std::vector<Tick> ticks;
  for (int month = first.year() * 12; month <= last.year() * 12 + 11; month += step) {
    const Date start = Date::from_civil(month / 12, month % 12 + 1, 1);
    if (first <= start && start <= last) {
      const std::string year = fmt::format("{}", month / 12);
      const bool january = month % 12 == 0;
      const std::string name = month_name(month % 12 + 1);
      // The first label says the year; after it a month is enough until the next January.
      ticks.push_back({static_cast<double>(start.days), january ? year : ticks.empty() ? name + " " + year : name});
    }
  }
  return ticks;
}

}  // namespace

double Scale::place(double value) const {
  switch (kind) {
    case Kind::kLinear:
      return between(value, low, high);
    case Kind::kLog:
      return math::is_nan(value) ? kNaN : between(log_or_floor(value), math::log(low), math::log(high));
    case Kind::kGrowth:
      return math::is_nan(value) ? kNaN
                                 : between(log_or_floor(1.0 + value), math::log(1.0 + low), math::log(1.0 + high));
  }
  return kNaN;
}

double round_step(double step) {
  LODE_ASSERT(step > 0.0 && math::is_finite(step));
  double power = 1.0;
  while (power * 10.0 <= step) {
    power *= 10.0;
  }
  while (power > step) {
    power /= 10.0;
  }
  for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
    if (power * factor >= step * (1.0 - 1e-9)) {
      return power * factor;
    }
  }
  return power * 10.0;
}

Range empty_range() { return {kNaN, kNaN}; }
bool Range::empty() const { return math::is_nan(low); }

void Range::take(double value) {
  if (math::is_finite(value)) {
    low = math::is_nan(low) ? value : std::min(low, value);
    high = math::is_nan(high) ? value : std::max(high, value);
  }
}

void Range::take(std::span<const double> values) {
  for (const double value : values) {
    take(value);
  }
}

Axis linear_axis(Range range, Style style, bool zero, int most) {
  if (range.empty()) {
    range = {0.0, 1.0};
  }
  if (zero) {
    range.take(0.0);
  }
  if (range.low == range.high) {
    const double size = range.low == 0.0 ? 1.0 : math::abs(range.low) * 0.5;
    range = {zero && range.low >= 0.0 ? range.low : range.low - size, range.high + size};
  }
  Axis axis;
  const double air = (range.high - range.low) * kAir;
  axis.scale.low = zero && range.low == 0.0 ? 0.0 : range.low - air;
  axis.scale.high = zero && range.high == 0.0 ? 0.0 : range.high + air;
  const double span = axis.scale.high - axis.scale.low;
  double step = round_step(span / most * 0.6);
  const auto count = [&](double width) {
    return math::floor(axis.scale.high / width) - math::ceil(axis.scale.low / width) + 1.0;
  };
  while (count(step) > most) {
    step = round_step(step * 1.2);
  }
  for (double at = math::ceil(axis.scale.low / step); at * step <= axis.scale.high; at += 1.0) {
    axis.ticks.push_back({at * step, tick_text(at * step, step, style)});
  }
  return axis;
}

Axis growth_axis(Range range, int most) {
  range.take(0.0);
  range.low = std::max(range.low, -0.99);
  if (range.high - range.low < 0.02) {
    range = {range.low - 0.01, range.high + 0.01};
  }
  Axis axis;
  axis.scale.kind = Scale::Kind::kGrowth;
  const double air = (math::log(1.0 + range.high) - math::log(1.0 + range.low)) * kAir;
  axis.scale.low = (1.0 + range.low) * math::exp(-air) - 1.0;
  axis.scale.high = (1.0 + range.high) * math::exp(air) - 1.0;
  // Ladders of round percentages from fine to coarse: the finest that fits wins.
  static const std::vector<std::vector<double>> ladders{
      {-0.05, -0.04, -0.03, -0.02, -0.01, 0.0, 0.01, 0.02, 0.03, 0.04, 0.05},
      {-0.1, -0.08, -0.06, -0.04, -0.02, 0.0, 0.02, 0.04, 0.06, 0.08, 0.1},
      {-0.09, -0.06, -0.03, 0.0, 0.03, 0.06, 0.09},
      {-0.2, -0.15, -0.1, -0.05, 0.0, 0.05, 0.1, 0.15, 0.2, 0.25},
      {-0.4, -0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3, 0.4, 0.5},
      {-0.8, -0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.6, 0.8, 1.0},
      {-0.75, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0},
      {-0.9, -0.75, -0.5, 0.0, 1.0, 3.0, 7.0},
      {-0.9, -0.5, 0.0, 1.0, 4.0, 9.0, 19.0},
      {-0.9, -0.5, 0.0, 2.0, 9.0, 29.0, 99.0},
      {-0.99, -0.9, 0.0, 9.0, 99.0, 999.0, 9999.0},
      {0.0, 99.0, 9999.0, 999999.0}};
  const std::vector<double>* chosen = &ladders.back();
  for (const std::vector<double>& ladder : ladders) {
    const auto inside = [&](double value) { return axis.scale.low <= value && value <= axis.scale.high; };
    // A ladder that stops well inside the axis would leave its ends without a tick.
    const bool reaches = ladder.front() <= axis.scale.low * 0.5 && ladder.back() >= axis.scale.high * 0.5;
    if (reaches && std::count_if(ladder.begin(), ladder.end(), inside) <= most) {
      chosen = &ladder;
      break;
    }
  }
  for (const double value : *chosen) {
    if (axis.scale.low <= value && value <= axis.scale.high) {
      axis.ticks.push_back({value, tick_text(value, 0.01, Style::kReturn)});
    }
  }
  return axis;
}

Axis date_axis(Date first, Date last, int most) {
  Axis axis;
  axis.dates = true;
  axis.scale = {Scale::Kind::kLinear, static_cast<double>(first.days),
                static_cast<double>(std::max(last.days, first.days + 1))};
  for (const int months : {1, 3, 6, 12, 24, 60, 120}) {
    axis.ticks = month_ticks(first, last, months);
    if (static_cast<int>(axis.ticks.size()) <= most) {
      break;
    }
  }
  if (axis.ticks.empty()) {
    axis.ticks.push_back({static_cast<double>(first.days), to_string(first)});
  }
  return axis;
}

Axis horizon_axis(std::span<const int> horizons) {
  LODE_ASSERT(!horizons.empty());
  Axis axis;
  const auto [least, most] = std::minmax_element(horizons.begin(), horizons.end());
  // Half a step of air, so that the first and last dot stand inside the box.
  axis.scale = {Scale::Kind::kLog, *least * 0.8, *most * 1.25};
  for (const int horizon : horizons) {
    axis.ticks.push_back({static_cast<double>(horizon), fmt::format("{}", horizon)});
  }
  return axis;
}

Axis name_axis(std::span<const std::string> names) {
  Axis axis;
  // Drawn from the top down: the scale runs from the last row up to the first.
  axis.scale = {Scale::Kind::kLinear, static_cast<double>(names.size()) - 0.5, -0.5};
  for (std::size_t i = 0; i < names.size(); ++i) {
    axis.ticks.push_back({static_cast<double>(i), names[i]});
  }
  return axis;
}

}  // namespace lode::report
