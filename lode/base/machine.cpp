// Facts of the machine, and advice on memory.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/machine.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <string>

#include "lode/base/text.h"

namespace lode {

std::string host_name() {
  char buffer[256] = {};
  return gethostname(buffer, sizeof(buffer) - 1) == 0 ? std::string(buffer) : std::string("unknown");
}

int core_count() { return static_cast<int>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN))); }

std::string_view vector_unit() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return "avx512";
  return __builtin_cpu_supports("avx2") ? "avx2" : "sse";
#else
  return "scalar";
#endif
}

namespace {

// The number behind `name` in a file of "name: number unit" lines; -1 when there is none.
std::int64_t number_in(const char* path, std::string_view name) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(name)) {
      continue;
    }
    const std::string_view rest = trim(std::string_view(line).substr(name.size()));
    std::int64_t number = -1;
    return parse_int(rest.substr(0, rest.find(' ')), number) ? number : -1;
  }
  return -1;
}

std::int64_t kilobytes_in(const char* path, std::string_view name) {
  const std::int64_t kilobytes = number_in(path, name);
  return kilobytes < 0 ? -1 : kilobytes * 1024;
}

}  // namespace

std::int64_t peak_memory_bytes() { return kilobytes_in("/proc/self/status", "VmHWM:"); }

IoBytes io_bytes() { return {number_in("/proc/self/io", "rchar:"), number_in("/proc/self/io", "wchar:")}; }

namespace {

// What one group leaves; -1 without a limit.
std::int64_t left_in_group(const std::string& folder, const char* limit_file, const char* used_file,
                           const char* reclaimable) {
  const std::int64_t limit = number_in((folder + limit_file).c_str(), "");
  const std::int64_t used = number_in((folder + used_file).c_str(), "");
  if (limit < 0 || used < 0) {
    return -1;  // "max", or no such group.
  }
  const std::int64_t kept = used - std::max<std::int64_t>(number_in((folder + "/memory.stat").c_str(), reclaimable), 0);
  return std::max<std::int64_t>(limit - std::max<std::int64_t>(kept, 0), 0);
}

std::int64_t smaller_known(std::int64_t a, std::int64_t b) { return a < 0 || b < 0 ? std::max(a, b) : std::min(a, b); }

}  // namespace

std::int64_t group_memory_bytes(const std::string& membership, const std::string& mount) {
  std::int64_t left = -1;
  std::ifstream in(membership);
  for (std::string line; std::getline(in, line);) {
    const bool is_unified = line.starts_with("0::");
    const std::size_t memory = line.find(":memory:");
    if (!is_unified && memory == std::string::npos) {
      continue;
    }
    // Inside a container the path may be that of the host: then only the root of the mount is there.
    std::string path = line.substr(is_unified ? 3 : memory + 8);
    for (bool is_root = false; !is_root;) {
      is_root = path.empty() || path == "/";
      path = is_root ? "" : path;
      left = smaller_known(left, is_unified
                                     ? left_in_group(mount + path, "/memory.max", "/memory.current", "inactive_file ")
                                     : left_in_group(mount + "/memory" + path, "/memory.limit_in_bytes",
                                                     "/memory.usage_in_bytes", "total_inactive_file "));
      path = path.substr(0, path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
    }
  }
  return left;
}

std::int64_t available_memory_bytes() {
  return smaller_known(kilobytes_in("/proc/meminfo", "MemAvailable:"),
                       group_memory_bytes("/proc/self/cgroup", "/sys/fs/cgroup"));
}

void prefer_large_pages(std::span<std::byte> fresh) {
#ifdef MADV_HUGEPAGE
  constexpr std::size_t kLargePage = std::size_t{2} << 20;
  void* start = fresh.data();
  std::size_t bytes = fresh.size();
  if (std::align(kLargePage, kLargePage, start, bytes) != nullptr) {
    // Only advice: a system that does not take it serves small pages.
    (void)madvise(start, bytes / kLargePage * kLargePage, MADV_HUGEPAGE);
  }
#else
  (void)fresh;
#endif
}

}  // namespace lode
