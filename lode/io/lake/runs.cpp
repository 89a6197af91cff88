// Runs and their numbers in the manifest.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/io/lake/honesty/books.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/manifest.h"
#include "lode/io/lake/values/run_rows.h"

namespace lode::lake {

namespace {

constexpr std::string_view kRunColumns =
    "hash, alias, flow, request, code_version, input_commit, seed, started, finished, status, outcome, host";
constexpr std::size_t kShortestPrefix = 6;  // Digits of a hash that name a run.

Result<Run> read_run(const Statement& row) {
  Run run;
  run.hash = row.text(0);
  run.alias = fmt::format("r{}", row.int64(1));
  run.flow = row.text(2);
  LODE_TRY(run.request, parse_json(row.text(3)));
  run.code_version = row.text(4);
  run.input_commit = row.int64(5);
  run.seed = static_cast<std::uint64_t>(row.int64(6));
  run.started = row.time(7);
  run.finished = row.time(8);
  run.status = row.text(9);
  LODE_TRY(run.outcome, parse_json(row.text(10)));
  run.host = row.text(11);
  return run;
}

Result<std::vector<Run>> read_runs(Statement& statement) {
  std::vector<Run> runs;
  while (true) {
    LODE_TRY(const bool more, statement.step());
    if (!more) {
      return runs;
    }
    LODE_TRY(Run run, read_run(statement));
    runs.push_back(std::move(run));
  }
}

// "r18" to 18; 0 for anything else.
std::int64_t alias_number(std::string_view text) {
  std::int64_t number = 0;
  return text.size() > 1 && text.front() == 'r' && parse_int(text.substr(1), number) && number > 0 ? number : 0;
}

bool is_hash_prefix(std::string_view text) {
  return text.size() >= kShortestPrefix &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

StoredNumber read_number(const Statement& row) {
  StoredNumber number;
  number.path = row.text(0);
  number.value = row.float64(1);
  number.unit = row.text(2);
  number.n = row.int64(3);
  number.lower = row.float64(4);
  number.upper = row.float64(5);
  number.definition = row.text(6);
  number.reason = row.text(7);
  return number;
}

// Runs by the rest of a statement whose only parameter is `argument`.
template <class T>
Result<std::vector<Run>> select_runs(Lake& lake, std::string_view rest, const T& argument) {
  const ManifestAccess manifest = lake.impl().manifest();
  LODE_TRY(Statement read, manifest->prepare(fmt::format("SELECT {} FROM runs {}", kRunColumns, rest)));
  read.bind(1, argument);
  return read_runs(read);
}

Result<std::vector<std::string>> aliases(Lake& lake) {
  const ManifestAccess manifest = lake.impl().manifest();
  LODE_TRY(Statement read, manifest->prepare("SELECT alias FROM runs ORDER BY alias DESC"));
  std::vector<std::string> out;
  while (true) {
    LODE_TRY(const bool more, read.step());
    if (!more) {
      return out;
    }
    out.push_back(fmt::format("r{}", read.int64(0)));
  }
}

// The hash of a run by alias, without reading what else is stored of it; other spellings as RunStore::get.
Result<std::string> hash_of(const RunStore& store, Lake& lake, std::string_view alias) {
  if (const std::int64_t number = alias_number(alias); number > 0) {
    const ManifestAccess manifest = lake.impl().manifest();
    LODE_TRY(Statement read, manifest->prepare("SELECT hash FROM runs WHERE alias = ?1"));
    read.bind(1, number);
    LODE_TRY(const bool found, read.step());
    if (found) {
      return read.text(0);
    }
  }
  LODE_TRY(Run run, store.get(alias));
  return std::move(run.hash);
}

// The alias of the run of this hash, or the next free one.
Result<std::int64_t> take_alias(const Database& manifest, const std::string& hash) {
  LODE_TRY(Statement known, manifest.prepare("SELECT alias FROM runs WHERE hash = ?1"));
  known.bind(1, hash);
  LODE_TRY(const bool stored, known.step());
  if (stored) {
    return known.int64(0);
  }
  LODE_TRY(Statement next, manifest.prepare("SELECT coalesce(max(alias), 0) + 1 FROM runs"));
  LODE_TRY(const bool row, next.step());
  LODE_ASSERT(row);
  return next.int64(0);
}

Result<void> write_run(const Database& manifest, const Run& run, std::int64_t alias) {
  LODE_TRY(Statement write, manifest.prepare(fmt::format(
                                "INSERT INTO runs({}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12) "
                                "ON CONFLICT(hash) DO UPDATE SET finished=?9, status=?10, outcome=?11, host=?12",
                                kRunColumns)));
  write.bind(1, run.hash).bind(2, alias).bind(3, run.flow).bind(4, to_json(run.request)).bind(5, run.code_version);
  write.bind(6, run.input_commit).bind(7, static_cast<std::int64_t>(run.seed)).bind(8, run.started);
  write.bind(9, run.finished).bind(10, run.status).bind(11, to_json(run.outcome)).bind(12, run.host);
  return write.run();
}

Result<void> write_numbers(const Database& manifest, const std::string& hash,
                           const std::vector<StoredNumber>& numbers) {
  LODE_TRY(Statement clear, manifest.prepare("DELETE FROM numbers WHERE run_hash = ?1"));
  clear.bind(1, hash);
  LODE_CHECK(clear.run());
  LODE_TRY(Statement write,
           manifest.prepare(
               "INSERT INTO numbers(run_hash, path, position, value, unit, n, lower, upper, definition, reason) "
               "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)"));
  std::int64_t position = 0;
  for (const StoredNumber& number : numbers) {
    write.bind(1, hash).bind(2, number.path).bind(3, position++).bind(4, number.value).bind(5, number.unit);
    write.bind(6, number.n)
        .bind(7, number.lower)
        .bind(8, number.upper)
        .bind(9, number.definition)
        .bind(10, number.reason);
    LODE_CHECK(write.run());
  }
  return {};
}

}  // namespace

Result<Run> write_run_rows(const Database& manifest, Run run, const std::vector<StoredNumber>& numbers) {
  LODE_TRY(const std::int64_t alias, take_alias(manifest, run.hash));
  run.alias = fmt::format("r{}", alias);
  LODE_CHECK(write_run(manifest, run, alias));
  LODE_CHECK(write_numbers(manifest, run.hash, numbers));
  return run;
}

std::string run_hash(std::string_view flow, const Value& request, std::string_view code_version, CommitId input_commit,
                     std::uint64_t seed) {
  Value content = Value::array();
  content.push(Value(flow));
  content.push(request);
  content.push(Value(code_version));
  content.push(Value(input_commit));
  content.push(Value(hex(seed)));
  return xxh3_hex(to_json(content));
}

Result<std::optional<Run>> RunStore::find(std::string_view hash) const {
  LODE_TRY(std::vector<Run> runs, select_runs(lake_, "WHERE hash = ?1", std::string(hash)));
  return runs.empty() ? std::optional<Run>() : std::optional<Run>(std::move(runs.front()));
}

Result<Run> RunStore::get(std::string_view alias) const {
  std::vector<Run> matches;
  if (alias == "last") {
    LODE_TRY(matches, list(1));
  } else if (const std::int64_t number = alias_number(alias); number > 0) {
    LODE_TRY(matches, select_runs(lake_, "WHERE alias = ?1", number));
  } else if (is_hash_prefix(alias)) {  // Hexadecimal digits only: nothing in them means anything to GLOB.
    LODE_TRY(matches, select_runs(lake_, "WHERE hash GLOB ?1", std::string(alias) + "*"));
  }
  if (matches.size() == 1) {
    return std::move(matches.front());
  }
  if (matches.size() > 1) {
    return fail(E::E9, fmt::format("'{}' is the beginning of {} runs", alias, matches.size()),
                "give more digits of the hash");
  }
  LODE_TRY(const std::vector<std::string> names, aliases(lake_));
  if (names.empty()) {
    return fail(E::E9, fmt::format("no run '{}': this lake has no run yet", alias),
                "lode factor eval 'rank(-ts_delta(close,5))' makes one");
  }
  const std::vector<std::string> words{"last"};  // A number is another run, never a misspelt one.
  const std::string hint = did_you_mean(alias, words);
  return fail(E::E9, fmt::format("no run '{}' among {} of this lake", alias, names.size()),
              hint.empty() ? "lode runs list shows them" : hint);
}

Result<std::vector<Run>> RunStore::list(int limit) const {
  return select_runs(lake_, "ORDER BY alias DESC LIMIT ?1", std::int64_t{limit > 0 ? limit : -1});
}

Result<std::vector<RunNews>> RunStore::newest_of_formulas() const {
  const ManifestAccess manifest = lake_.impl().manifest();
  LODE_TRY(Statement read, manifest->prepare("SELECT alias, finished, request FROM runs WHERE status = 'done' "
                                             "AND flow LIKE 'factor %' ORDER BY alias DESC"));
  std::vector<RunNews> news;
  std::set<std::pair<std::string, std::string>> seen;
  while (true) {
    LODE_TRY(const bool more, read.step());
    if (!more) {
      return news;
    }
    LODE_TRY(const Value request, parse_json(read.text(2)));
    const Value* formula = request.find("formula");
    const Value* profile = request.find("profile");
    if (formula == nullptr || !formula->is_text() || profile == nullptr || !profile->is_text()) {
      continue;  // A run of the user's own numbers, or of no formula.
    }
    if (seen.emplace(formula->as_text(), profile->as_text()).second) {
      news.push_back({fmt::format("r{}", read.int64(0)), formula->as_text(), profile->as_text(), read.time(1)});
    }
  }
}

Result<Run> RunStore::record(Run run, const std::vector<StoredNumber>& numbers, const std::vector<Trial>& trials,
                             const TrialBook* book) {
  LODE_CHECK(lake_.impl().require_writable());
  const ManifestAccess manifest = lake_.impl().manifest();
  LODE_TRY(Transaction transaction, Transaction::begin(*manifest));
  LODE_TRY(run, write_run_rows(*manifest, std::move(run), numbers));
  LODE_CHECK(write_trials(*manifest, run.alias, trials));
  if (book != nullptr) {
    LODE_CHECK(write_book(*manifest, *book));
  }
  LODE_CHECK(transaction.commit());
  return run;
}

Result<void> RunStore::set_outcome(const Run& run) {
  LODE_CHECK(lake_.impl().require_writable());
  const ManifestAccess manifest = lake_.impl().manifest();
  LODE_TRY(Statement write, manifest->prepare("UPDATE runs SET outcome = ?2 WHERE hash = ?1"));
  write.bind(1, run.hash).bind(2, to_json(run.outcome));
  return write.run();
}

Result<std::string> RunStore::folder(const Run& run) const {
  LODE_CHECK(lake_.impl().require_writable());
  const std::string path = lake_.impl().absolute("runs/" + run.alias);
  std::error_code code;
  std::filesystem::create_directories(path, code);
  if (code) {
    return fail(E::E8009, fmt::format("the folder {} cannot be made: {}", path, code.message()),
                "check the disk and the folder's permissions");
  }
  return path;
}

Result<std::vector<StoredNumber>> RunStore::numbers(std::string_view alias) const {
  LODE_TRY(const std::string hash, hash_of(*this, lake_, alias));
  const ManifestAccess manifest = lake_.impl().manifest();
  LODE_TRY(Statement read,
           manifest->prepare("SELECT path, value, unit, n, lower, upper, definition, reason FROM numbers "
                             "WHERE run_hash = ?1 ORDER BY position"));
  read.bind(1, hash);
  std::vector<StoredNumber> numbers;
  while (true) {
    LODE_TRY(const bool more, read.step());
    if (!more) {
      return numbers;
    }
    numbers.push_back(read_number(read));
  }
}

Result<StoredNumber> RunStore::number(std::string_view alias, std::string_view path) const {
  LODE_TRY(std::vector<StoredNumber> all, numbers(alias));
  std::vector<std::string> paths;
  for (StoredNumber& number : all) {
    if (number.path == path) {
      return std::move(number);
    }
    paths.push_back(number.path);
  }
  const std::string hint = did_you_mean(path, paths);
  return fail(E::E9, fmt::format("run {} has no number '{}' among its {}", alias, path, all.size()),
              hint.empty() ? fmt::format("lode runs show {} lists them", alias) : hint);
}

}  // namespace lode::lake
