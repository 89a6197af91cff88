// Parquet files of more rows than memory holds, written batch by batch.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/market/batch.h"

namespace lode::lake {

// The next rows to write; nothing when all are. The first batch names the columns and may be empty. An error ends the
// writing, and no file is left.
using BatchSource = std::function<Result<std::optional<Batch>>()>;

// As write_parquet and parquet_bytes of lake.h, in row groups of about 131,072 rows: memory is that of a batch and of
// the row groups on their way, however many rows come. E5004, E8006, E8004.
Result<void> write_parquet(const std::string& path, const BatchSource& batches);
Result<std::string> parquet_bytes(const BatchSource& batches);

// What a Parquet file says beside its rows.
struct ParquetMeaning {
  std::vector<std::string> instants;         // Columns of kTime that are instants of UTC; others are clock times.
  std::map<std::string, std::string> notes;  // For its readers, by key: "ARROW:schema"
};
// As write_parquet and parquet_bytes of lake.h. Instants are written to the microsecond, clock times to the nanosecond.
Result<void> write_parquet(const std::string& path, const Batch& batch, const ParquetMeaning& meaning);
Result<std::string> parquet_bytes(const Batch& batch, const ParquetMeaning& meaning);

// The rows of a foreign Parquet file, about `rows_a_batch` at a time and in order: memory is that of a batch and of the
// row groups being read. Errors as read_parquet, and those of `take`.
Result<void> read_parquet_batches(const std::string& path, std::size_t rows_a_batch,
                                  const std::function<Result<void>(Batch)>& take);

// Columns of a foreign file that hold instants: timestamps with a time zone, which the file may name in a note.
Result<std::vector<std::string>> instant_columns(const std::string& path);
// Those of them that the file holds to the nanosecond: they are read to the microsecond, which is as fine as the engine
// has them.
Result<std::vector<std::string>> nanosecond_instants(const std::string& path);
// What a writer noted in a foreign file under `key` ("ARROW:schema", "pandas"); "" when nothing.
Result<std::string> parquet_note(const std::string& path, std::string_view key);

// Columns of a foreign file that hold instants (timestamps with a time zone) of which one is no midnight of UTC: the
// file is read in UTC, so the day that its writer saw cannot be told from them.
Result<std::vector<std::string>> zoned_columns(const std::string& path);

}  // namespace lode::lake
