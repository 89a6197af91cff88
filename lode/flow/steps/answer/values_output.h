// Factor values as rows: date, symbol, factor, value; sorted by date, then symbol, then factor as asked. One row a
// universe cell and factor; a missing value is an empty cell (csv) or null. Numbers are the shortest text that reads
// back to the same bits in the panel's precision. Blocks are written as they come, so memory is that of a block.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/base/pool.h"
#include "lode/flow/steps/store/files.h"
#include "lode/flow/steps/values/computation.h"

namespace lode::flow {

enum class ValuesFormat : std::uint8_t { kCsv, kJson, kArrow };

// CSV with a header, a JSON array of objects, or an Arrow file (a missing value is null). In CSV the name of a factor
// that a spreadsheet would run as a formula gets a quote mark in front; symbols stay as they are. Errors are the
// sink's and the source's.
Result<void> write_values(const ValueHead& head, const BlockSource& next, ValuesFormat format, Pool& pool,
                          const Sink& sink);

// The rows as `format` (csv, parquet, arrow, json) to the file `target`; where there is none, to whoever reads
// world.out as they are made, else into `payload`. Errors of writing files, and those of computing: then no file is
// left.
Result<void> put_values(const World& world, Computation& values, const std::string& format, const std::string& target,
                        std::string& payload);

// The same rows as a Parquet file, or as its bytes. E5004, E8006, E8004.
Result<void> write_values_parquet(const ValueHead& head, const BlockSource& next, const std::string& path);
Result<std::string> values_parquet(const ValueHead& head, const BlockSource& next);

}  // namespace lode::flow
