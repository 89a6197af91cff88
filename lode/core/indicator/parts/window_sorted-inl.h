// The last n values in order, kept so by taking one out and putting one in: n steps a bar.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_WINDOW_SORTED_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_WINDOW_SORTED_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_WINDOW_SORTED_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_WINDOW_SORTED_INL_H_
#endif

#include "lode/core/indicator/parts/ring-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
class WindowSorted {
 public:
  explicit WindowSorted(int n) : n_(n), before_(n), sorted_(n + 1) {}
  auto state() { return std::tie(count_, before_, sorted_); }
  int window() const { return n_; }

  HWY_INLINE void step(V x) {
    const V old = before_.step(x);
    if (count_ == n_) {
      take_out(old);
    } else {
      ++count_;
    }
    V rest = x;
    for (int k = 0; k < count_ - 1; ++k) {
      const V here = sorted_.get(k);
      sorted_.set(k, smaller(here, rest));
      rest = larger(rest, here);
    }
    sorted_.set(count_ - 1, rest);
  }
  // Linear between the order statistics around share (n - 1), 0 <= share <= 1.
  HWY_INLINE V quantile(double share) const {
    const double place = share * (n_ - 1);
    const int low = static_cast<int>(place);
    const V x = sorted_.get(low);
    return low + 1 < n_ ? x + (sorted_.get(low + 1) - x) * V(place - low) : x;
  }
  // The k-th smallest, from 0.
  HWY_INLINE V at(int k) const { return sorted_.get(k); }

 private:
  HWY_INLINE void take_out(V old) {
    auto is_past = old < old;
    for (int k = 0; k < n_ - 1; ++k) {
      const V here = sorted_.get(k);
      is_past = is_past || here == old;
      sorted_.set(k, select(is_past, sorted_.get(k + 1), here));
    }
  }

  int n_;
  int count_ = 0;
  Lag<V> before_;
  Slots<V> sorted_;
};

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_WINDOW_SORTED_INL_H_
