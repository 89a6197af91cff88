// Is the question answerable: options in range, a factor that says something, dates to say it on.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/core/evaluate/kernel/labels.h"
#include "lode/core/evaluate/kernel/sorted_rows.h"
#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

// E0004 naming the option, its value and its range.
Result<void> check_options(const Options& options);

// The factor as f64 without infinities and without cells outside the universe.
// `room`: memory to use again.
Cells usable_cells(const Panel& factor, std::span<const std::uint8_t> universe, Cells room = {});
Cells copy_cells(const Panel& panel);

// E1114 for a factor without a value or constant on every date; E2102 when no date has as many names as quantiles.
Result<void> check_factor(const SortedRows& factor, const Options& options);

// E2102 when no horizon has a single date with a coefficient.
Result<void> check_dates(const TearSheet& sheet, const LabelMaker& maker);

}  // namespace lode::evaluate
