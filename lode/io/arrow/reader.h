// Arrow files of the user's: the file format (Feather of version 2) and the stream format alike.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "lode/base/result.h"
#include "lode/market/batch.h"

namespace lode::arrow {

// Most bytes a file may unpack to.
inline constexpr std::int64_t kMostBytes = std::int64_t{64} << 30;

// By its name: .arrow .arrows .feather .ipc
bool is_arrow(const std::string& path);

// All rows of `bytes`, in their order; `path` is for messages. Reads integers of 8 to 64 bits (all but uint64 become
// kInt64), float32, float64 and decimals up to 128 bits (NaN is null), date32 and date64, timestamps of any unit and
// zone (what nanoseconds cannot hold is null), utf8, large_utf8 and utf8_view, bool, columns of nothing but nulls, and
// dictionaries of any of these; packed with LZ4, zstd or not. Nothing in a file is believed before it is checked.
// E2015 damaged or cut short, E2002 a name that stands twice, E2003 text that is not UTF-8, E2004 a type that Lode does
// not read (column and type named), E2023 when it unpacks to more than `most_bytes`.
Result<Batch> read_arrow(std::string_view bytes, const std::string& path, std::int64_t most_bytes = kMostBytes);

// Columns of instants (timestamps with a zone) and the zone each was written in, by its name; of a file, or of a schema
// alone as Parquet files carry it. E2015, E2004.
Result<std::map<std::string, std::string>> arrow_zones(std::string_view bytes, const std::string& path);

// What the writer of a file noted of its table under `key` ("pandas"); "" when nothing. E2015, E2004.
Result<std::string> arrow_note(std::string_view bytes, const std::string& path, const std::string& key);

// How many rows the batches say they have; columns are not looked at. E2015, E2004.
Result<std::int64_t> arrow_rows(std::string_view bytes, const std::string& path);

}  // namespace lode::arrow
