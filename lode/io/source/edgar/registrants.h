// The register of symbols: company_tickers.json (numbered objects), its form with exchanges (fields and data), the
// funds' form, and ticker.txt. It knows today only, so the dated map is made of daily snapshots: what appears begins,
// what is gone ended the day it was last seen.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/io/source/collect/rows.h"

namespace lode::source::edgar {

extern const BodyContract kSymbolsContract;

struct Registrant {
  std::string cik;  // Ten digits.
  std::string symbol;
  std::string name, exchange;  // "" where the file has none.
  bool operator==(const Registrant&) const = default;
};

struct Register {
  std::vector<Registrant> rows;  // Sorted by CIK and symbol, each pair once.
  std::vector<Rejected> rejected;
  std::int64_t records = 0;
};
// Any of the four forms. E6206 for anything else.
Result<Register> parse_register(std::string_view body);

// A symbol of a company from a day on; `last` is the day it was last seen before it was gone.
struct DatedSymbol {
  Registrant who;
  Date from;
  std::optional<Date> last;
  bool operator==(const DatedSymbol&) const = default;
};
// The map after the snapshot of `today`: rows that changed only. `open` are the rows still open, `last_seen` the day of
// the snapshot before. A symbol that comes back begins anew.
std::vector<DatedSymbol> changes(const std::vector<DatedSymbol>& open, const std::vector<Registrant>& snapshot,
                                 Date last_seen, Date today);

}  // namespace lode::source::edgar
