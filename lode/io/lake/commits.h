// Commits and parts in the manifest: the statements that Lake, Writer and their like share.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lode/io/lake/lake.h"
#include "lode/io/lake/manifest.h"

namespace lode::lake {

// A part with its version order: among rows of one key the one in the part of the highest (rank, id) is the newest.
struct StoredPart : PartInfo {
  CommitId rank = 0;
};

// Parts seen at `commit`, by table, then rank, then id. E8008 when vacuum removed one of them.
Result<std::vector<StoredPart>> visible_parts(const Database& manifest, CommitId commit);
Result<std::vector<CommitInfo>> all_commits(const Database& manifest);      // Ascending.
Result<std::vector<CommitRows>> rows_of_commits(const Database& manifest);  // By commit, then table.
Result<CommitId> last_commit(const Database& manifest);                     // 0 when there is none.
Result<CommitInfo> commit_info(const Database& manifest, CommitId commit);  // E8008
// Every part's row against its checksum, seen or not: E8007.
Result<void> check_part_rows(const Database& manifest);

// Writes. The caller holds the CommitLock and an open transaction.
Result<CommitInfo> insert_commit(const Database& manifest, Time now, std::string token, std::string flow, Value note);
Result<void> insert_part(const Database& manifest, const StoredPart& part);
Result<void> hide_commit(const Database& manifest, CommitId commit, CommitId by);

// Numbers for `count` new parts, never given out again; the first of them. A transaction of its own.
Result<std::int64_t> reserve_parts(const Database& manifest, std::int64_t count);

}  // namespace lode::lake
