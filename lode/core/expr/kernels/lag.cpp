// Kernels that look at single earlier rows: lags, filling, and recursive means.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/lag.h"

#include <algorithm>
#include <vector>

#include "lode/core/expr/kernels/elementwise.h"

namespace lode::expr::kernels {
namespace {

// The operand's row `lag` rows before the one beside row `i` of out; nullptr where there is none.
template <class T>
const T* row_before(const KernelCall<T>& call, std::size_t i, std::ptrdiff_t lag) {
  const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(i + call.history) - lag;
  const bool exists = row >= 0 && row < static_cast<std::ptrdiff_t>(call.operands[0].rows);
  return exists ? call.operands[0].row(static_cast<std::size_t>(row)) : nullptr;
}

// Calls part(from, to) for the rows [from, to) of `out` beside which there is one `lag` rows before, and blanks the
// others.
template <class T, class Part>
void with_rows_before(const KernelCall<T>& call, std::ptrdiff_t lag, Part part) {
  std::size_t from = 0;
  while (from < call.out.rows && row_before(call, from, lag) == nullptr) {
    ++from;
  }
  std::size_t to = from;
  while (to < call.out.rows && row_before(call, to, lag) != nullptr) {
    ++to;
  }
  for (std::size_t i = 0; i < call.out.rows; ++i) {
    if (i < from || i >= to) {
      std::fill_n(call.out.row(i), call.out.width, kMissing<T>);
    }
  }
  if (from < to) {
    part(from, to);
  }
}

template <class T>
void run_delay(const KernelCall<T>& call) {
  const auto lag = static_cast<std::ptrdiff_t>(call.arguments.literals[0]);
  with_rows_before(call, lag, [&](std::size_t from, std::size_t to) {
    if (call.out.stride == call.out.width && call.operands[0].stride == call.out.width) {
      std::copy_n(row_before(call, from, lag), (to - from) * call.out.width, call.out.row(from));
      return;
    }
    for (std::size_t i = from; i < to; ++i) {
      std::copy_n(row_before(call, i, lag), call.out.width, call.out.row(i));
    }
  });
}

// Today's row minus the earlier one, rounded once.
template <class T>
void run_delta(const KernelCall<T>& call) {
  const auto lag = static_cast<std::ptrdiff_t>(call.arguments.literals[0]);
  with_rows_before(call, lag, [&](std::size_t from, std::size_t to) {
    const Tile<const T>& x = call.operands[0];
    const Tile<const T> operands[] = {{x.row(from + call.history), to - from, x.width, x.stride},
                                      {row_before(call, from, lag), to - from, x.width, x.stride}};
    KernelCall<T> difference = call;
    difference.operands = operands;
    difference.out = {call.out.row(from), to - from, call.out.width, call.out.stride};
    difference.history = 0;
    if constexpr (sizeof(T) == sizeof(double)) {
      sub().run64(difference);
    } else {
      sub().run32(difference);
    }
  });
}

template <class T>
void run_ffill(const KernelCall<T>& call) {
  const bool is_window = call.arguments.options.empty();
  const double rows = is_window ? call.arguments.literals[0] - 1.0 : call.arguments.options[0];
  const auto limit = static_cast<std::ptrdiff_t>(rows);
  for (std::size_t i = 0; i < call.out.rows; ++i) {
    T* out = call.out.row(i);
    std::fill_n(out, call.out.width, kMissing<T>);
    for (std::ptrdiff_t lag = 0; lag <= limit; ++lag) {
      const T* row = row_before(call, i, lag);
      bool is_full = true;
      for (std::size_t lane = 0; row != nullptr && lane < call.out.width; ++lane) {
        out[lane] = is_known(out[lane]) ? out[lane] : row[lane];
        is_full = is_full && is_known(out[lane]);
      }
      if (row == nullptr || is_full) {
        break;
      }
    }
  }
}

// Runs `step(x, y)` down each lane from its first valid value; results appear from the `days`-th valid value on.
template <class T, class Step>
void run_recursive(const KernelCall<T>& call, double days, Step step) {
  std::vector<double> fresh(call.state.empty() ? kRecursiveState * call.out.width : 0, kMissing<double>);
  const std::span<double> state = call.state.empty() ? std::span(fresh) : call.state;
  for (std::size_t lane = 0; lane < call.out.width; ++lane) {
    double& y = state[kRecursiveState * lane];
    double& seen = state[kRecursiveState * lane + 1];
    seen = seen == seen ? seen : 0.0;
    for (std::size_t i = 0; i < call.out.rows; ++i) {
      const double x = call.operands[0].row(i + call.history)[lane];
      const bool is_valid = is_finite(x);
      if (is_valid) {
        y = seen > 0.0 ? step(x, y) : x;
        seen += 1.0;
      }
      call.out.row(i)[lane] = is_valid && seen >= days ? stored<T>(y) : kMissing<T>;
    }
  }
}

// pandas' ewm(adjust=True, ignore_na=False, min_periods=1).mean(): the weights of the past fade on every row, and a
// missing row shows the mean so far. State: the mean and the sum of its weights.
template <class T>
void run_pandas_ewm(const KernelCall<T>& call, double alpha) {
  std::vector<double> fresh(call.state.empty() ? kRecursiveState * call.out.width : 0, kMissing<double>);
  const std::span<double> state = call.state.empty() ? std::span(fresh) : call.state;
  for (std::size_t lane = 0; lane < call.out.width; ++lane) {
    double& mean = state[kRecursiveState * lane];
    double& weight = state[kRecursiveState * lane + 1];
    for (std::size_t i = 0; i < call.out.rows; ++i) {
      const double x = call.operands[0].row(i + call.history)[lane];
      weight *= 1.0 - alpha;
      if (is_finite(x)) {
        const bool is_first = !is_known(mean);
        mean = is_first || mean == x ? x : (weight * mean + x) / (weight + 1.0);
        weight = is_first ? 1.0 : weight + 1.0;
      }
      call.out.row(i)[lane] = stored<T>(mean);
    }
  }
}

template <class T>
void run_ema(const KernelCall<T>& call) {
  if (skips_missing(call.arguments)) {
    const double days = call.arguments.literals[0];
    run_pandas_ewm(call, days < 1.0 ? days : 2.0 / (days + 1.0));
    return;
  }
  const double weight = 2.0 / (call.arguments.literals[0] + 1.0);
  run_recursive(call, call.arguments.literals[0], [weight](double x, double y) { return y + weight * (x - y); });
}

template <class T>
void run_sma(const KernelCall<T>& call) {
  const double n = call.arguments.literals[0];
  const double m = call.arguments.literals[1];
  run_recursive(call, n, [n, m](double x, double y) { return (m * x + (n - m) * y) / n; });
}

// The first valid value so far; the state holds it.
template <class T>
void run_first(const KernelCall<T>& call) {
  for (std::size_t lane = 0; lane < call.out.width; ++lane) {
    double first = call.state.empty() ? kMissing<double> : call.state[lane];
    for (std::size_t i = 0; i < call.out.rows; ++i) {
      const T x = call.operands[0].row(i + call.history)[lane];
      first = is_known(first) || !is_finite(x) ? first : static_cast<double>(x);
      call.out.row(i)[lane] = static_cast<T>(first);
    }
    if (!call.state.empty()) {
      call.state[lane] = first;
    }
  }
}

}  // namespace

Kernel delay() { return {run_delay<float>, run_delay<double>}; }
Kernel delta() { return {run_delta<float>, run_delta<double>}; }
Kernel ffill() { return {run_ffill<float>, run_ffill<double>}; }
Kernel ema() { return {run_ema<float>, run_ema<double>}; }
Kernel first() { return {run_first<float>, run_first<double>}; }
Kernel sma() { return {run_sma<float>, run_sma<double>}; }

}  // namespace lode::expr::kernels
