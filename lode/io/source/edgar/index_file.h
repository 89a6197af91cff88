// The daily and full index files: every filing of a day or a quarter, one row a company in it. Four forms:
//
//   master   CIK|Company Name|Form Type|Date Filed|File Name (or Filename)
//   company  fixed width: Company Name, Form Type, CIK, Date Filed, File Name
//   form     fixed width: Form Type, Company Name, CIK, Date Filed, File Name
//   crawler  fixed width: Company Name, Form Type, CIK, Date Filed, URL
//
// Nine to eleven lines of preamble, the names of the columns (at times wrapped over two lines), a dashed rule, rows.
// Daily dates are YYYYMMDD, those of a quarter YYYY-MM-DD. Bytes are ISO 8859-1. Widths differ from file to file and
// the wrapped header lies about them, so a row is read from its end: path, date and number hold no blanks.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "lode/io/source/collect/source.h"

namespace lode::source::edgar {

extern const BodyContract kIndexContract;

// One row. Texts are views into the body, as it stands there (ISO 8859-1).
struct IndexRow {
  std::string_view cik;  // As written: without leading zeros.
  std::string_view name;
  std::string_view form;
  std::string_view path;       // edgar/data/.../0000320193-22-000061.txt, or the crawler's address
  std::string_view accession;  // Within path.
  Date filed_on;
  std::int64_t line = 0;  // In the file, from 1.
};

struct IndexFile {
  std::vector<IndexRow> rows;
  std::vector<Rejected> rejected;
  std::int64_t records = 0;
  std::optional<Date> received;  // "Last Data Received" of the preamble: of a day's file that day.
};

// E6206 when there is no header with a rule below it, or no row of many can be read. A header without rows is a good,
// empty index: so they are early in a quarter.
Result<IndexFile> parse_index(std::string_view body);

}  // namespace lode::source::edgar
