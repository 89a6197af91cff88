// The dirty rows of a synthetic market's files: known faults, each to be set aside by an import, none to be repaired.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lode/core/synth/market.h"

namespace lode::synth {

// Rows an import sets aside, twelve of them: both rows of a pair that contradict each other count.
inline constexpr int kDirtyRows = 12;

// Draws the cells and writes their garbled rows. Needs the market's bars.
std::vector<DirtyRow> make_dirty(const Market& market);

}  // namespace lode::synth
