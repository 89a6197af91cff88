// A file of symbols: a watch list, one a line, or membership through time, a table with symbol, from and to.
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

namespace lode::flow {

struct ListedSymbol {
  std::string symbol;  // As written.
  std::string mic;     // "" = the file names none.
  std::optional<Date> from;
  std::optional<Date> to;  // Nothing = still.
  std::int64_t line = 0;
};

// A day on which a symbol joined or left.
struct ListedChange {
  Date on;
  std::string symbol;
  bool joins = false;
  std::int64_t line = 0;
};

struct SymbolList {
  std::vector<ListedSymbol> rows;  // In the file's order.
  bool ends_are_left = false;      // Ends were the first days without membership, and are the last days with it here.
  bool is_dated = false;           // A table with a column of first days; then each row has one. Or changes.
  // Of a file of changes (columns date, add, remove), by day, who leaves before who joins. Its rows are the stays that
  // follow from them: who joins is a member from that day on, who leaves until the day before; a row without a first
  // day was a member before the file begins.
  std::vector<ListedChange> changes;
};

// `path` is named in errors. Without a header: symbols with commas or one a line, what follows # left out. With a first
// line that names a column symbol (ticker, code): a table, also with name, mic, from and to under the names an import
// of universes takes; or changes, date,add,remove, with several symbols in a cell between commas. Days as YYYY-MM-DD.
// All or nothing: the first bad line is named. E2014 no symbol, E2003 a table
// without a header, E2005 a day that is none or missing, E2009 cells too many or too few, E2010 an empty symbol, E2012
// two spans of a symbol that overlap, E2024 a span that ends before it begins.
Result<SymbolList> parse_symbol_list(std::string_view bytes, const std::string& path);

// The symbols that were members on any day of [from, to], each once, in the file's order; without `from` those of the
// one day `to`, without either those that are members still. All of a list without days.
std::vector<std::string> symbols_between(const SymbolList& list, std::optional<Date> from, std::optional<Date> to);

}  // namespace lode::flow
