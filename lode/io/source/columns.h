// Which column of a file is which column of a lake table: by name, by the usual other spellings, or as `--map` says.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/io/source/delimited.h"

namespace lode::source {

// One column of an importable table.
struct ColumnRule {
  std::string_view name;                     // Ours: "close".
  std::vector<std::string_view> names;       // Accepted spellings, ours first, as normal_name writes them.
  std::vector<std::string_view> hints = {};  // Spellings that may mean it: offered with --map, never taken.
  bool needed = false;
};

// An importable table: bars, benchmark, actions, groups, universe, instruments.
struct ImportTable {
  std::string_view name;
  std::vector<ColumnRule> columns;
  bool symbol_from_name = false;  // A file without a symbol column is one symbol's, named by the file.

  int index_of(std::string_view column) const;  // -1 when the table has no such column.
};
std::span<const ImportTable> import_tables();
// E2016 with the nearest name.
Result<const ImportTable*> find_import_table(std::string_view name);

// Our column -> the file's: {"close", "Last"}.
using ColumnMap = std::map<std::string, std::string>;

// The file's column of each of the table's, -1 = the file has none.
struct Layout {
  std::vector<int> column;
};

// E2001 a needed column is missing (the nearest one under a caret, and a whole --map that would take it); E2002 two
// columns mean the same one and `map` does not choose.
Result<Layout> find_layout(const ImportTable& table, const Dialect& dialect, const std::string& path,
                           const ColumnMap& map);
// The file's columns that hold dates; -1 for those it has not.
std::vector<int> date_columns(const ImportTable& table, const Layout& layout);
// E0004 when `map` names a column the table has not.
Result<void> check_map(const ImportTable& table, const ColumnMap& map);

// The symbol a file's name says: "aapl.us.txt.gz" -> "AAPL"; empty when the name is no symbol.
std::string symbol_of_file(const std::string& path);

}  // namespace lode::source
