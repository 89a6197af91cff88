// lode data revert: hides a commit; nothing is deleted.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/confirm.h"

namespace lode {

namespace {

Result<Outcome> run(World& world, const Request& request) {
  const std::int64_t commit = request.integer("commit", 0);
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kWrite));
  LODE_CHECK(
      flow::confirm(request, fmt::format("commit {} of {} will be hidden; nothing is deleted", commit, world.lake)));
  LODE_TRY(const lake::CommitInfo made, lake->revert(commit));
  Outcome out;
  out.data = Value::object();
  out.data.set("reverted", Value(commit));
  out.data.set("commit", Value(made.id));
  out.text = fmt::format("commit {} is hidden by commit {}; its bytes stay until lode data vacuum\n", commit, made.id);
  return out;
}

}  // namespace

const Flow& flow_data_revert() {
  static const Flow flow{
      {.noun = "data",
       .verb = "revert",
       .summary = "hide a commit; nothing is deleted",
       .description = "Makes a new commit in which the rows of an earlier one no longer stand. Runs made on "
                      "older commits still reproduce.",
       .journey = Journey::kData,
       .parameters = {{.name = "COMMIT",
                       .kind = ParameterKind::kInteger,
                       .summary = "number of the commit",
                       .positional = true,
                       .required = true},
                      flow::yes_parameter()},
       .examples = {{"lode data revert 3 --yes", "hides commit 3", false}},
       .schema = "lode.data.revert/1"},
      run};
  return flow;
}

}  // namespace lode
