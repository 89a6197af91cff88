// Patterns of two bars whose bodies meet or engulf. Bars are numbered from the oldest, x[1].
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/pattern/two_bars.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/pattern-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

struct CdlCounterattackRule : Rule<2, 10, kBody10 | kRange5> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(
        x[1].color() == -x[2].color() && x[1].is_long() && x[2].is_long() && abs(x[2].c - x[1].c) <= x[1].equal(),
        x[2].color() * V(100.0));
  }
};
template <class V>
using CdlCounterattack = Pattern<V, CdlCounterattackRule>;

struct CdlDarkcloudcoverRule : Rule<2, 10, kBody10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V p) {
    return hit(x[1].white() && x[1].is_long() && x[2].black() && x[2].o > x[1].h && x[2].c > x[1].o &&
                   x[2].c < x[1].c - x[1].body() * p,
               V(-100.0));
  }
};
template <class V>
using CdlDarkcloudcover = Pattern<V, CdlDarkcloudcoverRule>;

struct CdlDojistarRule : Rule<2, 10, kBody10 | kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].is_long() && x[2].is_doji() &&
                   ((x[1].white() && body_gap_up(x[2], x[1])) || (x[1].black() && body_gap_down(x[2], x[1]))),
               -x[1].color() * V(100.0));
  }
};
template <class V>
using CdlDojistar = Pattern<V, CdlDojistarRule>;

struct CdlHammerRule : Rule<2, 10, kBody10 | kRange10 | kRange5> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[2].is_short() && x[2].down() > x[2].body() && x[2].no_up() && x[2].bottom() <= x[1].l + x[1].near(),
               V(100.0));
  }
};
template <class V>
using CdlHammer = Pattern<V, CdlHammerRule>;

struct CdlHangingmanRule : Rule<2, 10, kBody10 | kRange10 | kRange5> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[2].is_short() && x[2].down() > x[2].body() && x[2].no_up() && x[2].bottom() >= x[1].h - x[1].near(),
               V(-100.0));
  }
};
template <class V>
using CdlHangingman = Pattern<V, CdlHangingmanRule>;

struct CdlInvertedhammerRule : Rule<2, 10, kBody10 | kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[2].is_short() && x[2].up() > x[2].body() && x[2].no_down() && body_gap_down(x[2], x[1]), V(100.0));
  }
};
template <class V>
using CdlInvertedhammer = Pattern<V, CdlInvertedhammerRule>;

struct CdlShootingstarRule : Rule<2, 10, kBody10 | kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[2].is_short() && x[2].up() > x[2].body() && x[2].no_down() && body_gap_up(x[2], x[1]), V(-100.0));
  }
};
template <class V>
using CdlShootingstar = Pattern<V, CdlShootingstarRule>;

struct CdlHomingpigeonRule : Rule<2, 10, kBody10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].black() && x[2].black() && x[1].is_long() && x[2].is_small() && x[2].o < x[1].o && x[2].c > x[1].c,
               V(100.0));
  }
};
template <class V>
using CdlHomingpigeon = Pattern<V, CdlHomingpigeonRule>;

struct CdlInneckRule : Rule<2, 10, kBody10 | kRange5> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].black() && x[1].is_long() && x[2].white() && x[2].o < x[1].l && x[2].c <= x[1].c + x[1].equal() &&
                   x[2].c >= x[1].c,
               V(-100.0));
  }
};
template <class V>
using CdlInneck = Pattern<V, CdlInneckRule>;

struct CdlOnneckRule : Rule<2, 10, kBody10 | kRange5> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(
        x[1].black() && x[1].is_long() && x[2].white() && x[2].o < x[1].l && abs(x[2].c - x[1].l) <= x[1].equal(),
        V(-100.0));
  }
};
template <class V>
using CdlOnneck = Pattern<V, CdlOnneckRule>;

LODE_LANES(CdlCounterattack)
LODE_LANES(CdlDarkcloudcover)
LODE_LANES(CdlDojistar)
LODE_LANES(CdlHammer)
LODE_LANES(CdlHangingman)
LODE_LANES(CdlInvertedhammer)
LODE_LANES(CdlShootingstar)
LODE_LANES(CdlHomingpigeon)
LODE_LANES(CdlInneck)
LODE_LANES(CdlOnneck)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(CdlCounterattack)
LODE_MAKE(CdlDarkcloudcover)
LODE_MAKE(CdlDojistar)
LODE_MAKE(CdlHammer)
LODE_MAKE(CdlHangingman)
LODE_MAKE(CdlInvertedhammer)
LODE_MAKE(CdlShootingstar)
LODE_MAKE(CdlHomingpigeon)
LODE_MAKE(CdlInneck)
LODE_MAKE(CdlOnneck)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_two_bars() {
  using namespace indicator;
  static const Family family = {
      make_CdlCounterattack(pattern_spec("cdlcounterattack", "two long bodies of opposite colour that close together",
                                         "opposite colours; both long; |c2-c1| <= Equal1: 100*col2")),
      make_CdlDarkcloudcover(pattern_spec("cdldarkcloudcover", "opens above a long white bar and closes deep in it",
                                          "p 0.5; 1 long white; 2 black, o2 > h1, o1 < c2 < c1 - p*body1: -100", 0.5)),
      make_CdlDojistar(pattern_spec("cdldojistar", "doji beyond a long body",
                                    "1 long; 2 doji; white 1: bgap+(2,1); black 1: bgap-(2,1): -100*col1")),
      make_CdlHammer(pattern_spec("cdlhammer", "short body over a long lower shadow, near the low before",
                                  "2: short, dn > SLong, up < SVeryShort, lo2 <= l1 + Near1: 100")),
      make_CdlHangingman(pattern_spec("cdlhangingman", "short body over a long lower shadow, near the high before",
                                      "2: short, dn > SLong, up < SVeryShort, lo2 >= h1 - Near1: -100")),
      make_CdlInvertedhammer(pattern_spec("cdlinvertedhammer",
                                          "short body under a long upper shadow, below the body before",
                                          "2: short, up > SLong, dn < SVeryShort, bgap-(2,1): 100")),
      make_CdlShootingstar(pattern_spec("cdlshootingstar",
                                        "short body under a long upper shadow, above the body before",
                                        "2: short, up > SLong, dn < SVeryShort, bgap+(2,1): -100")),
      make_CdlHomingpigeon(pattern_spec("cdlhomingpigeon", "short black body inside a long black one",
                                        "both black; 1 long; 2 body <= Short; o2 < o1, c2 > c1: 100")),
      make_CdlInneck(pattern_spec("cdlinneck", "after a long black bar, opens below and closes at its close",
                                  "1 long black; 2 white, o2 < l1, c1 <= c2 <= c1 + Equal1: -100")),
      make_CdlOnneck(pattern_spec("cdlonneck", "after a long black bar, opens below and closes at its low",
                                  "1 long black; 2 white, o2 < l1, |c2-l1| <= Equal1: -100")),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
