// Where in the last n bars the extreme stands, from blocks of n bars as in window_fold-inl.h. Of equal extremes the
// newest counts.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_WINDOW_PLACE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_WINDOW_PLACE_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_WINDOW_PLACE_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_WINDOW_PLACE_INL_H_
#endif

#include "lode/core/indicator/parts/ring-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V, bool highest>
class WindowPlace {
 public:
  explicit WindowPlace(int n) : n_(n), values_(n + 1), places_(n + 1) {}
  auto state() { return std::tie(bar_, at_, head_, head_place_, values_, places_); }
  int window() const { return n_; }
  V value() const { return value_; }
  V bars_ago() const { return V(static_cast<double>(bar_ - 1)) - place_; }
  V place() const { return place_; }  // Counted from the first bar.

  HWY_INLINE void step(V x) {
    const V now = V(static_cast<double>(bar_++));
    // The newest of equals: a later value wins where it is no worse.
    const auto wins = at_ == 0 ? x == x : beats(x, head_);
    head_ = select(wins, x, head_);
    head_place_ = select(wins, now, head_place_);
    value_ = head_;
    place_ = head_place_;
    if (at_ + 1 < n_) {
      const V tail = values_.get(at_ + 1);
      const auto stays = beats(head_, tail);
      value_ = select(stays, head_, tail);
      place_ = select(stays, head_place_, places_.get(at_ + 1));
    }
    values_.set(at_, x);
    if (++at_ == n_) {
      turn();
    }
  }

 private:
  static HWY_INLINE auto beats(V newer, V older) { return highest ? newer >= older : newer <= older; }
  HWY_INLINE void turn() {
    V tail = values_.get(n_ - 1);
    V place = V(static_cast<double>(bar_ - 1));
    places_.set(n_ - 1, place);
    for (int k = n_ - 2; k > 0; --k) {
      const V x = values_.get(k);
      const auto stays = beats(tail, x);
      place = select(stays, place, V(static_cast<double>(bar_ - n_ + k)));
      tail = select(stays, tail, x);
      values_.set(k, tail);
      places_.set(k, place);
    }
    at_ = 0;
  }

  int n_;
  std::int64_t bar_ = 0;
  int at_ = 0;
  V head_{};
  V head_place_{};
  V value_{};
  V place_{};
  Slots<V> values_;
  Slots<V> places_;
};

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_WINDOW_PLACE_INL_H_
