// lode factor show: one factor, or one operator of the language, in full.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/counted.h"
#include "lode/base/text.h"
#include "lode/core/expr/program.h"
#include "lode/flow/flow.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/research/library_factors.h"
#include "lode/flow/steps/research/operators.h"
#include "lode/flow/steps/research/stored_factors.h"

namespace lode {

namespace {

Outcome show_operator(const expr::Operator& op, Pool& pool) {
  Outcome out;
  out.data = flow::operator_json(op, pool);
  out.text = fmt::format("{}  {}\n\n{}\n", expr::signature(op.spec), op.spec.summary, op.spec.definition);
  for (const expr::Example& example : op.spec.examples) {
    out.text += fmt::format("\n  {}\n  {}\n  = {}\n", example.fields, example.formula, example.expected);
  }
  if (!op.spec.source.empty()) {
    out.text += fmt::format("\nSource: {}.\n", op.spec.source);
  }
  return out;
}

Result<Outcome> show_factor(const lake::NamedFactor& factor) {
  LODE_TRY(const expr::Profile* profile, expr::find_profile(factor.profile));
  LODE_TRY(const expr::Program program, expr::compile(factor.formula, *profile, expr::OperatorTable()));
  Outcome out;
  out.data = flow::factor_json(factor);
  Value fields = Value::array();
  for (const std::string& field : program.fields()) {
    fields.push(Value(field));
  }
  out.data.set("fields", std::move(fields));
  out.data.set("lookback", Value(program.lookback()));
  const std::string units = expr::to_string(program.nodes[program.roots.front()].unit);
  out.data.set("unit", Value(units));
  out.text = fmt::format(
      "{}\n\n  formula   {}\n  calls     {}\n  profile   {}\n  fields    {}\n  warm-up   {}\n  unit      {}\n"
      "  hash      {}\n  added     {}\n",
      factor.name, expr::print(program, 0, expr::Notation::kPaper), expr::print(program, 0, expr::Notation::kCall),
      factor.profile, join(program.fields(), ", "), counted(program.lookback(), "session"), units, factor.hash,
      to_string(factor.added));
  if (!factor.note.empty()) {
    out.text += fmt::format("  note      {}\n", factor.note);
  }
  out.next = fmt::format("lode factor eval {}", factor.name);
  return out;
}

Result<Outcome> run(World& world, const Request& request) {
  const std::string name = request.text("name");
  if (const expr::Operator* op = expr::OperatorTable().find(name); op != nullptr) {
    return show_operator(*op, world.pool);
  }
  if (factor::is_library_name(name)) {
    return flow::show_library_formula(name);
  }
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  LODE_TRY(const lake::NamedFactor factor, lake::RunStore(*lake).factor(name));
  return show_factor(factor);
}

}  // namespace

const Flow& flow_factor_show() {
  static const Flow flow{
      {.noun = "factor",
       .verb = "show",
       .summary = "one factor, one library formula, or one operator of the language, in full",
       .description =
           "A stored factor: formula in two notations, profile, fields, warm-up, unit and hash. An operator's "
           "name: its definition, missing-value rule and a worked example. A library formula (alpha101/042): three "
           "notations, "
           "what its profile means, and its source with every repair.",
       .journey = Journey::kResearch,
       .parameters = {{.name = "NAME",
                       .summary = "a stored factor, a library formula or an operator",
                       .positional = true,
                       .required = true,
                       .completes = "factors"}},
       .examples = {{"lode factor show ts_corr", "an operator"},
                    {"lode factor show alpha101/042", "a formula of a library"},
                    {"lode factor show reversal", "a factor of the demo lake"}},
       .schema = "lode.factor.show/1"},
      run};
  return flow;
}

}  // namespace lode
