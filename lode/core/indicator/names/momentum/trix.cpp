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
    out[0] = change_of(chain.mean[2], last);
    last = chain.mean[2];
  }
  HWY_INLINE void stretch(const Call& call) {
    if (call.rows == 0) {
      return;
    }
    Column<V> means;
    chain.stretch(input_of(call, 0), means.strip(), call.rows, [](const auto& mean) LODE_INLINED { return mean[2]; });
    store(change_of(means.get(0), last), output_of(call, 0).at(0));
    last = means.get(call.rows - 1);
    const Strip<const double> before = means.strip();
    join<V, 2>({before.behind(1), before}, output_of(call, 0).behind(1), call.rows - 1,
               [this](const auto* x) LODE_INLINED { return change_of(x[0], x[1]); });
  }

 private:
  template <class W>
  HWY_INLINE W change_of(W now, W before) const {
    return is_of_now ? percent(now - before, now, W(0.0))
                     : select(before == W(0.0), W(0.0), (now / before - W(1.0)) * W(100.0));
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
