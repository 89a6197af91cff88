// lode data revert: hides a commit; nothing is deleted.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/counted.h"
#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/confirm.h"
#include "lode/flow/steps/store/relabel_back.h"
#include "lode/io/lake/upkeep/dependents.h"

namespace lode {

namespace {

// E8008
Result<lake::CommitInfo> find_commit(const lake::Lake& lake, lake::CommitId id) {
  LODE_TRY(const std::vector<lake::CommitInfo> commits, lake.commits());
  const auto found = std::ranges::find(commits, id, &lake::CommitInfo::id);
  if (found == commits.end()) {
    return fail(E::E8008, fmt::format("there is no commit {} in {}", id, lake.folder()),
                "lode data show commits lists them");
  }
  return *found;
}

// "commit 3 (data import, 2026-01-05T12:00:00Z: 2 rows of bars, 1 row of symbols)".
Result<std::string> describe(const lake::Lake& lake, const lake::CommitInfo& found) {
  LODE_TRY(const std::vector<lake::CommitRows> rows, lake.commit_rows());
  std::vector<std::string> tables;
  for (const lake::CommitRows& one : rows) {
    if (one.commit == found.id) {
      tables.push_back(fmt::format("{} of {}", counted(one.rows, "row"), one.table));
    }
  }
  return fmt::format("commit {} ({}, {}: {})", found.id, found.flow, to_string(found.time),
                     tables.empty() ? "no rows" : join(tables, ", "));
}

// E8008 when rows of later commits stand on those of this one: without it they would have no instrument, or be known
// only from when they were corrected.
Result<void> check_alone(const lake::Lake& lake, lake::CommitId commit) {
  auto found = lake::dependents(lake, commit);
  if (!found && found.error().number() == E::E8005) {
    return {};  // A part is gone or damaged: to revert its commit and to import again is the way out.
  }
  LODE_TRY(const std::vector<lake::Dependent> all, std::move(found));
  if (all.empty()) {
    return {};
  }
  std::string what;
  std::vector<std::string> first;
  for (const lake::Dependent& one : all) {
    const auto rows = [&](std::int64_t count, std::string_view doing) {
      return count == 0 ? std::string()
                        : fmt::format("{}{} of {} in commit {} {}", what.empty() ? "" : ", ", counted(count, "row"),
                                      one.table, one.commit, doing);
    };
    const bool only_corrects = one.corrections > 0 && one.orphans <= one.corrections;
    what +=
        rows(one.orphans > one.corrections ? 0 : one.corrections, one.corrections == 1 ? "corrects it" : "correct it");
    what += rows(only_corrects ? 0 : one.orphans,
                 one.orphans == 1 ? "is of an instrument it brought" : "are of instruments it brought");
    if (const std::string id = std::to_string(one.commit); first.empty() || first.back() != id) {
      first.push_back(id);
    }
  }
  return fail(
      E::E8008, fmt::format("commit {} cannot be hidden alone, later commits stand on it: {}", commit, what),
      fmt::format("revert commit{} {} first{}, then {}; to bring rows back, import the files again, oldest first",
                  first.size() == 1 ? "" : "s", join(first, ", "),
                  first.size() == 1 ? "" : ", in that order (newest first)", commit));
}

// A relabelling hid what it replaced, so that is stored again first.
Result<Outcome> run_back(World& world, const Request& request, lake::Lake& lake, const lake::CommitInfo& commit) {
  LODE_TRY(const flow::RelabelBackPlan plan, flow::plan_relabel_back(lake, commit));
  LODE_CHECK(flow::confirm(
      world, request,
      fmt::format("commit {} is of a relabelling from {} to {}: the {} it replaced will be stored again under {}, and "
                  "its own {} hidden; nothing is deleted",
                  commit.id, plan.was, plan.mic, counted(std::ssize(plan.old), "commit"), plan.was,
                  counted(std::ssize(plan.made), "commit"))));
  LODE_TRY(const std::vector<lake::CommitId> made, flow::relabel_back(lake, plan));
  Outcome out;
  out.data = Value::object();
  out.data.set("reverted", Value(commit.id));
  out.data.set("commit", Value(made.back()));
  out.text = fmt::format(
      "what was relabelled from {} to {} stands under {} again: {} hidden, {} made; bytes stay until "
      "lode data vacuum\n",
      plan.was, plan.mic, plan.was, counted(std::ssize(plan.made), "commit"), plan.old.size());
  return out;
}

Result<Outcome> run(World& world, const Request& request) {
  const std::int64_t commit = request.integer("commit", 0);
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kWrite));
  LODE_TRY(const lake::CommitInfo found, find_commit(*lake, commit));
  if (found.flow == flow::kRelabelledBy) {
    return run_back(world, request, *lake, found);
  }
  if (!found.reverted) {
    LODE_CHECK(check_alone(*lake, commit));
  }
  LODE_TRY(const std::string what, describe(*lake, found));
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
       .description =
           "Makes a new commit in which the rows of an earlier one no longer stand. Of a relabelling it "
           "reverts all commits and stores again what they had replaced, under the exchange it had. A commit "
           "that later ones stand on (they correct its rows, or hold rows of instruments it brought) is "
           "refused with what to revert first, newest first. Runs "
           "made on older commits still reproduce.",
       .journey = Journey::kData,
       .parameters = {{.name = "COMMIT",
                       .kind = ParameterKind::kInteger,
                       .summary = "number of the commit",
                       .positional = true,
                       .required = true,
                       .completes = "commits"},
                      flow::yes_parameter()},
       .examples = {{"lode data revert 3 --yes", "hides commit 3", false}},
       .schema = "lode.data.revert/1"},
      run};
  return flow;
}

}  // namespace lode
