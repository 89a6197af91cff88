// OperatorTable: names and aliases to operators, without case; and an operator's signature for messages and help.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/base/text.h"
#include "lode/core/expr/program.h"

namespace lode::expr {

OperatorTable::OperatorTable() : OperatorTable(operator_catalog()) {}

OperatorTable::OperatorTable(std::span<const Operator* const> operators) {
  for (const Operator* op : operators) {
    add(*op);
  }
}

void OperatorTable::add(const Operator& op) {
  const auto insert = [&](std::string_view name) {
    const bool is_new = by_name_.emplace(lower(name), &op).second;
    LODE_ASSERT(is_new);
  };
  insert(op.spec.name);
  for (const std::string_view alias : op.spec.aliases) {
    insert(alias);
  }
  const auto at = std::lower_bound(operators_.begin(), operators_.end(), &op,
                                   [](const Operator* a, const Operator* b) { return a->spec.name < b->spec.name; });
  operators_.insert(at, &op);
}

const Operator* OperatorTable::find(std::string_view name) const {
  const auto found = by_name_.find(lower(name));
  return found == by_name_.end() ? nullptr : found->second;
}

std::vector<std::string> OperatorTable::names() const {
  std::vector<std::string> names;
  names.reserve(by_name_.size());
  for (const auto& [name, op] : by_name_) {
    names.push_back(name);
  }
  return names;
}

Arity arity(const Spec& spec) {
  const auto required = std::count_if(spec.parameters.begin(), spec.parameters.end(),
                                      [](const Parameter& parameter) { return !parameter.optional; });
  return {static_cast<std::size_t>(required), spec.variadic ? kMaxNodes : spec.parameters.size()};
}

std::string parameter_list(const Spec& spec) {
  std::vector<std::string> parts;
  for (const Parameter& parameter : spec.parameters) {
    const bool has_value = parameter.optional && parameter.type != Type::kGroup && parameter.type != Type::kNumber &&
                           parameter.type != Type::kBool;
    const bool repeats = spec.variadic && &parameter == &spec.parameters.back();
    parts.push_back(fmt::format("{}{}{}", parameter.name, has_value ? "=" + shortest(parameter.fallback) : "",
                                repeats ? ".." : ""));
  }
  return join(parts, ", ");
}

std::string signature(const Spec& spec, std::string_view name) {
  return fmt::format("{}({})", name.empty() ? spec.name : name, parameter_list(spec));
}

}  // namespace lode::expr
