// Reading a table as a person asks for it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/store/table_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "lode/base/text.h"
#include "lode/flow/steps/facts/company.h"
#include "lode/flow/steps/facts/show_facts.h"
#include "lode/flow/steps/identity/called.h"
#include "lode/flow/steps/identity/filings_of.h"
#include "lode/flow/steps/identity/from_lake.h"
#include "lode/io/lake/history/versions.h"
#include "lode/io/source/edgar/accession.h"
#include "lode/io/source/edgar/eastern.h"
#include "lode/market/schema.h"

namespace lode::flow {

namespace {

// Who any of the symbols meant on a day of the range, sorted; E2104 with the nearest for one that nobody ever bore.
Result<std::vector<InstrumentId>> find_ids(const SymbolMap& map, const std::vector<std::string>& symbols,
                                           const DayRange& days) {
  std::vector<InstrumentId> found;
  for (const std::string& symbol : symbols) {
    const std::vector<InstrumentId> called = called_within(map, symbol, days);
    if (called.empty()) {
      std::set<std::string> known;
      for (const Spelling& one : map.spellings()) {
        known.insert(upper(one.symbol));
      }
      const std::string wanted = upper(trim(symbol));
      const std::string hint = did_you_mean(wanted, std::vector<std::string>(known.begin(), known.end()));
      return fail(E::E2104,
                  fmt::format("no instrument called {} among {} symbols of this lake", quote(wanted),
                              grouped(static_cast<std::int64_t>(known.size()))),
                  hint.empty() ? "lode data sql 'select symbol from instruments' lists them" : hint);
    }
    found.insert(found.end(), called.begin(), called.end());
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

Result<const TableSpec*> find_spec(const std::string& name) {
  if (const TableSpec* table = find_table(name); table != nullptr) {
    return table;
  }
  std::vector<std::string> names;
  for (const TableSpec& table : tables()) {
    names.emplace_back(table.name);
  }
  names.emplace_back(kCommits);
  names.emplace_back(kMap);
  const std::string hint = did_you_mean(name, names);
  return fail(E::E2016, fmt::format("no table called {}", quote(name)),
              hint.empty() ? "tables: " + join(names, ", ") : hint);
}

// The symbol of each row's instrument, on the row's day where the table has one.
void add_symbols(Batch& batch, const RowNames& names, std::string_view date_column) {
  const Column* ids = batch.find("instrument_id");
  if (ids == nullptr || batch.find("symbol") != nullptr) {
    return;
  }
  const Column* days = date_column.empty() ? nullptr : batch.find(date_column);
  TextData symbols;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const InstrumentId id{ids->uint64s()[row]};
    const bool is_dated = days != nullptr && days->type() == ColumnType::kDate && !days->is_null(row);
    symbols.push(is_dated ? names.on(id, Date{days->dates()[row]}) : names.newest(id));
  }
  std::vector<Column> columns;
  columns.push_back(Column::text("symbol", std::move(symbols)));
  for (const Column& column : batch.columns()) {
    columns.push_back(column);
  }
  batch = Batch(std::move(columns));
}

// The long form of stored values is the one table that may not fit: whole it is streamed by a command of its own.
Result<void> check_size(const lake::Snapshot& snapshot, const std::string& table, std::int64_t limit) {
  constexpr std::int64_t kMostRows = 5'000'000;
  if (table != kFactorValues || limit > 0) {
    return {};
  }
  LODE_TRY(const std::int64_t rows, snapshot.count(table));
  if (rows > kMostRows) {
    return fail(E::E4, fmt::format("{} holds {} rows, more than are read at once", table, grouped(rows)),
                "lode factor values --run r1 -o values.parquet writes a run's as they are read");
  }
  return {};
}

}  // namespace

std::vector<Parameter> selection_parameters() {
  using Kind = ParameterKind;
  return {
      {.name = "symbol",
       .summary = "only these instruments; may be given several times",
       .repeated = true,
       .completes = "symbols"},
      {.name = "from", .kind = Kind::kDate, .summary = "first day, inclusive"},
      {.name = "to", .kind = Kind::kDate, .summary = "last day, inclusive"},
      {.name = "as-of", .kind = Kind::kInstant, .summary = "versions known then"},
      {.name = "commit", .kind = Kind::kInteger, .summary = "what the store held at this commit", .least = 1},
      {.name = "cik", .summary = "only this company, by its SEC number"},
      {.name = "versions", .kind = Kind::kFlag, .summary = "every version of a row, not the newest alone"},
  };
}

Result<std::vector<InstrumentId>> instruments_called(const lake::Snapshot& snapshot,
                                                     const std::vector<std::string>& symbols, std::optional<Date> from,
                                                     std::optional<Date> to) {
  LODE_TRY(const SymbolMap map, read_symbol_map(snapshot));
  return find_ids(map, symbols, {from, to});
}

namespace {

// A symbol that was several instruments' means, with --as-of, the one that was called so on that day.
void keep_called_then(const SymbolMap& map, const std::vector<std::string>& symbols, Time as_of,
                      std::vector<InstrumentId>& ids) {
  std::vector<InstrumentId> then;
  for (const std::string& symbol : symbols) {
    const std::vector<InstrumentId> called = map.instruments(symbol, utc_date(as_of));
    if (called.empty()) {
      return;  // Nobody was, that day: whoever ever was.
    }
    then.insert(then.end(), called.begin(), called.end());
  }
  std::erase_if(ids, [&](InstrumentId id) { return std::ranges::find(then, id) == then.end(); });
}

// The instruments that --symbol means, and, where the symbol changed hands, only its bearer's rows of each day.
Result<void> select_symbols(const SymbolMap& map, const TableSpec& spec, const Request& request, lake::Query& query,
                            std::vector<std::string>* notes) {
  const std::vector<std::string> symbols = request.texts("symbol");
  const DayRange days{query.from, query.to};
  LODE_TRY(query.instruments, find_ids(map, symbols, query.as_of ? DayRange() : days));
  if (query.as_of && query.instruments.size() > 1) {
    keep_called_then(map, symbols, *query.as_of, query.instruments);
  }
  const std::string column(spec.date_column);
  if (column.empty() || spec.find(column)->type != ColumnType::kDate || query.instruments.size() < 2) {
    return {};
  }
  std::set<InstrumentId> told;
  for (const ForeignDays& one : foreign_days(map, symbols, query.instruments, days)) {
    query.where += fmt::format("{}NOT (instrument_id = {} AND {} BETWEEN DATE '{}' AND DATE '{}')",
                               query.where.empty() ? "" : " AND ", one.id.value, column,
                               to_string(std::max(one.from, Date::from_civil(1, 1, 1))),
                               to_string(std::min(one.to, Date::from_civil(9999, 12, 31))));
    told.insert(one.id);
    told.insert(one.bearer);
  }
  if (notes != nullptr && told.size() > 1) {
    notes->push_back(
        fmt::format("note: {} was more than one instrument's; each day shows the one that bore it then "
                    "(lode data show map --symbol {})",
                    join(symbols, ", "), symbols.front()));
  }
  return {};
}

Result<Batch> read_rows(const lake::Snapshot& snapshot, const std::string& table, bool versions,
                        const lake::Query& query) {
  return versions ? lake::read_versions(snapshot, table, query) : snapshot.read(table, query);
}

// Rows of filings as of a day are only those that were public then; so many as the limit asks for.
Result<Batch> read_known(const lake::Snapshot& snapshot, const std::string& table, bool versions, lake::Query query) {
  const auto limit = static_cast<std::size_t>(query.limit);
  LODE_TRY(Batch rows, read_rows(snapshot, table, versions, query));
  if (table != "filings" || !query.as_of) {
    return rows;
  }
  for (std::size_t before = rows.rows();; before = rows.rows()) {
    const bool is_all = limit == 0 || before < static_cast<std::size_t>(query.limit);
    LODE_CHECK(drop_not_public(snapshot, *query.as_of, rows));
    if (is_all || rows.rows() >= limit) {
      break;
    }
    query.limit *= 2;
    LODE_TRY(rows, read_rows(snapshot, table, versions, query));
  }
  if (limit > 0 && rows.rows() > limit) {
    std::vector<std::uint32_t> first(limit);
    std::iota(first.begin(), first.end(), 0U);
    rows = rows.take(first);
  }
  return rows;
}

Result<void> select_company(const TableSpec& spec, const Request& request, lake::Query& query) {
  if (!request.has("cik")) {
    return {};
  }
  if (spec.find("cik") == nullptr) {
    return fail(E::E4, fmt::format("the table {} has no companies that --cik could mean", spec.name), "leave it out");
  }
  LODE_TRY(const std::string cik, read_cik_option(request));
  query.where += fmt::format("{}cik = '{}'", query.where.empty() ? "" : " AND ", cik);
  return {};
}

// Filings of companies; --symbol names companies by the instruments that were theirs on each filing's day.
Result<Batch> read_filings(const lake::Snapshot& snapshot, const TableSpec& spec, const Request& request,
                           lake::Query query) {
  LODE_TRY(const SymbolMap map, read_symbol_map(snapshot));
  const std::int64_t limit = query.limit;
  std::vector<FilingSymbol> symbols;
  LODE_CHECK(select_company(spec, request, query));
  if (request.has("symbol")) {
    const auto on = query.as_of ? std::optional(source::edgar::eastern_date(*query.as_of)) : std::nullopt;
    symbols = filing_symbols(map, request.texts("symbol"), on);
    std::string ciks;
    for (const std::string& cik : companies_meant(map, symbols)) {
      if (source::edgar::read_cik(cik) == cik) {  // Nothing in it can end the quotes.
        ciks += fmt::format("{}'{}'", ciks.empty() ? "" : ", ", cik);
      }
    }
    if (ciks.empty()) {
      const std::string typed = join(request.texts("symbol"), ", ");
      return fail(E::E2104, fmt::format("no company with filings to look for is called {}", quote(upper(typed))),
                  fmt::format("lode data show map --symbol {} tells who was; --cik takes the company's number", typed));
    }
    query.where = (query.where.empty() ? "" : query.where + " AND ") + fmt::format("cik IN ({})", ciks);
    query.limit = 0;
  }
  LODE_TRY(const Batch rows, read_known(snapshot, std::string(spec.name), request.flag("versions"), std::move(query)));
  return rows.rows() == 0 ? rows : filings_with_instruments(map, rows, symbols, limit);
}

}  // namespace

Result<Batch> read_selected(const lake::Lake& lake, const std::string& table, const Request& request,
                            std::int64_t limit, std::vector<std::string>* notes) {
  LODE_TRY(const TableSpec* spec, find_spec(table));
  std::optional<lake::CommitId> commit;
  if (request.has("commit")) {
    commit = request.integer("commit", 0);
  }
  LODE_TRY(const lake::Snapshot snapshot, lake.snapshot(commit));
  lake::Query query;
  LODE_TRY(query.from, request.date("from"));
  LODE_TRY(query.to, request.date("to"));
  LODE_TRY(query.as_of, request.instant("as-of"));
  if (spec->date_column.empty() && (query.from || query.to)) {
    return fail(E::E4, fmt::format("the table {} has no date that --from and --to could mean", table),
                "leave them out");
  }
  query.limit = limit;
  if (table == kFilings) {
    return read_filings(snapshot, *spec, request, std::move(query));
  }
  LODE_TRY(const SymbolMap map, read_symbol_map(snapshot));
  if (request.has("symbol")) {
    if (spec->find("instrument_id") == nullptr) {
      return fail(E::E4, fmt::format("the table {} has no instruments that --symbol could mean", table),
                  "leave it out");
    }
    LODE_CHECK(select_symbols(map, *spec, request, query, notes));
  }
  LODE_CHECK(select_company(*spec, request, query));
  LODE_CHECK(check_size(snapshot, table, limit));
  LODE_TRY(Batch batch, read_known(snapshot, table, request.flag("versions"), query));
  add_symbols(batch, RowNames(map), spec->date_column);
  return batch;
}

namespace {

// "bars for AAA between 2010-01-01 and 2010-12-31", as a person would say what was asked for.
std::string asked_for(const std::string& table, const Request& request) {
  std::string what = table == "bars" ? table : "rows of " + table;
  if (request.has("symbol")) {
    what += " for " + join(request.texts("symbol"), ", ");
  }
  if (request.has("cik")) {
    what += " of company " + request.text("cik");
  }
  if (request.has("from") || request.has("to")) {
    what += fmt::format(" between {} and {}", request.text("from", "the beginning"), request.text("to", "the end"));
  }
  if (request.has("as-of")) {
    what += " as known " + request.text("as-of");
  }
  return what;
}

struct Held {
  std::string span;  // "from 2015-01-02", the side of the data that was missed
  std::string help;  // Options that find rows
};

// What the lake has from `first` to `last`, seen from the span that was asked for.
Held seen_from(Date first, Date last, std::optional<Date> from, std::optional<Date> to, bool as_of) {
  const std::string whole = fmt::format("from {} to {}", to_string(first), to_string(last));
  if (as_of) {
    return {whole, "ask for what was known later, or leave out --as-of"};
  }
  if (to && *to < first) {
    return {"from " + to_string(first),
            fmt::format("start later: --from {} --to {}", to_string(first), to_string(last))};
  }
  if (from && *from > last) {
    return {"until " + to_string(last), fmt::format("start earlier: --from {}", to_string(first)) +
                                            (to ? fmt::format(" --to {}", to_string(last)) : std::string())};
  }
  return {whole, "ask for more days: these fall between two of its rows"};
}

}  // namespace

Failure no_rows(const lake::Lake& lake, const std::string& table, const Request& request, std::string_view command) {
  const std::vector<std::string> symbols = request.texts("symbol");
  const std::string what = "no " + asked_for(table, request);
  Request wider;
  for (const char* kept : {"symbol", "cik", "commit"}) {
    if (const Value* value = request.values().find(kept); value != nullptr) {
      wider.set(kept, *value);
    }
  }
  const std::string_view date_column = find_table(table)->date_column;
  const Result<Batch> all = read_selected(lake, table, wider, 0);
  if (!all || all->rows() == 0 || date_column.empty()) {
    return fail(E::E2101, what, "lode data tables shows which tables have rows, and their dates");
  }
  LODE_TRY(const std::optional<Date> from, request.date("from"));
  LODE_TRY(const std::optional<Date> to, request.date("to"));
  const auto [first, last] = std::ranges::minmax(all->column(date_column).dates());
  const Held held = seen_from(Date{first}, Date{last}, from, to, request.has("as-of"));
  return fail(Error(E::E2101, what, held.help)
                  .at(fmt::format("      asked by {}; the lake has {} {}", command,
                                  symbols.empty() ? table : join(symbols, ", "), held.span)));
}

}  // namespace lode::flow
