// fault_shim: a library for LD_PRELOAD that counts the calls by which a process changes files, and at the k-th of them
// kills the process or lets the call fail. It stands in the way of SQLite, DuckDB and the C library alike.
//
//   LODE_FAULT_FOLDER   only files below this folder count (required; without it nothing happens)
//   LODE_FAULT_AT       number of the call, from 1; 0 or absent: only count
//   LODE_FAULT_DO       kill (default): SIGKILL before the call
//                       torn: a write writes half of its bytes, then SIGKILL
//                       eio: fsync and fdatasync fail with EIO once; only they count
//                       full: from the k-th write on, writes and truncates fail with ENOSPC while LODE_FAULT_COUNT's
//                       file is not removed
//   LODE_FAULT_COUNT    file that receives the number of calls at the end, and at every kill
//
// Calls: write, pwrite, pwritev, writev, fsync, fdatasync, ftruncate, fallocate, rename, unlink, mkdir.
//
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

enum class Do { kNothing, kCount, kKill, kTorn, kEio, kFull };

struct Orders {
  Do what = Do::kNothing;
  long at = 0;
  const char* folder = nullptr;
  const char* count_file = nullptr;
};

const Orders& orders() {
  static const Orders one = [] {
    Orders out;
    out.folder = std::getenv("LODE_FAULT_FOLDER");
    out.count_file = std::getenv("LODE_FAULT_COUNT");
    const char* const at = std::getenv("LODE_FAULT_AT");
    const char* const what = std::getenv("LODE_FAULT_DO");
    out.at = at == nullptr ? 0 : std::atol(at);
    if (out.folder != nullptr) {
      const auto is = [&](const char* word) { return what != nullptr && std::strcmp(what, word) == 0; };
      out.what = is("eio")     ? Do::kEio
                 : is("full")  ? Do::kFull
                 : out.at == 0 ? Do::kCount
                 : is("torn")  ? Do::kTorn
                               : Do::kKill;
    }
    return out;
  }();
  return one;
}

std::atomic<long> calls{0};

void write_count() {
  if (orders().count_file == nullptr) {
    return;
  }
  char text[32];
  const int size = std::snprintf(text, sizeof text, "%ld\n", calls.load());
  const int file =
      static_cast<int>(syscall(SYS_openat, AT_FDCWD, orders().count_file, O_WRONLY | O_CREAT | O_TRUNC, 0666));
  if (file >= 0) {
    syscall(SYS_write, file, text, static_cast<size_t>(size));
    syscall(SYS_close, file);
  }
}

struct AtEnd {
  ~AtEnd() {
    if (orders().what != Do::kNothing && orders().what != Do::kFull) {
      write_count();
    }
  }
} at_end;

bool is_below(const char* path) {
  const size_t size = std::strlen(orders().folder);
  return std::strncmp(path, orders().folder, size) == 0;
}

bool counts(int descriptor) {
  if (orders().what == Do::kNothing) {
    return false;
  }
  char link[64];
  char path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t size = readlink(link, path, sizeof path - 1);
  if (size <= 0) {
    return false;
  }
  path[size] = '\0';
  return is_below(path);
}

[[noreturn]] void die() {
  write_count();
  kill(getpid(), SIGKILL);
  for (;;) {
    pause();
  }
}

// Counts a call that changes a file; true: it must fail as for a full disk.
bool meets_fault(bool is_write) {
  if (orders().what == Do::kEio) {
    return false;
  }
  const long number = ++calls;
  if (orders().what == Do::kFull) {
    return is_write && orders().at > 0 && number >= orders().at && access(orders().count_file, F_OK) == 0;
  }
  if (orders().what == Do::kKill && number == orders().at) {
    die();
  }
  return false;
}

bool is_torn_here() { return orders().what == Do::kTorn && calls.load() == orders().at; }

int sync_or_fail(long call, int descriptor) {
  if (counts(descriptor)) {
    if (orders().what == Do::kEio) {
      if (++calls == orders().at) {
        errno = EIO;
        return -1;
      }
    } else {
      meets_fault(false);
    }
  }
  return static_cast<int>(syscall(call, descriptor));
}

}  // namespace

#define LODE_SHIM extern "C" __attribute__((visibility("default")))

LODE_SHIM ssize_t write(int descriptor, const void* bytes, size_t size) {
  if (counts(descriptor)) {
    if (meets_fault(true)) {
      errno = ENOSPC;
      return -1;
    }
    if (is_torn_here()) {
      syscall(SYS_write, descriptor, bytes, size / 2);
      die();
    }
  }
  return syscall(SYS_write, descriptor, bytes, size);
}

LODE_SHIM ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t offset) {
  if (counts(descriptor)) {
    if (meets_fault(true)) {
      errno = ENOSPC;
      return -1;
    }
    if (is_torn_here()) {
      syscall(SYS_pwrite64, descriptor, bytes, size / 2, offset);
      die();
    }
  }
  return syscall(SYS_pwrite64, descriptor, bytes, size, offset);
}

LODE_SHIM ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  return pwrite64(descriptor, bytes, size, offset);
}

LODE_SHIM ssize_t writev(int descriptor, const struct iovec* parts, int count) {
  if (counts(descriptor) && meets_fault(true)) {
    errno = ENOSPC;
    return -1;
  }
  return syscall(SYS_writev, descriptor, parts, count);
}

LODE_SHIM int fsync(int descriptor) { return sync_or_fail(SYS_fsync, descriptor); }
LODE_SHIM int fdatasync(int descriptor) { return sync_or_fail(SYS_fdatasync, descriptor); }

LODE_SHIM int ftruncate64(int descriptor, off64_t size) {
  if (counts(descriptor) && meets_fault(true)) {
    errno = ENOSPC;
    return -1;
  }
  return static_cast<int>(syscall(SYS_ftruncate, descriptor, size));
}
LODE_SHIM int ftruncate(int descriptor, off_t size) { return ftruncate64(descriptor, size); }

LODE_SHIM int fallocate(int descriptor, int mode, off_t offset, off_t size) {
  if (counts(descriptor) && meets_fault(true)) {
    errno = ENOSPC;
    return -1;
  }
  return static_cast<int>(syscall(SYS_fallocate, descriptor, mode, offset, size));
}
LODE_SHIM int posix_fallocate(int descriptor, off_t offset, off_t size) {
  return fallocate(descriptor, 0, offset, size) == 0 ? 0 : errno;
}

LODE_SHIM int rename(const char* from, const char* to) {
  if (orders().what != Do::kNothing && is_below(to)) {
    meets_fault(false);
  }
  return static_cast<int>(syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to));
}

LODE_SHIM int unlink(const char* path) {
  if (orders().what != Do::kNothing && is_below(path)) {
    meets_fault(false);
  }
  return static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}

LODE_SHIM int mkdir(const char* path, mode_t mode) {
  if (orders().what != Do::kNothing && is_below(path)) {
    meets_fault(false);
  }
  return static_cast<int>(syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}
