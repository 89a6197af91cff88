// Writes rows of ingested tables.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/collect/rows.h"

#include "lode/base/assert.h"

namespace lode::source {
namespace {

constexpr std::size_t kIngestColumns = 6;  // event_time, known_time, known_assumed, source, raw_hash, raw_line

const TableSpec* table_of(std::string_view name) {
  const TableSpec* table = find_table(name);
  LODE_ASSERT(table != nullptr && table->columns.size() > kIngestColumns);
  LODE_ASSERT(table->columns[table->columns.size() - kIngestColumns].name == "event_time");
  return table;
}

}  // namespace

RowWriter::RowWriter(std::string_view table, Provenance from)
    : table_(table_of(table)),
      batch_(empty_batch(*table_)),
      from_(std::move(from)),
      own_(table_->columns.size() - kIngestColumns) {}

RowWriter& RowWriter::put_null() {
  batch_.columns()[next_++].push_null();
  return *this;
}

void RowWriter::end(const RowTimes& times, std::int64_t line) {
  LODE_ASSERT(next_ == own_);
  put(times.event_time).put(times.known_time).put(times.known_assumed);
  put(std::string_view(from_.source)).put(std::string_view(from_.raw_hash));
  line > 0 ? put(line) : put_null();
  next_ = 0;
  ++rows_;
}

}  // namespace lode::source
