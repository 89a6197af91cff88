// What several indicators make of a bar first.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_BARS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_BARS_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_BARS_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_BARS_INL_H_
#endif

#include <array>
#include "lode/core/indicator/parts/ring-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// max(h - l, |h - c'|, |l - c'|); of the first bar h - l.
template <class V>
class TrueRange {
 public:
  auto state() { return std::tie(has_close_, close_); }
  HWY_INLINE V step(V high, V low, V close) {
    const V out = has_close_ ? of(high, low, close_) : high - low;
    has_close_ = true;
    close_ = close;
    return out;
  }
  // Of high, low and close, a call's first three inputs, through a stretch.
  HWY_INLINE void stretch(const Call& call, Strip<double> to) {
    V in[3];
    std::size_t t = 0;
    if (call.rows > 0) {
      read_bar<3>(call, t, in);
      store(step(in[0], in[1], in[2]), to.at(t++));
    }
    if constexpr (kLanesOf<V> == 1) {
      for (; call.input_stride == 1 && to.stride == 1 && t + Register::kLanes <= call.rows; t += Register::kLanes) {
        store(of(load<Register>(call.inputs[0] + t), load<Register>(call.inputs[1] + t),
                 load<Register>(call.inputs[2] + t - 1)),
              to.at(t));
      }
    }
    for (; t < call.rows; ++t) {
      read_bar<2>(call, t, in);
      store(of(in[0], in[1], load<V>(input_of(call, 2).at(t - 1))), to.at(t));
    }
    if (call.rows > 0) {
      close_ = load<V>(input_of(call, 2).at(call.rows - 1));
    }
  }

 private:
  template <class W>
  static HWY_INLINE W of(W high, W low, W last) {
    return larger(larger(high - low, abs(high - last)), abs(low - last));
  }

  bool has_close_ = false;
  V close_{};
};

// Up and down moves of a bar's ends (Wilder 1978): the larger one where it is above 0, else 0. None on the first bar.
// Equal moves are none; tulip counts both.
template <class V>
class Moves {
 public:
  V up{};
  V down{};

  explicit Moves(Profile profile) : keeps_ties_(profile == Profile::kTulip) {}
  auto state() { return std::tie(has_bar_, high_, low_); }
  HWY_INLINE void step(V high, V low) {
    const V rise = has_bar_ ? high - high_ : V(0.0);
    const V fall = has_bar_ ? low_ - low : V(0.0);
    up = select((keeps_ties_ ? rise >= fall : rise > fall) && rise > V(0.0), rise, V(0.0));
    down = select((keeps_ties_ ? fall >= rise : fall > rise) && fall > V(0.0), fall, V(0.0));
    has_bar_ = true;
    high_ = high;
    low_ = low;
  }

 private:
  bool keeps_ties_;
  bool has_bar_ = false;
  V high_{};
  V low_{};
};

// The value of the bar before; its own on the first bar.
template <class V>
class Before {
 public:
  auto state() { return std::tie(has_value_, value_); }
  HWY_INLINE V step(V x) {
    const V out = has_value_ ? value_ : x;
    has_value_ = true;
    value_ = x;
    return out;
  }
  // Many bars: f(x) of each, x[0] the value, x[1] the one before, then those of `others`. `from` may not be `to`. (To
  // lay the values before into a column first costs more than all the rest: a copy from one page to the same place of
  // another.)
  template <std::size_t others, class F>
  HWY_INLINE void stretch(Strip<const double> from, const std::array<Strip<const double>, others>& with,
                          Strip<double> to, std::size_t rows, F f) {
    if (rows == 0) {
      return;
    }
    std::array<Strip<const double>, 2 + others> strips = {from.behind(1), from};
    V first[2 + others];
    first[0] = load<V>(from.at(0));
    first[1] = step(first[0]);
    for_each<static_cast<int>(others)>([&](int k) LODE_INLINED {
      strips[2 + k] = with[k].behind(1);
      first[2 + k] = load<V>(with[k].at(0));
    });
    value_ = load<V>(from.at(rows - 1));
    store(f(static_cast<const V*>(first)), to.at(0));
    join<V, 2 + others>(strips, to.behind(1), rows - 1, f);
  }

 private:
  bool has_value_ = false;
  V value_{};
};

// x / y, or `other` where y is 0.
template <class V>
HWY_INLINE V ratio(V x, V y, V other) {
  return select(y == V(0.0), other, x / y);
}
// 100 x / y; `other` where y is 0. The quotient first, so that x = y is exactly 100.
template <class V>
HWY_INLINE V percent(V x, V y, V other) {
  return select(y == V(0.0), other, V(100.0) * (x / y));
}
template <class V>
HWY_INLINE V typical(V high, V low, V close) {
  return (high + low + close) / V(3.0);
}

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_BARS_INL_H_
