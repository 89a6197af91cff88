// A quick look over a lake, for `lode doctor`: is everything there that the manifest names? Seconds at most, whatever
// the lake holds; `Lake::verify` reads every byte.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lode/io/lake/lake.h"

namespace lode::lake {

struct Checkup {
  std::int64_t parts = 0;           // Seen at the current commit
  std::int64_t part_bytes = 0;      // As stored
  std::vector<std::string> absent;  // "tables/bars/year=2019/part-12.parquet: missing" or "...: 3 bytes, expected 40"
  std::int64_t manifest_bytes = 0;
  bool manifest_read = true;              // False: too large to be read through in a moment
  std::string manifest_fault;             // "" sound; else what SQLite says
  bool is_index_fault = false;            // The fault is one of an index alone, which rebuild_indexes mends
  VacuumReport leftovers;                 // Files of writes that never finished, older than 24 hours
  bool looked_at_all = true;              // False: leftovers were looked for among the first 100,000 files only
  std::optional<std::string> committing;  // Who holds the commit lock now: "process 4711 on alpha"
};

// Reads the manifest and the sizes of files; changes nothing. What it costs grows with the parts seen now, never with
// the commits and runs recorded, and the search for leftovers stops at a bound. E8007 when a row of the manifest is
// damaged.
Result<Checkup> check_up(const Lake& lake);

// Removes the leftovers a check-up lists, under the commit lock. Nothing that any commit or run knows goes, so unlike
// vacuum it costs no old commit. E8003, E8004.
Result<VacuumReport> remove_leftovers(Lake& lake);

// Makes the indexes of the manifest again from its rows, under the commit lock. E8003, E8004, E8007.
Result<void> rebuild_indexes(Lake& lake);

}  // namespace lode::lake
