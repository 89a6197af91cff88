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

#include <algorithm>
#include <array>
#include <limits>
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
  V now() const { return V(static_cast<double>(bar_ - 1)); }
  V bars_ago() const { return now() - place_; }
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

  // f(place(), now()) of each bar. `from` may be `to`.
  template <class F>
  HWY_INLINE void stretch(Strip<const double> from, Strip<double> to, std::size_t rows, F f) {
    std::size_t t = 0;
    if constexpr (kLanesOf<V> == 1) {
      if (from.stride == 1 && to.stride == 1) {
        for (; t < rows && at_ != 0; ++t) {
          step(*from.at(t));
          store(f(place(), now()), to.at(t));
        }
        for (const auto n = static_cast<std::size_t>(n_); t + n <= rows; t += n) {
          walk_block(from.at(t), to.at(t), f);
        }
      }
    }
    WindowPlace window = std::move(*this);  // As a local, as in walk_known().
    for (; t < rows; ++t) {
      window.step(load<V>(from.at(t)));
      store(f(window.place(), window.now()), to.at(t));
    }
    *this = std::move(window);
  }

 private:
  template <class W>
  static HWY_INLINE auto beats(W newer, W older) {
    return highest ? newer >= older : newer <= older;
  }
  // Of equals the one named second.
  static HWY_INLINE double better(double x, double y) { return highest ? larger(x, y) : smaller(x, y); }

  // A block of one instrument. Values from the front and from the back do not wait for each other; where a bar wins,
  // its place is marked, and the latest mark so far is the place: no step waits for a comparison.
  template <class F>
  HWY_INLINE void walk_block(const double* x, double* out, F f) {
    using Columns = std::array<double, kStretch<V> + Register::kLanes>;
    constexpr int kStep = static_cast<int>(Register::kLanes);
    const int last = n_ - 1;
    const auto first = static_cast<double>(bar_);
    Columns heads;
    Columns tails;
    Columns head_places;
    Columns tail_places;
    double head = heads[0] = x[0];
    double tail = tails[last] = x[last];
    tails[n_] = x[last];  // Looked at, and not used.
    for (int k = 1; k <= last; ++k) {
      head = better(head, x[k]);
      tail = better(x[last - k], tail);
      heads[k] = head;
      tails[last - k] = tail;
    }
    const auto mark = [&](auto now, int k) LODE_INLINED {
      using W = decltype(now);
      const W value = load<W>(x + k);
      store(select(beats(value, load<W>(heads.data() + k - 1)), now, W(first)), head_places.data() + k);
      store(select(beats(load<W>(tails.data() + k + 1), value), W(std::numeric_limits<double>::infinity()), now),
            tail_places.data() + k);
    };
    int marked = 1;
    for (; marked + kStep <= last; marked += kStep) {
      mark(Register(hn::Iota(Register::D(), first + marked)), marked);
    }
    for (; marked <= last; ++marked) {
      mark(first + marked, marked);
    }
    double head_place = head_places[0] = first;
    double tail_place = tail_places[last] = first + last;
    for (int k = 1; k <= last; ++k) {
      head_place = larger(head_place, head_places[k]);
      head_places[k] = head_place;
      tail_place = smaller(tail_place, tail_places[last - k]);
      tail_places[last - k] = tail_place;
    }
    int k = 0;
    for (; k + kStep <= last; k += kStep) {
      const Register place = select(beats(load<Register>(heads.data() + k), load<Register>(values_.cells() + k + 1)),
                                    load<Register>(head_places.data() + k), load<Register>(places_.cells() + k + 1));
      store(f(place, Register(hn::Iota(Register::D(), first + k))), out + k);
    }
    for (; k < last; ++k) {
      const double place = beats(heads[k], values_.get(k + 1)) ? head_places[k] : places_.get(k + 1);
      out[k] = f(place, first + k);
    }
    out[last] = f(head_places[last], first + last);
    std::copy_n(tails.data(), n_, values_.cells());
    std::copy(tail_places.data() + 1, tail_places.data() + n_, places_.cells() + 1);
    bar_ += n_;
    value_ = head_ = heads[last];
    place_ = head_place_ = head_places[last];
  }
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
