// Sums in any order, to the same bit.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/any_order_sum.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "lode/base/math.h"

namespace lode::stat {
namespace {

// Terms are added in lanes of their own: every addition is exact, so how many lanes there are is seen nowhere.
constexpr std::size_t kLanes = 8;
using Lanes = std::array<double, kLanes>;

constexpr int kBits = 53;              // Of a double's significand.
constexpr int kLargestExponent = 960;  // Terms above 2^960 are brought down before they are added,
constexpr int kDownBits = 128;         // by so many bits, and their sum is taken up again.
constexpr double kDown = 0x1p-128;
constexpr double kUp = 0x1p128;

// 2^exponent; 0 below the least double.
double power_of_two(int exponent) {
  if (exponent >= -1022) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
  }
  return exponent >= -1074 ? std::bit_cast<double>(std::uint64_t{1} << (exponent + 1074)) : 0.0;
}

// An e with |x| < 2^e of a finite x; the least one, but for those below the normal numbers.
int exponent_above(double x) {
  const auto field = static_cast<int>(std::bit_cast<std::uint64_t>(x) >> 52 & 0x7FF);
  return std::max(field, 1) - 1022;
}

double total(const Lanes& lanes) {
  double sum = 0.0;
  for (const double lane : lanes) {
    sum += lane;
  }
  return sum;
}

// Calls lane(k, f(value)) for every value.
template <class Function, class Lane>
void for_each_term(std::span<const double> values, Function f, Lane lane) {
  const std::size_t whole = values.size() / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) {
    for (std::size_t k = 0; k < kLanes; ++k) {
      lane(k, f(values[i + k]));
    }
  }
  for (std::size_t k = 0; whole + k < values.size(); ++k) {
    lane(k, f(values[whole + k]));
  }
}

// The sum of terms below 2^exponent. Adding 1.5 * 2^(exponent + b) to a term and taking it away again cuts the term at
// a bit that is the same for all. Up to 2^b such high parts add up without rounding, whatever their order, and so do
// the high parts of what is left; the rest, a share below 2^(2 b - 105) of the largest term, is dropped.
template <class Function>
double cut_sum(std::span<const double> values, int exponent, Function f) {
  const int count_bits = static_cast<int>(std::bit_width(values.size()));
  const double first_cut = 1.5 * power_of_two(exponent + count_bits);
  const double second_cut = 1.5 * power_of_two(exponent + 2 * count_bits - kBits);
  Lanes high{};
  Lanes low{};
  for_each_term(values, f, [&](std::size_t k, double term) {
    const double part = (first_cut + term) - first_cut;
    high[k] += part;
    low[k] += (second_cut + (term - part)) - second_cut;
  });
  return total(high) + total(low);
}

// A sum that may pass the largest double: value * unit.
struct Sum {
  double value = 0.0;
  double unit = 1.0;
};

template <class Function>
Sum sum_of(std::span<const double> values, Function f) {
  Lanes largest{};
  Lanes infinite{};  // NaN once a term was infinite, else 0.
  for_each_term(values, f, [&](std::size_t k, double term) {
    const double size = math::abs(term);
    largest[k] = size > largest[k] ? size : largest[k];
    infinite[k] += term - term;
  });
  if (total(infinite) != 0.0) {
    Lanes sums{};
    for_each_term(values, f, [&](std::size_t k, double term) { sums[k] += math::is_finite(term) ? 0.0 : term; });
    return {total(sums), 1.0};
  }
  const double most = *std::ranges::max_element(largest);
  if (most == 0.0) {
    return {};
  }
  const int exponent = exponent_above(most);
  if (exponent <= kLargestExponent) {
    return {cut_sum(values, exponent, f), 1.0};
  }
  return {cut_sum(values, exponent - kDownBits, [&f](double value) { return f(value) * kDown; }), kUp};
}

}  // namespace

double any_order_sum(std::span<const double> values) {
  const Sum sum = sum_of(values, [](double value) { return value; });
  return sum.value * sum.unit;
}
double any_order_abs_sum(std::span<const double> values) {
  const Sum sum = sum_of(values, [](double value) { return math::abs(value); });
  return sum.value * sum.unit;
}
double any_order_squares(std::span<const double> values, double center) {
  const Sum sum = sum_of(values, [center](double value) { return (value - center) * (value - center); });
  return sum.value * sum.unit;
}
double any_order_mean(std::span<const double> values) {
  if (values.empty()) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const auto [least, largest] = std::ranges::minmax(values);
  const Sum sum = sum_of(values, [](double value) { return value; });
  const double mean = sum.value / static_cast<double>(values.size()) * sum.unit;
  return mean < least ? least : mean > largest ? largest : mean;
}

}  // namespace lode::stat
