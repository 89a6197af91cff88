// stoch, stochf, stochrsi, willr: where the close stands in the range of the last n bars.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/stoch.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// 100 (x - lowest) / (highest - lowest) over n bars; 0 where they are equal. ttr counts from 0 to 1 and has 0.5 there.
template <class V>
class RangePlace {
 public:
  RangePlace(int n, Profile profile)
      : scale_(profile == Profile::kTtr ? 1.0 : 100.0),
        flat_(profile == Profile::kTtr ? 0.5 : 0.0),
        highest_(n),
        lowest_(n) {}
  auto state() { return std::tie(highest_, lowest_); }
  int lookback() const { return highest_.window() - 1; }
  HWY_INLINE V step(V high, V low, V close) {
    const V top = highest_.step(high);
    return place(top, lowest_.step(low), close);
  }
  HWY_INLINE void stretch(const Call& call, Strip<double> to) {
    Column<V> tops;
    Column<V> bottoms;
    highest_.stretch(input_of(call, 0), tops.strip(), call.rows);
    lowest_.stretch(input_of(call, 1), bottoms.strip(), call.rows);
    join<V, 3>({tops.strip(), bottoms.strip(), input_of(call, 2)}, to, call.rows,
               [this](const auto* x) LODE_INLINED { return place(x[0], x[1], x[2]); });
  }

 private:
  template <class W>
  HWY_INLINE W place(W top, W bottom, W close) const {
    return W(scale_) * ratio(close - bottom, top - bottom, W(flat_));
  }

  double scale_;
  double flat_;
  WindowMax<V> highest_;
  WindowMin<V> lowest_;
};

template <class V>
struct Stoch : Shape<3, 2, Missing::kWindow> {
  RangePlace<V> place;
  LaterAverage<V> slow_k;
  LaterAverage<V> slow_d;
  explicit Stoch(const Setup& setup)
      : place(setup.whole(0), setup.profile),
        slow_k(setup.whole(1), setup.whole(2), place.lookback()),
        slow_d(setup.whole(3), setup.whole(4), place.lookback() + slow_k.lookback()) {}
  auto state() { return std::tie(place, slow_k, slow_d); }
  int lookback() const { return place.lookback() + slow_k.lookback() + slow_d.lookback(); }
  Missing missing() const { return slow_k.missing() == Missing::kSkip ? Missing::kSkip : slow_d.missing(); }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = slow_k.step(place.step(in[0], in[1], in[2]));
    out[1] = slow_d.step(out[0]);
  }
  HWY_INLINE void stretch(const Call& call) {
    const Strip<double> k = output_of(call, 0);
    place.stretch(call, k);
    slow_k.stretch({k.cells, k.stride}, k, call.rows);
    slow_d.stretch({k.cells, k.stride}, output_of(call, 1), call.rows);
  }
};

template <class V>
struct Stochf : Shape<3, 2, Missing::kWindow> {
  RangePlace<V> place;
  LaterAverage<V> d;
  explicit Stochf(const Setup& setup)
      : place(setup.whole(0), setup.profile), d(setup.whole(1), setup.whole(2), place.lookback()) {}
  auto state() { return std::tie(place, d); }
  int lookback() const { return place.lookback() + d.lookback(); }
  Missing missing() const { return d.missing(); }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = place.step(in[0], in[1], in[2]);
    out[1] = d.step(out[0]);
  }
  HWY_INLINE void stretch(const Call& call) {
    const Strip<double> k = output_of(call, 0);
    place.stretch(call, k);
    d.stretch({k.cells, k.stride}, output_of(call, 1), call.rows);
  }
};

template <class V>
struct Stochrsi : Shape<1, 2, Missing::kSkip> {
  int n;
  int bars = 0;
  V last{};
  WilderMean<V> gains;
  WilderMean<V> losses;
  RangePlace<V> place;
  LaterAverage<V> d;
  double flat;
  double scale;  // tulip counts from 0 to 1.
  explicit Stochrsi(const Setup& setup)
      : n(setup.whole(0)),
        gains(n),
        losses(n),
        place(setup.whole(1), setup.profile),
        d(setup.whole(2), setup.whole(3), place.lookback()),
        flat(setup.profile == Profile::kTalib064 || setup.profile == Profile::kTalib08 ? 0.0 : 50.0),
        scale(setup.profile == Profile::kTulip ? 0.01 : 1.0) {}
  auto state() { return std::tie(bars, last, gains, losses, place, d); }
  int lookback() const { return n + place.lookback() + d.lookback(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V move = in[0] - last;
    last = in[0];
    if (bars == 0) {
      ++bars;
      return;
    }
    const V gain = gains.step(larger(move, V(0.0)));
    const V loss = losses.step(larger(-move, V(0.0)));
    if (bars < n) {
      ++bars;
      return;
    }
    const V rsi = percent(gain, gain + loss, V(flat));
    out[0] = place.step(rsi, rsi, rsi) * V(scale);
    out[1] = d.step(out[0]);
  }
};

template <class V>
struct Willr : Shape<3, 1, Missing::kWindow> {
  WindowMax<V> highest;
  WindowMin<V> lowest;
  bool is_ttr;      // Counts from 0 at the top to 1, and has 0.5 where all are equal.
  bool is_limited;  // talib08 has -100 or 0 of a close outside low..high.
  explicit Willr(const Setup& setup)
      : highest(setup.whole(0)),
        lowest(setup.whole(0)),
        is_ttr(setup.profile == Profile::kTtr),
        is_limited(setup.profile == Profile::kTalib08) {}
  auto state() { return std::tie(highest, lowest); }
  int lookback() const { return highest.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const V top = highest.step(in[0]);
    out[0] = place(top, lowest.step(in[1]), in[2]);
  }
  HWY_INLINE void stretch(const Call& call) {
    Column<V> tops;
    Column<V> bottoms;
    highest.stretch(input_of(call, 0), tops.strip(), call.rows);
    lowest.stretch(input_of(call, 1), bottoms.strip(), call.rows);
    join<V, 3>({tops.strip(), bottoms.strip(), input_of(call, 2)}, output_of(call, 0), call.rows,
               [this](const auto* x) LODE_INLINED { return place(x[0], x[1], x[2]); });
  }

 private:
  template <class W>
  HWY_INLINE W place(W top, W bottom, W close) const {
    const W range = top - bottom;
    if (is_ttr) {
      return ratio(top - close, range, W(0.5));
    }
    const W out = percent(close - top, range, W(0.0));
    return is_limited ? smaller(W(0.0), larger(W(-100.0), out)) : out;
  }
};

LODE_LANES(Stoch)
LODE_LANES(Stochf)
LODE_LANES(Stochrsi)
LODE_LANES(Willr)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Stoch)
LODE_MAKE(Stochf)
LODE_MAKE(Stochrsi)
LODE_MAKE(Willr)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_stoch() {
  using namespace indicator;
  static const Family family = {
      make_Stoch(
          {.name = "stoch",
           .family = "momentum",
           .summary = "stochastic: the close in the range of n bars, averaged twice",
           .formula = "k = 100 (c - min(l, n)) / (max(h, n) - min(l, n)), flat: 0; slow_k = type(k); slow_d = "
                      "type(slow_k); ttr: "
                      "k from 0 to 1, flat: 0.5",
           .source = "G. Lane, Technical Analysis of Stocks & Commodities 2:3 (1984)",
           .inputs = {Input::kHigh, Input::kLow, Input::kClose},
           .parameters =
               {{.name = "fast_k", .fallback = 14, .least = 1, .most = 100000},
                {.name = "slow_k", .fallback = 3, .least = 1, .most = 100000},
                {.name = "slow_k_type", .fallback = 0, .least = 0, .most = kLastAverage, .choices = kAverageNames},
                {.name = "slow_d", .fallback = 3, .least = 1, .most = 100000},
                {.name = "slow_d_type", .fallback = 0, .least = 0, .most = kLastAverage, .choices = kAverageNames}},
           .outputs = {{.name = "slow_k"}, {.name = "slow_d"}},
           .defaults = {{Profile::kTalib064, "fast_k", 5},
                        {Profile::kTalib08, "fast_k", 5},
                        {Profile::kTulip, "fast_k", 5}}}),
      make_Stochf(
          {.name = "stochf",
           .family = "momentum",
           .summary = "fast stochastic: the close in the range of n bars, and its average",
           .formula = "k as stoch; d = type(k)",
           .source = "G. Lane, Technical Analysis of Stocks & Commodities 2:3 (1984)",
           .inputs = {Input::kHigh, Input::kLow, Input::kClose},
           .parameters =
               {{.name = "fast_k", .fallback = 5, .least = 1, .most = 100000},
                {.name = "fast_d", .fallback = 3, .least = 1, .most = 100000},
                {.name = "fast_d_type", .fallback = 0, .least = 0, .most = kLastAverage, .choices = kAverageNames}},
           .outputs = {{.name = "fast_k"}, {.name = "fast_d"}},
           .defaults = {{Profile::kTtr, "fast_k", 14}}}),
      make_Stochrsi(
          {.name = "stochrsi",
           .family = "momentum",
           .summary = "fast stochastic of the rsi",
           .formula = "stochf of rsi(x, n); tulip: from 0 to 1",
           .source = "T. Chande & S. Kroll, The New Technical Trader (1994)",
           .inputs = {Input::kReal},
           .parameters =
               {{.name = "period", .fallback = 14, .least = 2, .most = 100000},
                {.name = "fast_k", .fallback = 5, .least = 1, .most = 100000},
                {.name = "fast_d", .fallback = 3, .least = 1, .most = 100000},
                {.name = "fast_d_type", .fallback = 0, .least = 0, .most = kLastAverage, .choices = kAverageNames}},
           .outputs = {{.name = "fast_k"}, {.name = "fast_d"}},
           .defaults = {{Profile::kTulip, "fast_k", 14}, {Profile::kTulip, "fast_d", 1}},
           .unstable = true}),
      make_Willr({.name = "willr",
                  .aliases = {"wpr"},
                  .family = "momentum",
                  .summary = "Williams' %R: how far the close is below the highest high",
                  .formula = "-100 (max(h, n) - c) / (max(h, n) - min(l, n)); flat: 0; beyond -100 and 0 where c is "
                             "outside l..h, but under talib08; ttr: 1 for -100, flat: 0.5",
                  .source = "L. Williams, How I Made One Million Dollars Last Year Trading Commodities (1973)",
                  .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                  .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
                  .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
