// Counting cells: what of the universe is judged, and what tradability took away.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/core/evaluate/kernel/labels.h"
#include "lode/core/evaluate/kernel/places.h"
#include "lode/core/evaluate/kernel/sorted_rows.h"
#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

// Coverage on the evaluated dates: from the first session with a factor value to the last with a headline label, those
// with fewer members than names_needed(options) left out. A factor value counts on the dates that have enough of them.
Coverage coverage(const SortedRows& factor, const Labels& labels, const LabelMaker& maker, const Options& options);

// Fills the tradability counts of one horizon: cells with a factor value on labelled rows that have names_needed() of
// them, by what became of the trade. `places` of the labels, or null.
void count_cells(const SortedRows& factor, const Labels& labels, const Places* places, const Options& options,
                 HorizonResult& out);

// Columns that were delisted.
int count_delisted(std::span<const std::int32_t> delisted_row);

}  // namespace lode::evaluate
