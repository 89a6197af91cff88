// coppock, kst: weighted sums of changes.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/coppock.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/base/math.h"
#include "lode/core/indicator/parts/moving_average-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// 100 (x / x(n) - 1); ttr has 100 ln x / x(n).
template <class V>
struct Change {
  Lag<V> before;
  bool is_log;
  explicit Change(int n, bool as_log = false) : before(n), is_log(as_log) {}
  auto state() { return std::tie(before); }
  HWY_INLINE V step(V x) {
    const V y = before.step(x);
    if (is_log) {
      return V(100.0) * each(x / y, [](double change) { return math::log(change); });
    }
    return select(y == V(0.0), V(0.0), V(100.0) * (x / y - V(1.0)));
  }
};

template <class V>
struct Coppock : Shape<1, 1, Missing::kWindow> {
  int first;
  int bars = 0;
  WeightedMean<V> mean;
  Change<V> change1;
  Change<V> change2;
  explicit Coppock(const Setup& setup)
      : first(setup.whole(1) > setup.whole(2) ? setup.whole(1) : setup.whole(2)),
        mean(setup.whole(0)),
        change1(setup.whole(1)),
        change2(setup.whole(2)) {}
  auto state() { return std::tie(bars, mean, change1, change2); }
  int lookback() const { return first + mean.lookback(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V sum = change1.step(in[0]) + change2.step(in[0]);
    if (bars < first) {
      ++bars;
      return;
    }
    out[0] = mean.step(sum);
  }
};

// Pring's periods: changes over 10, 15, 20, 30 bars, means over 10, 10, 10, 15, weights 1 to 4.
template <class V>
struct Kst : Shape<1, 2, Missing::kWindow> {
  int bars = 0;
  Change<V> change1;
  Change<V> change2;
  Change<V> change3;
  Change<V> change4;
  SimpleMean<V> mean1{10};
  SimpleMean<V> mean2{10};
  SimpleMean<V> mean3{10};
  SimpleMean<V> mean4{15};
  SimpleMean<V> signal;
  static constexpr int kFirst = 44;
  explicit Kst(const Setup& setup)
      : change1(10, is_ttr(setup)),
        change2(15, is_ttr(setup)),
        change3(20, is_ttr(setup)),
        change4(30, is_ttr(setup)),
        signal(setup.whole(0)) {}
  static bool is_ttr(const Setup& setup) { return setup.profile == Profile::kTtr; }
  auto state() { return std::tie(bars, change1, change2, change3, change4, mean1, mean2, mean3, mean4, signal); }
  int lookback() const { return kFirst + signal.lookback(); }
  std::array<int, 2> lookbacks() const { return {kFirst, lookback()}; }
  HWY_INLINE void step(const V* in, V* out) {
    const V x = in[0];
    out[0] = mean1.step(change1.step(x)) + V(2.0) * mean2.step(change2.step(x)) + V(3.0) * mean3.step(change3.step(x)) +
             V(4.0) * mean4.step(change4.step(x));
    if (bars < kFirst) {
      ++bars;
      return;
    }
    out[1] = signal.step(out[0]);
  }
};

LODE_LANES(Coppock)
LODE_LANES(Kst)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Coppock)
LODE_MAKE(Kst)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_coppock() {
  using namespace indicator;
  static const Family family = {
      make_Coppock({.name = "coppock",
                    .family = "momentum",
                    .summary = "Coppock curve: weighted mean of two changes",
                    .formula = "wma(roc(x, r1) + roc(x, r2), n)",
                    .source = "E. Coppock, Barron's (1962)",
                    .inputs = {Input::kReal},
                    .parameters = {{.name = "period", .fallback = 10, .least = 1, .most = 100000},
                                   {.name = "change1", .fallback = 11, .least = 1, .most = 100000},
                                   {.name = "change2", .fallback = 14, .least = 1, .most = 100000}},
                    .outputs = {{.name = "real"}}}),
      make_Kst({.name = "kst",
                .family = "momentum",
                .summary = "know sure thing: four smoothed changes, the longest heaviest",
                .formula =
                    "sum k sma(roc(x, r_k), n_k), k = 1 .. 4, r 10 15 20 30, n 10 10 10 15; signal = sma(kst, m); "
                    "ttr: logarithmic changes",
                .source = "M. Pring, Technical Analysis of Stocks & Commodities 10:9 (1992)",
                .inputs = {Input::kReal},
                .parameters = {{.name = "signal", .fallback = 9, .least = 1, .most = 100000}},
                .outputs = {{.name = "kst"}, {.name = "signal"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
