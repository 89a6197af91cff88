// The bars of all files of one import side by side: rows of a symbol together, ascending by session, each session once.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "lode/base/pool.h"
#include "lode/flow/steps/ingest/plan.h"

namespace lode::flow {

// Columns of numbers, in this order.
enum BarField : std::uint8_t { kOpen, kHigh, kLow, kClose, kVolume, kAmount, kVwap, kTrades, kCloseVendor };
inline constexpr std::size_t kBarFields = 9;

struct MergedBars {
  std::vector<std::string> symbols;     // Ascending.
  std::vector<std::size_t> begin, end;  // Rows of each symbol; between end[i] and begin[i + 1] lies waste.
  std::vector<std::int32_t> session;
  std::array<std::vector<double>, kBarFields> number;  // NaN = missing; the last four empty when no file has them.
  std::vector<std::uint32_t> file;                     // Index of ParsedFile.
  std::vector<std::int64_t> line;
  std::vector<std::uint8_t> out_of_order;  // 1: earlier than the symbol's row before it in its file.

  std::vector<RowOrder> order;          // A file: how its rows follow each other.
  std::vector<std::int64_t> unordered;  // A file: rows out of order, dropped ones too.
  std::vector<std::int64_t> dropped;    // A file: equal copies of a row that stands before.
  std::vector<SetAside> conflicts;      // E2012: all rows of a symbol and session that differ.
};

// Takes the rows out of `files`. Of equal rows the first, by file and line, stays. A file written newest first is in
// order; in any other a row is out of order when the row of its symbol before it is later.
MergedBars merge_bars(std::vector<ParsedFile>& files, Pool& pool);

}  // namespace lode::flow
