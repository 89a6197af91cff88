// The layer under SQLite: everything goes to the system's own, but for pages written and read.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/queue/checked_file.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <array>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <new>

#include "lode/base/hash.h"
#include "lode/io/queue/joined_writes.h"

namespace lode::queue {

namespace {

constexpr int kChecksumBytes = 8;
constexpr sqlite3_int64 kLogHeaderBytes = 32;
constexpr sqlite3_int64 kFrameHeaderBytes = 24;
constexpr const char* kName = "lode-checked";

enum class Kind : std::uint8_t { kDatabase, kLog, kOther };

struct Layer {
  sqlite3_vfs vfs{};
  sqlite3_vfs* system = nullptr;
  std::mutex mutex;
  std::map<std::string, FileHealth> health;  // By the database's path.
};

Layer& layer() {
  static Layer one;
  return one;
}

struct CheckedFile;

// What a log has beside its file: writes that wait, and where its last page that fitted ended.
struct Log {
  CheckedFile* file;
  CheckedFile* database;  // Whose log it is; nullptr: SQLite does not say.
  JoinedWrites joined;
  bool big_endian = false;
  sqlite3_int64 summed_to = -1;        // The offset behind a frame that fitted; -1: none.
  std::array<std::uint32_t, 2> sum{};  // The running checksum there.

  // Of the transaction at hand, until the writer's lock is given up:
  int lost = SQLITE_OK;               // The error with which bytes that waited were lost: it can no longer commit.
  sqlite3_int64 header_at = -1;       // Where the frame begins whose header was the last write; -1: it was none.
  sqlite3_int64 rewritten_from = -1;  // The first frame whose page alone was written over; -1: none.
};

// What stands in SQLite's memory for an open file; the system's own object lies behind it.
struct CheckedFile {
  sqlite3_file base;
  Kind kind;
  const char* name;    // SQLite's, lives as long as the file.
  Log* log;            // Of a log; of a database the one that was opened for it. nullptr: none.
  FileHealth* health;  // Of its database, for ever there; nullptr: of neither a database nor a log.
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

CheckedFile& self(sqlite3_file* file) { return *reinterpret_cast<CheckedFile*>(file); }
sqlite3_file* real(sqlite3_file* file) { return self(file).real(); }

std::string database_of(const CheckedFile& file) {
  std::string path = file.name == nullptr ? "" : file.name;
  if (file.kind == Kind::kLog && path.ends_with("-wal")) {
    path.resize(path.size() - 4);
  }
  return path;
}

thread_local int tolerances = 0;
thread_local int holes_refused = 0;

// A damaged page. No exception may pass through SQLite: without memory for the place it is refused all the same.
template <class Place>
int damaged_at(const CheckedFile& file, const Place& place) noexcept {
  const std::lock_guard guard(layer().mutex);
  FileHealth& health = *file.health;
  try {
    health.latest = place();
    if (health.damaged.empty()) {
      health.damaged = health.latest;
    }
  } catch (const std::bad_alloc&) {
    health.latest = health.damaged = "a page";  // Short enough to need none.
  }
  // A damaged page costs its statement. At an I/O error SQLite takes the whole transaction back, after SQLITE_CORRUPT
  // the rest of the transaction may only read (SQLite 3.40, vdbe.c).
  return SQLITE_NOTADB;
}

// A page that does not fit its checksum.
template <class Place>
int refuse(const CheckedFile& file, const Place& place) noexcept {
  return tolerances > 0 ? SQLITE_OK : damaged_at(file, place);
}

std::string place_of(std::uint64_t page, sqlite3_int64 offset, const char* where) {
  return fmt::format("page {} ({}bytes {} to {})", page, where, offset, offset + kPageBytes - 1);
}

bool all_zero(const char* bytes) {
  return bytes[0] == 0 && std::memcmp(bytes, bytes + 1, static_cast<std::size_t>(kPageBytes) - 1) == 0;
}

// A page that was never written, if it is none that was lost.
int hole_at(const CheckedFile& file, sqlite3_int64 offset) {
  return holes_refused == 0 ? SQLITE_OK : damaged_at(file, [&] {
    return place_of(static_cast<std::uint64_t>(offset / kPageBytes) + 1, offset, "");
  });
}

int check_page(const CheckedFile& file, const char* bytes, int size, sqlite3_int64 offset) {
  if (size < 512) {
    return SQLITE_OK;  // SQLite's look at the header; the whole first page is read, and checked, before it is used.
  }
  if (size != kPageBytes || offset % kPageBytes != 0) {
    return refuse(file, [&] {
      return fmt::format("page 1 (it tells of pages of {} bytes, a queue's have {})", size, kPageBytes);
    });
  }
  const auto page = static_cast<std::uint64_t>(offset / kPageBytes) + 1;
  std::uint64_t stored = 0;
  std::memcpy(&stored, bytes + kPageBytes - kChecksumBytes, kChecksumBytes);
  if (stored == page_checksum(bytes, page)) {
    return SQLITE_OK;
  }
  if (all_zero(bytes)) {
    return hole_at(file, offset);
  }
  return refuse(file, [&] { return place_of(page, offset, ""); });
}

// The running checksum of the log over `size` bytes, a multiple of 8.
void add_to_log_sum(const unsigned char* bytes, std::size_t size, bool big_endian, std::array<std::uint32_t, 2>& sum) {
  for (std::size_t at = 0; at < size; at += 8) {
    std::uint32_t word[2];
    std::memcpy(word, bytes + at, 8);
    if (big_endian) {
      word[0] = __builtin_bswap32(word[0]);
      word[1] = __builtin_bswap32(word[1]);
    }
    sum[0] += word[0] + sum[1];
    sum[1] += word[1] + sum[0];
  }
}

std::uint32_t big_endian_at(const unsigned char* bytes) {
  std::uint32_t word = 0;
  std::memcpy(&word, bytes, 4);
  return __builtin_bswap32(word);
}

// Where the disk cannot read, SQLite's own layer speaks of a corrupt file system, and SQLite of a corrupt file (3.40,
// os_unix.c, seekAndRead). Only pages that were read can be damaged here: a disk may yet answer.
int read_real(CheckedFile& file, void* to, int size, sqlite3_int64 offset) {
  const int code = file.real()->pMethods->xRead(file.real(), to, size, offset);
  return code == SQLITE_IOERR_CORRUPTFS ? SQLITE_IOERR_READ : code;
}

int write_real(CheckedFile& file, const void* from, int size, sqlite3_int64 offset) {
  return file.real()->pMethods->xWrite(file.real(), from, size, offset);
}

// Whether a frame, header and page, continues the running checksum `sum`, which then is the one behind it.
bool continues(const unsigned char* frame, bool big_endian, std::array<std::uint32_t, 2>& sum) {
  std::array<std::uint32_t, 2> behind = sum;
  add_to_log_sum(frame, 8, big_endian, behind);
  add_to_log_sum(frame + kFrameHeaderBytes, static_cast<std::size_t>(kPageBytes), big_endian, behind);
  if (behind[0] != big_endian_at(frame + 16) || behind[1] != big_endian_at(frame + 20)) {
    return false;
  }
  sum = behind;
  return true;
}

// A page of the log, checked against the checksums of its frame and of the frame before it. Pages are mostly read in
// the order of the log, so the frame before is the last one that fitted; what does not fit behind that one is asked of
// the file: the log may have begun anew.
int read_frame(CheckedFile& file, void* to, sqlite3_int64 offset) {
  constexpr sqlite3_int64 kFrameBytes = kFrameHeaderBytes + kPageBytes;
  unsigned char frame[kFrameBytes];
  const sqlite3_int64 begin = offset - kFrameHeaderBytes;
  if (const int code = read_real(file, frame, sizeof frame, begin); code != SQLITE_OK) {
    return code;
  }
  std::memcpy(to, frame + kFrameHeaderBytes, static_cast<std::size_t>(kPageBytes));
  Log& log = *file.log;
  if (log.summed_to != begin || !continues(frame, log.big_endian, log.sum)) {
    unsigned char head[kLogHeaderBytes];
    unsigned char before[8];  // The checksum that ends a header.
    if (const int code = read_real(file, head, sizeof head, 0); code != SQLITE_OK) {
      return code;
    }
    const sqlite3_int64 before_at = begin == kLogHeaderBytes ? 24 : offset - kFrameBytes - 8;
    if (const int code = read_real(file, before, sizeof before, before_at); code != SQLITE_OK) {
      return code;
    }
    log.big_endian = (big_endian_at(head) & 1U) != 0;
    log.sum = {big_endian_at(before), big_endian_at(before + 4)};
    log.summed_to = -1;
    if (!continues(frame, log.big_endian, log.sum)) {
      if (log.rewritten_from >= 0 && begin >= log.rewritten_from) {
        return SQLITE_OK;  // SQLite sums these anew when it commits.
      }
      return refuse(file, [&] { return place_of(big_endian_at(frame), offset, "in the log, "); });
    }
  }
  log.summed_to = begin + kFrameBytes;
  return SQLITE_OK;
}

bool is_frame(int size, sqlite3_int64 offset) {
  const sqlite3_int64 behind = offset - kLogHeaderBytes - kFrameHeaderBytes;
  return size == kPageBytes && behind >= 0 && behind % (kFrameHeaderBytes + kPageBytes) == 0;
}

// Writes to the log what waits. In the way of SQLite's durability nothing changes: it counts on the bytes of a log when
// it has synced them, and other processes look when the transaction is over.
int flush(Log& log) {
  const int code = log.joined.flush([&](std::int64_t offset, std::string_view bytes) {
    return write_real(*log.file, bytes.data(), static_cast<int>(bytes.size()), offset);
  });
  log.lost = code != SQLITE_OK ? code : log.lost;
  return code;
}

int flush(const CheckedFile& file) { return file.kind == Kind::kLog ? flush(*file.log) : SQLITE_OK; }

int file_close(sqlite3_file* file) {
  if (self(file).kind == Kind::kLog) {
    const std::unique_ptr<Log> log(self(file).log);  // What waits goes with it: nobody holds the writer's lock.
    if (log->database != nullptr) {
      log->database->log = nullptr;
    }
  }
  return real(file)->pMethods->xClose(real(file));
}

int file_read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  if (const int code = flush(self(file)); code != SQLITE_OK) {
    return code;
  }
  if (self(file).kind == Kind::kLog && is_frame(size, offset)) {
    return read_frame(self(file), to, offset);
  }
  // Of a log: headers, and whole frames when it is opened, which SQLite checks.
  const int code = read_real(self(file), to, size, offset);
  if (self(file).kind != Kind::kDatabase) {
    return code;
  }
  if (code == SQLITE_IOERR_SHORT_READ && size == kPageBytes) {
    const int hole = hole_at(self(file), offset);
    return hole == SQLITE_OK ? code : hole;
  }
  if (code != SQLITE_OK) {
    return code;
  }
  return check_page(self(file), static_cast<const char*>(to), size, offset);
}

// Into the log. A page whose header is not written before it goes over one that this transaction has written already:
// SQLite leaves the checksum as it is until it commits (SQLite 3.40, wal.c, walRewriteChecksums).
int write_log(CheckedFile& file, const void* from, int size, sqlite3_int64 offset) {
  Log& log = *file.log;
  if (log.database == nullptr) {
    return write_real(file, from, size, offset);  // Nobody would tell when the writer's lock is given up.
  }
  if (log.lost != SQLITE_OK) {
    return log.lost;
  }
  const sqlite3_int64 begin = offset - kFrameHeaderBytes;
  if (is_frame(size, offset) && log.header_at != begin && (log.rewritten_from < 0 || begin < log.rewritten_from)) {
    log.rewritten_from = begin;
  }
  log.header_at = size == kFrameHeaderBytes ? offset : -1;
  const std::string_view bytes(static_cast<const char*>(from), static_cast<std::size_t>(size));
  log.lost = log.joined.write(offset, bytes, [&](std::int64_t at, std::string_view joined) {
    return write_real(file, joined.data(), static_cast<int>(joined.size()), at);
  });
  return log.lost;
}

int file_write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  if (self(file).kind == Kind::kLog) {
    return write_log(self(file), from, size, offset);
  }
  if (self(file).kind != Kind::kDatabase || size != kPageBytes) {
    return write_real(self(file), from, size, offset);
  }
  char page[kPageBytes];
  std::memcpy(page, from, static_cast<std::size_t>(kPageBytes));
  const std::uint64_t sum = page_checksum(page, static_cast<std::uint64_t>(offset / kPageBytes) + 1);
  std::memcpy(page + kPageBytes - kChecksumBytes, &sum, kChecksumBytes);
  return write_real(self(file), page, size, offset);
}

int file_truncate(sqlite3_file* file, sqlite3_int64 size) {
  const int code = flush(self(file));
  return code != SQLITE_OK ? code : real(file)->pMethods->xTruncate(real(file), size);
}

int file_sync(sqlite3_file* file, int flags) {
  if (const int written = flush(self(file)); written != SQLITE_OK) {
    return written;  // A disk that is full, say: nothing was synced, and the next transaction tries again.
  }
  if (const Log* const log = self(file).kind == Kind::kLog ? self(file).log : nullptr; log && log->lost != SQLITE_OK) {
    return log->lost;  // Bytes of this transaction were lost in between.
  }
  const int code = real(file)->pMethods->xSync(real(file), flags);
  if (code != SQLITE_OK && self(file).health != nullptr) {
    const std::lock_guard guard(layer().mutex);
    ++self(file).health->failed_syncs;
  }
  return code;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  const int code = flush(self(file));
  return code != SQLITE_OK ? code : real(file)->pMethods->xFileSize(real(file), size);
}
int file_lock(sqlite3_file* file, int kind) { return real(file)->pMethods->xLock(real(file), kind); }
int file_unlock(sqlite3_file* file, int kind) { return real(file)->pMethods->xUnlock(real(file), kind); }
int file_reserved(sqlite3_file* file, int* out) { return real(file)->pMethods->xCheckReservedLock(real(file), out); }
int file_control(sqlite3_file* file, int op, void* arg) {
  return real(file)->pMethods->xFileControl(real(file), op, arg);
}
int file_sector(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int file_traits(sqlite3_file* file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }
int shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  return real(file)->pMethods->xShmMap(real(file), region, size, extend, out);
}
int shm_lock(sqlite3_file* file, int offset, int n, int flags) {
  Log* const log = self(file).log;
  if (log != nullptr && (flags & SQLITE_SHM_LOCK) != 0 && (flags & SQLITE_SHM_SHARED) != 0) {
    log->summed_to = -1;  // A reader begins: before him another process may have begun the log anew.
  }
  if (log != nullptr && (flags & SQLITE_SHM_UNLOCK) != 0 && (flags & SQLITE_SHM_EXCLUSIVE) != 0 && offset == 0) {
    // The writer's lock (WAL_WRITE_LOCK), before another process may write: what an undone transaction left must not
    // come over its pages.
    flush(*log);
    log->lost = SQLITE_OK;
    log->header_at = log->rewritten_from = -1;
  }
  return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}
void shm_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
int shm_unmap(sqlite3_file* file, int remove) { return real(file)->pMethods->xShmUnmap(real(file), remove); }

// Version 2: pages are never mapped into memory, where nobody could check them.
constexpr sqlite3_io_methods kMethods = {
    2,         file_close,  file_read,     file_write,   file_truncate, file_sync,   file_size,
    file_lock, file_unlock, file_reserved, file_control, file_sector,   file_traits, shm_map,
    shm_lock,  shm_barrier, shm_unmap,     nullptr,      nullptr};

// The open database whose log `name` is.
CheckedFile* database_file(const char* name) {
  sqlite3_file* const file = name == nullptr ? nullptr : sqlite3_database_file_object(name);
  return file == nullptr ? nullptr : &self(file);
}

// The health of the file's database, made where there is none; nullptr: no memory.
FileHealth* health_of(const CheckedFile& file) {
  try {
    const std::lock_guard guard(layer().mutex);
    return &layer().health[database_of(file)];
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

int vfs_open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  CheckedFile& checked = self(file);
  checked.base.pMethods = nullptr;
  checked.log = nullptr;
  checked.health = nullptr;
  checked.name = name;
  checked.kind = (flags & SQLITE_OPEN_MAIN_DB) != 0 ? Kind::kDatabase
                 : (flags & SQLITE_OPEN_WAL) != 0   ? Kind::kLog
                                                    : Kind::kOther;
  if (checked.kind != Kind::kOther && (checked.health = health_of(checked)) == nullptr) {
    return SQLITE_NOMEM;
  }
  std::unique_ptr<Log> log;
  if (checked.kind == Kind::kLog) {
    log.reset(new (std::nothrow) Log{.file = &checked, .database = nullptr, .joined = {}, .sum = {}});
    if (log == nullptr) {
      return SQLITE_NOMEM;
    }
  }
  sqlite3_vfs* const system = layer().system;
  const int code = system->xOpen(system, name, checked.real(), flags, out_flags);
  if (checked.real()->pMethods == nullptr) {
    return code;
  }
  checked.base.pMethods = &kMethods;
  if (log != nullptr) {
    log->database = database_file(name);
    if (log->database != nullptr) {
      log->database->log = log.get();
    }
    checked.log = log.release();
  }
  return code;
}

void register_layer() {
  Layer& all = layer();
  all.system = sqlite3_vfs_find(nullptr);
  all.vfs = *all.system;  // Paths, random bytes, time, deletion: the system's own.
  all.vfs.zName = kName;
  all.vfs.pNext = nullptr;
  all.vfs.szOsFile = static_cast<int>(sizeof(CheckedFile)) + all.system->szOsFile;
  all.vfs.xOpen = vfs_open;
  sqlite3_vfs_register(&all.vfs, 0);
}

}  // namespace

Tolerance::Tolerance() { ++tolerances; }
Tolerance::~Tolerance() { --tolerances; }
NoHoles::NoHoles() { ++holes_refused; }
NoHoles::~NoHoles() { --holes_refused; }

std::uint64_t page_checksum(const char* bytes, std::uint64_t page) {
  return xxh3({bytes, static_cast<std::size_t>(kPageBytes - kChecksumBytes)}, page);
}

lake::Storage checked_storage() {
  static std::once_flag once;
  std::call_once(once, register_layer);
  return {.vfs = kName, .reserved_bytes = kChecksumBytes, .page_bytes = kPageBytes};
}

FileHealth file_health(const std::string& path) {
  const std::lock_guard guard(layer().mutex);
  const auto found = layer().health.find(path);
  return found == layer().health.end() ? FileHealth{} : found->second;
}

void forget_damage(const std::string& path) {
  const std::lock_guard guard(layer().mutex);
  const auto found = layer().health.find(path);
  if (found != layer().health.end()) {
    found->second.damaged.clear();
    found->second.latest.clear();
  }
}

}  // namespace lode::queue
