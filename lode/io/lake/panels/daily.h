// Daily bars of a snapshot, streamed partition by partition on the threads of the pool.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/io/lake/duckdb.h"
#include "lode/io/lake/lake_impl.h"

namespace lode::lake {

// Parts of bars by partition, in order of its name; the order of versions is kept within one. A key never leaves its
// partition, so partitions may be read apart.
std::vector<std::vector<StoredPart>> by_partition(std::span<const StoredPart> parts);

// Hands the current view of the daily bars on: take(partition, chunk), where the chunk's columns are instrument_id
// (uint64), session (int32 days), then `fields` (double). Partitions run at the same time on different threads, the
// chunks of one in order on one thread. `early` is the SQL condition of an as_of, "" = all. E8005 as engine->stream.
Result<void> stream_daily(const Lake::Impl& lake, const std::vector<std::vector<StoredPart>>& partitions,
                          const std::string& early, const std::vector<std::string>& fields,
                          const std::function<void(std::size_t partition, const Chunk&)>& take);

}  // namespace lode::lake
