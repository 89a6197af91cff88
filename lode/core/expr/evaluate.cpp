// Evaluation: are the fields there, plan, run.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/evaluate.h"

#include <fmt/format.h>

#include "lode/core/expr/engine/plan.h"
#include "lode/core/expr/engine/run.h"

namespace lode::expr {

Result<void> check_fields(const Program& program, const Fields& fields) {
  for (const Node& node : program.nodes) {
    const bool is_absent = (node.kind == NodeKind::kField && fields.find(node.field) == nullptr) ||
                           (node.kind == NodeKind::kGroupField && fields.find_group(node.field) == nullptr);
    if (is_absent) {
      const std::string formula = program.formulas.empty() ? "formula" : program.formulas.front();
      return fail(E::E1113, fmt::format("{} needs field {}, absent in this data", formula, node.field),
                  "lode factor fields lists what is here");
    }
  }
  return {};
}

Result<std::vector<Panel>> evaluate(const Program& program, const Fields& fields, Precision precision, Pool& pool) {
  LODE_CHECK(check_fields(program, fields));
  const engine::Plan plan = engine::make_plan(program, !fields.universe().empty());
  const std::vector<Panel> outputs = engine::run_plan(program, plan, fields, precision, pool, {});
  std::vector<Panel> results;
  for (const std::uint32_t output : plan.output_of_root) {
    results.push_back(outputs[output]);
  }
  return results;
}

}  // namespace lode::expr
