// A worker process for crash tests: this test program again, with the fault shim (test/fault/fault_shim.cpp) preloaded,
// playing a fixed script on a queue and telling through a pipe what was acknowledged to it. For tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "lode/io/queue/testing.h"

namespace lode::queue::testing {

// Small enough that a few dozen messages make runs of keys, merges and checkpoints.
inline const Options kCrashOptions{.receives_most = 2, .fresh_keys = 8, .log_pages = 24};
inline constexpr int kCrashRounds = 12;
inline constexpr int kCrashBatch = 6;

// The messages of a round: `kCrashBatch` of them in three groups, and one key of the round before again.
struct CrashMessage {
  std::string key, group, payload;
};
std::vector<CrashMessage> messages_of(int round);

// How a worker is hindered.
struct Fault {
  std::string what;  // "", "kill", "torn", "eio", "full"
  long at = 0;
};

// Starts a worker on the queue "q" below `folder`, waits for its end, and keeps what it said.
struct Worker {
  Worker(const std::string& folder, int rounds, const Fault& fault);

  std::set<std::string> pushed;  // Keys whose push was acknowledged.
  std::set<std::string> acked;   // Keys whose ack was.
  std::set<std::string> asked;   // Keys whose ack was begun.
  std::vector<std::string> notes;
  int status = 0;  // As waitpid gives it.
  long calls = 0;  // That the shim counted.

  bool killed() const;
  bool finished() const;  // With exit code 0.
};

std::string shim_path();  // Of the fault shim, beside this program; empty when it was not built.

}  // namespace lode::queue::testing
