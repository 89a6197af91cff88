// Merging the partitions that many commits wrote into.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/store/crowded.h"

#include <utility>

namespace lode::flow {
namespace {

constexpr std::size_t kPartsMost = 16;

}  // namespace

void merge_crowded(World& world, lake::Lake& lake) {
  const Result<lake::Snapshot> snapshot = lake.snapshot();
  if (!snapshot) {
    return;
  }
  for (const lake::TableInfo& table : snapshot->tables()) {
    if (std::cmp_less_equal(table.parts, kPartsMost)) {
      continue;
    }
    if (const Result<lake::CommitInfo> merged = lake.compact(table.name, kPartsMost); !merged) {
      Value fields = Value::object();
      fields.set("table", table.name);
      fields.set("why", merged.error().message());
      world.log.warning("many small parts could not be merged; the next commit tries again", fields);
    }
  }
}

}  // namespace lode::flow
