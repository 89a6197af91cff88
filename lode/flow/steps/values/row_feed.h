// The rows of a user's files, or of standard input, piece by piece: what does not fit into memory is never held whole.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "lode/base/world.h"
#include "lode/io/source/long_table.h"

namespace lode::flow {

inline constexpr std::string_view kStandardInput = "-";

// Takes the next rows of a file; its symbols and words are numbered anew in each piece.
using TakeRows = std::function<Result<void>(const source::LongTable& rows)>;

// Hands on the rows of `path`: CSV about `piece_bytes` at a time, Parquet in batches of about as much, "-" is standard
// input (CSV or JSON). Packed CSV, JSON and Arrow are read whole, E2023 when that takes more than `most_bytes`. Errors
// else as read_long_file.
Result<void> feed_rows(const World& world, const std::string& path, std::size_t piece_bytes, std::int64_t most_bytes,
                       const TakeRows& take);

// The length of the part of `text` that is whole lines: up to the last line end that stands in no quoted field.
std::size_t whole_lines(std::string_view text);

}  // namespace lode::flow
