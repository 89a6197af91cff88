// The line of least squares through the last n values, and their linearly weighted mean: from blocks of n bars, as in
// window_fold-inl.h, so no error grows.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_WINDOW_LINE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_WINDOW_LINE_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_WINDOW_LINE_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_WINDOW_LINE_INL_H_
#endif

#include "lode/core/indicator/parts/ring-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// sum k x_k with k = 1 for the oldest of n values, n for the newest.
template <class V>
class WindowRamp {
 public:
  explicit WindowRamp(int n) : n_(n), sums_(n + 1), ramps_(n + 1) {}
  auto state() { return std::tie(at_, head_, ramp_, sums_, ramps_); }
  HWY_INLINE V step(V x) {
    // Of the last block from bar at_ + 1 on: weights 1, 2, ..; then this block's, which go on from there.
    if (at_ == 0) {
      head_ = V(0.0);
      ramp_ = V(0.0);
    }
    const V tail = at_ + 1 < n_ ? ramps_.get(at_ + 1) : V(0.0);
    head_ = head_ + x;
    ramp_ = ramp_ + V(at_ + 1.0) * x;
    const V out = tail + (ramp_ + V(static_cast<double>(n_ - 1 - at_)) * head_);
    sums_.set(at_, x);
    if (++at_ == n_) {
      turn();
    }
    return out;
  }

 private:
  HWY_INLINE void turn() {
    V sum{};
    V ramp{};
    for (int k = n_ - 1; k > 0; --k) {
      sum = sums_.get(k) + sum;
      ramp = ramp + sum;
      ramps_.set(k, ramp);
    }
    at_ = 0;
  }

  int n_;
  int at_ = 0;
  V head_{};        // This block's sum so far, plain
  V ramp_{};        // .. and weighted from 1 on.
  Slots<V> sums_;   // This block's values.
  Slots<V> ramps_;  // Weighted sums of the last block's ends.
};

// A straight line: value at the k-th of n values is mean + slope (k - (n - 1) / 2), k = 0 for the oldest.
template <class V>
struct Line {
  V mean;
  V slope;
};

// Values are taken from a value of their own block, so that a price of a million costs no digits.
template <class V>
class WindowLine {
 public:
  explicit WindowLine(int n)
      : n_(n), spread_(n * (static_cast<double>(n) * n - 1.0) / 12.0), values_(n + 1), sums_(n + 1), ramps_(n + 1) {}
  auto state() { return std::tie(at_, pivot_, tail_pivot_, head_, ramp_, values_, sums_, ramps_); }
  HWY_INLINE Line<V> step(V x) {
    if (at_ == 0) {
      pivot_ = x;
      head_ = V(0.0);
      ramp_ = V(0.0);
    }
    const double tail_count = n_ - 1 - at_;
    const bool has_tail = at_ + 1 < n_;
    const V tail = has_tail ? sums_.get(at_ + 1) : V(0.0);
    const V tail_ramp = has_tail ? ramps_.get(at_ + 1) : V(0.0);
    head_ = head_ + (x - pivot_);
    ramp_ = ramp_ + V(at_ + 1.0) * (x - pivot_);
    // Shifts the tail's pivot to this block's.
    const V step = tail_pivot_ - pivot_;
    const V sum = head_ + tail + V(tail_count) * step;
    const V ramp = tail_ramp + V(tail_count * (tail_count + 1.0) / 2.0) * step + (ramp_ + V(tail_count) * head_);
    const V line_slope = (ramp - V((n_ + 1.0) / 2.0) * sum) / V(spread_);
    values_.set(at_, x);
    if (++at_ == n_) {
      turn();
    }
    return {pivot_ + sum / V(static_cast<double>(n_)), line_slope};
  }

 private:
  HWY_INLINE void turn() {
    tail_pivot_ = values_.get(n_ - 1);
    V sum{};
    V ramp{};
    for (int k = n_ - 1; k > 0; --k) {
      sum = (values_.get(k) - tail_pivot_) + sum;
      ramp = ramp + sum;
      sums_.set(k, sum);
      ramps_.set(k, ramp);
    }
    at_ = 0;
  }

  int n_;
  double spread_;  // sum of (k - mean k)^2
  int at_ = 0;
  V pivot_{};
  V tail_pivot_{};
  V head_{};
  V ramp_{};
  Slots<V> values_;
  Slots<V> sums_;
  Slots<V> ramps_;
};

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_WINDOW_LINE_INL_H_
