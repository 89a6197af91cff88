// Delimited text: finds the delimiter and the header, then walks rows as views into the bytes. No row is ever allocated;
// a million rows a second is the point.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"

namespace lode::source {

// The shape of one file: what its first line says.
struct Dialect {
  char delimiter = ',';
  std::vector<std::string> header;     // As written, trimmed, quotes removed.
  std::string header_line;             // As written, for carets.
  std::size_t body = 0;                // Offset of the first row.
};

// Reads the header. E2003: not UTF-8 (byte offset named; UTF-16 and Latin-1 are named when recognised), or one column
// only where several were expected; E2002: a column stands twice; E2014: no row behind the header is not an error here.
Result<Dialect> read_dialect(std::string_view bytes, const std::string& path);

// Walks the rows behind a dialect's header.
//   RowReader rows(bytes, dialect);
//   while (rows.next()) use(rows.line(), rows.fields());
// Fields are trimmed of blanks and of one pair of quotes; a doubled quote inside stays doubled (numbers and symbols have
// none). Empty lines are skipped. A quoted field may hold delimiters and line breaks.
class RowReader {
 public:
  RowReader(std::string_view bytes, const Dialect& dialect);

  bool next();
  const std::vector<std::string_view>& fields() const { return fields_; }
  std::int64_t line() const { return line_; }        // 1-based line of the row's start; the header is line 1.
  std::string_view text() const { return text_; }    // The whole row as written, without its line end.

 private:
  void scan_quoted();

  std::string_view bytes_;
  char delimiter_;
  std::size_t at_;
  std::int64_t line_ = 1;
  std::int64_t next_line_ = 2;
  std::string_view text_;
  std::vector<std::string_view> fields_;
};

// Index of a column by any of its accepted names (lower case compared, blanks and underscores equal); -1 when absent.
int find_column(const std::vector<std::string>& header, const std::vector<std::string_view>& names);

// Caret excerpt of the header line under column `index`, with a remark (ux 2.4 h).
std::string header_excerpt(const Dialect& dialect, int index, std::string_view remark);

}  // namespace lode::source
