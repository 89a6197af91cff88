// kdj, vortex: stochastic with J, and the vortex of true ranges.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/kdj.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/bars-inl.h"
#include "lode/core/indicator/parts/moving_average-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// A Wilder mean that starts at 50, as the charts of KDJ have it, or any average of k or d, fed from its `wait`-th
// value.
template <class V>
class Smoothed {
 public:
  Smoothed(int n, int type, Profile profile, int wait)
      : share_(1.0 / n),
        starts_at_50_(type == static_cast<int>(AverageType::kRma) && profile != Profile::kTalib08),
        average_(n, type, starts_at_50_ ? 0 : wait) {}
  auto state() { return std::tie(value_, average_); }
  int lookback() const { return starts_at_50_ ? 0 : average_.lookback(); }
  HWY_INLINE V step(V x) {
    value_ = starts_at_50_ ? value_ + (x - value_) * V(share_) : average_.step(x);
    return value_;
  }

 private:
  double share_;
  bool starts_at_50_;
  V value_ = V(50.0);
  LaterAverage<V> average_;
};

template <class V>
struct Kdj : Shape<3, 3, Missing::kSkip> {
  int wait;
  WindowMax<V> top;
  WindowMin<V> bottom;
  Smoothed<V> k_mean;
  Smoothed<V> d_mean;
  explicit Kdj(const Setup& setup)
      : wait(setup.whole(0) - 1),
        top(setup.whole(0)),
        bottom(setup.whole(0)),
        k_mean(setup.whole(1), type_of(setup, 2, AverageType::kRma), setup.profile, 0),
        d_mean(setup.whole(3), type_of(setup, 4, AverageType::kRma), setup.profile, k_mean.lookback()) {}
  auto state() { return std::tie(wait, top, bottom, k_mean, d_mean); }
  int lookback() const { return top.window() - 1 + k_mean.lookback() + d_mean.lookback(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V high = top.step(in[0]);
    const V low = bottom.step(in[1]);
    if (wait > 0) {
      --wait;
      return;
    }
    out[0] = k_mean.step(percent(in[2] - low, high - low, V(0.0)));
    out[1] = d_mean.step(out[0]);
    out[2] = V(3.0) * out[0] - V(2.0) * out[1];
  }
};

template <class V>
struct Vortex : Shape<3, 2, Missing::kWindow> {
  Before<V> high;
  Before<V> low;
  TrueRange<V> range;
  WindowSum<V> up;
  WindowSum<V> down;
  WindowSum<V> all;
  explicit Vortex(const Setup& setup) : up(setup.whole(0)), down(setup.whole(0)), all(setup.whole(0)) {}
  auto state() { return std::tie(high, low, range, up, down, all); }
  int lookback() const { return up.window(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V plus = up.step(abs(in[0] - low.step(in[1])));
    const V minus = down.step(abs(in[1] - high.step(in[0])));
    const V sum = all.step(range.step(in[0], in[1], in[2]));
    out[0] = ratio(plus, sum, V(0.0));
    out[1] = ratio(minus, sum, V(0.0));
  }
};

LODE_LANES(Kdj)
LODE_LANES(Vortex)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Kdj)
LODE_MAKE(Vortex)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_kdj() {
  using namespace indicator;
  static const Family family = {
      make_Kdj({.name = "kdj",
                .family = "momentum",
                .summary = "stochastic K and D smoothed by thirds, and J beyond them",
                .formula = "rsv = 100 (c - min(l, n)) / (max(h, n) - min(l, n)), flat 0; K = type(rsv, m); D = type(K, "
                           "p); J = 3K - 2D; rma starts at 50 (talib08: with simple means)",
                .source = "TA-Lib 0.8.2",
                .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                .parameters =
                    {{.name = "period", .fallback = 9, .least = 1, .most = 100000},
                     {.name = "k_period", .fallback = 3, .least = 1, .most = 100000},
                     {.name = "k_type", .fallback = 13, .least = 0, .most = kLastAverage, .choices = kAverageNames},
                     {.name = "d_period", .fallback = 3, .least = 1, .most = 100000},
                     {.name = "d_type", .fallback = 13, .least = 0, .most = kLastAverage, .choices = kAverageNames}},
                .outputs = {{.name = "k"}, {.name = "d"}, {.name = "j"}},
                .unstable = true}),
      make_Vortex({.name = "vortex",
                   .family = "momentum",
                   .summary = "vortex: movement between opposite ends of neighbouring bars",
                   .formula = "sum |h - l'| / sum trange, sum |l - h'| / sum trange over n; 0/0: 0",
                   .source = "E. Botes & D. Siepman, Technical Analysis of Stocks & Commodities 28:1 (2010)",
                   .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                   .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
                   .outputs = {{.name = "plus"}, {.name = "minus"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
