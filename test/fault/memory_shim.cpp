// memory_shim: a library for LD_PRELOAD that lets one allocation of a process fail, as a machine out of memory does.
//
//   LODE_FAULT_FOLDER   counting begins when the process makes a folder below this one (required)
//   LODE_FAULT_AT       number of the allocation that throws std::bad_alloc, from 1
//   LODE_FAULT_COUNT    file that receives the number of allocations at the end
//
// Only what the program's own code asks for by `new` on its first thread counts: the SQL engine is a library of its own
// that dies of a failed allocation, and works under a memory limit instead.
//
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <link.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

std::atomic<bool> is_armed{false};
std::atomic<long> allocations{0};
long fails_at = 0;

// Where the program's own code lies.
struct Program {
  const char* begin = nullptr;
  const char* end = nullptr;
};

Program find_program() {
  Program out;
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* to) {
        auto& found = *static_cast<Program*>(to);
        for (int i = 0; i < info->dlpi_phnum; ++i) {
          const auto& part = info->dlpi_phdr[i];
          if (part.p_type == PT_LOAD && (part.p_flags & PF_X) != 0) {
            found.begin = reinterpret_cast<const char*>(info->dlpi_addr + part.p_vaddr);
            found.end = found.begin + part.p_memsz;
          }
        }
        return 1;  // The program itself comes first.
      },
      &out);
  return out;
}

Program program;

struct AtEnd {
  ~AtEnd() {
    is_armed = false;
    const char* const path = std::getenv("LODE_FAULT_COUNT");
    const int file = path == nullptr ? -1 : open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (file >= 0) {
      char text[32];
      const int size = std::snprintf(text, sizeof text, "%ld\n", allocations.load());
      if (write(file, text, static_cast<size_t>(size)) < 0) {
        _exit(126);
      }
      close(file);
    }
  }
} at_end;

void* allocate(size_t size, size_t alignment, const void* caller) {
  const bool counts = is_armed.load(std::memory_order_relaxed) && caller >= program.begin && caller < program.end &&
                      syscall(SYS_gettid) == getpid();
  if (counts && ++allocations == fails_at) {
    throw std::bad_alloc();
  }
  const size_t some = size == 0 ? 1 : size;
  void* const memory = alignment <= alignof(max_align_t)
                           ? std::malloc(some)
                           : std::aligned_alloc(alignment, (some + alignment - 1) / alignment * alignment);
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  return memory;
}

}  // namespace

#define LODE_SHIM __attribute__((visibility("default")))

// The other forms come to these. The C++ library frees by free(), so malloc's memory is what it expects.
LODE_SHIM void* operator new(size_t size) { return allocate(size, 1, __builtin_return_address(0)); }
LODE_SHIM void* operator new[](size_t size) { return allocate(size, 1, __builtin_return_address(0)); }
LODE_SHIM void* operator new(size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<size_t>(alignment), __builtin_return_address(0));
}

extern "C" LODE_SHIM int mkdir(const char* path, mode_t mode) {
  const char* const folder = std::getenv("LODE_FAULT_FOLDER");
  if (folder != nullptr && !is_armed && std::strncmp(path, folder, std::strlen(folder)) == 0) {
    const char* const at = std::getenv("LODE_FAULT_AT");
    fails_at = at == nullptr ? 0 : std::atol(at);
    program = find_program();
    is_armed = true;
  }
  return static_cast<int>(syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}
