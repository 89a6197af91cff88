// The phase of a price's dominant cycle and its trendline, on the Hilbert chain.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_CYCLE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_CYCLE_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_CYCLE_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_CYCLE_INL_H_
#endif

#include <array>
#include "lode/base/math.h"
#include "lode/core/indicator/parts/hilbert-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

constexpr int kLongestCycle = 50;

// Sine and cosine of 1 / n of a turn.
struct Turn {
  double sine;
  double cosine;
};
inline Turn turn_of(double n) {
  static const std::array<Turn, kLongestCycle + 1> turns = [] {
    std::array<Turn, kLongestCycle + 1> out = {};
    for (int k = 1; k <= kLongestCycle; ++k) {
      const double angle = 2.0 * kPi / k;
      out[static_cast<std::size_t>(k)] = {math::sin(angle), math::cos(angle)};
    }
    return out;
  }();
  return turns[static_cast<std::size_t>(n)];
}

// The values of the last bars, the newest first; 0 before the first.
template <class V>
class Recent {
 public:
  Recent() : slots_(2 * kLongestCycle) {}
  auto state() { return std::tie(at_, slots_); }
  HWY_INLINE void push(V x) {
    // Each value stands twice, so that the last kLongestCycle of them always lie side by side.
    at_ = at_ == 0 ? kLongestCycle - 1 : at_ - 1;
    slots_.set(at_, x);
    slots_.set(at_ + kLongestCycle, x);
  }
  HWY_INLINE V get(int bars_ago) const { return slots_.get(at_ + bars_ago); }

 private:
  int at_ = 0;
  Slots<V> slots_;
};

// f(k, whether k < n) for k = 0, 1, .. as long as that is so of any instrument; n is whole.
template <class V, class F>
HWY_INLINE void over_cycle(V n, F f) {
  if constexpr (kLanesOf<V> == 1) {
    const int count = static_cast<int>(n);
    for (int k = 0; k < count; ++k) {
      f(k, true);
    }
  } else {
    for (int k = 0; k < kLongestCycle && any(V(k + 0.0) < n); ++k) {
      f(k, V(k + 0.0) < n);
    }
  }
}

// Chain, phase and trendline, each as far as it is asked for. All begin 37 bars after the first, as from rest.
template <class V>
class Cycle {
 public:
  static constexpr int kLookback = 63;
  static constexpr int kStart = 37;
  Cycle() : chain(kStart) {}
  auto state() { return std::tie(chain, phase, trendline, smooth_, prices_, trend1_, trend2_, trend3_); }

  HilbertChain<V> chain;
  V phase{};  // Degrees, -45 to 315.
  V trendline{};

  // Its length in whole bars, at most kLongestCycle.
  HWY_INLINE V bars() const { return smaller(floor(chain.smooth_period + V(0.5)), V(kLongestCycle + 0.0)); }

  HWY_INLINE bool step(V x) {
    prices_.push(x);
    if (!chain.step(x)) {
      return false;
    }
    smooth_.push(chain.smooth);
    return true;
  }

  HWY_INLINE void update_phase() {
    const V n = bars();
    const V sine1 = each(n, [](double k) { return turn_of(k).sine; });
    const V cosine1 = each(n, [](double k) { return turn_of(k).cosine; });
    V sine = V(0.0);
    V cosine = V(1.0);
    V re = V(0.0);
    V im = V(0.0);
    over_cycle(n, [&](int k, auto is_inside) LODE_INLINED {
      const V x = select(is_inside, smooth_.get(k), V(0.0));
      re = re + sine * x;
      im = im + cosine * x;
      const V next = sine * cosine1 + cosine * sine1;
      cosine = cosine * cosine1 - sine * sine1;
      sine = next;
    });
    const auto is_upright = im == V(0.0);
    const V angle = degrees_of_slope(re, select(is_upright, V(1.0), im));
    const V right = select(re > V(0.0), V(90.0), select(re < V(0.0), V(-90.0), V(0.0)));
    const V base = select(is_upright, phase + right, angle);
    const V turned = base + V(90.0) + V(360.0) / chain.smooth_period + select(im < V(0.0), V(180.0), V(0.0));
    phase = select(turned > V(315.0), turned - V(360.0), turned);
  }

  HWY_INLINE void update_trendline() {
    const V n = bars();
    V sum = V(0.0);
    over_cycle(n, [&](int k, auto is_inside) LODE_INLINED { sum = sum + select(is_inside, prices_.get(k), V(0.0)); });
    const V mean = select(n > V(0.0), sum / n, V(0.0));
    trendline = (V(4.0) * mean + V(3.0) * trend1_ + V(2.0) * trend2_ + trend3_) / V(10.0);
    trend3_ = trend2_;
    trend2_ = trend1_;
    trend1_ = mean;
  }

 private:
  Recent<V> smooth_;
  Recent<V> prices_;
  V trend1_{};
  V trend2_{};
  V trend3_{};
};

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_CYCLE_INL_H_
