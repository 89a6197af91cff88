// lode data revert: hides a commit; nothing is deleted.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/confirm.h"

namespace lode {

namespace {

// "commit 3 (data import, 2026-01-05T12:00:00Z: 2 rows of bars, 1 row of symbols)". E8008
Result<std::string> describe(const lake::Lake& lake, lake::CommitId id) {
  LODE_TRY(const std::vector<lake::CommitInfo> commits, lake.commits());
  const auto found = std::ranges::find(commits, id, &lake::CommitInfo::id);
  if (found == commits.end()) {
    return fail(E::E8008, fmt::format("there is no commit {} in {}", id, lake.folder()),
                "lode data show commits lists them");
  }
  LODE_TRY(const std::vector<lake::CommitRows> rows, lake.commit_rows());
  if (found->flow == "data relabel") {
    return fail(
        E::E8008,
        fmt::format("commit {} relabelled the rows of earlier commits and hid those; without it neither would stand",
                    id),
        "relabel once more, to the exchange that is right, or restore a backup");
  }
  std::vector<std::string> tables;
  for (const lake::CommitRows& one : rows) {
    if (one.commit == id) {
      tables.push_back(fmt::format("{} row{} of {}", grouped(one.rows), one.rows == 1 ? "" : "s", one.table));
    }
  }
  return fmt::format("commit {} ({}, {}: {})", id, found->flow, to_string(found->time),
                     tables.empty() ? "no rows" : join(tables, ", "));
}

Result<Outcome> run(World& world, const Request& request) {
  const std::int64_t commit = request.integer("commit", 0);
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kWrite));
  LODE_TRY(const std::string what, describe(*lake, commit));
  const std::string plan = fmt::format("{} of {} will be hidden; nothing is deleted", what, world.lake);
  LODE_CHECK(flow::confirm(world, request, plan));
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
       .description = "Makes a new commit in which the rows of an earlier one no longer stand. A relabelling is not "
                      "reverted, since it hid what it replaced. Runs made on "
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
