// zigzag: the pivots of moves of some percent.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/zigzag.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/ring-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Zigzag : Shape<2, 4, Missing::kSkip> {
  double change;
  bool has_bar = false;
  V side{};  // Of the leg being drawn: 1 up, -1 down, 0 not known yet.
  V high{};  // The highest high of the leg, or since the first bar
  V low{};
  V high_age{};
  V low_age{};
  V pivot;
  V pivot_side{};
  V pivot_age{};
  explicit Zigzag(const Setup& setup)
      : change(setup.number(0) / 100.0), pivot(std::numeric_limits<double>::quiet_NaN()) {}
  auto state() { return std::tie(has_bar, side, high, low, high_age, low_age, pivot, pivot_side, pivot_age); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    high_age = high_age + V(1.0);
    low_age = low_age + V(1.0);
    pivot_age = pivot_age + V(1.0);
    const auto rises = has_bar ? in[0] > high : in[0] == in[0];
    const auto falls = has_bar ? in[1] < low : in[1] == in[1];
    has_bar = true;
    // The extremes of the leg: of an unknown one both.
    const auto tops = rises && side >= V(0.0);
    const auto bottoms = falls && side <= V(0.0);
    high = select(tops, in[0], high);
    high_age = select(tops, V(0.0), high_age);
    low = select(bottoms, in[1], low);
    low_age = select(bottoms, V(0.0), low_age);
    // A turn: far enough from the extreme, which must be older than this bar.
    const auto is_top = side >= V(0.0) && high_age > V(0.0) && in[1] <= high * V(1.0 - change);
    const auto is_bottom = !is_top && side <= V(0.0) && low_age > V(0.0) && in[0] >= low * V(1.0 + change);
    pivot = select(is_top, high, select(is_bottom, low, pivot));
    pivot_age = select(is_top, high_age, select(is_bottom, low_age, pivot_age));
    side = select(is_top, V(-1.0), select(is_bottom, V(1.0), side));
    pivot_side = select(is_top || is_bottom, -side, pivot_side);
    low = select(is_top, in[1], low);
    low_age = select(is_top, V(0.0), low_age);
    high = select(is_bottom, in[0], high);
    high_age = select(is_bottom, V(0.0), high_age);
    const V nothing = V(std::numeric_limits<double>::quiet_NaN());
    out[0] = pivot;
    out[1] = select(pivot_side == V(0.0), nothing, pivot_side);
    out[2] = select(pivot_side == V(0.0), nothing, pivot_age);
    out[3] = select(side > V(0.0), high, select(side < V(0.0), low, nothing));
  }
};

LODE_LANES(Zigzag)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Zigzag)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_zigzag() {
  using namespace indicator;
  static const Family family = {
      make_Zigzag({.name = "zigzag",
                   .family = "overlap",
                   .summary = "the last turning point that a move of some percent has confirmed; `candidate` repaints",
                   .formula = "a high is a pivot once a low is change % below it, a low once a high is change % above "
                              "it: shown from that bar on, with its side (1 high, -1 low) and its age. candidate: the "
                              "extreme since, the end of the leg being drawn, which moves until it is confirmed",
                   .source = "A. Merrill, Filtered Waves (1977)",
                   .inputs = {Input::kHigh, Input::kLow},
                   .parameters = {{.name = "change", .fallback = 10, .least = 0.001, .most = 99, .whole = false}},
                   .outputs = {{.name = "pivot"},
                               {.name = "side", .whole = true},
                               {.name = "bars_ago", .whole = true},
                               {.name = "candidate"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
