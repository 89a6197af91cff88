// How a file writes its numbers: 1250.5, 1,250.5 or 1.250,5. A plain number needs no word; marks are read as the file
// itself shows. Nothing is guessed: 1,250 alone is 1250 to one reader and 1.25 to another.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "lode/base/result.h"
#include "lode/io/source/delimited.h"

namespace lode::source {

// Fractions stand behind `decimal`; groups of three digits may be parted by the other mark, a blank or an apostrophe.
struct NumberFormat {
  char decimal = '.';      // Or ','.
  bool has_marks = false;  // False: plain numbers alone, the way of nearly every file.

  bool operator==(const NumberFormat&) const = default;
};

// Writes a number of the format in place as a plain one, in as many bytes: 1.250,5 becomes 01250.5. False, and nothing
// changed, when the cell is no such number or is plain already.
bool make_plain(std::span<char> cell, const NumberFormat& format);

// What the cells of a file show of its decimal mark.
class NumberEvidence {
 public:
  void see(std::string_view cell, std::int64_t line);

  // E2004 when a comma is there and nothing tells what it means, or when cells contradict each other and most show a
  // decimal comma. Where most show a point, numbers are plain and the odd ones none.
  Result<NumberFormat> settle(const std::string& path) const;
  // The cell that showed a decimal comma; "" else.
  const std::string& proof() const { return comma_; }

 private:
  std::string comma_, point_, open_;  // First cells that prove a decimal comma, a decimal point, and neither.
  std::int64_t comma_line_ = 0, point_line_ = 0, open_line_ = 0;
  std::int64_t commas_ = 0, points_ = 0;
  bool has_comma_ = false;
};

// The evidence of a file's columns of numbers, negative ones left out. A file without a comma in a cell is not walked.
NumberEvidence number_evidence(std::string_view bytes, const Dialect& dialect, std::span<const int> columns);
// Makes the numbers of these columns plain, in place.
void make_plain(std::string& bytes, const Dialect& dialect, std::span<const int> columns, const NumberFormat& format);

}  // namespace lode::source
