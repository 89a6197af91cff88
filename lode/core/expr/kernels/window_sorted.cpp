// Quantiles of windows: one sorted array a lane, into which each day is inserted and from which the oldest is taken.
// What it holds depends on the window alone, so the result does too.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lode/core/expr/kernels/window.h"

namespace lode::expr::kernels {
namespace {

// The sorted values of a window. Room for `days` values.
class SortedWindow {
 public:
  explicit SortedWindow(double* room) : begin_(room), end_(room) {}

  void insert(double value) {
    double* at = std::upper_bound(begin_, end_, value);
    std::copy_backward(at, end_, end_ + 1);
    *at = value;
    ++end_;
  }
  void remove(double value) {
    double* at = std::lower_bound(begin_, end_, value);
    std::copy(at + 1, end_, at);
    --end_;
  }
  int count() const { return static_cast<int>(end_ - begin_); }

  // Linear interpolation at q (n - 1). Adding 0 makes a zero positive: which of -0 and 0 stands first is chance.
  double quantile(double q) const {
    const double at = q * static_cast<double>(count() - 1);
    const auto below = static_cast<std::ptrdiff_t>(at);  // Not negative.
    const double* value = begin_ + below;
    const double share = at - static_cast<double>(below);
    return (share > 0.0 ? value[0] + (value[1] - value[0]) * share : value[0]) + 0.0;
  }

 private:
  double* begin_;
  double* end_;
};

void run_quantile(const KernelCall<double>& call, double q) {
  const Tile<const double>& x = call.operands[0];
  const auto days = static_cast<std::size_t>(window_days(call.arguments));
  const int min_periods = call.arguments.options.empty() ? 0 : static_cast<int>(call.arguments.options[0]);
  const int least = min_periods > 0 ? min_periods : window_days(call.arguments);
  Bump bump(call.scratch);
  double* room = bump.take<double>(days);
  const std::size_t first = call.history >= days ? call.history - days + 1 : 0;
  for (std::size_t lane = 0; lane < call.out.width; ++lane) {
    SortedWindow window(room);
    for (std::size_t row = first; row < call.history + call.out.rows; ++row) {
      const double leaving = row >= first + days ? x.row(row - days)[lane] : kMissing<double>;
      if (is_finite(leaving)) {
        window.remove(leaving);
      }
      const double today = x.row(row)[lane];
      if (is_finite(today)) {
        window.insert(today);
      }
      if (row >= call.history) {
        const bool has_enough = window.count() >= std::max(least, 1);
        call.out.row(row - call.history)[lane] = has_enough ? stored<double>(window.quantile(q)) : kMissing<double>;
      }
    }
  }
}

void run_ts_quantile(const KernelCall<double>& call) { run_quantile(call, call.arguments.literals[1]); }
void run_ts_median(const KernelCall<double>& call) { run_quantile(call, 0.5); }

}  // namespace

Kernel ts_quantile() { return {widened<run_ts_quantile>, run_ts_quantile}; }
Kernel ts_median() { return {widened<run_ts_median>, run_ts_median}; }

}  // namespace lode::expr::kernels
