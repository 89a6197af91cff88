// What -v and -vv say after the answer: what was read, how long each phase took, and how much memory it needed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lode/app/cli/progress_line.h"
#include "lode/base/machine.h"

namespace lode::cli {

// Four lines (lake, bytes, time by phase, peak memory), for stderr. `each_step`: a line a phase as well, with when it
// began and how much it did. `nanos`: of the whole command. A count the system does not keep is left out.
std::string effort_text(const World& world, const std::vector<ProgressLine::Phase>& phases, std::int64_t nanos,
                        bool each_step);

}  // namespace lode::cli
