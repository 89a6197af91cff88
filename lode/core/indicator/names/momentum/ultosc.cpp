// ultosc: buying pressure over three windows.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/ultosc.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/average-inl.h"
#include "lode/core/indicator/parts/bars-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Ultosc : Shape<3, 1, Missing::kWindow> {
  Before<V> before;
  TrueRange<V> range;
  WindowSum<V> pressure1;
  WindowSum<V> pressure2;
  WindowSum<V> pressure3;
  WindowSum<V> range1;
  WindowSum<V> range2;
  WindowSum<V> range3;

  explicit Ultosc(const Setup& setup) : Ultosc(ordered(setup)) {}
  explicit Ultosc(const std::array<int, 3>& n)
      : pressure1(n[0]), pressure2(n[1]), pressure3(n[2]), range1(n[0]), range2(n[1]), range3(n[2]) {}
  static std::array<int, 3> ordered(const Setup& setup) {
    std::array<int, 3> n = {setup.whole(0), setup.whole(1), setup.whole(2)};
    std::sort(n.begin(), n.end());
    return n;
  }
  auto state() { return std::tie(before, range, pressure1, pressure2, pressure3, range1, range2, range3); }
  int lookback() const { return range3.window(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V last = before.step(in[2]);
    const V tr = range.step(in[0], in[1], in[2]);
    const V bp = in[2] - smaller(in[1], last);
    const V sums[6] = {pressure1.step(bp), range1.step(tr),    pressure2.step(bp),
                       range2.step(tr),    pressure3.step(bp), range3.step(tr)};
    out[0] = oscillator_of(sums);
  }
  HWY_INLINE void stretch(const Call& call) {
    Column<V> tr;
    Column<V> bp;
    range.stretch(call, tr.strip());
    before.template stretch<1>(input_of(call, 2), {input_of(call, 1)}, bp.strip(), call.rows,
                               [](const auto* x) LODE_INLINED { return x[0] - smaller(x[2], x[1]); });
    std::array<Column<V>, 6> sums;
    const auto sum = [&](std::size_t k, WindowSum<V>& window)
                         LODE_INLINED { window.stretch((k % 2 == 0 ? bp : tr).strip(), sums[k].strip(), call.rows); };
    sum(0, pressure1);
    sum(1, range1);
    sum(2, pressure2);
    sum(3, range2);
    sum(4, pressure3);
    sum(5, range3);
    join<V, 6>({sums[0].strip(), sums[1].strip(), sums[2].strip(), sums[3].strip(), sums[4].strip(), sums[5].strip()},
               output_of(call, 0), call.rows, [](const auto* x) LODE_INLINED { return oscillator_of(x); });
  }

 private:
  // Of pressure and range over each window.
  template <class W>
  static HWY_INLINE W oscillator_of(const W* sums) {
    return (W(4.0) * ratio(sums[0], sums[1], W(0.0)) + W(2.0) * ratio(sums[2], sums[3], W(0.0)) +
            ratio(sums[4], sums[5], W(0.0))) *
           W(100.0 / 7.0);
  }
};

LODE_LANES(Ultosc)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Ultosc)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_ultosc() {
  using namespace indicator;
  static const Family family = {
      make_Ultosc({.name = "ultosc",
                   .aliases = {"ultimateoscillator"},
                   .family = "momentum",
                   .summary = "ultimate oscillator: buying pressure over three windows",
                   .formula = "100 (4A + 2B + C) / 7, A, B, C = sum bp / sum trange over the three, shortest first; bp "
                              "= c - min(l, c'); 0/0: 0",
                   .source = "L. Williams, Technical Analysis of Stocks & Commodities 3:4 (1985)",
                   .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                   .parameters = {{.name = "period1", .fallback = 7, .least = 1, .most = 100000},
                                  {.name = "period2", .fallback = 14, .least = 1, .most = 100000},
                                  {.name = "period3", .fallback = 28, .least = 1, .most = 100000}},
                   .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
