// The factor judged beside its neighbours: other windows, and what core/evaluate/study/sensitivity.h changes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/flow/steps/research/research.h"

namespace lode::flow {

// Fills judged.sheet.sensitivity, its red flags and the verdict, which may change by them. Neighbours are computed on
// the rows of the study and judged at the headline horizon; a window that cannot be compiled or computed leaves its
// reason. Nothing where the factor itself could not be measured. E0010 when stopped.
Result<void> add_sensitivity(World& world, const Study& study, const ResearchRequest& request, Judged& judged);

// The variants as a table for a terminal, the choice first, and what looking at them counts for; "" without any.
std::string sensitivity_text(const evaluate::TearSheet& sheet);

// The variants as rows of --json: id, words, formula, whether it is a neighbour. Null where none were looked at.
Value sensitivity_json(const evaluate::TearSheet& sheet);

}  // namespace lode::flow
