// Values of factors in the lake: one set of wide parts a run, stored whole or not at all, together with its run.
//
//   tables/factor_values/run=<hash>/year=2019/part-<id>.parquet
//
// A part holds sessions of one year: session, instrument_id, known_time, then a column a factor (FLOAT or DOUBLE, as it
// was computed; missing is null), sorted by session, then instrument. What the set is stands in the note of its commit.
// The table factor_values is a view over the parts of all sets in long form; rows of a part count as such.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/io/lake/lake.h"
#include "lode/io/lake/parquet.h"
#include "lode/io/lake/runs.h"
#include "lode/market/panel.h"

namespace lode::lake {

inline constexpr std::string_view kValuesFlow = "factor compute";  // Of the commits that hold sets.

struct StoredFactor {
  std::string name;
  std::string formula;  // Canonical
  std::string hash;     // Of formula and profile
};

// What the note of a set's commit says.
struct ValuesSet {
  std::string run;    // Hash
  std::string alias;  // "r7"
  std::string key;    // Of all that makes equal formulas have equal values: universe, span, as_of, code, input commit
  std::string profile;
  Precision precision = Precision::kFloat64;
  std::string universe;
  std::string code_version;
  CommitId input_commit = 0;
  std::optional<Date> first, last;
  std::int64_t sessions = 0;
  std::int64_t instruments = 0;
  std::int64_t cells = 0;  // Stored, missing ones included
  std::vector<StoredFactor> factors;
  CommitId commit = 0;  // That stored it
  Time time;
  std::int64_t bytes = 0;  // Of its parts
};

// The sets of `lake` that no commit hides, oldest first.
Result<std::vector<ValuesSet>> values_sets(const Lake& lake);

// The newest commit up to `commit` that changed what values are computed of: not one of values, nor a compaction.
Result<CommitId> input_commit(const Lake& lake, CommitId commit);

// What is stored: filled once all values were given, for the note, the run and its numbers.
struct ValuesRecord {
  ValuesSet set;  // alias, commit, time and bytes are filled here
  Run run;
  std::vector<StoredNumber> numbers;
};

// Writes the batches of `next` (session, instrument_id, known_time, then `factors` columns of numbers, sorted; each of
// one year) and makes them visible in one transaction with the run that `finish` gives after the last. A killed process
// leaves parts that nobody sees and vacuum removes. E8003, E8004, E8006, and the source's own errors: nothing is
// stored.
Result<ValuesSet> store_values(Lake& lake, std::string_view run, std::size_t factors, Precision precision,
                               const BatchSource& next, const std::function<Result<ValuesRecord>()>& finish);

// What of a set to read; empty selections mean all.
struct ValuesQuery {
  std::vector<std::string> factors;  // Of the set
  std::vector<InstrumentId> instruments;
  std::optional<Date> from, to;  // Inclusive
};
// session, instrument_id, then a column a factor, in the set's order, as many rows a batch as a long read wants; sorted
// by session, then instrument. Missing is null. E8005
Result<void> read_values(const Snapshot& snapshot, const ValuesSet& set, const ValuesQuery& query,
                         std::size_t rows_a_batch, const std::function<Result<void>(Batch)>& take);

// SQL of the parts of sets as rows of factor_values.
std::string values_sql(std::span<const PartInfo* const> parts, const std::string& lake_folder);

}  // namespace lode::lake
