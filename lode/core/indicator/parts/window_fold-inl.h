// Sum, maximum and minimum of the last n values, from those values alone: blocks of n bars, counted from the first. A
// window is the end of one block and the beginning of the next; both folds are there already. Nothing is ever taken out
// of a sum, so no error grows, and three operations a bar serve any n (the scheme of van Herk 1992 and Gil & Werman
// 1993 for maxima).
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_WINDOW_FOLD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_WINDOW_FOLD_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_WINDOW_FOLD_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_WINDOW_FOLD_INL_H_
#endif

#include <algorithm>
#include <array>
#include <limits>
#include "lode/core/indicator/parts/ring-inl.h"
#include "lode/core/indicator/parts/turned-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// Folds the last n values by an associative `Fold::join(older, newer)`, to which kNothing adds nothing.
template <class V, class Fold>
class WindowFold {
 public:
  explicit WindowFold(int n) : n_(n), slots_(n + 1) { slots_.set(n, V(Fold::kNothing)); }
  auto state() { return std::tie(at_, head_, slots_); }
  int window() const { return n_; }

  // The fold of x and the n - 1 values before it; of fewer until there are so many.
  HWY_INLINE V step(V x) {
    // Slot k: the fold of the last block from its bar k on, slot n of nothing; below `at_` this block's own values.
    head_ = at_ == 0 ? x : Fold::join(head_, x);
    const V fold = Fold::join(slots_.get(at_ + 1), head_);
    slots_.set(at_, x);
    if (++at_ == n_) {
      turn();
    }
    return fold;
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
    WindowFold window = std::move(*this);  // As a local, as in walk_known().
    for (; t < rows; ++t) {
      store(f(window.step(load<V>(from.at(t)))), to.at(t));
    }
    *this = std::move(window);
  }
  HWY_INLINE void stretch(Strip<const double> from, Strip<double> to, std::size_t rows) {
    stretch(from, to, rows, [](auto fold) LODE_INLINED { return fold; });
  }

 private:
  // Whole blocks of one instrument, side by side.
  template <class F>
  HWY_INLINE void walk_turned(const double* x, double* out, std::size_t rows, F f) {
    const auto n = static_cast<std::size_t>(n_);
    Turned values(n, rows / n);
    Turned tails(n, rows / n);
    values.turn_in(x);
    slots_.set(0, x[rows - n]);  // As step() leaves it.
    for (std::size_t k = 1; k < n; ++k) {
      tails.before(k) = slots_.get(static_cast<int>(k));
    }
    values.walk([&]<class W>(std::size_t block, W /*one*/) LODE_INLINED {
      W tail = load<W>(values.at(n - 1, block));
      store(tail, tails.at(n - 1, block));
      for (std::size_t k = n - 2; k > 0; --k) {
        tail = Fold::join(load<W>(values.at(k, block)), tail);
        store(tail, tails.at(k, block));
      }
      W head = load<W>(values.at(0, block));
      for (std::size_t k = 1; k < n; ++k) {
        store(f(Fold::join(load<W>(tails.at(k, block) - 1), head)), values.at(k - 1, block));
        head = Fold::join(head, load<W>(values.at(k, block)));
      }
      store(f(Fold::join(W(Fold::kNothing), head)), values.at(n - 1, block));
      store(head, tails.at(0, block));
    });
    for (std::size_t k = 1; k < n; ++k) {
      slots_.set(static_cast<int>(k), tails.last(k));
    }
    head_ = tails.last(0);
    values.turn_out(out);
  }

  // The same where blocks are too long or too few for that. A block's folds from the front and from the back do not
  // wait for each other; they stand in columns, the latter where the next block wants them, and are joined a register
  // at a time.
  template <class F>
  HWY_INLINE void walk_blocks(const double* x, double* out, std::size_t rows, F f) {
    if (rows == 0) {
      return;
    }
    std::array<double, kStretch<V>> heads;
    std::array<double, 2 * kStretch<V>> tails;
    const auto n = static_cast<std::size_t>(n_);
    std::copy_n(slots_.cells() + 1, n, tails.data());
    double head = 0.0;
    for (std::size_t t = 0; t < rows; t += n) {
      const double* const block = x + t;
      double* const next = tails.data() + t + n;
      double tail = block[n - 1];
      head = block[0];
      heads[t] = head;
      next[n - 1] = Fold::kNothing;
      for (std::size_t k = 1; k < n; ++k) {
        head = Fold::join(head, block[k]);
        heads[t + k] = head;
        next[n - 1 - k] = tail;
        tail = Fold::join(block[n - 1 - k], tail);
      }
    }
    slots_.set(0, x[rows - n]);  // As step() leaves it.
    join<V, 2>({Strip<const double>{tails.data(), 1}, Strip<const double>{heads.data(), 1}}, {out, 1}, rows,
               [&](const auto* ends) LODE_INLINED { return f(Fold::join(ends[0], ends[1])); });
    std::copy_n(tails.data() + rows, n, slots_.cells() + 1);
    head_ = head;
  }

  HWY_INLINE void turn() {
    V tail = slots_.get(n_ - 1);
    for (int k = n_ - 2; k > 0; --k) {
      tail = Fold::join(slots_.get(k), tail);
      slots_.set(k, tail);
    }
    at_ = 0;
  }

  int n_;
  int at_ = 0;
  V head_{};  // This block's fold so far.
  Slots<V> slots_;
};

struct Plus {
  static constexpr double kNothing = 0.0;
  template <class V>
  static HWY_INLINE V join(V older, V newer) {
    return older + newer;
  }
};
struct Most {
  static constexpr double kNothing = -std::numeric_limits<double>::infinity();
  template <class V>
  static HWY_INLINE V join(V older, V newer) {
    return larger(older, newer);
  }
};
struct Least {
  static constexpr double kNothing = std::numeric_limits<double>::infinity();
  template <class V>
  static HWY_INLINE V join(V older, V newer) {
    return smaller(older, newer);
  }
};
template <class V>
using WindowSum = WindowFold<V, Plus>;
template <class V>
using WindowMax = WindowFold<V, Most>;
template <class V>
using WindowMin = WindowFold<V, Least>;

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_WINDOW_FOLD_INL_H_
