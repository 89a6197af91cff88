// Delimited text: finds the delimiter and the header, then walks rows as views into the bytes. No row is ever
// allocated; a million rows a second is the point.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"

namespace lode::source {

// The shape of one file: what its first line says.
struct Dialect {
  char delimiter = ',';
  std::vector<std::string> header;  // As written, trimmed, quotes removed.
  std::string header_line;          // As written, for carets.
  std::size_t body = 0;             // Offset of the first row.
};

// E2003 unless the bytes are UTF-8 text: UTF-16 (with or without its mark), UTF-32 and known kinds of binary file are
// named, else the first byte and line that break the rule.
Result<void> check_encoding(std::string_view bytes, const std::string& path);

// Reads the header. E2003: not UTF-8, lines that end with CR alone, a first line that is empty, a comment or a title
// (the line that looks like the header is named), or one column only where several were expected; E2014: empty lines;
// E2002: a column stands twice (unless `map` names one of the spellings). No row behind the header is not an error
// here.
Result<Dialect> read_dialect(std::string_view bytes, const std::string& path,
                             const std::map<std::string, std::string>& map = {});

// A header names columns: one with two cells or more that are numbers or dates is a row of a file without a header.
bool is_row_of_values(const Dialect& dialect);

// A piece of a file's rows, cut at line ends, so that one large file is read by several threads.
struct RowRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::int64_t first_line = 2;  // 1-based line of `begin`.
};
// Cuts the rows into pieces of about `step` bytes. One piece when the bytes hold a quote, for a quoted field may hold a
// line break.
std::vector<RowRange> cut_rows(std::string_view bytes, const Dialect& dialect, std::size_t step);

// Walks the rows behind a dialect's header.
//   RowReader rows(bytes, dialect);
//   while (rows.next()) use(rows.line(), rows.fields());
// Fields are trimmed of blanks and of one pair of quotes; a doubled quote inside stays doubled (numbers and symbols
// have none). Empty lines are skipped. A quoted field may hold delimiters and line breaks.
class RowReader {
 public:
  RowReader(std::string_view bytes, const Dialect& dialect);
  RowReader(std::string_view bytes, const Dialect& dialect, const RowRange& range);

  bool next();
  // Of the row: trimmed, without their quotes, a doubled quote inside quotes as the one it stands for (RFC 4180). Views
  // into the bytes; of a field with doubled quotes into the reader, which keeps it as long as it lives.
  // At most one more than the header has columns: a row of a thousand million delimiters costs no more than its bytes.
  const std::vector<std::string_view>& fields() const { return fields_; }
  std::size_t cells() const { return cells_; }     // All the row has, those behind fields() too.
  std::int64_t line() const { return line_; }      // 1-based line of the row's start; the header is line 1.
  std::string_view text() const { return text_; }  // The whole row as written, without its line end.

 private:
  bool next_quoted();
  void scan_quoted();
  void halve_quotes();
  // The next field of the row, kept while a reader could want it.
  void add(std::string_view field) {
    if (fields_.size() <= width_) {
      fields_.push_back(field);
    }
    ++cells_;
  }

  std::string_view bytes_;
  char delimiter_;
  bool has_quotes_;
  std::size_t at_;
  std::int64_t line_ = 1;
  std::int64_t next_line_ = 2;
  std::string_view text_;
  std::vector<std::string_view> fields_;
  std::size_t width_;  // Columns of the header.
  std::size_t cells_ = 0;
  std::deque<std::string> halved_;
};

// A column's name as it is compared: lower case, letters and digits only ("Adj. Close", "<CLOSE>" -> "adjclose",
// "close").
std::string normal_name(std::string_view name);

// Index of a column by any of its accepted names (compared by normal_name); -1 when absent.
int find_column(const std::vector<std::string>& header, const std::vector<std::string_view>& names);

// Caret excerpt of the header line under column `index`, with a remark; a long header is cut around the column.
std::string header_excerpt(const Dialect& dialect, int index, std::string_view remark);

}  // namespace lode::source
