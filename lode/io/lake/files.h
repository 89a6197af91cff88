// Files as the lake needs them: durable writes, mapped reads, hashes, and the lock that is held per commit. Every
// failure names the path and is a registered error: E8006 disk full, E8004 read-only, E8005 missing or damaged, else
// E8009.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/base/time.h"

namespace lode::lake {

// The registered error of a failed system call; `doing` as in "write", "make".
Error file_error(std::string_view doing, const std::string& path, int error_number);

// All of `bytes` to an open file, whatever a single write takes. 0, or the errno that ended it.
int write_all(int descriptor, std::string_view bytes);

struct FileStat {
  std::int64_t bytes = 0;
  Time modified;
};
std::optional<FileStat> stat_file(const std::string& path);  // nullopt: not there, or not a regular file.
bool is_folder(const std::string& path);                     // Links followed; false also when it may not be looked at.
bool is_empty_folder(const std::string& path);               // False when absent, or no folder.

// Makes the folder and its parents; each new one is durable in its parent.
Result<void> make_folders(const std::string& path);
Result<void> sync_file(const std::string& path);    // Its bytes reach the disk. E8004, E8005, E8006, E8009.
Result<void> sync_folder(const std::string& path);  // The names in it do, where its file system can do so.
// fdatasync of `temporary`, rename to `path`, fsync of the folder: after this `path` holds all of it, whatever happens.
Result<void> publish(const std::string& temporary, const std::string& path);
// The same, but false when a file of that name stands there already: it is left as it is, and so is `temporary`.
Result<bool> publish_new(const std::string& temporary, const std::string& path);
// Writes `bytes` to a name of its own beside `path` and publishes it.
Result<void> write_durably(const std::string& path, std::string_view bytes);
Result<std::string> read_file(const std::string& path);  // E0008 when it is not there.
// Bytes copied to `to` (durable); the copy's hash must be `hash` when that is not empty (E8005).
Result<std::int64_t> copy_file(const std::string& from, const std::string& to, std::string_view hash);
void remove_quietly(const std::string& path);  // A file that is absent or stays is no error.

// Where `path` is written before it is put in place: "x.csv.4711-0.tmp", a name that no other writer has and no user's
// file. What writers that are gone left of `path` is removed on the way.
std::string own_temporary(const std::string& path);
// Regular files under `folder`, relative to it, sorted; empty when it is absent.
std::vector<std::string> list_files(const std::string& folder);

// A whole file mapped for reading. A file that is cut while mapped kills the reader, but parts never change.
class MappedFile {
 public:
  static Result<MappedFile> open(const std::string& path);  // E0008
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&&) = delete;
  ~MappedFile();
  std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }

 private:
  MappedFile(void* data, std::size_t size) : data_(data), size_(size) {}
  void* data_;
  std::size_t size_;
};
Result<std::string> file_hash(const std::string& path);    // xxh3-128 of the bytes.
Result<std::string> file_sha256(const std::string& path);  // Of the bytes, 64 hex digits. E0008 not there, E8009.

inline constexpr double kLockWaitSeconds = 10.0;
inline constexpr double kSilentWaitSeconds = 0.3;

// The advisory lock of one lake, held for a commit. The lock file tells who holds it (pid, host, boot id, start of the
// process) and means nothing once the holder is gone: the kernel releases the lock with the process.
class CommitLock {
 public:
  // Waits up to `wait_seconds`, then E8003 naming the holder. After kSilentWaitSeconds `notice` (may be empty) is told
  // whom it waits for, again and again; its false ends the wait with E0010.
  static Result<CommitLock> acquire(const std::string& lake, double wait_seconds = kLockWaitSeconds,
                                    const std::function<bool(std::string_view)>& notice = {});
  CommitLock(CommitLock&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  CommitLock& operator=(CommitLock&&) = delete;
  ~CommitLock();

 private:
  explicit CommitLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// Who holds the commit lock of a lake now, "process 4711 on alpha"; nullopt when nobody does. Leaves no lock file.
std::optional<std::string> lock_holder(const std::string& lake);

// True when less than what SQLite needs to begin (64 KB) is free where `path` lies.
bool is_disk_full(const std::string& path);

// True where file locks and shared memory cannot be trusted (NFS, SMB): a lake there may be read, not written.
bool is_network_file_system(const std::string& path);

}  // namespace lode::lake
