// A Batch for people and programs: table, CSV, JSON, one JSON object a line, Markdown; or the bytes of Parquet or
// Arrow.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/base/value.h"
#include "lode/flow/flow.h"
#include "lode/market/batch.h"

namespace lode::flow {

inline constexpr std::string_view kBatchFormats[] = {"table", "csv", "json", "ndjson", "parquet", "arrow", "md"};

// Parquet and Arrow: bytes for a file or a pipe, never for a terminal.
bool is_bytes(std::string_view format);

// What of the rows is carried over from a file of the user's own: the first column.
struct Carried {
  std::optional<Column> column = {};     // As that file holds it: takes its place in Parquet and Arrow
  std::optional<std::string> zone = {};  // Of times: as TypedIndex has it
};

// `format` is one of kBatchFormats that is text. Nulls are "-" in tables, empty in CSV, null in JSON. A table
// wider than `columns` (0: any width) loses its last columns. Text of a CSV that a spreadsheet would run as a formula,
// one that begins with = + - @ or a tab and is no number, gets an apostrophe in front: names, titles and notes of a
// lake are strangers' words. A first column that is carried over stands as it is, for it is the user's own and is
// joined on.
std::string batch_text(const Batch& batch, std::string_view format, int columns = 0, const Carried* carried = nullptr);

// The file that is_bytes(format) names. An Arrow file is of the file format (Feather of version 2). E5004, E8006.
Result<std::string> batch_bytes(const Batch& batch, std::string_view format, const Carried* carried = nullptr);

// Sets text, or payload where is_bytes(format), to `batch` as `format`.
Result<void> set_rows(Outcome& out, const Batch& batch, std::string_view format, int columns = 0,
                      const Carried* carried = nullptr);

// One object a row; ids as text.
Value batch_json(const Batch& batch);

// The format of the file `path`: `format` where it is given, else the word its ending is, csv without any; one of
// `known`. E0004 an ending that names none, E0007 one that names another than `format` does.
Result<std::string> file_format(const std::string& path, std::string_view format,
                                std::span<const std::string_view> known = kBatchFormats);

// Writes `batch` to `path` as csv, json, ndjson, md, parquet or arrow: file_format(). E0004, E0007.
Result<void> write_batch(const Batch& batch, const std::string& path, std::string_view format,
                         const Carried* carried = nullptr);

}  // namespace lode::flow
