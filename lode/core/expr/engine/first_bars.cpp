// First bars by the set of fields below a node.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/engine/first_bars.h"

#include <algorithm>
#include <set>

#include "lode/core/expr/engine/plan.h"
#include "lode/core/expr/kernels/kernel.h"

namespace lode::expr::engine {
namespace {

using Sessions = std::vector<std::int32_t>;
using Names = std::set<std::string>;

// True when some instrument showed its first finite cell in these rows.
bool see_field(const Panel& panel, std::size_t row, std::size_t rows, std::int32_t session, Sessions& first) {
  bool is_news = false;
  for (std::size_t column = 0; column < first.size(); ++column) {
    for (std::size_t i = 0; i < rows && first[column] == kNotYet; ++i) {
      if (kernels::is_finite(panel.at(row + i, column))) {
        first[column] = session + static_cast<std::int32_t>(i);
        is_news = true;
      }
    }
  }
  return is_news;
}

// The fields below each node.
std::vector<Names> fields_below(const Program& program) {
  std::vector<Names> below(program.nodes.size());
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

FirstBars::FirstBars(const Program& program, std::size_t columns) : entry_of_(program.nodes.size(), kNothing) {
  if (!program.profile->skips_missing && !program.profile->missing_is_false) {
    return;
  }
  const std::vector<Names> below = fields_below(program);
  std::map<Names, std::size_t> known;
  for (std::size_t node = 0; node < below.size(); ++node) {
    if (below[node].empty() || program.nodes[node].kind != NodeKind::kOperator) {
      continue;
    }
    const auto [found, is_new] = known.emplace(below[node], entries_.size());
    entry_of_[node] = found->second;
    if (is_new) {
      entries_.push_back({{below[node].begin(), below[node].end()}, Sessions(columns, kNotYet), kNotYet});
      for (const std::string& field : below[node]) {
        by_field_.try_emplace(field, columns, kNotYet);
      }
    }
  }
}

void FirstBars::see(const Fields& fields, std::size_t row, std::size_t rows, std::int32_t session) {
  bool is_news = false;
  for (auto& [name, first] : by_field_) {
    is_news = see_field(*fields.find(name), row, rows, session, first) || is_news;
  }
  if (is_news) {
    follow_fields();
  }
}

void FirstBars::follow_fields() {
  for (Entry& entry : entries_) {
    for (const std::string& field : entry.fields) {
      std::ranges::transform(entry.sessions, by_field_.at(field), entry.sessions.begin(),
                             [](std::int32_t a, std::int32_t b) { return std::min(a, b); });
    }
    entry.last = entry.sessions.empty() ? 0 : std::ranges::max(entry.sessions);
  }
}

std::size_t FirstBars::saved_bytes() const {
  std::size_t bytes = 0;
  for (const auto& [name, sessions] : by_field_) {
    bytes += sessions.size() * sizeof(std::int32_t);
  }
  return bytes;
}

void FirstBars::save(StateWriter& to) const {
  for (const auto& [name, sessions] : by_field_) {
    to.cells(std::span(sessions));
  }
}

void FirstBars::restore(StateReader& from, std::span<const std::uint32_t> column_of) {
  Sessions saved(column_of.size());
  for (auto& [name, sessions] : by_field_) {
    from.cells(std::span(saved));
    for (std::size_t i = 0; i < saved.size(); ++i) {
      if (column_of[i] != kNone) {
        sessions[column_of[i]] = saved[i];
      }
    }
  }
  follow_fields();
}

std::span<const std::int32_t> FirstBars::of(std::uint32_t node) const {
  return entry_of_[node] == kNothing ? std::span<const std::int32_t>() : entries_[entry_of_[node]].sessions;
}

std::int32_t FirstBars::last_of(std::uint32_t node) const {
  return entry_of_[node] == kNothing ? 0 : entries_[entry_of_[node]].last;
}

}  // namespace lode::expr::engine
