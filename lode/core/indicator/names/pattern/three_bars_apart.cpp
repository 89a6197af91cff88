// Patterns of three bars: gaps, rivers, sandwiches. Bars are numbered from the oldest, x[1].
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/pattern/three_bars_apart.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/pattern-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

struct CdlGapsidesidewhiteRule : Rule<3, 5, kRange5> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    const auto up = body_gap_up(x[2], x[1]) && body_gap_up(x[3], x[1]);
    const auto down = body_gap_down(x[2], x[1]) && body_gap_down(x[3], x[1]);
    return hit((up || down) && x[2].white() && x[3].white() && abs(x[3].body() - x[2].body()) <= x[2].near() &&
                   abs(x[3].o - x[2].o) <= x[2].equal(),
               select(up, V(100.0), V(-100.0)));
  }
};
template <class V>
using CdlGapsidesidewhite = Pattern<V, CdlGapsidesidewhiteRule>;

struct CdlIdentical3crowsRule : Rule<3, 10, kRange10 | kRange5> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].black() && x[1].no_down() && x[2].black() && x[2].no_down() && x[3].black() && x[3].no_down() &&
                   x[1].c > x[2].c && x[2].c > x[3].c && abs(x[2].o - x[1].c) <= x[1].equal() &&
                   abs(x[3].o - x[2].c) <= x[2].equal(),
               V(-100.0));
  }
};
template <class V>
using CdlIdentical3crows = Pattern<V, CdlIdentical3crowsRule>;

struct CdlStalledpatternRule : Rule<3, 10, kBody10 | kRange10 | kRange5> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].white() && x[2].white() && x[3].white() && x[3].c > x[2].c && x[2].c > x[1].c && x[1].is_long() &&
                   x[2].is_long() && x[2].no_up() && x[2].o > x[1].o && x[2].o <= x[1].c + x[1].near() &&
                   x[3].is_short() && x[3].o >= x[2].c - x[3].body() - x[2].near(),
               V(-100.0));
  }
};
template <class V>
using CdlStalledpattern = Pattern<V, CdlStalledpatternRule>;

struct CdlSticksandwichRule : Rule<3, 5, kRange5> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].black() && x[2].white() && x[3].black() && x[2].l > x[1].c && abs(x[3].c - x[1].c) <= x[1].equal(),
               V(100.0));
  }
};
template <class V>
using CdlSticksandwich = Pattern<V, CdlSticksandwichRule>;

struct CdlTasukigapRule : Rule<3, 5, kRange5> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit((body_gap_up(x[2], x[1]) && x[2].white() && x[3].black() && x[3].o < x[2].c && x[3].o > x[2].o &&
                x[3].c < x[2].o && x[3].c > x[1].top() && abs(x[2].body() - x[3].body()) < x[2].near()) ||
                   (body_gap_down(x[2], x[1]) && x[2].black() && x[3].white() && x[3].o < x[2].o && x[3].o > x[2].c &&
                    x[3].c > x[2].o && x[3].c < x[1].bottom() && abs(x[2].body() - x[3].body()) < x[2].near()),
               x[2].color() * V(100.0));
  }
};
template <class V>
using CdlTasukigap = Pattern<V, CdlTasukigapRule>;

struct CdlTristarRule : Rule<3, 10, kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    const V most = V(0.1) * x[1].range10;
    const auto doji = x[1].body() <= most && x[2].body() <= most && x[3].body() <= most;
    const auto down = body_gap_up(x[2], x[1]) && x[3].top() < x[2].top();
    const auto up = body_gap_down(x[2], x[1]) && x[3].bottom() > x[2].bottom();
    return hit(doji && (up || down), select(up, V(100.0), V(-100.0)));
  }
};
template <class V>
using CdlTristar = Pattern<V, CdlTristarRule>;

struct CdlUnique3riverRule : Rule<3, 10, kBody10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].black() && x[1].is_long() && x[2].black() && x[2].c > x[1].c && x[2].o <= x[1].o &&
                   x[2].l < x[1].l && x[3].white() && x[3].is_short() && x[3].o > x[2].l,
               V(100.0));
  }
};
template <class V>
using CdlUnique3river = Pattern<V, CdlUnique3riverRule>;

struct CdlUpsidegap2crowsRule : Rule<3, 10, kBody10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].white() && x[1].is_long() && x[2].black() && x[2].is_small() && body_gap_up(x[2], x[1]) &&
                   x[3].black() && x[3].o > x[2].o && x[3].c < x[2].c && x[3].c > x[1].c,
               V(-100.0));
  }
};
template <class V>
using CdlUpsidegap2crows = Pattern<V, CdlUpsidegap2crowsRule>;

struct CdlXsidegap3methodsRule : Rule<3, 0, 0> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].color() == x[2].color() && x[2].color() == -x[3].color() && x[3].o < x[2].top() &&
                   x[3].o > x[2].bottom() && x[3].c < x[1].top() && x[3].c > x[1].bottom() &&
                   ((x[1].white() && body_gap_up(x[2], x[1])) || (x[1].black() && body_gap_down(x[2], x[1]))),
               x[1].color() * V(100.0));
  }
};
template <class V>
using CdlXsidegap3methods = Pattern<V, CdlXsidegap3methodsRule>;

LODE_LANES(CdlGapsidesidewhite)
LODE_LANES(CdlIdentical3crows)
LODE_LANES(CdlStalledpattern)
LODE_LANES(CdlSticksandwich)
LODE_LANES(CdlTasukigap)
LODE_LANES(CdlTristar)
LODE_LANES(CdlUnique3river)
LODE_LANES(CdlUpsidegap2crows)
LODE_LANES(CdlXsidegap3methods)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(CdlGapsidesidewhite)
LODE_MAKE(CdlIdentical3crows)
LODE_MAKE(CdlStalledpattern)
LODE_MAKE(CdlSticksandwich)
LODE_MAKE(CdlTasukigap)
LODE_MAKE(CdlTristar)
LODE_MAKE(CdlUnique3river)
LODE_MAKE(CdlUpsidegap2crows)
LODE_MAKE(CdlXsidegap3methods)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_three_bars_apart() {
  using namespace indicator;
  static const Family family = {
      make_CdlGapsidesidewhite(pattern_spec("cdlgapsidesidewhite", "two like white bars side by side beyond a gap",
                                            "2 3 white; bgap+(2,1) and bgap+(3,1), or both bgap-; |body3-body2| <= "
                                            "Near2; |o3-o2| <= Equal2: +100 gap up, -100 gap down")),
      make_CdlIdentical3crows(
          pattern_spec("cdlidentical3crows", "three falling black bars, each from the close before",
                       "all black, dn < SVeryShort each; c1 > c2 > c3; |o2-c1| <= Equal1; |o3-c2| <= Equal2: -100")),
      make_CdlStalledpattern(pattern_spec("cdlstalledpattern", "two long white bars and a short one at their end",
                                          "all white; c3 > c2 > c1; 1 2 long; up2 < SVeryShort; o1 < o2 <= c1+Near1; 3 "
                                          "short; o3 >= c2 - body3 - Near2: -100")),
      make_CdlSticksandwich(pattern_spec("cdlsticksandwich", "a white bar between two black ones that close together",
                                         "black, white, black; l2 > c1; |c3-c1| <= Equal1: 100")),
      make_CdlTasukigap(pattern_spec(
          "cdltasukigap", "a gap, and an opposite bar that does not close it",
          "white 2, black 3: bgap+(2,1), o2 < o3 < c2, hi1 < c3 < o2, |body2-body3| < Near2; m: 100*col2")),
      make_CdlTristar(pattern_spec(
          "cdltristar", "three doji, the second apart",
          "three doji (threshold of bar 1); bgap+(2,1) and hi3 < hi2: -100; bgap-(2,1) and lo3 > lo2: +100: +-100")),
      make_CdlUnique3river(
          pattern_spec("cdlunique3river", "a harami with a new low, then a short white bar above it",
                       "1 long black; 2 black, c2 > c1, o2 <= o1, l2 < l1; 3 white, short, o3 > l2: 100")),
      make_CdlUpsidegap2crows(
          pattern_spec("cdlupsidegap2crows", "two black bars above a long white one",
                       "1 long white; 2 black, body <= Short, bgap+(2,1); 3 black, o3 > o2, c3 < c2, c3 > c1: -100")),
      make_CdlXsidegap3methods(pattern_spec(
          "cdlxsidegap3methods", "a gap that the third bar closes",
          "col1 = col2 = -col3; lo2 < o3 < hi2; lo1 < c3 < hi1; white: bgap+(2,1); black: bgap-(2,1): 100*col1")),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
