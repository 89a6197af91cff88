// Householder QR without pivoting: columns enter in the order given, so it is always the later of two collinear
// columns that is dropped, whatever the data.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/regression.h"

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/valid.h"

namespace lode::stat {
namespace {

constexpr double kCollinear = 1e-10;  // Share of a column's length that must survive projection.

using Column = std::vector<double>;

// The regressors of the rows in use, and which rows those are.
struct Design {
  std::vector<std::size_t> rows;
  std::vector<Column> columns;
};

// R of the kept columns (upper triangle by column) and their positions among all regressors.
struct Triangle {
  std::vector<Column> columns;
  std::vector<std::size_t> kept;
};

Design make_design(std::span<const double> y, std::span<const std::span<const double>> columns, bool intercept) {
  Design design;
  for (std::size_t row = 0; row < y.size(); ++row) {
    const bool complete = std::all_of(columns.begin(), columns.end(), [&](auto c) { return is_valid(c[row]); });
    if (complete && is_valid(y[row])) {
      design.rows.push_back(row);
    }
  }
  if (intercept) {
    design.columns.emplace_back(design.rows.size(), 1.0);
  }
  for (const auto column : columns) {
    LODE_ASSERT(column.size() == y.size());
    auto& used = design.columns.emplace_back();
    for (const std::size_t row : design.rows) {
      used.push_back(column[row]);
    }
  }
  return design;
}

double length_from(const Column& column, std::size_t first) {
  double squares = 0.0;
  for (std::size_t i = first; i < column.size(); ++i) {
    squares += column[i] * column[i];
  }
  return math::sqrt(squares);
}

// Reflects `column` by the Householder vector `v`, whose first nonzero entry is at `pivot`.
void reflect(const Column& v, std::size_t pivot, Column& column) {
  double dot = 0.0;
  double squares = 0.0;
  for (std::size_t i = pivot; i < v.size(); ++i) {
    dot += v[i] * column[i];
    squares += v[i] * v[i];
  }
  const double factor = 2.0 * dot / squares;
  for (std::size_t i = pivot; i < v.size(); ++i) {
    column[i] -= factor * v[i];
  }
}

// Triangularises the design and applies the same reflections to `target`.
Triangle factorize(const std::vector<Column>& columns, Column& target) {
  Triangle triangle;
  std::vector<Column> reflectors;
  for (std::size_t k = 0; k < columns.size(); ++k) {
    Column column = columns[k];
    const double whole = length_from(column, 0);
    for (std::size_t j = 0; j < reflectors.size(); ++j) {
      reflect(reflectors[j], j, column);
    }
    const std::size_t pivot = reflectors.size();
    const double left = pivot < column.size() ? length_from(column, pivot) : 0.0;
    if (!(left > kCollinear * whole)) {
      continue;
    }
    Column v = column;
    v[pivot] += column[pivot] >= 0.0 ? left : -left;
    reflect(v, pivot, column);
    reflect(v, pivot, target);
    column.resize(pivot + 1);
    triangle.columns.push_back(std::move(column));
    triangle.kept.push_back(k);
    reflectors.push_back(std::move(v));
  }
  return triangle;
}

// Solves R x = b by back substitution.
Column solve(const Triangle& r, Column b) {
  b.resize(r.kept.size());
  for (std::size_t k = r.kept.size(); k-- > 0;) {
    b[k] /= r.columns[k][k];
    for (std::size_t i = 0; i < k; ++i) {
      b[i] -= r.columns[k][i] * b[k];
    }
  }
  return b;
}

// Rows of R^-1: (X'X)^-1 = R^-1 R^-T.
std::vector<Column> inverse_rows(const Triangle& r) {
  const std::size_t k = r.kept.size();
  std::vector<Column> rows(k, Column(k, 0.0));
  for (std::size_t j = 0; j < k; ++j) {
    Column unit(k, 0.0);
    unit[j] = 1.0;
    const Column solved = solve(r, unit);
    for (std::size_t i = 0; i < k; ++i) {
      rows[i][j] = solved[i];
    }
  }
  return rows;
}

double dot(const Column& a, const Column& b) {
  double total = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    total += a[i] * b[i];
  }
  return total;
}

// The share of y's variation explained; NaN when y does not vary.
double r_squared(const Column& y, const Column& residuals, bool intercept) {
  const double center = intercept ? mean(y) : 0.0;
  double total = 0.0;
  for (const double value : y) {
    total += (value - center) * (value - center);
  }
  return total > 0.0 ? 1.0 - dot(residuals, residuals) / total : kMissing;
}

void plain_errors(const Triangle& triangle, double residual_squares, Regression& fit) {
  if (fit.n <= fit.rank) {
    return;
  }
  const double variance = residual_squares / static_cast<double>(fit.n - fit.rank);
  const auto rows = inverse_rows(triangle);
  for (std::size_t i = 0; i < triangle.kept.size(); ++i) {
    const std::size_t k = triangle.kept[i];
    fit.standard_errors[k] = math::sqrt(variance * dot(rows[i], rows[i]));
    fit.t[k] = fit.standard_errors[k] > 0.0 ? fit.coefficients[k] / fit.standard_errors[k] : kMissing;
  }
}

// Bartlett-weighted long-run covariance of the scores u_t x_t, for the kept columns.
std::vector<Column> score_covariance(const std::vector<Column>& scores, std::size_t n, std::size_t lag) {
  const std::size_t k = scores.size();
  std::vector<Column> total(k, Column(k, 0.0));
  for (std::size_t l = 0; l <= lag; ++l) {
    const double weight = 1.0 - static_cast<double>(l) / static_cast<double>(lag + 1);
    for (std::size_t i = 0; i < k; ++i) {
      for (std::size_t j = 0; j < k; ++j) {
        double product = 0.0;
        for (std::size_t t = l; t < n; ++t) {
          product += scores[i][t] * scores[j][t - l];
        }
        total[i][j] += weight * product;
        if (l > 0) {
          total[j][i] += weight * product;
        }
      }
    }
  }
  return total;
}

}  // namespace

Regression ols(std::span<const double> y, std::span<const std::span<const double>> columns, bool intercept) {
  const Design design = make_design(y, columns, intercept);
  const std::size_t width = design.columns.size();
  Regression fit{.coefficients = Column(width, kMissing),
                 .standard_errors = Column(width, kMissing),
                 .t = Column(width, kMissing),
                 .residuals = Column(y.size(), kMissing),
                 .r2 = kMissing,
                 .n = design.rows.size()};
  Column used;
  for (const std::size_t row : design.rows) {
    used.push_back(y[row]);
  }
  Column rotated = used;
  const Triangle triangle = factorize(design.columns, rotated);
  fit.rank = triangle.kept.size();
  const Column solution = solve(triangle, rotated);
  Column residuals = used;
  for (std::size_t i = 0; i < triangle.kept.size(); ++i) {
    const std::size_t k = triangle.kept[i];
    fit.coefficients[k] = solution[i];
    for (std::size_t row = 0; row < residuals.size(); ++row) {
      residuals[row] -= solution[i] * design.columns[k][row];
    }
  }
  for (std::size_t row = 0; row < residuals.size(); ++row) {
    fit.residuals[design.rows[row]] = residuals[row];
  }
  fit.r2 = r_squared(used, residuals, intercept);
  plain_errors(triangle, dot(residuals, residuals), fit);
  return fit;
}

std::vector<double> newey_west_errors(const Regression& fit, std::span<const std::span<const double>> columns,
                                      bool intercept, int lag) {
  LODE_ASSERT(lag >= 0);
  const Design design = make_design(fit.residuals, columns, intercept);
  Column errors(design.columns.size(), kMissing);
  Column ignored(design.rows.size(), 0.0);
  const Triangle triangle = factorize(design.columns, ignored);
  if (fit.n <= fit.rank || fit.n == 0) {
    return errors;
  }
  std::vector<Column> scores;
  for (const std::size_t k : triangle.kept) {
    auto& score = scores.emplace_back(design.columns[k]);
    for (std::size_t t = 0; t < score.size(); ++t) {
      score[t] *= fit.residuals[design.rows[t]];
    }
  }
  const auto middle = score_covariance(scores, fit.n, std::min(static_cast<std::size_t>(lag), fit.n - 1));
  const auto inverse = inverse_rows(triangle);
  for (std::size_t i = 0; i < triangle.kept.size(); ++i) {
    // Row i of (X'X)^-1, then its quadratic form with the middle.
    Column row(triangle.kept.size());
    for (std::size_t j = 0; j < row.size(); ++j) {
      row[j] = dot(inverse[i], inverse[j]);
    }
    double variance = 0.0;
    for (std::size_t a = 0; a < row.size(); ++a) {
      variance += row[a] * dot(middle[a], row);
    }
    errors[triangle.kept[i]] = math::sqrt(std::max(variance, 0.0));
  }
  return errors;
}

}  // namespace lode::stat
