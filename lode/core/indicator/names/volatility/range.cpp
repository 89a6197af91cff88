// adr, cvi, massi: means of the range.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/volatility/range.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Adr : Shape<2, 1, Missing::kWindow> {
  SimpleMean<V> mean;
  explicit Adr(const Setup& setup) : mean(setup.whole(0)) {}
  auto state() { return std::tie(mean); }
  int lookback() const { return mean.lookback(); }
  HWY_INLINE void step(const V* in, V* out) { out[0] = mean.step(in[0] - in[1]); }
};

template <class V>
struct Cvi : Shape<2, 1, Missing::kSkip> {
  Ema<V> mean;
  int n;
  Lag<V> before;
  double scale;  // ttr has a fraction.
  explicit Cvi(const Setup& setup)
      : mean(setup.whole(0), seed_of(setup)),
        n(setup.whole(1)),
        before(n),
        scale(setup.profile == Profile::kTtr ? 1.0 : 100.0) {}
  auto state() { return std::tie(mean, before); }
  int lookback() const { return mean.lookback() + n; }
  HWY_INLINE void step(const V* in, V* out) {
    const V now = mean.step(in[0] - in[1]);
    if (mean.ready()) {
      const V then = before.step(now);
      out[0] = select(then == V(0.0), V(0.0), V(scale) * (now / then - V(1.0)));
    }
  }
};

template <class V>
struct Massi : Shape<2, 1, Missing::kSkip> {
  int n;
  EmaChain<V, 2> chain;
  int wait;
  WindowSum<V> sum;
  explicit Massi(const Setup& setup)
      : n(setup.whole(1)), chain(setup.whole(0), seed_of(setup)), wait(chain.lookback()), sum(n) {}
  auto state() { return std::tie(chain, wait, sum); }
  int lookback() const { return chain.lookback() + n - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    chain.step(in[0] - in[1]);
    if (wait > 0) {
      --wait;
      return;
    }
    out[0] = sum.step(ratio(chain.mean[0], chain.mean[1], V(1.0)));
  }
};

LODE_LANES(Adr)
LODE_LANES(Cvi)
LODE_LANES(Massi)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Adr)
LODE_MAKE(Cvi)
LODE_MAKE(Massi)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_range() {
  using namespace indicator;
  static const Family family = {
      make_Adr({.name = "adr",
                .family = "volatility",
                .summary = "average range",
                .formula = "sma(h - l, n)",
                .source = "TA-Lib 0.8.2",
                .inputs = {Input::kHigh, Input::kLow},
                .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
                .outputs = {{.name = "real"}}}),
      make_Cvi({.name = "cvi",
                .aliases = {"chaikinvolatility"},
                .family = "volatility",
                .summary = "Chaikin's volatility: change of the smoothed range",
                .formula = "100 (e / e(m) - 1), e = ema(h - l, n); ttr: e / e(m) - 1",
                .source = "M. Chaikin, in S. Achelis, Technical Analysis from A to Z (1995)",
                .inputs = {Input::kHigh, Input::kLow},
                .parameters = {{.name = "period", .fallback = 10, .least = 1, .most = 100000},
                               {.name = "change", .fallback = 10, .least = 1, .most = 100000}},
                .outputs = {{.name = "real"}},
                .unstable = true}),
      make_Massi({.name = "massi",
                  .aliases = {"mass"},
                  .family = "volatility",
                  .summary = "mass index: how the range widens",
                  .formula = "sum ema(h - l, n) / ema(ema(h - l, n), n) over m; 0/0: 1",
                  .source = "D. Dorsey, Technical Analysis of Stocks & Commodities 10:6 (1992)",
                  .inputs = {Input::kHigh, Input::kLow},
                  .parameters = {{.name = "period", .fallback = 9, .least = 1, .most = 100000},
                                 {.name = "sum", .fallback = 25, .least = 1, .most = 100000}},
                  .outputs = {{.name = "real"}},
                  .unstable = true}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
