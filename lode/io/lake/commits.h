// Commits and parts in the manifest: the statements that Lake, Writer and their like share.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/io/lake/lake.h"
#include "lode/io/lake/manifest.h"

namespace lode::lake {

// A part with its version order: among rows of one key the one in the part of the highest (rank, id) is the newest.
struct StoredPart : PartInfo {
  CommitId rank = 0;
  std::string alias;  // Of the run, for parts of values; filled by values_parts().
};

// Behind a SELECT of columns of p: the rows of parts that a reader of commit ?1 sees. A part is seen from its commit
// on, unless that was reverted, and until a commit that stands replaced it.
inline constexpr std::string_view kVisibleParts = R"sql(
    FROM parts p JOIN commits c ON c.id = p.commit_id
    WHERE p.commit_id <= ?1 AND (c.reverted_by IS NULL OR c.reverted_by > ?1)
      AND NOT EXISTS (SELECT 1 FROM replaced x JOIN commits y ON y.id = x.commit_id
                      WHERE x.part_id = p.id AND y.id <= ?1 AND (y.reverted_by IS NULL OR y.reverted_by > ?1)))sql";

// Parts seen at `commit`, by table, then rank, then id. E8008 when vacuum removed one of them, naming the
// oldest commit after it that can be read.
// Values of factors that were dropped are not shown, and cost no commit its reader: nothing is computed of them.
Result<std::vector<StoredPart>> visible_parts(const Database& manifest, CommitId commit);
// The part of that number unless its bytes were removed; seen or not.
Result<std::optional<StoredPart>> stored_part(const Database& manifest, std::int64_t part);
Result<std::vector<CommitInfo>> all_commits(const Database& manifest);      // Ascending.
Result<std::vector<CommitRows>> rows_of_commits(const Database& manifest);  // By commit, then table.
Result<CommitId> last_commit(const Database& manifest);                     // 0 when there is none.
Result<CommitInfo> commit_info(const Database& manifest, CommitId commit);  // E8008
// Every part's row against its checksum, seen or not: E8007.
Result<void> check_part_rows(const Database& manifest);

// Writes. The caller holds the CommitLock and an open transaction.
Result<CommitInfo> insert_commit(const Database& manifest, Time now, std::string token, std::string flow, Value note);
Result<void> insert_part(const Database& manifest, const StoredPart& part);        // Its row, with its checksum.
Result<void> hide_commit(const Database& manifest, CommitId commit, CommitId by);  // From `by` on; it must exist.

// Numbers for `count` new parts, never given out again; the first of them. A transaction of its own.
Result<std::int64_t> reserve_parts(const Database& manifest, std::int64_t count);

}  // namespace lode::lake
