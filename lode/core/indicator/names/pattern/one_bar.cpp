// Patterns of one bar. Bars are numbered from the oldest, x[1].
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/pattern/one_bar.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/pattern-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

struct CdlDojiRule : Rule<1, 10, kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].is_doji(), V(100.0));
  }
};
template <class V>
using CdlDoji = Pattern<V, CdlDojiRule>;

struct CdlBeltholdRule : Rule<1, 10, kBody10 | kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].is_long() && ((x[1].white() && x[1].no_down()) || (x[1].black() && x[1].no_up())),
               x[1].color() * V(100.0));
  }
};
template <class V>
using CdlBelthold = Pattern<V, CdlBeltholdRule>;

struct CdlClosingmarubozuRule : Rule<1, 10, kBody10 | kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].is_long() && ((x[1].white() && x[1].no_up()) || (x[1].black() && x[1].no_down())),
               x[1].color() * V(100.0));
  }
};
template <class V>
using CdlClosingmarubozu = Pattern<V, CdlClosingmarubozuRule>;

struct CdlDragonflydojiRule : Rule<1, 10, kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].is_doji() && x[1].no_up() && x[1].down() > x[1].very_short(), V(100.0));
  }
};
template <class V>
using CdlDragonflydoji = Pattern<V, CdlDragonflydojiRule>;

struct CdlGravestonedojiRule : Rule<1, 10, kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].is_doji() && x[1].no_down() && x[1].up() > x[1].very_short(), V(100.0));
  }
};
template <class V>
using CdlGravestonedoji = Pattern<V, CdlGravestonedojiRule>;

struct CdlHighwaveRule : Rule<1, 10, kBody10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].is_short() && x[1].up() > V(2.0) * x[1].body() && x[1].down() > V(2.0) * x[1].body(),
               x[1].color() * V(100.0));
  }
};
template <class V>
using CdlHighwave = Pattern<V, CdlHighwaveRule>;

struct CdlLongleggeddojiRule : Rule<1, 10, kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].is_doji() && (x[1].down() > x[1].body() || x[1].up() > x[1].body()), V(100.0));
  }
};
template <class V>
using CdlLongleggeddoji = Pattern<V, CdlLongleggeddojiRule>;

struct CdlLonglineRule : Rule<1, 10, kBody10 | kShadow10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].is_long() && x[1].up() < x[1].short_shadow() && x[1].down() < x[1].short_shadow(),
               x[1].color() * V(100.0));
  }
};
template <class V>
using CdlLongline = Pattern<V, CdlLonglineRule>;

struct CdlMarubozuRule : Rule<1, 10, kBody10 | kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].is_long() && x[1].no_up() && x[1].no_down(), x[1].color() * V(100.0));
  }
};
template <class V>
using CdlMarubozu = Pattern<V, CdlMarubozuRule>;

struct CdlRickshawmanRule : Rule<1, 10, kRange10 | kRange5> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].is_doji() && x[1].down() > x[1].body() && x[1].up() > x[1].body() &&
                   x[1].bottom() <= x[1].l + (x[1].h - x[1].l) / V(2.0) + x[1].near() &&
                   x[1].top() >= x[1].l + (x[1].h - x[1].l) / V(2.0) - x[1].near(),
               V(100.0));
  }
};
template <class V>
using CdlRickshawman = Pattern<V, CdlRickshawmanRule>;

struct CdlShortlineRule : Rule<1, 10, kBody10 | kShadow10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].is_short() && x[1].up() < x[1].short_shadow() && x[1].down() < x[1].short_shadow(),
               x[1].color() * V(100.0));
  }
};
template <class V>
using CdlShortline = Pattern<V, CdlShortlineRule>;

struct CdlSpinningtopRule : Rule<1, 10, kBody10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].is_short() && x[1].up() > x[1].body() && x[1].down() > x[1].body(), x[1].color() * V(100.0));
  }
};
template <class V>
using CdlSpinningtop = Pattern<V, CdlSpinningtopRule>;

struct CdlTakuriRule : Rule<1, 10, kRange10> {
  template <class V, class Bar>
  static HWY_INLINE V at(const Bar* x, V /*penetration*/) {
    return hit(x[1].is_doji() && x[1].no_up() && x[1].down() > V(2.0) * x[1].body(), V(100.0));
  }
};
template <class V>
using CdlTakuri = Pattern<V, CdlTakuriRule>;

LODE_LANES(CdlDoji)
LODE_LANES(CdlBelthold)
LODE_LANES(CdlClosingmarubozu)
LODE_LANES(CdlDragonflydoji)
LODE_LANES(CdlGravestonedoji)
LODE_LANES(CdlHighwave)
LODE_LANES(CdlLongleggeddoji)
LODE_LANES(CdlLongline)
LODE_LANES(CdlMarubozu)
LODE_LANES(CdlRickshawman)
LODE_LANES(CdlShortline)
LODE_LANES(CdlSpinningtop)
LODE_LANES(CdlTakuri)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(CdlDoji)
LODE_MAKE(CdlBelthold)
LODE_MAKE(CdlClosingmarubozu)
LODE_MAKE(CdlDragonflydoji)
LODE_MAKE(CdlGravestonedoji)
LODE_MAKE(CdlHighwave)
LODE_MAKE(CdlLongleggeddoji)
LODE_MAKE(CdlLongline)
LODE_MAKE(CdlMarubozu)
LODE_MAKE(CdlRickshawman)
LODE_MAKE(CdlShortline)
LODE_MAKE(CdlSpinningtop)
LODE_MAKE(CdlTakuri)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_one_bar() {
  using namespace indicator;
  static const Family family = {
      make_CdlDoji(pattern_spec("cdldoji", "opened and closed at nearly one price", "doji: 100")),
      make_CdlBelthold(pattern_spec("cdlbelthold", "long body that begins at the end of the bar",
                                    "long; white: dn < SVeryShort; black: up < SVeryShort: 100*col")),
      make_CdlClosingmarubozu(pattern_spec("cdlclosingmarubozu", "long body that closes at the end of the bar",
                                           "long; white: up < SVeryShort; black: dn < SVeryShort: 100*col")),
      make_CdlDragonflydoji(pattern_spec("cdldragonflydoji", "doji at the high of its bar",
                                         "doji; up < SVeryShort; dn > SVeryShort: 100")),
      make_CdlGravestonedoji(pattern_spec("cdlgravestonedoji", "doji at the low of its bar",
                                          "doji; dn < SVeryShort; up > SVeryShort: 100")),
      make_CdlHighwave(pattern_spec("cdlhighwave", "short body between very long shadows",
                                    "short; up > SVeryLong; dn > SVeryLong: 100*col")),
      make_CdlLongleggeddoji(
          pattern_spec("cdllongleggeddoji", "doji with a long shadow", "doji; dn > SLong or up > SLong: 100")),
      make_CdlLongline(
          pattern_spec("cdllongline", "long body between short shadows", "long; up < SShort; dn < SShort: 100*col")),
      make_CdlMarubozu(
          pattern_spec("cdlmarubozu", "long body without shadows", "long; up < SVeryShort; dn < SVeryShort: 100*col")),
      make_CdlRickshawman(
          pattern_spec("cdlrickshawman", "doji in the middle between long shadows",
                       "doji; dn > SLong; up > SLong; lo <= l + (h-l)/2 + Near and hi >= l + (h-l)/2 - Near: 100")),
      make_CdlShortline(
          pattern_spec("cdlshortline", "short body between short shadows", "short; up < SShort; dn < SShort: 100*col")),
      make_CdlSpinningtop(
          pattern_spec("cdlspinningtop", "short body between longer shadows", "short; up > body; dn > body: 100*col")),
      make_CdlTakuri(pattern_spec("cdltakuri", "dragonfly doji with a very long lower shadow",
                                  "doji; up < SVeryShort; dn > SVeryLong: 100")),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
