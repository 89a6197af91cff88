// Adjusted prices and volumes of a window, from the actions known at a time.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lode/base/pool.h"
#include "lode/io/lake/lake.h"
#include "lode/market/action.h"
#include "lode/market/panel.h"

namespace lode::lake {

// Multipliers of the columns that have actions; the others stay raw without being copied.
struct Adjustments {
  struct Column {
    std::size_t column;
    Adjustment factors;
  };
  std::vector<Column> columns;
  std::int64_t applied = 0;         // Actions that changed a factor
  std::vector<std::string> faults;  // "AAPL 2014-06-09 split: ..."

  // raw x price factor, or raw x volume factor. The same panel when no column has actions.
  Panel apply(const Panel& raw, bool is_volume, Pool& pool) const;
};

// Actions known by `as_of` with an ex-date no later than the last session of `axis`.
Result<Adjustments> read_adjustments(const Snapshot& snapshot, const Axis& axis, const Panel& raw_close,
                                     std::optional<Time> as_of, Adjust mode, Pool& pool);

}  // namespace lode::lake
