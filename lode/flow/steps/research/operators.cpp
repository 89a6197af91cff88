// The operators of the formula language, at the doors.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/operators.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "lode/base/error.h"
#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/core/expr/example.h"
#include "lode/core/expr/profile_notes.h"
#include "lode/core/factor/operators.h"
#include "lode/core/indicator/choice.h"
#include "lode/flow/steps/answer/paragraph.h"

namespace lode::flow {

namespace {

template <class Word>
Value array_of(const std::vector<Word>& words) {
  Value array = Value::array();
  for (const auto& word : words) {
    array.push(Value(word));
  }
  return array;
}

std::string_view type_of(expr::Type type) {
  switch (type) {
    case expr::Type::kBool:
      return "condition";
    case expr::Type::kGroup:
      return "group";
    case expr::Type::kWindow:
      return "window";
    case expr::Type::kLiteral:
      return "literal";
    case expr::Type::kNumber:
      break;
  }
  return "number";
}

Value parameters_json(const expr::Spec& spec) {
  Value rows = Value::array();
  for (const expr::Parameter& parameter : spec.parameters) {
    Value row = Value::object();
    row.set("name", Value(parameter.name));
    row.set("type", Value(type_of(parameter.type)));
    row.set("default", parameter.optional ? Value(parameter.fallback) : Value());
    const bool has_range = parameter.least != 0.0 || parameter.most != 0.0;
    row.set("least", has_range ? Value(parameter.least) : Value());
    row.set("most", has_range ? Value(parameter.most) : Value());
    row.set("whole", Value(parameter.whole));
    row.set("above", Value(parameter.above));
    row.set("at_most", parameter.at_most.empty() ? Value() : Value(parameter.at_most));
    row.set("repeats", Value(spec.variadic && &parameter == &spec.parameters.back()));
    rows.push(std::move(row));
  }
  return rows;
}

Value options_json(const expr::Spec& spec) {
  Value rows = Value::array();
  for (const expr::OptionSpec& option : spec.options) {
    Value row = Value::object();
    row.set("name", Value(option.name));
    row.set("choices", array_of(option.choices));
    row.set("default", option.choices.empty() ? Value(option.fallback)
                                              : Value(option.choices[static_cast<std::size_t>(option.fallback)]));
    rows.push(std::move(row));
  }
  return rows;
}

Value rows_json(const std::vector<std::vector<double>>& rows) {
  Value array = Value::array();
  for (const std::vector<double>& row : rows) {
    array.push(array_of(row));
  }
  return array;
}

bool is_indicator(const expr::Operator& op) { return op.spec.family == "indicator"; }

Value example_json(std::string_view formula, std::string_view fields, const expr::OperatorTable& table, Pool& pool) {
  Value example = Value::object();
  example.set("formula", Value(formula));
  Value panels = Value::object();
  for (const expr::ExamplePanel& panel : expr::example_panels(fields)) {
    panels.set(panel.name, rows_json(panel.rows));
  }
  example.set("panels", std::move(panels));
  Value values = Value::array();
  for (const expr::Profile& profile : expr::profiles()) {
    const auto rows = expr::run_example(formula, fields, profile, table, pool);
    Value row = Value::object();
    row.set("profile", Value(profile.name));
    row.set("rows", rows ? rows_json(*rows) : Value());
    row.set("error", rows ? Value() : Value(lode::to_string(rows.error().number()) + " " + rows.error().message()));
    values.push(std::move(row));
  }
  example.set("values", std::move(values));
  return example;
}

// The ta_ operators, one row an indicator.
Value indicators_json() {
  std::map<std::string_view, std::vector<std::string>> by_indicator;
  for (const factor::IndicatorOperator* op : factor::indicator_operators()) {
    by_indicator[op->indicator->spec.name].push_back(expr::signature(op->spec));
  }
  Value rows = Value::array();
  for (const indicator::Indicator* one : indicator::all_indicators()) {
    Value row = Value::object();
    row.set("indicator", Value(one->spec.name));
    row.set("family", Value(one->spec.family));
    row.set("operators", array_of(by_indicator[one->spec.name]));
    row.set("summary", Value(one->spec.summary));
    rows.push(std::move(row));
  }
  return rows;
}

// Their names by family, a paragraph each.
std::string indicators_text() {
  std::map<std::string_view, std::string> by_family;
  for (const factor::IndicatorOperator* op : factor::indicator_operators()) {
    std::string& names = by_family[op->indicator->spec.family];
    names += (names.empty() ? "" : " ") + std::string(op->spec.name);
  }
  std::string out = fmt::format(
      "\nEvery indicator is an operator too, one a value: {} of them. lode factor show ta_rsi tells what one takes.\n",
      factor::indicator_operators().size());
  for (const auto& [family, names] : by_family) {
    out += fmt::format("\n{}\n{}\n", family, paragraph(names));
  }
  return out;
}

}  // namespace

std::string infinite_sentence(const expr::InfiniteCell& cell) {
  return fmt::format(
      "Inside a formula an infinite cell lives on under `qlib` and is missing under the others: `{}` is {} "
      "there where {}.",
      cell.formula, shortest(cell.value), cell.operands);
}

Value operator_json(const expr::Operator& op, Pool& pool) {
  const expr::OperatorTable& table = factor::operators();
  const expr::Spec& spec = op.spec;
  Value row = Value::object();
  row.set("operator", Value(spec.name));
  row.set("signature", Value(expr::signature(spec)));
  row.set("summary", Value(spec.summary));
  row.set("definition", Value(spec.definition));
  row.set("source", spec.source.empty() ? Value() : Value(spec.source));
  row.set("aliases", array_of(spec.aliases));
  row.set("parameters", parameters_json(spec));
  row.set("options", options_json(spec));
  row.set("recursive", Value(spec.recursive));
  row.set("profiles", array_of(expr::profile_notes(spec)));
  const auto infinite = expr::infinite_cell(op, table, pool);
  row.set("infinite", infinite ? Value(infinite_sentence(*infinite)) : Value());
  Value examples = Value::array();
  for (const expr::Example& example : spec.examples) {
    examples.push(example_json(example.formula, example.fields, table, pool));
  }
  if (!is_indicator(op)) {
    const expr::Trap trap = expr::trap_of(op);
    examples.push(example_json(trap.formula, trap.fields, table, pool));
  }
  row.set("examples", std::move(examples));
  return row;
}

Outcome list_operators(Pool& pool) {
  Outcome out;
  out.data = Value::object();
  Value rows = Value::array();
  TextTable table({{"operator"}, {"what it is"}});
  const expr::OperatorTable language;
  for (const expr::Operator* op : language.all()) {
    table.add({expr::signature(op->spec), std::string(op->spec.summary)});
    rows.push(operator_json(*op, pool));
  }
  out.data.set("operators", std::move(rows));
  out.data.set("indicators", indicators_json());
  out.text = table.render() +
             fmt::format("\n{} operators. Also in Qlib's, the papers' and BRAIN's names.\n", language.all().size()) +
             indicators_text();
  out.next = "lode factor show ts_corr";
  return out;
}

}  // namespace lode::flow
