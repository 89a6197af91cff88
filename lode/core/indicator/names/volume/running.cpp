// pvt, nvi, pvi, wad, vwap, cumsum: sums since the first bar.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/volume/running.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/average-inl.h"
#include "lode/core/indicator/parts/bars-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// Indices that move by the return on bars of a kind.
template <class V>
struct VolumeIndex {
  bool has_bar = false;
  V price{};
  V volume{};
  V index;
  VolumeIndex() : index(1000.0) {}
  auto state() { return std::tie(has_bar, price, volume, index); }
  template <class Test>
  HWY_INLINE V step(const V* in, Test counts) {
    const V moved = select(counts(in[1], volume) && !(price == V(0.0)), index * (in[0] / price), index);
    index = has_bar ? moved : index;
    has_bar = true;
    price = in[0];
    volume = in[1];
    return index;
  }
};

template <class V>
struct Pvt : Shape<2, 1, Missing::kSkip> {
  Before<V> before;
  RunningSum<V> sum;
  explicit Pvt(const Setup&) {}
  auto state() { return std::tie(before, sum); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    const V last = before.step(in[0]);
    out[0] = sum.step(ratio(in[1] * (in[0] - last), last, V(0.0)));
  }
};

template <class V>
struct Nvi : Shape<2, 1, Missing::kSkip> {
  VolumeIndex<V> index;
  explicit Nvi(const Setup&) {}
  auto state() { return std::tie(index); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = index.step(in, [](V now, V then) HWY_ATTR { return now < then; });
  }
};

template <class V>
struct Pvi : Shape<2, 1, Missing::kSkip> {
  VolumeIndex<V> index;
  explicit Pvi(const Setup&) {}
  auto state() { return std::tie(index); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = index.step(in, [](V now, V then) HWY_ATTR { return now > then; });
  }
};

template <class V>
struct Wad : Shape<3, 1, Missing::kSkip> {
  Before<V> before;
  RunningSum<V> sum;
  explicit Wad(const Setup&) {}
  auto state() { return std::tie(before, sum); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    const V last = before.step(in[2]);
    const V gain =
        select(in[2] > last, in[2] - smaller(in[1], last), select(in[2] < last, in[2] - larger(in[0], last), V(0.0)));
    out[0] = sum.step(gain);
  }
};

template <class V>
struct Vwap : Shape<4, 1, Missing::kSkip> {
  RunningSum<V> money;
  RunningSum<V> volume;
  V nothing{};
  explicit Vwap(const Setup& setup)
      : nothing(setup.profile == Profile::kTalib08 ? 0.0 : std::numeric_limits<double>::quiet_NaN()) {}
  auto state() { return std::tie(money, volume); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    const V paid = money.step(typical(in[0], in[1], in[2]) * in[3]);
    out[0] = ratio(paid, volume.step(in[3]), nothing);
  }
};

template <class V>
struct Cumsum : Shape<1, 1, Missing::kSkip> {
  RunningSum<V> sum;
  explicit Cumsum(const Setup&) {}
  auto state() { return std::tie(sum); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = sum.step(in[0]); }
};

LODE_LANES(Pvt)
LODE_LANES(Nvi)
LODE_LANES(Pvi)
LODE_LANES(Wad)
LODE_LANES(Vwap)
LODE_LANES(Cumsum)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Pvt)
LODE_MAKE(Nvi)
LODE_MAKE(Pvi)
LODE_MAKE(Wad)
LODE_MAKE(Vwap)
LODE_MAKE(Cumsum)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_running() {
  using namespace indicator;
  static const Family family = {
      make_Pvt({.name = "pvt",
                .family = "volume",
                .summary = "price volume trend: volume by the return, added up",
                .formula = "cumulative v (c / c' - 1)",
                .source = "S. Achelis, Technical Analysis from A to Z (1995)",
                .inputs = {Input::kClose, Input::kVolume},
                .outputs = {{.name = "real"}},
                .unstable = true}),
      make_Nvi({.name = "nvi",
                .family = "volume",
                .summary = "negative volume index: moves on bars of less volume",
                .formula = "1000, times c / c' where v < v'",
                .source = "N. Fosback, Stock Market Logic (1976)",
                .inputs = {Input::kClose, Input::kVolume},
                .outputs = {{.name = "real"}},
                .unstable = true}),
      make_Pvi({.name = "pvi",
                .family = "volume",
                .summary = "positive volume index: moves on bars of more volume",
                .formula = "1000, times c / c' where v > v'",
                .source = "N. Fosback, Stock Market Logic (1976)",
                .inputs = {Input::kClose, Input::kVolume},
                .outputs = {{.name = "real"}},
                .unstable = true}),
      make_Wad({.name = "wad",
                .aliases = {"williamsad"},
                .family = "volume",
                .summary = "Williams' accumulation and distribution",
                .formula = "cumulative c - min(l, c') where c rose, c - max(h, c') where it fell",
                .source = "L. Williams, in S. Achelis, Technical Analysis from A to Z (1995)",
                .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                .outputs = {{.name = "real"}},
                .unstable = true}),
      make_Vwap({.name = "vwap",
                 .family = "volume",
                 .summary = "volume weighted average price since the first bar",
                 .formula = "sum tp v / sum v; no volume yet: missing (talib08: 0)",
                 .source = "TA-Lib 0.8.2",
                 .inputs = {Input::kHigh, Input::kLow, Input::kClose, Input::kVolume},
                 .outputs = {{.name = "real"}},
                 .unstable = true}),
      make_Cumsum({.name = "cumsum",
                   .family = "math",
                   .summary = "sum since the first bar",
                   .formula = "x + x1 + ...",
                   .source = "TA-Lib 0.8.2",
                   .inputs = {Input::kReal},
                   .outputs = {{.name = "real"}},
                   .unstable = true}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
