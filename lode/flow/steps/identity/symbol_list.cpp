// Reading files of symbols.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/identity/symbol_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/steps/identity/symbol_ends.h"
#include "lode/io/source/columns.h"
#include "lode/io/source/date_format.h"
#include "lode/io/source/delimited.h"
#include "lode/io/source/records.h"

namespace lode::flow {
namespace {

constexpr std::string_view kExpected =
    "one symbol a line, or a table whose first line is symbol,from,to, or changes as date,add,remove";

Failure bad_line(E number, const std::string& path, std::int64_t line, std::string_view what) {
  return fail(number, fmt::format("{}:{}: {}", path, line, what), std::string(kExpected));
}

bool names_any(std::string_view line, std::span<const std::string_view> names) {
  std::string cells(line);
  std::ranges::replace_if(
      cells, [](char c) { return c == ';' || c == '\t' || c == '|'; }, ',');
  return std::ranges::any_of(split(cells, ','), [&](std::string_view cell) {
    std::string name = source::normal_name(cell);
    std::erase(name, '"');
    return std::ranges::find(names, name) != names.end();
  });
}

// True when the line names a column of symbols, and not a symbol.
bool is_header(std::string_view line) {
  const source::ImportTable* table = *source::find_import_table("universe");
  return names_any(line, table->columns[static_cast<std::size_t>(table->index_of("symbol"))].names);
}

std::string_view without_comment(std::string_view line) { return trim(line.substr(0, line.find('#'))); }

// The first line that is no comment alone. "#symbol,from,to" is none: some programs begin the header itself so.
std::string_view first_line(std::string_view bytes) {
  constexpr std::array<std::string_view, 1> kOfChanges = {"date"};
  for (const std::string_view line : split(bytes, '\n')) {
    const bool has_columns = line.find_first_of(",;\t|") != std::string_view::npos;
    if (trim(line).starts_with('#') && has_columns && (is_header(line) || names_any(line, kOfChanges))) {
      return trim(line);
    }
    if (const std::string_view text = without_comment(line); !text.empty()) {
      return text;
    }
  }
  return {};
}

// A list with a name above it, as pandas writes one column. A short word in capitals may be a symbol as well ("CODE"):
// it is left to the table, which refuses it.
bool is_titled_list(std::string_view line) {
  const bool is_alone = line.find_first_of(",;\t|") == std::string_view::npos;
  return is_alone && is_header(line) && (line.size() > 5 || upper(line) != line);
}

std::string_view without_quotes(std::string_view text) {
  return text.size() > 1 && text.front() == '"' && text.back() == '"' ? text.substr(1, text.size() - 2) : text;
}

Result<SymbolList> parse_plain(std::string_view bytes, const std::string& path) {
  SymbolList out;
  std::int64_t number = 0;
  bool has_title = is_titled_list(first_line(bytes));
  for (const std::string_view line : split(bytes, '\n')) {
    ++number;
    if (has_title && !without_comment(line).empty()) {
      has_title = false;
      continue;
    }
    for (const std::string_view word : split(line.substr(0, line.find('#')), ',')) {
      const std::string clean(without_quotes(trim(word)));
      Date day;
      if (try_parse_date(clean, day)) {
        return bad_line(E::E2003, path, number, fmt::format("{} is a day, and no first line names the columns", clean));
      }
      if (!clean.empty()) {
        out.rows.push_back({clean, "", {}, {}, number});
      }
    }
  }
  return out;
}

// Cells of the table's rows, by the columns of an import of universes.
class TableReader {
 public:
  TableReader(const source::ImportTable& table, const source::Layout& layout, const std::string& path)
      : table_(table), layout_(layout), path_(path) {}

  Result<ListedSymbol> read(const source::Record& record) const {
    ListedSymbol out;
    out.line = record.line;
    out.symbol = cell(record, "symbol");
    out.mic = upper(cell(record, "mic"));
    if (out.symbol.empty()) {
      return bad_line(E::E2010, path_, record.line, "the symbol is empty");
    }
    LODE_TRY(out.from, day(record, "valid_from"));
    LODE_TRY(out.to, day(record, "valid_to"));
    if (has("valid_from") && !out.from) {
      return bad_line(E::E2005, path_, record.line, fmt::format("{} has no first day", out.symbol));
    }
    if (out.from && out.to && *out.to < *out.from) {
      return bad_line(E::E2024, path_, record.line,
                      fmt::format("{} is a member to {}, before it is one from {}", out.symbol, to_string(*out.to),
                                  to_string(*out.from)));
    }
    return out;
  }
  bool has(std::string_view column) const {
    return layout_.column[static_cast<std::size_t>(table_.index_of(column))] >= 0;
  }

 private:
  const std::string& cell(const source::Record& record, std::string_view column) const {
    return record.cells[static_cast<std::size_t>(table_.index_of(column))];
  }
  Result<std::optional<Date>> day(const source::Record& record, std::string_view column) const {
    const std::string& text = cell(record, column);
    Date out;
    if (text.empty()) {
      return std::optional<Date>();
    }
    if (!source::read_date(text, {}, nullptr, out)) {
      return bad_line(
          E::E2005, path_, record.line,
          fmt::format("{} is {}, expected a day as 2024-06-28", column == "valid_to" ? "to" : "from", quote(text)));
    }
    return std::optional(out);
  }

  const source::ImportTable& table_;
  const source::Layout& layout_;
  const std::string& path_;
};

// Spans of one symbol of one exchange may follow each other and never overlap.
Result<void> check_overlaps(const SymbolList& list, const std::string& path) {
  std::map<std::pair<std::string, std::string>, std::vector<const ListedSymbol*>> spans;
  for (const ListedSymbol& row : list.rows) {
    spans[{upper(row.symbol), row.mic}].push_back(&row);
  }
  for (auto& [symbol, rows] : spans) {
    std::ranges::stable_sort(rows, {}, [](const ListedSymbol* row) { return row->from; });
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const ListedSymbol& before = *rows[i - 1];
      if (!before.to || *before.to >= *rows[i]->from) {
        return bad_line(
            E::E2012, path, std::max(before.line, rows[i]->line),
            fmt::format("{} is a member already from {} to {} (line {})", rows[i]->symbol, to_string(*before.from),
                        before.to ? to_string(*before.to) : "now", std::min(before.line, rows[i]->line)));
      }
    }
  }
  return {};
}

Result<SymbolList> parse_table(std::string_view bytes, const std::string& path) {
  const source::ImportTable* table = *source::find_import_table("universe");
  LODE_TRY(const source::Dialect dialect, source::read_dialect(bytes, path));
  LODE_TRY(const source::Layout layout, source::find_layout(*table, dialect, path, {}));
  const source::Records records = source::parse_records(bytes, dialect, layout);
  if (!records.rejected.empty()) {
    const source::Rejected& bad = records.rejected.front();
    return bad_line(static_cast<E>(bad.number), path, bad.line, bad.reason);
  }
  const TableReader reader(*table, layout, path);
  SymbolList out;
  out.is_dated = reader.has("valid_from");
  for (const source::Record& record : records.rows) {
    LODE_TRY(ListedSymbol row, reader.read(record));
    out.rows.push_back(std::move(row));
  }
  if (out.is_dated) {
    out.ends_are_left = settle_ends(out.rows);
    LODE_CHECK(check_overlaps(out, path));
  }
  return out;
}

// Where the columns of a file of changes stand.
struct ChangeColumns {
  std::size_t date = 0, add = 0, remove = 0;
};

// Of a first line that names date, add and remove; else nothing.
std::optional<ChangeColumns> change_columns(const std::vector<std::string>& header) {
  const auto place = [&](std::initializer_list<std::string_view> names) -> std::optional<std::size_t> {
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (std::ranges::find(names, source::normal_name(header[i])) != names.end()) {
        return i;
      }
    }
    return std::nullopt;
  };
  const auto date = place({"date"});
  const auto add = place({"add", "added", "additions"});
  const auto remove = place({"remove", "removed", "removals"});
  return date && add && remove ? std::optional(ChangeColumns{*date, *add, *remove}) : std::nullopt;
}

std::optional<ChangeColumns> changes_of(std::string_view bytes, const std::string& path) {
  const std::string line = lower(first_line(bytes));
  if (line.find("date") == std::string::npos || line.find("add") == std::string::npos) {
    return std::nullopt;
  }
  const auto dialect = source::read_dialect(bytes, path);
  return dialect ? change_columns(dialect->header) : std::nullopt;
}

// The stays that follow from changes in order of their days.
Result<void> follow_changes(const std::string& path, SymbolList& out) {
  std::map<std::string, std::size_t> open;  // Symbol -> its row.
  std::set<std::string> left;
  for (const ListedChange& one : out.changes) {
    const auto found = open.find(one.symbol);
    if (one.joins && found != open.end()) {
      return bad_line(
          E::E2012, path, one.line,
          fmt::format("{} joins and is a member already (line {})", one.symbol, out.rows[found->second].line));
    }
    if (one.joins) {
      open.emplace(one.symbol, out.rows.size());
      out.rows.push_back({one.symbol, "", one.on, {}, one.line});
      continue;
    }
    if (found == open.end() && !left.insert(one.symbol).second) {
      return bad_line(E::E2012, path, one.line, fmt::format("{} leaves and is no member any more", one.symbol));
    }
    if (found == open.end()) {
      out.rows.push_back({one.symbol, "", {}, one.on - 1, one.line});
      continue;
    }
    out.rows[found->second].to = one.on - 1;
    left.insert(one.symbol);
    open.erase(found);
  }
  return {};
}

Result<SymbolList> parse_changes(std::string_view bytes, const std::string& path, const ChangeColumns& columns) {
  LODE_TRY(const source::Dialect dialect, source::read_dialect(bytes, path));
  SymbolList out;
  out.is_dated = true;
  source::RowReader rows(bytes, dialect);
  while (rows.next()) {
    if (rows.cells() != dialect.header.size()) {
      return bad_line(E::E2009, path, rows.line(),
                      fmt::format("{} cells, expected {}", rows.cells(), dialect.header.size()));
    }
    const std::string_view day = rows.fields()[columns.date];
    Date on;
    if (!source::read_date(day, {}, nullptr, on)) {
      return bad_line(E::E2005, path, rows.line(), fmt::format("{} is no day as 2024-06-28", quote(day)));
    }
    for (const bool joins : {false, true}) {
      for (const std::string_view word : split(rows.fields()[joins ? columns.add : columns.remove], ',')) {
        if (!trim(word).empty()) {
          out.changes.push_back({on, upper(trim(word)), joins, rows.line()});
        }
      }
    }
  }
  std::ranges::stable_sort(out.changes, {}, [](const ListedChange& one) { return std::pair(one.on, one.joins); });
  LODE_CHECK(follow_changes(path, out));
  return out;
}

}  // namespace

Result<SymbolList> parse_symbol_list(std::string_view bytes, const std::string& path) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";  // Of UTF-8 files that spreadsheets write.
  const std::string_view text = bytes.starts_with(kMark) ? bytes.substr(kMark.size()) : bytes;
  LODE_CHECK(source::check_encoding(text, path));
  const std::optional<ChangeColumns> changes = changes_of(text, path);
  LODE_TRY(SymbolList out, changes ? parse_changes(text, path, *changes)
                           : is_header(first_line(text)) && !is_titled_list(first_line(text))
                               ? parse_table(text, path)
                               : parse_plain(text, path));
  if (out.rows.empty()) {
    return fail(E::E2014, fmt::format("{} names no symbol", path), std::string(kExpected));
  }
  return out;
}

std::vector<std::string> symbols_between(const SymbolList& list, std::optional<Date> from, std::optional<Date> to) {
  std::vector<std::string> out;
  for (const ListedSymbol& row : list.rows) {
    const std::optional<Date> first = from ? from : to;
    const bool is_over = row.to && (!first || *row.to < *first);
    const bool is_ahead = row.from && to && *row.from > *to;
    if (!is_over && !is_ahead && std::ranges::find(out, row.symbol) == out.end()) {
      out.push_back(row.symbol);
    }
  }
  return out;
}

}  // namespace lode::flow
