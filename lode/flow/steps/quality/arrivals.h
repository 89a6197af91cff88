// What came into a lake, when, from whom: the commits of a span's days, and how long its bars took.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lode/flow/steps/quality/bars_of_span.h"

namespace lode::flow {

// Daily bars of the trend's days with every version they had, in the order of their keys and commits.
Result<Batch> read_bar_versions(const lake::Snapshot& snapshot, const SpanBars& span);

// Fills restated, became_final and the trend's corrected.
void count_restated(const SpanBars& span, const Batch& versions, report::QualityReport& out);

// Fills sources and copies_dropped, and sets the measure of freshness: how long after their close the bars of each
// exchange's last session in the span came, those that did not come counted up to the report's moment.
Result<report::QualityMeasure> count_arrivals(const lake::Lake& lake, const SpanBars& span, const Batch& versions,
                                              report::QualityReport& out);

// The share `part` of sorted values by nearest rank; the values must not be empty.
double nearest_rank(const std::vector<double>& ascending, double part);

}  // namespace lode::flow
