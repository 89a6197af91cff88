// Where a broken invariant of ours ends: the fact goes to stderr and the process stops.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace lode {

void assert_failed(const char* fact, const char* file, int line) {
  // stdio and nothing else: the heap or the log may be what is broken.
  std::fprintf(stderr, "assertion failed: %s at %s:%d\n", fact, file, line);
  std::fflush(stderr);
  std::abort();
}

}  // namespace lode
