// Parts: rows of one table and partition as a durable, immutable Parquet file.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "lode/io/lake/lake_impl.h"
#include "lode/market/schema.h"

namespace lode::lake {

// "year=2019", "month=2019-03", "" by the table's rule.
std::string partition_name(Partition partition, Date date);

// Writes the rows of `batch` listed in `kept` (in key order), one part a partition, in parallel; all durable on return,
// none left behind on error. `corrections` is the subset that makes a part hold newer versions. Commit and rank stay 0.
Result<std::vector<StoredPart>> write_parts(const Lake::Impl& lake, const TableSpec& table, const Batch& batch,
                                            const std::vector<std::uint32_t>& kept,
                                            const std::vector<std::uint32_t>& corrections);

// One finished file: written beside its place, synced, renamed. Fills rows, bytes, hash and the ranges of `part`. No
// file is ever replaced: where one stands under its name that the manifest knows nothing of (an older manifest was put
// back, say), the part takes the next free number. On error nothing is left behind and `part.bytes` is 0.
Result<void> write_part(const Lake::Impl& lake, const TableSpec& table, const Batch& batch,
                        std::span<const std::uint32_t> rows, StoredPart& part);

// What is left to do once `written`, the writing of `temporary`, is done: publishing under the part's name (as
// write_part says), size and hash. On error nothing is left behind and `part.bytes` is 0.
Result<void> finish_part(const Lake::Impl& lake, const std::string& temporary, Result<void> written, StoredPart& part);

// All stored rows of the parts, versions included, in part order.
Result<Batch> read_parts(const Lake::Impl& lake, std::span<const StoredPart> parts);

}  // namespace lode::lake
