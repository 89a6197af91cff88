// The layer under SQLite: everything goes to the system's own, but for pages written and read.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/queue/checked_file.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <array>
#include <cstring>
#include <map>
#include <mutex>

#include "lode/base/hash.h"

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

// What stands in SQLite's memory for an open file; the system's own object lies behind it.
struct CheckedFile {
  sqlite3_file base;
  Kind kind;
  const char* name;  // SQLite's, lives as long as the file.
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

int refuse(const CheckedFile& file, const std::string& place) {
  if (tolerances > 0) {
    return SQLITE_OK;
  }
  Layer& all = layer();
  const std::lock_guard guard(all.mutex);
  FileHealth& health = all.health[database_of(file)];
  if (health.damaged.empty()) {
    health.damaged = place;
  }
  // A damaged page costs its statement. At an I/O error SQLite takes the whole transaction back, after SQLITE_CORRUPT
  // the rest of the transaction may only read (SQLite 3.40, vdbe.c).
  return SQLITE_NOTADB;
}

std::string place_of(std::uint64_t page, sqlite3_int64 offset, const char* where) {
  return fmt::format("page {} ({}bytes {} to {})", page, where, offset, offset + kPageBytes - 1);
}

bool all_zero(const char* bytes) {
  return bytes[0] == 0 && std::memcmp(bytes, bytes + 1, static_cast<std::size_t>(kPageBytes) - 1) == 0;
}

int check_page(const CheckedFile& file, const char* bytes, int size, sqlite3_int64 offset) {
  if (size < 512) {
    return SQLITE_OK;  // SQLite's look at the header; the whole first page is read, and checked, before it is used.
  }
  if (size != kPageBytes || offset % kPageBytes != 0) {
    return refuse(file, fmt::format("page 1 (it tells of pages of {} bytes, a queue's have {})", size, kPageBytes));
  }
  const auto page = static_cast<std::uint64_t>(offset / kPageBytes) + 1;
  std::uint64_t stored = 0;
  std::memcpy(&stored, bytes + kPageBytes - kChecksumBytes, kChecksumBytes);
  if (stored != page_checksum(bytes, page) && !all_zero(bytes)) {  // Zeros: a page that was never written.
    return refuse(file, place_of(page, offset, ""));
  }
  return SQLITE_OK;
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

// A page of the log against the checksums of its frame and of the frame before it.
int check_frame(CheckedFile& file, const char* bytes, int size, sqlite3_int64 offset) {
  constexpr sqlite3_int64 kFrameBytes = kFrameHeaderBytes + kPageBytes;
  const sqlite3_int64 behind = offset - kLogHeaderBytes - kFrameHeaderBytes;
  if (size != kPageBytes || behind < 0 || behind % kFrameBytes != 0) {
    return SQLITE_OK;  // Headers, and whole frames of a log that is opened: SQLite checks these itself.
  }
  sqlite3_file* const real = file.real();
  unsigned char log[kLogHeaderBytes];
  unsigned char frame[kFrameHeaderBytes];
  unsigned char before[8];
  const sqlite3_int64 before_at = behind == 0 ? 24 : offset - kFrameBytes - 8;  // The checksum that ends a header.
  if (const int code = real->pMethods->xRead(real, log, sizeof log, 0); code != SQLITE_OK) {
    return code;
  }
  if (const int code = real->pMethods->xRead(real, frame, sizeof frame, offset - kFrameHeaderBytes);
      code != SQLITE_OK) {
    return code;
  }
  if (const int code = real->pMethods->xRead(real, before, sizeof before, before_at); code != SQLITE_OK) {
    return code;
  }
  const bool big_endian = (big_endian_at(log) & 1U) != 0;
  std::array<std::uint32_t, 2> sum{big_endian_at(before), big_endian_at(before + 4)};
  add_to_log_sum(frame, 8, big_endian, sum);
  add_to_log_sum(reinterpret_cast<const unsigned char*>(bytes), static_cast<std::size_t>(size), big_endian, sum);
  if (sum[0] != big_endian_at(frame + 16) || sum[1] != big_endian_at(frame + 20)) {
    return refuse(file, place_of(big_endian_at(frame), offset, "in the log, "));
  }
  return SQLITE_OK;
}

int file_close(sqlite3_file* file) { return real(file)->pMethods->xClose(real(file)); }

int file_read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  const int code = real(file)->pMethods->xRead(real(file), to, size, offset);
  if (code != SQLITE_OK || self(file).kind == Kind::kOther) {
    return code;
  }
  const auto* const bytes = static_cast<const char*>(to);
  return self(file).kind == Kind::kDatabase ? check_page(self(file), bytes, size, offset)
                                            : check_frame(self(file), bytes, size, offset);
}

int file_write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  if (self(file).kind != Kind::kDatabase || size != kPageBytes) {
    return real(file)->pMethods->xWrite(real(file), from, size, offset);
  }
  char page[kPageBytes];
  std::memcpy(page, from, static_cast<std::size_t>(kPageBytes));
  const std::uint64_t sum = page_checksum(page, static_cast<std::uint64_t>(offset / kPageBytes) + 1);
  std::memcpy(page + kPageBytes - kChecksumBytes, &sum, kChecksumBytes);
  return real(file)->pMethods->xWrite(real(file), page, size, offset);
}

int file_truncate(sqlite3_file* file, sqlite3_int64 size) { return real(file)->pMethods->xTruncate(real(file), size); }

int file_sync(sqlite3_file* file, int flags) {
  const int code = real(file)->pMethods->xSync(real(file), flags);
  if (code != SQLITE_OK) {
    const std::lock_guard guard(layer().mutex);
    layer().health[database_of(self(file))].sync_failed = true;
  }
  return code;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) { return real(file)->pMethods->xFileSize(real(file), size); }
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
  return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}
void shm_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
int shm_unmap(sqlite3_file* file, int remove) { return real(file)->pMethods->xShmUnmap(real(file), remove); }

// Version 2: pages are never mapped into memory, where nobody could check them.
constexpr sqlite3_io_methods kMethods = {
    2,         file_close,  file_read,     file_write,   file_truncate, file_sync,   file_size,
    file_lock, file_unlock, file_reserved, file_control, file_sector,   file_traits, shm_map,
    shm_lock,  shm_barrier, shm_unmap,     nullptr,      nullptr};

int vfs_open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  CheckedFile& checked = self(file);
  checked.base.pMethods = nullptr;
  checked.name = name;
  checked.kind = (flags & SQLITE_OPEN_MAIN_DB) != 0 ? Kind::kDatabase
                 : (flags & SQLITE_OPEN_WAL) != 0   ? Kind::kLog
                                                    : Kind::kOther;
  sqlite3_vfs* const system = layer().system;
  const int code = system->xOpen(system, name, checked.real(), flags, out_flags);
  if (checked.real()->pMethods != nullptr) {
    checked.base.pMethods = &kMethods;
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

void forget_health(const std::string& path) {
  const std::lock_guard guard(layer().mutex);
  layer().health.erase(path);
}

}  // namespace lode::queue
