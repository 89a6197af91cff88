// tdi, dvi, runpercentrank: whether there is a trend, and how the last value ranks among those before.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/dvi.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Tdi : Shape<1, 2, Missing::kWindow> {
  int n;
  int length;  // Of the long sum.
  int wait;
  Lag<V> before;
  WindowSum<V> direction;
  WindowSum<V> fast;
  WindowSum<V> slow;
  explicit Tdi(const Setup& setup)
      : n(setup.whole(0)), length(n * setup.whole(1)), wait(n), before(n), direction(n), fast(n), slow(length) {}
  auto state() { return std::tie(wait, before, direction, fast, slow); }
  int lookback() const { return n + length - 1; }
  std::array<int, 2> lookbacks() const { return {lookback(), n + n - 1}; }
  HWY_INLINE void step(const V* in, V* out) {
    const V old = before.step(in[0]);
    if (wait > 0) {
      --wait;
      return;
    }
    const V move = in[0] - old;
    out[1] = direction.step(move);
    out[0] = abs(out[1]) - (slow.step(abs(move)) - fast.step(abs(move)));
  }
};

// (values below x + share (values equal to x, itself among them)) / n over the last n values.
template <class V>
class RankOfLast {
 public:
  RankOfLast(int n, double share) : n_(n), share_(share), values_(n), sorted_(kIsOne ? n : 0) {}
  auto state() { return std::tie(at_, values_, sorted_); }
  int lookback() const { return n_ - 1; }
  HWY_INLINE V step(V x) {
    V below = V(0.0);
    V equal = V(0.0);
    const V old = values_.get(at_);
    values_.set(at_, x);
    at_ = at_ + 1 == n_ ? 0 : at_ + 1;
    if constexpr (kIsOne) {
      const int first = below_of([x](double other) LODE_INLINED { return other < x; });
      const int behind = below_of([x](double other) LODE_INLINED { return other <= x; });
      const int gone = below_of([old](double other) LODE_INLINED { return other < old; });
      move(gone, first, x);
      below = first - (old < x ? 1.0 : 0.0);
      equal = behind - first + (old == x ? 0.0 : 1.0);
    } else {
      for (int k = 0; k < n_; ++k) {
        const V other = values_.get(k);
        below = below + select(other < x, V(1.0), V(0.0));
        equal = equal + select(other == x, V(1.0), V(0.0));
      }
    }
    return (below + V(share_) * equal) / V(n_ + 0.0);
  }

 private:
  static constexpr bool kIsOne = kLanesOf<V> == 1;

  // Of the sorted values those that are below something: halves, without a branch to guess.
  template <class Below>
  HWY_INLINE int below_of(Below is_below) const {
    const double* const cells = sorted_.cells();
    int first = 0;
    int count = n_;
    while (count > 1) {
      const int half = count / 2;
      first += is_below(cells[first + half - 1]) ? half : 0;
      count -= half;
    }
    return first + (is_below(cells[first]) ? 1 : 0);
  }
  // Takes the value at `gone` out and puts x before the one at `to`.
  HWY_INLINE void move(int gone, int to, double x) {
    double* const cells = sorted_.cells();
    if (gone < to) {
      std::copy(cells + gone + 1, cells + to, cells + gone);
      cells[to - 1] = x;
    } else {
      std::copy_backward(cells + to, cells + gone, cells + gone + 1);
      cells[to] = x;
    }
  }

  int n_;
  double share_;
  int at_ = 0;
  Slots<V> values_;
  Slots<V> sorted_;  // The same in order, of one instrument; many are counted side by side.
};

template <class V>
struct RunPercentRank : Shape<1, 1, Missing::kWindow> {
  RankOfLast<V> rank;
  explicit RunPercentRank(const Setup& setup) : rank(setup.whole(0), setup.number(1)) {}
  auto state() { return std::tie(rank); }
  int lookback() const { return rank.lookback(); }
  HWY_INLINE void step(const V* in, V* out) { out[0] = rank.step(in[0]); }
};

template <class V>
struct Dvi : Shape<1, 3, Missing::kWindow> {
  static constexpr int kSmooth = 3;
  static constexpr int kLong = 100;
  int bars = 0;
  V last{};
  SimpleMean<V> smooth{kSmooth};
  SimpleMean<V> fast_return{5};
  SimpleMean<V> slow_return{kLong};
  SimpleMean<V> magnitude{5};
  WindowSum<V> fast_side{10};
  WindowSum<V> slow_side{kLong};
  SimpleMean<V> stretch{2};
  RankOfLast<V> magnitude_rank;
  RankOfLast<V> stretch_rank;
  explicit Dvi(const Setup& setup) : magnitude_rank(setup.whole(0), 1.0), stretch_rank(setup.whole(0), 1.0) {}
  auto state() {
    return std::tie(bars, last, smooth, fast_return, slow_return, magnitude, fast_side, slow_side, stretch,
                    magnitude_rank, stretch_rank);
  }
  int lookback() const { return kSmooth - 1 + kLong - 1 + 4 + magnitude_rank.lookback(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V mean = smooth.step(in[0]);
    const V side = select(in[0] > last, V(1.0), V(-1.0));
    last = in[0];
    // Each sum is fed only once what it is made of is there.
    if (bars >= 1) {
      const V stretched = (fast_side.step(side) + slow_side.step(side) * V(0.1)) * V(0.5);
      if (bars >= kLong) {
        const V value = stretch.step(stretched);
        out[1] = bars >= kLong + 1 ? stretch_rank.step(value) : V(0.0);
      }
    }
    if (bars >= kSmooth - 1) {
      const V change = ratio(in[0], mean, V(1.0)) - V(1.0);
      const V moved = (fast_return.step(change) + slow_return.step(change) * V(0.1)) * V(0.5);
      if (bars >= kSmooth + kLong - 2) {
        const V value = magnitude.step(moved);
        out[0] = bars >= kSmooth + kLong + 2 ? magnitude_rank.step(value) : V(0.0);
      }
    }
    bars += bars < kSmooth + kLong + 2 ? 1 : 0;
    out[2] = V(0.8) * out[0] + V(0.2) * out[1];
  }
};

LODE_LANES(Tdi)
LODE_LANES(RunPercentRank)
LODE_LANES(Dvi)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Tdi)
LODE_MAKE(RunPercentRank)
LODE_MAKE(Dvi)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_dvi() {
  using namespace indicator;
  static const Family family = {
      make_Tdi({.name = "tdi",
                .family = "momentum",
                .summary = "trend detection index and its direction: how much of the paths of n bars adds up",
                .formula = "d = sum(x - x(n), n); tdi = |d| - (sum(|x - x(n)|, k n) - sum(|x - x(n)|, n))",
                .source = "M. H. Pee, Technical Analysis of Stocks & Commodities 19:10 (2001)",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 20, .least = 1, .most = 1000},
                               {.name = "multiple", .fallback = 2, .least = 1, .most = 100}},
                .outputs = {{.name = "tdi"}, {.name = "direction"}}}),
      make_RunPercentRank(
          {.name = "runpercentrank",
           .family = "statistic",
           .summary = "share of the last n values that are below the last, equal ones and itself counted in part",
           .formula = "(count(w < x) + exact count(w = x)) / n, the window with x itself",
           .source = "TTR 0.24",
           .inputs = {Input::kReal},
           .parameters = {{.name = "period", .fallback = 260, .least = 1, .most = 100000},
                          {.name = "exact", .fallback = 0.5, .least = 0, .most = 1, .whole = false}},
           .outputs = {{.name = "real"}}}),
      make_Dvi({.name = "dvi",
                .family = "momentum",
                .summary = "Varadi's intermediate oscillator: ranks of smoothed returns and of the count of rises",
                .formula =
                    "0.8 rank(m) + 0.2 rank(s), rank: runpercentrank(n, 1); r = x/sma(x, 3) - 1; m = sma((sma(r, 5) + "
                    "sma(r, 100)/10)/2, 5); b = 1 where x > x', else -1; s = sma((sum(b, 10) + sum(b, 100)/10)/2, 2)",
                .source = "D. Varadi (2009), in TTR 0.24",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 252, .least = 1, .most = 100000}},
                .outputs = {{.name = "magnitude"}, {.name = "stretch"}, {.name = "dvi"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
