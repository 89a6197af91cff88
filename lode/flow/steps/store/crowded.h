// Crowded tables: every commit leaves a part in each partition it touches, and readers open all of them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/base/world.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {

// Merges partitions of many parts. Readers see the same rows, so nothing fails for it: what could not be merged is
// logged, and the next commit tries again.
void merge_crowded(World& world, lake::Lake& lake);

}  // namespace lode::flow
