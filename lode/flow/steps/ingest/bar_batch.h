// The bars of an import on their way into the lake: which rows belong to which instrument, and the batches they become.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "lode/base/pool.h"
#include "lode/flow/steps/ingest/identity.h"
#include "lode/flow/steps/ingest/known.h"
#include "lode/flow/steps/ingest/merge.h"
#include "lode/flow/steps/ingest/plan.h"
#include "lode/market/batch.h"

namespace lode::flow {

// Rows of one instrument in the merged columns.
struct Range {
  std::size_t symbol = 0;
  Piece piece;             // begin and end count merged rows.
  std::size_t target = 0;  // First row in the batch.
  bool is_equity = false;

  std::size_t size() const { return piece.end - piece.begin; }
};

struct Bars {
  const IngestPlan& plan;
  std::vector<ParsedFile>& files;
  MergedBars merged;
  KnownInstruments known;
  BarContext context;
  std::vector<Range> ranges;  // Ascending by id.
  std::size_t rows = 0;
  std::vector<std::uint64_t> flags;  // One a row of the batch.
  std::vector<double> close_read;    // One a row of the batch, as read; empty when nothing may be repaired.
};

// The batch of the table bars: one row a merged row, by instrument and session, in the columns of schema.def. Lets the
// merged numbers go as it copies them.
Batch bar_batch(Bars& bars, Pool& pool);

// Rows of the table instruments: those that are new, those now known to be adjusted by their source, and those of
// another kind than thought.
Batch instrument_rows(const Bars& bars);

// Rows of the table symbols: new spellings; where a symbol goes over to another instrument, the one before ends with
// its last bar.
Batch symbol_rows(const Bars& bars);

}  // namespace lode::flow
