// Mean, variance and covariance of the last n values, from blocks of n bars as in window_fold-inl.h, each block
// measured from a value of its own; two blocks join as in Chan, Golub & LeVeque 1983, eq. 2.1. Equal values have a
// variance of exactly 0, and it is never negative.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_WINDOW_MOMENTS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_WINDOW_MOMENTS_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_WINDOW_MOMENTS_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_WINDOW_MOMENTS_INL_H_
#endif

#include <algorithm>
#include <array>
#include <utility>
#include "lode/core/indicator/parts/ring-inl.h"
#include "lode/core/indicator/parts/turned-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// Sums over a stretch of bars, each variable measured from its pivot.
template <class V, int variables>
struct Moments {
  std::array<V, variables> sum;
  std::array<V, variables> square;
  V product;  // Of the first two.

  HWY_INLINE void clear() {
    for_each<variables>([&](int k) LODE_INLINED {
      sum[k] = V(0.0);
      square[k] = V(0.0);
    });
    product = V(0.0);
  }
  HWY_INLINE void add(const V* x, const V* pivot) {
    std::array<V, variables> d;
    for_each<variables>([&](int k) LODE_INLINED {
      d[k] = x[k] - pivot[k];
      sum[k] = sum[k] + d[k];
      square[k] = square[k] + d[k] * d[k];
    });
    if constexpr (variables > 1) {
      product = product + d[0] * d[1];
    }
  }
};

// Means, sums of squared deviations from them, and of the product of two variables' deviations.
template <class V, int variables>
struct Spread {
  std::array<V, variables> mean;
  std::array<V, variables> square;
  V product{};
};

template <class V, int variables = 1>
class WindowMoments {
 public:
  explicit WindowMoments(int n)
      : n_(n), slots_((n + 1) * kFields), weights_(kWeights * (static_cast<std::size_t>(n) + kMostLanes)) {
    for (int at = 0; at < n + kMostLanes; ++at) {
      const double count = at % n + 1.0;
      weight_at(kCount, at) = count;
      weight_at(kCountShare, at) = 1.0 / count;
      weight_at(kBeforeShare, at) = count < n ? 1.0 / (n - count) : 0.0;
    }
  }
  auto state() { return std::tie(at_, cells_, slots_); }
  int window() const { return n_; }

  HWY_INLINE Spread<V, variables> step(const V* x) {
    for_each<variables>([&](int k) LODE_INLINED {
      slots_.set(place_of(k, at_), x[k]);
      if (at_ == 0) {
        cells_.pivot[k] = x[k];
      }
    });
    if (at_ == 0) {
      cells_.head.clear();
    }
    cells_.head.add(x, cells_.pivot.data());
    Pivots<V> pivots;
    for_each<variables>([&](int k) LODE_INLINED {
      pivots.head[k] = cells_.pivot[k];
      // Without a bar of the last block its end is of no account, a missing one's neither.
      pivots.shift[k] = at_ + 1 < n_ ? cells_.tail_pivot[k] - cells_.pivot[k] : V(0.0);
    });
    const Spread<V, variables> out =
        joined<V>(cells_.head, slot_sums(at_ + 1), pivots,
                  {V(weight_at(kCount, at_)), V(weight_at(kCountShare, at_)), V(weight_at(kBeforeShare, at_))});
    if (++at_ == n_) {
      turn();
    }
    return out;
  }

  // f(step(x)) of each bar, an array of as many numbers as there are strips in `to`; of one instrument, as many bars at
  // a time as a register holds. No strip of `from` may be one of `to`.
  template <std::size_t outputs, class F>
  HWY_INLINE void stretch(const std::array<Strip<const double>, variables>& from,
                          const std::array<Strip<double>, outputs>& to, std::size_t rows, F f) {
    std::size_t t = 0;
    const auto is_dense = [](const auto& strip) { return strip.stride == 1; };
    if constexpr (kLanesOf<V> == 1) {
      if (std::ranges::all_of(from, is_dense) && std::ranges::all_of(to, is_dense)) {
        for (; t < rows && at_ != 0; ++t) {
          put<V>(f(step_at(from, t)), to, t);
        }
        const auto n = static_cast<std::size_t>(n_);
        const std::size_t most = std::max(kColumn / n, Turned::kLeastBlocks) * n;
        for (std::size_t count; (count = std::min(most, (rows - t) / n * n)) > 0; t += count) {
          if (Turned::can(n, count)) {
            walk_turned(from, to, t, count, f);
          } else {
            walk_blocks(from, to, t, count, f);
          }
        }
      }
    }
    WindowMoments window = std::move(*this);  // As a local, as in walk_known().
    for (; t < rows; ++t) {
      put<V>(f(window.step_at(from, t)), to, t);
    }
    *this = std::move(window);
  }

 private:
  static constexpr int kFields = 3 * variables + 1;  // Values (this block), then the last block's sums of its ends.
  static constexpr std::size_t kColumn = 256;        // Bars walked at once, where blocks are that short: near caches.
  // Of columns; not a power of two, which would have them fight for the same places of the cache.
  static constexpr std::size_t kHeadLength = kStretch<V> + 24;
  static constexpr std::size_t kTailLength = 2 * kStretch<V> + 24;
  static constexpr int kMostLanes = static_cast<int>(Register::kLanes);
  enum : std::size_t { kCount, kCountShare, kBeforeShare, kWeights };
  struct Fields {
    Moments<V, variables> head;
    std::array<V, variables> pivot;
    std::array<V, variables> tail_pivot;
    auto state() {
      if constexpr (variables == 1) {
        return std::tie(head.sum[0], head.square[0], pivot[0], tail_pivot[0]);
      } else {
        return std::tie(head.sum[0], head.square[0], head.sum[1], head.square[1], head.product, pivot[0], pivot[1],
                        tail_pivot[0], tail_pivot[1]);
      }
    }
  };
  int place_of(int field, int slot) const { return field * (n_ + 1) + slot; }
  // Of the bar that stands at `at` in its block; those of the first follow behind those of the last.
  double& weight_at(std::size_t weight, int at) {
    return weights_.data()[weight * (static_cast<std::size_t>(n_) + kMostLanes) + static_cast<std::size_t>(at)];
  }
  HWY_INLINE Spread<V, variables> step_at(const std::array<Strip<const double>, variables>& from, std::size_t t) {
    std::array<V, variables> x;
    for_each<variables>([&](int k) LODE_INLINED { x[k] = load<V>(from[k].at(t)); });
    return step(x.data());
  }

  template <class W, std::size_t outputs>
  static HWY_INLINE void put(const std::array<W, outputs>& out, const std::array<Strip<double>, outputs>& to,
                             std::size_t t) {
    for_each<static_cast<int>(outputs)>([&](int k) LODE_INLINED { store(out[k], to[k].at(t)); });
  }

  // What a block's values are measured from, and how far from there the last block's stands.
  template <class W>
  struct Pivots {
    std::array<W, variables> head;
    std::array<W, variables> shift;
  };
  // Of a block that has `count` bars so far.
  template <class W>
  struct Weights {
    W count;
    W count_share;   // 1 / count
    W before_share;  // 1 / (n - count), the bars of the last block; 0 without any.
  };
  template <class W>
  HWY_INLINE Spread<W, variables> joined(const Moments<W, variables>& head, const Moments<W, variables>& tail,
                                         const Pivots<W>& pivots, const Weights<W>& of) const {
    const W weight = (W(n_ + 0.0) - of.count) * W(1.0 / n_);  // Of the last block's end in the mean.
    Spread<W, variables> out;
    std::array<W, variables> gap;
    for_each<variables>([&](int k) LODE_INLINED {
      const W mean = head.sum[k] * of.count_share;
      const W tail_mean = tail.sum[k] * of.before_share;
      gap[k] = (tail_mean - mean) + pivots.shift[k];
      const W square = (head.square[k] - head.sum[k] * mean) + (tail.square[k] - tail.sum[k] * tail_mean) +
                       gap[k] * gap[k] * (of.count * weight);
      out.square[k] = larger(square, W(0.0));
      out.mean[k] = pivots.head[k] + (mean + gap[k] * weight);
    });
    if constexpr (variables > 1) {
      out.product = (head.product - head.sum[0] * (head.sum[1] * of.count_share)) +
                    (tail.product - tail.sum[0] * (tail.sum[1] * of.before_share)) +
                    gap[0] * gap[1] * (of.count * weight);
    }
    return out;
  }

  // Columns of sums, one behind the other: the sums, the squares, the product.
  struct Columns {
    double* cells;
    std::size_t length;
    template <class W>
    HWY_INLINE void set(std::size_t t, const Moments<W, variables>& sums) const {
      for_each<variables>([&](int k) LODE_INLINED {
        store(sums.sum[k], cells + k * length + t);
        store(sums.square[k], cells + (variables + k) * length + t);
      });
      if constexpr (variables > 1) {
        store(sums.product, cells + 2 * variables * length + t);
      }
    }
    template <class W>
    HWY_INLINE Moments<W, variables> get(std::size_t t) const {
      Moments<W, variables> out;
      for_each<variables>([&](int k) LODE_INLINED {
        out.sum[k] = load<W>(cells + k * length + t);
        out.square[k] = load<W>(cells + (variables + k) * length + t);
      });
      out.product = variables > 1 ? load<W>(cells + 2 * variables * length + t) : W(0.0);
      return out;
    }
  };

  // What the block of bars [t, t + n) is measured from, and the next one's tail; the first and the shift from the tail
  // before it also as columns.
  HWY_INLINE std::pair<std::array<double, variables>, std::array<double, variables>> lay_pivots(
      const std::array<const double*, variables>& x, std::size_t t, double* columns) {
    const auto n = static_cast<std::size_t>(n_);
    for_each<variables>([&](int k) LODE_INLINED {
      cells_.pivot[k] = x[k][t];
      std::fill_n(columns + k * kHeadLength + t, n, cells_.pivot[k]);
      double* const shifts = columns + (variables + k) * kHeadLength + t;
      std::fill_n(shifts, n - 1, cells_.tail_pivot[k] - cells_.pivot[k]);
      shifts[n - 1] = 0.0;
      cells_.tail_pivot[k] = x[k][t + n - 1];
    });
    return {cells_.pivot, cells_.tail_pivot};
  }

  static constexpr std::size_t kSums = 2 * variables + (variables > 1 ? 1 : 0);

  // Sums in turned rows, one after the other as in Columns.
  template <class W>
  static HWY_INLINE void set_turned(std::array<Turned, kSums>& rows, std::size_t k, std::size_t block,
                                    const Moments<W, variables>& sums) {
    for_each<variables>([&](int v) LODE_INLINED {
      store(sums.sum[v], rows[v].at(k, block));
      store(sums.square[v], rows[variables + v].at(k, block));
    });
    if constexpr (variables > 1) {
      store(sums.product, rows[2 * variables].at(k, block));
    }
  }
  // Of the block before `block`.
  template <class W>
  static HWY_INLINE Moments<W, variables> turned_before(std::array<Turned, kSums>& rows, std::size_t k,
                                                        std::size_t block) {
    Moments<W, variables> out;
    for_each<variables>([&](int v) LODE_INLINED {
      out.sum[v] = load<W>(rows[v].at(k, block) - 1);
      out.square[v] = load<W>(rows[variables + v].at(k, block) - 1);
    });
    out.product = W(0.0);
    if constexpr (variables > 1) {
      out.product = load<W>(rows[2 * variables].at(k, block) - 1);
    }
    return out;
  }
  template <std::size_t... k>
  static HWY_INLINE std::array<Turned, sizeof...(k)> turned_rows(std::size_t n, std::size_t blocks,
                                                                 std::index_sequence<k...>) {
    return {((void)k, Turned(n, blocks))...};
  }

  // Whole blocks of one instrument, side by side, as in WindowFold.
  template <std::size_t outputs, class F>
  HWY_INLINE void walk_turned(const std::array<Strip<const double>, variables>& from,
                              const std::array<Strip<double>, outputs>& to, std::size_t first, std::size_t rows, F f) {
    const auto n = static_cast<std::size_t>(n_);
    const std::size_t blocks = rows / n;
    auto values = turned_rows(n, blocks, std::make_index_sequence<variables>());
    auto tails = turned_rows(n, blocks, std::make_index_sequence<kSums>());
    auto out = turned_rows(n, blocks, std::make_index_sequence<outputs>());
    // In row 0 of the tails' sums: what each block's tail is measured from.
    for_each<variables>([&](int v) LODE_INLINED {
      values[v].turn_in(from[v].at(first));
      tails[v].before(0) = cells_.tail_pivot[v];
    });
    for (std::size_t k = 1; k < n; ++k) {
      set_turned<double>(tails, k, static_cast<std::size_t>(-1), slot_sums(static_cast<int>(k)));
    }
    values[0].walk([&]<class W>(std::size_t block, W /*one*/) LODE_INLINED {
      std::array<W, variables> x;
      const auto read = [&](std::size_t k) LODE_INLINED {
        for_each<variables>([&](int v) LODE_INLINED { x[v] = load<W>(values[v].at(k, block)); });
      };
      read(n - 1);
      const std::array<W, variables> next_pivot = x;
      for_each<variables>([&](int v) LODE_INLINED { store(next_pivot[v], tails[v].at(0, block)); });
      Moments<W, variables> sums;
      sums.clear();
      for (std::size_t k = n - 1; k > 0; --k) {
        read(k);
        sums.add(x.data(), next_pivot.data());
        set_turned<W>(tails, k, block, sums);
      }
      read(0);
      Pivots<W> pivots;
      for_each<variables>([&](int v) LODE_INLINED {
        pivots.head[v] = x[v];
        pivots.shift[v] = load<W>(tails[v].at(0, block) - 1) - x[v];
      });
      sums.clear();
      const auto emit = [&](std::size_t k, const Moments<W, variables>& tail) LODE_INLINED {
        read(k);
        sums.add(x.data(), pivots.head.data());
        const int at = static_cast<int>(k);
        const auto answers =
            f(joined<W>(sums, tail, pivots,
                        {W(weight_at(kCount, at)), W(weight_at(kCountShare, at)), W(weight_at(kBeforeShare, at))}));
        for_each<static_cast<int>(outputs)>([&](int o) LODE_INLINED { store(answers[o], out[o].at(k, block)); });
      };
      for (std::size_t k = 0; k + 1 < n; ++k) {
        emit(k, turned_before<W>(tails, k + 1, block));
      }
      Moments<W, variables> none;
      none.clear();
      for_each<variables>([&](int v) LODE_INLINED { pivots.shift[v] = W(0.0); });
      emit(n - 1, none);
    });
    for (std::size_t k = 1; k < n; ++k) {
      set_slot_sums(static_cast<int>(k), turned_before<double>(tails, k, blocks));
    }
    for_each<variables>([&](int v) LODE_INLINED { cells_.tail_pivot[v] = tails[v].last(0); });
    for_each<static_cast<int>(outputs)>([&](int o) LODE_INLINED { out[o].turn_out(to[o].at(first)); });
  }

  // The same where blocks are too long or too few for that.
  template <std::size_t outputs, class F>
  HWY_INLINE void walk_blocks(const std::array<Strip<const double>, variables>& from,
                              const std::array<Strip<double>, outputs>& to, std::size_t first, std::size_t rows, F f) {
    alignas(64) std::array<double, kSums * kHeadLength> head_cells;
    alignas(64) std::array<double, kSums * kTailLength> tail_cells;
    alignas(64) std::array<double, 2 * variables * kHeadLength> pivot_cells;
    const Columns heads = {head_cells.data(), kHeadLength};
    const Columns tails = {tail_cells.data(), kTailLength};
    const auto n = static_cast<std::size_t>(n_);
    for (std::size_t k = 0; k < n; ++k) {
      tails.set(k, slot_sums(static_cast<int>(k) + 1));
    }
    std::array<const double*, variables> x;
    for_each<variables>([&](int k) LODE_INLINED { x[k] = from[k].at(first); });
    Moments<double, variables> head;
    Moments<double, variables> tail;
    for (std::size_t t = 0; t < rows; t += n) {
      const auto [pivot, next_pivot] = lay_pivots(x, t, pivot_cells.data());
      head.clear();
      tail.clear();
      for (std::size_t i = 0; i < n; ++i) {
        std::array<double, variables> front;
        std::array<double, variables> back;
        for_each<variables>([&](int k) LODE_INLINED {
          front[k] = x[k][t + i];
          back[k] = x[k][t + n - 1 - i];
        });
        head.add(front.data(), pivot.data());
        heads.set(t + i, head);
        tails.set(t + 2 * n - 1 - i, tail);  // Of the i bars behind; the last cell of a block: of none.
        tail.add(back.data(), next_pivot.data());
      }
    }
    const auto emit = [&]<class W>(std::size_t t, int at, W /*one*/) LODE_INLINED {
      Pivots<W> pivots;
      for_each<variables>([&](int k) LODE_INLINED {
        pivots.head[k] = load<W>(pivot_cells.data() + k * kHeadLength + t);
        pivots.shift[k] = load<W>(pivot_cells.data() + (variables + k) * kHeadLength + t);
      });
      put<W>(f(joined<W>(heads.template get<W>(t), tails.template get<W>(t), pivots,
                         {load<W>(&weight_at(kCount, at)), load<W>(&weight_at(kCountShare, at)),
                          load<W>(&weight_at(kBeforeShare, at))})),
             to, first + t);
    };
    std::size_t t = 0;
    int at = 0;
    const auto advance = [&](int bars) LODE_INLINED {
      t += static_cast<std::size_t>(bars);
      for (at += bars; at >= n_;) {
        at -= n_;
      }
    };
    for (; t + kMostLanes <= rows; advance(kMostLanes)) {
      emit(t, at, Register(0.0));
    }
    for (; t < rows; advance(1)) {
      emit(t, at, 0.0);
    }
    for (std::size_t k = 0; k < n; ++k) {
      set_slot_sums(static_cast<int>(k) + 1, tails.template get<double>(rows + k));
    }
    cells_.head = head;
  }

  HWY_INLINE Moments<V, variables> slot_sums(int slot) const {
    Moments<V, variables> out;
    for_each<variables>([&](int k) LODE_INLINED {
      out.sum[k] = slots_.get(place_of(variables + k, slot));
      out.square[k] = slots_.get(place_of(2 * variables + k, slot));
    });
    out.product = slots_.get(place_of(3 * variables, slot));
    return out;
  }
  HWY_INLINE void set_slot_sums(int slot, const Moments<V, variables>& sums) {
    for_each<variables>([&](int k) LODE_INLINED {
      slots_.set(place_of(variables + k, slot), sums.sum[k]);
      slots_.set(place_of(2 * variables + k, slot), sums.square[k]);
    });
    slots_.set(place_of(3 * variables, slot), sums.product);
  }

  HWY_INLINE void turn() {
    Moments<V, variables> tail;
    tail.clear();
    for (int slot = n_ - 1; slot > 0; --slot) {
      std::array<V, variables> x;
      for_each<variables>([&](int k) LODE_INLINED {
        x[k] = slots_.get(place_of(k, slot));
        if (slot == n_ - 1) {
          cells_.tail_pivot[k] = x[k];
        }
      });
      tail.add(x.data(), cells_.tail_pivot.data());
      set_slot_sums(slot, tail);
    }
    at_ = 0;
  }

  int n_;
  int at_ = 0;
  Fields cells_ = {};
  Slots<V> slots_;  // Of each field n; then one for what no bar is in, 0.
  Cells weights_;
};

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_WINDOW_MOMENTS_INL_H_
