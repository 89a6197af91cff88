// The columns of one batch of an Arrow file, as it lies in the message's body: bounds checked, unpacked where packed,
// and appended to a Column value by value.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/io/arrow/message.h"
#include "lode/market/batch.h"

namespace lode::arrow {

// Bytes that may still be made of a file: a few packed ones can say they are very many.
class Budget {
 public:
  explicit Budget(std::int64_t bytes) : left_(bytes) {}
  // E2023
  Result<void> take(std::int64_t bytes, const std::string& path);

 private:
  std::int64_t left_;
};

// Values by the number of their dictionary.
using Dictionaries = std::map<std::int64_t, Column>;

// Which Column a field becomes: integers kInt64 (64 bits without sign kUint64), floats and decimals kFloat64, dates
// kDate, instants kTime, text kText, truths kBool; a column of nothing but nulls is kInt64, as SQL has it. E2004 naming
// column and type for any other.
Result<ColumnType> column_type(const Field& field, const std::string& path);

// Hands out nodes and buffers of one message in order.
class Cells {
 public:
  Cells(const Message& message, const std::string& path, Budget& budget)
      : message_(message), path_(path), budget_(budget) {}

  // The next column's rows to the end of `out`, which is of column_type(field). A NaN and an instant that nanoseconds
  // cannot hold (before 1677, after 2262) are null, as from Parquet. E2015 for what does not fit together, E2003 for
  // text that is not UTF-8, E2023.
  Result<void> append(const Field& field, const Dictionaries& dictionaries, Column& out);

  // Of a dictionary's message: the values themselves.
  Result<void> append_values(const Field& field, Column& out);

 private:
  // One column's rows: which are null, and their values.
  struct Rows {
    std::string_view column;
    std::int64_t count = 0;
    bool has_nulls = false;
    std::string_view validity;
    std::string_view values;

    bool is_null(std::int64_t row) const {
      return has_nulls &&
             ((static_cast<unsigned char>(validity[static_cast<std::size_t>(row >> 3)]) >> (row & 7)) & 1) == 0;
    }
  };

  Result<Node> next_node(const Field& field);
  Result<std::string_view> next_buffer(const Field& field);
  Result<std::string_view> unpack(std::string_view packed, const Field& field);
  // Node, validity and values of a column of `bits` a value.
  Result<Rows> next_rows(const Field& field, std::int64_t bits);
  Result<void> append_nulls(const Field& field, Column& out);
  Result<void> append_texts(const Field& field, Column& out);
  Result<void> append_views(const Field& field, Column& out);
  Result<void> append_looked_up(const Field& field, const Dictionaries& dictionaries, Column& out);
  Result<void> push_text(const Field& field, std::string_view text, std::int64_t row, Column& out);
  Failure misfit(const Field& field, std::string_view why) const;

  const Message& message_;
  const std::string& path_;
  Budget& budget_;
  std::size_t node_ = 0;
  std::size_t buffer_ = 0;
  std::size_t view_ = 0;
  std::deque<std::string> unpacked_;  // What buffers lie in that were packed.
};

}  // namespace lode::arrow
