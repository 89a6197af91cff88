// lode explain: the page of an error number, or what a number of an evaluation means.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"
#include "lode/core/evaluate/metrics.h"
#include "lode/flow/flow.h"
#include "lode/flow/steps/answer/error_page.h"
#include "lode/flow/steps/answer/warning_page.h"

namespace lode {

namespace {

Failure no_metric(const std::string& name) {
  std::vector<std::string> known;
  for (const evaluate::Metric& metric : evaluate::all_metrics()) {
    known.push_back(metric.name);
    const std::vector<std::string_view> words = split(metric.name, '.');
    known.insert(known.end(), words.begin(), words.end());
  }
  std::ranges::sort(known);
  known.erase(std::unique(known.begin(), known.end()), known.end());
  const std::string hint = did_you_mean(name, known);
  return fail(E::E9, fmt::format("no number of an evaluation is called {}", quote(name)),
              hint.empty() ? "lode explain metric lists them all" : hint);
}

// "r1.rank_ic.5d.mean", as lode why takes it, names the number of any run.
std::string without_run(const std::string& name) {
  const std::string run = name.substr(0, name.find('.'));
  const bool is_run = run == "last" || (run.size() > 1 && run.front() == 'r' &&
                                        run.find_first_not_of("0123456789", 1) == std::string::npos);
  return is_run && run.size() < name.size() ? name.substr(run.size() + 1) : name;
}

Result<Outcome> metric(const std::string& asked) {
  const std::string name = without_run(asked);
  const std::vector<evaluate::Metric> found = name.empty() ? evaluate::all_metrics() : evaluate::find_metrics(name);
  if (found.empty()) {
    return no_metric(name);
  }
  Outcome out;
  out.data = Value::object();
  Value rows = Value::array();
  for (const evaluate::Metric& one : found) {
    Value row = Value::object();
    row.set("name", Value(one.name));
    row.set("unit", Value(one.unit));
    row.set("definition", Value(one.definition));
    rows.push(std::move(row));
    out.text += fmt::format("{}{}\n  {}\n", one.name, one.unit.empty() ? "" : ", " + one.unit, one.definition);
  }
  out.data.set("metrics", std::move(rows));
  if (found.size() > 1) {
    out.text += "\nH: a horizon in sessions; K: a quantile, 1 = lowest values; N: a year, or an age in sessions.\n";
  }
  return out;
}

Result<Outcome> run(World&, const Request& request) {
  const std::string code = request.text("code");
  if (lower(code) == "metric") {
    return metric(request.text("name"));
  }
  if (request.has("name")) {
    return fail(
        E::E7,
        fmt::format("{} was given after {}, expected one number of an error", quote(request.text("name")), quote(code)),
        "one page at a time: lode explain " + code + "; a second word belongs to lode explain metric");
  }
  if (const flow::WarningInfo* warning = flow::find_warning(code); warning != nullptr) {
    Outcome out;
    out.data = flow::warning_page_json(*warning);
    out.text = flow::warning_page(*warning);
    return out;
  }
  const std::optional<ErrorNumber> number = parse_error_number(code);
  if (!number) {
    std::vector<std::string> known;
    for (const ErrorInfo& info : all_errors()) {
      known.push_back(to_string(info.number));
    }
    for (const flow::WarningInfo& info : flow::all_warnings()) {
      known.emplace_back(info.number);
    }
    const std::string hint = did_you_mean(upper(code), known);
    return fail(E::E9, fmt::format("no error has the number {}", quote(code)),
                hint.empty() ? "lode docs errors lists them all" : hint);
  }
  Outcome out;
  out.data = flow::error_page_json(error_info(*number));
  out.text = flow::error_page(error_info(*number));
  return out;
}

}  // namespace

const Flow& flow_top_explain() {
  static const Flow flow{
      {.noun = "",
       .verb = "explain",
       .summary = "what an error number means, or a number of an evaluation",
       .description =
           "Every error and many a warning Lode prints has a number. Its page says what happened, why Lode refuses, a "
           "failing and a mended example, and how to switch the check off where that is allowed. Every number "
           "of an evaluation has a definition: lode explain metric NAME, without NAME all of them.",
       .journey = Journey::kStart,
       .parameters = {{.name = "CODE",
                       .summary = "the number of an error (the E may be left out) or of a warning, or the word metric",
                       .positional = true,
                       .required = true,
                       .completes = "errors"},
                      {.name = "NAME",
                       .summary = "of metric: a path or one of its words",
                       .positional = true,
                       .completes = "metrics"}},
       .examples = {{"lode explain E1102", "an unknown operator"},
                    {"lode explain 3001 --json", "for a program"},
                    {"lode explain metric rank_ic.5d.t_newey_west", "what a number is"}},
       .schema = "lode.explain/1"},
      run};
  return flow;
}

}  // namespace lode
