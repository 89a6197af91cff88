// What stands on a commit: rows of later commits that would be left without their ground were it hidden.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lode/io/lake/lake.h"

namespace lode::lake {

// Rows of a table that a later commit, which stands, stored on top of what an earlier one had.
struct Dependent {
  CommitId commit = 0;  // The later one.
  std::string table;
  std::int64_t corrections = 0;  // Newer versions of the earlier commit's rows: known from when they were received, so
                                 // without the first version their keys are unknown before.
  std::int64_t orphans = 0;      // Of instruments that only the earlier commit holds: they would have no name.
};

// All that stands on `commit`, newest commit first, then by table; empty when it can be hidden alone. Reverts and
// compactions hold no rows of their own, and rows set aside (quarantine) stand for themselves. E5004, E8005, E8007.
Result<std::vector<Dependent>> dependents(const Lake& lake, CommitId commit);

}  // namespace lode::lake
