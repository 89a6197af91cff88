// The names people read: a symbol alone where it says which instrument is meant, with its exchange behind it
// ("BHP.XASX") where two exchanges list the same.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/io/lake/lake.h"
#include "lode/market/panel.h"

namespace lode::flow {

// "BHP.XASX"
std::string qualified_symbol(std::string_view symbol, std::string_view mic);

// The exchange of each column, "" where the lake does not know the instrument.
Result<std::vector<std::string>> exchanges_of(const lake::Snapshot& snapshot, const Axis& axis);

// One name a column: qualified exactly where columns of other exchanges have the same symbol. `mics`: one a column, or
// empty (all plain). Two holders of a symbol on one exchange, one after the other, keep the plain symbol: the date
// tells them apart.
std::vector<std::string> symbol_names(const Axis& axis, const std::vector<std::string>& mics);

// What each column is called on the axis' last session, by the dated map of symbols, in upper case: a name tells who is
// meant and is no knowledge of its day, so an axis as known earlier says it too. Of the lake's end where the axis has
// no session; as the axis has it where the map knows no name.
Result<std::vector<std::string>> dated_symbols(const lake::Snapshot& snapshot, const Axis& axis);

// The same from a lake, of the dated symbols; the exchanges are read only when a symbol stands twice.
Result<std::vector<std::string>> symbol_names(const lake::Snapshot& snapshot, const Axis& axis);

}  // namespace lode::flow
