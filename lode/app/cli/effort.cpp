// Effort of a command.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/effort.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"

namespace lode::cli {

namespace {

std::string seconds(std::int64_t nanos) { return fixed(static_cast<double>(nanos) * 1e-9, 3); }

std::string kilobytes(std::int64_t bytes) { return grouped((bytes + 1023) / 1024) + " KB"; }

}  // namespace

std::string effort_text(const World& world, const std::vector<ProgressLine::Phase>& phases, std::int64_t nanos,
                        bool each_step) {
  std::string out = fmt::format("lake    {}\n", world.lake);
  if (const IoBytes bytes = io_bytes(); bytes.read >= 0) {
    out += fmt::format("bytes   {} read, {} written, mapped files aside\n", kilobytes(bytes.read),
                       kilobytes(bytes.written));
  }
  out += fmt::format("time    {} s", seconds(nanos));
  std::int64_t rest = nanos;
  for (const ProgressLine::Phase& phase : phases) {
    out += fmt::format("{} {} {}", &phase == &phases.front() ? ":" : ",", phase.name, seconds(phase.nanos));
    rest -= phase.nanos;
  }
  out += phases.empty() ? "\n" : fmt::format(", before them {}\n", seconds(std::max<std::int64_t>(0, rest)));
  if (const std::int64_t peak = peak_memory_bytes(); peak >= 0) {
    out += fmt::format("memory  {} at most\n", kilobytes(peak));
  }
  if (each_step) {
    for (const ProgressLine::Phase& phase : phases) {
      out += fmt::format("step    at {} s  {} s  {}{}\n", seconds(phase.begin_nanos), seconds(phase.nanos), phase.name,
                         phase.done > 0 ? ", " + grouped(phase.done) + " done" : "");
    }
  }
  return out;
}

}  // namespace lode::cli
