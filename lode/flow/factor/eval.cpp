// lode factor eval: numbers about a factor.
//
// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <map>

#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/research/vault.h"
#include "lode/flow/steps/sensitivity/sensitivity.h"

namespace lode {

namespace {

// Days of a step of a number's path: "5d" is 5; 0 for any other word.
int days_of(std::string_view step) {
  int days = 0;
  const auto [end, fault] = std::from_chars(step.data(), step.data() + step.size(), days);
  return fault == std::errc() && end + 1 == step.data() + step.size() && *end == 'd' ? days : 0;
}

// Puts every number below `node` that is of a horizon into that horizon's row, under its path without the horizon.
void gather(const Value& node, const std::string& path, int horizon, std::map<int, Value>& rows) {
  if (const Value* value = node.find("value"); value != nullptr && !value->is_object()) {
    if (horizon > 0) {
      Value& row = rows.try_emplace(horizon, Value::object()).first->second;
      row.set("horizon_days", Value(std::int64_t{horizon}));
      row.set(path, *value);
    }
    return;
  }
  for (const auto& [step, below] : node.as_object()) {
    const int days = days_of(step);
    gather(below, days > 0 ? path : path.empty() ? step : path + "." + step, days > 0 ? days : horizon, rows);
  }
}

// The word of the look-ahead check: "passed", "found, allowed on purpose", "not checked: the numbers are yours".
Value look_ahead_of(const Value& data) {
  const Value* checks = data.find("checks");
  for (std::size_t i = 0; checks != nullptr && checks->is_array() && i < checks->as_array().size(); ++i) {
    const Value& check = checks->as_array()[i];
    if (check.at_path("id")->as_text() == "look_ahead") {
      return *check.at_path("result");
    }
  }
  return {};
}

// --format: one row a horizon, each with the mark of the factor's look-ahead check.
Result<Outcome> by_horizon(Outcome out, const Request& request) {
  std::map<int, Value> rows;
  if (const Value* numbers = out.data.find("numbers"); numbers != nullptr && numbers->is_object()) {
    gather(*numbers, "", 0, rows);
  }
  Value list = Value::array();
  const Value* asked = out.data.at_path("request.horizons");  // Decay is measured at other lags too.
  for (std::size_t i = 0; asked != nullptr && i < asked->as_array().size(); ++i) {
    const auto found = rows.find(static_cast<int>(asked->as_array()[i].as_int()));
    if (found != rows.end()) {
      found->second.set("look_ahead", look_ahead_of(out.data));
      list.push(found->second);
    }
  }
  constexpr std::string_view kColumns[] = {"horizon_days", "look_ahead"};
  return flow::rows_in_format(std::move(out), list, kColumns, request);
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(flow::ResearchRequest wanted, flow::ask_research(world, request));
  wanted.sensitivity = wanted.sensitivity_given = request.flag("sensitivity");
  if (!request.flag("again")) {
    LODE_TRY(std::optional<Outcome> stored, flow::stored_answer(world, wanted, "factor eval"));
    if (stored) {
      return by_horizon(std::move(*stored), request);
    }
  }
  LODE_TRY(const flow::Judgement judgement, flow::research(world, wanted));
  const std::string origin = wanted.values_path.empty() ? "typed" : "values";
  LODE_TRY(const flow::Recorded recorded,
           flow::record(world, judgement.study, wanted, judgement.judged, "factor eval", origin));
  Outcome out;
  out.data = flow::judgement_json(judgement.judged, recorded);
  out.text = flow::eval_text(judgement.study, judgement.judged, wanted, recorded);
  out.text += flow::sensitivity_text(judgement.judged.sheet);
  out.warnings = flow::warning_lines(judgement.judged, recorded);
  out.next = "lode factor report " + flow::quoted_subject(wanted);
  LODE_CHECK(flow::keep_answer(judgement.study, judgement.judged, recorded, out));
  return by_horizon(std::move(out), request);
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = flow::research_parameters();
  list.push_back({.name = "sensitivity",
                  .kind = ParameterKind::kFlag,
                  .summary = "judge its neighbours too: other windows, a session of delay, halves of the universe"});
  list.push_back(flow::rows_format_parameter());
  return list;
}

}  // namespace

const Flow& flow_factor_eval() {
  static const Flow flow{
      {.noun = "factor",
       .verb = "eval",
       .summary = "numbers about a factor: IC, spread, costs, turnover",
       .description =
           "Computes a formula over a universe, compares it with forward returns at each horizon, and prints rank "
           "IC with a t that allows for overlap, the return of the top bucket minus the bottom one before and "
           "after costs, and turnover. Every evaluation is counted as a trial. --format gives one row a horizon with "
           "every number of that horizon, named as in the run without the horizon, and the word of its look-ahead "
           "check.",
       .journey = Journey::kResearch,
       .parameters = parameters(),
       .examples = {{"lode factor eval 'rank(-ts_delta(close,5))'", "one formula, default horizons"},
                    {"lode factor eval 'rank(-ts_mean(returns,5))' --horizons 1,5,21 --cost-bps 5", "other costs"},
                    {"lode factor eval 'rank(-ts_mean(returns,5))' --sensitivity", "beside its neighbours"},
                    {"lode factor eval --values scores.csv", "your own numbers: date, symbol, value", false}},
       .schema = "lode.factor.eval/1"},
      run};
  return flow;
}

}  // namespace lode
