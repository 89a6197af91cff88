// The phases of a long step: what the progress line names, what -v times, and where Ctrl-C ends it cleanly.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lode/base/result.h"
#include "lode/base/world.h"

namespace lode::flow {

// Says that `phase` begins ("reading panels"). E0010 when whoever waits asked to stop: the caller has stored nothing.
Result<void> begin_phase(const World& world, std::string_view phase);

}  // namespace lode::flow
