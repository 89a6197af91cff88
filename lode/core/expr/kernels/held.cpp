// Kernels that hold or count from what one instrument showed before.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/held.h"

#include <algorithm>
#include <vector>

namespace lode::expr::kernels {
namespace {

template <class T>
void run_difference_from_mean(const KernelCall<T>& call) {
  const auto days = static_cast<std::size_t>(call.arguments.literals[0]);
  for (std::size_t i = 0; i < call.out.rows; ++i) {
    const std::size_t today = i + call.history;
    const std::size_t from = today + 1 > days ? today + 1 - days : 0;
    for (std::size_t lane = 0; lane < call.out.width; ++lane) {
      const double x = call.operands[0].row(today)[lane];
      double sum = 0.0;  // Of what lies above today's value: a constant window has exactly 0.
      double count = 0.0;
      for (std::size_t row = from; row <= today; ++row) {
        const double value = call.operands[0].row(row)[lane];
        const bool counts = is_finite(value);
        sum += counts ? value - x : 0.0;
        count += counts ? 1.0 : 0.0;
      }
      call.out.row(i)[lane] = is_finite(x) ? stored<T>(-sum / count) : kMissing<T>;
    }
  }
}

bool is_true(double condition) { return condition > 0.0; }  // BRAIN's -1 is never

template <class T>
void run_trade_when(const KernelCall<T>& call) {
  for (std::size_t lane = 0; lane < call.out.width; ++lane) {
    double held = call.state.empty() ? kMissing<double> : call.state[lane];
    for (std::size_t i = 0; i < call.out.rows; ++i) {
      const std::size_t row = i + call.history;
      const double x = call.operands[1].row(row)[lane];
      if (is_true(call.operands[2].row(row)[lane])) {
        held = kMissing<double>;
      } else if (is_true(call.operands[0].row(row)[lane])) {
        held = is_finite(x) ? x : kMissing<double>;
      }
      call.out.row(i)[lane] = stored<T>(held);
    }
    if (!call.state.empty()) {
      call.state[lane] = held;
    }
  }
}

template <class T>
void run_days_from_last_change(const KernelCall<T>& call) {
  std::vector<double> fresh(call.state.empty() ? kChangeState * call.out.width : 0, kMissing<double>);
  const std::span<double> state = call.state.empty() ? std::span(fresh) : call.state;
  for (std::size_t lane = 0; lane < call.out.width; ++lane) {
    double& last = state[kChangeState * lane];
    double& days = state[kChangeState * lane + 1];
    double& gap = state[kChangeState * lane + 2];
    for (std::size_t i = 0; i < call.out.rows; ++i) {
      const double x = call.operands[0].row(i + call.history)[lane];
      days += 1.0;
      gap = is_known(gap) ? gap + 1.0 : 1.0;
      if (is_finite(x)) {
        days = is_known(last) && x != last ? gap : days;
        last = x;
        gap = 0.0;
      }
      call.out.row(i)[lane] = is_finite(x) ? stored<T>(days) : kMissing<T>;
    }
  }
}

}  // namespace

Kernel difference_from_mean() { return {run_difference_from_mean<float>, run_difference_from_mean<double>}; }
Kernel trade_when() { return {run_trade_when<float>, run_trade_when<double>}; }
Kernel days_from_last_change() { return {run_days_from_last_change<float>, run_days_from_last_change<double>}; }

}  // namespace lode::expr::kernels
