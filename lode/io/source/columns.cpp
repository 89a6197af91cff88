// Recognising columns.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "lode/base/printable.h"
#include "lode/base/text.h"
#include "lode/market/instrument.h"

namespace lode::source {

namespace {

constexpr int kSymbolBytes = 24;  // As normalize_symbol has it.

const ColumnRule kSymbol = {
    "symbol", {"symbol", "ticker", "instrument", "code", "asset"}, {"name", "sym", "stock"}, true};
const ColumnRule kMic = {"mic", {"mic"}, {"exchange"}};

std::vector<ColumnRule> bar_columns() {
  return {
      {"date", {"date", "session", "day", "timestamp", "datetime", "tradedate", "time"}, {"dt", "period"}, true},
      {"open", {"open", "openprice", "o"}, {"first"}},
      {"high", {"high", "highprice", "h"}, {"max"}},
      {"low", {"low", "lowprice", "l"}, {"min"}},
      {"close", {"close", "closeprice", "c"}, {"last", "pxlast", "price", "settle", "adjclose", "adjustedclose"}, true},
      {"volume", {"volume", "vol", "v"}, {"shares", "qty", "quantity"}},
      {"amount", {"amount", "turnover", "dollarvolume"}, {"value", "money"}},
      {"vwap", {"vwap", "averageprice"}, {}},
      {"trades", {"trades", "numtrades", "tradecount", "transactions"}, {}},
      {"close_vendor", {"closevendor", "adjclose", "adjustedclose", "closeadjusted", "closeadj"}, {}},
      kSymbol,
  };
}

std::vector<ImportTable> make_tables() {
  const std::vector<std::string_view> from = {"validfrom", "from",      "start", "startdate",
                                              "datefrom",  "dateadded", "added"};
  const std::vector<std::string_view> to = {"validto", "to", "end", "enddate", "dateto", "dateremoved", "removed"};
  return {
      {"bars", bar_columns(), true},
      {"benchmark", bar_columns(), true},
      {"actions",
       {{"ex_date", {"exdate", "date"}, {"effectivedate", "day"}, true},
        kSymbol,
        {"kind", {"kind", "type", "action"}, {"event"}, true},
        {"ratio", {"ratio", "splitratio"}, {"factor"}},
        {"amount", {"amount", "dividend", "cash"}, {"value"}},
        {"currency", {"currency", "ccy"}, {}},
        {"pay_date", {"paydate", "paymentdate"}, {}},
        {"declared_on", {"declaredon", "declared", "declarationdate", "announced"}, {}},
        {"sequence", {"sequence"}, {}},
        kMic}},
      {"groups",
       {kSymbol,
        {"scheme", {"scheme"}, {}},
        {"sector", {"sector", "gicssector"}, {"group", "industrygroup"}, true},
        {"industry", {"industry", "gicsindustry"}, {}},
        {"subindustry", {"subindustry", "gicssubindustry"}, {}},
        {"valid_from", from, {"date"}},
        {"valid_to", to, {}},
        kMic}},
      {"universe",
       {{"name", {"name", "universe", "index"}, {}},
        kSymbol,
        {"valid_from", from, {"date"}},
        {"valid_to", to, {}},
        kMic}},
      {"instruments",
       {kSymbol,
        kMic,
        {"kind", {"kind", "type"}, {}},
        {"currency", {"currency", "ccy"}, {}},
        {"name", {"name", "companyname", "security", "longname"}, {}},
        {"listed_on", {"listedon", "listed", "ipodate", "listingdate"}, {}},
        {"delisted_on", {"delistedon", "delisted", "delistingdate"}, {}},
        {"delisting_return", {"delistingreturn", "dlret"}, {}},
        {"country", {"country"}, {}},
        {"share_class", {"shareclass"}, {}},
        {"cik", {"cik"}, {}},
        {"isin", {"isin"}, {}},
        {"figi", {"figi"}, {}}}},
  };
}

Failure doubled(const Dialect& dialect, const std::string& path, const ColumnRule& rule, int first, int second) {
  const std::string& a = dialect.header[static_cast<std::size_t>(first)];
  const std::string& b = dialect.header[static_cast<std::size_t>(second)];
  Error error(E::E2002, fmt::format("{} has two columns for '{}': {} and {}", path, rule.name, quote(a), quote(b)),
              fmt::format("--map {}={} or --map {}={} picks one", rule.name, a, rule.name, b));
  return fail(std::move(error).at(header_excerpt(dialect, second, "second")));
}

bool is_named(const ColumnRule& rule, const std::string& normal) {
  return std::ranges::find(rule.names, normal) != rule.names.end();
}

// The file's column for a rule: as mapped, else by the first accepted spelling; two spellings at once are refused.
Result<int> find_rule(const ColumnRule& rule, const Dialect& dialect, const std::string& path, const ColumnMap& map) {
  if (const auto mapped = map.find(std::string(rule.name)); mapped != map.end()) {
    const auto found = std::ranges::find(dialect.header, mapped->second);
    return found == dialect.header.end() ? -1 : static_cast<int>(found - dialect.header.begin());
  }
  int found = -1;
  for (int i = 0; i < static_cast<int>(dialect.header.size()); ++i) {
    const std::string& name = dialect.header[static_cast<std::size_t>(i)];
    const bool taken = std::ranges::any_of(map, [&](const auto& pair) { return pair.second == name; });
    if (taken || !is_named(rule, normal_name(name))) {
      continue;
    }
    if (found >= 0) {
      // A date beside a time of day is one instant in two columns, not two dates.
      const bool time_of_day = rule.name == "date" && normal_name(name) == "time";
      if (!time_of_day) {
        return doubled(dialect, path, rule, found, i);
      }
      continue;
    }
    found = i;
  }
  return found;
}

// The column that may be meant by a missing one: one of the hints, or a free one spelt nearly like ours; -1 for none.
int nearest_column(const ColumnRule& rule, const Dialect& dialect, const Layout& layout) {
  for (const auto& names : {rule.hints, rule.names}) {
    if (const int found = find_column(dialect.header, names); found >= 0) {
      return found;
    }
  }
  std::vector<std::string> free;
  std::vector<int> index;
  for (int i = 0; i < static_cast<int>(dialect.header.size()); ++i) {
    if (std::ranges::find(layout.column, i) == layout.column.end()) {
      free.push_back(normal_name(dialect.header[static_cast<std::size_t>(i)]));
      index.push_back(i);
    }
  }
  for (const std::string_view name : rule.names) {
    const std::vector<std::string> near = name.size() < 3 ? std::vector<std::string>() : suggest(name, free);
    if (!near.empty()) {
      return index[static_cast<std::size_t>(std::ranges::find(free, near.front()) - free.begin())];
    }
  }
  return -1;
}

std::string needed_columns(const ImportTable& table) {
  std::vector<std::string> names;
  for (const std::string_view first : {"date", "ex_date", "symbol"}) {
    if (table.index_of(first) >= 0) {
      names.emplace_back(first);
    }
  }
  for (const ColumnRule& rule : table.columns) {
    if (rule.needed && std::ranges::find(names, rule.name) == names.end()) {
      names.emplace_back(rule.name);
    }
  }
  return join(names, ", ");
}

std::string mapping(std::string_view ours, const std::string& theirs) {
  const bool plain = theirs.find_first_of(" \t'\"$&|;<>()*?[]#~`\\") == std::string::npos;
  return plain ? fmt::format("{}={}", ours, theirs) : fmt::format("{}='{}'", ours, theirs);
}

// The whole --map of a file whose column `missing` is `nearest`: that one first, then what has another name than ours.
std::string whole_map(const ImportTable& table, const Dialect& dialect, const Layout& layout, std::size_t missing,
                      int nearest) {
  std::vector<std::string> pairs = {
      mapping(table.columns[missing].name, dialect.header[static_cast<std::size_t>(nearest)])};
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const int column = layout.column[i];
    if (column < 0 || i == missing) {
      continue;
    }
    const std::string& theirs = dialect.header[static_cast<std::size_t>(column)];
    if (normal_name(theirs) != table.columns[i].names.front()) {
      pairs.push_back(mapping(table.columns[i].name, theirs));
    }
  }
  return join(pairs, ",");
}

Failure missing_column(const ImportTable& table, const Dialect& dialect, const std::string& path, const Layout& layout,
                       std::size_t missing, const ColumnMap& map) {
  const ColumnRule& rule = table.columns[missing];
  if (map.empty() && is_row_of_values(dialect)) {
    return fail(Error(E::E2001, fmt::format("{} has no header: its first line is a row of values", path),
                      fmt::format("put a line before it that names the columns; needed: {}", needed_columns(table)))
                    .at(fmt::format("  1 | {}", printable(std::string_view(dialect.header_line).substr(0, 100)))));
  }
  const std::string sides = fmt::format("found: {}    needed: {}", join_some(dialect.header), needed_columns(table));
  if (const auto mapped = map.find(std::string(rule.name)); mapped != map.end()) {
    const std::string near = did_you_mean(mapped->second, dialect.header);
    return fail(E::E2001,
                fmt::format("{} has no column {}, which --map gives for '{}'", path, quote(mapped->second), rule.name),
                near.empty() ? sides : near + "\n" + sides);
  }
  const std::string message = fmt::format("{} has no column for '{}'", path, rule.name);
  const int nearest = nearest_column(rule, dialect, layout);
  const bool is_wide = rule.name == "close" && dialect.header.size() > 2 &&
                       std::ranges::count_if(layout.column, [](int column) { return column >= 0; }) == 1;
  if (nearest < 0 && is_wide) {
    return fail(Error(E::E2001, message,
                      fmt::format("a column a symbol is a wide table; Lode takes a row an instrument and day, as "
                                  "pandas.melt makes them\n{}",
                                  sides))
                    .at(fmt::format("  1 | {}", dialect.header_line.substr(0, 100))));
  }
  if (nearest < 0 && rule.name == "symbol" && table.symbol_from_name) {
    return fail(Error(E::E2001,
                      fmt::format("{}, and the file's name can be none: up to {} of A-Z 0-9 . - _ ^ = / & + $ #",
                                  message, kSymbolBytes),
                      fmt::format("--map symbol=COLUMN names the column, or name the file by its symbol\n{}", sides))
                    .at(fmt::format("  1 | {}", dialect.header_line.substr(0, 100))));
  }
  if (nearest < 0) {
    return fail(Error(E::E2001, message, fmt::format("--map {}=COLUMN names the column\n{}", rule.name, sides))
                    .at(fmt::format("  1 | {}", dialect.header_line.substr(0, 100))));
  }
  const std::string command = fmt::format("lode data import {} --table {} --map {}", path, table.name,
                                          whole_map(table, dialect, layout, missing, nearest));
  return fail(Error(E::E2001, message, command + "\n" + sides).at(header_excerpt(dialect, nearest, "closest")));
}

}  // namespace

int ImportTable::index_of(std::string_view column) const {
  const auto found = std::ranges::find(columns, column, &ColumnRule::name);
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

std::span<const ImportTable> import_tables() {
  static const std::vector<ImportTable> tables = make_tables();
  return tables;
}

Result<const ImportTable*> find_import_table(std::string_view name) {
  std::vector<std::string> names;
  for (const ImportTable& table : import_tables()) {
    if (table.name == name) {
      return &table;
    }
    names.emplace_back(table.name);
  }
  const std::string near = did_you_mean(name, names);
  return fail(E::E2016, fmt::format("no table {} to import, expected one of {}", quote(name), join(names, ", ")),
              near.empty() ? "lode data import --help describes each" : near);
}

Result<Layout> find_layout(const ImportTable& table, const Dialect& dialect, const std::string& path,
                           const ColumnMap& map) {
  Layout layout{std::vector<int>(table.columns.size(), -1)};
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    LODE_TRY(layout.column[i], find_rule(table.columns[i], dialect, path, map));
  }
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const ColumnRule& rule = table.columns[i];
    if (layout.column[i] >= 0) {
      continue;
    }
    const bool is_mapped = map.contains(std::string(rule.name));
    const bool by_name = rule.name == "symbol" && table.symbol_from_name && !is_mapped &&
                         nearest_column(rule, dialect, layout) < 0 && !symbol_of_file(path).empty();
    if ((rule.needed || is_mapped) && !by_name) {
      return missing_column(table, dialect, path, layout, i, map);
    }
  }
  return layout;
}

std::vector<int> date_columns(const ImportTable& table, const Layout& layout) {
  std::vector<int> out;
  for (const std::string_view name :
       {"date", "ex_date", "pay_date", "declared_on", "valid_from", "valid_to", "listed_on", "delisted_on"}) {
    const int index = table.index_of(name);
    out.push_back(index < 0 ? -1 : layout.column[static_cast<std::size_t>(index)]);
  }
  return out;
}

Result<void> check_map(const ImportTable& table, const ColumnMap& map) {
  std::vector<std::string> names;
  for (const ColumnRule& rule : table.columns) {
    names.emplace_back(rule.name);
  }
  for (const auto& [ours, theirs] : map) {
    if (table.index_of(ours) < 0) {
      const std::string near = did_you_mean(ours, names);
      return fail(E::E4, fmt::format("--map {}={}: table {} has no column {}", ours, theirs, table.name, quote(ours)),
                  near.empty() ? fmt::format("its columns: {}", join(names, ", ")) : near);
    }
  }
  return {};
}

std::string symbol_of_file(const std::string& path) {
  std::string name = std::filesystem::path(path).filename().string();
  for (const std::string_view suffix :
       {".gz", ".zip", ".csv", ".txt", ".tsv", ".parquet", ".arrow", ".arrows", ".feather", ".ipc", ".us"}) {
    if (lower(name).ends_with(suffix)) {
      name.resize(name.size() - suffix.size());
    }
  }
  std::string symbol;
  return normalize_symbol(name, symbol) ? symbol : std::string();
}

}  // namespace lode::source
