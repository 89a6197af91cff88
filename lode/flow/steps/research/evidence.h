// What a verdict rests on, kept with a stored answer: the count of trials grows after a run, and the verdict with it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "lode/base/value.h"
#include "lode/core/evaluate/tear_sheet.h"

namespace lode::flow {

// Everything verdict_of() and verdict_sentence() read but the trials; numbers keep their bits.
Value evidence_json(const evaluate::TearSheet& sheet);

// A sheet that holds this and no more: first and last session, the headline's numbers, net of every horizon, years,
// checks. Nullopt when `evidence` is not of this form.
std::optional<evaluate::TearSheet> sheet_of_evidence(const Value& evidence);

}  // namespace lode::flow
