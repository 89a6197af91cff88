// Quantiles of windows: the sorted values of every lane side by side, into which each day is inserted while the oldest
// is taken out, in one pass and without a branch. What they hold depends on the window alone, so the result does too.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/targets.h"
#include "lode/core/expr/kernels/window.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/expr/kernels/window_sorted.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lode/core/expr/kernels/window-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::expr::kernels::HWY_NAMESPACE {
namespace {

// Sorted windows of some lanes: places[k] holds the k-th smallest of each. Behind the valid values stands infinity, one
// for each missing day.
template <class L>
class SortedWindows {
 public:
  using T = typename L::T;

  SortedWindows(T* places, int days) : places_(places), days_(days) {
    for (int k = 0; k < days; ++k) {
      place(k, beyond());
    }
  }

  // Missing values: infinity. `leaving` is among the values.
  void replace(L leaving, L entering) {
    L before = -beyond();  // What stood before place k once `leaving` is out.
    L here = at(0);
    for (int k = 0; k < days_; ++k) {
      const L next = k + 1 < days_ ? at(k + 1) : beyond();
      const L left = select<L>(less(here, leaving), here, next);
      place(k, larger(before, smaller(left, entering)));
      before = left;
      here = next;
    }
  }

  T value(int k, std::size_t lane) const { return places_[static_cast<std::size_t>(k) * L::kWidth + lane]; }

  static HWY_INLINE L beyond() { return L::set(std::numeric_limits<double>::infinity()); }

 private:
  HWY_INLINE L at(int k) const { return L::load(places_ + static_cast<std::size_t>(k) * L::kWidth); }
  HWY_INLINE void place(int k, L value) { value.store(places_ + static_cast<std::size_t>(k) * L::kWidth); }

  T* places_;
  int days_;
};

// Linear interpolation at q (count - 1). Adding 0 makes a zero positive: which of -0 and 0 stands first is chance.
template <class L>
double quantile_of(const SortedWindows<L>& windows, std::size_t lane, int count, double q) {
  const double place = q * static_cast<double>(count - 1);
  const int below = static_cast<int>(place);  // Not negative.
  const double share = place - static_cast<double>(below);
  const double value = windows.value(below, lane);
  return (share > 0.0 ? value + (windows.value(below + 1, lane) - value) * share : value) + 0.0;
}

// One block of lanes.
template <class L, class T>
void run_block(const KernelCall<T>& call, std::size_t lane, double q, T* places) {
  const Tile<const T>& x = call.operands[0];
  const int days = window_days(call.arguments);
  const int min_periods = call.arguments.options.empty() ? 0 : static_cast<int>(call.arguments.options[0]);
  const int least = min_periods > 0 ? min_periods : days;
  const auto length = static_cast<std::size_t>(days);
  const std::size_t first = call.history >= length ? call.history - length + 1 : 0;
  SortedWindows<L> windows(places, days);
  L count = L::set(0.0);
  const L one = L::set(1.0);
  const auto value_at = [&x, lane](std::size_t row, typename L::Mask& is_valid) HWY_ATTR {
    const L value = L::load(x.row(row) + lane);
    is_valid = less_equal(abs(value), largest<L>());
    return select<L>(is_valid, value, SortedWindows<L>::beyond());
  };
  for (std::size_t row = first; row < call.history + call.out.rows; ++row) {
    typename L::Mask is_valid;
    const L entering = value_at(row, is_valid);
    count = select<L>(is_valid, count + one, count);
    L leaving = SortedWindows<L>::beyond();
    if (row >= first + length) {
      leaving = value_at(row - length, is_valid);
      count = select<L>(is_valid, count - one, count);
    }
    windows.replace(leaving, entering);
    if (row >= call.history) {
      T counts[L::kCount];
      count.store(counts);
      T* const out = call.out.row(row - call.history) + lane;
      for (std::size_t i = 0; i < L::kCount; ++i) {
        const int known = static_cast<int>(counts[i]);
        out[i] = known >= std::max(least, 1) ? stored<T>(quantile_of(windows, i, known, q)) : kMissing<T>;
      }
    }
  }
}

template <class T>
void run_quantile(const KernelCall<T>& call, double q) {
  using L = Lanes<T>;
  Bump bump(call.scratch);
  T* const places = bump.take<T>(static_cast<std::size_t>(window_days(call.arguments)) * L::kWidth);
  LODE_ASSERT(call.out.width % kLanes == 0);
  for (std::size_t lane = 0; lane < call.out.width; lane += L::kWidth) {
    run_block<L>(call, lane, q, places);
  }
}

void ts_quantile32(const KernelCall<float>& call) { run_quantile(call, call.arguments.literals[1]); }
void ts_quantile64(const KernelCall<double>& call) { run_quantile(call, call.arguments.literals[1]); }
void ts_median32(const KernelCall<float>& call) { run_quantile(call, 0.5); }
void ts_median64(const KernelCall<double>& call) { run_quantile(call, 0.5); }

}  // namespace
}  // namespace lode::expr::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::expr::kernels {
LODE_WINDOW_EXPORT(ts_quantile, )
LODE_WINDOW_EXPORT(ts_median, )
}  // namespace lode::expr::kernels
#endif  // HWY_ONCE
