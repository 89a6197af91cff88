// linearreg and its slope, angle, intercept, and tsf: the line of least squares through the last n values.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/statistic/linearreg.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/angle-inl.h"
#include "lode/core/indicator/parts/window_line-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Linearreg : Shape<1, 1, Missing::kWindow> {
  int n;
  WindowLine<V> line;
  explicit Linearreg(const Setup& setup) : n(setup.whole(0)), line(n) {}
  auto state() { return std::tie(line); }
  int lookback() const { return n - 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = value_of(line.step(in[0])); }
  HWY_INLINE void stretch(const Call& call) {
    line.stretch(input_of(call, 0), output_of(call, 0), call.rows,
                 [this](const auto& fit) LODE_INLINED { return value_of(fit); });
  }

 private:
  template <class W>
  HWY_INLINE W value_of(const Line<W>& fit) const {
    return fit.mean + fit.slope * W((n - 1) * 0.5);
  }
};

template <class V>
struct LinearregSlope : Shape<1, 1, Missing::kWindow> {
  int n;
  WindowLine<V> line;
  explicit LinearregSlope(const Setup& setup) : n(setup.whole(0)), line(n) {}
  auto state() { return std::tie(line); }
  int lookback() const { return n - 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = value_of(line.step(in[0])); }
  HWY_INLINE void stretch(const Call& call) {
    line.stretch(input_of(call, 0), output_of(call, 0), call.rows,
                 [this](const auto& fit) LODE_INLINED { return value_of(fit); });
  }

 private:
  template <class W>
  HWY_INLINE W value_of(const Line<W>& fit) const {
    return fit.slope;
  }
};

template <class V>
struct LinearregAngle : Shape<1, 1, Missing::kWindow> {
  int n;
  WindowLine<V> line;
  explicit LinearregAngle(const Setup& setup) : n(setup.whole(0)), line(n) {}
  auto state() { return std::tie(line); }
  int lookback() const { return n - 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = value_of(line.step(in[0])); }
  HWY_INLINE void stretch(const Call& call) {
    line.stretch(input_of(call, 0), output_of(call, 0), call.rows,
                 [this](const auto& fit) LODE_INLINED { return value_of(fit); });
  }

 private:
  template <class W>
  HWY_INLINE W value_of(const Line<W>& fit) const {
    return degrees_of_slope(fit.slope, W(1.0));
  }
};

template <class V>
struct LinearregIntercept : Shape<1, 1, Missing::kWindow> {
  int n;
  WindowLine<V> line;
  explicit LinearregIntercept(const Setup& setup) : n(setup.whole(0)), line(n) {}
  auto state() { return std::tie(line); }
  int lookback() const { return n - 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = value_of(line.step(in[0])); }
  HWY_INLINE void stretch(const Call& call) {
    line.stretch(input_of(call, 0), output_of(call, 0), call.rows,
                 [this](const auto& fit) LODE_INLINED { return value_of(fit); });
  }

 private:
  template <class W>
  HWY_INLINE W value_of(const Line<W>& fit) const {
    return fit.mean - fit.slope * W((n - 1) * 0.5);
  }
};

template <class V>
struct Tsf : Shape<1, 1, Missing::kWindow> {
  int n;
  WindowLine<V> line;
  explicit Tsf(const Setup& setup) : n(setup.whole(0)), line(n) {}
  auto state() { return std::tie(line); }
  int lookback() const { return n - 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = value_of(line.step(in[0])); }
  HWY_INLINE void stretch(const Call& call) {
    line.stretch(input_of(call, 0), output_of(call, 0), call.rows,
                 [this](const auto& fit) LODE_INLINED { return value_of(fit); });
  }

 private:
  template <class W>
  HWY_INLINE W value_of(const Line<W>& fit) const {
    return fit.mean + fit.slope * W((n + 1) * 0.5);
  }
};

LODE_LANES(Linearreg)
LODE_LANES(LinearregSlope)
LODE_LANES(LinearregAngle)
LODE_LANES(LinearregIntercept)
LODE_LANES(Tsf)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Linearreg)
LODE_MAKE(LinearregSlope)
LODE_MAKE(LinearregAngle)
LODE_MAKE(LinearregIntercept)
LODE_MAKE(Tsf)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_linearreg() {
  using namespace indicator;
  static const Family family = {
      make_Linearreg({.name = "linearreg",
                      .aliases = {"linreg"},
                      .family = "statistic",
                      .summary = "value of the least-squares line at the last of n bars",
                      .formula = "a + b (n - 1), a + b k fitted to k = 0 .. n - 1",
                      .source = "TA-Lib 0.6.4",
                      .inputs = {Input::kReal},
                      .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
                      .outputs = {{.name = "real"}}}),
      make_LinearregSlope({.name = "linearreg_slope",
                           .aliases = {"linregslope"},
                           .family = "statistic",
                           .summary = "slope of the least-squares line through n bars",
                           .formula = "b",
                           .source = "TA-Lib 0.6.4",
                           .inputs = {Input::kReal},
                           .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
                           .outputs = {{.name = "real"}}}),
      make_LinearregAngle({.name = "linearreg_angle",
                           .family = "statistic",
                           .summary = "angle of the least-squares line in degrees",
                           .formula = "atan(b)",
                           .source = "TA-Lib 0.6.4",
                           .inputs = {Input::kReal},
                           .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
                           .outputs = {{.name = "real"}}}),
      make_LinearregIntercept({.name = "linearreg_intercept",
                               .aliases = {"linregintercept"},
                               .family = "statistic",
                               .summary = "value of the least-squares line at the first of n bars",
                               .formula = "a",
                               .source = "TA-Lib 0.6.4",
                               .inputs = {Input::kReal},
                               .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
                               .outputs = {{.name = "real"}}}),
      make_Tsf({.name = "tsf",
                .family = "statistic",
                .summary = "time series forecast: the least-squares line one bar on",
                .formula = "a + b n",
                .source = "TA-Lib 0.6.4",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
                .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
