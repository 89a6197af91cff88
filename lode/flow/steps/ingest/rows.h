// Rows of the small tables while an import builds them: cells by column name, with where they came from.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lode/base/time.h"
#include "lode/io/lake/panels/groups.h"
#include "lode/market/batch.h"
#include "lode/market/schema.h"

namespace lode::flow {

// The first day of what has no beginning: before every session.
inline const Date kAlways = lake::kNoBeginning;

// Where a row came from and when it could be known.
struct Provenance {
  Time event_time;
  Time known_time;
  bool known_assumed = true;
  std::string_view source;
  std::string_view raw_hash;
  std::int64_t raw_line = 0;
};

class TableRows {
 public:
  explicit TableRows(std::string_view table) : batch_(empty_batch(*find_table(table))) {}

  template <class T>
  void put(std::string_view column, const T& value) {
    batch_.column(column).push(value);
  }
  void put_null(std::string_view column) { batch_.column(column).push_null(); }
  // "" is null.
  void put_text(std::string_view column, std::string_view text) {
    text.empty() ? batch_.column(column).push_null() : batch_.column(column).push(text);
  }
  // The same column's cell of another batch.
  void put_cell(const Column& from, std::size_t row) {
    const std::uint32_t rows[] = {static_cast<std::uint32_t>(row)};
    batch_.column(from.name()).append(from.take(rows));
  }
  void put(const Provenance& from) {
    put("event_time", from.event_time);
    put("known_time", from.known_time);
    put("known_assumed", from.known_assumed);
    put("source", from.source);
    put("raw_hash", from.raw_hash);
    put("raw_line", from.raw_line);
  }
  // Ends a row: columns it did not fill are null.
  void end_row() {
    ++rows_;
    for (Column& column : batch_.columns()) {
      if (column.size() < rows_) {
        column.push_null();
      }
    }
  }

  std::size_t rows() const { return rows_; }
  Batch take() { return std::move(batch_); }

 private:
  Batch batch_;
  std::size_t rows_ = 0;
};

}  // namespace lode::flow
