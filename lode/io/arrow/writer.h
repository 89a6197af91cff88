// Batches as an Arrow file: the file format (Feather of version 2), not packed, so that pyarrow, polars, pandas, DuckDB
// and R read it from disk or from a pipe. Instants are timestamp[ns, UTC], dates date32, text large_utf8, ids uint64.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "lode/base/result.h"
#include "lode/market/batch.h"

namespace lode::arrow {

// Takes bytes piece by piece, in order.
using Sink = std::function<Result<void>(std::string_view)>;

// Columns of instants whose clock stands elsewhere than in UTC, by name: the zone ("Australia/Sydney"), under which the
// same instants are written; or "", clock times of no place, which are written as they stand.
using Clocks = std::map<std::string, std::string>;

// Writes a file batch by batch: memory stays that of the largest. The first batch decides the columns, even when it has
// no row; batches after it have the same. A writer that failed, or was not finished, left half a file in its sink.
class FileWriter {
 public:
  explicit FileWriter(Sink sink, Clocks clocks = {});
  FileWriter(FileWriter&&) noexcept;
  FileWriter& operator=(FileWriter&&) noexcept;
  ~FileWriter();

  Result<void> write(std::shared_ptr<const Batch> batch);  // The sink's error.
  Result<void> finish();                                   // After at least one write.

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A whole batch, cut so that a reader may take it piece by piece. The sink's error.
Result<void> write_arrow(const Batch& batch, const Sink& sink, const Clocks& clocks = {});

}  // namespace lode::arrow
