// What a pattern's rule may ask of a bar. Long, short, near ... are compared with the bars before it, as TA-Lib's
// candle settings have them.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_PATTERN_BAR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_PATTERN_BAR_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_PATTERN_BAR_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_PATTERN_BAR_INL_H_
#endif

#include <bit>
#include <tuple>
#include "lode/core/indicator/parts/shared_column-inl.h"
#include "lode/core/indicator/parts/window_fold-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// The means a rule compares with; a machine keeps no others.
inline constexpr unsigned kBody10 = 1;    // Mean body of the 10 bars before
inline constexpr unsigned kRange10 = 2;   // .. mean high less low of the 10
inline constexpr unsigned kShadow10 = 4;  // .. mean sum of both shadows of the 10
inline constexpr unsigned kRange5 = 8;    // .. mean high less low of the 5.

constexpr int bars_of(unsigned mean) { return mean == kRange5 ? 5 : 10; }
// What a mean is made of.
template <unsigned mean, class Bar>
HWY_INLINE auto value_of(const Bar& bar) {
  if constexpr (mean == kBody10) {
    return bar.body();
  } else if constexpr (mean == kShadow10) {
    return bar.up() + bar.down();
  } else {
    return bar.h - bar.l;
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
  // Its numbers are counted: four prices, then the means it has.
  static constexpr int kFields = 4 + std::popcount(means);
  static constexpr std::size_t place_of(unsigned mean) { return 4 + std::popcount(means & (mean - 1)); }
  // f(place, number) of each.
  template <class F>
  HWY_INLINE void each_field(F f) {
    f(0, o);
    f(1, h);
    f(2, l);
    f(3, c);
    if constexpr ((means & kBody10) != 0) {
      f(place_of(kBody10), body10);
    }
    if constexpr ((means & kRange10) != 0) {
      f(place_of(kRange10), range10);
    }
    if constexpr ((means & kShadow10) != 0) {
      f(place_of(kShadow10), shadow10);
    }
    if constexpr ((means & kRange5) != 0) {
      f(place_of(kRange5), range5);
    }
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

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_PATTERN_BAR_INL_H_
