// maxindex, minindex, minmaxindex: where the extremes of the last n values stand.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/math/extreme_index.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/window_place-inl.h"
#include "lode/core/indicator/parts/window_rescan-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// Of equal extremes the newest; under TA-Lib's profiles the one its scan comes upon.
template <class V, bool highest>
class ExtremePlace {
 public:
  explicit ExtremePlace(const Setup& setup)
      : is_talib_(setup.profile != Profile::kLode),
        is_absolute_(setup.whole(1) == 1),
        newest_(is_talib_ ? 1 : setup.whole(0)),
        scanned_(is_talib_ ? setup.whole(0) : 1) {}
  auto state() { return std::tie(newest_, scanned_); }
  HWY_INLINE V step(V x) {
    if (is_talib_) {
      scanned_.step(x);
      return is_absolute_ ? scanned_.place() : scanned_.bars_ago();
    }
    newest_.step(x);
    return is_absolute_ ? newest_.place() : newest_.bars_ago();
  }
  HWY_INLINE void stretch(Strip<const double> from, Strip<double> to, std::size_t rows) {
    const auto answer = [is_absolute = is_absolute_](auto place, auto now)
                            LODE_INLINED { return is_absolute ? place : now - place; };
    if (is_talib_) {
      scanned_.stretch(from, to, rows, answer);
    } else {
      newest_.stretch(from, to, rows, answer);
    }
  }

 private:
  bool is_talib_;
  bool is_absolute_;
  WindowPlace<V, highest> newest_;
  WindowRescan<V, highest> scanned_;
};

template <class V>
struct Maxindex : Shape<1, 1, Missing::kWindow> {
  int n;
  ExtremePlace<V, true> highest;
  bool is_talib;
  explicit Maxindex(const Setup& setup)
      : n(setup.whole(0)), highest(setup), is_talib(setup.profile != Profile::kLode) {}
  auto state() { return std::tie(highest); }
  int lookback() const { return n - 1; }
  // What the scan comes upon depends on what it came upon before.
  Missing missing() const { return is_talib ? Missing::kSkip : Missing::kWindow; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = highest.step(in[0]); }
  HWY_INLINE void stretch(const Call& call) { highest.stretch(input_of(call, 0), output_of(call, 0), call.rows); }
};

template <class V>
struct Minindex : Shape<1, 1, Missing::kWindow> {
  int n;
  ExtremePlace<V, false> lowest;
  bool is_talib;
  explicit Minindex(const Setup& setup) : n(setup.whole(0)), lowest(setup), is_talib(setup.profile != Profile::kLode) {}
  auto state() { return std::tie(lowest); }
  int lookback() const { return n - 1; }
  // What the scan comes upon depends on what it came upon before.
  Missing missing() const { return is_talib ? Missing::kSkip : Missing::kWindow; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = lowest.step(in[0]); }
  HWY_INLINE void stretch(const Call& call) { lowest.stretch(input_of(call, 0), output_of(call, 0), call.rows); }
};

template <class V>
struct Minmaxindex : Shape<1, 2, Missing::kWindow> {
  int n;
  ExtremePlace<V, false> lowest;
  ExtremePlace<V, true> highest;
  bool is_talib;
  explicit Minmaxindex(const Setup& setup)
      : n(setup.whole(0)), lowest(setup), highest(setup), is_talib(setup.profile != Profile::kLode) {}
  auto state() { return std::tie(lowest, highest); }
  int lookback() const { return n - 1; }
  // What the scan comes upon depends on what it came upon before.
  Missing missing() const { return is_talib ? Missing::kSkip : Missing::kWindow; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = lowest.step(in[0]);
    out[1] = highest.step(in[0]);
  }
  HWY_INLINE void stretch(const Call& call) {
    lowest.stretch(input_of(call, 0), output_of(call, 0), call.rows);
    highest.stretch(input_of(call, 0), output_of(call, 1), call.rows);
  }
};

LODE_LANES(Maxindex)
LODE_LANES(Minindex)
LODE_LANES(Minmaxindex)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Maxindex)
LODE_MAKE(Minindex)
LODE_MAKE(Minmaxindex)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_extreme_index() {
  using namespace indicator;
  static const Family family = {
      make_Maxindex({.name = "maxindex",
                     .family = "math",
                     .summary = "bars since the highest of the last n values",
                     .formula = "bars ago, 0 = today; absolute = 1: its place from the first bar; the newest of equals",
                     .source = "TA-Lib 0.6.4",
                     .inputs = {Input::kReal},
                     .parameters = {{.name = "period", .fallback = 30, .least = 2, .most = 100000},
                                    {.name = "absolute", .fallback = 0, .least = 0, .most = 1}},
                     .outputs = {{.name = "bars_ago", .whole = true}},
                     .defaults = {{Profile::kTalib064, "absolute", 1}, {Profile::kTalib08, "absolute", 1}}}),
      make_Minindex({.name = "minindex",
                     .family = "math",
                     .summary = "bars since the lowest of the last n values",
                     .formula = "bars ago, 0 = today; absolute = 1: its place from the first bar; the newest of equals",
                     .source = "TA-Lib 0.6.4",
                     .inputs = {Input::kReal},
                     .parameters = {{.name = "period", .fallback = 30, .least = 2, .most = 100000},
                                    {.name = "absolute", .fallback = 0, .least = 0, .most = 1}},
                     .outputs = {{.name = "bars_ago", .whole = true}},
                     .defaults = {{Profile::kTalib064, "absolute", 1}, {Profile::kTalib08, "absolute", 1}}}),
      make_Minmaxindex({.name = "minmaxindex",
                        .family = "math",
                        .summary = "bars since the lowest and the highest of the last n values",
                        .formula = "as minindex and maxindex",
                        .source = "TA-Lib 0.6.4",
                        .inputs = {Input::kReal},
                        .parameters = {{.name = "period", .fallback = 30, .least = 2, .most = 100000},
                                       {.name = "absolute", .fallback = 0, .least = 0, .most = 1}},
                        .outputs = {{.name = "min_bars_ago", .whole = true}, {.name = "max_bars_ago", .whole = true}},
                        .defaults = {{Profile::kTalib064, "absolute", 1}, {Profile::kTalib08, "absolute", 1}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
