// Stored values, read back: as the blocks any computation gives, so that they are written alike, and one by one, walked
// back to where they came from.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lode/base/world.h"
#include "lode/flow/flow.h"
#include "lode/flow/steps/values/computation.h"
#include "lode/io/lake/values/values.h"

namespace lode::flow {

// The newest set that holds all of `names` (all sets when there are none), or the one of the run `alias`, which must
// hold them. E0009 with the nearest names.
Result<lake::ValuesSet> find_values(const lake::Lake& lake, const std::vector<std::string>& names,
                                    const std::string& alias);

// The values of a set under a selection, a month or a year at a time. Rows are the sessions, columns the instruments it
// holds; cells it does not hold are outside. E2101 when the selection is empty.
Result<Computation> open_values(std::shared_ptr<lake::Lake> lake, const lake::ValuesSet& set,
                                const lake::ValuesQuery& query);

// One row a set: run, universe, factors, span, profile, precision, input commit, when, bytes.
Outcome list_values(const World& world, const std::vector<lake::ValuesSet>& sets);

// Where the value `path` of a run came from: "alpha158/KMID.AAPL.2024-06-28", a factor, symbol and session. Its
// formula, profile, code, input commit, and the bars its window could read, with the file and line of each. Nothing
// when `path` names no factor of the run. E0009 no such value, E2104 no such symbol.
Result<std::optional<Outcome>> why_value(const std::shared_ptr<lake::Lake>& lake, const lake::Run& run,
                                         const std::string& path);

}  // namespace lode::flow
