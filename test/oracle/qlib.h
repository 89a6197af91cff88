// Profile qlib, literally: what pandas and numpy do to one instrument's rows, in long double. An instrument's rows
// begin with its first bar; windows at the head are shorter.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string>

#include "test/oracle/operators.h"

namespace lode::oracle::qlib {

inline bool is_true(Real x) { return !missing(x) && x != 0; }

inline Real cell(const Call& call, std::size_t row, std::size_t column) {
  const std::string& name = call.name;
  const auto at = [&](std::size_t operand) { return call.operands.at(operand)[row][column]; };
  const Real x = at(0);
  const Real y = call.operands.size() > 1 ? at(1) : 0;
  if (name == "lt") return truth(x < y);
  if (name == "le") return truth(x <= y);
  if (name == "gt") return truth(x > y);
  if (name == "ge") return truth(x >= y);
  if (name == "eq") return truth(x == y);
  if (name == "ne") return truth(!(x == y));
  if (name == "and") return truth(is_true(x) && is_true(y));
  if (name == "or") return truth(is_true(x) || is_true(y));
  if (name == "not") return truth(!is_true(x));
  if (name == "where") return is_true(x) ? y : at(2);
  if (name == "div") return x / y;
  if (name == "pow") return std::pow(x, y);
  if (name == "log") return std::log(x);
  if (name == "sqrt") return std::sqrt(x);
  return elementwise_cell(call, row, column);
}

// The rows of the window that are there, missing ones included.
inline Values rows_of(const Call& call, std::size_t row, std::size_t column) {
  Values rows;
  rows.reserve(static_cast<std::size_t>(call.days()));
  for (int back = call.days() - 1; back >= 0; --back) {
    const int at = static_cast<int>(row) - back;
    if (at >= call.first_rows.at(column) && at >= 0) {
      rows.push_back(call.operands[0][static_cast<std::size_t>(at)][column]);
    }
  }
  return rows;
}

inline Values known_of(const Values& rows) {
  Values known;
  known.reserve(rows.size());
  for (const Real x : rows) {
    if (!missing(x)) known.push_back(x);
  }
  return known;
}

// numpy.argmax of sign * rows, from 1: a missing value wins.
inline Real position(const Values& rows, Real sign) {
  std::size_t best = 0;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (missing(rows[k])) return static_cast<Real>(k + 1);
    best = sign * rows[k] > sign * rows[best] ? k : best;
  }
  return static_cast<Real>(best + 1);
}

// numpy.nanmean(w * rows), w = 1..n over their sum.
inline Real weighted(const Values& rows) {
  const auto n = static_cast<Real>(rows.size());
  Values products;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    products.push_back(static_cast<Real>(k + 1) / (n * (n + 1) / 2) * rows[k]);
  }
  return mean_of(known_of(products));
}

inline bool is_near_constant(const Values& v) { return v.size() > 1 && std::sqrt(variance_of(v)) <= 2e-5L; }

inline Real series(const Call& call, std::size_t row, std::size_t column) {
  const std::string& name = call.name;
  if (name == "delay" || name == "delta" || name == "ffill" || name == "days_since" || name == "sumif") {
    return series_cell(call, row, column);
  }
  if (name == "ts_backfill" || name == "ts_av_diff") return series_cell(call, row, column);
  if (name == "trade_when" || name == "days_from_last_change") return series_cell(call, row, column);
  if (name == "ts_regresi2" || name == "ts_regresi3") return series_cell(call, row, column);
  const Values rows = rows_of(call, row, column);
  const Values known = known_of(rows);
  if (name == "count") return rows.empty() ? kNan : static_cast<Real>(known.size());
  if (known.empty()) return kNan;
  if (name == "ts_argmax") return position(rows, 1);
  if (name == "ts_argmin") return position(rows, -1);
  if (name == "decay_linear") return weighted(rows);
  if (name == "ts_rsquare" && is_near_constant(known)) return kNan;
  if (name == "ts_slope" || name == "ts_resid") return known.size() < 2 ? kNan : series_cell(call, row, column);
  if (name == "ts_corr") {
    const Window pairs = window_at(call, row, column);
    if (is_near_constant(pairs.x) || is_near_constant(pairs.y)) return kNan;
  }
  return series_cell(call, row, column);
}

// ewm(alpha, adjust=True, ignore_na=False, min_periods=1).mean() by its definition: the mean of all known rows so far,
// each weighing (1 - alpha) to the power of its age in rows.
inline Real exponential_mean(const Call& call, std::size_t row, std::size_t column) {
  const Real days = call.literal(0);
  const Real alpha = days < 1 ? days : 2 / (days + 1);
  Real sum = 0;
  Real weights = 0;
  for (std::size_t at = row; at + 1 > 0; --at) {
    if (alpha == 1 && !missing(call.operands[0][at][column])) return call.operands[0][at][column];
  }
  for (std::size_t at = 0; at <= row; ++at) {
    const Real x = call.operands[0][at][column];
    const Real weight = std::pow(1 - alpha, static_cast<Real>(row - at));
    sum += missing(x) ? 0 : weight * x;
    weights += missing(x) ? 0 : weight;
  }
  return weights > 0 ? sum / weights : kNan;
}

// The operator's table. Infinite cells stay after elementwise operators and lags; windows and sections read and leave
// none.
inline Table run(Call call, Shape shape, Real largest) {
  const bool is_lag =
      call.name == "delay" || call.name == "delta" || call.name == "ffill" || call.name == "ts_backfill";
  const bool keeps = shape == Shape::kElementwise || is_lag;
  for (Table& operand : call.operands) {
    for (Values& values : operand) {
      for (Real& value : values) value = keeps || std::isfinite(value) ? value : kNan;
    }
  }
  if (shape == Shape::kCross || call.name == "sma" || call.name == "ts_first") {
    return oracle::run(call, shape, largest);
  }
  Table out(call.operands[0].size(), Values(call.first_rows.size(), kNan));
  for (std::size_t row = 0; row < out.size(); ++row) {
    for (std::size_t column = 0; column < out[row].size(); ++column) {
      Real& value = out[row][column];
      if (shape == Shape::kElementwise) {
        value = static_cast<int>(row) < call.first_rows[column] ? kNan : cell(call, row, column);
      } else {
        value = call.name == "ema" ? exponential_mean(call, row, column) : series(call, row, column);
      }
      const bool is_beyond = !missing(value) && std::fabs(value) > largest;
      value = is_beyond ? (keeps ? std::copysign(std::numeric_limits<Real>::infinity(), value) : kNan) : value;
    }
  }
  return out;
}

}  // namespace lode::oracle::qlib
