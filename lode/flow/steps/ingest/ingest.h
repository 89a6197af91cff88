// Ingest: files of bars, actions, groups, universes, benchmarks or instruments become rows of the lake, through the
// quality gates. Every row is judged: kept, dropped (an equal copy), or set aside in the table quarantine with its
// reason; kept + dropped + set_aside == read. One import is one commit, and the same import again changes nothing.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lode/base/value.h"
#include "lode/base/world.h"

namespace lode::flow {

struct IngestRequest {
  std::vector<std::string> paths;  // Files, or folders walked in depth.
  std::string table;               // bars, universe, groups, actions, benchmark, instruments; "" = bars, or what
                                   // import.toml beside the files says.
  std::map<std::string, std::string> map;  // Our column -> theirs: {"close", "Last"}.
  std::string mic;          // ISO 10383; "" = import.toml, else XXXX (bars), or the lake's only holder of
                            // the symbol (other tables).
  std::string kind;         // Of the instruments, new or known: etf, index, ...; "" = import.toml, else equity for
                            // new ones (index for a benchmark).
  bool adjusted = false;    // The source adjusted the prices itself: instruments are marked so.
  bool repair = false;      // Bars in a suspected unit error are stored mended (quality.h: repair_units); bars only.
  bool synthetic = false;   // Marks rows (source "synthetic") and the commit.
  std::string raw;          // auto, copy, reference; "" = the setting data.raw.
  std::string date_format;  // As source::parse_date_format has it; "" = import.toml, else what each file shows itself.
};

// How the rows of a file of bars follow each other: each symbol's dates going up, going down, or neither.
enum class RowOrder : std::uint8_t { kOldestFirst, kNewestFirst, kShuffled };
std::string_view to_string(RowOrder order);  // "oldest_first", "newest_first", "shuffled"

struct IngestFile {
  std::string path;
  std::string sha256;        // Of the bytes on disk.
  std::int64_t bytes = 0;    // On disk.
  std::int64_t rows = 0;     // kept + dropped + set_aside.
  std::int64_t kept = 0;     // Stored now, or already in the lake with these values.
  std::int64_t dropped = 0;  // Equal copies within this import.
  std::int64_t set_aside = 0;
  bool is_copied = false;  // The lake holds its bytes, else only its path and hash.
  RowOrder order = RowOrder::kOldestFirst;
  std::int64_t out_of_order = 0;  // Accepted rows against the way most rows of the file go.
  std::int64_t repaired = 0;      // Bars stored otherwise than the file has them.
  std::optional<Date> first;      // Sessions of its bars, ex-dates of its actions; nothing for undated rows.
  std::optional<Date> last;
};

// One bar that was stored otherwise than its file has it.
struct IngestRepair {
  std::string symbol;
  Date session;
  double was = 0.0;  // Close as read.
  double now = 0.0;  // Close as stored.
  std::string path;
  std::int64_t line = 0;
};

// One rule that set rows aside.
struct IngestReason {
  std::uint16_t number = 0;  // 2007
  std::string label;         // "high below low"
  std::int64_t rows = 0;
  std::string path;  // Of the first one.
  std::int64_t line = 0;
  std::string text;      // "h 10.1 l 10.4"
  std::string mic = {};  // Exchange the rows were judged for; "" in a report of one import, which has its own.
};

struct IngestReport {
  std::string table;
  std::string mic;           // "XXXX" when none was given.
  std::int64_t read = 0;     // Rows of all files.
  std::int64_t kept = 0;     // Stored by this commit, corrections included.
  std::int64_t dropped = 0;  // Equal rows: twice in the import, or in the lake before.
  std::int64_t set_aside = 0;
  std::int64_t corrected = 0;         // Of kept: newer versions of rows the lake held.
  std::int64_t flagged = 0;           // Of kept: rows with at least one flag.
  std::int64_t repaired = 0;          // Bars of the files mended as asked, stored so now or before.
  bool may_repair = false;            // Was asked to.
  std::vector<IngestRepair> repairs;  // The first kRepairsNoted by symbol and session.
  std::vector<IngestFile> files;
  std::vector<std::pair<std::string, std::string>> skipped;  // Path, why; of a repeated import the first kSkippedNoted.
  std::int64_t skipped_more = 0;                             // Others, in a report read back from a commit's note.
  std::vector<IngestReason> reasons;                         // By number.
  std::vector<std::pair<std::string, std::int64_t>> flags;   // "move" -> rows, in the order of bar_flags().
  std::int64_t symbols = 0;                                  // Different symbols among accepted rows.
  std::int64_t new_instruments = 0;
  std::int64_t unclear = 0;  // Symbols away for over kReuseSessions and back at a moved price, kept as one instrument.
  std::optional<Date> first, last;  // Of the table's dates among accepted rows.
  std::vector<std::string> notes;   // One line each: "no calendar: sessions not checked".
  std::int64_t commit = 0;
  bool repeated = false;  // The same import was committed before: nothing was written.
  double seconds = 0.0;
};

// Repairs a report tells one by one; the flag repaired marks all of them in the lake.
inline constexpr std::size_t kRepairsNoted = 100;
// Files passed over that the note of a commit names; it counts all of them.
inline constexpr std::size_t kSkippedNoted = 100;

// Runs one import. Nothing is visible in the lake unless it returns a report.
// E0008 missing path, E2001 a needed column missing (caret, --map), E2002 doubled column, E2003 delimiter or encoding,
// E2014 no rows, E2015 damaged Parquet, E2019 unknown mic, E2021 damaged gzip, E5001..E5003 import.toml, or files of
// which it says different things, E0010 stopped by the user, E8003 locked, E8004 read-only, E8006 disk full. Bad rows
// are no error: see the report.
Result<IngestReport> ingest(World& world, const IngestRequest& request);

// One line on files whose rows did not stand oldest first, "" when all did: "1 file newest first (504 rows), 2 files
// shuffled (31 of 1,204 rows out of order)". They are stored in order all the same.
std::string order_line(const std::vector<IngestFile>& files);

// The report as the machine reads it; also the note of the commit. Of the files passed over it names `most_skipped`
// under "skipped" and counts all under "skipped_files".
Value ingest_json(const IngestReport& report, std::size_t most_skipped = std::numeric_limits<std::size_t>::max());

}  // namespace lode::flow
