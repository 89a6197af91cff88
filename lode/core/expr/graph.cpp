// Hash-consing by a byte key a node; folding of literals through the operators' kernels.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/graph.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <utility>

#include "lode/base/hash.h"
#include "lode/base/math.h"

namespace lode::expr {
namespace {

void append_bits(std::string& key, std::uint64_t bits) {
  for (int byte = 0; byte < 8; ++byte) {
    key.push_back(static_cast<char>(bits >> (8 * byte)));
  }
}

void append_values(std::string& key, const std::vector<double>& values) {
  append_bits(key, values.size());
  for (const double value : values) {
    append_bits(key, std::bit_cast<std::uint64_t>(value));
  }
}

// Everything of a node but its operands.
std::string label(const Node& node) {
  std::string key(1, static_cast<char>(node.kind));
  append_bits(key, node.field.size());
  key += node.field;
  append_bits(key, std::bit_cast<std::uint64_t>(node.literal));
  if (node.op != nullptr) {
    key += node.op->spec.name;
  }
  key.push_back('\0');
  append_values(key, node.literals);
  append_values(key, node.options);
  return key;
}

// Literals, then fields, then operators.
int order_class(NodeKind kind) {
  switch (kind) {
    case NodeKind::kLiteral:
      return 0;
    case NodeKind::kField:
      return 1;
    case NodeKind::kGroupField:
      return 2;
    case NodeKind::kOperator:
      return 3;
  }
  return 4;
}

}  // namespace

std::uint32_t Graph::intern(Node node) {
  std::string key = label(node);
  std::string structure = key;
  for (const std::uint32_t operand : node.operands) {
    append_bits(key, operand);
    append_bits(structure, identities_[operand]);
  }
  const auto [found, is_new] = known_.emplace(std::move(key), static_cast<std::uint32_t>(nodes_.size()));
  if (is_new) {
    nodes_.push_back(std::move(node));
    identities_.push_back(xxh3(structure));
  }
  return found->second;
}

void Graph::sort_operands(std::vector<std::uint32_t>& operands) const {
  const auto rank = [this](std::uint32_t index) {
    const Node& node = nodes_[index];
    const std::string_view name = node.op != nullptr ? node.op->spec.name : std::string_view(node.field);
    return std::make_tuple(order_class(node.kind), node.literal, name, identities_[index]);
  };
  std::sort(operands.begin(), operands.end(), [&](std::uint32_t a, std::uint32_t b) { return rank(a) < rank(b); });
}

std::vector<Node> Graph::take(std::vector<std::uint32_t>& roots) && {
  std::vector<char> needed(nodes_.size(), 0);
  for (const std::uint32_t root : roots) {
    needed[root] = 1;
  }
  for (std::size_t i = nodes_.size(); i-- > 0;) {  // Users stand behind their operands.
    if (needed[i] != 0) {
      for (const std::uint32_t operand : nodes_[i].operands) {
        needed[operand] = 1;
      }
    }
  }
  std::vector<std::uint32_t> renumbered(nodes_.size(), 0);
  std::vector<Node> kept;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (needed[i] == 0) {
      continue;
    }
    renumbered[i] = static_cast<std::uint32_t>(kept.size());
    kept.push_back(std::move(nodes_[i]));
    for (std::uint32_t& operand : kept.back().operands) {
      operand = renumbered[operand];
    }
  }
  for (std::uint32_t& root : roots) {
    root = renumbered[root];
  }
  return kept;
}

bool fold(const Operator& op, const std::vector<double>& operands, const KernelArguments& arguments, double& out) {
  if (op.spec.shape != Shape::kElementwise || op.run64 == nullptr || operands.empty()) {
    return false;
  }
  // A whole tile row of the same value: kernels may work a vector at a time.
  std::vector<std::array<double, kLanes>> cells(operands.size());
  std::vector<Tile<const double>> tiles;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    cells[i].fill(operands[i]);
    tiles.push_back({cells[i].data(), 1, kLanes, kLanes});
  }
  std::array<double, kLanes> result{};
  std::vector<std::byte> scratch(op.scratch_bytes == nullptr ? 0 : op.scratch_bytes(arguments, 1, kLanes));
  KernelCall<double> call;
  call.operands = tiles;
  call.out = {result.data(), 1, kLanes, kLanes};
  call.arguments = arguments;
  call.scratch = {scratch};
  op.run64(call);
  out = result[0];
  return math::is_finite(out);
}

bool is_lag(const Operator& op) { return op.spec.name == "delay" || op.spec.name == "delta"; }

int lookahead(const std::vector<Node>& nodes, const std::vector<std::uint32_t>& roots) {
  std::vector<int> ahead(nodes.size(), 0);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const std::uint32_t operand : nodes[i].operands) {
      ahead[i] = std::max(ahead[i], ahead[operand]);
    }
    if (nodes[i].op != nullptr && is_lag(*nodes[i].op) && !nodes[i].literals.empty()) {
      const int lagged = std::max(0, ahead[i] - static_cast<int>(nodes[i].literals[0]));
      const bool reads_today_too = nodes[i].op->spec.name == "delta";
      ahead[i] = reads_today_too ? std::max(ahead[i], lagged) : lagged;
    }
  }
  int most = 0;
  for (const std::uint32_t root : roots) {
    most = std::max(most, ahead[root]);
  }
  return most;
}

}  // namespace lode::expr
