// A SQLite database and its write-ahead log as one image in memory, made without SQLite's help: no lock, no shared
// memory, no byte written. For a disk without room for an index of the log, and for a folder that may only be read.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lode::lake {

// The database as a reader of `log` sees it: each page as the last commit in the log left it. A log that is empty, cut
// or foreign counts as far as it is whole, as SQLite itself takes it: frames behind the first one that does not fit its
// checksum, and those of a transaction that was not committed, are nothing. Formats: SQLite, "Database File Format", 4.
// The image names no log (bytes 18 and 19), so that it can be opened from memory.
std::string image_with_log(std::string database, std::string_view log);

}  // namespace lode::lake
