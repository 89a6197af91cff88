// Reads the map.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/identity/from_lake.h"

#include "lode/flow/steps/identity/listed.h"

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

namespace {

Result<void> add_listings(const lake::Snapshot& snapshot, std::vector<KnownInstrument>& instruments,
                          std::vector<Spelling>& spellings) {
  LODE_TRY(const Batch rows, snapshot.read("listings", {.columns = {"directory", "symbol", "valid_from", "valid_to",
                                                                    "mic", "name", "listed_on"}}));
  std::vector<ListedSpell> listed;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    listed.push_back({text_of(rows, "directory", row), text_of(rows, "symbol", row), text_of(rows, "mic", row),
                      text_of(rows, "name", row), *day_of(rows, "valid_from", row), day_of(rows, "valid_to", row),
                      day_of(rows, "listed_on", row)});
  }
  if (listed.empty()) {
    return {};
  }
  LODE_TRY(const Batch told,
           snapshot.read("listing_events", {.columns = {"directory", "event_on", "symbol", "kind", "before"}}));
  std::vector<ListedEvent> events;
  for (std::size_t row = 0; row < told.rows(); ++row) {
    if (const std::string kind = text_of(told, "kind", row); kind == "renamed" || kind == "back") {
      events.push_back({text_of(told, "directory", row), text_of(told, "symbol", row), kind,
                        text_of(told, "before", row), *day_of(told, "event_on", row)});
    }
  }
  join_listings(std::move(listed), events, instruments, spellings);
  return {};
}

}  // namespace

Result<SymbolMap> read_symbol_map(const lake::Snapshot& snapshot) {
  LODE_TRY(const Batch known, snapshot.read("instruments", {}));
  LODE_TRY(const Batch spelled, snapshot.read("symbols", {}));
  LODE_TRY(const Batch issued, snapshot.read("issuer_symbols", {}));
  std::vector<KnownInstrument> instruments;
  // What is over before it begins was withdrawn by the source that had told it: it held on no day.
  const auto is_withdrawn = [](const Batch& rows, std::string_view from, std::string_view to, std::size_t row) {
    const auto first = day_of(rows, from, row);
    const auto last = day_of(rows, to, row);
    return first && last && *last < *first;
  };
  for (std::size_t row = 0; row < known.rows(); ++row) {
    if (is_withdrawn(known, "listed_on", "delisted_on", row)) {
      continue;
    }
    instruments.push_back({InstrumentId{known.column("instrument_id").uint64s()[row]}, text_of(known, "mic", row),
                           text_of(known, "symbol", row), text_of(known, "cik", row), text_of(known, "name", row),
                           day_of(known, "listed_on", row), day_of(known, "delisted_on", row)});
  }
  std::vector<Spelling> spellings;
  for (std::size_t row = 0; row < spelled.rows(); ++row) {
    if (is_withdrawn(spelled, "valid_from", "valid_to", row)) {
      continue;
    }
    spellings.push_back({InstrumentId{spelled.column("instrument_id").uint64s()[row]}, text_of(spelled, "naming", row),
                         text_of(spelled, "symbol", row), *day_of(spelled, "valid_from", row),
                         day_of(spelled, "valid_to", row)});
  }
  LODE_CHECK(add_listings(snapshot, instruments, spellings));
  std::vector<IssuerSymbol> issuers;
  for (std::size_t row = 0; row < issued.rows(); ++row) {
    issuers.push_back({text_of(issued, "cik", row), text_of(issued, "symbol", row), text_of(issued, "name", row),
                       *day_of(issued, "valid_from", row), day_of(issued, "valid_to", row)});
  }
  return SymbolMap(std::move(instruments), std::move(spellings), std::move(issuers));
}

}  // namespace lode::flow
