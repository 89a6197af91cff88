// lode runs show: one run with every number it gave.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/answer/run_text.h"

namespace lode {

namespace {

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  const lake::RunStore store(*lake);
  LODE_TRY(const lake::Run found, store.get(request.text("run")));
  LODE_TRY(const std::vector<lake::StoredNumber> numbers, store.numbers(found.alias));
  Outcome out;
  out.data = flow::run_json(found);
  Value rows = Value::array();
  TextTable table({{"number"}, {"value"}});
  for (const lake::StoredNumber& number : numbers) {
    table.add({found.alias + "." + number.path, flow::number_text(number)});
    rows.push(flow::number_json(number));
  }
  out.data.set("numbers", std::move(rows));
  out.text = fmt::format("{}  {}  {}\n  hash {}  code {}  lake commit {}  seed {}\n  request {}\n\n", found.alias,
                         found.flow, flow::run_subject(found), found.hash, found.code_version, found.input_commit,
                         found.seed, to_json(found.request)) +
             table.render();
  out.next = numbers.empty() ? "" : fmt::format("lode why {}.{}", found.alias, numbers.front().path);
  return flow::in_format(std::move(out), "numbers",
                         {"path", "value", "reason", "unit", "n", "lower", "upper", "definition"}, request);
}

}  // namespace

const Flow& flow_runs_show() {
  static const Flow flow{
      {.noun = "runs",
       .verb = "show",
       .summary = "one run with every number it gave",
       .description = "The request with its defaults, the code, the lake's commit, and every stored number.",
       .journey = Journey::kOperate,
       .parameters = {flow::run_parameter(), flow::rows_format_parameter()},
       .examples = {{"lode runs show last", "the newest run"}},
       .schema = "lode.runs.show/1"},
      run};
  return flow;
}

}  // namespace lode
