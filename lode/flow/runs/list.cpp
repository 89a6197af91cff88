// lode runs list: what was run in this lake, newest first.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/table.h"
#include "lode/flow/fitted.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/answer/run_text.h"

namespace lode {

namespace {

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  LODE_TRY(const std::vector<lake::Run> runs,
           lake::RunStore(*lake).list(static_cast<int>(request.integer("limit", 20))));
  using Align = TextTable::Align;
  TextTable table({{"run", Align::kLeft, 7},
                   {"flow", Align::kLeft, 5},
                   {"what", Align::kLeft, 6},
                   {"universe", Align::kLeft, 3},
                   {"commit", Align::kRight, 2},
                   {"finished", Align::kLeft, 4},
                   {"code", Align::kLeft, 1}});
  Value rows = Value::array();
  for (const lake::Run& item : runs) {
    const Value* universe = item.request.find("universe");
    table.add({item.alias, item.flow, flow::run_subject(item),
               universe != nullptr && universe->is_text() ? universe->as_text() : "-",
               std::to_string(item.input_commit),
               to_string(Time{item.finished.nanos / kNanosPerSecond * kNanosPerSecond}), item.code_version});
    rows.push(flow::run_json(item));
  }
  Outcome out;
  out.data = Value::object();
  out.data.set("runs", std::move(rows));
  out.text = runs.empty() ? "No run yet.\n" : flow::fitted(world, table);
  out.next = runs.empty() ? "lode factor eval 'rank(-ts_delta(close,5))'"
                          : fmt::format("lode runs show {}", runs.front().alias);
  return flow::in_format(std::move(out), "runs",
                         {"run", "hash", "flow", "request", "code_version", "input_commit", "seed", "started",
                          "finished", "status", "outcome"},
                         request);
}

}  // namespace

const Flow& flow_runs_list() {
  static const Flow flow{
      {.noun = "runs",
       .verb = "list",
       .summary = "what was run in this lake, newest first",
       .description = "One line a run: alias, flow, subject, universe, input commit, when, by which code.",
       .journey = Journey::kOperate,
       .parameters = {{.name = "limit",
                       .kind = ParameterKind::kInteger,
                       .summary = "how many, 0 = all",
                       .fallback = "20",
                       .most = 1e6},
                      flow::rows_format_parameter()},
       .examples = {{"lode runs list", "the newest twenty"}},
       .schema = "lode.runs.list/1"},
      run};
  return flow;
}

}  // namespace lode
