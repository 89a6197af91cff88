// DuckDB, used without any state of its own: SQL over Parquet parts in, Batches or chunks out. The only door to the
// engine; the library is loaded at the first Engine::open.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/io/lake/parquet.h"
#include "lode/market/batch.h"

namespace lode::lake {

// Where libduckdb.so is; empty = beside the executable, in ../lib/lode, or where the build put it. Call before first
// use.
void set_duckdb_path(std::string path);

// Up to a few thousand rows of a result, column by column, in the engine's own memory: valid inside the callback only.
class Chunk {
 public:
  struct Vector {
    const void* data;
    const std::uint64_t* validity;  // Bit set = valid; nullptr = no nulls.
  };
  Chunk(std::size_t rows, std::span<const Vector> vectors) : rows_(rows), vectors_(vectors) {}

  std::size_t rows() const { return rows_; }
  // Raw values as SQL has them: BIGINT int64, UBIGINT uint64, INTEGER and DATE int32, DOUBLE double, FLOAT float,
  // TIMESTAMP_NS int64, BOOLEAN uint8. The caller asks for the type its SQL selected; slots of nulls hold anything.
  template <class T>
  std::span<const T> values(std::size_t column) const {
    return {static_cast<const T*>(vectors_[column].data), rows_};
  }
  bool is_null(std::size_t column, std::size_t row) const {
    const std::uint64_t* valid = vectors_[column].validity;
    return valid != nullptr && ((valid[row >> 6] >> (row & 63)) & 1) == 0;
  }
  bool has_nulls(std::size_t column) const { return vectors_[column].validity != nullptr; }
  std::string_view text(std::size_t column, std::size_t row) const;  // Of a VARCHAR column.

 private:
  std::size_t rows_;
  std::span<const Vector> vectors_;
};

// What the engine said when it refused.
struct EngineFailure {
  int type = 0;  // Its own error number.
  std::string message;
  bool out_of_space = false;
  bool out_of_memory = false;
  bool interrupted = false;
  bool damaged_input = false;  // A file could not be read or is not what it says.
  bool engine_lost = false;    // The instance refuses everything from here on.
};

// Limits of one statement; 0 = none.
struct StatementLimits {
  double seconds = 0.0;
  std::int64_t result_bytes = 0;
};

// How a Parquet file is laid out.
struct ParquetShape {
  std::string select = "*";             // SQL over the columns, where they are stored as other types
  std::size_t row_group_rows = 131072;  // Fewer where rows are wide: a row group is held in memory
  // Numbers to the bit: the engine's dictionaries take -0 and 0 for one value, so none are made.
  bool keeps_bits = false;
  std::string notes = {};  // SQL of a struct of texts, without its braces: what the file says to its readers
};

// One in-memory instance. Methods are thread-safe: each call opens a connection of its own.
class Engine {
 public:
  struct Options {
    int threads = 1;
    std::int64_t memory_mb = 0;  // 0 = the engine's default, most of the machine's memory.
    bool rows = true;            // Register what write_parquet needs; off for engines that run foreign SQL.
  };
  static Result<std::unique_ptr<Engine>> open(const Options& options);  // E5004
  // The instance of this process for our own SQL with so many threads, started at the first call and never ended: one
  // costs 6 ms (20 under the sanitizers) and keeps nothing between statements, so every lake uses the same. After an
  // error that an instance does not survive, the next caller gets a fresh one; so does a forked child, which has none
  // of the threads. Thread-safe. E5004
  static Result<std::shared_ptr<Engine>> shared(int threads);
  // Counts this instance as lost, as such an error does: shared() gives it to nobody else. Who holds it may go on.
  void give_up();
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Our own SQL: a failure is E8006 when the disk is full, E8005 when a file is damaged or missing, else E9001.
  Result<void> execute(const std::string& sql);
  // Types: integers become kInt64 (UBIGINT kUint64, HUGEINT kInt64, or kFloat64 when a value does not fit), floats and
  // decimals kFloat64 (NaN is null), dates and timestamps kDate and kTime, others text. Doubled names get "_2", "_3".
  Result<Batch> query(const std::string& sql);
  // Hands the result on chunk by chunk, in order, from the calling thread, while later chunks are being made. Use where
  // a result goes into dense memory. A false from `take` ends the query.
  Result<void> stream(const std::string& sql, const std::function<bool(const Chunk&)>& take);

  // Writes `rows` of `batch` (all when empty), in that order, as one zstd Parquet file. Not durable by itself: see
  // files.h. Safe to call from several threads; one call uses one thread. `more` gives batches of the same columns to
  // follow, one held at a time; it is called from one thread, which may be another than the caller's, and its error is
  // the answer.
  Result<void> write_parquet(const std::string& path, const Batch& batch, std::span<const std::uint32_t> rows,
                             const BatchSource* more = nullptr, const ParquetShape& shape = {});
  // The rows of our own SQL, about `rows_a_batch` at a time; an error of `take` ends the query and is the answer.
  Result<void> batches(const std::string& sql, std::size_t rows_a_batch,
                       const std::function<Result<void>(Batch)>& take);

  // Foreign SQL: exactly one SELECT, under limits. What the engine says comes back as it is.
  tl::expected<Batch, EngineFailure> select(const std::string& sql, const StatementLimits& limits);

  struct Impl;

 private:
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The registered Error of a failure of our own SQL.
Error engine_error(const EngineFailure& failure);

// SQL spelling: 'it''s' and "na""me".
std::string quote_text(std::string_view text);
std::string quote_name(std::string_view name);  // "name" as SQL takes it, quotes in it doubled.

}  // namespace lode::lake
