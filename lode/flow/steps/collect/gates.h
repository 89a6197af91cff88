// Gates between what a source parsed and the lake: bars get the flags that imported bars get, in sight of the bars and
// splits the lake holds.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/io/lake/lake.h"
#include "lode/io/source/collect/source.h"
#include "lode/market/quality.h"

namespace lode::flow {

// Sets the flags of the bars in `parsed`, beside those the source set: bars of each length beside those of the same
// length, intraday ones in sight of the five days before.
Result<void> flag_bars(const lake::Snapshot& snapshot, const QualityLimits& limits, source::Parsed& parsed);

}  // namespace lode::flow
