// Windowed least squares on several regressors at once: modified Gram-Schmidt on the columns less their means, with y
// as the last column, whose rest is the residual (A. Bjorck, "Solving linear least squares problems by Gram-Schmidt
// orthogonalization", BIT 7, 1967: as stable as Householder's method). No square of a column's condition enters, as it
// would by way of cross products. A window is evaluated afresh, in doubles, by a fixed order of sums over its valid
// rows: equal windows have equal bits whatever stands beside them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window_regression.h"

#include <algorithm>
#include <array>

#include "lode/base/math.h"

namespace lode::expr::kernels {
namespace {

constexpr std::size_t kSums = 4;
constexpr std::size_t kMostColumns = kMostRegressors + 1;

// A regressor that keeps less than this share of its length beside the others is collinear with them.
constexpr double kCollinear = 1e-10;

// y and the regressors of one window, valid rows alone, oldest first. y stands last.
struct Columns {
  std::array<double*, kMostColumns> cells;
  std::size_t count = 0;  // Columns
  std::size_t rows = 0;
};

double dot(const double* a, const double* b, std::size_t rows) {
  std::array<double, kSums> sums{};
  const std::size_t whole = rows / kSums * kSums;
  for (std::size_t i = 0; i < whole; i += kSums) {
    for (std::size_t k = 0; k < kSums; ++k) {
      sums[k] += a[i + k] * b[i + k];
    }
  }
  for (std::size_t k = 0; whole + k < rows; ++k) {
    sums[k] += a[whole + k] * b[whole + k];
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

// Subtracts the mean, counted from the first value: a constant column is exactly 0.
void center(double* cells, std::size_t rows) {
  const double first = cells[0];
  double sum = 0.0;
  for (std::size_t i = 0; i < rows; ++i) {
    cells[i] -= first;
    sum += cells[i];
  }
  const double mean = sum / static_cast<double>(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    cells[i] -= mean;
  }
}

// The last row's residual of the last column on the others; missing where these do not tell themselves apart. Consumes
// the columns.
double residual(const Columns& columns) {
  const std::size_t regressors = columns.count - 1;
  std::array<double, kMostColumns> lengths{};
  for (std::size_t i = 0; i < columns.count; ++i) {
    center(columns.cells[i], columns.rows);
    lengths[i] = dot(columns.cells[i], columns.cells[i], columns.rows);
  }
  for (std::size_t i = 0; i < regressors; ++i) {
    const double* axis = columns.cells[i];
    const double length = dot(axis, axis, columns.rows);
    if (!(length > kCollinear * kCollinear * lengths[i])) {
      return kMissing<double>;
    }
    for (std::size_t j = i + 1; j < columns.count; ++j) {
      double* rest = columns.cells[j];
      const double share = dot(axis, rest, columns.rows) / length;
      for (std::size_t k = 0; k < columns.rows; ++k) {
        rest[k] -= share * axis[k];
      }
    }
  }
  // As many coefficients as values leave nothing; what rounding would leave is not a residual.
  return columns.rows == columns.count ? 0.0 : columns.cells[regressors][columns.rows - 1];
}

// Copies the rows of the window on which all operands are valid; false where today is not among them or they are too
// few.
template <class T>
bool gather(const KernelCall<T>& call, std::size_t row, std::size_t lane, Columns& columns) {
  const auto days = static_cast<std::size_t>(window_days(call.arguments));
  const std::size_t today = row + call.history;
  const std::size_t first = today + 1 >= days ? today + 1 - days : 0;
  columns.rows = 0;
  bool is_known = false;  // Of the last row looked at
  for (std::size_t at = first; at <= today; ++at) {
    is_known = true;
    for (std::size_t i = 0; i < columns.count; ++i) {
      const T cell = call.operands[i].row(at)[lane];
      is_known = is_known && is_finite(cell);
      // y, operand 0, is the last column.
      columns.cells[i == 0 ? columns.count - 1 : i - 1][columns.rows] = static_cast<double>(cell);
    }
    columns.rows += is_known ? 1U : 0U;
  }
  const double asked = call.arguments.options.empty() ? 0.0 : call.arguments.options[0];
  const std::size_t needed = asked > 0.0 ? static_cast<std::size_t>(asked) : days;
  return is_known && columns.rows >= std::max(needed, columns.count);
}

template <class T>
void run(const KernelCall<T>& call) {
  Bump bump(call.scratch);
  Columns columns;
  columns.count = call.operands.size();
  LODE_ASSERT(columns.count >= 2 && columns.count <= kMostColumns);
  for (std::size_t i = 0; i < columns.count; ++i) {
    columns.cells[i] = bump.take<double>(static_cast<std::size_t>(window_days(call.arguments)) + 1);
  }
  for (std::size_t row = 0; row < call.out.rows; ++row) {
    for (std::size_t lane = 0; lane < call.out.width; ++lane) {
      call.out.row(row)[lane] = gather(call, row, lane, columns) ? stored<T>(residual(columns)) : kMissing<T>;
    }
  }
}

}  // namespace

std::size_t regression_scratch_bytes(const KernelArguments& arguments, std::size_t, std::size_t) {
  return kMostColumns * Bump::aligned((static_cast<std::size_t>(window_days(arguments)) + 1) * sizeof(double));
}

Kernel ts_regression_residual() { return {run<float>, run<double>}; }

}  // namespace lode::expr::kernels
