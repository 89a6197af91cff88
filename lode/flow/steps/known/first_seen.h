// An article found again is the article found first: it keeps the time it was first seen, so that asking again moves
// nothing in the past and stores nothing twice.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "lode/io/lake/lake.h"
#include "lode/market/batch.h"

namespace lode::flow {

// Gives rows of table articles whose address the lake has the stored first_seen and seen_on (and event_time, where the
// publisher claims no time): told the same they are duplicates then, which an append drops; told otherwise (a headline
// changed) they are a correction, known when received, of an article first seen when it was. Returns how many were
// known. Call it before Lake's append, on rows of one answer.
Result<std::int64_t> keep_first_seen(const lake::Snapshot& snapshot, Batch& articles);

}  // namespace lode::flow
