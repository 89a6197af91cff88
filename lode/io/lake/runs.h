// Runs, numbers, trials and named factors: what was asked, what came out, and how often this data was asked (lake.md
// 6).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/io/lake/lake.h"

namespace lode::lake {

class Database;
struct TrialBook;

// One stored number. Its id is "<alias>.<path>", "r18.rank_ic.5d.mean".
struct StoredNumber {
  std::string path;
  double value;  // NaN = missing
  std::string unit;
  std::int64_t n = 0;
  double lower;
  double upper;
  std::string definition;
  std::string reason;
};

struct Run {
  std::string hash;   // xxh3-128 of (flow, canonical request, code version, input commit, seed)
  std::string alias;  // "r18"
  std::string flow;   // "factor report"
  Value request;      // Canonical: defaults filled in.
  std::string code_version;
  CommitId input_commit = 0;
  std::uint64_t seed = 0;
  Time started;
  Time finished;
  std::string status;  // "done", "failed"
  Value outcome;       // Summary, lineage, file names.
  std::string host;
};

// The canonical formula, universe, span, horizon and preparation: what makes a trial the same trial (lake.md 2). The
// span is the one asked for: a bound that was not given stays empty, so that new data makes no new trial.
struct Trial {
  std::string formula;  // Canonical text and profile; for the user's own numbers "values:<hash of its rows>".
  std::string universe;
  std::optional<Date> from, to;
  int horizon = 0;
  std::string preparation;  // Settings that are not the default, "adjust none, min_names 300"; "" = none
  double statistic;         // Mean rank IC; NaN = missing
  std::string origin;       // typed, file, values, miner, http, python
};
// Distinct trials, whatever their horizons: one run has one headline, however many horizons it shows.
struct TrialCounts {
  std::int64_t universe = 0;  // On one universe: what a verdict allows for. 0 = not counted.
  std::int64_t lake = 0;      // On any.
};
struct StoredTrial {
  Trial trial;
  std::string first_run;
  std::int64_t times = 0;
};

// A factor kept under a name: `lode factor add quality/accruals '...'`.
struct NamedFactor {
  std::string name;  // "library/id" or a plain name
  std::string formula;
  std::string profile;
  std::string note;
  std::string hash;  // Of canonical text and profile
  Time added;
};

// The newest finished judgement of a formula under a profile.
struct RunNews {
  std::string alias;
  std::string formula;  // Canonical
  std::string profile;
  Time finished;
};

class RunStore {
 public:
  explicit RunStore(Lake& lake) : lake_(lake) {}

  // The stored run of this hash, if any: equal inputs give equal bytes, so it need not run again.
  Result<std::optional<Run>> find(std::string_view hash) const;
  // "r18" or a hash prefix of at least 6 digits; "last" = newest. E0009 with the nearest.
  Result<Run> get(std::string_view alias) const;
  Result<std::vector<Run>> list(int limit = 50) const;  // Newest first.

  // Of each formula and profile that a `factor` flow judged, the newest run; newest first. Reads no outcome, so a lake
  // of many runs is listed at once.
  Result<std::vector<RunNews>> newest_of_formulas() const;

  // Records a finished run with its numbers and trials in one transaction; gives it the next alias, or keeps the alias
  // of an equal hash (and then replaces its outcome). Durable on return.
  // `book`: of the trial, see honesty/books.h; null = it has none.
  Result<Run> record(Run run, const std::vector<StoredNumber>& numbers, const std::vector<Trial>& trials,
                     const TrialBook* book = nullptr);
  // Replaces the outcome of a recorded run; numbers and trials stay.
  Result<void> set_outcome(const Run& run);
  // runs/<alias>/, made when absent.
  Result<std::string> folder(const Run& run) const;

  Result<std::vector<StoredNumber>> numbers(std::string_view alias) const;
  Result<StoredNumber> number(std::string_view alias, std::string_view path) const;  // E0009 with the nearest paths.

  Result<std::vector<StoredTrial>> trials() const;
  // Distinct formula, span as asked and preparation tried on this universe so far, and on all. Another span tried by
  // hand is another trial; another horizon is not.
  Result<TrialCounts> trial_counts(std::string_view universe) const;
  // The same counts as they will be once `trial` is on record: what a verdict reached now must allow for.
  Result<TrialCounts> trial_counts_with(const Trial& trial) const;

  // The how-many-th trial on its universe this one was, counted from 1 in the order of first runs; 0 = not on record.
  Result<std::int64_t> trial_ordinal(const Trial& trial) const;

  Result<void> add_factor(const NamedFactor& factor, bool replace);  // E0011 when the name is taken by another formula.
  Result<NamedFactor> factor(std::string_view name) const;           // E0009 with the nearest.
  Result<std::vector<NamedFactor>> factors() const;                  // By name.

 private:
  // The same trial again counts its times up; its first run stays on record, its statistic is the newest.
  static Result<void> write_trials(const Database& manifest, const std::string& alias,
                                   const std::vector<Trial>& trials);

  Lake& lake_;
};

std::string run_hash(std::string_view flow, const Value& request, std::string_view code_version, CommitId input_commit,
                     std::uint64_t seed);

}  // namespace lode::lake
