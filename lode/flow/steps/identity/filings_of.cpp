// The map, asked for each filing.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/identity/filings_of.h"

#include <algorithm>
#include <set>

#include "lode/io/source/edgar/eastern.h"

namespace lode::flow {
namespace {

// Whether a filing of the company on that day is one that the symbol means, and of which instrument.
struct Match {
  bool is_meant = false;
  std::optional<InstrumentId> instrument;
};

Match match(const SymbolMap& map, const FilingSymbol& symbol, std::string_view cik, Date on) {
  bool has_company = false;
  for (const InstrumentId id : symbol.instruments) {
    const auto company = map.company_of(id, on);
    has_company = has_company || company.has_value();
    if (company && company->cik == cik) {
      return {true, id};
    }
  }
  if (has_company) {
    return {};
  }
  const std::vector<CompanyLink> called = map.companies(symbol.symbol, on);
  return {std::ranges::find(called, cik, &CompanyLink::cik) != called.end(), std::nullopt};
}

}  // namespace

std::vector<FilingSymbol> filing_symbols(const SymbolMap& map, const std::vector<std::string>& symbols,
                                         std::optional<Date> on) {
  std::vector<FilingSymbol> out;
  for (const std::string& symbol : symbols) {
    FilingSymbol one{symbol, on ? map.instruments(symbol, *on) : std::vector<InstrumentId>()};
    if (one.instruments.empty()) {
      one.instruments = map.instruments_ever(symbol);
    }
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<std::string> companies_meant(const SymbolMap& map, const std::vector<FilingSymbol>& symbols) {
  std::set<std::string> out;
  for (const FilingSymbol& one : symbols) {
    const std::vector<std::string> ever = map.companies_ever(one.symbol);
    out.insert(ever.begin(), ever.end());
  }
  return {out.begin(), out.end()};
}

Batch filings_with_instruments(const SymbolMap& map, const Batch& filings, const std::vector<FilingSymbol>& symbols,
                               std::int64_t limit) {
  const Column& ciks = filings.column("cik");
  const Column& times = filings.column("public_at");
  const Column& stored = filings.column("instrument_id");
  Column ids("instrument_id", ColumnType::kUint64);
  Column called("symbol", ColumnType::kText);
  std::vector<std::uint32_t> kept;
  for (std::size_t row = 0; row < filings.rows(); ++row) {
    if (limit > 0 && static_cast<std::int64_t>(kept.size()) == limit) {
      break;
    }
    const std::string_view cik = ciks.is_null(row) ? std::string_view() : ciks.texts()[row];
    const Date day = source::edgar::eastern_date(Time{times.times()[row]});
    Match found{symbols.empty(), std::nullopt};
    for (std::size_t i = 0; i < symbols.size() && !cik.empty() && !found.is_meant; ++i) {
      found = match(map, symbols[i], cik, day);
    }
    if (!found.is_meant) {
      continue;
    }
    if (!stored.is_null(row)) {
      found.instrument = InstrumentId{stored.uint64s()[row]};
    } else if (!found.instrument && !cik.empty()) {
      const std::vector<InstrumentId> papers = map.instruments_of(cik, day);
      found.instrument = papers.size() == 1 ? std::optional(papers.front()) : std::nullopt;
    }
    kept.push_back(static_cast<std::uint32_t>(row));
    found.instrument ? ids.push(found.instrument->value) : ids.push_null();
    const std::string symbol = found.instrument ? map.called(*found.instrument, day) : std::string();
    symbol.empty() ? called.push_null() : called.push(std::string_view(symbol));
  }
  Batch rows = filings.take(kept);
  std::vector<Column> columns{std::move(called)};
  for (const Column& column : rows.columns()) {
    columns.push_back(column.name() == "instrument_id" ? ids : column);
  }
  return Batch(std::move(columns));
}

}  // namespace lode::flow
