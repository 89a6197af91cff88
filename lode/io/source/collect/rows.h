// RowWriter: fills a table's Batch row by row, its ingest columns included, so that no source forgets one.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/io/source/collect/source.h"
#include "lode/market/schema.h"

namespace lode::source {

// Where rows come from; the same for all rows of an answer.
struct Provenance {
  std::string source;    // "edgar"
  std::string raw_hash;  // SHA-256 of the body.
};

// The times of one row.
struct RowTimes {
  std::optional<Time> event_time;  // When it was true.
  Time known_time;                 // When a reader could have known it.
  bool known_assumed = false;      // True when a rule says so, not an observation.
};

// Cells are put in the order of schema.def; a row is whole when `end` is called (LODE_ASSERT).
class RowWriter {
 public:
  RowWriter(std::string_view table, Provenance from);

  template <class T>
  RowWriter& put(const T& value) {
    batch_.columns()[next_++].push(value);
    return *this;
  }
  template <class T>
  RowWriter& put(const std::optional<T>& value) {
    return value ? put(*value) : put_null();
  }
  RowWriter& put_null();
  // A text, or null where it is empty.
  RowWriter& put_some(std::string_view text) { return text.empty() ? put_null() : put(text); }
  // `line` is the record's place in the raw bytes, from 1; 0 = unknown.
  void end(const RowTimes& times, std::int64_t line);

  std::int64_t rows() const { return rows_; }
  TableRows take() { return {table_->name, std::move(batch_)}; }

 private:
  const TableSpec* table_;
  Batch batch_;
  Provenance from_;
  std::size_t next_ = 0;
  std::size_t own_;  // Columns before the ingest columns.
  std::int64_t rows_ = 0;
};

}  // namespace lode::source
