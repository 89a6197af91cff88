// The SQL of a table's current view: for each key the newest version, made from the parts a snapshot shows.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "lode/io/lake/lake_impl.h"
#include "lode/market/schema.h"

namespace lode::lake {

// What a view selects. Conditions are SQL; empty = none.
struct ViewSpec {
  const TableSpec* table;
  std::span<const StoredPart> parts;      // By rank, then id.
  std::vector<std::string_view> columns;  // Of the table; in this order.
  std::string early;  // Holds for all versions of a key or for none (keys), or says which versions count (as_of).
  std::string late;   // Over the newest version.
};

// A SELECT. Partitions without newer versions are read straight; in the others the row of the highest (part, row) of
// each key wins. Without parts: a SELECT of typed columns and no row.
std::string view_sql(const ViewSpec& spec, const std::string& lake_folder);

// The same of all versions, with the columns _file and _row behind the others: the order of their commits.
std::string versions_sql(const ViewSpec& spec, const std::string& lake_folder);

// Rows that a later version of their key stands above, with the column _until: the first known_time of those above. A
// reader as of T saw such a row where known_time <= T < _until; else the current row, or none.
std::string superseded_sql(const ViewSpec& spec, const std::string& lake_folder);

// What stands behind FROM for the rows of parts of `table`, in that order. Where the table gained columns since lakes
// hold it, parts without them give null there.
std::string parts_sql(const TableSpec& table, std::span<const StoredPart* const> parts, const std::string& lake_folder);

std::string names_sql(std::span<const std::string_view> names);  // "a", "b"

}  // namespace lode::lake
