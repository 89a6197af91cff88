// Opening the lake of a World.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/open_lake.h"

#include <fmt/format.h>

namespace lode::flow {

namespace {

constexpr std::int64_t kNotice = -1;  // As a total: the phase is a sentence to be shown at once, there is no count.

Result<std::shared_ptr<lake::Lake>> open_as(World& world, lake::Access access) {
  auto opened = lake::Lake::open(world.lake, access, world.clock, world.pool);
  if (!opened && opened.error().number() == E::E8001) {
    return fail(
        std::move(opened).error().hinting("lode data import PATH... brings your own bars, lode demo makes some; "
                                          "--lake DIR names another lake"));
  }
  LODE_TRY(auto lake, std::move(opened));
  lake->on_wait([&world](std::string_view holder) {
    return report_progress(world, fmt::format("waiting for {}, which is writing to the lake", holder), 0, kNotice);
  });
  return std::shared_ptr<lake::Lake>(std::move(lake));
}

}  // namespace

Result<std::shared_ptr<lake::Lake>> open_lake(World& world, Wanted wanted) {
  switch (wanted) {
    case Wanted::kRead:
      return open_as(world, lake::Access::kRead);
    case Wanted::kWrite:
      return open_as(world, lake::Access::kWrite);
    case Wanted::kCreate:
      return open_as(world, lake::Access::kCreate);
    case Wanted::kWriteOrRead:
      break;
  }
  Result<std::shared_ptr<lake::Lake>> opened = open_as(world, lake::Access::kWrite);
  if (!opened && (opened.error().number() == E::E8004 || opened.error().number() == E::E8006)) {
    return open_as(world, lake::Access::kRead);
  }
  return opened;
}

}  // namespace lode::flow
