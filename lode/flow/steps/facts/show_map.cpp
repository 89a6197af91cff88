// Who is who, as rows: lode data show map.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "lode/base/text.h"
#include "lode/flow/steps/facts/show_facts.h"
#include "lode/flow/steps/identity/from_lake.h"
#include "lode/io/source/edgar/accession.h"
#include "lode/io/source/edgar/eastern.h"

namespace lode::flow {

namespace {

constexpr std::string_view kRegister = "edgar";
constexpr Date kEver{-200'000};
constexpr Date kStill{2'000'000};

// One spell.
struct Spell {
  std::optional<InstrumentId> instrument;
  std::string symbol;  // "" of a former name
  std::string naming;
  std::string cik, name, event;
  Date from;
  std::optional<Date> to;
  bool is_assumed = false;  // That the company is this one
};

std::string text_cell(const Batch& rows, std::string_view column, std::size_t row) {
  const Column& cells = rows.column(column);
  return cells.is_null(row) ? std::string() : std::string(cells.texts()[row]);
}

// What ended a spell: the next symbol of the instrument, its delisting, or another instrument.
std::string ending(const SymbolMap& map, std::size_t place) {
  const std::vector<Spelling>& all = map.spellings();
  const Spelling& one = all[place];
  if (!one.to) {
    return "";
  }
  if (place + 1 < all.size() && all[place + 1].instrument == one.instrument && all[place + 1].naming == one.naming) {
    return "renamed " + all[place + 1].symbol;
  }
  const KnownInstrument* of = map.find(one.instrument);
  return of != nullptr && of->delisted_on == one.to ? "delisted" : "ended";
}

void add_instruments(const SymbolMap& map, std::vector<Spell>& out) {
  for (std::size_t i = 0; i < map.spellings().size(); ++i) {
    const Spelling& one = map.spellings()[i];
    Spell row{one.instrument, one.symbol, one.naming, {}, {}, ending(map, i), one.from, one.to, false};
    const KnownInstrument* of = map.find(one.instrument);
    row.name = of == nullptr ? std::string() : of->name;
    if (const auto company = map.company_of(one.instrument, one.to.value_or(kStill))) {
      row.cik = company->cik;
      row.is_assumed = company->is_assumed;
    }
    out.push_back(std::move(row));
  }
}

void add_register(const SymbolMap& map, std::vector<Spell>& out) {
  for (const IssuerSymbol& one : map.issuer_symbols()) {
    out.push_back({std::nullopt, one.symbol, std::string(kRegister), one.cik, one.name, one.to ? "ended" : "", one.from,
                   one.to, false});
  }
}

// The names a company had, as the register of filers tells them.
Result<void> add_former_names(const lake::Snapshot& snapshot, std::vector<Spell>& out) {
  LODE_TRY(const Batch rows, snapshot.read("issuers", {.columns = {"cik", "name", "former_names"}}));
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const std::string list = text_cell(rows, "former_names", row);
    if (list.empty()) {
      continue;
    }
    LODE_TRY(const Value names, parse_json(list));
    for (const Value& one : names.as_array()) {
      const auto text = [&](const char* key) {
        const Value* member = one.find(key);
        return member != nullptr && member->is_text() ? member->as_text() : std::string();
      };
      out.push_back({std::nullopt,
                     {},
                     std::string(kRegister),
                     text_cell(rows, "cik", row),
                     text("name"),
                     "renamed " + text_cell(rows, "name", row),
                     source::edgar::read_day(text("from")).value_or(kEver),
                     source::edgar::read_day(text("to")),
                     false});
    }
  }
  return {};
}

// Keeps the rows of the instruments and companies that a row passing `chosen` is of.
template <class Chosen>
void keep_relatives(std::vector<Spell>& rows, Chosen chosen) {
  std::set<InstrumentId> instruments;
  std::set<std::string> ciks;
  for (const Spell& row : rows) {
    if (chosen(row)) {
      if (row.instrument) {
        instruments.insert(*row.instrument);
      }
      if (!row.cik.empty()) {
        ciks.insert(row.cik);
      }
    }
  }
  std::erase_if(rows, [&](const Spell& row) {
    return !(row.instrument && instruments.contains(*row.instrument)) && !ciks.contains(row.cik);
  });
}

Result<void> select(const Request& request, std::vector<Spell>& rows) {
  if (request.has("cik")) {
    LODE_TRY(const std::string cik, read_cik_option(request));
    keep_relatives(rows, [&](const Spell& row) { return row.cik == cik; });
  }
  if (request.has("symbol")) {
    std::set<std::string> wanted;
    for (const std::string& symbol : request.texts("symbol")) {
      wanted.insert(plain_symbol(symbol));
    }
    keep_relatives(rows, [&](const Spell& row) { return wanted.contains(plain_symbol(row.symbol)); });
  }
  LODE_TRY(const std::optional<Time> as_of, request.instant("as-of"));
  if (as_of) {
    const Date day = source::edgar::eastern_date(*as_of);
    std::erase_if(rows, [&](const Spell& row) { return row.from > day || (row.to && *row.to < day); });
  }
  return {};
}

Batch as_batch(const std::vector<Spell>& rows) {
  Column symbols("symbol", ColumnType::kText), namings("naming", ColumnType::kText);
  Column from("valid_from", ColumnType::kDate), to("valid_to", ColumnType::kDate);
  Column ids("instrument_id", ColumnType::kUint64), ciks("cik", ColumnType::kText), names("name", ColumnType::kText);
  Column events("event", ColumnType::kText), assumed("cik_assumed", ColumnType::kBool);
  const auto put = [](Column& column, std::string_view text) { text.empty() ? column.push_null() : column.push(text); };
  for (const Spell& row : rows) {
    put(symbols, row.symbol);
    put(namings, row.naming);
    row.from == kEver ? from.push_null() : from.push(row.from);
    row.to ? to.push(*row.to) : to.push_null();
    row.instrument ? ids.push(row.instrument->value) : ids.push_null();
    put(ciks, row.cik);
    put(names, row.name);
    put(events, row.event);
    row.cik.empty() ? assumed.push_null() : assumed.push(row.is_assumed);
  }
  return Batch({symbols, namings, from, to, ids, ciks, names, events, assumed});
}

}  // namespace

Result<Batch> show_map(const lake::Lake& lake, const Request& request) {
  for (const char* option : {"from", "to", "versions"}) {
    if (request.has(option)) {
      return fail(E::E4, fmt::format("the map has nothing that --{} could mean", option),
                  "leave it out; --as-of chooses a day");
    }
  }
  std::optional<lake::CommitId> commit;
  if (request.has("commit")) {
    commit = request.integer("commit", 0);
  }
  LODE_TRY(const lake::Snapshot snapshot, lake.snapshot(commit));
  LODE_TRY(const SymbolMap map, read_symbol_map(snapshot));
  std::vector<Spell> rows;
  add_instruments(map, rows);
  add_register(map, rows);
  LODE_CHECK(add_former_names(snapshot, rows));
  LODE_CHECK(select(request, rows));
  if (rows.empty()) {
    return fail(E::E2101, "nobody in the map is called so then", "lode data show map --limit 0 shows all of it");
  }
  std::ranges::stable_sort(rows, [](const Spell& a, const Spell& b) {
    return std::tuple(std::string_view(a.cik), a.from, std::string_view(a.symbol)) <
           std::tuple(std::string_view(b.cik), b.from, std::string_view(b.symbol));
  });
  if (const std::int64_t limit = request.integer("limit", 0);
      limit > 0 && static_cast<std::int64_t>(rows.size()) > limit) {
    rows.resize(static_cast<std::size_t>(limit));
  }
  return as_batch(rows);
}

}  // namespace lode::flow
