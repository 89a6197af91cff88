// Tables as wide as the reader's terminal: the least important columns give way (the setting `columns`).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/base/table.h"
#include "lode/base/world.h"

namespace lode::flow {

inline std::string fitted(const World& world, const TextTable& table, int indent = 0) {
  return table.render(static_cast<int>(world.config.get("columns").as_int()), indent);
}

}  // namespace lode::flow
