// Trials counted and factors named, in the manifest.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/assert.h"
#include "lode/base/text.h"
#include "lode/io/lake/honesty/made_table.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/manifest.h"
#include "lode/io/lake/runs.h"

namespace lode::lake {

namespace {

NamedFactor read_factor(const Statement& row) {
  return NamedFactor{row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.time(5)};
}

StoredTrial read_trial(const Statement& row) {
  StoredTrial stored;
  stored.trial.formula = row.text(0);
  stored.trial.universe = row.text(1);
  stored.trial.from = bound_of(row.int64(2));
  stored.trial.to = bound_of(row.int64(3));
  stored.trial.horizon = static_cast<int>(row.int64(4));
  stored.trial.preparation = row.text(5);
  stored.trial.statistic = row.float64(6);
  stored.trial.origin = row.text(7);
  stored.first_run = row.text(8);
  stored.times = row.int64(9);
  return stored;
}

}  // namespace

Result<void> RunStore::write_trials(const Database& manifest, const std::string& alias,
                                    const std::vector<Trial>& trials) {
  LODE_TRY(
      Statement write,
      manifest.prepare("INSERT INTO trials(formula, universe, from_date, to_date, horizon, preparation, statistic, "
                       "origin, first_run, times) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,1) "
                       "ON CONFLICT DO UPDATE SET times = times + 1, statistic = ?7"));
  for (const Trial& trial : trials) {
    write.bind(1, trial.formula).bind(2, trial.universe).bind(3, stored_bound(trial.from));
    write.bind(4, stored_bound(trial.to)).bind(5, trial.horizon);
    write.bind(6, trial.preparation).bind(7, trial.statistic).bind(8, trial.origin).bind(9, alias);
    LODE_CHECK(write.run());
  }
  return {};
}

Result<std::vector<StoredTrial>> RunStore::trials() const {
  const ManifestAccess manifest = lake_.impl().manifest();
  LODE_TRY(Statement read,
           manifest->prepare("SELECT formula, universe, from_date, to_date, horizon, preparation, statistic, "
                             "origin, first_run, times FROM trials ORDER BY 1, 2, 3, 4, 5, 6"));
  std::vector<StoredTrial> trials;
  while (true) {
    LODE_TRY(const bool more, read.step());
    if (!more) {
      return trials;
    }
    trials.push_back(read_trial(read));
  }
}

Result<TrialCounts> RunStore::trial_counts(std::string_view universe) const {
  const ManifestAccess manifest = lake_.impl().manifest();
  LODE_TRY(Statement read,
           manifest->prepare("SELECT coalesce(sum(universe = ?1), 0), count(*) FROM (SELECT DISTINCT formula, "
                             "universe, from_date, to_date, preparation FROM trials)"));
  read.bind(1, universe);
  LODE_TRY(const bool row, read.step());
  LODE_ASSERT(row);
  return TrialCounts{read.int64(0), read.int64(1)};
}

Result<TrialCounts> RunStore::trial_counts_with(const Trial& trial) const {
  LODE_TRY(TrialCounts counts, trial_counts(trial.universe));
  const ManifestAccess manifest = lake_.impl().manifest();
  LODE_TRY(Statement read,
           manifest->prepare("SELECT 1 FROM trials WHERE formula = ?1 AND universe = ?2 AND from_date = ?3 "
                             "AND to_date = ?4 AND preparation = ?5 LIMIT 1"));
  read.bind(1, trial.formula).bind(2, trial.universe).bind(3, stored_bound(trial.from));
  read.bind(4, stored_bound(trial.to)).bind(5, trial.preparation);
  LODE_TRY(const bool known, read.step());
  counts.universe += known ? 0 : 1;
  counts.lake += known ? 0 : 1;
  return counts;
}

Result<std::int64_t> RunStore::trial_ordinal(const Trial& trial) const {
  const ManifestAccess manifest = lake_.impl().manifest();
  LODE_TRY(Statement read,
           manifest->prepare("WITH first AS (SELECT formula, from_date, to_date, preparation, "
                             "min(CAST(substr(first_run, 2) AS INTEGER)) AS run FROM trials WHERE universe = ?2 "
                             "GROUP BY 1, 2, 3, 4) SELECT count(*) FROM first WHERE run <= (SELECT run FROM first "
                             "WHERE formula = ?1 AND from_date = ?3 AND to_date = ?4 AND preparation = ?5)"));
  read.bind(1, trial.formula).bind(2, trial.universe).bind(3, stored_bound(trial.from));
  read.bind(4, stored_bound(trial.to)).bind(5, trial.preparation);
  LODE_TRY(const bool row, read.step());
  LODE_ASSERT(row);
  return read.int64(0);
}

Result<void> RunStore::add_factor(const NamedFactor& factor, bool replace) {
  LODE_CHECK(lake_.impl().require_writable());
  const ManifestAccess manifest = lake_.impl().manifest();
  LODE_TRY(Transaction transaction, Transaction::begin(*manifest));
  LODE_TRY(Statement known, manifest->prepare("SELECT hash, formula FROM factors WHERE name = ?1"));
  known.bind(1, factor.name);
  LODE_TRY(const bool taken, known.step());
  if (taken && known.text(0) != factor.hash && !replace) {
    return fail(E::E11, fmt::format("the name {} is taken by {}", factor.name, known.text(1)),
                "choose another name, or replace it with --replace");
  }
  known.reset();
  LODE_TRY(Statement write,
           manifest->prepare("INSERT OR REPLACE INTO factors(name, formula, profile, note, hash, added) "
                             "VALUES (?1,?2,?3,?4,?5,?6)"));
  write.bind(1, factor.name).bind(2, factor.formula).bind(3, factor.profile).bind(4, factor.note);
  write.bind(5, factor.hash).bind(6, factor.added);
  LODE_CHECK(write.run());
  return transaction.commit();
}

Result<std::vector<NamedFactor>> RunStore::factors() const {
  const ManifestAccess manifest = lake_.impl().manifest();
  LODE_TRY(Statement read,
           manifest->prepare("SELECT name, formula, profile, note, hash, added FROM factors ORDER BY name"));
  std::vector<NamedFactor> factors;
  while (true) {
    LODE_TRY(const bool more, read.step());
    if (!more) {
      return factors;
    }
    factors.push_back(read_factor(read));
  }
}

Result<NamedFactor> RunStore::factor(std::string_view name) const {
  LODE_TRY(std::vector<NamedFactor> all, factors());
  std::vector<std::string> names;
  for (NamedFactor& factor : all) {
    if (factor.name == name) {
      return std::move(factor);
    }
    names.push_back(factor.name);
  }
  const std::string hint = did_you_mean(name, names);
  return fail(E::E9, fmt::format("no factor called '{}' among {} of this lake", name, all.size()),
              hint.empty() ? "lode factor list shows them; lode factor add keeps one" : hint);
}

}  // namespace lode::lake
