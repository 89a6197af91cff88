// Small delimited tables of feeds: lists and series of some thousand rows, kept whole.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lode::source {

struct CsvRow {
  std::int64_t line = 0;           // 1-based.
  std::vector<std::string> cells;  // Trimmed, without their quotes, valid UTF-8.
  std::string_view text;           // As written.
};

// Every line with anything on it. Lines end in LF, CRLF or a lone CR; a quoted cell holds delimiters, line ends and
// doubled quotes (RFC 4180). A byte-order mark is passed over.
std::vector<CsvRow> read_csv(std::string_view bytes, char delimiter = ',');

// Index of the column whose name is one of `names` without case; -1 when there is none.
int csv_column(const CsvRow& header, const std::vector<std::string_view>& names);
// The cell, "" where the row is shorter or the column is -1.
std::string_view csv_cell(const CsvRow& row, int column);

// Text in UTF-8: bytes that are no UTF-8 are read as Latin-1; control characters and runs of blanks become one blank.
std::string clean_text(std::string_view text);
// Markup taken out: tags go, the five entities of XML, &nbsp; and numbered ones become their characters.
std::string plain_text(std::string_view markup);

}  // namespace lode::source
