// The operators once more, as literally as they can be written: window by window, cell by cell, in long double, nothing
// shared with the engine. Tests compare the engine with this; where they disagree one of them misreads the definitions.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace lode::oracle {

using Real = long double;
using Values = std::vector<Real>;
using Table = std::vector<Values>;  // [session][instrument], NaN = missing

inline constexpr Real kNan = std::numeric_limits<Real>::quiet_NaN();

// One operator applied to tables.
struct Call {
  std::string name;
  std::vector<Table> operands;
  std::vector<std::vector<int>> groups;  // [session][instrument], -1 = none; empty unless the operator takes a group
  std::vector<double> literals;
  std::map<std::string, double> options;  // By name; choices by index
  std::string profile = "lode";
  std::vector<int> first_rows;  // By column: the row of the instrument's first bar

  Real literal(std::size_t index) const { return literals.at(index); }
  int days() const { return static_cast<int>(literals.at(0)); }
  double option(const std::string& name_wanted) const {
    const auto found = options.find(name_wanted);
    return found == options.end() ? 0.0 : found->second;
  }
};

inline bool missing(Real x) { return std::isnan(x); }
inline Real truth(bool value) { return value ? 1.0L : 0.0L; }

// --- cell by cell ---------------------------------------------------------------------------------------------------

inline Real power(Real x, Real y) {
  const Real result = std::pow(x, y);
  return std::isinf(result) ? kNan : result;
}

inline Real unary_cell(const std::string& name, Real x) {
  if (name == "is_nan") return truth(missing(x));
  if (missing(x)) return kNan;
  if (name == "neg") return -x;
  if (name == "abs") return std::fabs(x);
  if (name == "sign") return x > 0 ? 1 : (x < 0 ? -1 : 0);
  if (name == "log") return x > 0 ? std::log(x) : kNan;
  if (name == "exp") return std::exp(x);
  if (name == "tanh") return std::tanh(x);
  if (name == "sqrt") return x < 0 ? kNan : std::sqrt(x);
  if (name == "floor") return std::floor(x);
  if (name == "ceil") return std::ceil(x);
  if (name == "round") return std::nearbyint(x);
  if (name == "not") return truth(x == 0);
  throw std::invalid_argument("oracle: " + name);
}

inline Real binary_cell(const std::string& name, Real x, Real y) {
  if (name == "fill") return missing(x) ? y : x;
  if (missing(x) || missing(y)) return kNan;
  if (name == "add") return x + y;
  if (name == "sub") return x - y;
  if (name == "mul") return x * y;
  if (name == "div") return y == 0 ? kNan : x / y;
  if (name == "pow") return power(x, y);
  if (name == "signedpower") return x == 0 ? (y < 0 ? kNan : 0) : (x < 0 ? -1 : 1) * power(std::fabs(x), y);
  if (name == "min") return std::min(x, y);
  if (name == "max") return std::max(x, y);
  if (name == "lt") return truth(x < y);
  if (name == "le") return truth(x <= y);
  if (name == "gt") return truth(x > y);
  if (name == "ge") return truth(x >= y);
  if (name == "eq") return truth(x == y);
  if (name == "ne") return truth(x != y);
  if (name == "and") return truth(x != 0 && y != 0);
  if (name == "or") return truth(x != 0 || y != 0);
  throw std::invalid_argument("oracle: " + name);
}

inline Real ternary_cell(const std::string& name, Real x, Real y, Real z) {
  if (name == "where") return missing(x) ? kNan : (x != 0 ? y : z);
  if (missing(x) || missing(y) || missing(z)) return kNan;
  if (name == "clip") return std::min(std::max(x, y), z);
  throw std::invalid_argument("oracle: " + name);
}

// --- statistics of lists --------------------------------------------------------------------------------------------

// Set while a run asks how much rounding within sums matters: they are then those of double, in either order.
enum class Sums { kExact, kForward, kBackward };
inline thread_local Sums sums = Sums::kExact;

inline Real sum_of(const Values& v) {
  Real sum = 0;
  for (std::size_t i = 0; i < v.size(); ++i) {
    const Real next = sum + (sums == Sums::kBackward ? v[v.size() - 1 - i] : v[i]);
    sum = sums == Sums::kExact ? next : static_cast<Real>(static_cast<double>(next));
  }
  return sum;
}
inline Real mean_of(const Values& v) { return sum_of(v) / static_cast<Real>(v.size()); }
inline bool is_constant(const Values& v) {
  return std::all_of(v.begin(), v.end(), [&](Real x) { return x == v.front(); });
}
// Sum of products of deviations, exactly 0 for a constant list. Counted from the first value: two neighbouring numbers
// are apart by what lies between them, not by how their mean rounds.
inline Real co_sum(const Values& x, const Values& y) {
  if (is_constant(x) || is_constant(y)) return 0;
  Values dx;
  Values dy;
  dx.reserve(x.size());
  dy.reserve(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    dx.push_back(x[i] - x[0]);
    dy.push_back(y[i] - y[0]);
  }
  const Real mx = mean_of(dx);
  const Real my = mean_of(dy);
  Values products;
  products.reserve(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) products.push_back((dx[i] - mx) * (dy[i] - my));
  return sum_of(products);
}
inline Real variance_of(const Values& v) {
  return v.size() < 2 ? kNan : co_sum(v, v) / static_cast<Real>(v.size() - 1);
}
// brain divides by the number of values.
inline Real variance_of(const Values& v, const std::string& profile) {
  return profile == "brain" ? co_sum(v, v) / static_cast<Real>(v.size()) : variance_of(v);
}
inline Real z_power_sum(const Values& v, int exponent) {
  const Real mean = mean_of(v);
  const Real deviation = std::sqrt(variance_of(v));
  Real sum = 0;
  for (const Real x : v) sum += std::pow((x - mean) / deviation, static_cast<Real>(exponent));
  return sum;
}
// Linear interpolation at top (n - 1) / bottom.
inline Real quantile_of(Values v, Real top, Real bottom) {
  std::sort(v.begin(), v.end());
  const Real at = top * static_cast<Real>(v.size() - 1) / bottom;
  const auto below = static_cast<std::size_t>(at);
  const Real share = at - static_cast<Real>(below);
  return below + 1 < v.size() ? v[below] + (v[below + 1] - v[below]) * share : v[below];
}
// Rank of v[i] among v; ties: 0 average, 1 min, 2 max, 3 in order.
inline Real rank_of(const Values& v, std::size_t i, int ties) {
  Real below = 0;
  Real equal = 0;
  Real equal_so_far = 0;
  for (std::size_t k = 0; k < v.size(); ++k) {
    below += truth(v[k] < v[i]);
    equal += truth(v[k] == v[i]);
    equal_so_far += truth(v[k] == v[i] && k <= i);
  }
  return below + (ties == 0 ? (equal + 1) / 2 : (ties == 1 ? 1 : (ties == 2 ? equal : equal_so_far)));
}
// Phi^-1 by bisection on erfc.
inline Real inverse_normal(Real p) {
  Real low = -40;
  Real high = 40;
  for (int i = 0; i < 200; ++i) {
    const Real middle = (low + high) / 2;
    (std::erfc(-middle / std::sqrt(2.0L)) / 2 < p ? low : high) = middle;
  }
  return (low + high) / 2;
}

// --- windows --------------------------------------------------------------------------------------------------------

// The valid values of a window, oldest first.
struct Window {
  Values x;
  Values y;
  Values position;  // 1 = oldest row of the window
  int days = 0;
  bool has_today = false;
};

inline Window window_at(const Call& call, std::size_t row, std::size_t column) {
  Window window;
  window.days = call.days();
  for (Values* values : {&window.x, &window.y, &window.position}) {
    values->reserve(static_cast<std::size_t>(std::max(window.days, 0)));
  }
  for (int position = 1; position <= window.days; ++position) {
    const auto at = static_cast<std::ptrdiff_t>(row) - window.days + position;
    if (at < 0) continue;
    const Real x = call.operands[0][static_cast<std::size_t>(at)][column];
    const Real y = call.operands.size() > 1 ? call.operands[1][static_cast<std::size_t>(at)][column] : 0;
    if (missing(x) || missing(y)) continue;
    window.x.push_back(x);
    window.y.push_back(y);
    window.position.push_back(position);
    window.has_today = position == window.days;
  }
  return window;
}

inline Real plain_window(const Call& call, const Window& w) {
  const std::string& name = call.name;
  const auto n = static_cast<Real>(w.x.size());
  if (call.profile == "brain") {
    if (name == "ts_argmax" || name == "ts_argmin") {
      Values negated = w.x;
      for (Real& value : negated) value = -value;
      const Values& v = name == "ts_argmax" ? w.x : negated;
      return static_cast<Real>(std::max_element(v.rbegin(), v.rend()) - v.rbegin());
    }
    if (name == "ts_rank") return n == 1 ? 0.5L : (rank_of(w.x, w.x.size() - 1, 0) - 1) / (n - 1);
  }
  if (name == "ts_sum") return sum_of(w.x);
  if (name == "ts_mean") return mean_of(w.x);
  const auto most = std::max_element(w.x.begin(), w.x.end());
  const auto least = std::min_element(w.x.begin(), w.x.end());
  const auto position = [&](auto at) {
    const Real found = w.position[static_cast<std::size_t>(at - w.x.begin())];
    return call.option("from") == 1 ? w.days - found : found;
  };
  if (name == "ts_min") return *least;
  if (name == "ts_max") return *most;
  if (name == "ts_argmin") return position(least);
  if (name == "ts_argmax") return position(most);
  if (name == "ts_scale") return *most == *least ? kNan : (w.x.back() - *least) / (*most - *least);
  if (name == "ts_quantile") return quantile_of(w.x, call.literal(1), 1);
  if (name == "ts_median") return quantile_of(w.x, 1, 2);
  if (name == "ts_rank") {
    const int ties = static_cast<int>(call.option("ties"));
    return rank_of(w.x, w.x.size() - 1, ties) / (call.option("pct") == 0 ? 1 : n);
  }
  const Real positions = name == "decay_linear" ? sum_of(w.position) : 0;
  Real result = name == "ts_product" ? 1 : (name == "days_since" ? kNan : 0);
  for (std::size_t k = 0; k < w.x.size(); ++k) {
    if (name == "ts_product") {
      result *= w.x[k];
    } else if (name == "decay_linear") {
      result += w.position[k] * w.x[k] / positions;
    } else if (name == "count") {
      result += truth(w.x[k] != 0);
    } else if (name == "sumif") {
      result += w.y[k] != 0 ? w.x[k] : 0;
    } else if (name == "days_since") {
      result = w.x[k] != 0 ? w.days - w.position[k] : result;
    } else {
      throw std::invalid_argument("oracle: " + name);
    }
  }
  return result;
}

// Least squares of y on x with intercept: what `part` asks for.
inline Real line(const Values& y, const Values& x, const std::string& part) {
  const Real slope = is_constant(y) && part != "beta" && part != "alpha" && part != "regresi"
                         ? 0
                         : (is_constant(x) ? kNan : co_sum(x, y) / co_sum(x, x));
  if (part == "slope" || part == "beta") return slope;
  const Real intercept = mean_of(y) - slope * mean_of(x);
  return part == "alpha" ? intercept : y.back() - intercept - slope * x.back();
}

inline Real correlation(const Call& call, const Window& w) {
  if (w.x.size() < 2) return kNan;
  if (is_constant(w.x) || is_constant(w.y)) {
    return call.profile == "street" || call.option("const") == 1 ? 0 : kNan;
  }
  return co_sum(w.x, w.y) / std::sqrt(co_sum(w.x, w.x) * co_sum(w.y, w.y));
}

inline Real moment_window(const Call& call, const Window& w) {
  const std::string& name = call.name;
  const auto n = static_cast<Real>(w.x.size());
  if (name == "ts_mad") {
    const Real mean = mean_of(w.x);
    Real sum = 0;
    for (const Real x : w.x) sum += std::fabs(x - mean);
    return sum / n;
  }
  if (name == "ts_var") return variance_of(w.x, call.profile);
  if (name == "ts_std") return std::sqrt(variance_of(w.x, call.profile));
  if (name == "ts_zscore") {
    return is_constant(w.x) ? kNan : (w.x.back() - mean_of(w.x)) / std::sqrt(variance_of(w.x, call.profile));
  }
  if (name == "ts_skew") {
    return n < 3 || is_constant(w.x) ? kNan : n / ((n - 1) * (n - 2)) * z_power_sum(w.x, 3);
  }
  if (name == "ts_kurt") {
    if (n < 4 || is_constant(w.x)) return kNan;
    return n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * z_power_sum(w.x, 4) -
           3 * (n - 1) * (n - 1) / ((n - 2) * (n - 3));
  }
  if (name == "ts_cov") return n < 2 ? kNan : co_sum(w.x, w.y) / (n - 1);
  if (name == "ts_corr") return correlation(call, w);
  if (name == "ts_beta") return line(w.x, w.y, "beta");
  if (name == "ts_alpha") return line(w.x, w.y, "alpha");
  if (name == "ts_regresi") return line(w.x, w.y, "regresi");
  if (name == "ts_slope") return line(w.x, w.position, "slope");
  if (name == "ts_resid") return line(w.x, w.position, "resid");
  if (name == "ts_rsquare") {
    if (is_constant(w.x)) return kNan;
    const Real xy = co_sum(w.position, w.x);
    return xy * xy / (co_sum(w.position, w.position) * co_sum(w.x, w.x));
  }
  return plain_window(call, w);
}

// Today's residual of operand 0 on the others and an intercept, over the rows of the window on which all are there: the
// part of y that is left when it is projected off one unit vector after another, twice each.
inline Real several_regressors(const Call& call, std::size_t row, std::size_t column) {
  const std::size_t count = call.operands.size();
  std::vector<Values> columns(count + 1);
  bool has_today = false;
  for (std::size_t at = row + 1 - std::min(row + 1, static_cast<std::size_t>(call.days())); at <= row; ++at) {
    has_today = true;
    for (const Table& operand : call.operands) has_today = has_today && !missing(operand[at][column]);
    for (std::size_t i = 0; i < count && has_today; ++i) columns[i + 1].push_back(call.operands[i][at][column]);
  }
  const std::size_t n = columns[1].size();
  const Real asked = call.option("min_periods");
  if (!has_today || static_cast<Real>(n) < (asked > 0 ? asked : call.days()) || n < count) return kNan;
  columns[0] = Values(n, 1);
  std::swap(columns[1], columns[count]);  // y last
  std::vector<Values> units;
  for (std::size_t i = 0; i <= count; ++i) {
    Values& v = columns[i];
    const Real before = i == 0 ? static_cast<Real>(n) : co_sum(v, v);
    for (int twice = 0; twice < 2; ++twice) {
      for (const Values& unit : units) {
        Real share = 0;
        for (std::size_t k = 0; k < n; ++k) share += unit[k] * v[k];
        for (std::size_t k = 0; k < n; ++k) v[k] -= share * unit[k];
      }
    }
    if (i == count) break;
    Real length = 0;
    for (const Real x : v) length += x * x;
    if (length <= 1e-20L * before || before == 0) return kNan;
    for (Real& x : v) x /= std::sqrt(length);
    units.push_back(v);
  }
  return n == count ? 0 : columns[count].back();
}

// From the newest row back: the last leave or enter, the last value that differs.
inline Real held_cell(const Call& call, std::size_t row, std::size_t column) {
  const auto at = [&](std::size_t operand, std::size_t r) { return call.operands.at(operand)[r][column]; };
  const auto is_true = [&](std::size_t operand, std::size_t r) { return at(operand, r) > 0; };
  for (std::size_t lag = 0; lag <= row; ++lag) {
    const std::size_t then = row - lag;
    if (call.name == "trade_when") {
      if (is_true(2, then)) return kNan;
      if (is_true(0, then)) return at(1, then);
    } else if (missing(at(0, row))) {
      return kNan;
    } else if (!missing(at(0, then)) && at(0, then) != at(0, row)) {
      return static_cast<Real>(lag);
    }
  }
  return kNan;
}

inline Real series_cell(const Call& call, std::size_t row, std::size_t column) {
  const std::string& name = call.name;
  const Table& x = call.operands[0];
  if (name == "delay" || name == "delta") {
    const auto days = static_cast<std::size_t>(call.days());
    const Real before = row < days ? kNan : x[row - days][column];
    return name == "delay" ? before : x[row][column] - before;
  }
  if (name == "ffill") {
    for (int lag = 0; lag <= static_cast<int>(call.option("limit")) && lag <= static_cast<int>(row); ++lag) {
      const Real value = x[row - static_cast<std::size_t>(lag)][column];
      if (!missing(value)) return value;
    }
    return kNan;
  }
  if (name == "ts_backfill" || name == "ts_av_diff") {
    const auto days = static_cast<std::size_t>(call.days());
    Values known;  // Newest first
    for (std::size_t lag = 0; lag < days && lag <= row; ++lag) {
      if (!missing(x[row - lag][column])) known.push_back(x[row - lag][column]);
    }
    if (name == "ts_backfill") return known.empty() ? kNan : known.front();
    return missing(x[row][column]) ? kNan : x[row][column] - mean_of(known);
  }
  if (name == "trade_when" || name == "days_from_last_change") return held_cell(call, row, column);
  if (name == "ts_regresi2" || name == "ts_regresi3") return several_regressors(call, row, column);
  const Window w = window_at(call, row, column);
  const int needed = call.option("min_periods") > 0 ? static_cast<int>(call.option("min_periods")) : w.days;
  if (static_cast<int>(w.x.size()) < std::max(needed, 1)) return kNan;
  const bool needs_today =
      name == "ts_rank" || name == "ts_scale" || name == "ts_zscore" || name == "ts_resid" || name == "ts_regresi";
  return needs_today && !w.has_today ? kNan : moment_window(call, w);
}

inline void first_column(const Call& call, std::size_t column, Table& out) {
  Real first = kNan;
  for (std::size_t row = 0; row < out.size(); ++row) {
    const Real x = call.operands[0][row][column];
    first = missing(first) ? x : first;
    out[row][column] = first;
  }
}

// ema and sma: from the first valid value, shown from the days-th on.
inline void recursive_column(const Call& call, std::size_t column, Table& out) {
  const Real n = call.literal(0);
  Real y = kNan;
  int seen = 0;
  for (std::size_t row = 0; row < out.size(); ++row) {
    const Real x = call.operands[0][row][column];
    if (missing(x)) continue;
    const Real weight = call.name == "ema" ? 2 / (n + 1) : call.literal(1) / n;
    y = seen == 0 ? x : weight * x + (1 - weight) * y;
    ++seen;
    out[row][column] = seen >= call.days() ? y : kNan;
  }
}

// --- cross-sections -------------------------------------------------------------------------------------------------

// Each member's value from the section's valid values.
inline Real section_cell(const Call& call, const std::string& name, const Values& v, std::size_t i) {
  const auto n = static_cast<Real>(v.size());
  if (name == "rank") {
    if (call.profile == "brain") return v.size() == 1 ? 0.5L : (rank_of(v, i, 0) - 1) / (n - 1);
    return rank_of(v, i, static_cast<int>(call.option("ties"))) / (call.option("pct") == 0 ? 1 : n);
  }
  if (name == "normal") return inverse_normal((rank_of(v, i, 0) - 0.5L) / n);
  if (name == "mean") return mean_of(v);
  if (name == "count") return n;
  if (name == "demean") return is_constant(v) ? 0 : v[i] - mean_of(v);
  if (name == "zscore") return is_constant(v) ? kNan : (v[i] - mean_of(v)) / std::sqrt(variance_of(v, call.profile));
  if (name == "scale") {
    Real sum = 0;
    for (const Real x : v) sum += std::fabs(x);
    return sum == 0 ? kNan : (call.literals.empty() ? 1 : call.literal(0)) * v[i] / sum;
  }
  if (name == "winsorize") {
    const Real p = call.literal(0);
    return std::min(std::max(v[i], quantile_of(v, p, 1)), quantile_of(v, 1 - p, 1));
  }
  if (name == "winsorize_std") {
    const Real reach = call.literal(0) * std::sqrt(variance_of(v, call.profile));
    if (is_constant(v)) return v[i];
    return std::min(std::max(v[i], mean_of(v) - reach), mean_of(v) + reach);
  }
  if (name == "winsorize_mad") {
    const Real median = quantile_of(v, 1, 2);
    Values distances;
    for (const Real x : v) distances.push_back(std::fabs(x - median));
    const Real reach = call.literal(0) * 1.4826L * quantile_of(distances, 1, 2);
    return reach == 0 ? v[i] : std::min(std::max(v[i], median - reach), median + reach);
  }
  if (name == "quantile") {
    Real k = 1;
    while (k < call.literal(0) && v[i] > quantile_of(v, k, call.literal(0))) ++k;
    return k;
  }
  throw std::invalid_argument("oracle: " + name);
}

// What an operator within groups does to each group.
inline std::string within_group(const std::string& name) {
  return name == "indneutralize" ? "demean" : name.substr(std::string("group_").size());
}

inline void section_row(const Call& call, std::size_t row, Values& out) {
  const Values& x = call.operands[0][row];
  for (std::size_t column = 0; column < out.size(); ++column) {
    if (missing(x[column]) || (!call.groups.empty() && call.groups[row][column] < 0)) continue;
    Values members;
    std::size_t own = 0;
    for (std::size_t other = 0; other < out.size(); ++other) {
      const bool is_member = call.groups.empty() || call.groups[row][other] == call.groups[row][column];
      if (is_member && !missing(x[other])) {
        own = other == column ? members.size() : own;
        members.push_back(x[other]);
      }
    }
    out[column] = section_cell(call, call.groups.empty() ? call.name : within_group(call.name), members, own);
  }
}

// Residual of a least squares fit by normal equations, the columns of the design as they are: intercept or dummies,
// then the regressors. Gauss-Jordan with full pivoting; columns without a pivot are dropped.
inline Values residual(const Values& target, const std::vector<Values>& design) {
  const std::size_t p = design.size();
  Table system(p, Values(p + 1, 0));
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t k = 0; k < target.size(); ++k) {
      for (std::size_t j = 0; j < p; ++j) system[i][j] += design[i][k] * design[j][k];
      system[i][p] += design[i][k] * target[k];
    }
  }
  const Table gram = system;
  std::vector<bool> used(p, false);
  for (std::size_t step = 0; step < p; ++step) {
    std::size_t best = p;
    for (std::size_t i = 0; i < p; ++i) {
      const bool is_pivot = !used[i] && system[i][i] > 1e-12L * gram[i][i];
      if (is_pivot && (best == p || system[i][i] / gram[i][i] > system[best][best] / gram[best][best])) best = i;
    }
    if (best == p) break;
    used[best] = true;
    const Values pivot_row = system[best];
    for (std::size_t i = 0; i < p; ++i) {
      const Real factor = i == best ? 0 : system[i][best] / pivot_row[best];
      for (std::size_t j = 0; j <= p; ++j) system[i][j] -= factor * pivot_row[j];
    }
  }
  Values result = target;
  for (std::size_t i = 0; i < p; ++i) {
    const Real coefficient = used[i] ? system[i][p] / system[i][i] : 0;
    for (std::size_t k = 0; k < result.size(); ++k) result[k] -= coefficient * design[i][k];
  }
  return result;
}

inline void neutralize_row(const Call& call, std::size_t row, Values& out) {
  std::vector<std::size_t> columns;
  std::map<int, std::size_t> dummies;
  for (std::size_t column = 0; column < out.size(); ++column) {
    const int group = call.groups.empty() ? 0 : call.groups[row][column];
    bool is_valid = group >= 0;
    for (const Table& operand : call.operands) is_valid = is_valid && !missing(operand[row][column]);
    if (is_valid) {
      columns.push_back(column);
      dummies.emplace(group, dummies.size());
    }
  }
  std::vector<Values> design(dummies.size(), Values(columns.size(), 0));
  Values target;
  for (std::size_t k = 0; k < columns.size(); ++k) {
    design[dummies.at(call.groups.empty() ? 0 : call.groups[row][columns[k]])][k] = 1;
    target.push_back(call.operands[0][row][columns[k]]);
  }
  for (std::size_t i = 1; i < call.operands.size(); ++i) {
    Values regressor;
    for (const std::size_t column : columns) regressor.push_back(call.operands[i][row][column]);
    design.push_back(std::move(regressor));
  }
  const Values result = residual(target, design);
  for (std::size_t k = 0; k < columns.size(); ++k) out[columns[k]] = result[k];
}

// --- all of them ----------------------------------------------------------------------------------------------------

enum class Shape { kElementwise, kSeries, kCross };

inline Real elementwise_cell(const Call& call, std::size_t row, std::size_t column) {
  const auto at = [&](std::size_t operand) { return call.operands.at(operand)[row][column]; };
  switch (call.operands.size()) {
    case 1:
      return unary_cell(call.name, at(0));
    case 2:
      return binary_cell(call.name, at(0), at(1));
    default:
      return ternary_cell(call.name, at(0), at(1), at(2));
  }
}

// The operator's table; a value beyond `largest`, that of the working type, is missing.
inline Table run(const Call& call, Shape shape, Real largest) {
  const std::size_t columns = call.operands[0].empty() ? 0 : call.operands[0][0].size();
  Table out(call.operands[0].size(), Values(columns, kNan));
  for (std::size_t row = 0; row < out.size(); ++row) {
    if (shape == Shape::kCross) {
      const bool is_regression = call.name == "neutralize" || call.name == "group_neutralize_on";
      is_regression ? neutralize_row(call, row, out[row]) : section_row(call, row, out[row]);
    }
    for (std::size_t column = 0; column < columns && shape != Shape::kCross; ++column) {
      if (shape == Shape::kElementwise) {
        out[row][column] = elementwise_cell(call, row, column);
      } else if (call.name != "ema" && call.name != "sma" && call.name != "ts_first") {
        out[row][column] = series_cell(call, row, column);
      } else if (row == 0) {
        call.name == "ts_first" ? first_column(call, column, out) : recursive_column(call, column, out);
      }
    }
  }
  for (Values& values : out) {
    for (Real& value : values) value = std::fabs(value) <= largest ? value : kNan;
  }
  return out;
}

}  // namespace lode::oracle
