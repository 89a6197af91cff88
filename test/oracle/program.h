// Whole programs by the literal reference: every node as a table, in long double, and the same once more with noise, to
// tell the cells that rounding alone decides (a correlation over 2 sessions, ranked) from those that must agree.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "lode/core/expr/program.h"
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
inline bool accumulates(const expr::Node& node, const std::string& name) {
  return node.op->spec.shape != expr::Shape::kElementwise && !is_exact(name) && name != "rank" && name != "ts_rank" &&
         name != "group_rank" && name != "delta" && name != "normal" && name != "ts_quantile" && name != "ts_median";
}

class Reference {
 public:
  // Fields as the engine sees them: rounded to float when `is_float`.
  Reference(const expr::Program& program, const TrapMarket& market, bool is_float, Noise noise)
      : program_(program), market_(market), is_float_(is_float), noise_(noise), tables_(program.nodes.size()) {
    oracle::sums = noise.sums;
    for (std::size_t node = 0; node < program.nodes.size(); ++node) {
      tables_[node] = table_of(node);
    }
    oracle::sums = Sums::kExact;
  }

  const Table& root(std::size_t index) const { return tables_[program_.roots[index]]; }

 private:
  Table table_of(std::size_t index) const {
    const expr::Node& node = program_.nodes[index];
    switch (node.kind) {
      case expr::NodeKind::kGroupField:
        return {};
      case expr::NodeKind::kLiteral:
        return Table(market_.sessions, Values(TrapMarket::kNames, node.literal));
      case expr::NodeKind::kField: {
        Table table;
        for (const std::vector<double>& row : market_.fields.at(node.field)) {
          table.emplace_back();
          for (const double value : row) table.back().push_back(is_float_ ? static_cast<float>(value) : value);
        }
        return table;
      }
      case expr::NodeKind::kOperator:
        break;
    }
    const std::string name(node.op->spec.name);
    Table result = run_operator(node, index, name);
    if (!is_exact(name)) shake(result, noise_.results, noise_.seed);
    for (Values& row : result) {
      if (!noise_.rounds) break;
      for (Real& value : row) value = is_float_ ? static_cast<float>(value) : static_cast<double>(value);
    }
    return result;
  }

  Table run_operator(const expr::Node& node, std::size_t index, const std::string& name) const {
    Call call;
    call.name = name;
    call.literals = node.literals;
    for (std::size_t i = 0; i < node.options.size(); ++i) {
      call.options[std::string(node.op->spec.options[i].name)] = node.options[i];
    }
    for (const std::uint32_t operand : node.operands) {
      if (program_.nodes[operand].kind == expr::NodeKind::kGroupField) {
        for (const std::vector<double>& row : market_.groups.at(program_.nodes[operand].field)) {
          call.groups.emplace_back(row.begin(), row.end());
        }
        continue;
      }
      call.operands.push_back(tables_[operand]);
      if (accumulates(node, name)) shake(call.operands.back(), noise_.operands, noise_.seed + 1);
    }
    call.profile = program_.profile->name;
    const Real largest = is_float_ ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
    const auto shape = static_cast<Shape>(node.op->spec.shape);
    if (call.profile != "qlib") return run(call, shape, largest);
    call.first_rows = first_rows(index);
    return qlib::run(call, shape, largest);
  }

  // By name: the first session with a finite cell of some field below the node.
  std::vector<int> first_rows(std::size_t index) const {
    std::vector<int> first(TrapMarket::kNames, static_cast<int>(market_.sessions));
    std::set<std::uint32_t> below = {static_cast<std::uint32_t>(index)};
    while (!below.empty()) {
      const expr::Node& node = program_.nodes[*below.rbegin()];
      below.erase(std::prev(below.end()));
      below.insert(node.operands.begin(), node.operands.end());
      if (node.kind != expr::NodeKind::kField) continue;
      const Grid64& grid = market_.fields.at(node.field);
      for (std::size_t i = 0; i < first.size(); ++i) {
        int t = 0;
        while (t < first[i] && !std::isfinite(grid[static_cast<std::size_t>(t)][i])) ++t;
        first[i] = t;
      }
    }
    return first;
  }

  const expr::Program& program_;
  const TrapMarket& market_;
  bool is_float_;
  Noise noise_;
  std::vector<Table> tables_;
};

}  // namespace lode::oracle
