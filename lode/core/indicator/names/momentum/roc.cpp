// mom, roc, rocp, rocr, rocr100: the change over n bars.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/roc.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/bars-inl.h"
#include "lode/core/indicator/parts/elementary-inl.h"
#include "lode/core/indicator/parts/pointwise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// f(x, x n bars ago).
template <class V, class F>
struct Change : Shape<1, 1, Missing::kPoint> {
  int n;
  F f;
  Lag<V> before;
  explicit Change(const Setup& setup) : n(setup.whole(0)), f(setup), before(n) {}
  auto state() { return std::tie(before); }
  int lookback() const { return n; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = f(in[0], before.step(in[0])); }
};

struct Difference {
  explicit Difference(const Setup&) {}
  template <class V>
  HWY_INLINE V operator()(V x, V y) const {
    return x - y;
  }
};
template <class V>
using Mom = Change<V, Difference>;

struct PercentChange {
  bool is_log;
  double scale;
  explicit PercentChange(const Setup& setup)
      : is_log(setup.profile == Profile::kTtr), scale(setup.profile == Profile::kTulip ? 1.0 : 100.0) {}
  template <class V>
  HWY_INLINE V operator()(V x, V y) const {
    if (is_log) {
      return log(x / y);
    }
    return select(y == V(0.0), x * V(0.0), (x / y - V(1.0)) * V(scale)) + V(0.0);  // 0, not -0, of a fall from 0.
  }
};
template <class V>
using Roc = Change<V, PercentChange>;

struct FractionChange {
  explicit FractionChange(const Setup&) {}
  template <class V>
  HWY_INLINE V operator()(V x, V y) const {
    return select(y == V(0.0), x * V(0.0), (x - y) / y) + V(0.0);
  }
};
template <class V>
using Rocp = Change<V, FractionChange>;

struct RatioChange {
  explicit RatioChange(const Setup&) {}
  template <class V>
  HWY_INLINE V operator()(V x, V y) const {
    return select(y == V(0.0), x * V(0.0), x / y) + V(0.0);
  }
};
template <class V>
using Rocr = Change<V, RatioChange>;

struct PercentRatio {
  explicit PercentRatio(const Setup&) {}
  template <class V>
  HWY_INLINE V operator()(V x, V y) const {
    return select(y == V(0.0), x * V(0.0), x / y * V(100.0)) + V(0.0);
  }
};
template <class V>
using Rocr100 = Change<V, PercentRatio>;

LODE_LAGGED(Mom)
LODE_LAGGED(Roc)
LODE_LAGGED(Rocp)
LODE_LAGGED(Rocr)
LODE_LAGGED(Rocr100)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Mom)
LODE_MAKE(Roc)
LODE_MAKE(Rocp)
LODE_MAKE(Rocr)
LODE_MAKE(Rocr100)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_roc() {
  using namespace indicator;
  static const Family family = {
      make_Mom({.name = "mom",
                .aliases = {"momentum"},
                .family = "momentum",
                .summary = "change over n bars",
                .formula = "x - x(n)",
                .source = "TA-Lib 0.6.4",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 10, .least = 1, .most = 100000}},
                .outputs = {{.name = "real"}},
                .defaults = {{Profile::kTtr, "period", 1}}}),
      make_Roc({.name = "roc",
                .family = "momentum",
                .summary = "change over n bars in percent",
                .formula = "100 (x / x(n) - 1); x(n) = 0: 0",
                .source = "TA-Lib 0.6.4",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 10, .least = 1, .most = 100000}},
                .outputs = {{.name = "real"}},
                .defaults = {{Profile::kTtr, "period", 1}}}),
      make_Rocp({.name = "rocp",
                 .family = "momentum",
                 .summary = "change over n bars as a fraction",
                 .formula = "(x - x(n)) / x(n); x(n) = 0: 0",
                 .source = "TA-Lib 0.6.4",
                 .inputs = {Input::kReal},
                 .parameters = {{.name = "period", .fallback = 10, .least = 1, .most = 100000}},
                 .outputs = {{.name = "real"}}}),
      make_Rocr({.name = "rocr",
                 .family = "momentum",
                 .summary = "ratio to the value n bars ago",
                 .formula = "x / x(n); x(n) = 0: 0",
                 .source = "TA-Lib 0.6.4",
                 .inputs = {Input::kReal},
                 .parameters = {{.name = "period", .fallback = 10, .least = 1, .most = 100000}},
                 .outputs = {{.name = "real"}}}),
      make_Rocr100({.name = "rocr100",
                    .family = "momentum",
                    .summary = "ratio to the value n bars ago, times 100",
                    .formula = "100 x / x(n); x(n) = 0: 0",
                    .source = "TA-Lib 0.6.4",
                    .inputs = {Input::kReal},
                    .parameters = {{.name = "period", .fallback = 10, .least = 1, .most = 100000}},
                    .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
