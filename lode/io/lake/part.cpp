// Writing parts: split by partition, one engine call a file, several files at a time.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/part.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/view.h"

namespace lode::lake {
namespace {

// Smallest and largest of the rows' values.
template <class T>
std::pair<T, T> range_of(std::span<const T> values, std::span<const std::uint32_t> rows) {
  T low = values[rows[0]];
  T high = low;
  for (const std::uint32_t row : rows) {
    low = std::min(low, values[row]);
    high = std::max(high, values[row]);
  }
  return {low, high};
}

void note_ranges(const TableSpec& table, const Batch& batch, std::span<const std::uint32_t> rows, StoredPart& part) {
  const auto [known_min, known_max] = range_of(batch.column("known_time").times(), rows);
  part.known_min = Time{known_min};
  part.known_max = Time{known_max};
  if (!table.date_column.empty()) {
    const auto [date_min, date_max] = range_of(batch.column(table.date_column).dates(), rows);
    part.date_min = Date{date_min};
    part.date_max = Date{date_max};
  }
}

// Rows of each partition, in their given order. Dates of a table come in long runs of few partitions, so the months or
// years are numbered densely first.
std::map<std::string, std::vector<std::uint32_t>> by_partition(const TableSpec& table, const Batch& batch,
                                                               const std::vector<std::uint32_t>& kept) {
  std::map<std::string, std::vector<std::uint32_t>> out;
  if (table.partition == Partition::kNone || kept.empty()) {
    if (!kept.empty()) {
      out[""] = kept;
    }
    return out;
  }
  const auto days = batch.column(table.date_column).dates();
  const auto [first, last] = range_of(days, std::span<const std::uint32_t>(kept));
  std::vector<std::vector<std::uint32_t>*> of_day(static_cast<std::size_t>(last - first) + 1, nullptr);
  for (const std::uint32_t row : kept) {
    auto& rows = of_day[static_cast<std::size_t>(days[row] - first)];
    if (rows == nullptr) {
      rows = &out[partition_name(table.partition, Date{days[row]})];
    }
    rows->push_back(row);
  }
  return out;
}

std::string part_path(const StoredPart& part) {
  return part.partition.empty() ? fmt::format("tables/{}/part-{}.parquet", part.table, part.id)
                                : fmt::format("tables/{}/{}/part-{}.parquet", part.table, part.partition, part.id);
}

// Gives the finished file its place: under the part's number, or the next ones where files stand. Numbers are reserved
// in steps that double, for a whole lake's parts may stand there.
Result<void> publish_part(const Lake::Impl& lake, const std::string& temporary, StoredPart& part) {
  for (std::int64_t step = 1;; step *= 2) {
    LODE_TRY(const bool is_new, publish_new(temporary, lake.absolute(part.path)));
    if (is_new) {
      return {};
    }
    LODE_TRY(const std::int64_t first, reserve_parts(*lake.manifest(), step));
    part.id = first + step - 1;
    part.path = part_path(part);
  }
}

}  // namespace

std::string partition_name(Partition partition, Date date) {
  switch (partition) {
    case Partition::kNone:
      return "";
    case Partition::kYear:
      return fmt::format("year={:04}", date.year());
    case Partition::kMonth:
      return fmt::format("month={:04}-{:02}", date.year(), date.month());
  }
  return "";
}

Result<void> write_part(const Lake::Impl& lake, const TableSpec& table, const Batch& batch,
                        std::span<const std::uint32_t> rows, StoredPart& part) {
  part.rows = static_cast<std::int64_t>(rows.size());
  note_ranges(table, batch, rows, part);
  const std::string temporary = lake.absolute(part.path) + ".tmp";
  LODE_TRY(const auto engine, lake.engine());
  return finish_part(lake, temporary, engine->write_parquet(temporary, batch, rows), part);
}

Result<void> finish_part(const Lake::Impl& lake, const std::string& temporary, Result<void> written, StoredPart& part) {
  if (written) {
    written = publish_part(lake, temporary, part);
  }
  if (!written) {
    remove_quietly(temporary);
    return fail(std::move(written).error().while_doing(fmt::format("writing {}", part.path)));
  }
  const auto file = MappedFile::open(lake.absolute(part.path));
  if (!file) {
    remove_quietly(lake.absolute(part.path));
    return fail(file.error().clone());
  }
  part.bytes = static_cast<std::int64_t>(file->bytes().size());
  part.hash = xxh3_hex(file->bytes());
  return {};
}

Result<std::vector<StoredPart>> write_parts(const Lake::Impl& lake, const TableSpec& table, const Batch& batch,
                                            const std::vector<std::uint32_t>& kept,
                                            const std::vector<std::uint32_t>& corrections) {
  const auto partitions = by_partition(table, batch, kept);
  if (partitions.empty()) {
    return std::vector<StoredPart>();
  }
  const auto corrected = by_partition(table, batch, corrections);
  LODE_TRY(std::int64_t id, reserve_parts(*lake.manifest(), static_cast<std::int64_t>(partitions.size())));
  std::vector<StoredPart> parts;
  std::vector<const std::vector<std::uint32_t>*> rows;
  for (const auto& [partition, list] : partitions) {
    StoredPart part;
    part.id = id++;
    part.table = table.name;
    part.partition = partition;
    part.path = part_path(part);
    part.versions = corrected.contains(partition);
    LODE_CHECK(make_folders(lake.absolute(part.path.substr(0, part.path.rfind('/')))));
    parts.push_back(std::move(part));
    rows.push_back(&list);
  }
  std::vector<Result<void>> done(parts.size());
  lake.pool.for_each(parts.size(),
                     [&](std::size_t i) { done[i] = write_part(lake, table, batch, *rows[i], parts[i]); });
  for (Result<void>& one : done) {
    if (!one) {
      for (const StoredPart& part : parts) {
        if (part.bytes > 0) {  // Else what stands under its name is another's.
          remove_quietly(lake.absolute(part.path));
        }
      }
      return fail(std::move(one).error());
    }
  }
  return parts;
}

Result<Batch> read_parts(const Lake::Impl& lake, std::span<const StoredPart> parts) {
  LODE_ASSERT(!parts.empty());
  const TableSpec* table = find_table(parts.front().table);
  LODE_ASSERT(table != nullptr);
  std::vector<const StoredPart*> list;
  for (const StoredPart& part : parts) {
    list.push_back(&part);
  }
  std::vector<std::string_view> columns;
  for (const ColumnSpec& column : table->columns) {
    columns.push_back(column.name);
  }
  LODE_TRY(const auto engine, lake.engine());
  return engine->query(fmt::format("SELECT {} FROM {}", names_sql(columns), parts_sql(*table, list, lake.folder)));
}

}  // namespace lode::lake
