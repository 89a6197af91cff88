// cdlhikkake, cdlhikkakemod: a false break out of an inside bar, and its confirmation.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/pattern/hikkake.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/pattern-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// The inside bar is the one before today's. Confirmed by the first close beyond it within three bars; a new pattern on
// that bar takes precedence.
template <class V, class R>
struct Trap : Shape<4, 1, Missing::kWindow> {
  [[no_unique_address]] Own<V, PatternBars<V, R::kBars, R::kMeans>> bars;
  V side{};  // Of the last pattern: 100 up, -100 down, 0 none that may still be confirmed
  V age{};   // .. bars since
  V high{};  // .. and the ends of its inside bar.
  V low{};
  int seen = 0;
  explicit Trap(const Setup&) {}
  auto state() { return std::tie(bars, side, age, high, low, seen); }
  static int lookback() { return R::kLookback; }
  HWY_INLINE void step(const V* in, V* out) {
    bars.step(in);
    const auto* x = bars.last();
    const Inside inside = {x[R::kBars - 1].h, x[R::kBars - 1].l};
    out[0] = next(found<V>(x), inside, in[3]);
  }
  HWY_INLINE void stretch(const Call& call) {
    const Inside inside = {bars.last()[R::kBars].h, bars.last()[R::kBars].l};
    bars.stretch(call, [](const auto* x) LODE_INLINED { return found<Register>(x); });
    confirm(call, inside);
  }
  HWY_INLINE void follow(const Call& call) {
    const auto& prices = call.shelf->of<SharedPrices<V>>(call);
    const Inside inside = {load<V>(prices.price(1).strip(1).cells), load<V>(prices.price(2).strip(1).cells)};
    follow_bars<R::kBars, R::kMeans, V>(call, [](const auto* x) LODE_INLINED { return found<Register>(x); });
    confirm(call, inside);
  }

 private:
  struct Inside {
    V high;
    V low;
  };
  // The patterns found in a stretch, with what confirms them; `inside` is the bar before it.
  HWY_INLINE void confirm(const Call& call, Inside inside) {
    const Strip<double> out = output_of(call, 0);
    Trap local = std::move(*this);
    for (std::size_t t = 0; t < call.rows; ++t) {
      V in[4];
      read_bar<4>(call, t, in);
      store(local.next(load<V>(out.at(t)), inside, in[3]), out.at(t));
      inside = {in[1], in[2]};
    }
    *this = std::move(local);
  }
  // 100 or -100 where the last bars are a pattern, else 0.
  template <class W, class Bar>
  static HWY_INLINE W found(const Bar* x) {
    return select(R::rises(x), W(100.0), select(R::falls(x), W(-100.0), W(0.0)));
  }
  HWY_INLINE V next(V pattern, const Inside& inside, V close) {
    if (HWY_UNLIKELY(seen < R::kLookback - 3)) {
      ++seen;  // Patterns count from three bars before the first answer on, as they may still be confirmed then.
      return V(0.0);
    }
    const auto is_new = !(pattern == V(0.0));
    age = age + V(1.0);
    const auto confirms =
        !is_new && age <= V(3.0) && ((side > V(0.0) && close > high) || (side < V(0.0) && close < low));
    const V out = select(confirms, V(2.0) * side, pattern);
    side = select(is_new, pattern, select(confirms, V(0.0), side));
    age = select(is_new, V(0.0), age);
    high = select(is_new, inside.high, high);
    low = select(is_new, inside.low, low);
    return out;
  }
};

// 3 bars
struct CdlHikkakeRule {
  static constexpr int kBars = 3;
  static constexpr int kLookback = 5;
  static constexpr unsigned kMeans = 0;
  template <class Bar>
  static HWY_INLINE auto rises(const Bar* x) {
    return x[2].h < x[1].h && x[2].l > x[1].l && x[3].h < x[2].h && x[3].l < x[2].l;
  }
  template <class Bar>
  static HWY_INLINE auto falls(const Bar* x) {
    return x[2].h < x[1].h && x[2].l > x[1].l && x[3].h > x[2].h && x[3].l > x[2].l;
  }
};
template <class V>
using CdlHikkake = Trap<V, CdlHikkakeRule>;

// 4 bars
struct CdlHikkakemodRule {
  static constexpr int kBars = 4;
  static constexpr int kLookback = 10;
  static constexpr unsigned kMeans = kRange5;
  template <class Bar>
  static HWY_INLINE auto rises(const Bar* x) {
    return x[2].h < x[1].h && x[2].l > x[1].l && x[3].h < x[2].h && x[3].l > x[2].l && x[4].h < x[3].h &&
           x[4].l < x[3].l && x[2].c <= x[2].l + x[2].near();
  }
  template <class Bar>
  static HWY_INLINE auto falls(const Bar* x) {
    return x[2].h < x[1].h && x[2].l > x[1].l && x[3].h < x[2].h && x[3].l > x[2].l && x[4].h > x[3].h &&
           x[4].l > x[3].l && x[2].c >= x[2].h - x[2].near();
  }
};
template <class V>
using CdlHikkakemod = Trap<V, CdlHikkakemodRule>;

LODE_LANES(CdlHikkake)
LODE_LANES(CdlHikkakemod)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(CdlHikkake)
LODE_MAKE(CdlHikkakemod)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_hikkake() {
  using namespace indicator;
  static const Family family = {
      make_CdlHikkake(
          {.name = "cdlhikkake",
           .family = "pattern",
           .summary = "a false break out of an inside bar: 100, confirmed 200",
           .formula = "h2 < h1, l2 > l1; h3 < h2 and l3 < l2: +100, h3 > h2 and l3 > l2: -100; within the next 3 bars "
                      "the first close above h2 (bull) or below l2 (bear) confirms; a new pattern on that bar takes "
                      "precedence (lookback 5); +-100 at bar 3; +-200 at the confirmation",
           .source = "D. Chesler, Active Trader (2004)",
           .inputs = {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose},
           .outputs = {{.name = "signal", .whole = true}}}),
      make_CdlHikkakemod({.name = "cdlhikkakemod",
                          .family = "pattern",
                          .summary = "hikkake after a bar that closed at its end",
                          .formula = "h2 < h1, l2 > l1; h3 < h2, l3 > l2; h4 < h3, l4 < l3 and c2 <= l2 + Near2: +100; "
                                     "h4 > h3, l4 > l3 and c2 >= h2 - Near2: -100; confirmation as HIKKAKE against bar "
                                     "3 (lookback 10); +-100; +-200 at the confirmation",
                          .source = "D. Chesler, Active Trader (2004)",
                          .inputs = {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose},
                          .outputs = {{.name = "signal", .whole = true}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
