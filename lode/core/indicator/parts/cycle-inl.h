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

// Sines and cosines of 0, 1, .. nths of a turn; each made of the ones before, as lanes go from one to the next. They
// stand apart: side by side, g++ 12.2 makes fused operations of them (its bug 107647), which round otherwise.
struct Turns {
  std::array<double, kLongestCycle> sine;
  std::array<double, kLongestCycle> cosine;
};
inline const Turns& turns_of(double n) {
  static const std::array<Turns, kLongestCycle + 1> all = [] {
    std::array<Turns, kLongestCycle + 1> out = {};
    for (std::size_t k = 1; k < out.size(); ++k) {
      const double angle = 2.0 * kPi / static_cast<double>(k);
      const double sine1 = math::sin(angle);
      const double cosine1 = math::cos(angle);
      auto& [sine, cosine] = out[k];
      cosine[0] = 1.0;
      for (std::size_t i = 1; i < sine.size(); ++i) {
        sine[i] = sine[i - 1] * cosine1 + cosine[i - 1] * sine1;
        cosine[i] = cosine[i - 1] * cosine1 - sine[i - 1] * sine1;
      }
    }
    return out;
  }();
  return all[static_cast<std::size_t>(n)];
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
  // Many pushes, of one instrument.
  HWY_INLINE void push_all(const double* x, std::size_t count) {
    constexpr std::size_t kSlots = kLongestCycle;
    const std::size_t left = count > kSlots ? count - kSlots : 0;  // These are gone again at the end.
    at_ = static_cast<int>((static_cast<std::size_t>(at_) + kSlots - left % kSlots) % kSlots);
    for (std::size_t t = left; t < count; ++t) {
      push(x[t]);
    }
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

// A cycle's length in whole bars, at most kLongestCycle.
template <class V>
HWY_INLINE V bars_of_cycle(V period) {
  return smaller(floor(period + V(0.5)), V(kLongestCycle + 0.0));
}

// The sums over a cycle of n bars of get(k), the smoothed price k bars ago, turned by k nths of a turn.
template <class V>
struct CycleSums {
  V re;
  V im;

  template <class Get>
  static HWY_INLINE CycleSums of(V n, Get get) {
    CycleSums out = {V(0.0), V(0.0)};
    if constexpr (kLanesOf<V> == 1) {
      const Turns& turns = turns_of(n);
      over_cycle(n, [&](int k, bool /*is_inside*/) LODE_INLINED {
        const V x = get(k);
        out.re = out.re + turns.sine[static_cast<std::size_t>(k)] * x;
        out.im = out.im + turns.cosine[static_cast<std::size_t>(k)] * x;
      });
    } else {
      const V sine1 = each(n, [](double k) { return turns_of(k).sine[1]; });
      const V cosine1 = each(n, [](double k) { return turns_of(k).cosine[1]; });
      V sine = V(0.0);
      V cosine = V(1.0);
      over_cycle(n, [&](int k, auto is_inside) LODE_INLINED {
        const V x = select(is_inside, get(k), V(0.0));
        out.re = out.re + sine * x;
        out.im = out.im + cosine * x;
        const V next = sine * cosine1 + cosine * sine1;
        cosine = cosine * cosine1 - sine * sine1;
        sine = next;
      });
    }
    return out;
  }
  HWY_INLINE auto is_upright() const { return im == V(0.0); }
  // The phase they stand for; only upright ones ask for the phase before.
  HWY_INLINE V phase(V period, V before) const {
    const V angle = degrees_of_slope(re, select(is_upright(), V(1.0), im));
    const V right = select(re > V(0.0), V(90.0), select(re < V(0.0), V(-90.0), V(0.0)));
    const V base = select(is_upright(), before + right, angle);
    const V turned = base + V(90.0) + V(360.0) / period + select(im < V(0.0), V(180.0), V(0.0));
    return select(turned > V(315.0), turned - V(360.0), turned);
  }
};

// The phase, of the smoothed price and the period.
template <class V>
struct CyclePhase {
  V phase{};  // Degrees, -45 to 315.
  Recent<V> smooth;

  HWY_INLINE void step(V smoothed, V period) {
    smooth.push(smoothed);
    phase = CycleSums<V>::of(bars_of_cycle(period), [this](int k) LODE_INLINED {
              return smooth.get(k);
            }).phase(period, phase);
  }
};

// The mean over a cycle of n bars of get(k), the price k bars ago.
template <class V, class Get>
HWY_INLINE V mean_of_cycle(V n, Get get) {
  V sum = V(0.0);
  over_cycle(n, [&](int k, auto is_inside) LODE_INLINED { sum = sum + select(is_inside, get(k), V(0.0)); });
  return select(n > V(0.0), sum / n, V(0.0));
}
// The trendline, of these means of the last bars.
template <class V>
HWY_INLINE V trend_of(V mean, V mean1, V mean2, V mean3) {
  return (V(4.0) * mean + V(3.0) * mean1 + V(2.0) * mean2 + mean3) / V(10.0);
}

// The trendline, of the price and the period.
template <class V>
struct CycleTrend {
  V trendline{};
  Recent<V> prices;
  V mean1{};  // The mean a bar before
  V mean2{};  // .. two
  V mean3{};  // .. three.

  HWY_INLINE void step(V period) {
    const V mean = mean_of_cycle(bars_of_cycle(period), [this](int k) LODE_INLINED { return prices.get(k); });
    trendline = trend_of(mean, mean1, mean2, mean3);
    mean3 = mean2;
    mean2 = mean1;
    mean1 = mean;
  }
};

// Chain, phase and trendline, each as far as it is asked for. All begin 37 bars after the first, as from rest.
template <class V>
class Cycle {
 public:
  static constexpr int kLookback = 63;
  static constexpr int kStart = 37;
  Cycle() : chain(kStart) {}
  auto state() {
    return std::tie(chain, phase.phase, trend.trendline, phase.smooth, trend.prices, trend.mean1, trend.mean2,
                    trend.mean3);
  }

  HilbertChain<V> chain;
  CyclePhase<V> phase;
  CycleTrend<V> trend;

  HWY_INLINE bool step(V x) {
    trend.prices.push(x);
    return chain.step(x);
  }
  HWY_INLINE void update_phase() { phase.step(chain.smooth, chain.smooth_period); }
  HWY_INLINE void update_trendline() { trend.step(chain.smooth_period); }
};

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_CYCLE_INL_H_
