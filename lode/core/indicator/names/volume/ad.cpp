// ad, adosc, obv: volume added up by where the close stands.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/volume/ad.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/average-inl.h"
#include "lode/core/indicator/parts/bars-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// Volume by where the close stands in the bar: all of it at the high, minus all at the low.
template <class V>
HWY_INLINE V flow(const V* in) {
  const V range = in[0] - in[1];
  return select(range > V(0.0), ((in[2] - in[1]) - (in[0] - in[2])) / range * in[3], V(0.0));
}

// use(t, flow) of each bar of a stretch, in order. Flows are made some bars ahead, a register at a time: what waits for
// the bar before is then in hand together with divisions that do not.
template <class V, class Use>
HWY_INLINE void each_flow(const Call& call, Use use) {
  constexpr std::size_t kRun = 16;
  Column<V> flows;
  const auto make = [&](std::size_t t) LODE_INLINED {
    if (t < call.rows) {
      join<V, 4>({input_of(call, 0).behind(t), input_of(call, 1).behind(t), input_of(call, 2).behind(t),
                  input_of(call, 3).behind(t)},
                 flows.strip().behind(t), std::min(kRun, call.rows - t),
                 [](const auto* in) LODE_INLINED { return flow(in); });
    }
  };
  make(0);
  for (std::size_t run = 0; run < call.rows; run += kRun) {
    make(run + kRun);
    for (std::size_t t = run; t < std::min(run + kRun, call.rows); ++t) {
      use(t, flows.get(t));
    }
  }
}

template <class V>
struct Ad : Shape<4, 1, Missing::kSkip> {
  RunningSum<V> sum;
  explicit Ad(const Setup&) {}
  auto state() { return std::tie(sum); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = sum.step(flow(in)); }
  HWY_INLINE void stretch(const Call& call) {
    RunningSum<V> so_far = sum;
    each_flow<V>(call,
                 [&](std::size_t t, V moved) LODE_INLINED { store(so_far.step(moved), output_of(call, 0).at(t)); });
    sum = so_far;
  }
};

template <class V>
struct Adosc : Shape<4, 1, Missing::kSkip> {
  int n;
  Shares fast_shares;
  Shares slow_shares;
  bool has_bar = false;
  RunningSum<V> sum;
  V fast{};
  V slow{};
  explicit Adosc(const Setup& setup)
      : n(setup.whole(0) > setup.whole(1) ? setup.whole(0) : setup.whole(1)),
        fast_shares(2.0 / (setup.number(0) + 1.0)),
        slow_shares(2.0 / (setup.number(1) + 1.0)) {}
  auto state() { return std::tie(has_bar, sum, fast, slow); }
  int lookback() const { return n - 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = after(sum.step(flow(in))); }
  HWY_INLINE void stretch(const Call& call) {
    Adosc local = *this;
    each_flow<V>(call, [&](std::size_t t, V moved)
                           LODE_INLINED { store(local.after(local.sum.step(moved)), output_of(call, 0).at(t)); });
    *this = local;
  }

 private:
  HWY_INLINE V after(V ad) {
    fast = has_bar ? fast_shares.join(fast, ad) : ad;
    slow = has_bar ? slow_shares.join(slow, ad) : ad;
    has_bar = true;
    return fast - slow;
  }
};

template <class V>
struct Obv : Shape<2, 1, Missing::kSkip> {
  bool has_bar = false;
  V last{};
  RunningSum<V> sum;
  double first;  // Share of the first bar's volume that counts.
  explicit Obv(const Setup& setup) : first(setup.profile == Profile::kTulip ? 0.0 : 1.0) {}
  auto state() { return std::tie(has_bar, last, sum); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    const V signed_volume = select(in[0] > last, in[1], select(in[0] < last, -in[1], V(0.0)));
    out[0] = sum.step(has_bar ? signed_volume : in[1] * V(first));
    has_bar = true;
    last = in[0];
  }
};

LODE_LANES(Ad)
LODE_LANES(Adosc)
LODE_LANES(Obv)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Ad)
LODE_MAKE(Adosc)
LODE_MAKE(Obv)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_ad() {
  using namespace indicator;
  static const Family family = {
      make_Ad({.name = "ad",
               .aliases = {"chaikinad"},
               .family = "volume",
               .summary = "accumulation and distribution: volume by where the close stands, added up",
               .formula = "cumulative ((c - l) - (h - c)) / (h - l) v; h = l: 0",
               .source = "M. Chaikin, in S. Achelis, Technical Analysis from A to Z (1995)",
               .inputs = {Input::kHigh, Input::kLow, Input::kClose, Input::kVolume},
               .outputs = {{.name = "real"}},
               .unstable = true}),
      make_Adosc({.name = "adosc",
                  .family = "volume",
                  .summary = "Chaikin oscillator: fast less slow exponential mean of ad",
                  .formula = "ema(ad, fast) - ema(ad, slow), both seeded with the first ad",
                  .source = "M. Chaikin, in S. Achelis, Technical Analysis from A to Z (1995)",
                  .inputs = {Input::kHigh, Input::kLow, Input::kClose, Input::kVolume},
                  .parameters = {{.name = "fast", .fallback = 3, .least = 2, .most = 100000},
                                 {.name = "slow", .fallback = 10, .least = 2, .most = 100000}},
                  .outputs = {{.name = "real"}},
                  .unstable = true}),
      make_Obv({.name = "obv",
                .family = "volume",
                .summary = "on balance volume: volume added on rises, taken away on falls",
                .formula = "first v; then +v where c > c', -v where c < c'",
                .source = "J. Granville, New Key to Stock Market Profits (1963)",
                .inputs = {Input::kClose, Input::kVolume},
                .outputs = {{.name = "real"}},
                .unstable = true}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
