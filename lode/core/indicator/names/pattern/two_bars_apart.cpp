// Patterns of two bars: lines, necks and kicks. Bars are numbered from the oldest, x[1].
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/pattern/two_bars_apart.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/pattern-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

struct CdlThrustingRule : Rule<2, 10, kBody10 | kRange5> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].black() && x[1].is_long() && x[2].white() && x[2].o < x[1].l && x[2].c > x[1].c + x[1].equal() &&
                   x[2].c <= x[1].c + x[1].body() * V(0.5),
               V(-100.0));
  }
};
template <class V>
using CdlThrusting = Pattern<V, CdlThrustingRule>;

struct CdlPiercingRule : Rule<2, 10, kBody10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].black() && x[1].is_long() && x[2].white() && x[2].is_long() && x[2].o < x[1].l && x[2].c < x[1].o &&
                   x[2].c > x[1].c + x[1].body() * V(0.5),
               V(100.0));
  }
};
template <class V>
using CdlPiercing = Pattern<V, CdlPiercingRule>;

struct CdlKickingRule : Rule<2, 10, kBody10 | kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].color() == -x[2].color() && x[1].is_long() && x[1].no_up() && x[1].no_down() && x[2].is_long() &&
                   x[2].no_up() && x[2].no_down() &&
                   ((x[1].black() && gap_up(x[2], x[1])) || (x[1].white() && gap_down(x[2], x[1]))),
               x[2].color() * V(100.0));
  }
};
template <class V>
using CdlKicking = Pattern<V, CdlKickingRule>;

struct CdlKickingbylengthRule : Rule<2, 10, kBody10 | kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].color() == -x[2].color() && x[1].is_long() && x[1].no_up() && x[1].no_down() && x[2].is_long() &&
                   x[2].no_up() && x[2].no_down() &&
                   ((x[1].black() && gap_up(x[2], x[1])) || (x[1].white() && gap_down(x[2], x[1]))),
               select(x[2].body() > x[1].body(), x[2].color(), x[1].color()) * V(100.0));
  }
};
template <class V>
using CdlKickingbylength = Pattern<V, CdlKickingbylengthRule>;

struct CdlMatchinglowRule : Rule<2, 5, kRange5> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].black() && x[2].black() && abs(x[2].c - x[1].c) <= x[1].equal(), V(100.0));
  }
};
template <class V>
using CdlMatchinglow = Pattern<V, CdlMatchinglowRule>;

struct CdlSeparatinglinesRule : Rule<2, 10, kBody10 | kRange10 | kRange5> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].color() == -x[2].color() && abs(x[2].o - x[1].o) <= x[1].equal() && x[2].is_long() &&
                   ((x[2].white() && x[2].no_down()) || (x[2].black() && x[2].no_up())),
               x[2].color() * V(100.0));
  }
};
template <class V>
using CdlSeparatinglines = Pattern<V, CdlSeparatinglinesRule>;

struct CdlEngulfingRule : Rule<2, 1, 0> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    const auto up = x[2].white() && x[1].black() &&
                    ((x[2].c >= x[1].o && x[2].o < x[1].c) || (x[2].c > x[1].o && x[2].o <= x[1].c));
    const auto down = x[2].black() && x[1].white() &&
                      ((x[2].o >= x[1].c && x[2].c < x[1].o) || (x[2].o > x[1].c && x[2].c <= x[1].o));
    const V size = select(!(x[2].o == x[1].c) && !(x[2].c == x[1].o), V(100.0), V(80.0));
    return hit(up || down, x[2].color() * size);
  }
};
template <class V>
using CdlEngulfing = Pattern<V, CdlEngulfingRule>;

struct CdlHaramiRule : Rule<2, 10, kBody10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    const auto is_strict = x[2].top() < x[1].top() && x[2].bottom() > x[1].bottom();
    const V size = select(is_strict, V(-100.0), V(-80.0));
    return hit(x[1].is_long() && x[2].is_small() && x[2].top() <= x[1].top() && x[2].bottom() >= x[1].bottom(),
               x[1].color() * size);
  }
};
template <class V>
using CdlHarami = Pattern<V, CdlHaramiRule>;

struct CdlHaramicrossRule : Rule<2, 10, kBody10 | kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    const auto is_strict = x[2].top() < x[1].top() && x[2].bottom() > x[1].bottom();
    const V size = select(is_strict, V(-100.0), V(-80.0));
    return hit(x[1].is_long() && x[2].is_doji() && x[2].top() <= x[1].top() && x[2].bottom() >= x[1].bottom(),
               x[1].color() * size);
  }
};
template <class V>
using CdlHaramicross = Pattern<V, CdlHaramicrossRule>;

LODE_LANES(CdlThrusting)
LODE_LANES(CdlPiercing)
LODE_LANES(CdlKicking)
LODE_LANES(CdlKickingbylength)
LODE_LANES(CdlMatchinglow)
LODE_LANES(CdlSeparatinglines)
LODE_LANES(CdlEngulfing)
LODE_LANES(CdlHarami)
LODE_LANES(CdlHaramicross)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(CdlThrusting)
LODE_MAKE(CdlPiercing)
LODE_MAKE(CdlKicking)
LODE_MAKE(CdlKickingbylength)
LODE_MAKE(CdlMatchinglow)
LODE_MAKE(CdlSeparatinglines)
LODE_MAKE(CdlEngulfing)
LODE_MAKE(CdlHarami)
LODE_MAKE(CdlHaramicross)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_two_bars_apart() {
  using namespace indicator;
  static const Family family = {
      make_CdlThrusting(pattern_spec("cdlthrusting", "after a long black bar, opens below and closes in its lower half",
                                     "1 long black; 2 white, o2 < l1, c1 + Equal1 < c2 <= c1 + 0.5*body1: -100")),
      make_CdlPiercing(pattern_spec("cdlpiercing", "after a long black bar, opens below and closes in its upper half",
                                    "1 long black; 2 long white; o2 < l1; c1 + 0.5*body1 < c2 < o1: 100")),
      make_CdlKicking(pattern_spec("cdlkicking", "two marubozu of opposite colour with a gap between",
                                   "opposite colours; both long with up and dn < SVeryShort; black 1: cgap+(2,1); "
                                   "white 1: cgap-(2,1): 100*col2")),
      make_CdlKickingbylength(pattern_spec("cdlkickingbylength", "kicking, in the direction of the longer bar",
                                           "as KICKING: 100*col of the longer body (bar 1 when equal)")),
      make_CdlMatchinglow(
          pattern_spec("cdlmatchinglow", "two black bars that close together", "both black; |c2-c1| <= Equal1: 100")),
      make_CdlSeparatinglines(pattern_spec(
          "cdlseparatinglines", "opens where the opposite bar before opened",
          "opposite colours; |o2-o1| <= Equal1; 2 long; white: dn2 < SVeryShort; black: up2 < SVeryShort: 100*col2")),
      make_CdlEngulfing(pattern_spec("cdlengulfing", "body around the opposite body before",
                                     "white 2, black 1: (c2 >= o1 and o2 < c1) or (c2 > o1 and o2 <= c1); m (lookback "
                                     "2): 100*col2; 80*col2 when one end is equal")),
      make_CdlHarami(pattern_spec(
          "cdlharami", "short body inside the long body before",
          "1 long; 2 body <= Short; hi2 <= hi1, lo2 >= lo1: -100*col1 when both are strict, else -80*col1")),
      make_CdlHaramicross(
          pattern_spec("cdlharamicross", "doji inside the long body before",
                       "1 long; 2 doji; ends as HARAMI: -100*col1 when both are strict, else -80*col1")),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
