// chop, snr: is there a trend at all.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/volatility/chop.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/average-inl.h"
#include "lode/core/indicator/parts/bars-inl.h"
#include "lode/core/indicator/parts/elementary-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Chop : Shape<3, 1, Missing::kWindow> {
  int n;
  double scale;
  bool has_bar = false;
  TrueRange<V> range;
  WindowMax<V> top;
  WindowMin<V> bottom;
  WindowSum<V> sum;
  explicit Chop(const Setup& setup)
      : n(setup.whole(0)), scale(100.0 / math::log(setup.number(0))), top(n), bottom(n), sum(n) {}
  auto state() { return std::tie(has_bar, range, top, bottom, sum); }
  int lookback() const { return n; }
  HWY_INLINE void step(const V* in, V* out) {
    const V tr = range.step(in[0], in[1], in[2]);
    const V span = top.step(in[0]) - bottom.step(in[1]);
    const V path = has_bar ? sum.step(tr) : V(0.0);
    has_bar = true;
    const auto moves = path > V(0.0) && span > V(0.0);  // At one price there is no range, right after a jump no path.
    out[0] = select(moves, log(path / span) * V(scale), V(std::numeric_limits<double>::quiet_NaN()));
  }
};

template <class V>
struct Snr : Shape<3, 1, Missing::kSkip> {
  int n;
  bool has_bar = false;
  TrueRange<V> range;
  Lag<V> before;
  WilderMean<V> atr;
  explicit Snr(const Setup& setup) : n(setup.whole(0)), before(n), atr(n) {}
  auto state() { return std::tie(has_bar, range, before, atr); }
  int lookback() const { return n; }
  HWY_INLINE void step(const V* in, V* out) {
    const V tr = range.step(in[0], in[1], in[2]);
    const V way = abs(in[2] - before.step(in[2]));
    const V width = has_bar ? atr.step(tr) : V(1.0);
    has_bar = true;
    out[0] = ratio(way, width, V(0.0));
  }
};

LODE_LANES(Chop)
LODE_LANES(Snr)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Chop)
LODE_MAKE(Snr)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_chop() {
  using namespace indicator;
  static const Family family = {
      make_Chop({.name = "chop",
                 .family = "volatility",
                 .summary = "choppiness: path over range, 100 where there is no trend",
                 .formula = "100 log10(sum(trange, n) / (max(h, n) - min(l, n))) / log10 n; flat: missing",
                 .source = "E. Dreiss (1993)",
                 .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                 .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
                 .outputs = {{.name = "real"}}}),
      make_Snr({.name = "snr",
                .family = "volatility",
                .summary = "signal to noise: move of n bars in average true ranges",
                .formula = "|c - c(n)| / atr(n); 0/0: 0",
                .source = "P. Kaufman, Trading Systems and Methods (2013), in TTR 0.24",
                .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
                .outputs = {{.name = "real"}},
                .unstable = true}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
