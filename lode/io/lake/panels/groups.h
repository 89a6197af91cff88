// Group codes of each date from the groups table.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "lode/io/lake/lake.h"
#include "lode/market/panel.h"

namespace lode::lake {

// `level` is sector, industry or subindustry. A reclassification takes effect on its date. Codes are given by sorted
// name, so the same data gives the same codes. Of several schemes the one that groups most instruments is used alone.
// E1113 when no instrument of the axis has one.
Result<GroupPanel> read_group(const Snapshot& snapshot, std::shared_ptr<const Axis> axis, const std::string& level,
                              std::optional<Time> as_of);

}  // namespace lode::lake
