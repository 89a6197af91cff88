// Do these bars stand in the lake already, under another exchange or under none? Then storing them once more would make
// a second instrument of every symbol.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/flow/steps/ingest/bar_batch.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {

// E2022 when a symbol of the import has bars under another exchange that agree with its own: on more than half of the
// days that both have, close and volume are equal. The hint is the command that mends it. A symbol that stands without
// an exchange on other days only is noted in the report. Reads bars of such symbols alone.
Result<void> check_elsewhere(const lake::Snapshot& snapshot, const Bars& bars, IngestReport& report);

}  // namespace lode::flow
