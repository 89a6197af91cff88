// Elementwise kernels through the array functions of base/math, which give the same bits on every CPU. Cells go through
// a small buffer: of doubles, but powers of floats stay floats.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "lode/base/math.h"
#include "lode/core/expr/kernels/elementwise.h"

namespace lode::expr::kernels {
namespace {

constexpr std::size_t kChunk = 256;
template <class V>
using Chunk = std::array<V, kChunk>;

// Calls function(x, y, count) on chunks of the operands (y is unused with one operand), cells of type V; it leaves its
// results in x. Narrow rows share a chunk.
template <class V, class T, class Function>
void map_chunks(const KernelCall<T>& call, Function function) {
  Chunk<V> x;
  Chunk<V> y{};
  const T most = most_stored<T>(call.arguments);
  const std::size_t width = std::min(kChunk, call.out.width);
  const std::size_t rows = kChunk / std::max<std::size_t>(call.out.width, 1);
  for (std::size_t row = 0; row < call.out.rows; row += std::max<std::size_t>(rows, 1)) {
    const std::size_t last = std::min(row + std::max<std::size_t>(rows, 1), call.out.rows);
    for (std::size_t begin = 0; begin < call.out.width; begin += width) {
      const std::size_t count = std::min(width, call.out.width - begin);
      for (std::size_t at = row; at < last; ++at) {
        std::copy_n(call.operands[0].row(at + call.history) + begin, count, x.begin() + (at - row) * count);
        if (call.operands.size() > 1) {
          std::copy_n(call.operands[1].row(at + call.history) + begin, count, y.begin() + (at - row) * count);
        }
      }
      function(x, y, (last - row) * count);
      for (std::size_t at = row; at < last; ++at) {
        const V* from = x.data() + (at - row) * count;
        T* to = call.out.row(at) + begin;
        for (std::size_t i = 0; i < count; ++i) {
          const T rounded = static_cast<T>(from[i]);
          const T size = rounded < T{0} ? -rounded : rounded;
          to[i] = size <= most ? rounded : kMissing<T>;
        }
      }
    }
  }
}

// x^1 keeps its bits and x^2 is rounded once; a missing operand is never raised to 1 by the power 0.
template <class V>
void power(Chunk<V>& x, const Chunk<V>& y, std::size_t count) {
  const bool is_plain = std::all_of(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(count),
                                    [](V exponent) { return exponent == V{1} || exponent == V{2}; });
  Chunk<V> general{};
  if (!is_plain) {
    math::pow(x.data(), y.data(), general.data(), count);
  }
  for (std::size_t i = 0; i < count; ++i) {  // Nothing but selections, so that it runs in lanes.
    const V square = x[i] * x[i];
    V result = y[i] == V{1} ? x[i] : general[i];
    result = y[i] == V{2} ? square : result;
    result = x[i] == x[i] ? result : kMissing<V>;
    x[i] = y[i] == y[i] ? result : kMissing<V>;
  }
}

template <class V>
void signed_power(Chunk<V>& x, const Chunk<V>& y, std::size_t count) {
  const Chunk<V> base = x;
  for (std::size_t i = 0; i < count; ++i) {
    x[i] = x[i] < V{0} ? -x[i] : x[i];
  }
  power(x, y, count);
  for (std::size_t i = 0; i < count; ++i) {
    const V below = base[i] < V{0} ? V{-1} : V{0};
    x[i] *= base[i] > V{0} ? V{1} : below;  // At 0: 0 * 0^a is 0, and 0 * infinity, for a < 0, is missing.
  }
}

template <class T>
void run_exp(const KernelCall<T>& call) {
  map_chunks<double>(
      call, [](Chunk<double>& x, const Chunk<double>&, std::size_t count) { math::exp(x.data(), x.data(), count); });
}
template <class T>
void run_log(const KernelCall<T>& call) {
  map_chunks<double>(
      call, [](Chunk<double>& x, const Chunk<double>&, std::size_t count) { math::log(x.data(), x.data(), count); });
}
// numpy's: 1 to any power and any number to the power 0 are 1, missing or not; 0 to a negative power is infinite.
template <class V>
void numpy_power(Chunk<V>& x, const Chunk<V>& y, std::size_t count) {
  Chunk<V> general = x;
  power(general, y, count);
  for (std::size_t i = 0; i < count; ++i) {
    x[i] = x[i] == V{1} || y[i] == V{0} ? V{1} : general[i];
  }
}

template <class T>
void run_pow(const KernelCall<T>& call) {
  map_chunks<T>(call, missing_is_false(call.arguments) ? numpy_power<T> : power<T>);
}
template <class T>
void run_signedpower(const KernelCall<T>& call) {
  map_chunks<T>(call, signed_power<T>);
}

}  // namespace

Kernel exp() { return {run_exp<float>, run_exp<double>}; }
Kernel log() { return {run_log<float>, run_log<double>}; }
Kernel pow() { return {run_pow<float>, run_pow<double>}; }
Kernel signedpower() { return {run_signedpower<float>, run_signedpower<double>}; }

}  // namespace lode::expr::kernels
