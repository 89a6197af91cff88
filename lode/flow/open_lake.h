// Opening the lake of a World, with errors that say what to do next.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "lode/base/world.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {

// The lake at world.lake. kRead falls back to nothing: E8001 names the folder and the commands that make a lake. A lake
// that cannot be written, or stands on a full disk, opens for reading under `kWriteOrRead`. Who waits for another
// writer's lock says so through world.progress.
enum class Wanted : std::uint8_t { kRead, kWrite, kCreate, kWriteOrRead };
Result<std::shared_ptr<lake::Lake>> open_lake(World& world, Wanted wanted);

}  // namespace lode::flow
