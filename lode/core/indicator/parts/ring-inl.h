// Values kept for later bars.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_RING_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_RING_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_RING_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_RING_INL_H_
#endif

#include <algorithm>
#include <tuple>

#include "lode/core/indicator/engine/machine-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// `count` places for a number, 0 at first.
template <class V>
class Slots {
 public:
  explicit Slots(int count) : cells_(static_cast<std::size_t>(count) * kLanesOf<V>) {}
  auto state() { return std::tie(cells_); }
  HWY_INLINE V get(int slot) const { return load<V>(cells_.data() + static_cast<std::size_t>(slot) * kLanesOf<V>); }
  HWY_INLINE void set(int slot, V x) { store(x, cells_.data() + static_cast<std::size_t>(slot) * kLanesOf<V>); }
  // Slot by slot, its lanes side by side.
  double* cells() { return cells_.data(); }
  const double* cells() const { return cells_.data(); }
  void swap(Cells& cells) { std::swap(cells_, cells); }

 private:
  Cells cells_;
};

// What came n bars ago; 0 while there was nothing.
template <class V>
class Lag {
 public:
  explicit Lag(int n) : n_(n), slots_(n) {}
  auto state() { return std::tie(at_, slots_); }
  HWY_INLINE V step(V x) {
    const V old = slots_.get(at_);
    slots_.set(at_, x);
    at_ = at_ + 1 == n_ ? 0 : at_ + 1;
    return old;
  }
  // Many steps: use(t, count, before) of runs of `count` bars from bar t on, whose values n bars ago stand in `before`.
  template <class F>
  HWY_INLINE void stretch(Strip<const double> from, std::size_t rows, F use) {
    const auto n = static_cast<std::size_t>(n_);
    const auto first = static_cast<std::size_t>(at_);
    std::size_t t = 0;
    const auto run = [&](std::size_t most, Strip<const double> before) LODE_INLINED {
      const std::size_t count = std::min(most, rows - t);
      use(t, count, before);
      t += count;
    };
    run(n - first, Strip<const double>{slots_.cells(), kLanesOf<V>}.behind(first));
    run(first, {slots_.cells(), kLanesOf<V>});
    run(rows - t, from);
    for (t = rows - std::min(n, rows); t < rows; ++t) {
      slots_.set(static_cast<int>((first + t) % n), load<V>(from.at(t)));
    }
    at_ = static_cast<int>((first + rows) % n);
  }

 private:
  int n_;
  int at_ = 0;
  Slots<V> slots_;
};

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_RING_INL_H_
