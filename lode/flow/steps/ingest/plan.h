// The steps of an import share these: what was asked, completed by import.toml and the settings, and what the files
// gave.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "lode/flow/steps/ingest/ingest.h"
#include "lode/io/lake/lake.h"
#include "lode/io/source/bars.h"
#include "lode/io/source/columns.h"
#include "lode/io/source/date_format.h"
#include "lode/io/source/parts/zip_tables.h"
#include "lode/io/source/records.h"
#include "lode/market/calendar.h"
#include "lode/market/quality.h"

namespace lode::flow {

// What the lake keeps of the files: their bytes, from which any part can be rebuilt, or where they lie and their hash.
enum class RawKeeping : std::uint8_t { kBySize, kCopy, kReference };
inline constexpr std::int64_t kCopiedBytesMost = std::int64_t{64} << 20;  // Of kBySize, on disk.

// An IngestRequest with nothing left open.
struct IngestPlan {
  const source::ImportTable* table = nullptr;
  source::ColumnMap map;
  std::string mic;  // XXXX when there is none.
  bool has_mic = false;
  const Calendar* calendar = nullptr;  // nullptr for XXXX.
  QualityLimits limits;
  std::string kind;
  bool has_kind = false;  // Given, so that it also corrects what the lake has.
  bool adjusted = false;
  bool repair = false;
  bool synthetic = false;
  RawKeeping raw = RawKeeping::kBySize;
  std::optional<source::DateFormat> dates;  // As told; else each file shows its own.
  Time received_at;
  bool is_relabelling = false;  // What it stores stands under another exchange, and will not any more.
  std::map<std::string, std::set<std::int64_t>> mended;  // When relabelling, by sha256: lines whose bars were repaired.

  bool copies(std::int64_t bytes) const {
    return raw == RawKeeping::kCopy || (raw == RawKeeping::kBySize && bytes <= kCopiedBytesMost);
  }

  bool is_bars() const { return table->name == "bars" || table->name == "benchmark"; }
  std::string_view source() const { return synthetic ? "synthetic" : "file"; }
};
// E2016, E2019, E0004, E5001..E5003 (import.toml).
Result<IngestPlan> plan_ingest(World& world, const IngestRequest& request);

// The limits of the settings quality.*; no date after today.
QualityLimits quality_limits(const World& world);

// One file that fits the table, parsed; `bars` holds its pieces in the file's order, or `records` its rows.
struct ParsedFile {
  IngestFile report;
  std::optional<source::ZipTable> inside;  // Where it is one of several tables of an archive; its path names it.
  source::DateFormat dates;
  std::string date_proof;            // The cell that showed the format, where nobody told it; "" else.
  std::string time_of_day;           // The first one its dates carry, midnight apart; "" = dates alone.
  bool has_dates_of_others = false;  // It can be read two ways by itself, and is read as the other files are.
  std::vector<source::ParsedBars> bars;
  source::Records records;
};

// The bytes of a file or of a table inside an archive, unpacked. As source::read_data_file and source::read_table.
Result<source::FileBytes> read_source(const ParsedFile& file, const source::HoldBytes& hold = {});

// Reads, hashes, recognises and parses every file behind `paths`, several at a time and a bounded number of bytes at
// once. An archive of several tables is a folder of them. Files of a folder that do not fit the table are listed in
// report.skipped; one named on its own must fit. E2023 before a file is read, unpacked or parsed that needs, with the
// rows read so far, more memory than the setting import.memory_mb allows. E2025 when nothing tells day from month, or
// files contradict each other.
Result<std::vector<ParsedFile>> read_sources(World& world, const IngestPlan& plan,
                                             const std::vector<std::string>& paths, IngestReport& report);

// Day or month first as the files prove; nothing when none does. E2025 when they contradict each other.
Result<std::optional<source::DateFormat>> common_date_order(const std::vector<const ParsedFile*>& files);
// Says in the report how dates were read that nobody told.
void note_dates(const std::vector<ParsedFile>& files, IngestReport& report);

// A row that is set aside after parsing, for what other rows or the lake hold.
struct SetAside {
  std::size_t file = 0;  // Index of ParsedFile.
  source::Rejected row;  // Its text is read again from the file.
  std::string mic = {};  // Where the row itself names its exchange; "" = the plan's.
};
// Fills in the texts of rows found bad after their file's bytes were let go.
void read_texts(const std::vector<ParsedFile>& files, std::vector<SetAside>& rows);

// Progress and Ctrl-C for steps that run on the pool: the flow's own thread reports, the others only count.
class Meter {
 public:
  Meter(const World& world, std::string_view phase, std::int64_t total)
      : world_(world), phase_(phase), total_(total), owner_(std::this_thread::get_id()) {}
  // Counts finished work; false when the user asked to stop.
  bool count(std::int64_t count);
  bool stopped() const { return stopped_.load(std::memory_order_relaxed); }

 private:
  const World& world_;
  std::string_view phase_;
  std::int64_t total_;
  std::thread::id owner_;
  std::atomic<std::int64_t> done_{0};
  std::atomic<bool> stopped_{false};
};
Failure stopped_by_user();  // E0010: nothing of this import is stored.

// Appends everything an import keeps; fills the report's counts. Nothing is visible before the writer commits.
Result<void> store_bars(World& world, const IngestPlan& plan, const lake::Lake& lake, lake::Writer& writer,
                        std::vector<ParsedFile>& files, std::vector<SetAside>& set_aside, IngestReport& report);
Result<void> store_records(World& world, const IngestPlan& plan, const lake::Lake& lake, lake::Writer& writer,
                           std::vector<ParsedFile>& files, std::vector<SetAside>& set_aside, IngestReport& report);

// The report with what the commit changed: rows another writer had stored in between count as dropped, not as kept.
IngestReport settled(IngestReport report, const lake::Writer& writer);

// The report a commit's note was made from (ingest_json).
IngestReport ingest_from_json(const Value& note);

}  // namespace lode::flow
