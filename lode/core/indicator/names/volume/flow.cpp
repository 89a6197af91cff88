// cmf, efi, emv, marketfi, rvol, pvo: volume with the move it came with.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/volume/flow.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
HWY_INLINE V money_flow(const V* in) {
  const V range = in[0] - in[1];
  return select(range > V(0.0), ((in[2] - in[1]) - (in[0] - in[2])) / range * in[3], V(0.0));
}

template <class V>
struct Cmf : Shape<4, 1, Missing::kWindow> {
  WindowSum<V> flow;
  WindowSum<V> volume;
  explicit Cmf(const Setup& setup) : flow(setup.whole(0)), volume(setup.whole(0)) {}
  auto state() { return std::tie(flow, volume); }
  int lookback() const { return flow.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const V part = flow.step(money_flow(in));
    out[0] = ratio(part, volume.step(in[3]), V(0.0));
  }
};

template <class V>
struct Efi : Shape<2, 1, Missing::kSkip> {
  bool has_bar = false;
  V last{};
  Ema<V> mean;
  explicit Efi(const Setup& setup) : mean(setup.whole(0)) {}
  auto state() { return std::tie(has_bar, last, mean); }
  int lookback() const { return mean.lookback() + 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const V force = (in[0] - last) * in[1] + V(0.0);  // 0, not -0, of a fall without volume.
    last = in[0];
    out[0] = has_bar ? mean.step(force) : V(0.0);
    has_bar = true;
  }
};

template <class V>
struct Emv : Shape<3, 1, Missing::kWindow> {
  Before<V> before;
  SimpleMean<V> mean;
  explicit Emv(const Setup& setup) : mean(setup.whole(0)) {}
  auto state() { return std::tie(before, mean); }
  int lookback() const { return mean.lookback() + 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const V middle = (in[0] + in[1]) * V(0.5);
    const V move = middle - before.step(middle);
    // + 0: a fall on a bar without a range is 0, not -0.
    out[0] = mean.step(ratio(V(10000.0) * move * (in[0] - in[1]), in[2], V(0.0)) + V(0.0));
  }
};

template <class V>
struct Marketfi : Shape<3, 1, Missing::kPoint> {
  explicit Marketfi(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = select(in[2] == V(0.0), (in[0] - in[1]) * V(0.0), (in[0] - in[1]) / in[2]);
  }
};

template <class V>
struct Rvol : Shape<1, 1, Missing::kWindow> {
  SimpleMean<V> mean;
  Before<V> before;
  V nothing{};
  explicit Rvol(const Setup& setup) : mean(setup.whole(0)), nothing(std::numeric_limits<double>::quiet_NaN()) {}
  auto state() { return std::tie(mean, before); }
  int lookback() const { return mean.lookback() + 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = ratio(in[0], before.step(mean.step(in[0])), nothing); }
};

template <class V>
struct Pvo : Shape<1, 1, Missing::kWindow> {
  MovingAverage<V> slow;
  MovingAverage<V> fast;
  explicit Pvo(const Setup& setup)
      : slow(setup.whole(0) < setup.whole(1) ? setup.whole(1) : setup.whole(0), type_of(setup, 2, AverageType::kEma)),
        fast(setup.whole(0) < setup.whole(1) ? setup.whole(0) : setup.whole(1), type_of(setup, 2, AverageType::kEma)) {}
  auto state() { return std::tie(slow, fast); }
  int lookback() const { return slow.lookback(); }
  Missing missing() const { return slow.missing(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V base = slow.step(in[0]);
    out[0] = percent(fast.step(in[0]) - base, base, V(0.0));
  }
  HWY_INLINE void stretch(const Call& call) {
    Column<V> bases;
    slow.stretch(input_of(call, 0), bases.strip(), call.rows);
    const Strip<double> out = output_of(call, 0);
    fast.stretch(input_of(call, 0), out, call.rows);
    for (std::size_t t = 0; t < call.rows; ++t) {
      store(percent(load<V>(out.at(t)) - bases.get(t), bases.get(t), V(0.0)), out.at(t));
    }
  }
};

LODE_LANES(Cmf)
LODE_LANES(Efi)
LODE_LANES(Emv)
LODE_LANES(Marketfi)
LODE_LANES(Rvol)
LODE_LANES(Pvo)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Cmf)
LODE_MAKE(Efi)
LODE_MAKE(Emv)
LODE_MAKE(Marketfi)
LODE_MAKE(Rvol)
LODE_MAKE(Pvo)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_flow() {
  using namespace indicator;
  static const Family family = {
      make_Cmf({.name = "cmf",
                .family = "volume",
                .summary = "Chaikin money flow: share of volume by where the close stands",
                .formula = "sum ((c - l) - (h - c)) / (h - l) v / sum v over n; no volume: 0",
                .source = "M. Chaikin, in S. Achelis, Technical Analysis from A to Z (1995)",
                .inputs = {Input::kHigh, Input::kLow, Input::kClose, Input::kVolume},
                .parameters = {{.name = "period", .fallback = 20, .least = 1, .most = 100000}},
                .outputs = {{.name = "real"}}}),
      make_Efi({.name = "efi",
                .family = "volume",
                .summary = "Elder's force index: change times volume, smoothed",
                .formula = "ema((c - c') v, n)",
                .source = "A. Elder, Trading for a Living (1993)",
                .inputs = {Input::kClose, Input::kVolume},
                .parameters = {{.name = "period", .fallback = 13, .least = 1, .most = 100000}},
                .outputs = {{.name = "real"}},
                .unstable = true}),
      make_Emv({.name = "emv",
                .family = "volume",
                .summary = "ease of movement: how far the middle moved for the volume",
                .formula = "sma(10000 (m - m') (h - l) / v, n), m = (h+l)/2; no volume: 0",
                .source = "R. Arms, Volume Cycles in the Stock Market (1994)",
                .inputs = {Input::kHigh, Input::kLow, Input::kVolume},
                .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
                .outputs = {{.name = "real"}},
                .defaults = {{Profile::kTulip, "period", 1}, {Profile::kTtr, "period", 9}}}),
      make_Marketfi({.name = "marketfi",
                     .family = "volume",
                     .summary = "market facilitation index: range for the volume",
                     .formula = "(h - l) / v; no volume: 0",
                     .source = "B. Williams, Trading Chaos (1995)",
                     .inputs = {Input::kHigh, Input::kLow, Input::kVolume},
                     .outputs = {{.name = "real"}}}),
      make_Rvol({.name = "rvol",
                 .family = "volume",
                 .summary = "volume relative to the mean of the n bars before",
                 .formula = "v / sma(v, n)'; no volume there: missing",
                 .source = "TA-Lib 0.8.2",
                 .inputs = {Input::kVolume},
                 .parameters = {{.name = "period", .fallback = 20, .least = 1, .most = 100000}},
                 .outputs = {{.name = "real"}}}),
      make_Pvo(
          {.name = "pvo",
           .family = "volume",
           .summary = "percentage volume oscillator",
           .formula = "100 (type(v, fast) - type(v, slow)) / type(v, slow); 0: 0",
           .source = "TA-Lib 0.8.2",
           .inputs = {Input::kVolume},
           .parameters = {{.name = "fast", .fallback = 12, .least = 2, .most = 100000},
                          {.name = "slow", .fallback = 26, .least = 2, .most = 100000},
                          {.name = "type", .fallback = 1, .least = 0, .most = kLastAverage, .choices = kAverageNames}},
           .outputs = {{.name = "real"}},
           .unstable = true}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
