// Long tables: date, symbol and further columns, as researchers keep their numbers. Read whole, judged strictly: these
// are inputs of a computation, not of the lake, so a bad cell is an error with its line rather than a row set aside.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/market/batch.h"
#include "lode/market/panel.h"

namespace lode::source {

// One column of numbers, NaN = missing (empty, nan, NaN, NA, N/A, null, None, -), or of text.
struct LongColumn {
  std::string name;  // Lower case, as in the header.
  bool is_text = false;
  std::vector<double> numbers;  // NaN = missing; an infinity is missing too, and counted
  std::int64_t infinities = 0;
  std::vector<std::int32_t> codes;  // Text: index into names, -1 = empty.
  std::vector<std::string> names;
};

struct LongTable {
  std::string path;
  std::string hash;                      // SHA-256 of the bytes as they lie on disk.
  std::vector<Date> dates;               // One a row.
  std::vector<std::uint32_t> symbol_of;  // One a row: index into symbols.
  std::vector<std::string> symbols;      // In order of first appearance, as written (trimmed, upper case).
  std::vector<std::int64_t> lines;       // 1-based line of each row; row number for Parquet.
  std::vector<LongColumn> columns;

  const LongColumn* find(std::string_view name) const;
};

// Reads CSV (comma, semicolon, tab or bar; also .gz) bytes. The date column is called date, session, day, time or
// timestamp; the symbol column symbol, ticker, instrument, code or asset (`--map` renames first: pairs ours=theirs).
// Dates are YYYY-MM-DD or YYYYMMDD, or 31/12/2024 and 12/31/2024 where the column shows which of them it means, as in
// an import; E2025 where it does not.
// Errors: E2001 (nearest named, caret under the header), E2002, E2003, E2004, E2005, E2009, E2014, E2021, E2025.
Result<LongTable> read_long_csv(std::string_view bytes, const std::string& path,
                                const std::map<std::string, std::string>& map = {});
// The same piece by piece, for a file larger than memory. Every piece is whole lines, in the file's order; each gives a
// table of its own, whose symbols and words are numbered anew.
class LongCsvReader {
 public:
  // `head`: the header and what stands behind it, as much as is at hand. It settles the columns and how dates are
  // written: one that could be read both ways in all of `head` is E2025, whatever comes later.
  static Result<LongCsvReader> open(std::string_view head, const std::string& path);
  LongCsvReader(LongCsvReader&&) noexcept;
  LongCsvReader& operator=(LongCsvReader&&) noexcept;
  ~LongCsvReader();

  std::size_t body() const;  // Where in `head` the rows begin.
  // The rows of `lines`, the first of which is line `first_line` of the file. A column is of numbers or of text as the
  // first value of the whole file says. No row is no error.
  Result<LongTable> read(std::string_view lines, std::int64_t first_line);

 private:
  struct Inside;
  explicit LongCsvReader(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

// A name that a column of dates goes by: "date", "Timestamp".
bool is_date_name(std::string_view name);

// The same from a Parquet file's batch.
Result<LongTable> read_long_batch(const Batch& batch, const std::string& path,
                                  const std::map<std::string, std::string>& map = {});

// Dense form: rows are the union of the dates, columns all symbols (ids of mic XXXX, sorted by id). Numbers become f64
// panels, text becomes groups. The same (date, symbol) twice: dropped when equal, else E2012 with both lines.
struct DenseTable {
  std::shared_ptr<const Axis> axis;
  std::map<std::string, Panel> panels;
  std::map<std::string, GroupPanel> groups;
};
Result<DenseTable> to_dense(const LongTable& table);

// The order that columns have in the panels of a plain file, whatever the order of its rows: that of the instruments'
// ids. Sums over a date add up in it, so whoever computes the same file another way takes the same.
void put_in_column_order(std::vector<std::string>& symbols);

}  // namespace lode::source
