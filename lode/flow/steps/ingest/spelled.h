// Who bears a symbol, whoever names it so: bars spell it by their exchange, a source by its own name and in its own
// case.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/flow/steps/ingest/known.h"

namespace lode::flow {

// Every spelling of the symbol (in upper case), by any naming, also where it stands in lower case or with another mark
// between name and class: BRK-B, BRK.B, BRK/B.
std::vector<const SymbolRow*> spelled(const KnownInstruments& known, std::string_view symbol);

// The exchange a spelling is of: its instrument's, and of what has no instrument yet whoever named it.
std::string exchange_of(const KnownInstruments& known, const SymbolRow& spelling);

}  // namespace lode::flow
