// Parquet files of more rows than memory holds, written batch by batch.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "lode/base/result.h"
#include "lode/market/batch.h"

namespace lode::lake {

// The next rows to write; nothing when all are. The first batch names the columns and may be empty.
using BatchSource = std::function<std::optional<Batch>()>;

// As write_parquet and parquet_bytes of lake.h, in row groups of about 131,072 rows: memory is that of a batch and of
// the row groups on their way, however many rows come. E5004, E8006, E8004.
Result<void> write_parquet(const std::string& path, const BatchSource& batches);
Result<std::string> parquet_bytes(const BatchSource& batches);

}  // namespace lode::lake
