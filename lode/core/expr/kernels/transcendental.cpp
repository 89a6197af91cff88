// Elementwise kernels through the array functions of base/math, which give the same bits on every CPU. Cells go through
// a small buffer of doubles, also those of float panels.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "lode/base/math.h"
#include "lode/core/expr/kernels/elementwise.h"

namespace lode::expr::kernels {
namespace {

constexpr std::size_t kChunk = 256;
using Chunk = std::array<double, kChunk>;

// Calls function(x, y, count) on chunks of the operands (y is unused with one operand); it leaves its results in x.
template <class T, class Function>
void map_chunks(const KernelCall<T>& call, Function function) {
  Chunk x;
  Chunk y{};
  const T most = most_stored<T>(call.arguments);
  for (std::size_t row = 0; row < call.out.rows; ++row) {
    for (std::size_t begin = 0; begin < call.out.width; begin += kChunk) {
      const std::size_t count = std::min(kChunk, call.out.width - begin);
      std::copy_n(call.operands[0].row(row + call.history) + begin, count, x.begin());
      if (call.operands.size() > 1) {
        std::copy_n(call.operands[1].row(row + call.history) + begin, count, y.begin());
      }
      function(x, y, count);
      std::transform(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(count), call.out.row(row) + begin,
                     [most](double value) { return stored<T>(value, most); });
    }
  }
}

// x^1 keeps its bits and x^2 is rounded once; a missing operand is never raised to 1 by the power 0.
double power_of(double x, double y, double general) {
  if (x != x || y != y) {
    return kMissing<double>;
  }
  return y == 1.0 ? x : (y == 2.0 ? x * x : general);
}

void power(Chunk& x, const Chunk& y, std::size_t count) {
  const bool is_plain = std::all_of(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(count),
                                    [](double exponent) { return exponent == 1.0 || exponent == 2.0; });
  Chunk general{};
  if (!is_plain) {
    math::pow(x.data(), y.data(), general.data(), count);
  }
  for (std::size_t i = 0; i < count; ++i) {
    x[i] = power_of(x[i], y[i], general[i]);
  }
}

void signed_power(Chunk& x, const Chunk& y, std::size_t count) {
  const Chunk base = x;
  std::transform(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(count), x.begin(),
                 [](double v) { return math::abs(v); });
  power(x, y, count);
  for (std::size_t i = 0; i < count; ++i) {
    const double sign = base[i] > 0.0 ? 1.0 : (base[i] < 0.0 ? -1.0 : 0.0);
    x[i] *= sign;  // At 0: 0 * 0^a is 0, and 0 * infinity, for a < 0, is missing.
  }
}

template <class T>
void run_exp(const KernelCall<T>& call) {
  map_chunks(call, [](Chunk& x, const Chunk&, std::size_t count) { math::exp(x.data(), x.data(), count); });
}
template <class T>
void run_log(const KernelCall<T>& call) {
  map_chunks(call, [](Chunk& x, const Chunk&, std::size_t count) { math::log(x.data(), x.data(), count); });
}
// numpy's: 1 to any power and any number to the power 0 are 1, missing or not; 0 to a negative power is infinite.
void numpy_power(Chunk& x, const Chunk& y, std::size_t count) {
  Chunk general = x;
  power(general, y, count);
  for (std::size_t i = 0; i < count; ++i) {
    x[i] = x[i] == 1.0 || y[i] == 0.0 ? 1.0 : general[i];
  }
}

template <class T>
void run_pow(const KernelCall<T>& call) {
  map_chunks(call, missing_is_false(call.arguments) ? numpy_power : power);
}
template <class T>
void run_signedpower(const KernelCall<T>& call) {
  map_chunks(call, signed_power);
}

}  // namespace

Kernel exp() { return {run_exp<float>, run_exp<double>}; }
Kernel log() { return {run_log<float>, run_log<double>}; }
Kernel pow() { return {run_pow<float>, run_pow<double>}; }
Kernel signedpower() { return {run_signedpower<float>, run_signedpower<double>}; }

}  // namespace lode::expr::kernels
