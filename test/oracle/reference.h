// Whole formulas by the literal reference: every term of the oracle's own reading as a table, in long double, and the
// same once more with noise, to tell the cells that rounding alone decides (a correlation over 2 sessions, ranked) from
// those that must agree.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "test/oracle/formula.h"
#include "test/oracle/market.h"
#include "test/oracle/operators.h"
#include "test/oracle/qlib.h"

namespace lode::oracle {

// Relative errors put on values, equal values equally; 0: none.
struct Noise {
  double results = 0.0;   // On what an inexact operator gives
  double operands = 0.0;  // On what an accumulating operator reads
  std::uint64_t seed = 0;
  Sums sums = Sums::kExact;
  bool rounds = true;  // Every operator rounds once to the working type; ties come of it
};

inline Real shaken(Real value, double size, std::uint64_t seed) {
  if (size == 0.0 || missing(value) || value == 0) return value;
  std::uint64_t bits = std::bit_cast<std::uint64_t>(static_cast<double>(value)) ^ (seed * 0x9E3779B97F4A7C15ULL);
  bits = (bits ^ (bits >> 31)) * 0xBF58476D1CE4E5B9ULL;
  bits = (bits ^ (bits >> 29)) * 0x94D049BB133111EBULL;
  const Real unit = static_cast<Real>(bits >> 11) * 0x1p-52L - 1.0L;
  return value * (1.0L + static_cast<Real>(size) * unit);
}

inline void shake(Table& table, double size, std::uint64_t seed) {
  for (Values& row : table) {
    for (Real& value : row) value = shaken(value, size, seed);
  }
}

inline bool is_exact(const std::string& name) {
  static const std::set<std::string> exact = {
      "neg",    "abs",    "sign",      "floor",     "ceil",  "round",      "min",      "max",
      "clip",   "lt",     "le",        "gt",        "ge",    "eq",         "ne",       "and",
      "or",     "not",    "where",     "is_nan",    "fill",  "delay",      "ffill",    "ts_first",
      "ts_min", "ts_max", "ts_argmin", "ts_argmax", "count", "days_since", "quantile", "group_count"};
  return exact.contains(name);
}

// True for operators that add up many operands; the rest see theirs as they are.
inline bool accumulates(const Term& term) {
  const std::string& name = term.name;
  return term.shape != Shape::kElementwise && !is_exact(name) && name != "rank" && name != "ts_rank" &&
         name != "group_rank" && name != "delta" && name != "normal" && name != "ts_quantile" && name != "ts_median";
}

class Reference {
 public:
  // The tables of the roots and of all below them. Fields as the engine sees them: rounded to float when `is_float`.
  Reference(const Forest& forest, const std::vector<int>& roots, const TrapMarket& market, bool is_float, Noise noise)
      : forest_(forest), market_(market), is_float_(is_float), noise_(noise), tables_(forest.terms.size()) {
    std::vector<bool> is_wanted(forest.terms.size(), false);
    for (const int root : roots) is_wanted[static_cast<std::size_t>(root)] = true;
    for (std::size_t term = forest.terms.size(); term-- > 0;) {
      for (const int operand : forest.terms[term].operands) {
        is_wanted[static_cast<std::size_t>(operand)] = is_wanted[static_cast<std::size_t>(operand)] || is_wanted[term];
      }
    }
    oracle::sums = noise.sums;
    for (std::size_t term = 0; term < forest.terms.size(); ++term) {
      if (is_wanted[term]) tables_[term] = table_of(forest.terms[term]);
    }
    oracle::sums = Sums::kExact;
  }

  const Table& root(int term) const { return tables_[static_cast<std::size_t>(term)]; }

 private:
  Table table_of(const Term& term) const {
    switch (term.kind) {
      case Term::Kind::kGroup:
        return {};
      case Term::Kind::kNumber:
        return Table(market_.sessions, Values(market_.names, term.number));
      case Term::Kind::kField: {
        Table table;
        for (const std::vector<double>& row : market_.fields.at(term.name)) {
          table.emplace_back();
          for (const double value : row) table.back().push_back(is_float_ ? static_cast<float>(value) : value);
        }
        return table;
      }
      case Term::Kind::kOperator:
        break;
    }
    Table result = run_operator(term);
    if (!is_exact(term.name)) shake(result, noise_.results, noise_.seed);
    for (Values& row : result) {
      if (!noise_.rounds) break;
      for (Real& value : row) value = is_float_ ? static_cast<float>(value) : static_cast<double>(value);
    }
    return result;
  }

  Table run_operator(const Term& term) const {
    Call call{.name = term.name, .literals = term.literals, .options = term.options, .profile = forest_.profile};
    for (const int operand : term.operands) {
      const Term& below = forest_.terms[static_cast<std::size_t>(operand)];
      if (below.kind == Term::Kind::kGroup) {
        for (const std::vector<double>& row : market_.groups.at(below.name)) {
          call.groups.emplace_back(row.begin(), row.end());
        }
        continue;
      }
      call.operands.push_back(tables_[static_cast<std::size_t>(operand)]);
      if (accumulates(term)) shake(call.operands.back(), noise_.operands, noise_.seed + 1);
    }
    const Real largest = is_float_ ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
    if (call.profile != "qlib") return run(call, term.shape, largest);
    call.first_rows = first_rows(term);
    return qlib::run(call, term.shape, largest);
  }

  // By name: the first session with a finite cell of some field below the term.
  std::vector<int> first_rows(const Term& term) const {
    std::vector<int> first(market_.names, static_cast<int>(market_.sessions));
    std::set<int> below(term.operands.begin(), term.operands.end());
    while (!below.empty()) {
      const Term& next = forest_.terms[static_cast<std::size_t>(*below.rbegin())];
      below.erase(std::prev(below.end()));
      below.insert(next.operands.begin(), next.operands.end());
      if (next.kind != Term::Kind::kField) continue;
      const Grid64& grid = market_.fields.at(next.name);
      for (std::size_t i = 0; i < first.size(); ++i) {
        int t = 0;
        while (t < first[i] && !std::isfinite(grid[static_cast<std::size_t>(t)][i])) ++t;
        first[i] = t;
      }
    }
    return first;
  }

  const Forest& forest_;
  const TrapMarket& market_;
  bool is_float_;
  Noise noise_;
  std::vector<Table> tables_;
};

}  // namespace lode::oracle
