// Facts of the machine.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/machine.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>

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

std::int64_t available_memory_bytes() {
  std::ifstream in("/proc/meminfo");
  std::string name;
  std::int64_t kilobytes = 0;
  while (in >> name >> kilobytes) {
    if (name == "MemAvailable:") {
      return kilobytes * 1024;
    }
    in.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return -1;
}

}  // namespace lode
