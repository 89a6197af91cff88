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

#include <algorithm>
#include <array>
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
    const auto is_next = takes(x, value_);
    value_ = select(is_next, x, value_);
    place_ = select(is_next, now, place_);
    if (any(is_gone)) {
      search(is_gone);
    }
  }

  // f(place(), now) of each bar. `from` may be `to`.
  template <class F>
  HWY_INLINE void stretch(Strip<const double> from, Strip<double> to, std::size_t rows, F f) {
    std::size_t t = 0;
    if constexpr (kLanesOf<V> == 1) {
      if (from.stride == 1 && to.stride == 1 && n_ >= kWide && static_cast<std::size_t>(n_) <= kStretch<V>) {
        for (; t < rows && bar_ < n_; ++t) {
          const auto now = static_cast<double>(bar_);
          step(*from.at(t));
          store(f(place_, now), to.at(t));
        }
        if (t < rows) {
          walk(from.at(t), to.at(t), static_cast<int>(rows - t), f);
        }
        return;
      }
    }
    WindowRescan window = std::move(*this);  // As a local, as in walk_known().
    for (; t < rows; ++t) {
      const V now = V(static_cast<double>(window.bar_));
      window.step(load<V>(from.at(t)));
      store(f(window.place_, now), to.at(t));
    }
    *this = std::move(window);
  }

 private:
  static constexpr int kWide = static_cast<int>(Register::kLanes);

  template <class W>
  static HWY_INLINE auto takes(W newer, W older) {
    return highest ? newer >= older : newer <= older;
  }
  // The first true of `kWide`, or -1.
  static HWY_INLINE int first_of(Register::Mask mask) {
    return static_cast<int>(hn::FindFirstTrue(Register::D(), mask.m));
  }

  // The first of the extremes among n values.
  HWY_INLINE int search_in(const double* x) const {
    const auto better = [](Register one, Register other)
                            LODE_INLINED { return highest ? larger(one, other) : smaller(one, other); };
    Register most = load<Register>(x + n_ - kWide);
    for (int k = 0; k + kWide < n_; k += kWide) {
      most = better(most, load<Register>(x + k));
    }
    const Register::D lanes;
    most = Register(highest ? hn::MaxOfLanes(lanes, most.v) : hn::MinOfLanes(lanes, most.v));
    int k = 0;
    for (int at; k + kWide < n_; k += kWide) {
      if ((at = first_of(load<Register>(x + k) == most)) >= 0) {
        return k + at;
      }
    }
    return n_ - kWide + first_of(load<Register>(x + n_ - kWide) == most);
  }

  // Bars of one instrument, after the first n. As long as the extreme is in the window, the next that is no worse is
  // looked for a register at a time.
  template <class F>
  HWY_INLINE void walk(const double* from, double* to, int rows, F f) {
    std::array<double, 2 * kStretch<V> + Register::kLanes> x;  // The last n - 1 values, then the new ones.
    std::array<double, 2 * kStretch<V> + Register::kLanes> places;
    const std::int64_t base = bar_ - (n_ - 1);  // Bar of the first of them.
    for (int k = 1, slot = at_; k < n_; ++k) {
      slot = slot + 1 == n_ ? 0 : slot + 1;
      x[k - 1] = values_.get(slot);
    }
    std::copy_n(from, rows, x.data() + n_ - 1);
    const int end = n_ - 1 + rows;
    std::fill_n(x.data() + end, kWide, 0.0);
    int place = static_cast<int>(static_cast<std::int64_t>(place_) - base);
    double value = value_;
    for (int at = n_ - 1; at < end;) {
      if (place <= at - n_) {
        place = at - n_ + 1 + search_in(x.data() + at - n_ + 1);
        value = x[place];
        places[at++] = static_cast<double>(base + place);
        continue;
      }
      const Register shown(static_cast<double>(base + place));
      const int last = std::min(end, place + n_);
      int found = -1;
      for (; at < last && found < 0; at += found < 0 ? kWide : found) {
        store(shown, places.data() + at);
        found = first_of(takes(load<Register>(x.data() + at), Register(value)));
      }
      if (found < 0 || at >= last) {
        at = last;
        continue;
      }
      place = at;
      value = x[place];
      places[at++] = static_cast<double>(base + place);
    }
    const auto first = static_cast<double>(bar_);
    int t = 0;
    for (; t + kWide <= rows; t += kWide) {
      store(f(load<Register>(places.data() + n_ - 1 + t), Register(hn::Iota(Register::D(), first + t))), to + t);
    }
    for (; t < rows; ++t) {
      to[t] = f(places[n_ - 1 + t], first + t);
    }
    std::copy_n(x.data() + end - n_, n_, values_.cells());
    at_ = 0;
    bar_ += rows;
    value_ = value;
    place_ = static_cast<double>(base + place);
  }

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
      const auto is_better = highest ? x > value : x < value;
      if constexpr (kLanesOf<V> == 1) {
        if (!is_better) {  // Nearly always, and a branch is guessed where a choice would be waited for.
          continue;
        }
      }
      value = select(is_better, x, value);
      place = select(is_better, V(static_cast<double>(k)), place);
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
