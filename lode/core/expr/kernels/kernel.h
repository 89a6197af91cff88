// Kernel: one operator's pair of functions, one a precision, and what most kernels share: the window literal and bump
// allocation of scratch memory.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <span>

#include "lode/base/assert.h"
#include "lode/core/expr/operator.h"

namespace lode::expr::kernels {

template <class T>
using Run = void (*)(const KernelCall<T>&);

struct Kernel {
  Run<float> run32 = nullptr;
  Run<double> run64 = nullptr;
};

template <class T>
inline constexpr T kMissing = std::numeric_limits<T>::quiet_NaN();

template <class T>
constexpr bool is_known(T x) {
  return x == x;  // NOLINT(misc-redundant-expression): false for NaN alone
}

template <class T>
constexpr bool is_finite(T x) {
  return x >= -std::numeric_limits<T>::max() && x <= std::numeric_limits<T>::max();
}

// What the profile says of a kernel; profile lode where there is none.
inline bool keeps_infinite(const KernelArguments& arguments) {
  return arguments.profile != nullptr && arguments.profile->keeps_infinite;
}
inline bool skips_missing(const KernelArguments& arguments) {
  return arguments.profile != nullptr && arguments.profile->skips_missing;
}
inline bool missing_is_false(const KernelArguments& arguments) {
  return arguments.profile != nullptr && arguments.profile->missing_is_false;
}

// The largest cell that may be stored: infinity itself under a profile that keeps it.
template <class T>
T most_stored(const KernelArguments& arguments) {
  return keeps_infinite(arguments) ? std::numeric_limits<T>::infinity() : std::numeric_limits<T>::max();
}

// The result as it is stored: rounded once to the working type, beyond `most` (also by that rounding) is missing.
template <class T>
T stored(double value, T most = std::numeric_limits<T>::max()) {
  const T rounded = static_cast<T>(value);
  return rounded >= -most && rounded <= most ? rounded : kMissing<T>;
}

// Hands out pieces of a call's scratch memory, each 64-byte aligned.
class Bump {
 public:
  explicit Bump(Scratch scratch) : bytes_(scratch.bytes) {}

  template <class T>
  T* take(std::size_t count) {
    const std::size_t size = aligned(count * sizeof(T));
    LODE_ASSERT(size <= bytes_.size());
    T* piece = reinterpret_cast<T*>(bytes_.data());
    bytes_ = bytes_.subspan(size);
    return piece;
  }
  Scratch rest() const { return {bytes_}; }

  // What take() uses up for so many bytes.
  static constexpr std::size_t aligned(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

 private:
  std::span<std::byte> bytes_;
};

inline constexpr std::size_t kMostWindowOperands = 2;

// Scratch of any window kernel, which works on kLanes lanes at a time: double copies of float operands and results, and
// one window.
std::size_t window_scratch_bytes(const KernelArguments& arguments, std::size_t rows, std::size_t width);

// The window of a series operator: its first literal.
inline int window_days(const KernelArguments& arguments) { return static_cast<int>(arguments.literals[0]); }

}  // namespace lode::expr::kernels
