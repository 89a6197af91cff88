// Values of a computation into the lake: once, with all that made them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/base/world.h"
#include "lode/flow/flow.h"
#include "lode/flow/steps/research/compute.h"
#include "lode/io/lake/runs.h"

namespace lode::flow {

// Computes the formulas over the universe of `request` and stores what the lake has not: a formula is there when its
// name, text and profile are, under the same universe, span, as_of, adjustment, precision, code, and input commit (the
// newest that changed what values are computed of), or when the sessions and inputs behind it are the same to the bit.
// Where an earlier run of the same formulas has sessions of the same inputs, they are kept and only the others computed
// (continued.h). Tells what was stored, kept, and there, as `out`. Errors as compute(),
// E8004 a lake that cannot be written, E0011 two factors of one name.
Result<void> store_computed(World& world, const ComputeRequest& request, Formulas& formulas, std::int64_t budget,
                            Outcome& out);

// The run that stored values, as its request says: what `lode runs verify` computes again. E9001 when it is not one.
Result<ComputeRequest> request_of_values(const lake::Run& run);

// Computes a stored run's values again and compares their hashes, factor by factor: the names of those that differ.
// Nothing is stored.
Result<std::vector<std::string>> differing_values(World& world, const lake::Run& run, std::int64_t budget);

}  // namespace lode::flow
