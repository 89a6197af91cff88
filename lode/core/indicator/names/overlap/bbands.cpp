// bbands, accbands: bands around a mean.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/bbands.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"
#include "lode/core/indicator/parts/window_moments-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Bbands : Shape<1, 3, Missing::kWindow> {
  MovingAverage<V> mean;
  WindowMoments<V> moments;
  double up;
  double down;
  bool is_simple;

  explicit Bbands(const Setup& setup)
      : mean(setup.whole(0), type_of(setup, 3, AverageType::kSma)),
        moments(setup.whole(0)),
        up(setup.number(1)),
        down(setup.number(2)),
        is_simple(type_of(setup, 3, AverageType::kSma) == 0) {}
  auto state() { return std::tie(mean, moments); }
  int lookback() const { return is_simple ? moments.window() - 1 : larger_of(mean.lookback(), moments.window() - 1); }
  static int larger_of(int x, int y) { return x > y ? x : y; }
  Missing missing() const { return mean.missing(); }
  HWY_INLINE void step(const V* in, V* out) {
    const auto spread = moments.step(in);
    const auto bands = around(is_simple ? spread.mean[0] : mean.step(in[0]), deviation_of(spread));
    for_each<3>([&](int k) LODE_INLINED { out[k] = bands[k]; });
  }
  HWY_INLINE void stretch(const Call& call) {
    if (is_simple) {
      const auto bands = [this]<class W>(const Spread<W, 1>& spread)
                             LODE_INLINED { return around(spread.mean[0], deviation_of(spread)); };
      moments.template stretch<3>({input_of(call, 0)}, {output_of(call, 0), output_of(call, 1), output_of(call, 2)},
                                  call.rows, bands);
      return;
    }
    const Strip<double> lower = output_of(call, 2);
    const auto deviation = [this]<class W>(const Spread<W, 1>& spread)
                               LODE_INLINED { return std::array<W, 1>{deviation_of(spread)}; };
    moments.template stretch<1>({input_of(call, 0)}, {lower}, call.rows, deviation);
    mean.stretch(input_of(call, 0), output_of(call, 1), call.rows);
    const std::array<Strip<const double>, 2> from = {output_of(call, 1), lower};
    join<V, 2>(from, output_of(call, 0), call.rows,
               [this](const auto* x) LODE_INLINED { return around(x[0], x[1])[0]; });
    join<V, 2>(from, lower, call.rows, [this](const auto* x) LODE_INLINED { return around(x[0], x[1])[2]; });
  }

 private:
  template <class W>
  HWY_INLINE W deviation_of(const Spread<W, 1>& spread) const {
    return sqrt(spread.square[0] * W(1.0 / moments.window()));
  }
  template <class W>
  HWY_INLINE std::array<W, 3> around(W middle, W deviation) const {
    return {middle + W(up) * deviation, middle, middle - W(down) * deviation};
  }
};

template <class V>
struct Accbands : Shape<3, 3, Missing::kWindow> {
  SimpleMean<V> upper;
  SimpleMean<V> middle;
  SimpleMean<V> lower;

  explicit Accbands(const Setup& setup) : upper(setup.whole(0)), middle(setup.whole(0)), lower(setup.whole(0)) {}
  auto state() { return std::tie(upper, middle, lower); }
  int lookback() const { return middle.lookback(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V width = ratio(V(4.0) * (in[0] - in[1]), in[0] + in[1], V(0.0));
    out[0] = upper.step(in[0] * (V(1.0) + width));
    out[1] = middle.step(in[2]);
    out[2] = lower.step(in[1] * (V(1.0) - width));
  }
};

LODE_LANES(Bbands)
LODE_LANES(Accbands)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Bbands)
LODE_MAKE(Accbands)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_bbands() {
  using namespace indicator;
  static const Family family = {
      make_Bbands(
          {.name = "bbands",
           .family = "overlap",
           .summary = "Bollinger bands: a mean and k standard deviations around it",
           .formula = "middle = type(x, n); upper, lower = middle +- k std(x, n), std over n (population)",
           .source = "J. Bollinger, Bollinger on Bollinger Bands (2001)",
           .inputs = {Input::kReal},
           .parameters = {{.name = "period", .fallback = 20, .least = 2, .most = 100000},
                          {.name = "up", .fallback = 2, .least = -3e+37, .most = 3e+37, .whole = false},
                          {.name = "down", .fallback = 2, .least = -3e+37, .most = 3e+37, .whole = false},
                          {.name = "type", .fallback = 0, .least = 0, .most = kLastAverage, .choices = kAverageNames}},
           .outputs = {{.name = "upper"}, {.name = "middle"}, {.name = "lower"}},
           .defaults = {{Profile::kTalib064, "period", 5}}}),
      make_Accbands(
          {.name = "accbands",
           .aliases = {"accelerationbands"},
           .family = "overlap",
           .summary = "acceleration bands: means of prices widened by their own range",
           .formula = "sma(h (1 + 4 (h-l)/(h+l)), n), sma(c, n), sma(l (1 - 4 (h-l)/(h+l)), n); h + l = 0: h, l",
           .source = "P. Headley, Big Trends in Trading (2002)",
           .inputs = {Input::kHigh, Input::kLow, Input::kClose},
           .parameters = {{.name = "period", .fallback = 20, .least = 2, .most = 100000}},
           .outputs = {{.name = "upper"}, {.name = "middle"}, {.name = "lower"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
