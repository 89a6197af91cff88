// What becomes of the rows of an append: which are new, which are there already, which correct a stored row, and which
// contradict each other. Pure functions over Batches sorted by key.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lode/market/batch.h"
#include "lode/market/schema.h"

namespace lode::lake {

// A vendor's adjusted close changes with every later split and dividend while the bar stays what it was. Its moves are
// no corrections, and it is not known before the row came.
inline constexpr std::string_view kVendorClose = "close_vendor";

// Columns that make two rows of one key different: all but the key, flags, known_time, known_assumed, source, raw_hash,
// raw_line and close_vendor.
std::vector<std::string_view> value_columns(const TableSpec& table);

// Row numbers of the batch, each in key order. Every row is in exactly one list, or is counted in `dropped`.
struct Judgement {
  std::vector<std::uint32_t> kept;         // To be stored, corrections included.
  std::vector<std::uint32_t> corrections;  // Those of `kept` whose key the lake holds with other values.
  std::vector<std::uint32_t> additions;    // Those of `corrections` that contradict nothing; see judge_against.
  std::vector<std::uint32_t> conflicts;  // Ascending: all rows of a key that stands in the batch with different values.
  std::int64_t dropped = 0;
};

// Judges the rows of a batch against each other. A key that stands there several times with equal values keeps its
// first row.
Judgement judge_within(const TableSpec& table, const Batch& batch);

// Judges `judgement.kept` against `stored`, which holds the key and value columns of the newest version of each key.
// A row of instruments that only says what was missing until now (a delisting, a name) is an addition: the first
// version of that fact, which was known when it says it was, not when we got it. So is a row of filings with the same
// acceptance that names other parties, or tells what was missing: all of it stands in the filing itself.
void judge_against(const TableSpec& table, const Batch& batch, const Batch& stored, Judgement& judgement);

}  // namespace lode::lake
