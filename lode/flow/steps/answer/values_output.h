// Factor values as rows: date, symbol, factor, value; sorted by date, then symbol, then factor as asked. One row a
// universe cell and factor; a missing value is an empty cell (csv) or null. Numbers are the shortest text that reads
// back to the same bits in the panel's precision.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/base/pool.h"
#include "lode/flow/steps/research/compute.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow {

enum class ValuesFormat : std::uint8_t { kCsv, kJson, kArrow };

// CSV with a header, a JSON array of objects, or an Arrow file (a missing value is null). In CSV the name of a factor
// that a spreadsheet would run as a formula gets a quote mark in front; symbols stay as they are. Errors are the
// sink's.
Result<void> write_values(const Computed& computed, ValuesFormat format, Pool& pool, const Sink& sink);

// The rows as `format` (csv, parquet, arrow, json) to the file `target`, or into `payload` where there is none. Errors
// of writing files.
Result<void> put_values(const Computed& computed, const std::string& format, const std::string& target, Pool& pool,
                        std::string& payload);

// The same rows as a Parquet file, or as its bytes. E5004, E8006, E8004.
Result<void> write_values_parquet(const Computed& computed, const std::string& path);
Result<std::string> values_parquet(const Computed& computed);

}  // namespace lode::flow
