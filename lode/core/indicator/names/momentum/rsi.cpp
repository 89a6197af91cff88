// rsi, cmo: the share of rises in all moves, Wilder's means.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/rsi.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/average-inl.h"
#include "lode/core/indicator/parts/bars-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// Wilder means of rises and falls.
template <class V>
struct GainLoss {
  int n;
  bool has_bar = false;
  V last{};
  WilderMean<V> gains;
  WilderMean<V> losses;
  V gain{};
  V loss{};
  explicit GainLoss(int n_) : n(n_), gains(n_), losses(n_) {}
  auto state() { return std::tie(has_bar, last, gains, losses); }
  HWY_INLINE void step(V x) {
    const V move = x - last;
    last = x;
    if (HWY_LIKELY(has_bar)) {
      gain = gains.step(larger(move, V(0.0)));
      loss = losses.step(larger(-move, V(0.0)));
    }
    has_bar = true;
  }
};

template <class V>
struct Rsi : Shape<1, 1, Missing::kSkip> {
  GainLoss<V> moves;
  double flat;
  explicit Rsi(const Setup& setup)
      : moves(setup.whole(0)),
        flat(setup.profile == Profile::kTalib064 || setup.profile == Profile::kTalib08 ? 0.0 : 50.0) {}
  auto state() { return std::tie(moves); }
  int lookback() const { return moves.n; }
  HWY_INLINE void step(const V* in, V* out) {
    moves.step(in[0]);
    out[0] = percent(moves.gain, moves.gain + moves.loss, V(flat));
  }
};

template <class V>
struct Cmo : Shape<1, 1, Missing::kSkip> {
  bool is_plain;  // tulip and ttr: plain sums, as Chande has them.
  GainLoss<V> moves;
  Before<V> before;
  WindowSum<V> gains;
  WindowSum<V> losses;
  explicit Cmo(const Setup& setup)
      : is_plain(setup.profile == Profile::kTulip || setup.profile == Profile::kTtr),
        moves(is_plain ? 1 : setup.whole(0)),
        gains(is_plain ? setup.whole(0) : 1),
        losses(gains.window()) {}
  auto state() { return std::tie(moves, before, gains, losses); }
  Missing missing() const { return is_plain ? Missing::kWindow : Missing::kSkip; }
  int lookback() const { return is_plain ? gains.window() : moves.n; }
  HWY_INLINE void step(const V* in, V* out) {
    if (is_plain) {
      const V move = in[0] - before.step(in[0]);
      const V gain = gains.step(larger(move, V(0.0)));
      const V loss = losses.step(larger(-move, V(0.0)));
      out[0] = percent(gain - loss, gain + loss, V(0.0));
      return;
    }
    moves.step(in[0]);
    out[0] = percent(moves.gain - moves.loss, moves.gain + moves.loss, V(0.0));
  }
};

LODE_LANES(Rsi)
LODE_LANES(Cmo)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Rsi)
LODE_MAKE(Cmo)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_rsi() {
  using namespace indicator;
  static const Family family = {
      make_Rsi(
          {.name = "rsi",
           .family = "momentum",
           .summary = "relative strength index, Wilder's means",
           .formula = "100 g / (g + b); g, b: wilder means of rises and falls, seed: mean of n; 0/0: 50 (talib: 0)",
           .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978)",
           .inputs = {Input::kReal},
           .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
           .outputs = {{.name = "real"}},
           .unstable = true}),
      make_Cmo({.name = "cmo",
                .family = "momentum",
                .summary = "Chande's momentum oscillator, with Wilder's means",
                .formula = "100 (g - b) / (g + b), as rsi; 0/0: 0",
                .source = "T. Chande & S. Kroll, The New Technical Trader (1994), chapter 5",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
                .outputs = {{.name = "real"}},
                .unstable = true}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
