// Patterns of bars: what a rule may ask of a bar, and the indicator made of a rule. Long, short, near ... are compared
// with the bars before each bar, as TA-Lib's candle settings have them.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_PATTERN_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_PATTERN_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_PATTERN_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_PATTERN_INL_H_
#endif

#include <algorithm>
#include "lode/core/indicator/parts/window_fold-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// A bar with the mean ranges of the bars before it.
template <class V>
struct PatternBar {
  V o{};
  V h{};
  V l{};
  V c{};
  V body10{};    // Mean body of the 10 bars before
  V range10{};   // .. mean high less low of the 10
  V shadow10{};  // .. mean sum of both shadows of the 10
  V range5{};    // .. mean high less low of the 5.

  auto state() { return std::tie(o, h, l, c, body10, range10, shadow10, range5); }
  HWY_INLINE auto white() const { return c >= o; }
  HWY_INLINE auto black() const { return c < o; }
  HWY_INLINE V color() const { return select(c >= o, V(1.0), V(-1.0)); }
  HWY_INLINE V body() const { return abs(c - o); }
  HWY_INLINE V top() const { return select(c >= o, c, o); }
  HWY_INLINE V bottom() const { return select(c >= o, o, c); }
  HWY_INLINE V up() const { return h - top(); }
  HWY_INLINE V down() const { return bottom() - l; }
  HWY_INLINE V near() const { return V(0.2) * range5; }
  HWY_INLINE V far() const { return V(0.6) * range5; }
  HWY_INLINE V equal() const { return V(0.05) * range5; }
  HWY_INLINE V very_short() const { return V(0.1) * range10; }
  HWY_INLINE V short_shadow() const { return shadow10 / V(2.0); }
  HWY_INLINE auto is_long() const { return body() > body10; }
  HWY_INLINE auto is_short() const { return body() < body10; }
  HWY_INLINE auto is_small() const { return body() <= body10; }
  HWY_INLINE auto is_doji() const { return body() <= V(0.1) * range10; }
  HWY_INLINE auto no_up() const { return up() < very_short(); }
  HWY_INLINE auto no_down() const { return down() < very_short(); }
};

// b after a: their bodies, or all of them, leave a gap.
template <class V>
HWY_INLINE auto body_gap_up(const PatternBar<V>& b, const PatternBar<V>& a) {
  return b.bottom() > a.top();
}
template <class V>
HWY_INLINE auto body_gap_down(const PatternBar<V>& b, const PatternBar<V>& a) {
  return b.top() < a.bottom();
}
template <class V>
HWY_INLINE auto gap_up(const PatternBar<V>& b, const PatternBar<V>& a) {
  return b.l > a.h;
}
template <class V>
HWY_INLINE auto gap_down(const PatternBar<V>& b, const PatternBar<V>& a) {
  return b.h < a.l;
}

// The last five bars: x[1] .. x[bars], the oldest first.
template <class V>
class PatternBars {
 public:
  static constexpr int kMost = 5;

  PatternBars() : body10_(10), range10_(10), shadow10_(10), range5_(5) {}
  auto state() {
    return std::tie(body10_, range10_, shadow10_, range5_, next_, bars_[1], bars_[2], bars_[3], bars_[4], bars_[5]);
  }

  template <int bars>
  HWY_INLINE const PatternBar<V>* last() const {
    return &bars_[kMost - bars];
  }
  HWY_INLINE void step(const V* in) {
    for (int k = 1; k < kMost; ++k) {
      bars_[k] = bars_[k + 1];
    }
    PatternBar<V>& now = bars_[kMost];
    now = next_;  // Holds the means of what came before.
    now.o = in[0];
    now.h = in[1];
    now.l = in[2];
    now.c = in[3];
    next_.body10 = body10_.step(now.body()) / V(10.0);
    next_.range10 = range10_.step(now.h - now.l) / V(10.0);
    next_.shadow10 = shadow10_.step(now.up() + now.down()) / V(10.0);
    next_.range5 = range5_.step(now.h - now.l) / V(5.0);
  }

 private:
  WindowSum<V> body10_;
  WindowSum<V> range10_;
  WindowSum<V> shadow10_;
  WindowSum<V> range5_;
  PatternBar<V> next_;
  PatternBar<V> bars_[kMost + 1];
};

// A rule: how many bars it looks at, the longest mean it asks for, and at(x, penetration), 0 where it fails.
template <int bars, int longest_mean>
struct Rule {
  static constexpr int kBars = bars;
  static constexpr int kLookback = bars - 1 + longest_mean;
};

template <class V, class R>
struct Pattern : Shape<4, 1, Missing::kWindow> {
  PatternBars<V> bars;
  double penetration;
  explicit Pattern(const Setup& setup) : penetration(setup.values.empty() ? 0.0 : setup.number(0)) {}
  auto state() { return std::tie(bars); }
  static int lookback() { return R::kLookback; }
  HWY_INLINE void step(const V* in, V* out) {
    bars.step(in);
    out[0] = R::at(bars.template last<R::kBars>(), V(penetration));
  }
};

template <class V, class M>
HWY_INLINE V hit(M mask, V value) {
  return select(mask, value, V(0.0));
}

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_PATTERN_INL_H_
