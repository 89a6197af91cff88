// A Batch as text for people and programs: table, CSV, JSON, one JSON object a line, Markdown.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/base/value.h"
#include "lode/market/batch.h"

namespace lode::flow {

inline constexpr std::string_view kBatchFormats[] = {"table", "csv", "json", "ndjson", "md"};

// `format` is one of kBatchFormats. Nulls are "-" in tables, empty in CSV, null in JSON. Text that a spreadsheet would
// run as a formula is quoted in CSV. A table wider than `columns` (0: any width) loses its last columns.
std::string batch_text(const Batch& batch, std::string_view format, int columns = 0);

// One object a row; ids as text.
Value batch_json(const Batch& batch);

// Writes `batch` to `path` as csv, json, ndjson, md or parquet, by the format or (empty) the file's ending. E0004.
Result<void> write_batch(const Batch& batch, const std::string& path, std::string_view format);

}  // namespace lode::flow
