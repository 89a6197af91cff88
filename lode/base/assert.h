// LODE_ASSERT: our own invariants, checked in every build. State them positively, one fact each.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace lode {

// Prints "assertion failed: <fact> at <file>:<line>" to stderr and aborts.
[[noreturn]] void assert_failed(const char* fact, const char* file, int line);

}  // namespace lode

#define LODE_ASSERT(fact)                               \
  do {                                                  \
    if (!(fact)) [[unlikely]] {                         \
      ::lode::assert_failed(#fact, __FILE__, __LINE__); \
    }                                                   \
  } while (false)
