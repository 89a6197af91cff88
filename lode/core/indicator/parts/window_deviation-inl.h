// Mean absolute deviation of the last n values from their mean.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_WINDOW_DEVIATION_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_WINDOW_DEVIATION_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_WINDOW_DEVIATION_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_WINDOW_DEVIATION_INL_H_
#endif

#include "lode/core/indicator/parts/window_fold-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
class WindowDeviation {
 public:
  explicit WindowDeviation(int n) : n_(n), sum_(n), values_(n) {}
  auto state() { return std::tie(at_, sum_, values_); }
  int window() const { return n_; }
  V mean() const { return mean_; }

  HWY_INLINE V step(V x) {
    mean_ = sum_.step(x) * V(1.0 / n_);
    values_.set(at_, x);
    at_ = at_ + 1 == n_ ? 0 : at_ + 1;
    // Two sums, so that they need not wait for each other.
    V even = V(0.0);
    V odd = V(0.0);
    int k = 0;
    for (; k + 1 < n_; k += 2) {
      even = even + abs(values_.get(k) - mean_);
      odd = odd + abs(values_.get(k + 1) - mean_);
    }
    if (k < n_) {
      even = even + abs(values_.get(k) - mean_);
    }
    return (even + odd) * V(1.0 / n_);
  }

 private:
  int n_;
  int at_ = 0;
  V mean_{};
  WindowSum<V> sum_;
  Slots<V> values_;
};

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_WINDOW_DEVIATION_INL_H_
