// One instrument's bars from a file: the first column as it stands, which is the index, and columns of numbers behind.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lode/base/result.h"
#include "lode/base/time.h"
#include "lode/base/world.h"
#include "lode/core/indicator/choice.h"
#include "lode/flow/steps/indicator/bar_index.h"
#include "lode/market/batch.h"

namespace lode::flow {

// The index as a file of types holds it, a row a bar.
struct TypedIndex {
  Column column;
  std::optional<std::string> zone = {};  // Of times: where their clock stands, "" UTC; nullopt: a clock of no place
};

struct BarsFile {
  std::string path;
  std::string index_name;
  std::vector<std::string> index;               // As written, a row a bar; times as their own clock showed them
  std::optional<TypedIndex> typed_index = {};   // Of a file that has types
  std::vector<std::string> names;               // Of the other columns
  std::vector<std::vector<std::string>> cells;  // By column, as written
  std::vector<std::int64_t> lines;              // Of the file, a row
  std::vector<double> days = {};                // Where the index is dates: a session begins where it changes
  std::string days_hint = {};                   // Where it is none: what would make dates of it
  bool is_of_pandas = false;                    // The index is the column that pandas noted as its own
  bool is_anchored = false;                     // anchor_at() says where the one session begins
  std::vector<std::string> warnings = {};

  std::size_t rows() const { return index.size(); }
};

// CSV (also .gz), Parquet or Arrow, rows from old to new. The index is the first column, or the one that pandas says
// was its own, wherever it stands (of several levels the one of dates). It is dates or instants, periods, times of day,
// numbers, or any labels (bar_index.h): none may be below the one before (E2027); of labels a warning says that their
// order was not checked. An instant with a time zone is of the day that its own clock showed. No index stands twice
// (E2012). E0008, E2002, E2003, E2005, E2009, E2014 no row, or no column behind the index, E2015, E2021, E2025.
// `wish`: how dates of the index are written, or that it is labels, where the call says it. Bars that cannot be, a high
// below its low, a price or a volume below 0, are counted in a warning, and so are words that are taken for missing:
// N/A, null, -, inf. An index called as a column of a bar is told too.
Result<BarsFile> read_bars_file(const std::string& path, const IndexWish& wish = {});
// The same of CSV that is piped in, to its end; its path is "stdin". E0008 where nothing is piped in.
Result<BarsFile> read_piped_bars(const In& in, const IndexWish& wish = {});

// The numbers of a column by its name ("session" without such a column: the day of the index, where that is dates), or
// by another spelling of open, high, low, close and volume; NaN where a cell is empty, nan, na or null, or infinite.
// E2001 no such column (the nearest is named), E2004 text among the numbers.
Result<std::vector<double>> column_of(const BarsFile& file, const std::string& name);

// The column that holds adjusted closes beside the close, as Yahoo's files have it; "" where there is none.
std::string adjusted_close(const BarsFile& file);

// Whether each session is one bar: no column says where they begin, and no day has two.
bool is_bar_a_session(const BarsFile& file);

// From here on a session is the bars since `anchor`: 1 from that day on, 0 before, which an indicator since an anchor
// reads as not begun. E0004 where the index is no dates, E2101 where none is so late.
Result<void> anchor_at(BarsFile& file, Date anchor);

// Which columns an indicator reads: of its bars those of that name; one series is close, two are high and low.
// `wanted` (--inputs) names others, one an input. E0004 another number of them.
Result<std::vector<std::string>> input_columns(const indicator::Spec& spec, std::span<const std::string> wanted);

}  // namespace lode::flow
