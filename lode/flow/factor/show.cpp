// lode factor show: one factor, or one operator of the language, in full.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/counted.h"
#include "lode/base/text.h"
#include "lode/core/expr/profile_notes.h"
#include "lode/core/expr/program.h"
#include "lode/core/factor/library.h"
#include "lode/core/factor/operators.h"
#include "lode/flow/flow.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/paragraph.h"
#include "lode/flow/steps/research/library_factors.h"
#include "lode/flow/steps/research/operators.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/research/stored_factors.h"

namespace lode {

namespace {

// A sentence of a page, for a terminal.
std::string without_ticks(std::string text) {
  std::erase(text, '`');
  return text;
}

Outcome show_operator(const expr::Operator& op, Pool& pool) {
  Outcome out;
  out.data = flow::operator_json(op, pool);
  out.text = fmt::format("{}  {}\n\n{}\n", expr::signature(op.spec), op.spec.summary, op.spec.definition);
  for (const expr::Example& example : op.spec.examples) {
    out.text += fmt::format("\n  {}\n  {}\n  = {}\n", example.fields, example.formula, example.expected);
  }
  for (const std::string& note : expr::profile_notes(op.spec)) {
    out.text += fmt::format("\n{}\n", flow::paragraph(without_ticks(note)));
  }
  if (const auto infinite = expr::infinite_cell(op, factor::operators(), pool)) {
    out.text += fmt::format("\n{}\n", flow::paragraph(without_ticks(flow::infinite_sentence(*infinite))));
  }
  if (!op.spec.source.empty()) {
    out.text += fmt::format("\nSource: {}.\n", op.spec.source);
  }
  return out;
}

// What every formula has: its notations, fields, warm-up, unit and hash.
struct Told {
  Value data;
  std::string text;
};

Told told_of(const expr::Program& program, Value data) {
  Value fields = Value::array();
  for (const std::string& field : program.fields()) {
    fields.push(Value(field));
  }
  const std::string units = expr::to_string(program.nodes[program.roots.front()].unit);
  const bool is_qlib = expr::lacking_in_qlib(program, 0).empty();
  data.set("paper", Value(expr::print(program, 0, expr::Notation::kPaper)));
  data.set("qlib", is_qlib ? Value(expr::print(program, 0, expr::Notation::kQlib)) : Value());
  data.set("calls", Value(expr::print(program, 0, expr::Notation::kCall)));
  data.set("fields", std::move(fields));
  data.set("lookback", Value(program.lookback()));
  data.set("unit", Value(units));
  std::string text = fmt::format(
      "  formula   {}\n  qlib      {}\n  calls     {}\n  profile   {}\n  fields    {}\n  warm-up   {}\n  unit      {}\n"
      "  hash      {}\n",
      data.find("paper")->as_text(), flow::in_qlib(program), data.find("calls")->as_text(), program.profile->name,
      join(program.fields(), ", "), counted(program.lookback(), "session"), units, program.hashes.front());
  return {std::move(data), std::move(text)};
}

Result<Outcome> show_factor(const lake::NamedFactor& factor) {
  LODE_TRY(const expr::Profile* profile, expr::find_profile(factor.profile));
  LODE_TRY(const expr::Program program, expr::compile(factor.formula, *profile, factor::operators()));
  Told told = told_of(program, flow::factor_json(factor));
  Outcome out;
  out.data = std::move(told.data);
  out.text = fmt::format("{}\n\n{}  added     {}\n", factor.name, told.text, to_string(factor.added));
  if (!factor.note.empty()) {
    out.text += fmt::format("  note      {}\n", factor.note);
  }
  out.next = fmt::format("lode factor eval {}", factor.name);
  return out;
}

// A formula as typed: no lake is asked, and any field will do that some data may have.
Result<Outcome> show_formula(const std::string& text, const std::string& profile_name) {
  LODE_TRY(const expr::Profile* profile, expr::find_profile(profile_name));
  expr::CompileOptions options;
  options.fields = factor::known_fields();
  options.allow_lookahead = true;
  LODE_TRY(const expr::Program program, expr::compile(text, *profile, factor::operators(), options));
  Value data = Value::object();
  data.set("formula", Value(program.formulas.front()));
  data.set("profile", Value(profile->name));
  data.set("hash", Value(program.hashes.front()));
  Told told = told_of(program, std::move(data));
  Outcome out;
  out.data = std::move(told.data);
  out.data.set("lookahead", Value(program.lookahead));
  out.text = std::move(told.text);
  if (program.lookahead > 0) {
    out.text +=
        fmt::format("  ahead     {}: computed with --allow-lookahead alone\n", counted(program.lookahead, "session"));
  }
  for (const expr::Warning& warning : program.warnings) {
    out.warnings.push_back(fmt::format("warning[{}]: {}", warning.number, warning.message));
  }
  return out;
}

Result<Outcome> show_stored(World& world, const Request& request, const std::string& name) {
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  LODE_TRY(const lake::NamedFactor factor, lake::RunStore(*lake).factor(name));
  if (flow::is_profile_given(request) && request.text("profile") != factor.profile) {
    return fail(
        E::E7,
        fmt::format("the factor {} is of profile {}, --profile says {}", name, factor.profile, request.text("profile")),
        fmt::format("leave --profile out, or give the formula itself: {}", flow::shell_quoted(factor.formula)));
  }
  return show_factor(factor);
}

Result<Outcome> run(World& world, const Request& request) {
  const std::string name = request.text("name");
  if (const expr::Operator* op = factor::operators().find(name); op != nullptr) {
    return show_operator(*op, world.pool);
  }
  if (factor::is_library_name(name)) {
    return flow::show_library_formula(name, flow::is_profile_given(request) ? request.text("profile") : "");
  }
  if (!flow::looks_like_name(name)) {
    return show_formula(name, request.text("profile", "lode"));
  }
  Result<Outcome> stored = show_stored(world, request, name);
  const bool is_absent = !stored && (stored.error().number() == E::E9 || stored.error().number() == E::E8001);
  if (is_absent) {
    // "close/open" may be a name, and is a formula where nothing has it.
    if (Result<Outcome> typed = show_formula(name, request.text("profile", "lode")); typed) {
      return typed;
    }
  }
  return stored;
}

}  // namespace

const Flow& flow_factor_show() {
  static const Flow flow{
      {.noun = "factor",
       .verb = "show",
       .summary = "one factor, library formula, operator, or a formula you type, in full",
       .description =
           "A stored factor, or a formula in quotes in any of the notations: in all of them (Qlib's where Qlib can run "
           "it), profile, fields, warm-up, unit and hash. An operator's "
           "name: its definition, missing-value rule and a worked example. A library formula (alpha101/042): also "
           "what its profile means, and its source with every repair.",
       .journey = Journey::kResearch,
       .parameters = {{.name = "NAME",
                       .summary = "a stored factor, a library formula, an operator, or a formula in quotes",
                       .positional = true,
                       .required = true,
                       .completes = "factors"},
                      {.name = "profile",
                       .kind = ParameterKind::kChoice,
                       .summary = "what a formula, or one of a library, means where readings differ",
                       .config_key = "factor.profile",
                       .choices = flow::profile_choices()}},
       .examples = {{"lode factor show ts_corr", "an operator"},
                    {"lode factor show alpha101/042", "a formula of a library"},
                    {"lode factor show reversal", "a factor of the demo lake"},
                    {"lode factor show 'Mean($close, 5) / Ref($close, 1)' --profile qlib", "from one notation to all"}},
       .schema = "lode.factor.show/1"},
      run};
  return flow;
}

}  // namespace lode
