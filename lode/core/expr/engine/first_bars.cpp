// First bars by the set of fields below a node.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/engine/first_bars.h"

#include <algorithm>
#include <set>

#include "lode/core/expr/kernels/kernel.h"

namespace lode::expr::engine {
namespace {

using Sessions = std::vector<std::int32_t>;

Sessions first_cells(const Panel& panel) {
  Sessions first(panel.columns(), static_cast<std::int32_t>(panel.rows()));
  std::size_t left = panel.columns();
  for (std::size_t row = 0; row < panel.rows() && left > 0; ++row) {
    for (std::size_t column = 0; column < panel.columns(); ++column) {
      const bool is_new = first[column] == static_cast<std::int32_t>(panel.rows());
      if (is_new && kernels::is_finite(panel.at(row, column))) {
        first[column] = static_cast<std::int32_t>(row);
        --left;
      }
    }
  }
  return first;
}

// The fields below each node.
std::vector<std::set<std::string>> fields_below(const Program& program) {
  std::vector<std::set<std::string>> below(program.nodes.size());
  for (std::size_t i = 0; i < program.nodes.size(); ++i) {
    if (program.nodes[i].kind == NodeKind::kField) {
      below[i].insert(program.nodes[i].field);
    }
    for (const std::uint32_t operand : program.nodes[i].operands) {
      below[i].insert(below[operand].begin(), below[operand].end());
    }
  }
  return below;
}

}  // namespace

FirstBars::FirstBars(const Program& program, const Fields& fields) : entry_of_(program.nodes.size(), kNothing) {
  if (!program.profile->skips_missing && !program.profile->missing_is_false) {
    return;
  }
  const std::vector<std::set<std::string>> below = fields_below(program);
  std::map<std::string, Sessions> by_field;
  std::map<std::set<std::string>, std::size_t> known;
  for (std::size_t node = 0; node < below.size(); ++node) {
    if (below[node].empty() || program.nodes[node].kind != NodeKind::kOperator) {
      continue;
    }
    const auto [found, is_new] = known.emplace(below[node], entries_.size());
    entry_of_[node] = found->second;
    if (!is_new) {
      continue;
    }
    Entry entry{Sessions(fields.axis().columns(), static_cast<std::int32_t>(fields.axis().rows())), 0};
    for (const std::string& name : below[node]) {
      Sessions& first = by_field[name];
      first = first.empty() ? first_cells(*fields.find(name)) : first;
      std::ranges::transform(entry.sessions, first, entry.sessions.begin(),
                             [](std::int32_t a, std::int32_t b) { return std::min(a, b); });
    }
    entry.last = entry.sessions.empty() ? 0 : std::ranges::max(entry.sessions);
    entries_.push_back(std::move(entry));
  }
}

std::span<const std::int32_t> FirstBars::of(std::uint32_t node) const {
  return entry_of_[node] == kNothing ? std::span<const std::int32_t>() : entries_[entry_of_[node]].sessions;
}

std::int32_t FirstBars::last_of(std::uint32_t node) const {
  return entry_of_[node] == kNothing ? 0 : entries_[entry_of_[node]].last;
}

}  // namespace lode::expr::engine
