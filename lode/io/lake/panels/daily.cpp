// Streaming daily bars.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/daily.h"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "lode/io/lake/view.h"

namespace lode::lake {

std::vector<std::vector<StoredPart>> by_partition(std::span<const StoredPart> parts) {
  std::map<std::string_view, std::vector<StoredPart>> named;
  for (const StoredPart& part : parts) {
    named[part.partition].push_back(part);
  }
  std::vector<std::vector<StoredPart>> out;
  out.reserve(named.size());
  for (auto& [name, list] : named) {
    out.push_back(std::move(list));
  }
  return out;
}

Result<void> stream_daily(const Lake::Impl& lake, const std::vector<std::vector<StoredPart>>& partitions,
                          const std::string& early, const std::vector<std::string>& fields,
                          const std::function<void(std::size_t partition, const Chunk&)>& take) {
  LODE_TRY(const TableSpec* table, require_table("bars"));
  std::vector<std::string_view> columns{"instrument_id", "session"};
  for (const std::string& field : fields) {
    columns.push_back(table->find(field)->name);
  }
  LODE_TRY(const auto engine, lake.engine());
  std::vector<std::optional<Error>> failures(partitions.size());
  lake.pool.for_each(partitions.size(), [&](std::size_t i) {
    const ViewSpec view{
        .table = table, .parts = partitions[i], .columns = columns, .early = early, .late = "interval_seconds = 0"};
    Result<void> done = engine->stream(view_sql(view, lake.folder), [&](const Chunk& chunk) {
      take(i, chunk);
      return true;
    });
    if (!done) {
      failures[i] = std::move(done).error();
    }
  });
  for (std::optional<Error>& failure : failures) {  // The first by partition, whichever thread came first.
    if (failure) {
      return fail(std::move(*failure));
    }
  }
  return {};
}

}  // namespace lode::lake
