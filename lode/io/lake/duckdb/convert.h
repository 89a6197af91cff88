// From the engine's result vectors to our Columns.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lode/io/lake/duckdb.h"
#include "lode/io/lake/duckdb/api.h"
#include "lode/market/batch.h"

namespace lode::lake::duckdb {

// True when ColumnReader takes the type; others must be cast to VARCHAR in SQL first.
bool is_readable(int type);

// Collects one column of a result, vector by vector.
class ColumnReader {
 public:
  // `scale` and `storage` matter for decimals: digits behind the point and the integer type that holds them.
  ColumnReader(std::string name, int type, int scale = 0, int storage = 0);
  ~ColumnReader();
  ColumnReader(ColumnReader&&) noexcept;

  void append(const Chunk::Vector& vector, std::size_t rows);
  std::size_t bytes() const;
  Column finish() &&;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The vectors of a chunk handle; the chunk must outlive them.
std::vector<Chunk::Vector> vectors_of(const Api& api, Handle chunk, std::size_t columns);

// One reader a column of the result, names made unique ("x", "x_2").
std::vector<ColumnReader> readers_of(const Api& api, RawResult& result);

}  // namespace lode::lake::duckdb
