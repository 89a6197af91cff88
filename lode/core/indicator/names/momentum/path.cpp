// er, vhf, cmou: how much of the path led anywhere.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/path.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/bars-inl.h"
#include "lode/core/indicator/parts/window_fold-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// Sum of the steps of the last n bars.
template <class V>
struct Path {
  bool has_bar = false;
  V last{};
  WindowSum<V> sum;
  explicit Path(int n) : sum(n) {}
  auto state() { return std::tie(has_bar, last, sum); }
  HWY_INLINE V step(V x) {
    const V out = has_bar ? sum.step(abs(x - last)) : V(0.0);
    has_bar = true;
    last = x;
    return out;
  }
};

template <class V>
struct Er : Shape<1, 1, Missing::kWindow> {
  int n;
  Lag<V> before;
  Path<V> path;
  explicit Er(const Setup& setup) : n(setup.whole(0)), before(n), path(n) {}
  auto state() { return std::tie(before, path); }
  int lookback() const { return n; }
  HWY_INLINE void step(const V* in, V* out) {
    const V way = abs(in[0] - before.step(in[0]));
    out[0] = ratio(way, path.step(in[0]), V(1.0));
  }
};

template <class V>
struct Vhf : Shape<1, 1, Missing::kWindow> {
  int n;
  WindowMax<V> most;
  WindowMin<V> least;
  Path<V> path;
  explicit Vhf(const Setup& setup) : n(setup.whole(0)), most(n), least(n), path(n) {}
  auto state() { return std::tie(most, least, path); }
  int lookback() const { return n; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = ratio(most.step(in[0]) - least.step(in[0]), path.step(in[0]), V(0.0));
  }
};

template <class V>
struct Cmou : Shape<1, 1, Missing::kWindow> {
  Before<V> before;
  WindowSum<V> up;
  WindowSum<V> down;
  explicit Cmou(const Setup& setup) : up(setup.whole(0)), down(setup.whole(0)) {}
  auto state() { return std::tie(before, up, down); }
  int lookback() const { return up.window(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V move = in[0] - before.step(in[0]);
    const V gain = up.step(larger(move, V(0.0)));
    const V loss = down.step(larger(-move, V(0.0)));
    out[0] = percent(gain - loss, gain + loss, V(0.0));
  }
};

template <class V>
struct RsiCutler : Shape<1, 1, Missing::kWindow> {
  Before<V> before;
  WindowSum<V> up;
  WindowSum<V> down;
  explicit RsiCutler(const Setup& setup) : up(setup.whole(0)), down(setup.whole(0)) {}
  auto state() { return std::tie(before, up, down); }
  int lookback() const { return up.window(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V move = in[0] - before.step(in[0]);
    const V gain = up.step(larger(move, V(0.0)));
    const V loss = down.step(larger(-move, V(0.0)));
    out[0] = percent(gain, gain + loss, V(50.0));
  }
};

LODE_LANES(Er)
LODE_LANES(Vhf)
LODE_LANES(Cmou)
LODE_LANES(RsiCutler)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Er)
LODE_MAKE(Vhf)
LODE_MAKE(Cmou)
LODE_MAKE(RsiCutler)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_path() {
  using namespace indicator;
  static const Family family = {
      make_Er({.name = "er",
               .family = "momentum",
               .summary = "efficiency ratio: how much of the path led anywhere",
               .formula = "|x - x(n)| / sum |x - x1| over n; 0/0: 1",
               .source = "P. Kaufman, Smarter Trading (1995)",
               .inputs = {Input::kReal},
               .parameters = {{.name = "period", .fallback = 10, .least = 1, .most = 100000}},
               .outputs = {{.name = "real"}}}),
      make_Vhf({.name = "vhf",
                .family = "momentum",
                .summary = "vertical horizontal filter: range over path",
                .formula = "(max(x, n) - min(x, n)) / sum |x - x1| over n; 0/0: 0",
                .source = "A. White, Futures (1991)",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 28, .least = 2, .most = 100000}},
                .outputs = {{.name = "real"}}}),
      make_Cmou({.name = "cmou",
                 .family = "momentum",
                 .summary = "Chande's momentum oscillator with plain sums",
                 .formula = "100 (g - b) / (g + b); g, b: sums of rises and falls over n; 0/0: 0",
                 .source = "T. Chande & S. Kroll, The New Technical Trader (1994), chapter 5",
                 .inputs = {Input::kReal},
                 .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
                 .outputs = {{.name = "real"}}}),
      make_RsiCutler({.name = "rsi_cutler",
                      .family = "momentum",
                      .summary = "relative strength index of simple means",
                      .formula = "100 g / (g + b); g, b: sums of rises and falls over n; 0/0: 50",
                      .source = "D. Cutler, in S. Achelis, Technical Analysis from A to Z (1995)",
                      .inputs = {Input::kReal},
                      .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
                      .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
