// Fields: the panels and groups one evaluation stands on.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "lode/base/assert.h"
#include "lode/core/expr/evaluate.h"

namespace lode::expr {

void Fields::set(std::string name, Panel panel) {
  LODE_ASSERT(panel.rows() == axis_->rows());
  LODE_ASSERT(panel.columns() == axis_->columns());
  panels_.insert_or_assign(std::move(name), std::move(panel));
}

void Fields::set(std::string name, GroupPanel group) {
  LODE_ASSERT(group.codes.size() == axis_->rows() * axis_->columns());
  groups_.insert_or_assign(std::move(name), std::move(group));
}

void Fields::set_universe(std::vector<std::uint8_t> mask) {
  LODE_ASSERT(mask.empty() || mask.size() == axis_->rows() * axis_->columns());
  universe_ = std::move(mask);
}

const Panel* Fields::find(std::string_view name) const {
  const auto found = panels_.find(name);
  return found == panels_.end() ? nullptr : &found->second;
}

const GroupPanel* Fields::find_group(std::string_view name) const {
  const auto found = groups_.find(name);
  return found == groups_.end() ? nullptr : &found->second;
}

std::vector<FieldSpec> Fields::specs() const {
  const std::vector<FieldSpec> standard = standard_fields();
  std::vector<FieldSpec> specs;
  for (const auto& [name, panel] : panels_) {
    const auto known =
        std::ranges::find_if(standard, [&](const FieldSpec& spec) { return spec.name == name && !spec.is_group; });
    specs.push_back(known != standard.end() ? *known : FieldSpec{name, {}, false});
  }
  for (const auto& [name, group] : groups_) {
    specs.push_back({name, {}, true});
  }
  return specs;
}

}  // namespace lode::expr
