// Where the rows of a file stand in time, by the cells of its index column.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/base/time.h"
#include "lode/io/source/date_format.h"

namespace lode::flow {

// What all cells of an index are: numbers; dates, with or without a time of day, or months, quarters and weeks; times
// of a day that nobody names; or labels, which have no order.
enum class IndexKind : std::uint8_t { kNumber, kDate, kTimeOfDay, kLabel };

// What the call says of an index.
struct IndexWish {
  std::optional<source::DateFormat> dates = {};  // How its dates are written
  bool is_labels = false;                        // Its cells are labels, whatever they look like.
};

// "labels", or as source::parse_date_format reads it. E0004.
Result<IndexWish> parse_index_wish(std::string_view text);

struct BarIndex {
  IndexKind kind = IndexKind::kLabel;
  std::vector<double> numbers;            // Of kNumber
  std::vector<std::int64_t> wholes = {};  // The same, where all are whole: 64 bits, as nanoseconds need
  std::vector<Date> days;                 // Of kDate: as written; of a month, quarter or week its first
  std::vector<std::int64_t> nanos;        // .. since the day's midnight, less the offset from UTC where one is written.
  // Whether row `row` is of an earlier place than the one before. False for labels, and for row 0.
  bool falls_at(std::size_t row) const;
  // Whether it is of the same place, however the two cells spell it: 1 and 1.0, one instant in two zones.
  bool repeats_at(std::size_t row) const;

 private:
  int compared_with_before(std::size_t row) const;  // -1 below, 0, 1 above; 1 without an order
};

// Reads 2024-01-02 (also with / . or nothing between, and as 31/12/2024 or 12/31/2024 where the cells show which number
// is the day), also with a time: "9:30", "09:30:00.5", "T09:30:00Z", "T09:30+02:00". An index whose first cell is a
// date, or most of whose cells are, holds dates alone, and one of which most are numbers holds numbers: E2005 names the
// cell that is none. E2025: day and month cannot be told apart.
// So does one of months, quarters, weeks, dates with the month as a word, or times of day (index_cell.h) that most
// cells are, or the first and half of them; any other is labels. E2005 too for a number that is none: nan, inf.
Result<BarIndex> read_bar_index(const std::vector<std::string>& cells, const std::vector<std::int64_t>& lines,
                                const std::string& path, const IndexWish& wish = {});

}  // namespace lode::flow
