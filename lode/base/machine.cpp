// Facts of the machine.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/machine.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
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

std::int64_t available_memory_bytes() { return kilobytes_in("/proc/meminfo", "MemAvailable:"); }

}  // namespace lode
