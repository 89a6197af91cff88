// Hash-consing: equal sub-expressions become one node, so what formulas share is computed once.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "lode/core/expr/program.h"

namespace lode::expr {

// Nodes under construction. Every node has an identity, a hash of its structure that does not depend on what else was
// built before; canonical operand order rests on it.
class Graph {
 public:
  // The node equal to this one, made when new. Operands must be of this graph.
  std::uint32_t intern(Node node);

  const Node& at(std::uint32_t index) const { return nodes_[index]; }
  std::uint64_t identity(std::uint32_t index) const { return identities_[index]; }
  std::size_t size() const { return nodes_.size(); }

  // Puts the operands of a commutative operator in canonical order: literals by value, fields by name, then operators
  // by name and identity. The order is the same in every formula.
  void sort_operands(std::vector<std::uint32_t>& operands) const;

  // The nodes that the roots need, in evaluation order; the roots are renumbered. Ends the graph.
  std::vector<Node> take(std::vector<std::uint32_t>& roots) &&;

 private:
  std::vector<Node> nodes_;
  std::vector<std::uint64_t> identities_;
  std::unordered_map<std::string, std::uint32_t> known_;
};

// The value of an elementwise operator whose operands are all literals, by the operator's own kernel so that folding
// cannot change a result; false where there is no kernel or the result is not finite.
bool fold(const Operator& op, const std::vector<double>& operands, const KernelArguments& arguments, double& out);

// delay and delta: a negative window reads the future.
bool is_lag(const Operator& op);
// Most sessions of the future that a root reads; 0 unless there are negative lags.
int lookahead(const std::vector<Node>& nodes, const std::vector<std::uint32_t>& roots);

}  // namespace lode::expr
