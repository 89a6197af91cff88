// Whether the last days of a table of members belong to their stays. Both kinds are published under the same names, and
// the table tells by itself: where one place goes from hand to hand, its next holder begins on the day behind the last
// one of the holder before, or on the day which that table calls his end.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lode/flow/steps/identity/symbol_list.h"

namespace lode::flow {

// True when the ends are the first days without membership: at least ten of them are the first days of others, and
// twice as many as have a stay that begins on the weekday behind.
bool ends_are_left(const std::vector<ListedSymbol>& rows);

// Takes a day from each end, where ends_are_left; an end on the first day stays, or there would be no stay. True when
// it did.
bool settle_ends(std::vector<ListedSymbol>& rows);

}  // namespace lode::flow
