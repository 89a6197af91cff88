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

// The same from a lake; the exchanges are read only when a symbol stands twice.
Result<std::vector<std::string>> symbol_names(const lake::Snapshot& snapshot, const Axis& axis);

}  // namespace lode::flow
