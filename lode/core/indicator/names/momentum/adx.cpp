// plus_di, minus_di, dx, adx, adxr: Wilder's directional movement.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/adx.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/average-inl.h"
#include "lode/core/indicator/parts/bars-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// What all of them are made of: Wilder sums of the moves up and down and of the true range.
template <class V>
struct Directional {
  Moves<V> moves;
  TrueRange<V> range;
  WilderSum<V> up;
  WilderSum<V> down;
  WilderSum<V> true_range;
  bool has_bar = false;

  int first;  // Bar of the first answer: tulip answers as soon as the sums are full.
  explicit Directional(const Setup& setup)
      : moves(setup.profile),
        up(setup.whole(0)),
        down(setup.whole(0)),
        true_range(setup.whole(0)),
        first(setup.profile == Profile::kTulip ? setup.whole(0) - 1 : setup.whole(0)) {}
  auto state() { return std::tie(moves, range, up, down, true_range, has_bar); }

  V plus{};   // Wilder sums
  V minus{};  // ..
  V whole{};  // .. of the true range
  HWY_INLINE void step(V high, V low, V close) {
    moves.step(high, low);
    const V tr = range.step(high, low, close);
    if (has_bar) {
      plus = up.step(moves.up);
      minus = down.step(moves.down);
      whole = true_range.step(tr);
    }
    has_bar = true;
  }
  // In percent of the true range.
  HWY_INLINE V index(V moved) const { return percent(moved, whole, V(0.0)); }
};

template <class V>
struct PlusDi : Shape<3, 1, Missing::kSkip> {
  Directional<V> moves;
  explicit PlusDi(const Setup& setup) : moves(setup) {}
  auto state() { return std::tie(moves); }
  int lookback() const { return moves.first; }
  HWY_INLINE void step(const V* in, V* out) {
    moves.step(in[0], in[1], in[2]);
    out[0] = moves.index(moves.plus);
  }
};

template <class V>
struct MinusDi : Shape<3, 1, Missing::kSkip> {
  Directional<V> moves;
  explicit MinusDi(const Setup& setup) : moves(setup) {}
  auto state() { return std::tie(moves); }
  int lookback() const { return moves.first; }
  HWY_INLINE void step(const V* in, V* out) {
    moves.step(in[0], in[1], in[2]);
    out[0] = moves.index(moves.minus);
  }
};

template <class V>
struct Dx : Shape<3, 1, Missing::kSkip> {
  Directional<V> moves;
  V last{};
  explicit Dx(const Setup& setup) : moves(setup) {}
  auto state() { return std::tie(moves, last); }
  int lookback() const { return moves.first; }
  HWY_INLINE void step(const V* in, V* out) {
    moves.step(in[0], in[1], in[2]);
    const V plus = moves.index(moves.plus);
    const V minus = moves.index(moves.minus);
    last = percent(abs(minus - plus), minus + plus, last);
    out[0] = last;
  }
};

// The mean of dx. A bar without any move counts 0 among the first n, and is passed over afterwards.
template <class V>
class DirectionalMean {
 public:
  explicit DirectionalMean(const Setup& setup) : n_(setup.whole(0)), moves_(setup) {}
  auto state() { return std::tie(bars_, mean_, moves_); }
  int lookback() const { return moves_.first + n_ - 1; }
  HWY_INLINE V step(V high, V low, V close) {
    moves_.step(high, low, close);
    const V plus = moves_.index(moves_.plus);
    const V minus = moves_.index(moves_.minus);
    const auto is_still = plus + minus == V(0.0);
    const V dx = V(100.0) * abs(minus - plus) / (plus + minus);
    if (HWY_LIKELY(bars_ >= moves_.first + n_)) {
      mean_ = select(is_still, mean_, (dx - mean_) * V(1.0 / n_) + mean_);
    } else if (bars_++ >= moves_.first) {
      mean_ = mean_ + select(is_still, V(0.0), dx);
      mean_ = bars_ == moves_.first + n_ ? mean_ / V(static_cast<double>(n_)) : mean_;
    }
    return mean_;
  }

 private:
  int n_;
  int bars_ = 0;
  V mean_{};
  Directional<V> moves_;
};

template <class V>
struct Adx : Shape<3, 1, Missing::kSkip> {
  DirectionalMean<V> mean;
  explicit Adx(const Setup& setup) : mean(setup) {}
  auto state() { return std::tie(mean); }
  int lookback() const { return mean.lookback(); }
  HWY_INLINE void step(const V* in, V* out) { out[0] = mean.step(in[0], in[1], in[2]); }
};

template <class V>
struct Adxr : Shape<3, 1, Missing::kSkip> {
  int n;
  DirectionalMean<V> mean;
  Lag<V> before;
  explicit Adxr(const Setup& setup) : n(setup.whole(0)), mean(setup), before(n - 1) {}
  auto state() { return std::tie(mean, before); }
  int lookback() const { return mean.lookback() + n - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const V now = mean.step(in[0], in[1], in[2]);
    out[0] = (now + before.step(now)) * V(0.5);
  }
};

template <class V>
struct Di : Shape<3, 2, Missing::kSkip> {
  Directional<V> moves;
  explicit Di(const Setup& setup) : moves(setup) {}
  auto state() { return std::tie(moves); }
  int lookback() const { return moves.first; }
  HWY_INLINE void step(const V* in, V* out) {
    moves.step(in[0], in[1], in[2]);
    out[0] = moves.index(moves.plus);
    out[1] = moves.index(moves.minus);
  }
};

LODE_LANES(Di)
LODE_LANES(PlusDi)
LODE_LANES(MinusDi)
LODE_LANES(Dx)
LODE_LANES(Adx)
LODE_LANES(Adxr)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Di)
LODE_MAKE(PlusDi)
LODE_MAKE(MinusDi)
LODE_MAKE(Dx)
LODE_MAKE(Adx)
LODE_MAKE(Adxr)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_adx() {
  using namespace indicator;
  static const Family family = {
      make_Di(
          {.name = "di",
           .family = "momentum",
           .summary = "directional indicators up and down",
           .formula = "plus_di, minus_di; tulip: from the bar on where the sums are full; ttr: sums seeded with n bars",
           .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978)",
           .inputs = {Input::kHigh, Input::kLow, Input::kClose},
           .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
           .outputs = {{.name = "plus"}, {.name = "minus"}},
           .unstable = true}),
      make_PlusDi({.name = "plus_di",
                   .family = "momentum",
                   .summary = "upward movement in percent of the true range",
                   .formula = "100 plus_dm / wilder_sum(trange); 0/0: 0",
                   .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978)",
                   .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                   .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
                   .outputs = {{.name = "real"}},
                   .unstable = true}),
      make_MinusDi({.name = "minus_di",
                    .family = "momentum",
                    .summary = "downward movement in percent of the true range",
                    .formula = "100 minus_dm / wilder_sum(trange); 0/0: 0",
                    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978)",
                    .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                    .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
                    .outputs = {{.name = "real"}},
                    .unstable = true}),
      make_Dx({.name = "dx",
               .family = "momentum",
               .summary = "how one-sided the movement is, 0 to 100",
               .formula = "100 |plus_di - minus_di| / (plus_di + minus_di); 0/0: the value before, 0 at first",
               .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978)",
               .inputs = {Input::kHigh, Input::kLow, Input::kClose},
               .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
               .outputs = {{.name = "real"}},
               .unstable = true}),
      make_Adx({.name = "adx",
                .family = "momentum",
                .summary = "trend strength: Wilder mean of dx",
                .formula = "wilder_mean(dx, n), seed: mean of the first n",
                .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978)",
                .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
                .outputs = {{.name = "real"}},
                .unstable = true}),
      make_Adxr({.name = "adxr",
                 .family = "momentum",
                 .summary = "adx averaged with itself n - 1 bars ago",
                 .formula = "(adx + adx(n-1 ago)) / 2",
                 .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978)",
                 .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                 .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
                 .outputs = {{.name = "real"}},
                 .unstable = true}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
