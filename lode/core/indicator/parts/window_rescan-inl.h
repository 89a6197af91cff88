// The place of an extreme as TA-Lib 0.6.4 finds it: a new value that is no worse takes it; when it leaves the window,
// the window is searched from its oldest bar, and the first of equals is taken.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_WINDOW_RESCAN_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_WINDOW_RESCAN_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_WINDOW_RESCAN_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_WINDOW_RESCAN_INL_H_
#endif

#include "lode/core/indicator/parts/ring-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V, bool highest>
class WindowRescan {
 public:
  explicit WindowRescan(int n) : n_(n), values_(n) {}
  auto state() { return std::tie(bar_, at_, value_, place_, values_); }
  V place() const { return place_; }
  V bars_ago() const { return V(static_cast<double>(bar_ - 1)) - place_; }

  HWY_INLINE void step(V x) {
    values_.set(at_, x);
    at_ = at_ + 1 == n_ ? 0 : at_ + 1;
    const V now = V(static_cast<double>(bar_));
    const double oldest = static_cast<double>(bar_ - n_ + 1);
    ++bar_;
    const auto is_gone = bar_ <= n_ ? x == x : place_ < V(oldest);
    const auto takes = highest ? x >= value_ : x <= value_;
    value_ = select(takes, x, value_);
    place_ = select(takes, now, place_);
    if (any(is_gone)) {
      search(is_gone);
    }
  }

 private:
  template <class M>
  HWY_INLINE void search(M is_gone) {
    const int count = bar_ < n_ ? static_cast<int>(bar_) : n_;
    const std::int64_t first = bar_ - count;
    int slot = bar_ < n_ ? 0 : at_;  // Of the oldest.
    V value = values_.get(slot);
    V place = V(static_cast<double>(first));
    for (std::int64_t k = first + 1; k < bar_; ++k) {
      slot = slot + 1 == n_ ? 0 : slot + 1;
      const V x = values_.get(slot);
      const auto takes = highest ? x > value : x < value;
      if constexpr (kLanesOf<V> == 1) {
        if (!takes) {  // Nearly always, and a branch is guessed where a choice would be waited for.
          continue;
        }
      }
      value = select(takes, x, value);
      place = select(takes, V(static_cast<double>(k)), place);
    }
    value_ = select(is_gone, value, value_);
    place_ = select(is_gone, place, place_);
  }

  int n_;
  std::int64_t bar_ = 0;
  int at_ = 0;  // Of the next value in values_.
  V value_{};
  V place_{};
  Slots<V> values_;
};

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_WINDOW_RESCAN_INL_H_
