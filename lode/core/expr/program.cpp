// Program: what it reads, and how many become one.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/program.h"

#include <algorithm>
#include <set>
#include <utility>

#include "lode/base/assert.h"
#include "lode/core/expr/graph.h"

namespace lode::expr {

int Program::lookback() const {
  int rows = 0;
  for (const std::uint32_t root : roots) {
    rows = std::max(rows, nodes[root].lookback);
  }
  return rows;
}

std::vector<std::string> Program::fields() const {
  std::set<std::string> names;
  for (const Node& node : nodes) {
    if (node.kind == NodeKind::kField || node.kind == NodeKind::kGroupField) {
      names.insert(node.field);
    }
  }
  return {names.begin(), names.end()};
}

Program merge(std::span<const Program> programs) {
  Program merged;
  Graph graph;
  for (const Program& program : programs) {
    merged.profile = merged.profile == nullptr ? program.profile : merged.profile;
    LODE_ASSERT(merged.profile == program.profile);
    std::vector<std::uint32_t> moved;
    moved.reserve(program.nodes.size());
    for (Node node : program.nodes) {
      for (std::uint32_t& operand : node.operands) {
        operand = moved[operand];
      }
      moved.push_back(graph.intern(std::move(node)));
    }
    for (const std::uint32_t root : program.roots) {
      merged.roots.push_back(moved[root]);
    }
    merged.formulas.insert(merged.formulas.end(), program.formulas.begin(), program.formulas.end());
    merged.hashes.insert(merged.hashes.end(), program.hashes.begin(), program.hashes.end());
    merged.warnings.insert(merged.warnings.end(), program.warnings.begin(), program.warnings.end());
    merged.lookahead = std::max(merged.lookahead, program.lookahead);
  }
  merged.nodes = std::move(graph).take(merged.roots);
  return merged;
}

}  // namespace lode::expr
