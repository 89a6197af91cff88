// A thin wrapper of SQLite for the lake's manifest: Database, Statement, Transaction, and the manifest's schema.
// Everything the lake knows beside the bytes of its parts stands in these tables, under WAL with synchronous=FULL.
//
//   meta       name, value                                   format_version, next_part, engine of the lake
//   commits    id, time, token, flow, note, reverted_by, checksum     reverted_by: the commit that hid it, else null;
//              checksum: of the row's other fields, because SQLite does not notice a flipped bit inside a value
//   parts      id, table_name, partition, path, rows, bytes, hash, commit_id, rank, known_min, known_max,
//              date_min, date_max, versions, deleted, checksum
//              rank: version order among parts of equal keys (the newest commit whose rows it holds); deleted: vacuum
//              removed the bytes
//   replaced   part_id, commit_id                            the compaction that took the part's rows over
//   runs, numbers, trials, factors                           see runs.h
//   raw_files  hash, source, path, bytes, stored_bytes, received_at, headers, referenced
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lode/base/result.h"
#include "lode/base/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace lode::lake {

class Database;

// A prepared statement. Parameters count from 1, columns from 0. Not thread-safe; one Database, one thread at a time.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, int value) { return bind(index, std::int64_t{value}); }
  Statement& bind(int index, bool value) { return bind(index, std::int64_t{value ? 1 : 0}); }
  Statement& bind(int index, double value);            // NaN becomes null.
  Statement& bind(int index, std::string_view value);  // Copied.
  Statement& bind(int index, const char* value) { return bind(index, std::string_view(value)); }
  Statement& bind(int index, Time value) { return bind(index, value.nanos); }
  Statement& bind(int index, Date value) { return bind(index, std::int64_t{value.days}); }
  Statement& bind_bytes(int index, std::string_view bytes);  // Copied; a blob.
  // Not copied: the bytes must stay until the statement was run or reset.
  Statement& bind_view(int index, std::string_view value);
  Statement& bind_bytes_view(int index, std::string_view bytes);
  Statement& bind_null(int index);
  template <class T>
  Statement& bind(int index, const std::optional<T>& value) {
    return value ? bind(index, *value) : bind_null(index);
  }

  // True: a row is there; false: done.
  Result<bool> step();
  // Steps a statement without rows to its end and makes it ready to be bound again.
  Result<void> run();
  void reset();

  bool is_null(int column) const;
  std::int64_t int64(int column) const;
  double float64(int column) const;    // Null is NaN.
  std::string text(int column) const;  // Null is "".
  std::string bytes(int column) const;
  Time time(int column) const { return {int64(column)}; }
  std::optional<Date> date(int column) const;

 private:
  friend class Database;
  Statement(const Database& database, sqlite3_stmt* statement) : database_(&database), statement_(statement) {}
  const Database* database_;
  sqlite3_stmt* statement_;
};

// How a manifest is opened. kRead needs a folder that can be written, for SQLite's shared-memory file: elsewhere see
// open_in_memory. kCopy: a private copy that is written without a log.
enum class OpenMode : std::uint8_t { kCreate, kWrite, kRead, kCopy };

// How a database lies on the disk, where it is not the plain way. The page size counts for a new file only.
struct Storage {
  const char* vfs = nullptr;  // A registered file layer of SQLite's; nullptr: the system's own.
  int reserved_bytes = 0;     // At the end of each page, for that layer.
  int page_bytes = 0;         // 0: SQLite's choice.
};

// One connection. Errors: E8006 disk full, E8004 read-only, E8003 busy for 10 s, E8007 damaged, else E8009; each names
// the file. Not thread-safe.
class Database {
 public:
  static Result<std::unique_ptr<Database>> open(const std::string& path, OpenMode mode, const Storage& storage = {});
  // What the file and its log hold now, copied into memory without writing a byte: for a disk too full for the shared
  // memory file that a reader of a log needs. E8003 when somebody wrote meanwhile, E0008 no file.
  static Result<std::unique_ptr<Database>> open_in_memory(const std::string& path);
  // The file's first bytes, `most` of them at most, read as SQLite does. Whoever closes a file of his own that is a
  // database gives up all locks that this process holds on it (fcntl(2)), and other processes write in between. E8004
  // where it may not be read.
  static Result<std::string> first_bytes(const std::string& path, std::size_t most);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  const std::string& path() const { return path_; }
  Result<Statement> prepare(std::string_view sql) const;
  Result<void> execute(const std::string& sql) const;  // One or more statements without rows.
  // A consistent copy of the whole database in a new file, itself a complete database without WAL.
  Result<void> copy_to(const std::string& path) const;
  // What the log holds, into the file itself, and synced: for a file that goes elsewhere without its log. Closing does
  // the same and tells nobody when the disk is full. E8003 while others read.
  Result<void> fold_log() const;
  // False behind a begun Transaction: SQLite undid it by itself, as it does at I/O errors and without memory. What is
  // executed now is a commit of its own.
  bool is_in_transaction() const;

  Error error(int code) const;  // The registered Error of the connection's last failure.

 private:
  Database(std::string path, sqlite3* handle) : path_(std::move(path)), handle_(handle) {}
  std::string path_;
  sqlite3* handle_;
};

// BEGIN IMMEDIATE; rolled back unless committed. Durable when commit() returns.
class Transaction {
 public:
  static Result<Transaction> begin(const Database& database);
  Transaction(Transaction&& other) noexcept : database_(other.database_) { other.database_ = nullptr; }
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(const Database& database) : database_(&database) {}
  const Database* database_;  // nullptr once ended.
};

// Makes the tables of a new manifest, or checks the version of an old one: E8002 newer, E8007 not a manifest.
Result<void> create_schema(const Database& database, Time now);
Result<void> check_schema(const Database& database);  // E8001 empty, E8002 of a newer program, E8007 no manifest.

}  // namespace lode::lake
