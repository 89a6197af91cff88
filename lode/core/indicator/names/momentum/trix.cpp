// trix: change of a triple exponential mean.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/trix.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Trix : Shape<1, 1, Missing::kSkip> {
  EmaChain<V, 3> chain;
  bool is_of_now;  // tulip has the change in percent of the new value.
  V last{};
  explicit Trix(const Setup& setup)
      : chain(setup.whole(0), seed_of(setup)), is_of_now(setup.profile == Profile::kTulip) {}
  auto state() { return std::tie(chain, last); }
  int lookback() const { return chain.lookback() + 1; }
  HWY_INLINE void step(const V* in, V* out) {
    chain.step(in[0]);
    const V now = chain.mean[2];
    out[0] =
        is_of_now ? percent(now - last, now, V(0.0)) : select(last == V(0.0), V(0.0), (now / last - V(1.0)) * V(100.0));
    last = chain.mean[2];
  }
};

LODE_LANES(Trix)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Trix)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_trix() {
  using namespace indicator;
  static const Family family = {
      make_Trix({.name = "trix",
                 .family = "momentum",
                 .summary = "change in percent of a triple exponential mean",
                 .formula = "100 (e3 / e3' - 1), e3 = ema(ema(ema(x)))",
                 .source = "J. Hutson, Technical Analysis of Stocks & Commodities 1:5 (1983)",
                 .inputs = {Input::kReal},
                 .parameters = {{.name = "period", .fallback = 30, .least = 1, .most = 100000}},
                 .outputs = {{.name = "real"}},
                 .defaults = {{Profile::kTtr, "period", 20}},
                 .unstable = true}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
