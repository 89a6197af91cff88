// From notes of commits to the parts behind sets of values.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/values/pieces.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace lode::lake {
namespace {

constexpr std::string_view kRange = "kept";

// The sets of commits that stand at `commit` and keep or supersede parts.
Result<std::vector<ValuesSet>> continuing_sets(const Database& manifest, CommitId commit) {
  LODE_TRY(Statement rows,
           manifest.prepare("SELECT id FROM commits WHERE flow = ?1 AND id <= ?2 AND (reverted_by IS NULL OR "
                            "reverted_by > ?2) AND instr(note, '\"continues\":\"') > 0 ORDER BY id"));
  rows.bind(1, kValuesFlow).bind(2, commit);
  std::vector<ValuesSet> out;
  while (true) {
    LODE_TRY(const bool more, rows.step());
    if (!more) {
      return out;
    }
    LODE_TRY(const CommitInfo info, commit_info(manifest, rows.int64(0)));
    out.push_back(values_set_of(info));
  }
}

// Of the runs that stored values, by hash.
Result<std::map<std::string, std::string, std::less<>>> aliases_of(const Database& manifest) {
  LODE_TRY(Statement rows, manifest.prepare("SELECT hash, alias FROM runs WHERE flow = ?1"));
  rows.bind(1, kValuesFlow);
  std::map<std::string, std::string, std::less<>> out;
  while (true) {
    LODE_TRY(const bool more, rows.step());
    if (!more) {
      return out;
    }
    out.emplace(rows.text(0), fmt::format("r{}", rows.int64(1)));
  }
}

}  // namespace

std::string values_partition(std::string_view run, std::string_view rest) {
  return fmt::format("run={}/{}", run, rest);
}

std::string_view run_of_partition(std::string_view partition) {
  constexpr std::string_view kRun = "run=";
  return partition.substr(kRun.size(), partition.find('/') - kRun.size());
}

bool holds_values(const PartInfo& part) { return part.partition.find("/kind=") == std::string::npos; }

bool is_range(const PartInfo& part) { return part.partition.ends_with(kRange); }

Result<std::vector<StoredPart>> values_parts(const Snapshot::State& state) {
  std::vector<StoredPart> out;
  for (const StoredPart& part : state.of(kFactorValues)) {
    if (holds_values(part)) {
      out.push_back(part);
    }
  }
  const ManifestAccess manifest = state.lake->manifest();
  LODE_TRY(const std::vector<ValuesSet> sets, continuing_sets(*manifest, state.commit));
  for (const ValuesSet& set : sets) {
    for (const KeptRange& kept : set.kept) {
      LODE_TRY(const std::optional<StoredPart> found, stored_part(*manifest, kept.part));
      if (!found) {
        return fail(
            E::E8005, fmt::format("part {} is gone, of which {} has values", kept.part, set.alias),
            "restore a backup, or hide the run and compute it again: lode data revert " + std::to_string(set.commit));
      }
      StoredPart part = *found;
      part.partition = values_partition(set.run, kRange);
      part.date_min = kept.from;
      part.date_max = kept.to;
      part.rows = kept.rows;
      part.commit = set.commit;
      part.rank = set.commit;
      out.push_back(std::move(part));
    }
  }
  if (!out.empty()) {
    LODE_TRY(const auto aliases, aliases_of(*manifest));
    for (StoredPart& part : out) {
      const auto found = aliases.find(run_of_partition(part.partition));
      part.alias = found == aliases.end() ? "" : found->second;
    }
  }
  return out;
}

std::vector<ReadStep> read_steps(std::vector<StoredPart> parts, const ValuesQuery& query) {
  std::ranges::sort(parts, {}, &StoredPart::partition);
  std::vector<StoredPart> ranges;
  std::vector<StoredPart> own;
  for (StoredPart& part : parts) {
    (is_range(part) ? ranges : own).push_back(std::move(part));
  }
  std::ranges::sort(ranges, {}, &StoredPart::date_min);
  std::vector<ReadStep> out;
  const auto add = [&](const std::vector<StoredPart>& list, std::optional<Date> from, std::optional<Date> to) {
    ReadStep step{{}, query.from, query.to};
    step.from = from && (!step.from || *step.from < *from) ? from : step.from;
    step.to = to && (!step.to || *to < *step.to) ? to : step.to;
    for (const StoredPart& part : list) {
      const bool before = step.from && part.date_max && *part.date_max < *step.from;
      const bool after = step.to && part.date_min && *part.date_min > *step.to;
      if (!before && !after) {
        step.parts.push_back(part);
      }
    }
    if (!step.parts.empty() && (!step.from || !step.to || *step.from <= *step.to)) {
      out.push_back(std::move(step));
    }
  };
  std::optional<Date> next;
  for (const StoredPart& range : ranges) {
    add(own, next, Date{range.date_min->days - 1});
    add({range}, range.date_min, range.date_max);
    next = Date{range.date_max->days + 1};
  }
  add(own, next, {});
  return out;
}

Result<PartUse> part_use(const Database& manifest, CommitId without) {
  LODE_TRY(const CommitId now, last_commit(manifest));
  LODE_TRY(std::vector<ValuesSet> sets, continuing_sets(manifest, now));
  PartUse out;
  for (ValuesSet& set : sets) {
    if (set.commit == without) {
      continue;
    }
    for (const KeptRange& range : set.kept) {
      out.kept.insert(range.part);
    }
    out.superseded.insert(set.supersedes.begin(), set.supersedes.end());
    out.sets.push_back(std::move(set));
  }
  return out;
}

}  // namespace lode::lake
