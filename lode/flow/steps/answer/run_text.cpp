// Runs as people and machines read them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/run_text.h"

#include <fmt/format.h>

#include "lode/base/math.h"
#include "lode/base/text.h"

namespace lode::flow {

Parameter run_parameter() {
  return {.name = "RUN",
          .summary = "alias (r1), hash prefix, or last",
          .positional = true,
          .required = true,
          .completes = "runs"};
}

std::string run_subject(const lake::Run& run) {
  for (const char* key : {"formula", "values"}) {
    const Value* value = run.request.find(key);
    if (value != nullptr && value->is_text()) {
      return std::string(key) == "values" ? "values " + value->as_text().substr(0, 12) : value->as_text();
    }
  }
  if (const Value* indicators = run.request.find("indicators"); indicators != nullptr && indicators->is_array()) {
    std::vector<std::string> names;
    for (const Value& name : indicators->as_array()) {
      names.push_back(name.as_text());
    }
    return join_some(names, 3);
  }
  const Value* formulas = run.request.find("formulas");
  if (formulas == nullptr || !formulas->is_array() || formulas->as_array().empty()) {
    return {};
  }
  const Value* first = formulas->as_array().front().find("name");
  const std::string name = first != nullptr && first->is_text() ? first->as_text() : std::string();
  const std::size_t others = formulas->as_array().size() - 1;
  return others == 0 ? name : fmt::format("{} and {} more", name, others);
}

Value run_json(const lake::Run& run) {
  Value row = Value::object();
  row.set("run", Value(run.alias));
  row.set("hash", Value(run.hash));
  row.set("flow", Value(run.flow));
  row.set("request", run.request);
  row.set("code_version", Value(run.code_version));
  row.set("input_commit", Value(run.input_commit));
  row.set("seed", Value(static_cast<std::int64_t>(run.seed)));
  row.set("started", Value(to_string(run.started)));
  row.set("finished", Value(to_string(run.finished)));
  row.set("status", Value(run.status));
  Value outcome = Value::object();
  for (const auto& [key, value] : run.outcome.as_object()) {
    if (key != "answer") {  // The whole answer stands beside its numbers for stored_answer alone.
      outcome.set(key, value);
    }
  }
  row.set("outcome", std::move(outcome));
  return row;
}

Value number_json(const lake::StoredNumber& number) {
  Value row = Value::object();
  row.set("path", Value(number.path));
  row.set("value", Value(number.value));
  if (math::is_nan(number.value)) {
    row.set("reason", Value(number.reason.empty() ? std::string("undefined") : number.reason));
  }
  row.set("unit", Value(number.unit));
  row.set("n", Value(number.n));
  row.set("lower", Value(number.lower));
  row.set("upper", Value(number.upper));
  row.set("definition", Value(number.definition));
  return row;
}

std::string number_text(const lake::StoredNumber& number) {
  if (math::is_nan(number.value)) {
    return fmt::format("n/a ({})", number.reason.empty() ? "undefined" : number.reason);
  }
  std::string text = fmt::format("{:.6g}", number.value);
  if (!number.unit.empty()) {
    text += " " + number.unit;
  }
  if (!math::is_nan(number.lower)) {
    text += fmt::format(" ({:.4g} .. {:.4g})", number.lower, number.upper);
  }
  return number.n > 0 ? text + fmt::format(", n {}", grouped(number.n)) : text;
}

}  // namespace lode::flow
