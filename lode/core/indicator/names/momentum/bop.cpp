// bop, imi: where the bar closed against where it opened.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/bop.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/bars-inl.h"
#include "lode/core/indicator/parts/window_fold-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Bop : Shape<4, 1, Missing::kPoint> {
  explicit Bop(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    const V range = in[1] - in[2];
    out[0] = (in[3] - in[0]) / select(range <= V(0.0), V(1.0), range);
    out[0] = select(range <= V(0.0), (in[3] - in[0]) * V(0.0), out[0]) + V(0.0);  // 0, not -0.
  }
};

template <class V>
struct Imi : Shape<2, 1, Missing::kWindow> {
  WindowSum<V> up;
  WindowSum<V> both;
  double flat;
  explicit Imi(const Setup& setup)
      : up(setup.whole(0)),
        both(setup.whole(0)),
        flat(setup.profile == Profile::kTalib064 ? std::numeric_limits<double>::quiet_NaN() : 50.0) {}
  auto state() { return std::tie(up, both); }
  int lookback() const { return up.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const V body = in[1] - in[0];
    out[0] = percent(up.step(larger(body, V(0.0))), both.step(abs(body)), V(flat));
  }
};

LODE_LANES(Bop)
LODE_LANES(Imi)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Bop)
LODE_MAKE(Imi)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_bop() {
  using namespace indicator;
  static const Family family = {
      make_Bop({.name = "bop",
                .family = "momentum",
                .summary = "balance of power: body over range",
                .formula = "(c - o) / (h - l); h = l: 0",
                .source = "I. Livshin, Technical Analysis of Stocks & Commodities 19:8 (2001)",
                .inputs = {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose},
                .outputs = {{.name = "real"}}}),
      make_Imi({.name = "imi",
                .family = "momentum",
                .summary = "intraday momentum: share of the rising bodies",
                .formula = "100 sum(c - o where c > o, n) / sum(|c - o|, n); 0/0: 50 (talib064: missing)",
                .source = "T. Chande & S. Kroll, The New Technical Trader (1994)",
                .inputs = {Input::kOpen, Input::kClose},
                .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
                .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
