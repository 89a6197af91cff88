// Files of a lake that nobody needs: what may be removed, and what that would cost.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lode/io/lake/lake_impl.h"

namespace lode::lake {

// What unfinished writes left behind, found from the names in the manifest alone.
struct Leftovers {
  // Files older than 24 hours that belong to nobody: no row of the manifest names them, or only the row of a raw file
  // does that no commit's note refers to (an import archives before it commits, and this one never did).
  std::vector<std::string> paths;
  std::vector<std::string> raw;  // Hashes of those raw files
  bool looked_at_all = true;     // False: the search stopped at its bound, so there may be more
};

struct Garbage {
  std::vector<std::int64_t> parts;    // Numbers of parts that neither the current commit nor a run's commit shows
  std::vector<std::string> unneeded;  // Their files, and those of parts marked deleted before
  Leftovers leftovers;
};

// Looks through tables/, panels/ and raw/ in that order, at no more than `most_files` files, whatever the lake holds;
// paths are relative to the lake, sorted within a folder. A younger file may belong to a writer that has not committed
// yet. Costs a query of names and a walk, whatever the number of commits and runs. E8007 a damaged row.
Result<Leftovers> find_leftovers(const Lake::Impl& lake, const Database& manifest, std::size_t most_files);

// Takes the rows of leftover raw files out of the manifest, so that their files may go; a file that an import has taken
// up again since is left, with its row, and no longer among `leftovers`. Durable on return. E8003 .. E8009.
Result<void> forget_raw(const Lake::Impl& lake, const Database& manifest, Leftovers& leftovers);

// All that may go: each commit that a run names is asked what it shows, and every file is looked at, so this takes its
// time in a lake with many runs. E8007 a damaged row.
Result<Garbage> find_garbage(const Lake::Impl& lake, const Database& manifest);

}  // namespace lode::lake
