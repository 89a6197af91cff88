// adjratios: by what splits and dividends have divided a price since the first bar.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/price/adjratios.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/bars-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// TTR's ratios are 1 on the last bar, so that a split to come changes all before it. These are 1 on the first bar and
// look at no later one; divided by the last of them they are TTR's.
template <class V>
struct Adjratios : Shape<3, 2, Missing::kSkip> {
  V last{};  // The close before; 0 at first, where no action counts.
  V split = V(1.0);
  V dividend = V(1.0);
  bool has_begun = false;
  explicit Adjratios(const Setup&) {}
  auto state() { return std::tie(last, split, dividend, has_begun); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    if (has_begun) {
      split = select(in[0] > V(0.0), split / in[0], split);
      const V left = last - in[1];
      dividend = select(left > V(0.0), dividend * (last / left), dividend);
    }
    has_begun = true;
    last = in[2];
    out[0] = split;
    out[1] = dividend;
  }
};

LODE_LANES(Adjratios)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Adjratios)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_adjratios() {
  using namespace indicator;
  static const Family family = {
      make_Adjratios(
          {.name = "adjratios",
           .family = "price",
           .summary = "what splits and dividends have divided a price by since the first bar",
           .formula = "split = split' / s, s: 0.5 for two new shares for one, 1 for none; div = div' c' / (c' - d), d: "
                      "the dividend, 0 for none; both 1 on the first bar; s not above 0, or d not below c': none. c "
                      "split div goes on without the steps; divided by its value on the last bar a ratio is TTR's",
           .source = "J. Ulrich, TTR 0.24, turned round: no bar is changed by a later one",
           .inputs = {Input::kSplit, Input::kDividend, Input::kClose},
           .outputs = {{.name = "split"}, {.name = "div"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
