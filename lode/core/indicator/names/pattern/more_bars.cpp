// Patterns of four and five bars. Bars are numbered from the oldest, x[1].
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/pattern/more_bars.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/pattern-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

struct Cdl3blackcrowsRule : Rule<4, 10, kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].white() && x[2].black() && x[2].no_down() && x[3].black() && x[3].no_down() && x[4].black() &&
                   x[4].no_down() && x[3].o < x[2].o && x[3].o > x[2].c && x[4].o < x[3].o && x[4].o > x[3].c &&
                   x[1].h > x[2].c && x[2].c > x[3].c && x[3].c > x[4].c,
               V(-100.0));
  }
};
template <class V>
using Cdl3blackcrows = Pattern<V, Cdl3blackcrowsRule>;

struct Cdl3linestrikeRule : Rule<4, 5, kRange5> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    const auto up = x[3].white() && x[3].c > x[2].c && x[2].c > x[1].c && x[4].o > x[3].c && x[4].c < x[1].o;
    const auto down = x[3].black() && x[3].c < x[2].c && x[2].c < x[1].c && x[4].o < x[3].c && x[4].c > x[1].o;
    return hit(x[1].color() == x[2].color() && x[2].color() == x[3].color() && x[4].color() == -x[3].color() &&
                   x[2].o >= x[1].bottom() - x[1].near() && x[2].o <= x[1].top() + x[1].near() &&
                   x[3].o >= x[2].bottom() - x[2].near() && x[3].o <= x[2].top() + x[2].near() && (up || down),
               x[3].color() * V(100.0));
  }
};
template <class V>
using Cdl3linestrike = Pattern<V, Cdl3linestrikeRule>;

struct CdlConcealbabyswallRule : Rule<4, 10, kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].black() && x[2].black() && x[3].black() && x[4].black() && x[1].no_up() && x[1].no_down() &&
                   x[2].no_up() && x[2].no_down() && body_gap_down(x[3], x[2]) && x[3].up() > x[3].very_short() &&
                   x[3].h > x[2].c && x[4].h > x[3].h && x[4].l < x[3].l,
               V(100.0));
  }
};
template <class V>
using CdlConcealbabyswall = Pattern<V, CdlConcealbabyswallRule>;

struct CdlBreakawayRule : Rule<5, 10, kBody10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    const auto up = x[1].black() && body_gap_down(x[2], x[1]) && x[3].h < x[2].h && x[3].l < x[2].l &&
                    x[4].h < x[3].h && x[4].l < x[3].l && x[5].c > x[2].o && x[5].c < x[1].c;
    const auto down = x[1].white() && body_gap_up(x[2], x[1]) && x[3].h > x[2].h && x[3].l > x[2].l &&
                      x[4].h > x[3].h && x[4].l > x[3].l && x[5].c < x[2].o && x[5].c > x[1].c;
    return hit(x[1].is_long() && x[1].color() == x[2].color() && x[2].color() == x[4].color() &&
                   x[4].color() == -x[5].color() && (up || down),
               x[5].color() * V(100.0));
  }
};
template <class V>
using CdlBreakaway = Pattern<V, CdlBreakawayRule>;

struct CdlLadderbottomRule : Rule<5, 10, kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].black() && x[2].black() && x[3].black() && x[1].o > x[2].o && x[2].o > x[3].o && x[1].c > x[2].c &&
                   x[2].c > x[3].c && x[4].black() && x[4].up() > x[4].very_short() && x[5].white() &&
                   x[5].o > x[4].o && x[5].c > x[4].h,
               V(100.0));
  }
};
template <class V>
using CdlLadderbottom = Pattern<V, CdlLadderbottomRule>;

struct CdlMatholdRule : Rule<5, 10, kBody10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V p) {
    const auto starts = x[1].white() && x[1].is_long() && x[2].is_short() && x[3].is_short() && x[4].is_short() &&
                        x[2].black() && body_gap_up(x[2], x[1]);
    const V floor_price = x[1].c - x[1].body() * p;
    const auto holds = x[3].bottom() < x[1].c && x[4].bottom() < x[1].c && x[3].bottom() > floor_price &&
                       x[4].bottom() > floor_price && x[3].top() < x[2].o && x[4].top() < x[3].top();
    return hit(starts && holds && x[5].white() && x[5].o > x[4].c && x[5].c > larger(larger(x[2].h, x[3].h), x[4].h),
               V(100.0));
  }
};
template <class V>
using CdlMathold = Pattern<V, CdlMatholdRule>;

struct CdlRisefall3methodsRule : Rule<5, 10, kBody10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    const V side = x[1].color();
    const auto sizes = x[1].is_long() && x[2].is_short() && x[3].is_short() && x[4].is_short() && x[5].is_long();
    const auto colors = side == -x[2].color() && x[2].color() == x[3].color() && x[3].color() == x[4].color() &&
                        x[4].color() == -x[5].color();
    const auto inside = x[2].bottom() < x[1].h && x[2].top() > x[1].l && x[3].bottom() < x[1].h &&
                        x[3].top() > x[1].l && x[4].bottom() < x[1].h && x[4].top() > x[1].l;
    return hit(sizes && colors && inside && x[3].c * side < x[2].c * side && x[4].c * side < x[3].c * side &&
                   x[5].o * side > x[4].c * side && x[5].c * side > x[1].c * side,
               side * V(100.0));
  }
};
template <class V>
using CdlRisefall3methods = Pattern<V, CdlRisefall3methodsRule>;

LODE_LANES(Cdl3blackcrows)
LODE_LANES(Cdl3linestrike)
LODE_LANES(CdlConcealbabyswall)
LODE_LANES(CdlBreakaway)
LODE_LANES(CdlLadderbottom)
LODE_LANES(CdlMathold)
LODE_LANES(CdlRisefall3methods)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Cdl3blackcrows)
LODE_MAKE(Cdl3linestrike)
LODE_MAKE(CdlConcealbabyswall)
LODE_MAKE(CdlBreakaway)
LODE_MAKE(CdlLadderbottom)
LODE_MAKE(CdlMathold)
LODE_MAKE(CdlRisefall3methods)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_more_bars() {
  using namespace indicator;
  static const Family family = {
      make_Cdl3blackcrows(pattern_spec(
          "cdl3blackcrows", "three falling black bars, each from within the one before",
          "1 white; 2 3 4 black with dn < SVeryShort; o3 in (c2,o2); o4 in (c3,o3); h1 > c2; c2 > c3 > c4: -100")),
      make_Cdl3linestrike(pattern_spec("cdl3linestrike", "three bars on, and one back across all of them",
                                       "1 2 3 same colour; o2 in [lo1-Near1, hi1+Near1]; o3 in [lo2-Near2, hi2+Near2]; "
                                       "4 opposite; white: c3 > c2 > c1, o4 > c3, c4 < o1; m: 100*col3")),
      make_CdlConcealbabyswall(pattern_spec(
          "cdlconcealbabyswall", "two black marubozu, a gap, and a black bar that swallows the third",
          "all black; 1 2: up and dn < SVeryShort; bgap-(3,2), up3 > SVeryShort, h3 > c2; h4 > h3, l4 < l3: 100")),
      make_CdlBreakaway(pattern_spec("cdlbreakaway", "a gap, three bars on, and one back into the gap",
                                     "1 long; col1 = col2 = col4 = -col5; black 1: bgap-(2,1), h3 < h2, l3 < l2, h4 < "
                                     "h3, l4 < l3, o2 < c5 < c1; m: 100*col5")),
      make_CdlLadderbottom(pattern_spec(
          "cdlladderbottom", "four falling black bars and a white one above them",
          "1 2 3 black with o1 > o2 > o3, c1 > c2 > c3; 4 black, up4 > SVeryShort; 5 white, o5 > o4, c5 > h4: 100")),
      make_CdlMathold(
          pattern_spec("cdlmathold", "a long white bar, three short ones that hold, and a new high",
                       "p 0.5; 1 long white; 2 3 4 short; 2 black, bgap+(2,1); 5 white; lo3 < c1, lo4 < c1, lo3 > c1 - "
                       "p*body1, lo4 > c1 - p*body1; hi3 < o2, hi4 < hi3; o5 > c4; c5 > max(h2,h3,h4): 100",
                       0.5)),
      make_CdlRisefall3methods(pattern_spec(
          "cdlrisefall3methods", "a long bar, three short ones back inside it, and a long one on",
          "1 and 5 long; 2 3 4 short; col1 = -col2, col2 = col3 = col4 = -col5; for i in 2..4: lo_i < h1 and hi_i > "
          "l1; c3*col1 < c2*col1; c4*col1 < c3*col1; o5*col1 > c4*col1; c5*col1 > c1*col1: 100*col1")),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
