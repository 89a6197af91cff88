// The progress line: stderr only, after 300 ms, redrawn at most ten times a second on a terminal, one plain line each
// 30 s elsewhere; a phase that is a sentence (total below 0: what is waited for) is shown at once. What stands behind a
// tab in a phase is a remark that may change while the phase goes on: "fetching yahoo\t3 refused". It also carries
// Ctrl-C to the flow: once asks for a clean stop, twice ends the process.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lode/app/cli/answer.h"
#include "lode/base/world.h"

namespace lode::cli {

class ProgressLine {
 public:
  ProgressLine(const Terminal& terminal, const Clock& clock, bool quiet);
  ~ProgressLine();  // Clears the line.

  Progress callback();  // Valid while this lives.
  void clear();

  // What was reported, in the order it began: its name, how long it lasted (the last: until now), and how much was
  // done.
  struct Phase {
    std::string name;
    std::int64_t begin_nanos = 0;  // Since this line was made
    std::int64_t nanos = 0;
    std::int64_t done = 0;
  };
  std::vector<Phase> phases() const;

 private:
  void end_phase(std::int64_t now);
  bool update(std::string_view told, std::int64_t done, std::int64_t total);
  std::string text(std::string_view told, std::int64_t done, std::int64_t total, double seconds) const;

  const Terminal& terminal_;
  const Clock& clock_;
  bool quiet_;
  std::int64_t started_;
  std::int64_t last_drawn_ = 0;
  std::int64_t phase_started_;
  std::string phase_;
  std::vector<Phase> phases_;
  bool drawn_ = false;
};

// Installs the rule of Ctrl-C and SIGTERM for this process: once asks for a clean stop, twice ends it.
void catch_interrupts();
bool interrupted();  // True once a clean stop was asked for.
// A command that SIGTERM stopped may be tried again (75); one that a person stopped has ended (130).
int exit_code_of_stop(int code);

}  // namespace lode::cli
