// The driver of window kernels. A body is written once, for "the values of a window, oldest first", and runs over two
// kinds of windows:
//   full    every row is valid; several sessions at once, so that sums need not wait for themselves;
//   gappy   where min_periods=m values will do, some rows missing: these leave what a loop carries as it was.
// Both do the same operations in the same order, so a window without gaps gives the same bits in both. Every window is
// evaluated afresh, at any length: what came before leaves no trace.
//
// A body is a struct with
//   template <class N, class W> static N run(const W& window, const KernelArguments& arguments);
//   static constexpr int kOperands;          1 or 2
//   static constexpr bool kNeedsToday;       today's value takes part by itself: missing when it is missing
//   static constexpr bool kExact;            compares, counts and copies only, a last division apart: floats give the
//                                            result that doubles give, rounded, so float tiles are not widened
//   static constexpr std::size_t kRegisters; how many registers each of its variables may fill
//   static constexpr bool kReadsRows;        has of_rows<N>(window), the rows of a window with gaps as pandas hands
//   them
//                                            out, missing ones included, for profiles that skip these
// and reads from its window x(k), y(k), position(k) (1 = oldest), first_x() .., count() and today's, in loops
//   for (int k = window.begin(); k < window.days(); ++k) sum = window.keep(k, sum + window.x(k), sum);
// Sums and moments of float tiles are double.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_EXPR_KERNELS_WINDOW_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_EXPR_KERNELS_WINDOW_INL_H_
#undef LODE_CORE_EXPR_KERNELS_WINDOW_INL_H_
#else
#define LODE_CORE_EXPR_KERNELS_WINDOW_INL_H_
#endif

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include "lode/core/expr/kernels/kernel.h"
#include "lode/core/expr/kernels/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::expr::kernels::HWY_NAMESPACE {

// Consecutive rows of some lanes of one or two operands, oldest first.
template <class S>
struct Columns {
  const S* x = nullptr;
  std::size_t x_stride = 0;
  const S* y = nullptr;
  std::size_t y_stride = 0;

  HWY_INLINE Columns at(std::size_t row, std::size_t lane) const {
    return {x + row * x_stride + lane, x_stride, y + row * y_stride + lane, y_stride};
  }
};

// The last `days` rows, all valid.
template <class N, class S = typename N::T>
class FullWindow {
 public:
  static constexpr bool kHasGaps = false;

  FullWindow(Columns<S> oldest, int days) : oldest_(oldest), days_(days) {}

  HWY_INLINE int begin() const { return 0; }
  HWY_INLINE int after_first() const { return 1; }  // Where loops begin that have taken the first value already.
  HWY_INLINE int days() const { return days_; }
  HWY_INLINE N x(int k) const { return N::load_rows(oldest_.at(static_cast<std::size_t>(k), 0).x, oldest_.x_stride); }
  HWY_INLINE N y(int k) const { return N::load_rows(oldest_.at(static_cast<std::size_t>(k), 0).y, oldest_.y_stride); }
  HWY_INLINE N position(int k) const { return N::set(static_cast<double>(k + 1)); }
  HWY_INLINE N count() const { return N::set(static_cast<double>(days_)); }
  HWY_INLINE N first_x() const { return x(0); }
  HWY_INLINE N first_y() const { return y(0); }
  HWY_INLINE N first_position() const { return position(0); }
  HWY_INLINE N keep(int /*k*/, N yes, N /*no*/) const { return yes; }
  HWY_INLINE typename N::Mask is_x(int k, N value) const { return equal(x(k), value); }
  // Lanes from `lane` on of the window of row `row` of these, in doubles.
  template <class Wide>
  FullWindow<Wide, S> part(std::size_t row, std::size_t lane) const {
    return {oldest_.at(row, lane), days_};
  }

 private:
  Columns<S> oldest_;
  int days_;
};

// The last `days` rows, some of them missing or not there. One row of lanes.
template <int kOperands, class N, class S = typename N::T>
class GappyWindow {
 public:
  using Mask = typename N::Mask;
  static constexpr bool kHasGaps = true;
  static_assert(N::kRows == 1);

  // `begin`: the first row that the tile has. `count`: valid rows. `present`: rows since the instrument's first bar.
  GappyWindow(Columns<S> today, int days, int begin, N count, N present)
      : today_(today), days_(days), begin_(begin), count_(count), present_(present) {}

  HWY_INLINE int begin() const { return begin_; }
  HWY_INLINE int after_first() const { return begin_; }
  HWY_INLINE int days() const { return days_; }
  HWY_INLINE N x(int k) const { return N::load_from(today_.x - back(k) * today_.x_stride); }
  HWY_INLINE N y(int k) const { return N::load_from(today_.y - back(k) * today_.y_stride); }
  HWY_INLINE N position(int k) const { return N::set(static_cast<double>(k + 1)); }
  HWY_INLINE N count() const { return count_; }
  HWY_INLINE N keep(int k, N yes, N no) const { return select<N>(is_valid(k), yes, no); }
  // Where x is `value` or missing.
  HWY_INLINE Mask is_x(int k, N value) const {
    return either<N>(equal(x(k), value), MaskOps<N>::opposite(is_valid(k)));
  }
  HWY_INLINE N first_x() const {
    return first([this](int k) HWY_ATTR { return x(k); });
  }
  HWY_INLINE N first_y() const {
    return first([this](int k) HWY_ATTR { return y(k); });
  }
  HWY_INLINE N first_position() const {
    return first([this](int k) HWY_ATTR { return position(k); });
  }
  HWY_INLINE Mask is_valid(int k) const {
    const Mask has_x = less_equal(abs(x(k)), largest<N>());
    if constexpr (kOperands == 1) {
      return has_x;
    } else {
      return both<N>(has_x, less_equal(abs(y(k)), largest<N>()));
    }
  }
  template <class Wide>
  GappyWindow<kOperands, Wide, S> part(std::size_t /*row*/, std::size_t lane) const {
    typename N::T counts[N::kCount];
    typename N::T present[N::kCount];
    count_.store(counts);
    present_.store(present);
    const auto lanes = [lane](const auto* of) HWY_ATTR { return Wide::load_from(of + lane); };
    return {today_.at(0, lane), days_, begin_, lanes(counts), lanes(present)};
  }
  // Rows as pandas hands them out begin at the instrument's first bar, missing ones included.
  HWY_INLINE Mask is_present(int k) const { return less_equal(absent(), N::set(static_cast<double>(k))); }
  HWY_INLINE N present_position(int k) const { return position(k) - absent(); }  // 1 = the oldest of them

 private:
  HWY_INLINE N absent() const { return N::set(static_cast<double>(days_)) - present_; }
  HWY_INLINE std::size_t back(int k) const { return static_cast<std::size_t>(days_ - 1 - k); }

  // What the oldest valid row has; missing where there is none.
  template <class Of>
  HWY_INLINE N first(Of of) const {
    N result = missing<N>();
    Mask is_found = equal(count_, N::set(0.0));
    for (int k = begin_; k < days_ && !all<N>(is_found); ++k) {
      const Mask is_here = both<N>(is_valid(k), MaskOps<N>::opposite(is_found));
      result = select<N>(is_here, of(k), result);
      is_found = either<N>(is_found, is_here);
    }
    return result;
  }

  Columns<S> today_;
  int days_;
  int begin_;
  N count_;
  N present_;
};

// As many lanes as two registers hold, and no more than a tile has.
template <class T>
using Lanes = std::conditional_t<2 * hn::MaxLanes(hn::ScalableTag<T>()) <= kLanes, Pair<Single<hn::ScalableTag<T>>>,
                                 Single<hn::ScalableTag<T>>>;

// So many registers, rows of lanes one below the other.
template <class L, std::size_t kRegisters>
struct Stacked {
  using Type = L;
};
template <class L, std::size_t kRegisters>
  requires(kRegisters* hn::MaxLanes(hn::ScalableTag<typename L::T>()) > L::kCount)
struct Stacked<L, kRegisters> {
  using Type = Stack<typename Stacked<L, kRegisters / 2>::Type>;
};

// Some lanes of a call, from the first row to the last.
template <class Body, class T>
class WindowBlock {
 public:
  using L = Lanes<T>;
  using Mask = typename L::Mask;

  // `first_bars`: sessions by lane, or nullptr; `session`: that of the first row of the result.
  struct Facts {
    int days = 0;
    int least = 0;            // 0: only full windows
    std::size_t history = 0;  // Rows before those of the result.
    std::size_t rows = 0;     // Of the result.
    const std::int32_t* first_bars = nullptr;
    std::int32_t session = 0;
  };

  WindowBlock(const Columns<T>& cells, T* out, std::size_t out_stride, const Facts& facts,
              const KernelArguments& arguments)
      : cells_(cells),
        out_(out),
        out_stride_(out_stride),
        facts_(facts),
        arguments_(arguments),
        back_(static_cast<std::size_t>(facts.days) - 1),
        start_(facts.history > back_ ? facts.history - back_ : 0) {
    T first[L::kCount] = {};
    for (std::size_t lane = 0; facts.first_bars != nullptr && lane < L::kCount; ++lane) {
      first[lane] = static_cast<T>(facts.first_bars[lane]);
    }
    first_bars_ = L::load(first);
  }

  void run() {
    using N = typename Stacked<L, Body::kRegisters>::Type;
    std::size_t row = start_;
    for (; row < facts_.history; ++row) {
      see(row);
    }
    const std::size_t end = facts_.history + facts_.rows;
    for (; row < end && row < back_; ++row) {
      run_one(row, see(row));
    }
    if constexpr (N::kRows > 1) {
      for (; row + N::kRows <= end; row += N::kRows) {
        run_some<N>(row);
      }
    }
    for (; row < end; ++row) {
      run_one(row, see(row));
    }
  }

 private:
  struct Seen {
    L in_a_row;  // Valid rows up to this one, without a gap.
    L count;     // Valid rows in the window that ends here.
  };

  HWY_INLINE Seen see(std::size_t row) {
    const Mask is_here = is_valid(row);
    const L one = L::set(1.0);
    seen_.in_a_row = select<L>(is_here, seen_.in_a_row + one, L::set(0.0));
    if (facts_.least > 0) {
      seen_.count = select<L>(is_here, seen_.count + one, seen_.count);
      if (row > start_ + back_) {
        seen_.count = select<L>(is_valid(row - back_ - 1), seen_.count - one, seen_.count);
      }
    }
    return seen_;
  }
  HWY_INLINE Mask is_valid(std::size_t row) const {
    const Columns<T> here = cells_.at(row, 0);
    const Mask has_x = less_equal(abs(L::load(here.x)), largest<L>());
    if constexpr (Body::kOperands == 1) {
      return has_x;
    } else {
      return both<L>(has_x, less_equal(abs(L::load(here.y)), largest<L>()));
    }
  }

  T* out(std::size_t row) const { return out_ + (row - facts_.history) * out_stride_; }

  template <class N>
  HWY_INLINE void run_some(std::size_t row) {
    Seen seen[N::kRows];
    L in_a_row[N::kRows];
    for (std::size_t i = 0; i < N::kRows; ++i) {
      seen[i] = see(row + i);
      in_a_row[i] = seen[i].in_a_row;
    }
    const typename N::Mask is_full = less_equal(N::set(facts_.days), stacked<N>(in_a_row));
    if (facts_.least > 0 && !all<N>(is_full)) {
      for (std::size_t i = 0; i < N::kRows; ++i) {
        run_one(row + i, seen[i]);
      }
      return;
    }
    N result = missing<N>();
    if (!none<N>(is_full)) {
      result = select<N>(is_full, full<N>(row), result);
    }
    result.store_rows(out(row), out_stride_);
  }

  void run_one(std::size_t row, const Seen& seen) {
    const Mask is_full = less_equal(L::set(facts_.days), seen.in_a_row);
    L result = missing<L>();
    if (facts_.least > 0 && !all<L>(is_full)) {
      result = gappy(row, seen);
    } else if (!none<L>(is_full)) {
      result = select<L>(is_full, full<L>(row), result);
    }
    result.store_rows(out(row), out_stride_);
  }

  template <class N>
  HWY_INLINE N full(std::size_t row) const {
    return Body::template run<N>(FullWindow<N>(cells_.at(row - back_, 0), facts_.days), arguments_);
  }

  HWY_NOINLINE L gappy(std::size_t row, const Seen& seen) const {
    Mask is_enough = less_equal(L::set(std::max(facts_.least, 1)), seen.count);
    if constexpr (Body::kNeedsToday) {
      is_enough = both<L>(is_enough, is_valid(row));
    }
    const auto rows = window(row, seen.count);
    if constexpr (Body::kReadsRows) {
      if (skips_missing(arguments_)) {
        // A lane without a gap has the bits that it has where no lane has one.
        const Mask is_full = less_equal(L::set(facts_.days), seen.in_a_row);
        const L result = Body::template of_rows<L>(rows);
        return none<L>(is_full) ? result : select<L>(is_full, full<L>(row), result);
      }
    }
    return select<L>(is_enough, Body::template run<L>(rows, arguments_), missing<L>());
  }

  GappyWindow<Body::kOperands, L> window(std::size_t row, L count) const {
    const std::size_t first_row = row < back_ ? back_ - row : 0;
    L present = L::set(static_cast<double>(std::min(row, back_) + 1));
    if (facts_.first_bars != nullptr) {
      const auto session =
          static_cast<double>(facts_.session) + static_cast<double>(row) - static_cast<double>(facts_.history);
      const L age = L::set(session + 1.0) - first_bars_;
      present = larger(L::set(0.0), smaller(present, age));
    }
    return {cells_.at(row, 0), facts_.days, static_cast<int>(first_row), count, present};
  }

  Columns<T> cells_;
  T* out_;
  std::size_t out_stride_;
  Facts facts_;
  const KernelArguments& arguments_;
  std::size_t back_;
  std::size_t start_;  // The first row that counts.
  L first_bars_;
  Seen seen_{L::set(0.0), L::set(0.0)};
};

// Doubles of some lanes of a tile of floats: exact.
template <class L>
const double* widen(const Tile<const float>& from, std::size_t lane, double* to) {
  for (std::size_t row = 0; row < from.rows; ++row) {
    L::load_from(from.row(row) + lane).store(to + row * L::kWidth);
  }
  return to;
}

template <class L, class S>
Columns<typename L::T> columns_of(const KernelCall<S>& call, std::size_t operands, std::size_t lane, Bump& bump) {
  const Tile<const S>& x = call.operands[0];
  const Tile<const S>& y = call.operands[operands - 1];
  if constexpr (std::is_same_v<S, typename L::T>) {
    return {x.cells + lane, x.stride, y.cells + lane, y.stride};
  } else {
    const double* const wide = widen<L>(x, lane, bump.take<double>(x.rows * L::kWidth));
    if (operands == 1) {
      return {wide, L::kWidth, wide, L::kWidth};
    }
    return {wide, L::kWidth, widen<L>(y, lane, bump.take<double>(y.rows * L::kWidth)), L::kWidth};
  }
}

// One session of full windows; in window_session-inl.h.
template <class Body, class Cell, class S>
void run_session(const KernelCall<S>& call);

// Option 0 of every window operator that has options is min_periods, 0 when not given.
// `Cell`: what lanes hold.
template <class Body, class Cell, class S>
void run_window_as(const KernelCall<S>& call) {
  using Block = WindowBlock<Body, Cell>;
  using L = typename Block::L;
  static_assert(kLanes % L::kCount == 0);
  LODE_ASSERT(call.out.width % kLanes == 0);
  typename Block::Facts facts;
  facts.days = window_days(call.arguments);
  facts.least = call.arguments.options.empty() ? 0 : static_cast<int>(call.arguments.options[0]);
  facts.history = call.history;
  facts.rows = call.out.rows;
  facts.session = call.session;
  if (facts.rows == 1 && facts.least == 0 && facts.history + 1 >= static_cast<std::size_t>(facts.days)) {
    run_session<Body, Cell>(call);
    return;
  }
  for (std::size_t lane = 0; lane < call.out.width; lane += L::kCount) {
    Bump bump(call.scratch);
    const Columns<Cell> cells = columns_of<L>(call, Body::kOperands, lane, bump);
    std::int32_t first_bars[L::kCount] = {};  // Lanes beyond the last instrument hold nothing, whenever they begin.
    for (std::size_t i = 0; i < L::kCount && lane + i < call.first_bars.size(); ++i) {
      first_bars[i] = call.first_bars[lane + i];
    }
    facts.first_bars = first_bars;
    if constexpr (std::is_same_v<S, Cell>) {
      Block(cells, call.out.cells + lane, call.out.stride, facts, call.arguments).run();
    } else {
      Cell* const results = bump.take<Cell>(call.out.rows * L::kWidth);
      Block(cells, results, L::kWidth, facts, call.arguments).run();
      for (std::size_t row = 0; row < call.out.rows; ++row) {
        L::load(results + row * L::kWidth).store_rows(call.out.row(row) + lane, 0);
      }
    }
  }
}

template <class Body, class S>
void run_window(const KernelCall<S>& call) {
  run_window_as<Body, std::conditional_t<Body::kExact, S, double>>(call);
}

}  // namespace lode::expr::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#include "lode/core/expr/kernels/window_session-inl.h"

// LODE_WINDOW_DEFINE(name, Body) inside the target's namespace, LODE_WINDOW_EXPORT(name, Body) once outside.
#undef LODE_WINDOW_DEFINE
#define LODE_WINDOW_DEFINE(name, Body)                                     \
  void name##32(const KernelCall<float>& call) { run_window<Body>(call); } \
  void name##64(const KernelCall<double>& call) { run_window<Body>(call); }
#undef LODE_WINDOW_EXPORT
#define LODE_WINDOW_EXPORT(name, Body)           \
  HWY_EXPORT(name##32);                          \
  HWY_EXPORT(name##64);                          \
  Kernel name() {                                \
    return {[](const KernelCall<float>& call) {  \
              HWY_DYNAMIC_DISPATCH(name##32)     \
              (call);                            \
            },                                   \
            [](const KernelCall<double>& call) { \
              HWY_DYNAMIC_DISPATCH(name##64)     \
              (call);                            \
            }};                                  \
  }

#endif  // LODE_CORE_EXPR_KERNELS_WINDOW_INL_H_
