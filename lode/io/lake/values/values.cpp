// Writing, finding and reading sets of factor values.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/values/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "lode/base/assert.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/part.h"
#include "lode/io/lake/values/pieces.h"
#include "lode/io/lake/values/run_rows.h"

namespace lode::lake {
namespace {

constexpr std::size_t kFixedColumns = 3;                       // session, instrument_id, known_time
constexpr std::size_t kCellsARowGroup = std::size_t{2} << 20;  // Some 16 MB, whatever the number of factors
constexpr std::size_t kVectorRows = 2048;                      // The engine's own step

std::string text_at(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  return value != nullptr && value->is_text() ? value->as_text() : std::string();
}

std::int64_t int_at(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  return value != nullptr && value->is_int() ? value->as_int() : 0;
}

std::optional<Date> date_at(const Value& object, std::string_view key) {
  Date date;
  return try_parse_date(text_at(object, key), date) ? std::optional(date) : std::nullopt;
}

Value date_or_null(const std::optional<Date>& date) { return date ? Value(to_string(*date)) : Value(); }

Value note_of(const ValuesSet& set) {
  Value note = Value::object();
  note.set("run", Value(set.run));
  note.set("alias", Value(set.alias));
  note.set("key", Value(set.key));
  note.set("profile", Value(set.profile));
  note.set("precision", Value(set.precision == Precision::kFloat32 ? "f32" : "f64"));
  note.set("universe", Value(set.universe));
  note.set("code_version", Value(set.code_version));
  note.set("input_commit", Value(set.input_commit));
  note.set("first", date_or_null(set.first));
  note.set("last", date_or_null(set.last));
  note.set("sessions", Value(set.sessions));
  note.set("instruments", Value(set.instruments));
  note.set("cells", Value(set.cells));
  note.set("bytes", Value(set.bytes));
  Value factors = Value::array();
  for (const StoredFactor& factor : set.factors) {
    Value row = Value::object();
    row.set("name", Value(factor.name));
    row.set("formula", Value(factor.formula));
    row.set("hash", Value(factor.hash));
    factors.push(std::move(row));
  }
  note.set("factors", std::move(factors));
  if (set.continues.empty()) {
    return note;
  }
  note.set("continues", Value(set.continues));
  Value kept = Value::array();
  for (const KeptRange& range : set.kept) {
    Value row = Value::object();
    row.set("part", Value(range.part));
    row.set("from", Value(to_string(range.from)));
    row.set("to", Value(to_string(range.to)));
    row.set("rows", Value(range.rows));
    kept.push(std::move(row));
  }
  note.set("kept", std::move(kept));
  Value supersedes = Value::array();
  for (const std::int64_t part : set.supersedes) {
    supersedes.push(Value(part));
  }
  note.set("supersedes", std::move(supersedes));
  return note;
}

// The part of a note about what a set took over.
void read_continued(const Value& note, ValuesSet& set) {
  set.continues = text_at(note, "continues");
  if (const Value* kept = note.find("kept"); kept != nullptr && kept->is_array()) {
    for (const Value& row : kept->as_array()) {
      set.kept.push_back({int_at(row, "part"), date_at(row, "from").value_or(Date{}),
                          date_at(row, "to").value_or(Date{}), int_at(row, "rows")});
    }
  }
  if (const Value* parts = note.find("supersedes"); parts != nullptr && parts->is_array()) {
    for (const Value& part : parts->as_array()) {
      set.supersedes.push_back(part.is_int() ? part.as_int() : 0);
    }
  }
}

}  // namespace

ValuesSet values_set_of(const CommitInfo& commit) {
  const Value& note = commit.note;
  ValuesSet set;
  set.run = text_at(note, "run");
  set.alias = text_at(note, "alias");
  set.key = text_at(note, "key");
  set.profile = text_at(note, "profile");
  set.precision = text_at(note, "precision") == "f32" ? Precision::kFloat32 : Precision::kFloat64;
  set.universe = text_at(note, "universe");
  set.code_version = text_at(note, "code_version");
  set.input_commit = int_at(note, "input_commit");
  set.first = date_at(note, "first");
  set.last = date_at(note, "last");
  set.sessions = int_at(note, "sessions");
  set.instruments = int_at(note, "instruments");
  set.cells = int_at(note, "cells");
  set.bytes = int_at(note, "bytes");
  if (const Value* factors = note.find("factors"); factors != nullptr && factors->is_array()) {
    for (const Value& row : factors->as_array()) {
      set.factors.push_back({text_at(row, "name"), text_at(row, "formula"), text_at(row, "hash")});
    }
  }
  read_continued(note, set);
  set.commit = commit.id;
  set.time = commit.time;
  return set;
}

namespace {

Date first_day(const Batch& batch) { return Date{batch.column("session").dates().front()}; }

// Writes the parts of a set, one a year, and takes them away again unless they are kept.
class PartsWriter {
 public:
  PartsWriter(const Lake::Impl& lake, std::string_view run, std::size_t factors, Precision precision)
      : lake_(lake), run_(run), factors_(factors), precision_(precision) {}
  ~PartsWriter() {
    for (const StoredPart& part : parts_) {
      if (!kept_ && part.bytes > 0) {
        remove_quietly(lake_.absolute(part.path));
      }
    }
  }
  PartsWriter(const PartsWriter&) = delete;
  PartsWriter& operator=(const PartsWriter&) = delete;

  Result<void> write(const BatchSource& next) {
    LODE_TRY(std::optional<Batch> first, next());
    while (first) {
      LODE_TRY(first, write_year(std::move(*first), next));
    }
    return {};
  }
  // What stands beside the values.
  Result<void> write_side(const std::string& kind, const Batch& batch) {
    StoredPart part;
    LODE_CHECK(place(part, "kind=" + kind));
    const std::string temporary = lake_.absolute(part.path) + ".tmp";
    LODE_TRY(const auto engine, lake_.engine());
    LODE_CHECK(finish_part(lake_, temporary, engine->write_parquet(temporary, batch, {}), part));
    parts_.push_back(std::move(part));
    return {};
  }
  std::vector<StoredPart>& parts() { return parts_; }
  void keep() { kept_ = true; }

 private:
  Result<void> place(StoredPart& part, std::string_view rest) const {
    part.table = kFactorValues;
    part.partition = values_partition(run_, rest);
    LODE_TRY(part.id, reserve_parts(*lake_.manifest(), 1));
    part.path = fmt::format("tables/{}/{}/part-{}.parquet", part.table, part.partition, part.id);
    return make_folders(lake_.absolute(part.path.substr(0, part.path.rfind('/'))));
  }

  // One part from `first` on; gives back the first batch of another year.
  Result<std::optional<Batch>> write_year(Batch first, const BatchSource& next) {
    const int year = first_day(first).year();
    StoredPart part;
    LODE_CHECK(place(part, fmt::format("year={:04}", year)));
    see(first, part);
    std::optional<Batch> after;
    const BatchSource more = [&]() -> Result<std::optional<Batch>> {
      LODE_TRY(std::optional<Batch> batch, next());
      if (batch && first_day(*batch).year() != year) {
        after = std::move(batch);
        return std::optional<Batch>();
      }
      if (batch) {
        see(*batch, part);
      }
      return batch;
    };
    const std::string temporary = lake_.absolute(part.path) + ".tmp";
    LODE_TRY(const auto engine, lake_.engine());
    const std::size_t columns = factors_ + kFixedColumns;
    const std::size_t rows = std::max<std::size_t>(kCellsARowGroup / columns / kVectorRows, 1) * kVectorRows;
    Result<void> written = engine->write_parquet(
        temporary, first, {}, &more, {.select = select_of(first), .row_group_rows = rows, .keeps_bits = true});
    LODE_CHECK(finish_part(lake_, temporary, std::move(written), part));
    parts_.push_back(std::move(part));
    return after;
  }

  void see(const Batch& batch, StoredPart& part) const {
    const auto days = batch.column("session").dates();
    const auto times = batch.column("known_time").times();
    const bool is_first = part.rows == 0;
    const Date low{days.front()};
    const Date high{days.back()};
    part.date_min = is_first ? low : std::min(*part.date_min, low);
    part.date_max = is_first ? high : std::max(*part.date_max, high);
    const auto [early, late] = std::ranges::minmax(times);
    part.known_min = is_first ? Time{early} : std::min(part.known_min, Time{early});
    part.known_max = is_first ? Time{late} : std::max(part.known_max, Time{late});
    part.rows += static_cast<std::int64_t>(batch.rows() * factors_);
  }

  std::string select_of(const Batch& batch) const {
    if (precision_ == Precision::kFloat64) {
      return "*";
    }
    std::string out;
    for (const Column& column : batch.columns()) {
      out += fmt::format("{}{}{}", out.empty() ? "" : ", ", quote_name(column.name()),
                         column.type() == ColumnType::kFloat64 ? "::FLOAT AS " + quote_name(column.name()) : "");
    }
    return out;
  }

  const Lake::Impl& lake_;
  std::string run_;
  std::size_t factors_;
  Precision precision_;
  std::vector<StoredPart> parts_;
  bool kept_ = false;
};

// The commit of this token that nobody hid.
Result<std::optional<CommitInfo>> standing(const Database& manifest, const std::string& token) {
  LODE_TRY(Statement find, manifest.prepare("SELECT id FROM commits WHERE token = ?1 AND reverted_by IS NULL"));
  find.bind(1, token);
  LODE_TRY(const bool found, find.step());
  if (!found) {
    return std::optional<CommitInfo>();
  }
  LODE_TRY(CommitInfo info, commit_info(manifest, find.int64(0)));
  return std::optional(std::move(info));
}

// Rows of one set's parts: a column a factor becomes rows. Of a range only its sessions.
std::string long_sql(std::string_view run, std::span<const StoredPart* const> parts, const std::string& folder) {
  std::string files;
  std::string rows;
  for (const StoredPart* part : parts) {
    const std::string file = quote_text(folder + "/" + part->path);
    if (!is_range(*part)) {
      files += (files.empty() ? "" : ", ") + file;
      continue;
    }
    rows += fmt::format(
        "{}SELECT * FROM read_parquet({}, hive_partitioning=false) WHERE session BETWEEN DATE '{}' AND DATE '{}'",
        rows.empty() ? "" : " UNION ALL BY NAME ", file, to_string(*part->date_min), to_string(*part->date_max));
  }
  if (!files.empty()) {
    rows += fmt::format("{}SELECT * FROM read_parquet([{}], hive_partitioning=false)",
                        rows.empty() ? "" : " UNION ALL BY NAME ", files);
  }
  return fmt::format(
      "SELECT {} AS run, {} AS alias, factor, session, instrument_id, CAST(value AS DOUBLE) AS value, known_time FROM "
      "({}) UNPIVOT INCLUDE NULLS (value FOR factor IN "
      "(COLUMNS(* EXCLUDE (session, instrument_id, known_time))))",
      quote_text(run), quote_text(parts.front()->alias), rows);
}

// What a set rests on is there still: under the lock, behind which no vacuum comes.
Result<void> check_kept(const Lake::Impl& lake, const Database& manifest, const ValuesSet& set) {
  for (const KeptRange& range : set.kept) {
    LODE_TRY(const std::optional<StoredPart> part, stored_part(manifest, range.part));
    if (!part || !stat_file(lake.absolute(part->path))) {
      return fail(E::E8005, fmt::format("the values of {} that these go on from were removed meanwhile", set.continues),
                  "run the same command again: they are computed then; nothing was stored");
    }
  }
  return {};
}

}  // namespace

Result<std::vector<ValuesSet>> values_sets(const Lake& lake) {
  LODE_TRY(const std::vector<CommitInfo> commits, lake.commits());
  std::vector<ValuesSet> out;
  for (const CommitInfo& commit : commits) {
    if (commit.flow == kValuesFlow && !commit.reverted) {
      out.push_back(values_set_of(commit));
    }
  }
  return out;
}

namespace {

// The newest commit up to `commit` whose flow is none of `results`, nor hides one of theirs.
Result<CommitId> newest_but(const Lake& lake, CommitId commit, std::span<const std::string_view> results) {
  LODE_TRY(const std::vector<CommitInfo> commits, lake.commits());
  std::map<CommitId, bool> counts;
  CommitId out = 0;
  for (const CommitInfo& one : commits) {
    const Value* hidden = one.note.find("reverts");
    const bool is_revert = one.flow == kRevertFlow && hidden != nullptr && hidden->is_int();
    counts[one.id] = is_revert ? counts[hidden->as_int()] : std::ranges::find(results, one.flow) == results.end();
    out = one.id <= commit && counts[one.id] ? one.id : out;
  }
  return out;
}

}  // namespace

Result<CommitId> input_commit(const Lake& lake, CommitId commit) {
  static constexpr std::string_view kResults[] = {kValuesFlow, kRegressionsFlow, kIndicatorsFlow, kCompactFlow};
  return newest_but(lake, commit, kResults);
}

Result<CommitId> judged_commit(const Lake& lake, CommitId commit) {
  static constexpr std::string_view kResults[] = {kValuesFlow, kRegressionsFlow, kIndicatorsFlow};
  return newest_but(lake, commit, kResults);
}

Result<ValuesSet> store_values(Lake& lake, std::string_view run, std::size_t factors, Precision precision,
                               const BatchSource& next, const std::function<Result<ValuesRecord>()>& finish) {
  const Lake::Impl& impl = lake.impl();
  LODE_CHECK(impl.require_writable());
  PartsWriter writer(impl, run, factors, precision);
  LODE_CHECK(writer.write(next));
  LODE_TRY(ValuesRecord record, finish());
  for (const auto& [kind, batch] : record.sides) {
    LODE_CHECK(writer.write_side(kind, batch));
  }
  LODE_TRY(const CommitLock lock, impl.lock());
  for (const StoredPart& part : writer.parts()) {
    const auto file = stat_file(impl.absolute(part.path));
    if (!file || file->bytes != part.bytes) {
      return fail(E::E8005, fmt::format("{} is gone before its commit: a vacuum took it for left over", part.path),
                  "check the clock of this machine, then run the same command again; nothing was stored");
    }
    record.set.bytes += part.bytes;
  }
  const ManifestAccess manifest = impl.manifest();
  const std::string token = "values:" + record.run.hash;
  LODE_TRY(const std::optional<CommitInfo> first, standing(*manifest, token));
  if (first) {
    return values_set_of(*first);  // Another process stored the same meanwhile; our parts go.
  }
  LODE_CHECK(check_kept(impl, *manifest, record.set));
  LODE_TRY(Transaction transaction, Transaction::begin(*manifest));
  LODE_TRY(record.run, write_run_rows(*manifest, std::move(record.run), record.numbers));
  record.set.run = record.run.hash;
  record.set.alias = record.run.alias;
  LODE_TRY(const CommitInfo info,
           insert_commit(*manifest, impl.clock.now(), token, std::string(kValuesFlow), note_of(record.set)));
  for (StoredPart& part : writer.parts()) {
    part.commit = info.id;
    part.rank = info.id;
    LODE_CHECK(insert_part(*manifest, part));
  }
  writer.keep();  // After a COMMIT that answers with an error nobody knows whether it stands.
  LODE_CHECK(transaction.commit());
  return values_set_of(info);
}

Result<void> read_values(const Snapshot& snapshot, const ValuesSet& set, const ValuesQuery& query,
                         std::size_t rows_a_batch, const std::function<Result<void>(Batch)>& take) {
  const Snapshot::State& state = snapshot.state();
  LODE_TRY(std::vector<StoredPart> parts, values_parts(state));
  std::erase_if(parts, [&](const StoredPart& part) { return run_of_partition(part.partition) != set.run; });
  std::string columns = "session, instrument_id";
  for (const StoredFactor& factor : set.factors) {
    if (query.factors.empty() || std::ranges::find(query.factors, factor.name) != query.factors.end()) {
      columns += ", " + quote_name(factor.name);
    }
  }
  std::string ids;
  for (const InstrumentId id : query.instruments) {
    ids += fmt::format("{}{}", ids.empty() ? "" : ", ", id.value);
  }
  LODE_TRY(const auto engine, state.lake->engine());
  for (const ReadStep& step : read_steps(std::move(parts), query)) {
    LODE_CHECK(state.lake->check_parts(step.parts));
    std::string files;
    for (const StoredPart& part : step.parts) {
      files += (files.empty() ? "" : ", ") + quote_text(state.lake->absolute(part.path));
    }
    std::string where = "true";
    where += step.from ? fmt::format(" AND session >= DATE '{}'", to_string(*step.from)) : "";
    where += step.to ? fmt::format(" AND session <= DATE '{}'", to_string(*step.to)) : "";
    where += ids.empty() ? "" : fmt::format(" AND instrument_id IN ({})", ids);
    // Files and their rows are in order already, and the engine keeps it.
    LODE_CHECK(engine->batches(
        fmt::format("SELECT {} FROM read_parquet([{}], hive_partitioning=false) WHERE {}", columns, files, where),
        rows_a_batch, take));
  }
  return {};
}

Result<std::vector<KeptRange>> values_ranges(const Snapshot& snapshot, const ValuesSet& set) {
  LODE_TRY(std::vector<StoredPart> parts, values_parts(snapshot.state()));
  std::erase_if(parts, [&](const StoredPart& part) { return run_of_partition(part.partition) != set.run; });
  std::vector<KeptRange> out;
  for (const ReadStep& step : read_steps(std::move(parts), {})) {
    for (const StoredPart& part : step.parts) {
      out.push_back({part.id, step.from ? std::max(*step.from, *part.date_min) : *part.date_min,
                     step.to ? std::min(*step.to, *part.date_max) : *part.date_max});
    }
  }
  return out;
}

Result<std::string> run_of_part(const Snapshot& snapshot, std::int64_t part) {
  LODE_TRY(const std::optional<StoredPart> found, stored_part(*snapshot.state().lake->manifest(), part));
  if (!found) {
    return fail(E::E8005, fmt::format("part {} of stored values is gone", part), "restore a backup");
  }
  return std::string(run_of_partition(found->partition));
}

std::vector<std::int64_t> side_parts(const Snapshot& snapshot, const ValuesSet& set) {
  std::vector<std::int64_t> out;
  for (const StoredPart& part : snapshot.state().of(kFactorValues)) {
    if (!holds_values(part) && run_of_partition(part.partition) == set.run) {
      out.push_back(part.id);
    }
  }
  return out;
}

Result<std::optional<Batch>> read_side(const Snapshot& snapshot, const ValuesSet& set, std::string_view kind) {
  const Snapshot::State& state = snapshot.state();
  const auto parts = state.of(kFactorValues);
  const std::string partition = values_partition(set.run, fmt::format("kind={}", kind));
  const auto found = std::ranges::find(parts, partition, &StoredPart::partition);
  if (found == parts.end()) {
    return std::optional<Batch>();
  }
  LODE_CHECK(state.lake->check_parts({&*found, 1}));
  LODE_TRY(const auto engine, state.lake->engine());
  LODE_TRY(Batch batch, engine->query(fmt::format("SELECT * FROM read_parquet({}, hive_partitioning=false)",
                                                  quote_text(state.lake->absolute(found->path)))));
  return std::optional(std::move(batch));
}

std::string values_sql(std::span<const StoredPart> parts, const std::string& lake_folder) {
  std::map<std::string_view, std::vector<const StoredPart*>> runs;
  for (const StoredPart& part : parts) {
    runs[run_of_partition(part.partition)].push_back(&part);
  }
  std::string out;
  for (const auto& [run, list] : runs) {
    out += (out.empty() ? "" : " UNION ALL ") + long_sql(run, list, lake_folder);
  }
  return out;
}

}  // namespace lode::lake
