// lode data vacuum: removes files no commit or run needs.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/counted.h"
#include "lode/base/printable.h"
#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/confirm.h"
#include "lode/flow/steps/collect/waiting.h"

namespace lode {

namespace {

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kWrite));
  const bool really = request.flag("yes");
  LODE_CHECK(flow::renew_waiting(world, *lake));
  LODE_TRY(const lake::VacuumReport report, lake->vacuum(really));
  Outcome out;
  out.data = Value::object();
  out.data.set("removed", Value(really));
  out.data.set("files", Value(report.files));
  out.data.set("bytes", Value(report.bytes));
  Value paths = Value::array();
  for (const std::string& path : report.paths) {
    paths.push(Value(path));
    out.text += "  " + printable(path) + "\n";
  }
  out.data.set("paths", std::move(paths));
  out.text += fmt::format("{}, {} KB {}\n", counted(report.files, "file"), grouped((report.bytes + 1023) / 1024),
                          really ? "removed" : "would be removed; add --yes to do it");
  return out;
}

}  // namespace

const Flow& flow_data_vacuum() {
  static const Flow flow{
      {.noun = "data",
       .verb = "vacuum",
       .summary = "remove files that no commit or run needs",
       .description = "Lists parts and copies of raw files left over by writes that never finished (older than 24 "
                      "hours), parts that only hidden commits hold or that were merged, and what a run of stored "
                      "values kept for the next, once that is there: an import merges the parts of a partition once "
                      "there are many, and the old ones stay so that earlier commits can be read. "
                      "Answers of a source that wait in its queue are kept however old they are. "
                      "With --yes they are removed; commits that need them can then neither be read nor reverted.",
       .journey = Journey::kData,
       .parameters = {flow::yes_parameter()},
       .examples = {{"lode data vacuum", "shows what would go"}},
       .schema = "lode.data.vacuum/1"},
      run};
  return flow;
}

}  // namespace lode
