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

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Mom : Shape<1, 1, Missing::kPoint> {
  int n;
  Lag<V> before;
  explicit Mom(const Setup& setup) : n(setup.whole(0)), before(n) {}
  auto state() { return std::tie(before); }
  int lookback() const { return n; }
  HWY_INLINE void step(const V* in, V* out) {
    const V y = before.step(in[0]);
    out[0] = in[0] - y;
  }
};

template <class V>
struct Roc : Shape<1, 1, Missing::kPoint> {
  int n;
  bool is_log;
  double scale;
  Lag<V> before;
  explicit Roc(const Setup& setup)
      : n(setup.whole(0)),
        is_log(setup.profile == Profile::kTtr),
        scale(setup.profile == Profile::kTulip ? 1.0 : 100.0),
        before(n) {}
  auto state() { return std::tie(before); }
  int lookback() const { return n; }
  HWY_INLINE void step(const V* in, V* out) {
    const V y = before.step(in[0]);
    if (is_log) {
      out[0] = log(in[0] / y);
    } else {
      out[0] = select(y == V(0.0), in[0] * V(0.0), (in[0] / y - V(1.0)) * V(scale));
    }
  }
};

template <class V>
struct Rocp : Shape<1, 1, Missing::kPoint> {
  int n;
  Lag<V> before;
  explicit Rocp(const Setup& setup) : n(setup.whole(0)), before(n) {}
  auto state() { return std::tie(before); }
  int lookback() const { return n; }
  HWY_INLINE void step(const V* in, V* out) {
    const V y = before.step(in[0]);
    out[0] = select(y == V(0.0), in[0] * V(0.0), (in[0] - y) / y);
  }
};

template <class V>
struct Rocr : Shape<1, 1, Missing::kPoint> {
  int n;
  Lag<V> before;
  explicit Rocr(const Setup& setup) : n(setup.whole(0)), before(n) {}
  auto state() { return std::tie(before); }
  int lookback() const { return n; }
  HWY_INLINE void step(const V* in, V* out) {
    const V y = before.step(in[0]);
    out[0] = select(y == V(0.0), in[0] * V(0.0), in[0] / y);
  }
};

template <class V>
struct Rocr100 : Shape<1, 1, Missing::kPoint> {
  int n;
  Lag<V> before;
  explicit Rocr100(const Setup& setup) : n(setup.whole(0)), before(n) {}
  auto state() { return std::tie(before); }
  int lookback() const { return n; }
  HWY_INLINE void step(const V* in, V* out) {
    const V y = before.step(in[0]);
    out[0] = select(y == V(0.0), in[0] * V(0.0), in[0] / y * V(100.0));
  }
};

LODE_LANES(Mom)
LODE_LANES(Roc)
LODE_LANES(Rocp)
LODE_LANES(Rocr)
LODE_LANES(Rocr100)

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
