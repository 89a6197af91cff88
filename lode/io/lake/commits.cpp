// Rows of commits and parts. Each row carries a checksum of its own fields, checked whenever it is read.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/commits.h"

#include <fmt/format.h>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/base/value.h"

namespace lode::lake {
namespace {

constexpr std::string_view kCommitColumns = "SELECT id, time, token, flow, note, reverted_by, checksum FROM commits";
constexpr std::string_view kPartColumns =
    "SELECT p.id, p.table_name, p.partition, p.path, p.rows, p.bytes, p.hash, p.commit_id, p.rank, p.known_min, "
    "p.known_max, p.date_min, p.date_max, p.versions, p.checksum, p.deleted";

Failure damaged_row(const Database& manifest, std::string_view what, std::int64_t id) {
  return fail(E::E8007, fmt::format("{}: the row of {} {} does not fit its checksum", manifest.path(), what, id),
              "restore the lake from a backup with `lode data restore`");
}

// The fields as one text; the separator cannot stand in a number, and texts carry their length.
std::string commit_checksum(std::int64_t id, Time time, std::string_view token, std::string_view flow,
                            std::string_view note, std::int64_t reverted_by) {
  return xxh3_hex(fmt::format("{}|{}|{}:{}|{}:{}|{}:{}|{}", id, time.nanos, token.size(), token, flow.size(), flow,
                              note.size(), note, reverted_by));
}

std::string part_checksum(const StoredPart& part) {
  const auto day = [](const std::optional<Date>& date) { return date ? std::to_string(date->days) : std::string("-"); };
  return xxh3_hex(fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", part.id, part.table, part.partition,
                              part.path, part.rows, part.bytes, part.hash, part.commit, part.rank, part.known_min.nanos,
                              part.known_max.nanos, day(part.date_min), day(part.date_max), part.versions));
}

Result<CommitInfo> read_commit(const Database& manifest, const Statement& row) {
  const std::string note_text = row.text(4);
  CommitInfo info{.id = row.int64(0),
                  .time = row.time(1),
                  .token = row.text(2),
                  .flow = row.text(3),
                  .note = {},
                  .reverted = !row.is_null(5)};
  if (commit_checksum(info.id, info.time, info.token, info.flow, note_text, row.int64(5)) != row.text(6)) {
    return damaged_row(manifest, "commit", info.id);
  }
  LODE_TRY(info.note, parse_json(note_text));
  return info;
}

Result<StoredPart> read_part(const Database& manifest, const Statement& row) {
  StoredPart part;
  part.id = row.int64(0);
  part.table = row.text(1);
  part.partition = row.text(2);
  part.path = row.text(3);
  part.rows = row.int64(4);
  part.bytes = row.int64(5);
  part.hash = row.text(6);
  part.commit = row.int64(7);
  part.rank = row.int64(8);
  part.known_min = row.time(9);
  part.known_max = row.time(10);
  part.date_min = row.date(11);
  part.date_max = row.date(12);
  part.versions = row.int64(13) != 0;
  if (part_checksum(part) != row.text(14)) {
    return damaged_row(manifest, "part", part.id);
  }
  return part;
}

// "'factor_values', 'factor_summary'": tables of which a commit may lack parts and still be read.
std::string computed_tables() {
  std::string out;
  for (const TableSpec& table : lode::tables()) {
    out += is_computed(table.name) ? fmt::format("{}'{}'", out.empty() ? "" : ", ", table.name) : "";
  }
  return out;
}

// The failure of a commit whose parts are gone, with the oldest one after it that still has all of its own.
Failure vacuumed(const Database& manifest, CommitId commit) {
  std::string hint = "restore a backup made before the vacuum";
  LODE_TRY(const CommitId newest, last_commit(manifest));
  LODE_TRY(Statement gone,
           manifest.prepare(fmt::format("SELECT 1 {} AND p.deleted <> 0 AND p.table_name NOT IN ({}) LIMIT 1",
                                        kVisibleParts, computed_tables())));
  for (CommitId later = commit + 1; later <= newest; ++later) {
    gone.bind(1, later);
    LODE_TRY(const bool lacks, gone.step());
    gone.reset();
    if (!lacks) {
      hint = fmt::format("--commit {} is the oldest after it that can be read; else {}", later, hint);
      break;
    }
  }
  return fail(
      E::E8008,
      fmt::format("commit {} can no longer be read: lode data vacuum removed parts that only it needed", commit), hint);
}

}  // namespace

Result<std::vector<StoredPart>> visible_parts(const Database& manifest, CommitId commit) {
  LODE_TRY(Statement rows,
           manifest.prepare(fmt::format("{} {} ORDER BY p.table_name, p.rank, p.id", kPartColumns, kVisibleParts)));
  rows.bind(1, commit);
  std::vector<StoredPart> out;
  while (true) {
    LODE_TRY(const bool more, rows.step());
    if (!more) {
      return out;
    }
    LODE_TRY(StoredPart part, read_part(manifest, rows));
    if (rows.int64(15) != 0 && is_computed(part.table)) {
      continue;
    }
    if (rows.int64(15) != 0) {
      return vacuumed(manifest, commit);
    }
    out.push_back(std::move(part));
  }
}

Result<std::optional<StoredPart>> stored_part(const Database& manifest, std::int64_t id) {
  LODE_TRY(Statement row,
           manifest.prepare(fmt::format("{} FROM parts p WHERE p.id = ?1 AND p.deleted = 0", kPartColumns)));
  row.bind(1, id);
  LODE_TRY(const bool found, row.step());
  if (!found) {
    return std::optional<StoredPart>();
  }
  LODE_TRY(StoredPart part, read_part(manifest, row));
  return std::optional(std::move(part));
}

Result<void> check_part_rows(const Database& manifest) {
  LODE_TRY(Statement rows, manifest.prepare(fmt::format("{} FROM parts p", kPartColumns)));
  while (true) {
    LODE_TRY(const bool more, rows.step());
    if (!more) {
      return {};
    }
    LODE_CHECK(read_part(manifest, rows));
  }
}

Result<std::vector<CommitInfo>> all_commits(const Database& manifest) {
  LODE_TRY(Statement rows, manifest.prepare(fmt::format("{} ORDER BY id", kCommitColumns)));
  std::vector<CommitInfo> out;
  while (true) {
    LODE_TRY(const bool more, rows.step());
    if (!more) {
      return out;
    }
    LODE_TRY(CommitInfo info, read_commit(manifest, rows));
    out.push_back(std::move(info));
  }
}

Result<std::vector<CommitRows>> rows_of_commits(const Database& manifest) {
  LODE_TRY(Statement rows, manifest.prepare("SELECT commit_id, table_name, sum(rows) FROM parts "
                                            "GROUP BY commit_id, table_name ORDER BY commit_id, table_name"));
  std::vector<CommitRows> out;
  while (true) {
    LODE_TRY(const bool more, rows.step());
    if (!more) {
      return out;
    }
    out.push_back({rows.int64(0), rows.text(1), rows.int64(2)});
  }
}

Result<CommitId> last_commit(const Database& manifest) {
  LODE_TRY(Statement row, manifest.prepare("SELECT coalesce(max(id), 0) FROM commits"));
  LODE_TRY(const bool found, row.step());
  LODE_ASSERT(found);
  return row.int64(0);
}

Result<CommitInfo> commit_info(const Database& manifest, CommitId commit) {
  LODE_TRY(Statement row, manifest.prepare(fmt::format("{} WHERE id = ?1", kCommitColumns)));
  row.bind(1, commit);
  LODE_TRY(const bool found, row.step());
  if (!found) {
    return fail(E::E8008, fmt::format("there is no commit {}", commit), "`lode data show commits` lists them");
  }
  return read_commit(manifest, row);
}

Result<CommitInfo> insert_commit(const Database& manifest, Time now, std::string token, std::string flow, Value note) {
  LODE_TRY(const CommitId newest, last_commit(manifest));
  const std::string text = to_json(note);
  LODE_TRY(Statement insert, manifest.prepare("INSERT INTO commits(id, time, token, flow, note, checksum) "
                                              "VALUES (?1, ?2, ?3, ?4, ?5, ?6)"));
  insert.bind(1, newest + 1).bind(2, now).bind(3, token).bind(4, flow).bind(5, text);
  insert.bind(6, commit_checksum(newest + 1, now, token, flow, text, 0));
  LODE_CHECK(insert.run());
  return CommitInfo{newest + 1, now, std::move(token), std::move(flow), std::move(note), false};
}

Result<void> insert_part(const Database& manifest, const StoredPart& part) {
  LODE_TRY(Statement insert,
           manifest.prepare("INSERT INTO parts(id, table_name, partition, path, rows, bytes, hash, commit_id, rank, "
                            "known_min, known_max, date_min, date_max, versions, checksum) "
                            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"));
  insert.bind(1, part.id).bind(2, part.table).bind(3, part.partition).bind(4, part.path).bind(5, part.rows);
  insert.bind(6, part.bytes).bind(7, part.hash).bind(8, part.commit).bind(9, part.rank);
  insert.bind(10, part.known_min).bind(11, part.known_max).bind(12, part.date_min).bind(13, part.date_max);
  insert.bind(14, part.versions).bind(15, part_checksum(part));
  return insert.run();
}

Result<void> hide_commit(const Database& manifest, CommitId commit, CommitId by) {
  LODE_TRY(Statement row, manifest.prepare(fmt::format("{} WHERE id = ?1", kCommitColumns)));
  row.bind(1, commit);
  LODE_TRY(const bool found, row.step());
  LODE_ASSERT(found);
  const std::string checksum = commit_checksum(commit, row.time(1), row.text(2), row.text(3), row.text(4), by);
  LODE_TRY(Statement update, manifest.prepare("UPDATE commits SET reverted_by = ?2, checksum = ?3 WHERE id = ?1"));
  update.bind(1, commit).bind(2, by).bind(3, checksum);
  return update.run();
}

Result<std::int64_t> reserve_parts(const Database& manifest, std::int64_t count) {
  LODE_TRY(Transaction transaction, Transaction::begin(manifest));
  LODE_TRY(Statement read, manifest.prepare("SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'next_part'"));
  LODE_TRY(const bool found, read.step());
  LODE_ASSERT(found);
  const std::int64_t first = read.int64(0);
  read.reset();
  LODE_TRY(Statement write, manifest.prepare("UPDATE meta SET value = ?1 WHERE name = 'next_part'"));
  write.bind(1, std::to_string(first + count));
  LODE_CHECK(write.run());
  LODE_CHECK(transaction.commit());
  return first;
}

}  // namespace lode::lake
