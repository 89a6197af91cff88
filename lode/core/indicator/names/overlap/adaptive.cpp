// frama, mcgd: means that adapt to the path of the price.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/adaptive.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/elementary-inl.h"
#include "lode/core/indicator/parts/window_fold-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Frama : Shape<2, 1, Missing::kSkip> {
  int n;
  int bars = 0;
  V mean{};
  WindowMax<V> top;
  WindowMin<V> bottom;
  WindowMax<V> half_top;
  WindowMin<V> half_bottom;
  Lag<V> first_top;
  Lag<V> first_bottom;
  explicit Frama(const Setup& setup)
      : n(setup.whole(0) / 2 * 2),
        top(n),
        bottom(n),
        half_top(n / 2),
        half_bottom(n / 2),
        first_top(n / 2),
        first_bottom(n / 2) {}
  auto state() { return std::tie(bars, mean, top, bottom, half_top, half_bottom, first_top, first_bottom); }
  int lookback() const { return n - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const V x = (in[0] + in[1]) * V(0.5);
    const V half = V(n * 0.5);
    const V high = half_top.step(in[0]);
    const V low = half_bottom.step(in[1]);
    const V n1 = (high - low) / half;
    const V n2 = (first_top.step(high) - first_bottom.step(low)) / half;
    const V n3 = (top.step(in[0]) - bottom.step(in[1])) / V(n + 0.0);
    if (bars < n - 1) {
      ++bars;
      mean = x;
    } else {
      const auto is_known = n1 > V(0.0) && n2 > V(0.0) && n3 > V(0.0);
      const V ratio = select(is_known, (n1 + n2) / n3, V(2.0));
      const V dimension = log(ratio) / V(math::log(2.0));
      const V weight = exp(V(-4.6) * (dimension - V(1.0)));
      mean = mean + smaller(larger(weight, V(0.01)), V(1.0)) * (x - mean);
    }
    out[0] = mean;
  }
};

template <class V>
struct Mcgd : Shape<1, 1, Missing::kSkip> {
  double n;
  bool has_bar = false;
  V mean{};
  explicit Mcgd(const Setup& setup) : n(setup.number(0)) {}
  auto state() { return std::tie(has_bar, mean); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    const V part = in[0] / mean;
    const V square = part * part;
    const V way = V(n) * (square * square);
    mean = has_bar ? select(mean == V(0.0) || way == V(0.0), in[0], mean + (in[0] - mean) / way) : in[0];
    has_bar = true;
    out[0] = mean;
  }
};

LODE_LANES(Frama)
LODE_LANES(Mcgd)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Frama)
LODE_MAKE(Mcgd)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_adaptive() {
  using namespace indicator;
  static const Family family = {
      make_Frama({.name = "frama",
                  .family = "overlap",
                  .summary = "fractal adaptive mean: fast where the path is straight",
                  .formula =
                      "D = log2((N1 + N2) / N3), N: ranges of both halves and the whole, per bar; a = exp(-4.6 "
                      "(D - 1)), 0.01 to 1; y = y' + a (x - y'), x = (h+l)/2; the first y' is x'; an odd n counts as "
                      "n - 1",
                  .source = "J. Ehlers, Technical Analysis of Stocks & Commodities 23:10 (2005)",
                  .inputs = {Input::kHigh, Input::kLow},
                  .parameters = {{.name = "period", .fallback = 16, .least = 2, .most = 100000}},
                  .outputs = {{.name = "real"}},
                  .unstable = true,
                  .slowest = [](std::span<const double>) { return 0.01; }}),
      make_Mcgd({.name = "mcgd",
                 .family = "overlap",
                 .summary = "McGinley's dynamic: a mean that speeds up when the price falls away",
                 .formula = "y = y' + (x - y') / (n (x/y')^4); first y = x",
                 .source = "J. McGinley, Journal of Technical Analysis (1997)",
                 .inputs = {Input::kReal},
                 .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
                 .outputs = {{.name = "real"}},
                 .unstable = true}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
