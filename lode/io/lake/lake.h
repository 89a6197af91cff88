// Lake: tables as immutable zstd Parquet parts beside a SQLite manifest. A commit makes parts visible atomically and
// durably; readers hold a Snapshot that never changes; rows carry event_time and known_time, and every read takes
// as_of.
//
// clang-format off
//   <lake>/manifest.sqlite                               commits, parts, runs, numbers, trials (WAL, synchronous=FULL)
//   <lake>/tables/<table>/<partition>/part-<id>.parquet  rows
//   <lake>/raw/<source>/<yyyy>/<mm>/<dd>/<sha256>.zst    bytes as delivered, with <sha256>.json headers
//   <lake>/panels/                                       dense mmap caches, rebuilt when absent or wrong
//   <lake>/runs/<alias>/                                 reports and tables a run wrote
// clang-format on
//
// Commit: part to <name>.tmp, fdatasync, rename, fsync of the folder; then one SQLite transaction. A part without a
// commit is an orphan, removed by vacuum after 24 hours. The advisory lock (pid, host, boot id, start) is held per
// commit.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/world.h"
#include "lode/market/batch.h"
#include "lode/market/instrument.h"
#include "lode/market/schema.h"

namespace lode::lake {

using CommitId = std::int64_t;
inline constexpr std::string_view kCompactFlow = "data compact";  // The flow of a commit that only merged parts.
inline constexpr std::string_view kRevertFlow = "data revert";    // The flow of a commit that hid another.
inline constexpr int kFormatVersion = 1;                          // Of manifest and layout; a higher one is E8002.

struct CommitInfo {
  CommitId id = 0;
  Time time;          // When it was made.
  std::string token;  // Names the logical write; the same token again is a no-op.
  std::string flow;   // "data import"
  Value note;         // Files, hashes, counts by reason: what `data check` and `why` show.
  bool reverted = false;
};

// Rows that a commit wrote into a table, whether they still stand or not; a compaction writes rows again.
struct CommitRows {
  CommitId commit = 0;
  std::string table;
  std::int64_t rows = 0;
};

struct PartInfo {
  std::int64_t id = 0;
  std::string table;
  std::string partition;  // "year=2019", "" for unpartitioned tables
  std::string path;       // Relative to the lake.
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::string hash;  // xxh3-128 of the file.
  CommitId commit = 0;
  Time known_min, known_max;
  std::optional<Date> date_min, date_max;  // Of the table's date column.
  bool versions = false;                   // Holds a newer version of a key that an earlier part holds.
};

struct TableInfo {
  std::string name;
  std::int64_t rows = 0;  // Stored rows, versions included; Snapshot::count tells what a reader sees.
  std::int64_t parts = 0;
  std::int64_t bytes = 0;
  std::optional<Date> first, last;
  CommitId last_commit = 0;
};

// What to read. Empty selections mean all.
struct Query {
  std::vector<std::string> columns;
  std::vector<InstrumentId> instruments;
  std::optional<Date> from, to;  // Of the table's date column, both inclusive.
  std::optional<Time> as_of;     // Versions known then; default: everything the snapshot holds.
  std::string where;             // Further SQL condition over the table's columns, from trusted code only.
  std::int64_t limit = 0;        // 0 = no limit.
};

// The store at one commit. Cheap to copy; valid while its Lake lives.
class Snapshot {
 public:
  CommitId commit() const;
  std::vector<TableInfo> tables() const;
  std::vector<PartInfo> parts(std::string_view table) const;

  // Rows of the current view: what read() without a selection gives. Known from the manifest alone where no key has a
  // second version. E2016, E8005.
  Result<std::int64_t> count(std::string_view table) const;

  // Current view: for each key the latest version known by as_of, sorted by key; with as_of close_vendor is null.
  // E2016 unknown table, E8005 a part missing or damaged (named; each part's bytes are hashed once a process), E2001
  // unknown column, or a selection the table has no column for.
  Result<Batch> read(std::string_view table, const Query& query) const;

  // Read-only SQL over views named like the tables (current view), extensions and external access off, one statement,
  // bounded time and memory. E2017 with the engine's message cleaned of paths.
  Result<Batch> sql(std::string_view text, double seconds_limit = 60.0, std::int64_t memory_mb = 2048) const;

  struct State;
  explicit Snapshot(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  const State& state() const { return *state_; }

 private:
  std::shared_ptr<const State> state_;
};

// What became of the rows of one append.
struct AppendOutcome {
  std::int64_t kept = 0;       // Stored, corrections included.
  std::int64_t dropped = 0;    // Equal key and values: already there, or twice in the batch.
  std::int64_t corrected = 0;  // Equal key, other values than the lake holds: stored as a new version, known now.
  // Rows of the batch whose key stands in it with different values: all set aside. Ascending.
  std::vector<std::uint32_t> conflicts;
};

// One commit in the making. Nothing is visible before `commit`; a dropped Writer removes its files, a killed one leaves
// orphans. Rows are judged against the lake as it was when the Writer was made; where another commit came between,
// they are judged again at commit. Valid while its Lake lives; one thread at a time.
class Writer {
 public:
  Writer(Writer&&) noexcept;
  Writer& operator=(Writer&&) noexcept;
  ~Writer();

  // Judges rows by the table's natural key against each other and against the lake, sorts the rest by key, and writes
  // it as durable parts by partition. Value columns compared: all but flags, close_vendor (what a vendor made of later
  // actions) and where the row came from. A correction's known_time becomes `received_at` (and known_assumed false).
  // What this writer appended before counts as held by the lake, so rows of one import that may contradict each other
  // belong in one batch. Disk full: E8006, nothing visible.
  Result<AppendOutcome> append(std::string_view table, Batch batch, Time received_at);

  // Makes everything appended visible and durable. A token already committed (and not reverted): no-op, returns the
  // first commit. An empty writer commits nothing and returns the current one (id 0 in a new lake). Takes and releases
  // the lake's lock (waits up to 10 s, then E8003). After an error the rows are still at hand: commit may be called
  // again.
  Result<CommitInfo> commit(std::string token, std::string flow, Value note);
  // The same with a note written once the rows are judged for good: `note` may ask for what changed late. Called at
  // most once, under the lock.
  Result<CommitInfo> commit_with(std::string token, std::string flow, const std::function<Value()>& note);

  // Rows of a table that append kept and commit dropped after all, because another writer had stored them in between.
  std::int64_t dropped_late(std::string_view table) const;
  // How many more rows of a table than append had said turned out to correct a stored row; negative: fewer.
  std::int64_t corrected_late(std::string_view table) const;

  struct Impl;
  explicit Writer(std::unique_ptr<Impl> impl);

 private:
  std::unique_ptr<Impl> impl_;
};

struct VerifyReport {
  std::int64_t parts = 0;
  std::int64_t raw_files = 0;
  std::vector<std::string> damaged;  // "tables/bars/year=2019/part-12.parquet: hash differs"
};
struct VacuumReport {
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::vector<std::string> paths;
};

using WaitNotice = std::function<bool(std::string_view holder)>;

// True when a lake, or a file beside it, could be written in `folder` by this user.
bool is_writable(const std::string& folder);

enum class Access : std::uint8_t { kRead, kWrite, kCreate };  // kCreate: makes the lake where there is none.

class Lake {
 public:
  // E0004 a file stands there, E8001 no lake (kRead, kWrite), E8002 newer version, E8004 read-only folder for kWrite,
  // E8007 manifest damaged, or lost: missing or empty where parts stand (also under kCreate, which makes no new one).
  static Result<std::unique_ptr<Lake>> open(const std::string& folder, Access access, Clock& clock, Pool& pool);
  ~Lake();

  const std::string& folder() const;
  bool writable() const;
  // Called while another writer's lock is waited for, first after 300 ms and then every 50 ms, with who holds it
  // ("process 4711 on alpha"); false ends the wait with E0010.
  void on_wait(WaitNotice notice);
  Result<Snapshot> snapshot(std::optional<CommitId> commit = {}) const;  // E8008
  Result<std::vector<CommitInfo>> commits() const;                       // Ascending.
  Result<std::vector<CommitRows>> commit_rows() const;                   // By commit, then table.
  Result<Writer> writer();

  // Hides a commit, and the compactions that merged its rows, by a new commit; nothing is deleted. Its token may be
  // committed again. Rows that a later import dropped as equal to hidden ones are not brought back: import them again.
  // E8008 unknown, reverted already, itself a revert, or compacted and vacuumed.
  Result<CommitInfo> revert(CommitId commit);
  // Merges the parts of each partition that holds more than `parts_most`; versions are kept, the row multiset is
  // checked before the swap, and earlier commits go on showing the old parts. The current commit when there is nothing
  // to merge. E8003 when another process changed these parts meanwhile.
  Result<CommitInfo> compact(std::string_view table, std::size_t parts_most = 1);
  // Every part's bytes and every raw file against its hash, every row of the manifest's commits and parts against its
  // checksum. Damaged files are listed; a damaged manifest is E8007.
  Result<VerifyReport> verify() const;
  // Orphans older than 24 hours (parts, and raw files that no commit refers to), and parts that neither the current
  // commit nor a recorded run's commit shows. Older commits whose parts went can no longer be read (E8008). `really`
  // false: only lists.
  Result<VacuumReport> vacuum(bool really);
  // A consistent copy at `target`, every file with its hash; over an older backup only what is new. Bytes copied.
  // E8005 a damaged part or file of the lake, E0011 the lake's own folder.
  Result<std::int64_t> backup(const std::string& target) const;
  // Verifies the backup, then makes it a lake at `folder` (which must be absent or empty). E8001, E8005, E0011.
  static Result<std::int64_t> restore(const std::string& backup, const std::string& folder);

  struct Impl;
  Impl& impl() { return *impl_; }
  const Impl& impl() const { return *impl_; }

 private:
  explicit Lake(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The raw archive of a lake: copies (zstd) or, for large local files, references by path with the hash kept.
std::unique_ptr<Archive> make_archive(Lake& lake, Clock& clock);
Result<std::string> reference_raw(Lake& lake, const std::string& path, std::string_view source, std::string_view hash,
                                  std::int64_t bytes, Time received_at);

// Foreign Parquet files: E2015 empty, truncated or not Parquet; E0008 missing.
Result<Batch> read_parquet(const std::string& path);
// Writes one batch; `.tmp`, fdatasync, rename, fsync folder.
Result<void> write_parquet(const std::string& path, const Batch& batch);
// The same file as bytes. E5004, E8006.
Result<std::string> parquet_bytes(const Batch& batch);

}  // namespace lode::lake
