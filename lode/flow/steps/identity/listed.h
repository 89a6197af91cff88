// What the directories of exchanges add to the map: dated tickers, with what was added, removed and renamed. Pure.
//
// A directory names papers by their tickers alone, so each spell of its has to find its instrument: the one that was
// called so on the spell's first day; else, when the directory says that it renamed a ticker, the one that had the
// ticker before; else the one that had this ticker and this name in it before; else an instrument of its own, by the
// exchange and the ticker.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lode/flow/steps/identity/symbol_map.h"

namespace lode::flow {

// A row of table listings: one spell of a ticker in a directory.
struct ListedSpell {
  std::string directory;  // "nasdaqlisted", "otherlisted", "asx"
  std::string symbol;     // As it spells it
  std::string mic, name;
  Date from;               // First snapshot with it
  std::optional<Date> to;  // Last one; nullopt = still there
  std::optional<Date> listed_on;
};

// Rows of table listing_events that the map reads: "renamed", with the symbol before, and "back".
struct ListedEvent {
  std::string directory, symbol, kind, before;
  Date on;
};

// Instruments and spellings as the tables have them, with those of the directories added under the directory's name as
// the naming. An instrument whose own spelling nothing dates keeps it until its ticker is renamed or removed.
void join_listings(std::vector<ListedSpell> listed, const std::vector<ListedEvent>& events,
                   std::vector<KnownInstrument>& instruments, std::vector<Spelling>& spellings);

}  // namespace lode::flow
