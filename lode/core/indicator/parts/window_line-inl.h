// The line of least squares through the last n values, and their linearly weighted mean: from blocks of n bars, as in
// window_fold-inl.h, so no error grows.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_WINDOW_LINE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_WINDOW_LINE_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_WINDOW_LINE_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_WINDOW_LINE_INL_H_
#endif

#include <array>
#include "lode/core/indicator/parts/ring-inl.h"
#include "lode/core/indicator/parts/turned-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// sum k x_k with k = 1 for the oldest of n values, n for the newest.
template <class V>
class WindowRamp {
 public:
  explicit WindowRamp(int n) : n_(n), sums_(n + 1), ramps_(n + 1) {}
  auto state() { return std::tie(at_, head_, ramp_, sums_, ramps_); }
  HWY_INLINE V step(V x) {
    // Of the last block from bar at_ + 1 on: weights 1, 2, ..; then this block's, which go on from there.
    if (at_ == 0) {
      head_ = V(0.0);
      ramp_ = V(0.0);
    }
    const V tail = ramps_.get(at_ + 1);
    head_ = head_ + x;
    ramp_ = ramp_ + V(at_ + 1.0) * x;
    const V out = tail + (ramp_ + V(static_cast<double>(n_ - 1 - at_)) * head_);
    sums_.set(at_, x);
    if (++at_ == n_) {
      turn();
    }
    return out;
  }

  // f(step(x)) of each bar. `from` may be `to`.
  template <class F>
  HWY_INLINE void stretch(Strip<const double> from, Strip<double> to, std::size_t rows, F f) {
    std::size_t t = 0;
    if constexpr (kLanesOf<V> == 1) {
      if (from.stride == 1 && to.stride == 1) {
        for (; t < rows && at_ != 0; ++t) {
          store(f(step(*from.at(t))), to.at(t));
        }
        const std::size_t whole = (rows - t) / static_cast<std::size_t>(n_) * static_cast<std::size_t>(n_);
        if (Turned::can(static_cast<std::size_t>(n_), whole)) {
          walk_turned(from.at(t), to.at(t), whole, f);
        } else {
          walk_blocks(from.at(t), to.at(t), whole, f);
        }
        t += whole;
      }
    }
    WindowRamp window = std::move(*this);  // As a local, as in walk_known().
    for (; t < rows; ++t) {
      store(f(window.step(load<V>(from.at(t)))), to.at(t));
    }
    *this = std::move(window);
  }

 private:
  // Whole blocks of one instrument, side by side.
  template <class F>
  HWY_INLINE void walk_turned(const double* x, double* out, std::size_t rows, F f) {
    const auto n = static_cast<std::size_t>(n_);
    Turned values(n, rows / n);
    Turned tails(n, rows / n);
    values.turn_in(x);
    std::copy_n(x + rows - n, n, sums_.cells());  // As step() leaves it.
    for (std::size_t k = 1; k < n; ++k) {
      tails.before(k) = ramps_.get(static_cast<int>(k));
    }
    values.walk([&]<class W>(std::size_t block, W /*one*/) LODE_INLINED {
      W sum = W(0.0);
      W ramp = W(0.0);
      for (std::size_t k = n - 1; k > 0; --k) {
        sum = load<W>(values.at(k, block)) + sum;
        ramp = ramp + sum;
        store(ramp, tails.at(k, block));
      }
      sum = W(0.0);
      ramp = W(0.0);
      double weight = 1.0;
      const auto add = [&](std::size_t k) LODE_INLINED {
        const W value = load<W>(values.at(k, block));
        sum = sum + value;
        ramp = ramp + W(weight) * value;
        const W head = ramp + W(static_cast<double>(n_) - weight) * sum;
        weight = weight + 1.0;
        return head;
      };
      for (std::size_t k = 0; k + 1 < n; ++k) {
        const W head = add(k);
        store(f(load<W>(tails.at(k + 1, block) - 1) + head), values.at(k, block));
      }
      store(f(W(0.0) + add(n - 1)), values.at(n - 1, block));
    });
    for (std::size_t k = 1; k < n; ++k) {
      ramps_.set(static_cast<int>(k), tails.last(k));
    }
    values.turn_out(out);
  }

  // The same where blocks are too long or too few for that. A block's sums from the front and from the back do not wait
  // for each other; they stand in columns, the latter where the next block wants them, and are joined a register at a
  // time.
  template <class F>
  HWY_INLINE void walk_blocks(const double* x, double* out, std::size_t rows, F f) {
    if (rows == 0) {
      return;
    }
    std::array<double, kStretch<V>> heads;
    std::array<double, 2 * kStretch<V>> tails;
    const auto n = static_cast<std::size_t>(n_);
    std::copy_n(ramps_.cells() + 1, n, tails.data());
    double head = 0.0;
    double ramp = 0.0;
    for (std::size_t t = 0; t < rows; t += n) {
      const double* const block = x + t;
      double* const next = tails.data() + t + n;
      double tail = 0.0;
      double tail_ramp = 0.0;
      double weight = 1.0;
      head = 0.0;
      ramp = 0.0;
      for (std::size_t k = 0; k < n; ++k) {
        head = head + block[k];
        ramp = ramp + weight * block[k];
        heads[t + k] = ramp + (static_cast<double>(n_) - weight) * head;
        weight = weight + 1.0;
        next[n - 1 - k] = tail_ramp;  // Of the k bars behind.
        tail = block[n - 1 - k] + tail;
        tail_ramp = tail_ramp + tail;
      }
    }
    std::copy_n(x + rows - n, n, sums_.cells());  // As step() leaves it.
    join<V, 2>({Strip<const double>{tails.data(), 1}, Strip<const double>{heads.data(), 1}}, {out, 1}, rows,
               [&](const auto* ends) LODE_INLINED { return f(ends[0] + ends[1]); });
    std::copy_n(tails.data() + rows, n, ramps_.cells() + 1);
    head_ = head;
    ramp_ = ramp;
  }

  HWY_INLINE void turn() {
    V sum{};
    V ramp{};
    for (int k = n_ - 1; k > 0; --k) {
      sum = sums_.get(k) + sum;
      ramp = ramp + sum;
      ramps_.set(k, ramp);
    }
    at_ = 0;
  }

  int n_;
  int at_ = 0;
  V head_{};        // This block's sum so far, plain
  V ramp_{};        // .. and weighted from 1 on.
  Slots<V> sums_;   // This block's values.
  Slots<V> ramps_;  // Weighted sums of the last block's ends; of no bars, 0, behind them.
};

// A straight line: value at the k-th of n values is mean + slope (k - (n - 1) / 2), k = 0 for the oldest.
template <class V>
struct Line {
  V mean;
  V slope;
};

// Values are taken from a value of their own block, so that a price of a million costs no digits.
template <class V>
class WindowLine {
 public:
  explicit WindowLine(int n)
      : n_(n),
        spread_share_(12.0 / (n * (static_cast<double>(n) * n - 1.0))),
        values_(n + 1),
        sums_(n + 1),
        ramps_(n + 1) {}
  auto state() { return std::tie(at_, pivot_, tail_pivot_, head_, ramp_, values_, sums_, ramps_); }
  HWY_INLINE Line<V> step(V x) {
    if (at_ == 0) {
      pivot_ = x;
      head_ = V(0.0);
      ramp_ = V(0.0);
    }
    head_ = head_ + (x - pivot_);
    ramp_ = ramp_ + V(at_ + 1.0) * (x - pivot_);
    const double before = n_ - 1.0 - at_;
    const Line<V> out = line_of(joined<V>({head_, ramp_}, {sums_.get(at_ + 1), ramps_.get(at_ + 1)},
                                          tail_pivot_ - pivot_, V(before), V(pairs_of(before))),
                                pivot_);
    values_.set(at_, x);
    if (++at_ == n_) {
      turn();
    }
    return out;
  }

  // value(step(x)) of each bar. `from` may be `to`.
  template <class Value>
  HWY_INLINE void stretch(Strip<const double> from, Strip<double> to, std::size_t rows, Value value) {
    std::size_t t = 0;
    if constexpr (kLanesOf<V> == 1) {
      if (from.stride == 1 && to.stride == 1) {
        for (; t < rows && at_ != 0; ++t) {
          store(value(step(*from.at(t))), to.at(t));
        }
        const std::size_t whole = (rows - t) / static_cast<std::size_t>(n_) * static_cast<std::size_t>(n_);
        if (Turned::can(static_cast<std::size_t>(n_), whole)) {
          walk_turned(from.at(t), to.at(t), whole, value);
        } else {
          walk_blocks(from.at(t), to.at(t), whole, value);
        }
        t += whole;
      }
    }
    WindowLine window = std::move(*this);  // As a local, as in walk_known().
    for (; t < rows; ++t) {
      store(value(window.step(load<V>(from.at(t)))), to.at(t));
    }
    *this = std::move(window);
  }

 private:
  template <class W>
  struct Sums {
    W plain;
    W ramp;  // Weights 1, 2, .. from the oldest.
  };
  static HWY_INLINE double pairs_of(double count) { return count * (count + 1.0) * 0.5; }
  // This block's sums so far, and the last block's from the bar behind on: `before` bars, whose pivot is `shift` from
  // this block's.
  template <class W>
  static HWY_INLINE Sums<W> joined(const Sums<W>& head, const Sums<W>& tail, W shift, W before, W pairs) {
    return {head.plain + tail.plain + before * shift, tail.ramp + pairs * shift + (head.ramp + before * head.plain)};
  }
  template <class W>
  HWY_INLINE Line<W> line_of(const Sums<W>& sums, W pivot) const {
    return {pivot + sums.plain * W(1.0 / n_), (sums.ramp - W((n_ + 1.0) / 2.0) * sums.plain) * W(spread_share_)};
  }

  // Whole blocks of one instrument, side by side.
  template <class Value>
  HWY_INLINE void walk_turned(const double* x, double* out, std::size_t rows, Value value) {
    const auto n = static_cast<std::size_t>(n_);
    Turned values(n, rows / n);
    Turned tails(n, rows / n);  // In row 0: what each block's tail is measured from.
    Turned tail_ramps(n, rows / n);
    values.turn_in(x);
    std::copy_n(x + rows - n, n, values_.cells());  // As step() leaves it.
    tails.before(0) = tail_pivot_;
    for (std::size_t k = 1; k < n; ++k) {
      tails.before(k) = sums_.get(static_cast<int>(k));
      tail_ramps.before(k) = ramps_.get(static_cast<int>(k));
    }
    values.walk([&]<class W>(std::size_t block, W /*one*/) LODE_INLINED {
      const W next_pivot = load<W>(values.at(n - 1, block));
      store(next_pivot, tails.at(0, block));
      Sums<W> tail = {W(0.0), W(0.0)};
      for (std::size_t k = n - 1; k > 0; --k) {
        tail.plain = (load<W>(values.at(k, block)) - next_pivot) + tail.plain;
        tail.ramp = tail.ramp + tail.plain;
        store(tail.plain, tails.at(k, block));
        store(tail.ramp, tail_ramps.at(k, block));
      }
      const W pivot = load<W>(values.at(0, block));
      const W shift = load<W>(tails.at(0, block) - 1) - pivot;
      Sums<W> head = {W(0.0), W(0.0)};
      const auto add = [&](std::size_t k, const Sums<W>& end) LODE_INLINED {
        const W distance = load<W>(values.at(k, block)) - pivot;
        const double count = static_cast<double>(k) + 1.0;
        const double before = static_cast<double>(n_) - count;
        head.plain = head.plain + distance;
        head.ramp = head.ramp + W(count) * distance;
        const Sums<W> all = joined<W>(head, end, shift, W(before), W(pairs_of(before)));
        store(value(line_of<W>(all, pivot)), values.at(k, block));
      };
      for (std::size_t k = 0; k + 1 < n; ++k) {
        add(k, {load<W>(tails.at(k + 1, block) - 1), load<W>(tail_ramps.at(k + 1, block) - 1)});
      }
      add(n - 1, {W(0.0), W(0.0)});
    });
    tail_pivot_ = tails.last(0);
    for (std::size_t k = 1; k < n; ++k) {
      sums_.set(static_cast<int>(k), tails.last(k));
      ramps_.set(static_cast<int>(k), tail_ramps.last(k));
    }
    values.turn_out(out);
  }

  // The same where blocks are too long or too few for that, as in WindowRamp.
  template <class Value>
  HWY_INLINE void walk_blocks(const double* x, double* out, std::size_t rows, Value value) {
    if (rows == 0) {
      return;
    }
    std::array<double, kStretch<V>> sums;
    std::array<double, kStretch<V>> ramps;
    std::array<double, kStretch<V>> pivots;
    std::array<double, 2 * kStretch<V>> tails;
    std::array<double, 2 * kStretch<V>> tail_ramps;
    const auto n = static_cast<std::size_t>(n_);
    std::copy_n(sums_.cells() + 1, n, tails.data());
    std::copy_n(ramps_.cells() + 1, n, tail_ramps.data());
    for (std::size_t t = 0; t < rows; t += n) {
      const double* const block = x + t;
      const double pivot = block[0];
      const double next_pivot = block[n - 1];
      const double shift = tail_pivot_ - pivot;
      Sums<double> head = {0.0, 0.0};
      Sums<double> tail = {0.0, 0.0};
      double count = 1.0;
      for (std::size_t k = 0; k < n; ++k) {
        const std::size_t behind = t + 2 * n - 1 - k;
        const double before = static_cast<double>(n_) - count;
        head.plain = head.plain + (block[k] - pivot);
        head.ramp = head.ramp + count * (block[k] - pivot);
        count = count + 1.0;
        pivots[t + k] = pivot;
        const Sums<double> all =
            joined<double>(head, {tails[t + k], tail_ramps[t + k]}, shift, before, pairs_of(before));
        sums[t + k] = all.plain;
        ramps[t + k] = all.ramp;
        tails[behind] = tail.plain;  // Of the k bars behind.
        tail_ramps[behind] = tail.ramp;
        tail.plain = (block[n - 1 - k] - next_pivot) + tail.plain;
        tail.ramp = tail.ramp + tail.plain;
      }
      pivot_ = pivot;
      tail_pivot_ = next_pivot;
      head_ = head.plain;
      ramp_ = head.ramp;
    }
    std::copy_n(x + rows - n, n, values_.cells());  // As step() leaves it.
    join<V, 3>({Strip<const double>{sums.data(), 1}, Strip<const double>{ramps.data(), 1},
                Strip<const double>{pivots.data(), 1}},
               {out, 1}, rows, [&](const auto* cell) LODE_INLINED {
                 using W = std::decay_t<decltype(*cell)>;
                 return value(line_of<W>({cell[0], cell[1]}, cell[2]));
               });
    std::copy_n(tails.data() + rows, n, sums_.cells() + 1);
    std::copy_n(tail_ramps.data() + rows, n, ramps_.cells() + 1);
  }

  HWY_INLINE void turn() {
    tail_pivot_ = values_.get(n_ - 1);
    V sum{};
    V ramp{};
    for (int k = n_ - 1; k > 0; --k) {
      sum = (values_.get(k) - tail_pivot_) + sum;
      ramp = ramp + sum;
      sums_.set(k, sum);
      ramps_.set(k, ramp);
    }
    at_ = 0;
  }

  int n_;
  double spread_share_;  // 1 / sum of (k - mean k)^2
  int at_ = 0;
  V pivot_{};
  V tail_pivot_{};
  V head_{};
  V ramp_{};
  Slots<V> values_;
  Slots<V> sums_;
  Slots<V> ramps_;
};

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_WINDOW_LINE_INL_H_
