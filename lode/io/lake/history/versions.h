// Every version of a row, where the current view shows the newest alone: what a history prints, and what a reader needs
// who decides by more than known_time which version counts.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lode/io/lake/lake.h"

namespace lode::lake {

// As Snapshot::read, but all versions known by `query.as_of` (default: all the snapshot holds): rows sorted by key, the
// versions of a key in the order of their commits. `query.where` and the selections choose among versions. E2016,
// E8005, E2001 as there; E0004 for factor_values, whose rows have no versions.
Result<Batch> read_versions(const Snapshot& snapshot, std::string_view table, const Query& query);

}  // namespace lode::lake
