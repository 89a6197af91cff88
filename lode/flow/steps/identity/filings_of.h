// Filings and the papers they are about. A filing names companies; which instrument that is, the map of who is who says
// for the filing's own day. It is asked when filings are read and not stored with them: the map learns later (a
// register that begins today, a rename that a directory shows tomorrow), and a link that was stored then would stay
// wrong.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lode/flow/steps/identity/symbol_map.h"
#include "lode/market/batch.h"

namespace lode::flow {

inline constexpr std::string_view kFilings = "filings";

// A symbol that filings are chosen by.
struct FilingSymbol {
  std::string symbol;
  std::vector<InstrumentId> instruments;  // Who is meant; empty: the register's company of that name, day by day.
};
// Those called so on `on`, else (nobody was, or no day is given) whoever ever was.
std::vector<FilingSymbol> filing_symbols(const SymbolMap& map, const std::vector<std::string>& symbols,
                                         std::optional<Date> on);

// Every company that any of the symbols can mean, sorted: no other filing can pass below.
std::vector<std::string> companies_meant(const SymbolMap& map, const std::vector<FilingSymbol>& symbols);

// The rows of `filings` (columns cik, public_at, instrument_id) whose company, on the day the public had them in New
// York, was one that `symbols` mean; all rows when none are given. At most `limit` of them; 0 = all. instrument_id is
// filled in: the instrument asked for, else the only one that was the company's paper that day; of a company with
// several papers, or none, it stays null. A column `symbol` in front tells what it was called that day. An instrument
// that a row has already is left as it is.
Batch filings_with_instruments(const SymbolMap& map, const Batch& filings, const std::vector<FilingSymbol>& symbols,
                               std::int64_t limit);

}  // namespace lode::flow
