// lode factor fields: what formulas can read in this lake.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/table.h"
#include "lode/core/expr/program.h"
#include "lode/flow/flow.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/io/lake/panels.h"

namespace lode {

namespace {

std::string unit_of(const std::string& name) {
  for (const expr::FieldSpec& spec : expr::standard_fields()) {
    if (spec.name == name) {
      return spec.is_group ? "group" : expr::to_string(spec.unit);
    }
  }
  return "any";
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  LODE_TRY(const lake::Snapshot snapshot, lake->snapshot());
  LODE_TRY(const std::vector<std::string> names, lake::available_fields(snapshot));
  Outcome out;
  Value rows = Value::array();
  TextTable table({{"field"}, {"unit"}});
  for (const std::string& name : names) {
    const std::string unit = unit_of(name);
    table.add({name, unit});
    Value row = Value::object();
    row.set("field", Value(name));
    row.set("unit", Value(unit));
    rows.push(std::move(row));
  }
  out.data = Value::object();
  out.data.set("fields", std::move(rows));
  out.text = table.render() + "\nreturns and adv{days} (adv20) are written out of these.\n";
  return flow::in_format(std::move(out), "fields", {"field", "unit"}, request);
}

}  // namespace

const Flow& flow_factor_fields() {
  static const Flow flow{{.noun = "factor",
                          .verb = "fields",
                          .summary = "what formulas can read in this lake",
                          .description = "The fields of this lake with their units.",
                          .journey = Journey::kResearch,
                          .parameters = {flow::rows_format_parameter()},
                          .examples = {{"lode factor fields", "all of them"}},
                          .schema = "lode.factor.fields/1"},
                         run};
  return flow;
}

}  // namespace lode
