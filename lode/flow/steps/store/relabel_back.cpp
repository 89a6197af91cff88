// Storing again what a relabelling hid.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/store/relabel_back.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/flow/steps/store/relabel_bars.h"
#include "lode/market/schema.h"

namespace lode::flow {

namespace {

constexpr std::string_view kRevertedBy = "data revert";

const Value* relabelled(const lake::CommitInfo& commit) {
  const Value* value = commit.note.find("relabelled");
  return value != nullptr && value->is_object() ? value : nullptr;
}

// A relabelling's commits lie side by side: those with rows, the reverts of what they replaced, and one with the rest.
std::vector<lake::CommitInfo> commits_of(const std::vector<lake::CommitInfo>& commits, const lake::CommitInfo& one) {
  const auto belongs = [](const lake::CommitInfo& commit) {
    return commit.flow == kRelabelledBy || commit.flow == kRevertedBy;
  };
  const auto at = std::ranges::find(commits, one.id, &lake::CommitInfo::id);
  auto first = at;
  while (first != commits.begin() && belongs(*(first - 1))) {
    --first;
  }
  const auto last = std::find_if_not(at, commits.end(), belongs);
  std::vector<lake::CommitInfo> out;
  std::copy_if(first, last, std::back_inserter(out), [&](const lake::CommitInfo& commit) {
    return commit.flow == kRelabelledBy && note_text(commit.note, "mic") == note_text(one.note, "mic");
  });
  return out;
}

// Appends what a hidden commit had stored, table by table.
Result<void> append_old(const lake::Lake& lake, const lake::CommitInfo& old, lake::Writer& writer) {
  LODE_TRY(const lake::Snapshot then, lake.snapshot(old.id));
  for (const TableSpec& table : tables()) {
    if (is_computed(table.name)) {
      continue;  // Never part of an import.
    }
    LODE_TRY(Batch rows, rows_of(lake, then, table.name));
    if (rows.rows() > 0) {
      LODE_CHECK(writer.append(table.name, std::move(rows), old.time));
    }
  }
  return {};
}

}  // namespace

Result<RelabelBackPlan> plan_relabel_back(const lake::Lake& lake, const lake::CommitInfo& commit) {
  LODE_TRY(const std::vector<lake::CommitInfo> commits, lake.commits());
  RelabelBackPlan plan;
  plan.mic = note_text(commit.note, "mic");
  for (const lake::CommitInfo& made : commits_of(commits, commit)) {
    if (!made.reverted) {
      plan.made.push_back(made);
    }
    const Value* from = relabelled(made);
    const Value* id = from == nullptr ? nullptr : from->find("commit");
    if (id == nullptr || !id->is_int()) {
      continue;
    }
    plan.was = note_text(*from, "was");
    const auto old = std::ranges::find(commits, id->as_int(), &lake::CommitInfo::id);
    if (old != commits.end() && std::ranges::find(plan.old, old->id, &lake::CommitInfo::id) == plan.old.end()) {
      plan.old.push_back(*old);
    }
  }
  if (plan.made.empty()) {
    return fail(E::E8008, fmt::format("commit {} is reverted already", commit.id));
  }
  if (plan.old.empty()) {
    return fail(E::E8008,
                fmt::format("commit {} holds the rest of a relabelling whose other commits are hidden", commit.id),
                "import the files again under the exchange that is right, or restore a backup");
  }
  return plan;
}

Result<std::vector<lake::CommitId>> relabel_back(lake::Lake& lake, const RelabelBackPlan& plan) {
  std::vector<lake::CommitId> out;
  for (const lake::CommitInfo& old : plan.old) {
    LODE_TRY(lake::Writer writer, lake.writer());
    LODE_CHECK(append_old(lake, old, writer));
    LODE_TRY(const lake::CommitInfo made, writer.commit(old.token, old.flow, old.note));
    out.push_back(made.id);
  }
  for (auto made = plan.made.rbegin(); made != plan.made.rend(); ++made) {
    LODE_CHECK(lake.revert(made->id));
  }
  // What equalled a row of the relabelling was dropped as a copy, and stands nowhere now.
  LODE_TRY(lake::Writer writer, lake.writer());
  for (const lake::CommitInfo& old : plan.old) {
    LODE_CHECK(append_old(lake, old, writer));
  }
  Value note = Value::object();
  note.set("mic", Value(plan.was));
  LODE_TRY(const lake::CommitInfo rest, writer.commit(fmt::format("relabel-back-rest-{}", plan.made.front().id),
                                                      std::string(kRevertedBy), std::move(note)));
  out.push_back(rest.id);
  return out;
}

}  // namespace lode::flow
