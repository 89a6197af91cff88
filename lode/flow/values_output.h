// Factor values as rows: date, symbol, factor, value; sorted by date, then symbol, then factor as asked.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/base/pool.h"
#include "lode/flow/compute.h"

namespace lode::flow {

// The bytes of the rows in `format` csv, json (an array of objects) or parquet. One row a universe cell and factor; a
// missing value is an empty cell (csv) or null. Numbers are the shortest text that reads back to the same bits in the
// panel's precision. Parquet goes straight to `path` (E0003 without one) and returns no bytes.
Result<std::string> format_values(const Computed& computed, const std::string& format, const std::string& path, Pool& pool);

}  // namespace lode::flow
