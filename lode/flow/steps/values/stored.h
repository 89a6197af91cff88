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
#include "lode/flow/steps/values/choose.h"
#include "lode/flow/steps/values/computation.h"
#include "lode/io/lake/values/values.h"

namespace lode::flow {

// The values of a set under a selection, some sessions of a year at a time, as many as a budget of bytes allows. Rows
// are the sessions, columns the instruments it holds; cells it does not hold are outside. E2101 when the selection is
// empty.
Result<Computation> open_values(std::shared_ptr<lake::Lake> lake, const lake::ValuesSet& set,
                                const lake::ValuesQuery& query, std::int64_t budget);
// The same of several sets that hold the same cells, their factors after one another; those of `query` do not count.
Result<Computation> open_values(std::shared_ptr<lake::Lake> lake, const ChosenValues& chosen,
                                const lake::ValuesQuery& query, std::int64_t budget);

// One row a set: run, universe, factors, span, profile, precision, input commit, when, bytes.
Outcome list_values(const World& world, const std::vector<lake::ValuesSet>& sets);

// Where the value `path` of a run came from: "alpha158/KMID.AAPL.2024-06-28", a factor, symbol and session. Its
// formula, profile, code, input commit, and the bars its window could read, with the file and line of each. Nothing
// when `path` names no factor of the run. E0009 no such value, E2104 no such symbol.
Result<std::optional<Outcome>> why_value(const std::shared_ptr<lake::Lake>& lake, const lake::Run& run,
                                         const std::string& path);

}  // namespace lode::flow
