// A file layer for SQLite that puts a checksum into each page of a database and checks it whenever a page is read, also
// in the write-ahead log: SQLite itself does not notice a flipped bit inside a row, a pointer or a key.
//
// The last 8 bytes of each 4096-byte page (SQLite's reserved bytes) hold the XXH3-64 of the others, seeded with the
// page number, so that a page at a wrong place does not fit either. They are written when a page goes from the log into
// the file. A page of the log is checked by the log's own running checksum (SQLite, "Database File Format", 4.1), which
// SQLite looks at only when it opens the log. A page that does not fit is a damaged file to SQLite
// (SQLITE_NOTADB), never data.
//
// The writes of a commit to its log are joined (joined_writes.h): that is right only where SQLite syncs its log before
// it tells of a commit, under synchronous=FULL, as lake::Database opens every file.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lode/io/lake/manifest.h"

namespace lode::queue {

inline constexpr int kPageBytes = 4096;

// How a file with checked pages is opened; registers the layer with SQLite at the first call. Thread-safe.
lake::Storage checked_storage();

// What the layer met at the file at `path` in this process. Thread-safe.
struct FileHealth {
  std::string damaged;            // "page 17 (bytes 65536 to 69631)", the first one met; empty: none.
  std::string latest;             // The last one met.
  std::int64_t failed_syncs = 0;  // Of the file or its log, since the process began: nobody who opens anew hides one.
};
FileHealth file_health(const std::string& path);
void forget_damage(const std::string& path);  // For who opens the file anew.

// While one lives, this thread reads pages that do not fit their checksum all the same: for who checks what he reads by
// another one. SQLite keeps them in its cache, and may find its own way out of what they tell it, so such a reader has
// a connection of its own.
class Tolerance {
 public:
  Tolerance();
  ~Tolerance();
  Tolerance(const Tolerance&) = delete;
  Tolerance& operator=(const Tolerance&) = delete;
};

// While one lives, this thread takes a page of zeros, or one that should lie behind the file's end, for a damaged one.
// SQLite comes upon such pages where it takes a freed one again that was never written. Who reads or removes what was
// written does not, in a whole file.
class NoHoles {
 public:
  NoHoles();
  ~NoHoles();
  NoHoles(const NoHoles&) = delete;
  NoHoles& operator=(const NoHoles&) = delete;
};

// The checksum that a page has in its last 8 bytes. `page` counts from 1.
std::uint64_t page_checksum(const char* bytes, std::uint64_t page);

}  // namespace lode::queue
