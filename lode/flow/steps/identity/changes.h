// What changed between days: who was added to a list or a universe, who left it, and who got another symbol.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lode/base/time.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {

struct SymbolChange {
  std::string where;  // "list asx", "universe sp500", "symbols XNAS"
  Date on;            // First day it holds; of removed the first day without.
  std::string kind;   // "added", "missing", "back", "removed", "renamed"
  std::string symbol;
  std::string before;  // Of renamed: the symbol or the name before.
  std::string name;
};

struct ChangeQuery {
  std::optional<Date> from, to;  // Both included; nothing = open.
  std::string universe;          // One universe alone; "" = all of them.
  std::string list;              // One directory alone; "" = all of them.
};

// Of universes: stays that begin and end. One that ends on the eve of another of the same instrument under another
// symbol is a rename; a stay that begins the universe is no event, for it says nothing about the day before. Of
// directories: the table listing_events. Of symbols: a spelling that follows another of the same instrument and naming.
// A query that names a universe or a list asks for nothing else. Ordered by day, place, kind and symbol.
Result<std::vector<SymbolChange>> symbol_changes(const lake::Snapshot& snapshot, const ChangeQuery& query);

}  // namespace lode::flow
