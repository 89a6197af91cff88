// One commit in the making: rows are judged and written as durable parts at once; the manifest learns of them at
// commit.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/judge.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/part.h"
#include "lode/io/lake/view.h"

namespace lode::lake {

struct Writer::Impl {
  explicit Impl(const Lake::Impl& store) : lake(store) {}
  ~Impl() { discard(pending); }

  // Parts written by one append, not yet committed.
  struct Appended {
    const TableSpec* table;
    Time received_at;
    std::vector<StoredPart> parts;
    std::int64_t corrected = 0;
  };

  const Lake::Impl& lake;
  CommitId base = 0;  // What the lake held when `stored` was read.
  std::vector<StoredPart> stored;
  std::vector<Appended> pending;
  // By table: what commit changed of the counts that append gave.
  struct Late {
    std::int64_t dropped = 0;
    std::int64_t corrected = 0;
  };
  std::map<std::string, Late, std::less<>> late;
  // After a COMMIT that answered with an error nobody knows whether it will stand: its parts are never taken away.
  mutable bool is_uncertain = false;

  Result<void> rebase();
  Result<Batch> newest(const TableSpec& table, const Batch& batch) const;
  Result<AppendOutcome> append(const TableSpec& table, Batch batch, Time received_at);
  bool met(const Appended& appended, CommitId before) const;
  Result<void> judge_again();
  Result<void> check_pending() const;
  Result<CommitInfo> publish(std::string token, std::string flow, Value note);
  void discard(std::vector<Appended>& appended) const;
};

namespace {

// Only the table's columns, in its order.
Batch in_table_order(const TableSpec& table, Batch batch) {
  std::vector<Column> columns;
  columns.reserve(table.columns.size());
  for (const ColumnSpec& column : table.columns) {
    columns.push_back(std::move(batch.column(column.name)));
  }
  return Batch(std::move(columns));
}

struct Days {
  std::optional<Date> first, last;
};

Days days_of(const TableSpec& table, const Batch& batch) {
  if (table.date_column.empty() || batch.rows() == 0) {
    return {};
  }
  const auto days = batch.column(table.date_column).dates();
  const auto [first, last] = std::ranges::minmax(days);
  return {Date{first}, Date{last}};
}

// The one text that every row has: the run of rows that a run stores, whose keys meet no other run's.
std::optional<std::string_view> only_text(const Column& column) {
  if (column.type() != ColumnType::kText || column.size() == 0 || column.null_count() > 0) {
    return std::nullopt;
  }
  const TextData& texts = column.texts();
  if (texts[0].find('\0') != std::string_view::npos) {
    return std::nullopt;  // No statement can hold it.
  }
  for (std::size_t row = 1; row < texts.size(); ++row) {
    if (texts[row] != texts[0]) {
      return std::nullopt;
    }
  }
  return texts[0];
}

// "instrument_id IN (1, 2)" where the rows are of few: parts lie in the order of their keys, so that what other
// instruments have is passed over. Empty where the table has none in its key, or the rows are of many.
std::string few_instruments(const TableSpec& table, const Batch& batch) {
  constexpr std::size_t kMost = 64;
  constexpr std::string_view kName = "instrument_id";
  if (std::ranges::find(table.key, kName) == table.key.end()) {
    return {};
  }
  std::set<std::uint64_t> ids;
  for (const std::uint64_t id : batch.column(kName).uint64s()) {
    ids.insert(id);
    if (ids.size() > kMost) {
      return {};
    }
  }
  return ids.empty() ? std::string() : fmt::format("instrument_id IN ({})", fmt::join(ids, ", "));
}

bool overlaps(const StoredPart& part, const Days& days) {
  return !part.date_min || !days.first || (*part.date_min <= *days.last && *part.date_max >= *days.first);
}

// A correction is known when it is received, never earlier. What only adds to a row corrects nothing.
void stamp_corrections(Batch& batch, const Judgement& judgement, Time received_at) {
  std::vector<std::uint32_t> rows = judgement.corrections;
  const std::set<std::uint32_t> additions(judgement.additions.begin(), judgement.additions.end());
  std::erase_if(rows, [&](std::uint32_t row) { return additions.contains(row); });
  if (rows.empty()) {
    return;
  }
  const auto known = batch.column("known_time").times();
  std::vector<std::int64_t> times(known.begin(), known.end());
  for (const std::uint32_t row : rows) {
    times[row] = received_at.nanos;
  }
  batch.column("known_time") = Column::time("known_time", std::move(times));
  if (batch.find("known_assumed") != nullptr) {
    const auto assumed = batch.column("known_assumed").bools();
    std::vector<std::uint8_t> flags(assumed.begin(), assumed.end());
    for (const std::uint32_t row : rows) {
      flags[row] = 0;
    }
    batch.column("known_assumed") = Column::boolean("known_assumed", std::move(flags));
  }
}

}  // namespace

void Writer::Impl::discard(std::vector<Appended>& appended) const {
  for (const Appended& one : is_uncertain ? std::vector<Appended>() : appended) {
    for (const StoredPart& part : one.parts) {
      remove_quietly(lake.absolute(part.path));
    }
  }
  appended.clear();
}

// Takes the lake as it is now as the ground rows are judged against.
Result<void> Writer::Impl::rebase() {
  const ManifestAccess manifest = lake.manifest();
  LODE_TRY(base, last_commit(*manifest));
  LODE_TRY(stored, visible_parts(*manifest, base));
  return {};
}

// Key and value columns of the newest version of each key that the batch could meet: in the lake and in what this
// writer appended before. No rows without reading anything when no part overlaps.
Result<Batch> Writer::Impl::newest(const TableSpec& table, const Batch& batch) const {
  const Days days = days_of(table, batch);
  std::vector<StoredPart> parts;
  for (const StoredPart& part : stored) {
    if (part.table == table.name && overlaps(part, days)) {
      parts.push_back(part);
    }
  }
  LODE_CHECK(lake.check_parts(parts));
  for (const Appended& appended : pending) {
    for (StoredPart part : appended.parts) {
      if (appended.table == &table && overlaps(part, days)) {
        part.versions = true;
        parts.push_back(std::move(part));
      }
    }
  }
  if (parts.empty()) {
    return Batch();
  }
  std::vector<std::string_view> columns(table.key.begin(), table.key.end());
  const auto values = value_columns(table);
  columns.insert(columns.end(), values.begin(), values.end());
  std::string early;
  if (days.first && std::ranges::find(table.key, table.date_column) != table.key.end()) {
    early = fmt::format("{} BETWEEN DATE '{}' AND DATE '{}'", quote_name(table.date_column), to_string(*days.first),
                        to_string(*days.last));
  }
  if (const auto only = only_text(batch.column(table.key.front()))) {
    early += fmt::format("{}{} = {}", early.empty() ? "" : " AND ", quote_name(table.key.front()), quote_text(*only));
  }
  if (const std::string few = few_instruments(table, batch); !few.empty()) {
    early += (early.empty() ? "" : " AND ") + few;
  }
  LODE_TRY(const auto engine, lake.engine());
  return engine->query(
      view_sql({.table = &table, .parts = parts, .columns = std::move(columns), .early = std::move(early), .late = {}},
               lake.folder));
}

Result<AppendOutcome> Writer::Impl::append(const TableSpec& table, Batch batch, Time received_at) {
  batch = in_table_order(table, std::move(batch));
  Judgement judgement = judge_within(table, batch);
  LODE_TRY(const Batch held, newest(table, batch));
  if (held.rows() > 0) {
    judge_against(table, batch, held, judgement);
  }
  stamp_corrections(batch, judgement, received_at);
  LODE_TRY(auto parts, write_parts(lake, table, batch, judgement.kept, judgement.corrections));
  AppendOutcome outcome{.kept = static_cast<std::int64_t>(judgement.kept.size()),
                        .dropped = judgement.dropped,
                        .corrected = static_cast<std::int64_t>(judgement.corrections.size()),
                        .conflicts = std::move(judgement.conflicts)};
  if (!parts.empty()) {
    pending.push_back({&table, received_at, std::move(parts), outcome.corrected});
  }
  return outcome;
}

// True when a part committed after `before` lies where the appended rows lie.
bool Writer::Impl::met(const Appended& appended, CommitId before) const {
  return std::ranges::any_of(stored, [&](const StoredPart& part) {
    return part.commit > before && part.table == appended.table->name &&
           std::ranges::any_of(appended.parts, [&](const StoredPart& own) {
             return own.partition == part.partition && overlaps(part, {own.date_min, own.date_max});
           });
  });
}

// Another writer committed since our rows were judged: tables it touched where our rows lie are judged once more, now
// under the lock, so that no key is stored twice as a first version. On error everything is as it was.
Result<void> Writer::Impl::judge_again() {
  const CommitId before = base;
  LODE_CHECK(rebase());
  const std::vector<Appended> old = std::exchange(pending, {});
  std::vector<Appended> stale;
  std::vector<Appended> fresh;
  std::map<std::string, Late, std::less<>> changed = late;
  Result<void> done;
  for (const Appended& appended : old) {
    if (!met(appended, before)) {
      pending.push_back(appended);
      continue;
    }
    const std::size_t count = pending.size();
    auto rows = read_parts(lake, appended.parts);
    auto outcome =
        rows ? append(*appended.table, std::move(*rows), appended.received_at) : fail(std::move(rows).error());
    if (!outcome) {
      done = fail(std::move(outcome).error());
      break;
    }
    Late& of_table = changed[std::string(appended.table->name)];
    of_table.dropped += outcome->dropped;
    of_table.corrected += outcome->corrected - appended.corrected;
    stale.push_back(appended);
    fresh.insert(fresh.end(), pending.begin() + static_cast<std::ptrdiff_t>(count), pending.end());
  }
  if (!done) {
    discard(fresh);
    pending = old;
    base = before;
    return done;
  }
  discard(stale);
  late = std::move(changed);
  return {};
}

// A vacuum takes parts without a commit away once they look a day old, which a clock set forward makes them do.
Result<void> Writer::Impl::check_pending() const {
  for (const Appended& appended : pending) {
    for (const StoredPart& part : appended.parts) {
      const auto file = stat_file(lake.absolute(part.path));
      if (!file || file->bytes != part.bytes) {
        return fail(E::E8005, fmt::format("{} is gone before its commit: a vacuum took it for left over", part.path),
                    "check the clock of this machine, then run the same command again; nothing was stored");
      }
    }
  }
  return {};
}

Result<CommitInfo> Writer::Impl::publish(std::string token, std::string flow, Value note) {
  LODE_CHECK(check_pending());
  const ManifestAccess manifest = lake.manifest();
  LODE_TRY(Transaction transaction, Transaction::begin(*manifest));
  LODE_TRY(CommitInfo info,
           insert_commit(*manifest, lake.clock.now(), std::move(token), std::move(flow), std::move(note)));
  for (const Appended& appended : pending) {
    for (StoredPart part : appended.parts) {
      part.commit = info.id;
      part.rank = info.id;
      LODE_CHECK(insert_part(*manifest, part));
    }
  }
  is_uncertain = true;
  LODE_CHECK(transaction.commit());
  is_uncertain = false;
  pending.clear();  // They belong to the lake now.
  return info;
}

namespace {

// The commit that carries `token` and still counts; nullopt when there is none.
Result<std::optional<CommitInfo>> find_token(const Database& manifest, const std::string& token) {
  LODE_TRY(Statement find, manifest.prepare("SELECT id FROM commits WHERE token = ?1 AND reverted_by IS NULL"));
  find.bind(1, token);
  LODE_TRY(const bool found, find.step());
  if (!found) {
    return std::optional<CommitInfo>();
  }
  LODE_TRY(CommitInfo info, commit_info(manifest, find.int64(0)));
  return std::optional(std::move(info));
}

}  // namespace

Writer::Writer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;
Writer::~Writer() = default;

Result<Writer> Lake::writer() {
  LODE_CHECK(impl_->require_writable());
  auto impl = std::make_unique<Writer::Impl>(*impl_);
  LODE_CHECK(impl->rebase());
  return Writer(std::move(impl));
}

Result<AppendOutcome> Writer::append(std::string_view table_name, Batch batch, Time received_at) {
  LODE_TRY(const TableSpec* table, require_table(table_name));
  LODE_CHECK(check_batch(*table, batch));
  return impl_->append(*table, std::move(batch), received_at);
}

std::int64_t Writer::dropped_late(std::string_view table) const {
  const auto found = impl_->late.find(table);
  return found == impl_->late.end() ? 0 : found->second.dropped;
}

std::int64_t Writer::corrected_late(std::string_view table) const {
  const auto found = impl_->late.find(table);
  return found == impl_->late.end() ? 0 : found->second.corrected;
}

Result<CommitInfo> Writer::commit(std::string token, std::string flow, Value note) {
  return commit_with(std::move(token), std::move(flow), [&] { return std::move(note); });
}

Result<CommitInfo> Writer::commit_with(std::string token, std::string flow, const std::function<Value()>& note) {
  Impl& impl = *impl_;
  LODE_TRY(const CommitLock lock, impl.lake.lock());
  CommitId now = 0;
  {
    const ManifestAccess manifest = impl.lake.manifest();
    LODE_TRY(now, last_commit(*manifest));
    LODE_TRY(auto first, find_token(*manifest, token));
    if (first) {
      for (const Impl::Appended& appended : impl.pending) {
        Impl::Late& of_table = impl.late[std::string(appended.table->name)];
        of_table.corrected -= appended.corrected;
        for (const StoredPart& part : appended.parts) {
          of_table.dropped += part.rows;
        }
      }
      impl.discard(impl.pending);
      return std::move(*first);
    }
  }
  if (now != impl.base && !impl.pending.empty()) {
    LODE_CHECK(impl.judge_again());
  }
  if (impl.pending.empty()) {
    const ManifestAccess manifest = impl.lake.manifest();
    return now == 0 ? CommitInfo() : commit_info(*manifest, now);
  }
  return impl.publish(std::move(token), std::move(flow), note());
}

}  // namespace lode::lake
