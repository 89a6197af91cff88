// Which parts the sets of values consist of: their own, and ranges of sessions of parts that other runs stored.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lode/io/lake/commits.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/values/values.h"

namespace lode::lake {

std::string values_partition(std::string_view run, std::string_view rest);  // "run=ab12/year=2019"
// "run=ab12/year=2019" to "ab12".
std::string_view run_of_partition(std::string_view partition);
// Values, and not what stands beside them.
bool holds_values(const PartInfo& part);
// Only the sessions date_min .. date_max of the file are meant.
bool is_range(const PartInfo& part);

// The set that a commit's note tells.
ValuesSet values_set_of(const CommitInfo& commit);

// What the snapshot shows of values: parts, and kept ranges as parts of the set that kept them, their dates the range
// and their rows those in it. E8005 a kept part that is gone.
Result<std::vector<StoredPart>> values_parts(const Snapshot::State& state);

// Parts in the order in which their sessions follow each other, each with the sessions to read of them. Those of one
// step lie in order by their partitions.
struct ReadStep {
  std::vector<StoredPart> parts;
  std::optional<Date> from, to;  // Inclusive
};
std::vector<ReadStep> read_steps(std::vector<StoredPart> parts_of_set, const ValuesQuery& query);

// Parts that the sets that stand need of other runs; and those that they made useless. `without`: as if the set of that
// commit did not stand.
struct PartUse {
  std::set<std::int64_t> kept;
  std::set<std::int64_t> superseded;
  std::vector<ValuesSet> sets;  // Those that keep parts
};
Result<PartUse> part_use(const Database& manifest, CommitId without = 0);

}  // namespace lode::lake
