// vwap_session, vwap_anchored, session_range, pivot_session: what begins anew with each session.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/volume/session.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/average-inl.h"
#include "lode/core/indicator/parts/bars-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// Whether a session begins: the first bar, and where the number changes.
template <class V>
struct SessionStart {
  bool has_bar = false;
  V last{};
  auto state() { return std::tie(has_bar, last); }
  HWY_INLINE auto step(V session) {
    const auto is_new = has_bar ? !(session == last) : session == session;
    has_bar = true;
    last = session;
    return is_new;
  }
};

// A sum that can begin anew, with what rounding took away kept beside it.
template <class V>
struct SessionSum {
  V sum{};
  V rest{};
  auto state() { return std::tie(sum, rest); }
  template <class M>
  HWY_INLINE V step(V x, M is_new) {
    const V old = select(is_new, V(0.0), sum);
    const V next = old + x;
    const V part = next - old;
    rest = select(is_new, V(0.0), rest) + ((old - (next - part)) + (x - part));
    sum = next;
    return sum + rest;
  }
};

template <class V>
struct VwapSession : Shape<5, 1, Missing::kSkip> {
  SessionStart<V> start;
  SessionSum<V> money;
  SessionSum<V> volume;
  explicit VwapSession(const Setup&) {}
  auto state() { return std::tie(start, money, volume); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    const auto is_new = start.step(in[4]);
    const V paid = money.step(typical(in[0], in[1], in[2]) * in[3], is_new);
    out[0] = ratio(paid, volume.step(in[3], is_new), V(std::numeric_limits<double>::quiet_NaN()));
  }
};

template <class V>
struct VwapAnchored : Shape<5, 1, Missing::kSkip> {
  VwapSession<V> mean;
  explicit VwapAnchored(const Setup& setup) : mean(setup) {}
  auto state() { return std::tie(mean); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    mean.step(in, out);
    out[0] = select(in[4] == V(0.0), V(std::numeric_limits<double>::quiet_NaN()), out[0]);
  }
};

template <class V>
struct SessionRange : Shape<3, 2, Missing::kSkip> {
  SessionStart<V> start;
  V high{};
  V low{};
  explicit SessionRange(const Setup&) {}
  auto state() { return std::tie(start, high, low); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    const auto is_new = start.step(in[2]);
    high = select(is_new, in[0], larger(high, in[0]));
    low = select(is_new, in[1], smaller(low, in[1]));
    out[0] = high;
    out[1] = low;
  }
};

template <class V>
struct PivotSession : Shape<4, 5, Missing::kSkip> {
  SessionStart<V> start;
  V high{};
  V low{};
  V close{};
  V middle;
  V range;
  V top{};
  V bottom{};
  explicit PivotSession(const Setup&)
      : middle(std::numeric_limits<double>::quiet_NaN()), range(std::numeric_limits<double>::quiet_NaN()) {}
  auto state() { return std::tie(start, high, low, close, middle, range, top, bottom); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    const bool has_session = start.has_bar;
    const auto is_new = start.step(in[3]);
    if (has_session) {
      middle = select(is_new, typical(high, low, close), middle);
      range = select(is_new, high - low, range);
      top = select(is_new, high, top);
      bottom = select(is_new, low, bottom);
    }
    high = select(is_new, in[0], larger(high, in[0]));
    low = select(is_new, in[1], smaller(low, in[1]));
    close = in[2];
    out[0] = middle - range;
    out[1] = V(2.0) * middle - top;
    out[2] = middle;
    out[3] = V(2.0) * middle - bottom;
    out[4] = middle + range;
  }
};

LODE_LANES(VwapSession)
LODE_LANES(VwapAnchored)
LODE_LANES(SessionRange)
LODE_LANES(PivotSession)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(VwapSession)
LODE_MAKE(VwapAnchored)
LODE_MAKE(SessionRange)
LODE_MAKE(PivotSession)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_session() {
  using namespace indicator;
  static const Family family = {
      make_VwapSession({.name = "vwap_session",
                        .family = "volume",
                        .summary = "volume weighted price of the session so far",
                        .formula = "sum tp v / sum v since the session's first bar; a session begins where `session` "
                                   "changes; no volume: missing",
                        .source = "S. Berkowitz, D. Logue & E. Noser, Journal of Finance 43 (1988) 97",
                        .inputs = {Input::kHigh, Input::kLow, Input::kClose, Input::kVolume, Input::kSession},
                        .outputs = {{.name = "real"}},
                        .unstable = false}),
      make_VwapAnchored(
          {.name = "vwap_anchored",
           .family = "volume",
           .summary = "volume weighted price since an anchor",
           .formula = "sum tp v / sum v since `session` last changed; missing while `session` is 0, before the anchor",
           .source = "B. Shannon, Maximum Trading Gains with Anchored VWAP (2023)",
           .inputs = {Input::kHigh, Input::kLow, Input::kClose, Input::kVolume, Input::kSession},
           .outputs = {{.name = "real"}}}),
      make_SessionRange(
          {.name = "session_range",
           .family = "overlap",
           .summary = "highest high and lowest low of the session so far",
           .formula = "max h, min l since the session's first bar; a session begins where `session` changes",
           .source = "M. Fisher, The Logical Trader (2002)",
           .inputs = {Input::kHigh, Input::kLow, Input::kSession},
           .outputs = {{.name = "high"}, {.name = "low"}}}),
      make_PivotSession(
          {.name = "pivot_session",
           .family = "overlap",
           .summary = "pivot points of the session before",
           .formula =
               "as pivot, of the last whole session's high, low and close; a session begins where `session` changes",
           .source = "J. Person, A Complete Guide to Technical Trading Tactics (2004)",
           .inputs = {Input::kHigh, Input::kLow, Input::kClose, Input::kSession},
           .outputs = {{.name = "s2"}, {.name = "s1"}, {.name = "pivot"}, {.name = "r1"}, {.name = "r2"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
