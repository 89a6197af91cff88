// Ends of stays.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/identity/symbol_ends.h"

#include <set>

namespace lode::flow {
namespace {

constexpr int kLeast = 10;  // Fewer may be chance.

Date weekday_after(Date day) {
  Date out = day + 1;
  while (out.weekday() > 4) {
    out = out + 1;
  }
  return out;
}

}  // namespace

bool ends_are_left(const std::vector<ListedSymbol>& rows) {
  std::set<Date> starts;
  for (const ListedSymbol& row : rows) {
    if (row.from) {
      starts.insert(*row.from);
    }
  }
  int same_day = 0, day_after = 0;
  for (const ListedSymbol& row : rows) {
    if (row.to) {
      same_day += starts.contains(*row.to) ? 1 : 0;
      day_after += starts.contains(weekday_after(*row.to)) ? 1 : 0;
    }
  }
  return same_day >= kLeast && same_day > 2 * day_after;
}

bool settle_ends(std::vector<ListedSymbol>& rows) {
  if (!ends_are_left(rows)) {
    return false;
  }
  for (ListedSymbol& row : rows) {
    if (row.to && (!row.from || *row.to > *row.from)) {
      row.to = *row.to - 1;
    }
  }
  return true;
}

}  // namespace lode::flow
