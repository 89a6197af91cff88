// lode factor fields: what formulas can read in this lake.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/table.h"
#include "lode/core/expr/program.h"
#include "lode/flow/flow.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/counted.h"
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

// "sector: user:sectors (60 names, undated); --scheme also knows user:old (59 names)".
std::string schemes_line(const std::string& level, const std::vector<lake::GroupScheme>& schemes) {
  const auto shown = [](const lake::GroupScheme& scheme) {
    return fmt::format("{} ({}{})", scheme.name, flow::counted(scheme.instruments, "name"),
                       scheme.is_undated ? ", undated" : "");
  };
  std::string text = fmt::format("{}: of {}, imported last", level, shown(schemes.front()));
  for (std::size_t i = 1; i < schemes.size(); ++i) {
    text += fmt::format("{}{}", i == 1 ? "; --scheme also knows " : ", ", shown(schemes[i]));
  }
  return text + "\n";
}

Value schemes_value(const std::vector<lake::GroupScheme>& schemes) {
  Value list = Value::array();
  for (const lake::GroupScheme& scheme : schemes) {
    Value one = Value::object();
    one.set("scheme", Value(scheme.name));
    one.set("instruments", Value(scheme.instruments));
    one.set("commit", scheme.commit > 0 ? Value(scheme.commit) : Value());
    one.set("dated", Value(!scheme.is_undated));
    list.push(std::move(one));
  }
  return list;
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  LODE_TRY(const lake::Snapshot snapshot, lake->snapshot());
  LODE_TRY(const std::vector<std::string> names, lake::available_fields(snapshot));
  Outcome out;
  Value rows = Value::array();
  TextTable table({{"field"}, {"unit"}});
  std::string schemes_text;
  for (const std::string& name : names) {
    const std::string unit = unit_of(name);
    table.add({name, unit});
    Value row = Value::object();
    row.set("field", Value(name));
    row.set("unit", Value(unit));
    row.set("scheme", Value());
    if (lake::is_group_field(name)) {
      LODE_TRY(const auto schemes, lake::group_schemes(snapshot, name, {}));
      schemes_text += schemes_line(name, schemes);
      row.set("scheme", Value(schemes.front().name));
      row.set("schemes", schemes_value(schemes));
    }
    rows.push(std::move(row));
  }
  out.data = Value::object();
  out.data.set("fields", std::move(rows));
  out.text = table.render() + "\nreturns and adv{days} (adv20) are written out of these.\n" + schemes_text;
  return flow::in_format(std::move(out), "fields", {"field", "unit", "scheme"}, request);
}

}  // namespace

const Flow& flow_factor_fields() {
  static const Flow flow{
      {.noun = "factor",
       .verb = "fields",
       .summary = "what formulas can read in this lake",
       .description = "The fields of this lake with their units, and the schemes that group fields can be of.",
       .journey = Journey::kResearch,
       .parameters = {flow::rows_format_parameter()},
       .examples = {{"lode factor fields", "all of them"}},
       .schema = "lode.factor.fields/1"},
      run};
  return flow;
}

}  // namespace lode
