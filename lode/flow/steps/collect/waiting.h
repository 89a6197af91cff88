// Answers that wait: archived, and named by a message of a collector's queue, but not yet by a commit. However long
// they wait (a process that died and was not started again, a dead letter until its redrive), their bytes are needed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "lode/base/world.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {

// Makes the raw files of waiting answers as young as now, so that a vacuum that follows leaves them alone. How many
// there are. Bytes that are gone or damaged are passed over: they are for verify to tell. Errors of a queue that cannot
// be read: then nobody knows what waits, and nothing may be removed.
Result<std::int64_t> renew_waiting(World& world, lake::Lake& lake);

}  // namespace lode::flow
