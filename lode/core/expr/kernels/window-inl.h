// The driver of window kernels. A body is written once, for "a run of values, oldest first", and runs in two ways:
//   full windows    whole registers, lanes side by side, values straight from the tile;
//   with gaps       where min_periods=m values will do, one lane at a time over the valid values of the window,
//   gathered
//                   with their calendar positions.
// Both do the same operations in the same order, so a window without gaps gives the same bits in both. Every window is
// evaluated afresh, at any length: what came before leaves no trace.
//
// A body is a struct with
//   template <class N, class W> static N run(const W& window, const KernelArguments& arguments);
//   static constexpr int kOperands;          1 or 2
//   static constexpr bool kNeedsToday;       today's value takes part by itself: missing when it is missing
//   static constexpr bool kExact;            compares, counts and copies only, a last division apart: floats give the
//                                            result that doubles give, rounded, so float tiles are not widened
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

// The last `days` rows of some lanes, all valid.
template <class N, class S>
struct FullWindow {
  const S* x_oldest;
  const S* y_oldest;
  std::size_t x_stride;
  std::size_t y_stride;
  int days;

  HWY_INLINE int size() const { return days; }
  HWY_INLINE N x(int k) const { return N::load_from(x_oldest + static_cast<std::size_t>(k) * x_stride); }
  HWY_INLINE N y(int k) const { return N::load_from(y_oldest + static_cast<std::size_t>(k) * y_stride); }
  HWY_INLINE N position(int k) const { return N::set(static_cast<double>(k + 1)); }  // 1 = oldest
};

// The valid values of one lane's window.
template <class N>
struct GatheredWindow {
  const double* xs;
  const double* ys;
  const double* positions;
  int count;
  int days;

  HWY_INLINE int size() const { return count; }
  HWY_INLINE N x(int k) const { return N::load(xs + k); }
  HWY_INLINE N y(int k) const { return N::load(ys + k); }
  HWY_INLINE N position(int k) const { return N::load(positions + k); }
};

// The rows of one lane's window that are there, oldest first, missing ones included.
template <class S>
struct PresentRows {
  const S* oldest;
  std::size_t stride;
  int count;

  // NaN where missing.
  double operator[](int k) const {
    const S value = oldest[static_cast<std::size_t>(k) * stride];
    return is_finite(value) ? static_cast<double>(value) : kMissing<double>;
  }
};

// Rows are there from the instrument's first bar on, or from the tile's first row.
template <class S>
PresentRows<S> present_rows(const KernelCall<S>& call, std::size_t row, std::size_t lane) {
  const auto session = static_cast<std::ptrdiff_t>(row - call.history) + call.session;
  // Lanes beyond the last instrument hold nothing, whenever they begin.
  const std::ptrdiff_t first = lane < call.first_bars.size() ? call.first_bars[lane] : 0;
  const std::ptrdiff_t age = session + 1 - first;
  const auto most = std::min<std::ptrdiff_t>(window_days(call.arguments), static_cast<std::ptrdiff_t>(row) + 1);
  const auto count = std::clamp<std::ptrdiff_t>(age, 0, most);
  const Tile<const S>& x = call.operands[0];
  const std::size_t oldest = row + 1 - static_cast<std::size_t>(std::max<std::ptrdiff_t>(count, 1));
  return {x.row(oldest) + lane, x.stride, static_cast<int>(count)};
}

// Gathers the window that ends at `row`; its missing rows, also those before the first, are left out.
template <class Body, class N, class S>
GatheredWindow<N> gather(const KernelCall<S>& call, std::size_t row, std::size_t lane, double* const* buffers) {
  const int days = window_days(call.arguments);
  const Tile<const S>& x = call.operands[0];
  const Tile<const S>& y = call.operands[Body::kOperands - 1];
  const std::size_t first = row + 1 >= static_cast<std::size_t>(days) ? row + 1 - static_cast<std::size_t>(days) : 0;
  int count = 0;
  for (std::size_t at = first; at <= row; ++at) {
    const S x_value = x.row(at)[lane];
    const S y_value = y.row(at)[lane];
    if (is_finite(x_value) && is_finite(y_value)) {
      buffers[0][count] = x_value;
      buffers[1][count] = y_value;
      buffers[2][count] = static_cast<double>(at + static_cast<std::size_t>(days) - row);
      ++count;
    }
  }
  return {buffers[0], buffers[1], buffers[2], count, days};
}

// A body may read the rows of a window as pandas hands them out, missing ones included, under profiles that skip these.
template <class Body>
concept ReadsRows = requires(const PresentRows<double>& rows) { Body::of_rows(rows); };

// One cell from a window with gaps, of at least `least` values.
template <class Body, class S>
void run_gappy_cell(const KernelCall<S>& call, std::size_t row, std::size_t lane, int least, double* const* buffers) {
  S& result = call.out.row(row - call.history)[lane];
  if constexpr (ReadsRows<Body>) {
    if (skips_missing(call.arguments)) {
      result = stored<S>(Body::of_rows(present_rows(call, row, lane)));
      return;
    }
  }
  using N = Single<hn::CappedTag<double, 1>>;
  const GatheredWindow<N> window = gather<Body, N>(call, row, lane, buffers);
  result = kMissing<S>;
  const bool has_today =
      window.count > 0 && window.positions[window.count - 1] == static_cast<double>(window_days(call.arguments));
  if (window.count >= std::max(least, 1) && (has_today || !Body::kNeedsToday)) {
    Body::template run<N>(window, call.arguments).store_to(&result);
  }
}

// Some lanes side by side: whole registers where all their windows are full, one lane at a time through the others when
// `least` values will do (0: only full ones).
template <class Body, class N, class S>
void run_lanes(const KernelCall<S>& call, std::size_t lane, int least, double* const* buffers) {
  const int days = window_days(call.arguments);
  const Tile<const S>& x = call.operands[0];
  const Tile<const S>& y = call.operands[Body::kOperands - 1];
  const std::size_t back = static_cast<std::size_t>(days) - 1;
  const N needed = N::set(static_cast<double>(days));
  N valid_run = N::set(0.0);  // Valid rows in a row, up to this one.
  for (std::size_t row = call.history > back ? call.history - back : 0; row < call.history + call.out.rows; ++row) {
    typename N::Mask is_absent = is_missing(N::load_from(x.row(row) + lane));
    if constexpr (Body::kOperands == 2) {
      is_absent = either<N>(is_absent, is_missing(N::load_from(y.row(row) + lane)));
    }
    valid_run = select<N>(is_absent, N::set(0.0), valid_run + N::set(1.0));
    if (row < call.history) {
      continue;
    }
    N result = missing<N>();
    const typename N::Mask is_full = less_equal(needed, valid_run);
    if (!none<N>(is_full)) {
      const FullWindow<N, S> window{x.row(row - back) + lane, y.row(row - back) + lane, x.stride, y.stride, days};
      result = select<N>(is_full, Body::template run<N>(window, call.arguments), missing<N>());
    }
    result.store_to(call.out.row(row - call.history) + lane);
    if (least > 0 && !all<N>(is_full)) {
      typename N::T runs[N::kCount];
      valid_run.store(runs);
      for (std::size_t i = 0; i < N::kCount; ++i) {
        if (runs[i] < static_cast<typename N::T>(days)) {
          run_gappy_cell<Body>(call, row, lane + i, least, buffers);
        }
      }
    }
  }
}

// As many lanes as two registers hold, and no more than a tile has.
template <class T>
using Lanes = std::conditional_t<2 * hn::MaxLanes(hn::ScalableTag<T>()) <= kLanes, Pair<hn::ScalableTag<T>>,
                                 Single<hn::ScalableTag<T>>>;

// Option 0 of every window operator that has options is min_periods, 0 when not given.
// `Cell`: what lanes hold, when it is not what the body says.
template <class Body, class Cell = void, class S>
void run_window(const KernelCall<S>& call) {
  const int least = call.arguments.options.empty() ? 0 : static_cast<int>(call.arguments.options[0]);
  double* buffers[3] = {nullptr, nullptr, nullptr};
  if (least > 0) {
    Bump bump(call.scratch);
    for (double*& buffer : buffers) {
      buffer = bump.take<double>(static_cast<std::size_t>(window_days(call.arguments)));
    }
  }
  using Usual = std::conditional_t<Body::kExact, S, double>;
  using N = Lanes<std::conditional_t<std::is_void_v<Cell>, Usual, Cell>>;
  static_assert(kLanes % N::kCount == 0);
  LODE_ASSERT(call.out.width % kLanes == 0);
  for (std::size_t lane = 0; lane < call.out.width; lane += N::kCount) {
    run_lanes<Body, N>(call, lane, least, buffers);
  }
}

}  // namespace lode::expr::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

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
