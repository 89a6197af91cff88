// How a phase is told, and how a stop is heard.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/phase.h"

#include <fmt/format.h>

namespace lode::flow {

Result<void> begin_phase(const World& world, std::string_view phase) {
  if (!report_progress(world, phase, 0, 0)) {
    return fail(E::E10, fmt::format("stopped before {}: nothing was recorded", phase),
                "the same command starts it again");
  }
  return {};
}

}  // namespace lode::flow
