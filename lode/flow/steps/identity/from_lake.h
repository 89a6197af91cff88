// The map of symbols, instruments and companies that a lake holds.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/flow/steps/identity/symbol_map.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {

// From the tables instruments, symbols, listings and issuer_symbols, all the snapshot holds: who somebody is is asked
// about a day and not as of one, for a register that begins late would else hide every company before it. What rests on
// later evidence is told (CompanyLink::is_assumed).
Result<SymbolMap> read_symbol_map(const lake::Snapshot& snapshot);

}  // namespace lode::flow
