// Rows beside the bars that a quality report tells: what was set aside, actions, repairs.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/flow/steps/quality/bars_of_span.h"

namespace lode::flow {

// Rows set aside: those of a day of the span, and those without a day that were received in it. Fills set_aside (bars
// alone), set_aside_by (all tables) and the trend's. Of a universe: bars of its members' symbols alone.
Result<void> count_set_aside(const lake::Snapshot& snapshot, const SpanBars& span, report::QualityReport& out);

// Actions whose ex-date, and repairs whose session, lies in the span.
Result<void> list_actions(const lake::Snapshot& snapshot, const SpanBars& span, report::QualityReport& out);
Result<void> list_repairs(const lake::Snapshot& snapshot, const SpanBars& span, report::QualityReport& out);

}  // namespace lode::flow
