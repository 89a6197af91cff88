// trange, atr, natr: true range and its Wilder mean.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/volatility/atr.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/average-inl.h"
#include "lode/core/indicator/parts/bars-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Trange : Shape<3, 1, Missing::kWindow> {
  bool is_first_known;  // tulip has the first bar's own range, and what remembers a bar for ever passes over gaps.
  TrueRange<V> range;
  explicit Trange(const Setup& setup) : is_first_known(setup.profile == Profile::kTulip) {}
  auto state() { return std::tie(range); }
  Missing missing() const { return is_first_known ? Missing::kSkip : Missing::kWindow; }
  int lookback() const { return is_first_known ? 0 : 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = range.step(in[0], in[1], in[2]); }
  HWY_INLINE void stretch(const Call& call) { range.stretch(call, output_of(call, 0)); }
};

template <class V>
struct Atr : Shape<3, 1, Missing::kSkip> {
  bool is_first_known;  // tulip counts the first bar's own range.
  bool has_bar;
  TrueRange<V> range;
  WilderMean<V> mean;
  explicit Atr(const Setup& setup)
      : is_first_known(setup.profile == Profile::kTulip), has_bar(is_first_known), mean(setup.whole(0)) {}
  auto state() { return std::tie(has_bar, range, mean); }
  int lookback() const { return mean.lookback() + (is_first_known ? 0 : 1); }
  HWY_INLINE void step(const V* in, V* out) {
    const V tr = range.step(in[0], in[1], in[2]);
    out[0] = has_bar ? mean.step(tr) : tr;
    has_bar = true;
  }
  HWY_INLINE void stretch(const Call& call) {
    const Strip<double> ranges = output_of(call, 0);
    range.stretch(call, ranges);
    const std::size_t first = has_bar || call.rows == 0 ? 0 : 1;
    mean.stretch(ranges.behind(first), ranges.behind(first), call.rows - first);
    has_bar = has_bar || call.rows > 0;
  }
};

template <class V>
struct Natr : Shape<3, 1, Missing::kSkip> {
  Atr<V> atr;
  explicit Natr(const Setup& setup) : atr(setup) {}
  auto state() { return std::tie(atr); }
  int lookback() const { return atr.lookback(); }
  HWY_INLINE void step(const V* in, V* out) {
    atr.step(in, out);
    out[0] = percent(out[0], in[2], V(0.0));
  }
  HWY_INLINE void stretch(const Call& call) {
    const Strip<double> means = output_of(call, 0);
    atr.stretch(call);
    join<V, 2>({means, input_of(call, 2)}, means, call.rows, [](const auto* x) LODE_INLINED {
      using W = std::decay_t<decltype(*x)>;
      return percent(x[0], x[1], W(0.0));
    });
  }
};

LODE_LANES(Trange)
LODE_LANES(Atr)
LODE_LANES(Natr)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Trange)
LODE_MAKE(Atr)
LODE_MAKE(Natr)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_atr() {
  using namespace indicator;
  static const Family family = {
      make_Trange({.name = "trange",
                   .aliases = {"tr"},
                   .family = "volatility",
                   .summary = "true range: the bar with the gap before it",
                   .formula = "max(h - l, |h - c'|, |l - c'|); tulip: of the first bar h - l",
                   .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978)",
                   .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                   .outputs = {{.name = "real"}}}),
      make_Atr({.name = "atr",
                .family = "volatility",
                .summary = "average true range: Wilder's mean",
                .formula = "wilder_mean(trange, n), seed: mean of the first n",
                .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978)",
                .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
                .outputs = {{.name = "real"}},
                .unstable = true}),
      make_Natr({.name = "natr",
                 .family = "volatility",
                 .summary = "average true range in percent of the close",
                 .formula = "100 atr / c; c = 0: 0",
                 .source = "J. Forman, Technical Analysis of Stocks & Commodities 24:5 (2006)",
                 .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                 .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
                 .outputs = {{.name = "real"}},
                 .unstable = true}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
