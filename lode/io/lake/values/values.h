// Values of factors in the lake: one set of wide parts a run, stored whole or not at all, together with its run.
//
//   tables/factor_values/run=<hash>/year=2019/part-<id>.parquet
//
// A part holds sessions of one year: session, instrument_id, known_time, then a column a factor (FLOAT or DOUBLE, as it
// was computed; missing is null), sorted by session, then instrument. What the set is stands in the note of its commit.
// The table factor_values is a view over the parts of all sets in long form; rows of a part count as such.
//
// A set may go on from another: sessions whose inputs are equal to the bit are kept, as ranges of sessions of parts
// that other runs stored (pieces.h), and only the others stand in parts of its own. Beside the values a set may have
// parts of two more kinds, which are no rows of the table: run=<hash>/kind=inputs and run=<hash>/kind=state.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lode/io/lake/lake.h"
#include "lode/io/lake/parquet.h"
#include "lode/io/lake/runs.h"
#include "lode/market/panel.h"

namespace lode::lake {

struct StoredPart;

inline constexpr std::string_view kValuesFlow = "factor compute";       // Of the commits that hold sets.
inline constexpr std::string_view kRegressionsFlow = "factor premium";  // Of those that hold regressions of names.
inline constexpr std::string_view kIndicatorsFlow = "indicator run";    // Of those that hold indicators and votes.

struct StoredFactor {
  std::string name;
  std::string formula;  // Canonical
  std::string hash;     // Of formula and profile
};

// Sessions of a part of another run that are this set's too.
struct KeptRange {
  std::int64_t part = 0;
  Date from, to;          // Inclusive
  std::int64_t rows = 0;  // Of the long table
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
  std::string continues = {};                 // Alias of the run it went on from; "" = computed whole
  std::vector<KeptRange> kept = {};           // By session, none touching another
  std::vector<std::int64_t> supersedes = {};  // Parts of its predecessor's inputs and state, of no use any more
  CommitId commit = 0;                        // That stored it
  Time time;
  std::int64_t bytes = 0;  // Of its own parts
};

// The sets of `lake` that no commit hides, oldest first.
Result<std::vector<ValuesSet>> values_sets(const Lake& lake);

// The newest commit up to `commit` that changed what values are computed of: not one of values or regressions, nor a
// compaction.
Result<CommitId> input_commit(const Lake& lake, CommitId commit);
// The same with compactions, so that all its parts stand: what a judgement reads, whatever runs have stored since.
Result<CommitId> judged_commit(const Lake& lake, CommitId commit);

// What is stored: filled once all values were given, for the note, the run and its numbers.
struct ValuesRecord {
  ValuesSet set;  // alias, commit, time and bytes are filled here
  Run run;
  std::vector<StoredNumber> numbers;
  std::vector<std::pair<std::string, Batch>> sides = {};  // "inputs" or "state", and what stands in it
};

// Writes the batches of `next` (session, instrument_id, known_time, then `factors` columns of numbers, sorted; each of
// one year) and makes them visible in one transaction with the run that `finish` gives after the last. A killed process
// leaves parts that nobody sees and vacuum removes. E8003, E8004, E8005 (a kept part is gone), E8006, and the source's
// own errors: nothing is stored.
Result<ValuesSet> store_values(Lake& lake, std::string_view run, std::size_t factors, Precision precision,
                               const BatchSource& next, const std::function<Result<ValuesRecord>()>& finish);

// What dropping a set costs, or has cost.
struct ValuesDrop {
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::vector<std::string> needed_by = {};  // Aliases of sets that go on from it; the parts they read stay
  CommitId commit = 0;                      // That hid it; 0 = not done
};
// Hides the set and removes the parts that no other set reads; the run and its numbers stay. `really` false: only
// tells. A process killed on the way leaves a hidden set, whose files vacuum removes. E8003, E8004
Result<ValuesDrop> drop_values(Lake& lake, const ValuesSet& set, bool really);

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

// Where the sessions of a set stand: ranges of parts, its own and kept ones, in the order of sessions; `rows` is 0.
Result<std::vector<KeptRange>> values_ranges(const Snapshot& snapshot, const ValuesSet& set);
// Hash of the run that stored a part of values. E8005 it is gone
Result<std::string> run_of_part(const Snapshot& snapshot, std::int64_t part);
// Numbers of the parts that stand beside the set's values.
std::vector<std::int64_t> side_parts(const Snapshot& snapshot, const ValuesSet& set);

// What stands in the set's part of that kind, "inputs" or "state"; nothing where it has none. E8005
Result<std::optional<Batch>> read_side(const Snapshot& snapshot, const ValuesSet& set, std::string_view kind);

// SQL of the parts of sets (pieces.h) as rows of factor_values.
std::string values_sql(std::span<const StoredPart> parts, const std::string& lake_folder);

}  // namespace lode::lake
