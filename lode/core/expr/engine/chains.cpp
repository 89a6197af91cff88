// Joining what reads each other's slots.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/engine/chains.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace lode::expr::engine {
namespace {

// Nodes in disjoint sets.
class Sets {
 public:
  explicit Sets(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0U); }

  std::uint32_t find(std::uint32_t node) {
    while (parent_[node] != node) {
      parent_[node] = parent_[parent_[node]];
      node = parent_[node];
    }
    return node;
  }
  void join(std::uint32_t a, std::uint32_t b) { parent_[find(a)] = find(b); }

 private:
  std::vector<std::uint32_t> parent_;
};

}  // namespace

std::vector<std::vector<std::uint32_t>> chains_of(const Stage& stage, const std::vector<Node>& nodes) {
  std::vector<bool> is_made_here(nodes.size(), false);
  for (const Action& action : stage.actions) {
    if (action.kind == Action::Kind::kRun || action.kind == Action::Kind::kLoad) {
      is_made_here[action.node] = true;
    }
  }
  Sets sets(nodes.size());
  for (const Action& action : stage.actions) {
    if (action.kind != Action::Kind::kRun) {
      continue;
    }
    for (const std::uint32_t operand : nodes[action.node].operands) {
      if (is_made_here[operand]) {
        sets.join(action.node, operand);
      }
    }
  }
  std::map<std::uint32_t, std::vector<std::uint32_t>> chains;
  std::vector<std::uint32_t> masks;  // These belong to the operator behind them, whatever they mask.
  for (std::uint32_t i = 0; i < stage.actions.size(); ++i) {
    const Action& action = stage.actions[i];
    if (action.kind == Action::Kind::kMask) {
      masks.push_back(i);
      continue;
    }
    std::vector<std::uint32_t>& chain = chains[sets.find(action.node)];
    if (action.kind == Action::Kind::kRun) {
      chain.insert(chain.end(), masks.begin(), masks.end());
      masks.clear();
    }
    chain.push_back(i);
  }
  std::vector<std::vector<std::uint32_t>> result;
  for (auto& [set, chain] : chains) {
    result.push_back(std::move(chain));
  }
  std::ranges::stable_sort(result, std::ranges::greater(), [](const auto& chain) { return chain.size(); });
  return result;
}

}  // namespace lode::expr::engine
