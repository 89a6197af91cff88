// Do these bars stand in the lake already, under another exchange or under none? Then storing them once more would make
// a second instrument of every symbol.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/flow/steps/ingest/bar_batch.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {

// E2022 when most of the symbols that the import shares with another exchange are the same there. A symbol is the same
// when close and volume are equal on more than half of the days that both have, and these are 20 days, or all of the
// shorter life and at least 3, or 20 bars of such symbols together; a missing volume is equal to nothing. The hint is
// the command that mends it. Agreement short of that is noted in the report, as is a symbol that stands without an
// exchange on other days only. Reads bars of such symbols alone.
Result<void> check_elsewhere(const lake::Snapshot& snapshot, const Bars& bars, IngestReport& report);

}  // namespace lode::flow
