// Reads the map.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/identity/from_lake.h"

namespace lode::flow {

namespace {

std::string text_of(const Batch& rows, std::string_view column, std::size_t row) {
  const Column& cells = rows.column(column);
  return cells.is_null(row) ? std::string() : std::string(cells.texts()[row]);
}

std::optional<Date> day_of(const Batch& rows, std::string_view column, std::size_t row) {
  const Column& cells = rows.column(column);
  return cells.is_null(row) ? std::nullopt : std::optional(Date{cells.dates()[row]});
}

}  // namespace

Result<SymbolMap> read_symbol_map(const lake::Snapshot& snapshot) {
  LODE_TRY(const Batch known, snapshot.read("instruments", {}));
  LODE_TRY(const Batch spelled, snapshot.read("symbols", {}));
  LODE_TRY(const Batch issued, snapshot.read("issuer_symbols", {}));
  std::vector<KnownInstrument> instruments;
  for (std::size_t row = 0; row < known.rows(); ++row) {
    instruments.push_back({InstrumentId{known.column("instrument_id").uint64s()[row]}, text_of(known, "mic", row),
                           text_of(known, "symbol", row), text_of(known, "cik", row), text_of(known, "name", row),
                           day_of(known, "listed_on", row), day_of(known, "delisted_on", row)});
  }
  std::vector<Spelling> spellings;
  for (std::size_t row = 0; row < spelled.rows(); ++row) {
    spellings.push_back({InstrumentId{spelled.column("instrument_id").uint64s()[row]}, text_of(spelled, "naming", row),
                         text_of(spelled, "symbol", row), *day_of(spelled, "valid_from", row),
                         day_of(spelled, "valid_to", row)});
  }
  std::vector<IssuerSymbol> issuers;
  for (std::size_t row = 0; row < issued.rows(); ++row) {
    issuers.push_back({text_of(issued, "cik", row), text_of(issued, "symbol", row), text_of(issued, "name", row),
                       *day_of(issued, "valid_from", row), day_of(issued, "valid_to", row)});
  }
  return SymbolMap(std::move(instruments), std::move(spellings), std::move(issuers));
}

}  // namespace lode::flow
