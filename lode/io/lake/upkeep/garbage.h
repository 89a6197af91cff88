// Files of a lake that nobody needs: what may be removed, and what that would cost.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lode/io/lake/lake_impl.h"

namespace lode::lake {

struct Garbage {
  std::vector<std::int64_t> parts;     // Numbers of parts that neither the current commit nor a run's commit shows
  std::vector<std::string> unneeded;   // Their files, and those of parts marked deleted before
  std::vector<std::string> leftovers;  // Files older than 24 hours that no row of the manifest names: unfinished writes
};

// Looks through tables/, raw/ and panels/; paths are relative to the lake, sorted within a folder. A younger file may
// belong to a writer that has not committed yet. E8007 a damaged row.
Result<Garbage> find_garbage(const Lake::Impl& lake, const Database& manifest);

}  // namespace lode::lake
