// SQLite behind Database and Statement, with its result codes turned into registered errors.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/manifest.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <thread>
#include <vector>

#include "lode/base/assert.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/lake.h"
#include "lode/io/lake/log_image.h"

namespace lode::lake {
namespace {

constexpr int kBusyMs = 10'000;  // As long as the lake's lock is waited for.

// Errors of the file system that SQLite reports as its own; the message of errno never reaches the user bare.
// `system_error`: what the system said, 0 where nobody kept it. The disk may have room again by now, so it is asked
// last.
Error sqlite_error(const std::string& path, int code, const std::string& text, int system_error = 0) {
  const std::string doing = fmt::format("{}: {}", path, text);
  const auto full = [&] {
    return Error(E::E8006, fmt::format("the disk is full at {}", path), "free some space; nothing stored was harmed");
  };
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return full();
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:  // Also what SQLite says when it cannot make its log or its shared memory.
      if (system_error == ENOSPC || system_error == EDQUOT || is_disk_full(path)) {
        return full();
      }
      return Error(E::E8009, doing, "check the disk and the folder's permissions");
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return Error(E::E8004, fmt::format("{} cannot be written", path), "check the folder's permissions");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error(E::E8003, fmt::format("{} is busy: another process holds it", path), "try again when it is done");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_SCHEMA:
      return Error(E::E8007, doing, "restore the lake from a backup with `lode data restore`");
    default:
      return Error(E::E8009, doing, "check the disk and the folder's permissions");
  }
}

int open_flags(OpenMode mode) {
  switch (mode) {
    case OpenMode::kCreate:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case OpenMode::kWrite:
    case OpenMode::kCopy:
      return SQLITE_OPEN_READWRITE;
    default:
      return SQLITE_OPEN_READONLY;
  }
}

// Changes whenever somebody writes the manifest, or gets ready to.
std::string stamp_of(const std::string& path) {
  std::string out;
  for (const char* suffix : {"", "-wal", "-shm"}) {
    const auto file = stat_file(path + suffix);
    out += file ? fmt::format("{} {};", file->bytes, file->modified.nanos) : std::string("none;");
  }
  return out;
}

constexpr const char* kSchema = R"sql(
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE commits(
  id INTEGER PRIMARY KEY, time INTEGER NOT NULL, token TEXT NOT NULL, flow TEXT NOT NULL, note TEXT NOT NULL,
  reverted_by INTEGER REFERENCES commits(id), checksum TEXT NOT NULL);
CREATE INDEX commits_by_token ON commits(token);
CREATE TABLE parts(
  id INTEGER PRIMARY KEY, table_name TEXT NOT NULL, partition TEXT NOT NULL, path TEXT NOT NULL UNIQUE,
  rows INTEGER NOT NULL, bytes INTEGER NOT NULL, hash TEXT NOT NULL,
  commit_id INTEGER NOT NULL REFERENCES commits(id), rank INTEGER NOT NULL,
  known_min INTEGER NOT NULL, known_max INTEGER NOT NULL, date_min INTEGER, date_max INTEGER,
  versions INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0,
  checksum TEXT NOT NULL);
CREATE INDEX parts_by_table ON parts(table_name, commit_id);
CREATE TABLE replaced(
  part_id INTEGER NOT NULL REFERENCES parts(id), commit_id INTEGER NOT NULL REFERENCES commits(id),
  PRIMARY KEY(part_id, commit_id)) WITHOUT ROWID;
CREATE TABLE runs(
  hash TEXT PRIMARY KEY, alias INTEGER NOT NULL UNIQUE, flow TEXT NOT NULL, request TEXT NOT NULL,
  code_version TEXT NOT NULL, input_commit INTEGER NOT NULL, seed INTEGER NOT NULL, started INTEGER NOT NULL,
  finished INTEGER NOT NULL, status TEXT NOT NULL, outcome TEXT NOT NULL, host TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE numbers(
  run_hash TEXT NOT NULL REFERENCES runs(hash), path TEXT NOT NULL, position INTEGER NOT NULL, value REAL,
  unit TEXT NOT NULL, n INTEGER NOT NULL, lower REAL, upper REAL, definition TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY(run_hash, path)) WITHOUT ROWID;
CREATE TABLE trials(
  formula TEXT NOT NULL, universe TEXT NOT NULL, from_date INTEGER NOT NULL, to_date INTEGER NOT NULL,
  horizon INTEGER NOT NULL, preparation TEXT NOT NULL, statistic REAL, origin TEXT NOT NULL, first_run TEXT NOT NULL,
  times INTEGER NOT NULL, PRIMARY KEY(formula, universe, from_date, to_date, horizon, preparation)) WITHOUT ROWID;
CREATE TABLE factors(
  name TEXT PRIMARY KEY, formula TEXT NOT NULL, profile TEXT NOT NULL, note TEXT NOT NULL, hash TEXT NOT NULL,
  added INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE raw_files(
  hash TEXT PRIMARY KEY, source TEXT NOT NULL, path TEXT NOT NULL, bytes INTEGER NOT NULL,
  stored_bytes INTEGER NOT NULL, received_at INTEGER NOT NULL, headers TEXT NOT NULL, referenced INTEGER NOT NULL)
  WITHOUT ROWID;
)sql";

}  // namespace

Statement::Statement(Statement&& other) noexcept : database_(other.database_), statement_(other.statement_) {
  other.statement_ = nullptr;
}
Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::bind(int index, std::int64_t value) {
  LODE_ASSERT(sqlite3_bind_int64(statement_, index, value) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind(int index, double value) {
  const bool missing = std::isnan(value);
  LODE_ASSERT((missing ? sqlite3_bind_null(statement_, index) : sqlite3_bind_double(statement_, index, value)) ==
              SQLITE_OK);
  return *this;
}

Statement& Statement::bind(int index, std::string_view value) {
  const char* bytes = value.data() == nullptr ? "" : value.data();  // SQLite reads a null pointer as NULL.
  LODE_ASSERT(sqlite3_bind_text64(statement_, index, bytes, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_bytes(int index, std::string_view bytes) {
  LODE_ASSERT(sqlite3_bind_blob64(statement_, index, bytes.data(), bytes.size(), SQLITE_TRANSIENT) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_view(int index, std::string_view value) {
  const char* bytes = value.data() == nullptr ? "" : value.data();
  LODE_ASSERT(sqlite3_bind_text64(statement_, index, bytes, value.size(), SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_bytes_view(int index, std::string_view bytes) {
  LODE_ASSERT(sqlite3_bind_blob64(statement_, index, bytes.data(), bytes.size(), SQLITE_STATIC) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_null(int index) {
  LODE_ASSERT(sqlite3_bind_null(statement_, index) == SQLITE_OK);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code == SQLITE_DONE) {
    return false;
  }
  return fail(database_->error(code));
}

Result<void> Statement::run() {
  LODE_TRY(const bool row, step());
  LODE_ASSERT(!row);
  reset();
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_);  // Repeats the error step() gave already.
  sqlite3_clear_bindings(statement_);
}

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
std::int64_t Statement::int64(int column) const { return sqlite3_column_int64(statement_, column); }

double Statement::float64(int column) const {
  return is_null(column) ? std::numeric_limits<double>::quiet_NaN() : sqlite3_column_double(statement_, column);
}

std::string Statement::text(int column) const {
  const auto* bytes = sqlite3_column_text(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return bytes == nullptr ? std::string()
                          : std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

std::string Statement::bytes(int column) const {
  const void* found = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return found == nullptr ? std::string()
                          : std::string(static_cast<const char*>(found), static_cast<std::size_t>(size));
}

std::optional<Date> Statement::date(int column) const {
  if (is_null(column)) {
    return std::nullopt;
  }
  return Date{static_cast<std::int32_t>(int64(column))};
}

namespace {

// Two may make a file at the same time. Who reads it while the other changes its mode is told at once that it is busy,
// without waiting as for other locks (SQLite 3.40, btree.c, sqlite3BtreeBeginTrans), and has to ask again.
Result<void> use_log(const Database& database) {
  constexpr auto kPause = std::chrono::milliseconds(2);
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(kBusyMs);
  while (true) {
    LODE_TRY(Statement journal, database.prepare("PRAGMA journal_mode=WAL"));
    const Result<bool> row = journal.step();
    if (row && journal.text(0) == "wal") {
      return {};
    }
    if (row) {
      return fail(E::E8009,
                  fmt::format("{} cannot use a write-ahead log: it is in mode {}", database.path(), journal.text(0)),
                  "put the lake on a local file system");
    }
    if (row.error().number() != E::E8003 || std::chrono::steady_clock::now() > until) {
      return fail(row.error().clone());
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const std::string& path, OpenMode mode, const Storage& storage) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, open_flags(mode) | SQLITE_OPEN_NOMUTEX, storage.vfs);
  if (code != SQLITE_OK) {
    const std::string text = handle == nullptr ? "out of memory" : sqlite3_errmsg(handle);
    const int system_error = handle == nullptr ? 0 : sqlite3_system_errno(handle);
    sqlite3_close(handle);
    return fail(sqlite_error(path, code, text, system_error));
  }
  std::unique_ptr<Database> database(new Database(path, handle));
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kBusyMs);
  // The manifest may come from anybody's backup: its schema must not be able to call functions.
  LODE_CHECK(database->execute("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"));
  if (int reserved = storage.reserved_bytes; reserved > 0) {
    sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
  }
  if (storage.page_bytes > 0) {
    LODE_CHECK(database->execute(fmt::format("PRAGMA page_size={}", storage.page_bytes)));
  }
  if (mode == OpenMode::kCreate || mode == OpenMode::kWrite) {
    LODE_CHECK(database->execute("PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL;"));
    LODE_CHECK(use_log(*database));
  }
  return database;
}

Result<std::unique_ptr<Database>> Database::open_in_memory(const std::string& path) {
  const std::string before = stamp_of(path);
  LODE_TRY(std::string file, read_file(path));
  const Result<std::string> log = read_file(path + "-wal");
  if (stamp_of(path) != before) {
    return fail(sqlite_error(path, SQLITE_BUSY, {}));
  }
  const std::string image = image_with_log(std::move(file), log ? *log : std::string());
  sqlite3* handle = nullptr;
  int code = sqlite3_open_v2(":memory:", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<Database> database(new Database(path, handle));
  auto* const bytes = static_cast<unsigned char*>(sqlite3_malloc64(image.size() + 1));
  if (code != SQLITE_OK || bytes == nullptr) {
    sqlite3_free(bytes);
    return fail(sqlite_error(path, SQLITE_NOMEM, "out of memory"));
  }
  std::memcpy(bytes, image.data(), image.size());
  const auto size = static_cast<sqlite3_int64>(image.size());
  code = sqlite3_deserialize(handle, "main", bytes, size, size,
                             SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY);
  if (code != SQLITE_OK) {
    return fail(database->error(code));
  }
  sqlite3_extended_result_codes(handle, 1);
  LODE_CHECK(database->execute("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"));
  return database;
}

Result<std::string> Database::first_bytes(const std::string& path, std::size_t most) {
  sqlite3_vfs* const system = sqlite3_vfs_find(nullptr);
  const std::unique_ptr<const char, void (*)(const char*)> name(
      sqlite3_create_filename(path.c_str(), "", "", 0, nullptr), sqlite3_free_filename);
  std::vector<std::max_align_t> place(static_cast<std::size_t>(system->szOsFile) / sizeof(std::max_align_t) + 1);
  auto* const file = reinterpret_cast<sqlite3_file*>(place.data());
  std::string out;
  sqlite3_int64 size = 0;
  int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
  int code = name == nullptr ? SQLITE_NOMEM : system->xOpen(system, name.get(), file, flags, &flags);
  code = code == SQLITE_OK ? file->pMethods->xFileSize(file, &size) : code;
  if (code == SQLITE_OK && size > 0) {
    out.resize(std::min(most, static_cast<std::size_t>(size)));
    code = file->pMethods->xRead(file, out.data(), static_cast<int>(out.size()), 0);
  }
  const int system_error = code == SQLITE_OK ? 0 : system->xGetLastError(system, 0, nullptr);
  if (file->pMethods != nullptr) {
    file->pMethods->xClose(file);
  }
  if (system_error == EACCES) {
    return fail(E::E8004, fmt::format("{} cannot be read: no permission", path), "check the file's permissions");
  }
  if (code != SQLITE_OK) {
    return fail(sqlite_error(path, code == SQLITE_IOERR_CORRUPTFS ? SQLITE_IOERR_READ : code,
                             fmt::format("cannot be read: {}", std::strerror(system_error)), system_error));
  }
  return out;
}

Database::~Database() { sqlite3_close(handle_); }

Result<Statement> Database::prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) {
    return fail(error(code));
  }
  return Statement(*this, statement);
}

Result<void> Database::execute(const std::string& sql) const {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    return fail(error(code));
  }
  return {};
}

Result<void> Database::copy_to(const std::string& path) const {
  LODE_TRY(Statement statement, prepare("VACUUM INTO ?1"));
  statement.bind(1, path);
  return statement.run();
}

Result<void> Database::fold_log() const {
  LODE_TRY(Statement fold, prepare("PRAGMA wal_checkpoint(TRUNCATE)"));
  LODE_TRY(const bool row, fold.step());
  LODE_ASSERT(row);
  return fold.int64(0) == 0 ? Result<void>() : fail(sqlite_error(path_, SQLITE_BUSY, {}));
}

bool Database::is_in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

Error Database::error(int code) const {
  return sqlite_error(path_, code, sqlite3_errmsg(handle_), sqlite3_system_errno(handle_));
}

Result<Transaction> Transaction::begin(const Database& database) {
  LODE_CHECK(database.execute("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Transaction::~Transaction() {
  if (database_ != nullptr) {
    auto ignored = database_->execute("ROLLBACK");  // SQLite may have rolled back by itself already.
    (void)ignored;
  }
}

Result<void> Transaction::commit() {
  LODE_ASSERT(database_ != nullptr);
  LODE_CHECK(database_->execute("COMMIT"));
  database_ = nullptr;
  return {};
}

Result<void> create_schema(const Database& database, Time now) {
  LODE_TRY(Transaction transaction, Transaction::begin(database));
  LODE_TRY(Statement there, database.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'meta'"));
  LODE_TRY(const bool row, there.step());
  LODE_ASSERT(row);
  if (there.int64(0) == 0) {  // Another process may have made it between our look and our lock.
    LODE_CHECK(database.execute(kSchema));
    LODE_TRY(Statement meta, database.prepare("INSERT INTO meta(name, value) VALUES ('format_version', ?1), "
                                              "('next_part', '1'), ('created', ?2)"));
    meta.bind(1, std::to_string(kFormatVersion)).bind(2, to_string(now));
    LODE_CHECK(meta.run());
  }
  there.reset();
  return transaction.commit();
}

Result<void> check_schema(const Database& database) {
  const auto damaged = [&](const std::string& why) {
    return fail(E::E8007, fmt::format("{} is not a lake's manifest: {}", database.path(), why),
                "restore the lake from a backup with `lode data restore`");
  };
  LODE_TRY(Statement there, database.prepare("SELECT count(*), coalesce(sum(name = 'meta'), 0) FROM sqlite_master"));
  LODE_TRY(const bool counted, there.step());
  LODE_ASSERT(counted);
  if (there.int64(0) == 0) {  // Whoever began to make it died before the first commit.
    return fail(E::E8001, fmt::format("{} is empty: no lake was made there", database.path()),
                "make one with `lode data import`");
  }
  if (there.int64(1) == 0) {
    return damaged("it has no table meta");
  }
  LODE_TRY(Statement version,
           database.prepare("SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'format_version'"));
  LODE_TRY(const bool found, version.step());
  if (!found || version.int64(0) < 1) {
    return damaged("it names no version");
  }
  if (version.int64(0) > kFormatVersion) {
    return fail(E::E8002,
                fmt::format("the lake at {} has format version {}, this program reads up to {}", database.path(),
                            version.int64(0), kFormatVersion),
                "use the newer program; nothing was changed");
  }
  return {};
}

}  // namespace lode::lake
