// The driver of window kernels. A body is written once, for "a run of values, oldest first", and runs in two ways:
//   full windows    whole registers, lanes side by side, values straight from the tile;
//   min_periods=m   one lane at a time over the valid values of the window, gathered with their calendar positions.
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

template <class Body, class N, class S>
void run_full_lanes(const KernelCall<S>& call, std::size_t lane) {
  const int days = window_days(call.arguments);
  const Tile<const S>& x = call.operands[0];
  const Tile<const S>& y = call.operands[Body::kOperands - 1];
  const std::size_t back = static_cast<std::size_t>(days) - 1;
  const N needed = N::set(static_cast<double>(days));
  N valid_run = N::set(0.0);  // Valid rows in a row, up to this one.
  for (std::size_t row = call.history > back ? call.history - back : 0; row < call.history + call.out.rows; ++row) {
    const N today = N::load_from(x.row(row) + lane);
    typename N::Mask is_missing = is_nan(today);
    if constexpr (Body::kOperands == 2) {
      is_missing = either<N>(is_missing, is_nan(N::load_from(y.row(row) + lane)));
    }
    valid_run = select<N>(is_missing, N::set(0.0), valid_run + N::set(1.0));
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
  }
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
    const double x_value = x.row(at)[lane];
    const double y_value = y.row(at)[lane];
    if (x_value == x_value && y_value == y_value) {
      buffers[0][count] = x_value;
      buffers[1][count] = y_value;
      buffers[2][count] = static_cast<double>(at + static_cast<std::size_t>(days) - row);
      ++count;
    }
  }
  return {buffers[0], buffers[1], buffers[2], count, days};
}

template <class Body, class S>
void run_with_gaps(const KernelCall<S>& call, int least) {
  using N = Single<hn::CappedTag<double, 1>>;
  const std::size_t days = static_cast<std::size_t>(window_days(call.arguments));
  Bump bump(call.scratch);
  double* const buffers[3] = {bump.take<double>(days), bump.take<double>(days), bump.take<double>(days)};
  for (std::size_t lane = 0; lane < call.out.width; ++lane) {
    for (std::size_t i = 0; i < call.out.rows; ++i) {
      const GatheredWindow<N> window = gather<Body, N>(call, i + call.history, lane, buffers);
      S& result = call.out.row(i)[lane];
      result = kMissing<S>;
      const bool has_today = window.count > 0 && window.positions[window.count - 1] == static_cast<double>(days);
      if (window.count >= std::max(least, 1) && (has_today || !Body::kNeedsToday)) {
        Body::template run<N>(window, call.arguments).store_to(&result);
      }
    }
  }
}

// Option 0 of every window operator that has options is min_periods, 0 when not given.
// As many lanes as two registers hold, and no more than a tile has.
template <class T>
using Lanes = std::conditional_t<2 * hn::MaxLanes(hn::ScalableTag<T>()) <= kLanes, Pair<hn::ScalableTag<T>>,
                                 Single<hn::ScalableTag<T>>>;

template <class Body, class S>
void run_window(const KernelCall<S>& call) {
  const int min_periods = call.arguments.options.empty() ? 0 : static_cast<int>(call.arguments.options[0]);
  if (min_periods > 0) {
    run_with_gaps<Body>(call, min_periods);
    return;
  }
  using N = Lanes<std::conditional_t<Body::kExact, S, double>>;
  static_assert(kLanes % N::kCount == 0);
  LODE_ASSERT(call.out.width % kLanes == 0);
  for (std::size_t lane = 0; lane < call.out.width; lane += N::kCount) {
    run_full_lanes<Body, N>(call, lane);
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
