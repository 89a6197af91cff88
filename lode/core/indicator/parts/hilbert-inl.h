// Ehlers' Hilbert transform chain (Rocket Science for Traders, 2001, chapters 6 and 7): the phase components of a
// price and the period of its dominant cycle.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_HILBERT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_HILBERT_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_HILBERT_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_HILBERT_INL_H_
#endif

#include "lode/core/indicator/parts/angle-inl.h"
#include "lode/core/indicator/parts/ring-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// (4x + 3x' + 2x'' + x''') / 10
template <class V>
class FourBarMean {
 public:
  auto state() { return std::tie(x1_, x2_, x3_); }
  HWY_INLINE V step(V x) {
    const V out = (V(4.0) * x + V(3.0) * x1_ + V(2.0) * x2_ + x3_) * V(0.1);
    x3_ = x2_;
    x2_ = x1_;
    x1_ = x;
    return out;
  }

 private:
  V x1_{};
  V x2_{};
  V x3_{};
};

// The transform itself, without its gain: 0.0962 y + 0.5769 y2 - 0.5769 y4 - 0.0962 y6.
template <class V>
class HilbertFilter {
 public:
  auto state() { return std::tie(y1_, y2_, y3_, y4_, y5_, y6_); }
  HWY_INLINE V step(V y) {
    const V out = V(0.0962) * (y - y6_) + V(0.5769) * (y2_ - y4_);
    y6_ = y5_;
    y5_ = y4_;
    y4_ = y3_;
    y3_ = y2_;
    y2_ = y1_;
    y1_ = y;
    return out;
  }

 private:
  V y1_{};
  V y2_{};
  V y3_{};
  V y4_{};
  V y5_{};
  V y6_{};
};

// The chain. It begins `start` bars after the first, as from rest.
template <class V>
class HilbertChain {
 public:
  explicit HilbertChain(int start) : wait_(start) {}
  V smooth{};         // The price over four bars.
  V in_phase{};       // I1
  V quadrature{};     // Q1
  V smooth_period{};  // Of the dominant cycle, bars.

  auto state() {
    return std::tie(smooth, in_phase, quadrature, smooth_period, wait_, mean_, detrender_, q1_, ji_, jq_, d1_, d2_, d3_,
                    i2_, q2_, re_, im_, period_);
  }
  // False while it has not begun.
  HWY_INLINE bool step(V x) {
    smooth = mean_.step(x);
    if (wait_ > 0) {
      --wait_;
      return false;
    }
    const V gain = V(0.075) * period_ + V(0.54);
    const V d = detrender_.step(smooth) * gain;
    quadrature = q1_.step(d) * gain;
    in_phase = d3_;
    d3_ = d2_;
    d2_ = d1_;
    d1_ = d;
    const V ji = ji_.step(in_phase) * gain;
    const V jq = jq_.step(quadrature) * gain;
    const V q2 = V(0.2) * (quadrature + ji) + V(0.8) * q2_;
    const V i2 = V(0.2) * (in_phase - jq) + V(0.8) * i2_;
    re_ = V(0.2) * (i2 * i2_ + q2 * q2_) + V(0.8) * re_;
    im_ = V(0.2) * (i2 * q2_ - q2 * i2_) + V(0.8) * im_;
    q2_ = q2;
    i2_ = i2;
    update_period();
    return true;
  }

 private:
  HWY_INLINE void update_period() {
    const auto is_turning = !(re_ == V(0.0)) && !(im_ == V(0.0));
    const V angle = degrees_of_slope(select(is_turning, im_, V(1.0)), select(is_turning, re_, V(1.0)));
    V period = select(is_turning, V(360.0) / angle, period_);
    period = smaller(period, V(1.5) * period_);
    period = larger(period, V(0.67) * period_);
    period = smaller(larger(period, V(6.0)), V(50.0));
    period_ = V(0.2) * period + V(0.8) * period_;
    smooth_period = V(0.33) * period_ + V(0.67) * smooth_period;
  }

  int wait_;
  FourBarMean<V> mean_;
  HilbertFilter<V> detrender_;
  HilbertFilter<V> q1_;
  HilbertFilter<V> ji_;
  HilbertFilter<V> jq_;
  V d1_{};
  V d2_{};
  V d3_{};
  V i2_{};
  V q2_{};
  V re_{};
  V im_{};
  V period_{};
};

// Ehlers' MESA adaptive mean and the one that follows it.
template <class V>
class AdaptiveMean {
 public:
  static constexpr int kLookback = 32;
  static constexpr int kStart = 12;  // Bars before the chain begins.
  V mean{};
  V following{};

  AdaptiveMean(double fast, double slow) : fast_(fast), slow_(slow), chain_(kStart) {}
  auto state() { return std::tie(mean, following, phase_, chain_); }
  HWY_INLINE void step(V x) {
    if (chain_.step(x)) {
      average(x, chain_.in_phase, chain_.quadrature);
    }
  }
  // The rest of a step, with what the chain makes of x.
  HWY_INLINE void average(V x, V in_phase, V quadrature) {
    const auto is_zero = in_phase == V(0.0);
    const V angle = degrees_of_slope(select(is_zero, V(0.0), quadrature), select(is_zero, V(1.0), in_phase));
    const V change = larger(phase_ - angle, V(1.0));
    phase_ = angle;
    const V weight = select(change > V(1.0), larger(V(fast_) / change, V(slow_)), V(fast_));
    mean = weight * x + (V(1.0) - weight) * mean;
    const V half = V(0.5) * weight;
    following = half * mean + (V(1.0) - half) * following;
  }

 private:
  double fast_;
  double slow_;
  V phase_{};
  HilbertChain<V> chain_;
};

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_HILBERT_INL_H_
