// Delistings that the bars of their instrument outlive. One of the two is wrong and nothing tells which: the day (an
// announcement, a slip), the bars (filled in behind the end, or of whoever holds the symbol now), or the end itself
// (trading went on elsewhere). Both are kept as delivered, nobody is given the delisting's return, and everybody is
// told.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lode/io/lake/panels.h"

namespace lode::flow {

// The line of an import which brought one side of the contradiction in: "1 name has bars after its delisting, first
// AAA (2010-01-05, bars to 2010-02-01): lode data check", which says what becomes of them. The first is that by symbol
// and date, whatever the order of `found`; "" when there are none.
std::string outlived_note(std::vector<lake::Outlived> found);

}  // namespace lode::flow
