// Trials counted and factors named, in the manifest.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/assert.h"
#include "lode/base/text.h"
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
  stored.trial.from = *row.date(2);
  stored.trial.to = *row.date(3);
  stored.trial.horizon = static_cast<int>(row.int64(4));
  stored.trial.preparation = row.text(5);
  stored.trial.statistic = row.float64(6);
  stored.trial.origin = row.text(7);
  stored.first_run = row.text(8);
  stored.times = row.int64(9);
  return stored;
}

}  // namespace

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

Result<std::int64_t> RunStore::trial_count(std::string_view universe) const {
  const ManifestAccess manifest = lake_.impl().manifest();
  LODE_TRY(Statement read,
           manifest->prepare("SELECT count(*) FROM (SELECT DISTINCT formula, universe, preparation FROM trials "
                             "WHERE ?1 = '' OR universe = ?1)"));
  read.bind(1, universe);
  LODE_TRY(const bool row, read.step());
  LODE_ASSERT(row);
  return read.int64(0);
}

Result<std::int64_t> RunStore::trial_count_with(std::string_view universe, std::string_view formula) const {
  LODE_TRY(const std::int64_t counted, trial_count(universe));
  const ManifestAccess manifest = lake_.impl().manifest();
  LODE_TRY(Statement read,
           manifest->prepare("SELECT 1 FROM trials WHERE formula = ?1 AND universe = ?2 AND preparation = '' "
                             "LIMIT 1"));
  read.bind(1, formula).bind(2, universe);
  LODE_TRY(const bool known, read.step());
  return counted + (known ? 0 : 1);
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
