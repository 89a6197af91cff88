// Patterns of bars: what rules ask of two bars, and the indicator made of a rule.
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
#include "lode/core/indicator/parts/pattern_columns-inl.h"
#include "lode/core/indicator/parts/pattern_shared-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

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
  PatternBars()
      : body10_(bars_of(kBody10)),
        range10_(bars_of(kRange10)),
        shadow10_(bars_of(kShadow10)),
        range5_(bars_of(kRange5)) {}
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
      next_.body10 = body10_.step(value_of<kBody10>(now)) / V(10.0);
    }
    if constexpr ((means & kRange10) != 0) {
      next_.range10 = range10_.step(value_of<kRange10>(now)) / V(10.0);
    }
    if constexpr ((means & kShadow10) != 0) {
      next_.shadow10 = shadow10_.step(value_of<kShadow10>(now)) / V(10.0);
    }
    if constexpr ((means & kRange5) != 0) {
      next_.range5 = range5_.step(value_of<kRange5>(now)) / V(5.0);
    }
  }

  // Many steps at once, with judge(x) of each bar as the call's output.
  template <class Judge>
  HWY_INLINE void stretch(const Call& call, Judge judge) {
    PatternColumns<V, bars, means> columns(call.rows);
    for (std::size_t k = 2; k <= bars; ++k) {
      columns.set(k - 2, bars_[k]);
    }
    columns.set(bars - 1, next_);
    columns.read(call);
    if constexpr ((means & kBody10) != 0) {
      columns.template average<kBody10>(body10_);
    }
    if constexpr ((means & kRange10) != 0) {
      columns.template average<kRange10>(range10_);
    }
    if constexpr ((means & kShadow10) != 0) {
      columns.template average<kShadow10>(shadow10_);
    }
    if constexpr ((means & kRange5) != 0) {
      columns.template average<kRange5>(range5_);
    }
    columns.judge(call, judge);
    for (std::size_t k = 1; k <= bars; ++k) {
      bars_[k] = columns.get(call.rows + k - 2);
    }
    next_ = columns.get(call.rows + bars - 1);
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
  [[no_unique_address]] Own<V, PatternBars<V, R::kBars, R::kMeans>> bars;
  double penetration;
  explicit Pattern(const Setup& setup) : penetration(setup.values.empty() ? 0.0 : setup.number(0)) {}
  auto state() { return std::tie(bars); }
  static int lookback() { return R::kLookback; }
  HWY_INLINE void step(const V* in, V* out) {
    bars.step(in);
    out[0] = R::at(bars.last(), V(penetration));
  }
  HWY_INLINE void stretch(const Call& call) {
    bars.stretch(call, [this](const auto* x) LODE_INLINED { return R::at(x, Register(penetration)); });
  }
  HWY_INLINE void follow(const Call& call) {
    follow_bars<R::kBars, R::kMeans, V>(call,
                                        [this](const auto* x) LODE_INLINED { return R::at(x, Register(penetration)); });
  }
};

template <class V, class M>
HWY_INLINE V hit(M mask, V value) {
  return select(mask, value, V(0.0));
}

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_PATTERN_INL_H_
