// The cube: raw daily fields of a frame as dense panels, from the cache or from the parts.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lode/io/lake/panels/frame.h"

namespace lode::lake {

// f64 panels on frame.axis, one a column of bars named in `fields` (open .. vwap), raw as stored. What the cache has is
// mapped; the rest is read from the parts in one scan and cached when the lake can be written.
Result<std::map<std::string, Panel>> read_cube(const Snapshot& snapshot, const Frame& frame,
                                               const std::vector<std::string>& fields);

}  // namespace lode::lake
