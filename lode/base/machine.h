// Facts of the machine this process runs on, for run records and `lode doctor`, and what it is told of our memory.
// Never an input of a number.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lode {

std::string host_name();           // "unknown" when the system does not say.
int core_count();                  // At least 1.
std::string_view vector_unit();    // "avx512", "avx2", "sse", or "scalar" off x86.
std::int64_t peak_memory_bytes();  // Of this process so far; -1 when the system does not say.
// Bytes this process read and wrote through system calls so far; mapped files are not among them.
struct IoBytes {
  std::int64_t read = -1;  // -1 when the system does not say.
  std::int64_t written = -1;
};
IoBytes io_bytes();
// Bytes that may still be taken without pushing others out: what the machine has free, or less where the control groups
// of this process allow less. -1 when the system does not say.
std::int64_t available_memory_bytes();
// Bytes that the control groups of a process leave it, by the memory.max of its group and of those above (version 2) or
// memory.limit_in_bytes (version 1); files that the kernel may drop from memory count as free. -1 = no limit.
// `membership` has the form of /proc/self/cgroup, `mount` is the folder the groups hang in.
std::int64_t group_memory_bytes(const std::string& membership, const std::string& mount);
// Asks for large pages (2 MiB on x86) behind fresh memory of which most will be used: a quarter of the time of touching
// it first in pages of 4 KiB. What lies beyond whole large pages is left as it is, and so is all of it on systems
// without them.
void prefer_large_pages(std::span<std::byte> fresh);

}  // namespace lode
