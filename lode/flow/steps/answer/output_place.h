// Where a command writes what -o names: judged before anything is computed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/flow/flow.h"

namespace lode::flow {

// Judges the path in `output`, where one was given: E0004 when it is empty or a folder, lies in the lake, or is a file
// that the same request reads; E0008 when the folder it would stand in does not exist. Any other file there is
// replaced. Lode makes no folders on the way to a file of the user's.
Result<void> check_output(const World& world, const Request& request);

}  // namespace lode::flow
