// plus_dm, minus_dm: directional movement.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/dm.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/average-inl.h"
#include "lode/core/indicator/parts/bars-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct PlusDm : Shape<2, 1, Missing::kSkip> {
  int n;
  bool has_bar = false;
  Moves<V> moves;
  WilderSum<V> sum;
  explicit PlusDm(const Setup& setup) : n(setup.whole(0)), moves(setup.profile), sum(n) {}
  auto state() { return std::tie(has_bar, moves, sum); }
  int lookback() const { return n == 1 ? 1 : n - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    moves.step(in[0], in[1]);
    out[0] = has_bar ? sum.step(moves.up) : V(0.0);
    has_bar = true;
  }
};

template <class V>
struct MinusDm : Shape<2, 1, Missing::kSkip> {
  int n;
  bool has_bar = false;
  Moves<V> moves;
  WilderSum<V> sum;
  explicit MinusDm(const Setup& setup) : n(setup.whole(0)), moves(setup.profile), sum(n) {}
  auto state() { return std::tie(has_bar, moves, sum); }
  int lookback() const { return n == 1 ? 1 : n - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    moves.step(in[0], in[1]);
    out[0] = has_bar ? sum.step(moves.down) : V(0.0);
    has_bar = true;
  }
};

template <class V>
struct Dm : Shape<2, 2, Missing::kSkip> {
  PlusDm<V> plus;
  MinusDm<V> minus;
  explicit Dm(const Setup& setup) : plus(setup), minus(setup) {}
  auto state() { return std::tie(plus, minus); }
  int lookback() const { return plus.lookback(); }
  HWY_INLINE void step(const V* in, V* out) {
    plus.step(in, out);
    minus.step(in, out + 1);
  }
};

LODE_LANES(Dm)
LODE_LANES(PlusDm)
LODE_LANES(MinusDm)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Dm)
LODE_MAKE(PlusDm)
LODE_MAKE(MinusDm)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_dm() {
  using namespace indicator;
  static const Family family = {
      make_Dm({.name = "dm",
               .family = "momentum",
               .summary = "directional movement up and down, summed as Wilder does",
               .formula = "plus_dm, minus_dm",
               .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978)",
               .inputs = {Input::kHigh, Input::kLow},
               .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
               .outputs = {{.name = "plus"}, {.name = "minus"}},
               .unstable = true}),
      make_PlusDm(
          {.name = "plus_dm",
           .family = "momentum",
           .summary = "upward directional movement, Wilder's sum",
           .formula =
               "up = h - h' where it is above 0 and above l' - l, else 0; seed: sum of n - 1, then s = s' - s'/n + up",
           .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978)",
           .inputs = {Input::kHigh, Input::kLow},
           .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
           .outputs = {{.name = "real"}},
           .unstable = true}),
      make_MinusDm(
          {.name = "minus_dm",
           .family = "momentum",
           .summary = "downward directional movement, Wilder's sum",
           .formula =
               "dn = l' - l where it is above 0 and above h - h', else 0; seed: sum of n - 1, then s = s' - s'/n + dn",
           .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978)",
           .inputs = {Input::kHigh, Input::kLow},
           .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
           .outputs = {{.name = "real"}},
           .unstable = true}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
