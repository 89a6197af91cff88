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
#include <array>
#include <tuple>
#include <type_traits>
#include "lode/core/indicator/parts/window_fold-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// The means a rule compares with; a machine keeps no others.
inline constexpr unsigned kBody10 = 1;    // Mean body of the 10 bars before
inline constexpr unsigned kRange10 = 2;   // .. mean high less low of the 10
inline constexpr unsigned kShadow10 = 4;  // .. mean sum of both shadows of the 10
inline constexpr unsigned kRange5 = 8;    // .. mean high less low of the 5.

// In the place of what a machine does not keep.
struct Nothing {
  Nothing() = default;
  explicit Nothing(int) {}
};
template <bool is_kept, class T>
using Kept = std::conditional_t<is_kept, T, Nothing>;
template <class T>
HWY_INLINE auto kept(T& part) {
  if constexpr (std::is_same_v<T, Nothing>) {
    return std::tuple<>();
  } else {
    return std::tie(part);
  }
}

// A bar with the means of the bars before it.
template <class V, unsigned means>
struct PatternBar {
  V o{};
  V h{};
  V l{};
  V c{};
  [[no_unique_address]] Kept<(means & kBody10) != 0, V> body10{};
  [[no_unique_address]] Kept<(means & kRange10) != 0, V> range10{};
  [[no_unique_address]] Kept<(means & kShadow10) != 0, V> shadow10{};
  [[no_unique_address]] Kept<(means & kRange5) != 0, V> range5{};

  auto state() {
    return std::tuple_cat(std::tie(o, h, l, c), kept(body10), kept(range10), kept(shadow10), kept(range5));
  }
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
template <class Bar>
HWY_INLINE auto body_gap_up(const Bar& b, const Bar& a) {
  return b.bottom() > a.top();
}
template <class Bar>
HWY_INLINE auto body_gap_down(const Bar& b, const Bar& a) {
  return b.top() < a.bottom();
}
template <class Bar>
HWY_INLINE auto gap_up(const Bar& b, const Bar& a) {
  return b.l > a.h;
}
template <class Bar>
HWY_INLINE auto gap_down(const Bar& b, const Bar& a) {
  return b.h < a.l;
}

// The last bars: last()[1] .. last()[bars], the oldest first.
template <class V, int bars, unsigned means>
class PatternBars {
 public:
  PatternBars() : body10_(10), range10_(10), shadow10_(10), range5_(5) {}
  auto state() {
    return std::tuple_cat(kept(body10_), kept(range10_), kept(shadow10_), kept(range5_), std::tie(next_, bars_));
  }

  HWY_INLINE const PatternBar<V, means>* last() const { return bars_.data(); }
  HWY_INLINE void step(const V* in) {
    for (std::size_t k = 1; k < bars; ++k) {
      bars_[k] = bars_[k + 1];
    }
    PatternBar<V, means>& now = bars_[bars];
    now = next_;  // Holds the means of what came before.
    now.o = in[0];
    now.h = in[1];
    now.l = in[2];
    now.c = in[3];
    if constexpr ((means & kBody10) != 0) {
      next_.body10 = body10_.step(now.body()) / V(10.0);
    }
    if constexpr ((means & kRange10) != 0) {
      next_.range10 = range10_.step(now.h - now.l) / V(10.0);
    }
    if constexpr ((means & kShadow10) != 0) {
      next_.shadow10 = shadow10_.step(now.up() + now.down()) / V(10.0);
    }
    if constexpr ((means & kRange5) != 0) {
      next_.range5 = range5_.step(now.h - now.l) / V(5.0);
    }
  }

 private:
  [[no_unique_address]] Kept<(means & kBody10) != 0, WindowSum<V>> body10_;
  [[no_unique_address]] Kept<(means & kRange10) != 0, WindowSum<V>> range10_;
  [[no_unique_address]] Kept<(means & kShadow10) != 0, WindowSum<V>> shadow10_;
  [[no_unique_address]] Kept<(means & kRange5) != 0, WindowSum<V>> range5_;
  PatternBar<V, means> next_;
  std::array<PatternBar<V, means>, bars + 1> bars_;  // From 1 on.
};

// A rule: how many bars it looks at, the longest mean it asks for, which means (an unnamed one does not compile), and
// at(x, penetration), 0 where it fails; x[1] .. x[bars] are its bars.
template <int bars, int longest_mean, unsigned means>
struct Rule {
  static constexpr int kBars = bars;
  static constexpr int kLookback = bars - 1 + longest_mean;
  static constexpr unsigned kMeans = means;
};

template <class V, class R>
struct Pattern : Shape<4, 1, Missing::kWindow> {
  PatternBars<V, R::kBars, R::kMeans> bars;
  double penetration;
  explicit Pattern(const Setup& setup) : penetration(setup.values.empty() ? 0.0 : setup.number(0)) {}
  auto state() { return std::tie(bars); }
  static int lookback() { return R::kLookback; }
  HWY_INLINE void step(const V* in, V* out) {
    bars.step(in);
    out[0] = R::at(bars.last(), V(penetration));
  }
};

template <class V, class M>
HWY_INLINE V hit(M mask, V value) {
  return select(mask, value, V(0.0));
}

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_PATTERN_INL_H_
