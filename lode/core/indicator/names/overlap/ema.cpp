// ema, dema, tema, t3: exponential means, once and chained against their lag.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/ema.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct ExponentialMean : Shape<1, 1, Missing::kSkip> {
  bool is_seeded_first;
  Ema<V> mean;

  explicit ExponentialMean(const Setup& setup)
      : is_seeded_first(setup.whole(1) == 1), mean(setup.whole(0), static_cast<Seed>(setup.whole(1))) {}
  auto state() { return std::tie(mean); }
  int lookback() const { return is_seeded_first ? 0 : mean.lookback(); }
  HWY_INLINE void step(const V* in, V* out) { out[0] = mean.step(in[0]); }
  HWY_INLINE void stretch(const Call& call) { mean.stretch(input_of(call, 0), output_of(call, 0), call.rows); }
};

template <class V>
struct Dema : Shape<1, 1, Missing::kSkip> {
  DoubleEma<V> mean;

  explicit Dema(const Setup& setup) : mean(setup.whole(0), static_cast<Seed>(setup.whole(1))) {}
  auto state() { return std::tie(mean); }
  int lookback() const { return mean.lookback(); }
  HWY_INLINE void step(const V* in, V* out) { out[0] = mean.step(in[0]); }
  HWY_INLINE void stretch(const Call& call) { mean.stretch(input_of(call, 0), output_of(call, 0), call.rows); }
};

template <class V>
struct Tema : Shape<1, 1, Missing::kSkip> {
  TripleEma<V> mean;

  explicit Tema(const Setup& setup) : mean(setup.whole(0), static_cast<Seed>(setup.whole(1))) {}
  auto state() { return std::tie(mean); }
  int lookback() const { return mean.lookback(); }
  HWY_INLINE void step(const V* in, V* out) { out[0] = mean.step(in[0]); }
  HWY_INLINE void stretch(const Call& call) { mean.stretch(input_of(call, 0), output_of(call, 0), call.rows); }
};

template <class V>
struct T3 : Shape<1, 1, Missing::kSkip> {
  TillsonMean<V> mean;

  explicit T3(const Setup& setup) : mean(setup.whole(0), setup.number(1)) {}
  auto state() { return std::tie(mean); }
  int lookback() const { return mean.lookback(); }
  HWY_INLINE void step(const V* in, V* out) { out[0] = mean.step(in[0]); }
  HWY_INLINE void stretch(const Call& call) { mean.stretch(input_of(call, 0), output_of(call, 0), call.rows); }
};

LODE_LANES(ExponentialMean)
LODE_LANES(Dema)
LODE_LANES(Tema)
LODE_LANES(T3)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(ExponentialMean)
LODE_MAKE(Dema)
LODE_MAKE(Tema)
LODE_MAKE(T3)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_ema() {
  using namespace indicator;
  static const Family family = {
      make_ExponentialMean(
          {.name = "ema",
           .family = "overlap",
           .summary = "exponential mean, weight 2 / (n + 1), seeded with the mean of the first n values",
           .formula = "y = y' + 2/(n+1) (x - y'); first y: sma(x, n), or x where seed is first",
           .source = "TA-Lib 0.6.4",
           .inputs = {Input::kReal},
           .parameters = {{.name = "period", .fallback = 30, .least = 1, .most = 100000},
                          {.name = "seed", .fallback = 0, .least = 0, .most = 1, .choices = kSeedNames}},
           .outputs = {{.name = "real"}},
           .defaults = {{Profile::kTulip, "seed", 1}, {Profile::kTtr, "period", 10}},
           .unstable = true}),
      make_Dema({.name = "dema",
                 .family = "overlap",
                 .summary = "double exponential mean: less lag",
                 .formula = "2 ema(x, n) - ema(ema(x, n), n)",
                 .source = "P. Mulloy, Technical Analysis of Stocks & Commodities 12:1 (1994)",
                 .inputs = {Input::kReal},
                 .parameters = {{.name = "period", .fallback = 30, .least = 1, .most = 100000},
                                {.name = "seed", .fallback = 0, .least = 0, .most = 1, .choices = kSeedNames}},
                 .outputs = {{.name = "real"}},
                 .defaults = {{Profile::kTulip, "seed", 1}, {Profile::kTtr, "period", 10}},
                 .unstable = true}),
      make_Tema({.name = "tema",
                 .family = "overlap",
                 .summary = "triple exponential mean: still less lag",
                 .formula = "3 e1 - 3 e2 + e3, each the ema of the one before",
                 .source = "P. Mulloy, Technical Analysis of Stocks & Commodities 12:1 (1994)",
                 .inputs = {Input::kReal},
                 .parameters = {{.name = "period", .fallback = 30, .least = 1, .most = 100000},
                                {.name = "seed", .fallback = 0, .least = 0, .most = 1, .choices = kSeedNames}},
                 .outputs = {{.name = "real"}},
                 .defaults = {{Profile::kTulip, "seed", 1}, {Profile::kTtr, "period", 10}},
                 .unstable = true}),
      make_T3({.name = "t3",
               .family = "overlap",
               .summary = "Tillson's mean of six exponential means",
               .formula = "-v^3 e6 + (3v^2 + 3v^3) e5 - (6v^2 + 3v + 3v^3) e4 + (1 + 3v + v^3 + 3v^2) e3",
               .source = "T. Tillson, Technical Analysis of Stocks & Commodities 16:1 (1998)",
               .inputs = {Input::kReal},
               .parameters = {{.name = "period", .fallback = 5, .least = 1, .most = 100000},
                              {.name = "vfactor", .fallback = 0.7, .least = 0, .most = 1, .whole = false}},
               .outputs = {{.name = "real"}},
               .unstable = true}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
