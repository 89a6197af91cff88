// What the lake knows already that an import has to respect: instruments, who held which symbol when, the span of their
// bars, splits, and the last bars before the new ones.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lode/flow/steps/ingest/identity.h"
#include "lode/io/lake/lake.h"
#include "lode/market/batch.h"
#include "lode/market/quality.h"

namespace lode::flow {

// One row of the table symbols, as an import judges by it; a Spelling of identity/symbol_map.h is one for a reader.
struct SymbolRow {
  InstrumentId id;
  std::string naming;  // The mic.
  std::string symbol;
  Date valid_from;
  std::optional<Date> valid_to;
};

struct BarSpan {
  Date first, last;
  double first_close = 0.0, last_close = 0.0;
};

struct KnownInstruments {
  Batch instruments;                                       // Current view; no columns when the lake has none.
  std::unordered_map<InstrumentId, std::uint32_t> row_of;  // In `instruments`.
  std::map<std::string, std::vector<SymbolRow>, std::less<>> spellings;  // By symbol.
  std::unordered_map<InstrumentId, BarSpan> spans;                       // Of those with daily bars.
  std::unordered_map<InstrumentId, std::vector<Split>> splits;
  std::map<std::string, Market, std::less<>> markets;  // By mic; read with the spans.

  bool has(InstrumentId id) const { return row_of.contains(id); }
  std::string text(InstrumentId id, std::string_view column) const;  // "" when null or unknown.
  // What an instrument is called: its row's symbol, else a spelling; its id when nothing names it.
  std::string symbol_of(InstrumentId id) const;
  // The last day of trading, as instruments or actions said; nothing while none is known.
  std::optional<Date> delisted_on(InstrumentId id) const;
  // Who holds a symbol on an exchange on a day: of several the one it came to last by then, before the first holder's
  // first day that one; nullptr when nobody does.
  const SymbolRow* holder(std::string_view mic, std::string_view symbol, Date day) const;
  // The holders of a symbol on an exchange.
  std::vector<Stay> stays(std::string_view mic, std::string_view symbol) const;
};

Result<KnownInstruments> read_known(const lake::Snapshot& snapshot);
// Spans of the bars, and how many names each exchange has by session; the engine groups three columns of every bar.
Result<void> read_spans(const lake::Snapshot& snapshot, KnownInstruments& known);

// The last daily bar of every instrument that has one.
Result<std::unordered_map<InstrumentId, Date>> read_last_sessions(const lake::Snapshot& snapshot);

// Daily bars of `ids` in the kContextDays before the latest of `before`, each only earlier than its own `before`.
inline constexpr int kContextDays = 130;  // Holds the 60 traded sessions that volumes are judged by.
using BarContext = std::unordered_map<InstrumentId, std::vector<BarRow>>;
Result<BarContext> read_context(const lake::Snapshot& snapshot, const std::unordered_map<InstrumentId, Date>& before);

}  // namespace lode::flow
