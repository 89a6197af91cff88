// Sum, maximum and minimum of the last n values, from those values alone: blocks of n bars, counted from the first. A
// window is the end of one block and the beginning of the next; both folds are there already. Nothing is ever taken out
// of a sum, so no error grows, and three operations a bar serve any n (the scheme of van Herk 1992 and Gil & Werman
// 1993 for maxima).
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_WINDOW_FOLD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_WINDOW_FOLD_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_WINDOW_FOLD_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_WINDOW_FOLD_INL_H_
#endif

#include "lode/core/indicator/parts/ring-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// Folds the last n values by an associative `Fold::join(older, newer)`.
template <class V, class Fold>
class WindowFold {
 public:
  explicit WindowFold(int n) : n_(n), slots_(n + 1) {}
  auto state() { return std::tie(at_, head_, slots_); }
  int window() const { return n_; }

  // The fold of x and the n - 1 values before it; of fewer until there are so many.
  HWY_INLINE V step(V x) {
    // Slot k: the fold of the last block from its bar k on; below `at_` this block's own values.
    head_ = at_ == 0 ? x : Fold::join(head_, x);
    const V fold = at_ + 1 < n_ ? Fold::join(slots_.get(at_ + 1), head_) : head_;
    slots_.set(at_, x);
    if (++at_ == n_) {
      turn();
    }
    return fold;
  }

 private:
  HWY_INLINE void turn() {
    V tail = slots_.get(n_ - 1);
    for (int k = n_ - 2; k > 0; --k) {
      tail = Fold::join(slots_.get(k), tail);
      slots_.set(k, tail);
    }
    at_ = 0;
  }

  int n_;
  int at_ = 0;
  V head_{};  // This block's fold so far.
  Slots<V> slots_;
};

struct Plus {
  template <class V>
  static HWY_INLINE V join(V older, V newer) {
    return older + newer;
  }
};
struct Most {
  template <class V>
  static HWY_INLINE V join(V older, V newer) {
    return larger(older, newer);
  }
};
struct Least {
  template <class V>
  static HWY_INLINE V join(V older, V newer) {
    return smaller(older, newer);
  }
};
template <class V>
using WindowSum = WindowFold<V, Plus>;
template <class V>
using WindowMax = WindowFold<V, Most>;
template <class V>
using WindowMin = WindowFold<V, Least>;

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_WINDOW_FOLD_INL_H_
