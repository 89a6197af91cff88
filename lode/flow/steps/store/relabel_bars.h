// Bars of an old commit, read back from the lake as an import reads them from a file, so that they pass the gates of
// another exchange and become its instruments.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lode/flow/steps/ingest/plan.h"
#include "lode/flow/steps/store/relabel.h"

namespace lode::flow {

// A text of a commit's note; "" when it has none.
std::string note_text(const Value& note, std::string_view key);

// True for imports of bars and benchmarks.
bool holds_bars(const lake::CommitInfo& commit);

// The rows one commit brought into a table, as it brought them: later compactions and reverts do not matter. `then` is
// the snapshot of that commit. E8008 when vacuum removed them.
Result<Batch> rows_of(const lake::Lake& lake, const lake::Snapshot& then, std::string_view table);

// Appends the old commit's bars under the new exchange, and what the calendar refuses to quarantine; fills the report.
Result<void> store_bars_again(World& world, lake::Lake& lake, const RelabelPlan& plan, const lake::CommitInfo& old,
                              lake::Writer& writer, IngestReport& report);

}  // namespace lode::flow
