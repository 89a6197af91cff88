// Evaluation: a Program over dense fields, by stages of tiles, on every core, with the same bits for any split.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/pool.h"
#include "lode/core/expr/program.h"
#include "lode/market/panel.h"

namespace lode::expr {

// The data of one evaluation. All panels and groups stand on the same Axis (LODE_ASSERT).
class Fields {
 public:
  explicit Fields(std::shared_ptr<const Axis> axis) : axis_(std::move(axis)) {}

  void set(std::string name, Panel panel);
  void set(std::string name, GroupPanel group);
  // Cells outside the universe are NaN for cross-section operators and in the results; empty = all inside.
  void set_universe(std::vector<std::uint8_t> mask);  // rows * columns, 0 or 1

  const Axis& axis() const { return *axis_; }
  const std::shared_ptr<const Axis>& shared_axis() const { return axis_; }
  const Panel* find(std::string_view name) const;
  const GroupPanel* find_group(std::string_view name) const;
  std::span<const std::uint8_t> universe() const { return universe_; }
  std::vector<FieldSpec> specs() const;  // Standard units where the name is standard, any otherwise.

 private:
  std::shared_ptr<const Axis> axis_;
  std::map<std::string, Panel, std::less<>> panels_;
  std::map<std::string, GroupPanel, std::less<>> groups_;
  std::vector<std::uint8_t> universe_;
};

// E1113 when a field of the program is absent.
Result<void> check_fields(const Program& program, const Fields& fields);

// One panel a root, on the fields' axis; warm-up rows and cells outside the universe are NaN. E1113 when a field of the
// program is absent. Memory: outputs + inputs + a bounded arena a thread.
Result<std::vector<Panel>> evaluate(const Program& program, const Fields& fields, Precision precision, Pool& pool);

}  // namespace lode::expr
