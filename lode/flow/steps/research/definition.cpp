// Stored stays of a universe, and the place of a new definition.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/definition.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/base/error.h"
#include "lode/base/hash.h"
#include "lode/base/text.h"

namespace lode::flow {

namespace {

std::string noted(const lake::CommitInfo& commit, std::string_view key) {
  const Value* value = commit.note.find(key);
  return value != nullptr && value->is_text() ? value->as_text() : std::string();
}

// Commits that stand and defined this universe, oldest first.
Result<std::vector<lake::CommitInfo>> definitions(const lake::Lake& lake, const std::string& name) {
  LODE_TRY(std::vector<lake::CommitInfo> commits, lake.commits());
  std::erase_if(commits, [&](const lake::CommitInfo& commit) {
    return commit.reverted || commit.flow != kDefinedBy || noted(commit, "universe") != name;
  });
  return commits;
}

}  // namespace

Result<std::vector<StoredStay>> stored_stays(const lake::Snapshot& snapshot, const std::string& name) {
  lake::Query query;
  query.columns = {"name", "instrument_id", "valid_from", "valid_to", "event_time", "source", "raw_hash"};
  LODE_TRY(const Batch batch, snapshot.read("universe", query));
  std::vector<StoredStay> stays;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    if (batch.column("name").texts()[row] != name) {
      continue;
    }
    StoredStay stay;
    stay.instrument = batch.column("instrument_id").uint64s()[row];
    stay.from = Date{batch.column("valid_from").dates()[row]};
    if (!batch.column("valid_to").is_null(row)) {
      stay.to = Date{batch.column("valid_to").dates()[row]};
    }
    stay.event_time = Time{batch.column("event_time").times()[row]};
    stay.source = batch.column("source").texts()[row];
    stay.hash = batch.column("raw_hash").texts()[row];
    stays.push_back(std::move(stay));
  }
  return stays;
}

Result<std::string> universe_stamp(const lake::Snapshot& snapshot, const std::string& name) {
  if (name == "all") {
    return std::string();
  }
  LODE_TRY(const std::vector<StoredStay> stays, stored_stays(snapshot, name));
  std::optional<Date> first;
  std::set<std::string> origins;
  for (const StoredStay& stay : stays) {
    if (stay.is_void() || (first && *first < stay.from)) {
      continue;
    }
    if (!first || stay.from < *first) {
      origins.clear();
      first = stay.from;
    }
    origins.insert(stay.hash);
  }
  return origins.empty() ? std::string()
                         : xxh3_hex(join(std::vector<std::string>(origins.begin(), origins.end()), "|"));
}

Result<bool> make_room(lake::Lake& lake, const std::string& name, const std::string& hash, bool replace) {
  LODE_TRY(const lake::Snapshot snapshot, lake.snapshot());
  LODE_TRY(const std::vector<StoredStay> stays, stored_stays(snapshot, name));
  if (std::ranges::any_of(stays, [](const StoredStay& stay) { return stay.source != kDefinedBy; })) {
    return fail(E::E11, fmt::format("the universe {} was imported", name), "give the new one a name of its own");
  }
  if (std::ranges::all_of(stays, [&](const StoredStay& stay) { return stay.hash == hash; })) {
    return false;
  }
  LODE_TRY(const std::vector<lake::CommitInfo> old, definitions(lake, name));
  if (!replace) {
    const std::string formula = old.empty() ? "another formula" : noted(old.back(), "formula");
    return fail(E::E11, fmt::format("the universe {} is defined by {}", name, formula),
                "--replace puts the new definition in its place, or choose another name");
  }
  for (const lake::CommitInfo& commit : old) {
    LODE_CHECK(lake.revert(commit.id));
  }
  return true;
}

}  // namespace lode::flow
