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

#include <array>
#include "lode/core/indicator/parts/ring-inl.h"

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
  explicit WindowMoments(int n) : n_(n), slots_(n * kFields), shares_(static_cast<std::size_t>(n) + 1) {
    for (int count = 1; count <= n; ++count) {
      shares_.data()[count] = 1.0 / count;
    }
  }
  auto state() { return std::tie(at_, cells_, slots_); }
  int window() const { return n_; }

  HWY_INLINE Spread<V, variables> step(const V* x) {
    for_each<variables>([&](int k) LODE_INLINED {
      slots_.set(at_ * kFields + k, x[k]);
      if (at_ == 0) {
        cells_.pivot[k] = x[k];
      }
    });
    if (at_ == 0) {
      cells_.head.clear();
    }
    cells_.head.add(x, cells_.pivot.data());
    const Spread<V, variables> out = joined();
    if (++at_ == n_) {
      turn();
    }
    return out;
  }

 private:
  static constexpr int kFields = 3 * variables + 1;  // Of a slot: values (this block), then the last block's sums.
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

  HWY_INLINE Spread<V, variables> joined() const {
    const double count = at_ + 1.0;
    const double before = n_ - count;
    const double count_share = shares_.data()[at_ + 1];
    const double before_share = shares_.data()[n_ - 1 - at_];
    const double weight = before * shares_.data()[n_];  // Of the last block's end in the mean.
    Spread<V, variables> out;
    std::array<V, variables> gap;
    for_each<variables>([&](int k) LODE_INLINED {
      const V mean = cells_.head.sum[k] * V(count_share);
      out.square[k] = cells_.head.square[k] - cells_.head.sum[k] * mean;
      gap[k] = V(0.0);
      if (before > 0.0) {
        const V sum = slots_.get((at_ + 1) * kFields + variables + k);
        const V tail_mean = sum * V(before_share);
        const V tail_square = slots_.get((at_ + 1) * kFields + 2 * variables + k) - sum * tail_mean;
        gap[k] = (tail_mean - mean) + (cells_.tail_pivot[k] - cells_.pivot[k]);
        out.square[k] = out.square[k] + tail_square + gap[k] * gap[k] * V(count * weight);
      }
      out.square[k] = larger(out.square[k], V(0.0));
      out.mean[k] = cells_.pivot[k] + (mean + gap[k] * V(weight));
    });
    if constexpr (variables > 1) {
      out.product = cells_.head.product - cells_.head.sum[0] * (cells_.head.sum[1] * V(count_share));
      if (before > 0.0) {
        const int slot = (at_ + 1) * kFields;
        const V tail = slots_.get(slot + 3 * variables) -
                       slots_.get(slot + variables) * (slots_.get(slot + variables + 1) * V(before_share));
        out.product = out.product + tail + gap[0] * gap[1] * V(count * weight);
      }
    }
    return out;
  }

  HWY_INLINE void turn() {
    Moments<V, variables> tail;
    tail.clear();
    for (int slot = n_ - 1; slot > 0; --slot) {
      std::array<V, variables> x;
      for_each<variables>([&](int k) LODE_INLINED {
        x[k] = slots_.get(slot * kFields + k);
        if (slot == n_ - 1) {
          cells_.tail_pivot[k] = x[k];
        }
      });
      tail.add(x.data(), cells_.tail_pivot.data());
      for_each<variables>([&](int k) LODE_INLINED {
        slots_.set(slot * kFields + variables + k, tail.sum[k]);
        slots_.set(slot * kFields + 2 * variables + k, tail.square[k]);
      });
      slots_.set(slot * kFields + 3 * variables, tail.product);
    }
    at_ = 0;
  }

  int n_;
  int at_ = 0;
  Fields cells_ = {};
  Slots<V> slots_;
  Cells shares_;  // 1 / count, by count.
};

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_WINDOW_MOMENTS_INL_H_
