// Patterns of three bars: soldiers, crows, stars. Bars are numbered from the oldest, x[1].
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/pattern/three_bars.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/pattern-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

struct Cdl2crowsRule : Rule<3, 10, kBody10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].white() && x[1].is_long() && x[2].black() && body_gap_up(x[2], x[1]) && x[3].black() &&
                   x[3].o < x[2].o && x[3].o > x[2].c && x[3].c > x[1].o && x[3].c < x[1].c,
               V(-100.0));
  }
};
template <class V>
using Cdl2crows = Pattern<V, Cdl2crowsRule>;

struct Cdl3insideRule : Rule<3, 10, kBody10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(
        x[1].is_long() && x[2].is_small() && x[2].top() < x[1].top() && x[2].bottom() > x[1].bottom() &&
            ((x[1].white() && x[3].black() && x[3].c < x[1].o) || (x[1].black() && x[3].white() && x[3].c > x[1].o)),
        -x[1].color() * V(100.0));
  }
};
template <class V>
using Cdl3inside = Pattern<V, Cdl3insideRule>;

struct Cdl3outsideRule : Rule<3, 1, 0> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit((x[2].white() && x[1].black() && x[2].c > x[1].o && x[2].o < x[1].c && x[3].c > x[2].c) ||
                   (x[2].black() && x[1].white() && x[2].o > x[1].c && x[2].c < x[1].o && x[3].c < x[2].c),
               x[2].color() * V(100.0));
  }
};
template <class V>
using Cdl3outside = Pattern<V, Cdl3outsideRule>;

struct Cdl3starsinsouthRule : Rule<3, 10, kBody10 | kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].black() && x[2].black() && x[3].black() && x[1].is_long() && x[1].down() > x[1].body() &&
                   x[2].body() < x[1].body() && x[2].o > x[1].c && x[2].o <= x[1].h && x[2].l < x[1].c &&
                   x[2].l >= x[1].l && x[2].down() > x[2].very_short() && x[3].is_short() && x[3].no_up() &&
                   x[3].no_down() && x[3].l > x[2].l && x[3].h < x[2].h,
               V(100.0));
  }
};
template <class V>
using Cdl3starsinsouth = Pattern<V, Cdl3starsinsouthRule>;

struct Cdl3whitesoldiersRule : Rule<3, 10, kBody10 | kRange10 | kRange5> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].white() && x[1].no_up() && x[2].white() && x[2].no_up() && x[3].white() && x[3].no_up() &&
                   x[2].c > x[1].c && x[3].c > x[2].c && x[2].o > x[1].o && x[2].o <= x[1].c + x[1].near() &&
                   x[3].o > x[2].o && x[3].o <= x[2].c + x[2].near() && x[2].body() > x[1].body() - x[1].far() &&
                   x[3].body() > x[2].body() - x[2].far() && x[3].body() > x[3].body10,
               V(100.0));
  }
};
template <class V>
using Cdl3whitesoldiers = Pattern<V, Cdl3whitesoldiersRule>;

struct CdlAbandonedbabyRule : Rule<3, 10, kBody10 | kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V p) {
    return hit(x[1].is_long() && x[2].is_doji() && x[3].body() > x[3].body10 &&
                   ((x[1].white() && x[3].black() && x[3].c < x[1].c - x[1].body() * p && gap_up(x[2], x[1]) &&
                     gap_down(x[3], x[2])) ||
                    (x[1].black() && x[3].white() && x[3].c > x[1].c + x[1].body() * p && gap_down(x[2], x[1]) &&
                     gap_up(x[3], x[2]))),
               x[3].color() * V(100.0));
  }
};
template <class V>
using CdlAbandonedbaby = Pattern<V, CdlAbandonedbabyRule>;

struct CdlAdvanceblockRule : Rule<3, 10, kBody10 | kShadow10 | kRange5> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    const auto rises = x[1].white() && x[2].white() && x[3].white() && x[3].c > x[2].c && x[2].c > x[1].c &&
                       x[2].o > x[1].o && x[2].o <= x[1].c + x[1].near() && x[3].o > x[2].o &&
                       x[3].o <= x[2].c + x[2].near() && x[1].is_long() && x[1].up() < x[1].short_shadow();
    const auto smaller_second = x[2].body() < x[1].body() - x[1].far() && x[3].body() < x[2].body() + x[2].near();
    const auto smaller_third = x[3].body() < x[2].body() - x[2].far();
    const auto shadows = x[3].body() < x[2].body() && x[2].body() < x[1].body() &&
                         (x[3].up() > x[3].short_shadow() || x[2].up() > x[2].short_shadow());
    const auto long_shadow = x[3].body() < x[2].body() && x[3].up() > x[3].body();
    return hit(rises && (smaller_second || smaller_third || shadows || long_shadow), V(-100.0));
  }
};
template <class V>
using CdlAdvanceblock = Pattern<V, CdlAdvanceblockRule>;

struct CdlEveningdojistarRule : Rule<3, 10, kBody10 | kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V p) {
    return hit(x[1].white() && x[1].is_long() && x[2].is_doji() && body_gap_up(x[2], x[1]) && x[3].black() &&
                   x[3].body() > x[3].body10 && x[3].c < x[1].c - x[1].body() * p,
               V(-100.0));
  }
};
template <class V>
using CdlEveningdojistar = Pattern<V, CdlEveningdojistarRule>;

struct CdlEveningstarRule : Rule<3, 10, kBody10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V p) {
    return hit(x[1].white() && x[1].is_long() && x[2].is_small() && body_gap_up(x[2], x[1]) && x[3].black() &&
                   x[3].body() > x[3].body10 && x[3].c < x[1].c - x[1].body() * p,
               V(-100.0));
  }
};
template <class V>
using CdlEveningstar = Pattern<V, CdlEveningstarRule>;

struct CdlMorningdojistarRule : Rule<3, 10, kBody10 | kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V p) {
    return hit(x[1].black() && x[1].is_long() && x[2].is_doji() && body_gap_down(x[2], x[1]) && x[3].white() &&
                   x[3].body() > x[3].body10 && x[3].c > x[1].c + x[1].body() * p,
               V(100.0));
  }
};
template <class V>
using CdlMorningdojistar = Pattern<V, CdlMorningdojistarRule>;

struct CdlMorningstarRule : Rule<3, 10, kBody10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V p) {
    return hit(x[1].black() && x[1].is_long() && x[2].is_small() && body_gap_down(x[2], x[1]) && x[3].white() &&
                   x[3].body() > x[3].body10 && x[3].c > x[1].c + x[1].body() * p,
               V(100.0));
  }
};
template <class V>
using CdlMorningstar = Pattern<V, CdlMorningstarRule>;

LODE_LANES(Cdl2crows)
LODE_LANES(Cdl3inside)
LODE_LANES(Cdl3outside)
LODE_LANES(Cdl3starsinsouth)
LODE_LANES(Cdl3whitesoldiers)
LODE_LANES(CdlAbandonedbaby)
LODE_LANES(CdlAdvanceblock)
LODE_LANES(CdlEveningdojistar)
LODE_LANES(CdlEveningstar)
LODE_LANES(CdlMorningdojistar)
LODE_LANES(CdlMorningstar)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Cdl2crows)
LODE_MAKE(Cdl3inside)
LODE_MAKE(Cdl3outside)
LODE_MAKE(Cdl3starsinsouth)
LODE_MAKE(Cdl3whitesoldiers)
LODE_MAKE(CdlAbandonedbaby)
LODE_MAKE(CdlAdvanceblock)
LODE_MAKE(CdlEveningdojistar)
LODE_MAKE(CdlEveningstar)
LODE_MAKE(CdlMorningdojistar)
LODE_MAKE(CdlMorningstar)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_three_bars() {
  using namespace indicator;
  static const Family family = {
      make_Cdl2crows(pattern_spec("cdl2crows", "a long white bar, a black one above it, and a black one back into it",
                                  "1 long white; 2 black bgap+(2,1); 3 black, c2 < o3 < o2, o1 < c3 < c1: -100")),
      make_Cdl3inside(pattern_spec("cdl3inside", "harami, confirmed by the third bar",
                                   "1 long; 2 body <= Short, hi2 < hi1, lo2 > lo1; 3 colour opposite to 1 and c3 "
                                   "beyond o1 (white 1: c3 < o1; black 1: c3 > o1): -100*col1")),
      make_Cdl3outside(pattern_spec("cdl3outside", "engulfing, confirmed by the third bar",
                                    "white 2, black 1: c2 > o1, o2 < c1, c3 > c2; m (lookback 3): 100*col2")),
      make_Cdl3starsinsouth(
          pattern_spec("cdl3starsinsouth", "three ever smaller black bars",
                       "all black; 1 long, dn1 > SLong; 2 body2 < body1, c1 < o2 <= h1, l1 <= l2 < c1, dn2 > "
                       "SVeryShort; 3 short, up3 and dn3 < SVeryShort, l3 > l2, h3 < h2: 100")),
      make_Cdl3whitesoldiers(pattern_spec("cdl3whitesoldiers", "three rising white bars without upper shadows",
                                          "all white, up < SVeryShort each; c3 > c2 > c1; o1 < o2 <= c1+Near1; o2 < o3 "
                                          "<= c2+Near2; body2 > body1-Far1; body3 > body2-Far2; body3 > Short: 100")),
      make_CdlAbandonedbaby(pattern_spec("cdlabandonedbaby", "doji apart from the bars on both sides",
                                         "p 0.3; 1 long; 2 doji; 3 body > Short; white 1, black 3: c3 < c1 - p*body1, "
                                         "cgap+(2,1), cgap-(3,2); m: 100*col3",
                                         0.3)),
      make_CdlAdvanceblock(
          pattern_spec("cdladvanceblock", "three rising white bars that tire",
                       "all white, c3 > c2 > c1; o1 < o2 <= c1+Near1; o2 < o3 <= c2+Near2; 1 long, up1 < SShort; and "
                       "one of: (body2 < body1-Far1 and body3 < body2+Near2); body3 < body2-Far2; (body3 < body2 < "
                       "body1 and (up3 > SShort or up2 > SShort)); (body3 < body2 and up3 > SLong): -100")),
      make_CdlEveningdojistar(
          pattern_spec("cdleveningdojistar", "doji above a long white bar, then back into it",
                       "p 0.3; 1 long white; 2 doji, bgap+(2,1); 3 black, body > Short, c3 < c1 - p*body1: -100", 0.3)),
      make_CdlEveningstar(pattern_spec("cdleveningstar", "short body above a long white bar, then back into it",
                                       "p 0.3; as EVENINGDOJISTAR with 2 body <= Short: -100", 0.3)),
      make_CdlMorningdojistar(
          pattern_spec("cdlmorningdojistar", "doji below a long black bar, then back into it",
                       "p 0.3; 1 long black; 2 doji, bgap-(2,1); 3 white, body > Short, c3 > c1 + p*body1: 100", 0.3)),
      make_CdlMorningstar(pattern_spec("cdlmorningstar", "short body below a long black bar, then back into it",
                                       "p 0.3; as MORNINGDOJISTAR with 2 body <= Short: 100", 0.3)),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
