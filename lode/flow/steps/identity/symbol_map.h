// Who was who on a day: a symbol is one instrument's at a time, an instrument is one company's paper at a time, and all
// three change. Pure; from_lake.h fills it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/time.h"
#include "lode/market/instrument.h"

namespace lode::flow {

// An instrument as its table describes it.
struct KnownInstrument {
  InstrumentId id;
  std::string mic;     // "XXXX" when unknown
  std::string symbol;  // The first one known
  std::string cik;     // Ten digits, where the table says so; else ""
  std::string name;
  std::optional<Date> listed_on, delisted_on;
};

// A row of table symbols.
struct Spelling {
  InstrumentId instrument;
  std::string naming;  // Whose spelling: an exchange or a source
  std::string symbol;
  Date from;
  std::optional<Date> to;  // nullopt = still
};

// A row of table issuer_symbols: what EDGAR's register showed, from the first day it was seen.
struct IssuerSymbol {
  std::string cik, symbol, name;
  Date from;
  std::optional<Date> to;
};

// A company an instrument or a symbol is of.
struct CompanyLink {
  std::string cik;
  bool is_assumed = false;  // The first evidence is later than the day asked about.
  Date since;               // Day of that evidence.
  bool operator==(const CompanyLink&) const = default;
};

// Spellings differ in how they part a class from a company: BRK-B, BRK.B and BRK/B are one. Upper case, the mark a dot.
std::string plain_symbol(std::string_view symbol);
// True of exchanges whose papers EDGAR's register names by their tickers, and of the code of no exchange.
bool is_american_market(std::string_view mic);

class SymbolMap {
 public:
  // Rows in any order. Where two instruments hold a symbol under one naming, the one that took it later has it from
  // then on, and the other's spell ended the day before.
  SymbolMap(std::vector<KnownInstrument> instruments, std::vector<Spelling> spellings,
            std::vector<IssuerSymbol> issuer_symbols);

  // Who was called so on that day, by any naming, sorted. Empty: nobody, though others may be on other days.
  std::vector<InstrumentId> instruments(std::string_view symbol, Date on) const;

  // Whose paper it was. The table of instruments decides where it names a company; else the register, for instruments
  // of American exchanges (and of unknown ones): an instrument is linked to the company whose symbol it had on a day
  // that the register shows. The link holds from then until another takes its place, also after a delisting; before its
  // first day it is assumed, for a permanent id does not change owners as a symbol does. nullopt without evidence, and
  // where two companies claim it on one day: a filing is never given to an instrument on a guess.
  std::optional<CompanyLink> company_of(InstrumentId instrument, Date on) const;

  // The company called so on that day: of the instruments called so, else by the register alone. None, one, or several
  // on different exchanges.
  std::vector<CompanyLink> companies(std::string_view symbol, Date on) const;

  // Companies that instruments called so ever were of, and that the register ever called so; sorted.
  std::vector<std::string> companies_ever(std::string_view symbol) const;
  // What the instrument was called on that day, by its exchange, else by anyone; "" when no spelling holds.
  std::string called(InstrumentId instrument, Date on) const;
  // Whoever was called so on any day, sorted.
  std::vector<InstrumentId> instruments_ever(std::string_view symbol) const;

  // The company's instruments that are linked to it on that day, sorted.
  std::vector<InstrumentId> instruments_of(std::string_view cik, Date on) const;

  // All of it, spells as they really ended, sorted by instrument, naming and first day.
  const std::vector<Spelling>& spellings() const { return spellings_; }
  const std::vector<IssuerSymbol>& issuer_symbols() const { return issuer_symbols_; }
  const KnownInstrument* find(InstrumentId id) const;  // nullptr when unknown.

 private:
  void end_overtaken();
  void link();

  std::map<InstrumentId, KnownInstrument> instruments_;
  std::vector<Spelling> spellings_;
  std::vector<IssuerSymbol> issuer_symbols_;
  std::multimap<std::string, std::size_t> by_symbol_;          // Plain symbol -> place in spellings_.
  std::multimap<std::string, std::size_t> issuers_by_symbol_;  // Plain symbol -> place in issuer_symbols_.
  // First day -> the company from then on; "" where two claimed it.
  std::map<InstrumentId, std::map<Date, std::string>> links_;
  std::multimap<std::string, InstrumentId> by_company_;  // Company -> who was linked to it on some day; some twice.
};

}  // namespace lode::flow
