// A user's file as a long table.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/store/data_file.h"

#include <fmt/format.h>

#include "lode/base/error.h"
#include "lode/flow/steps/store/zoned.h"
#include "lode/io/arrow/reader.h"
#include "lode/io/lake/lake.h"
#include "lode/io/lake/parquet.h"
#include "lode/io/source/file_bytes.h"
#include "lode/io/source/long_json.h"

namespace lode::flow {

namespace {

Failure has_zone(const std::string& path, const std::string& name) {
  return fail(E::E2005,
              fmt::format("{}: the column {} holds instants with a time zone, which are read in UTC: a midnight of "
                          "Shanghai would be the day before",
                          path, name),
              "store dates, or stamps without a zone (pandas: df.index.tz_localize(None))");
}

// What is still an instant with a zone, and no midnight of UTC.
Result<void> check_days(const Batch& batch, const ZonedColumns& zones, const std::string& path) {
  for (const Column& column : batch.columns()) {
    if (column.type() != ColumnType::kTime || !zones.contains(column.name()) || !source::is_date_name(column.name())) {
      continue;
    }
    for (std::size_t row = 0; row < column.size(); ++row) {
      const Time time{column.times()[row]};
      if (!column.is_null(row) && time != start_of_day(utc_date(time))) {
        return has_zone(path, column.name());
      }
    }
  }
  return {};
}

}  // namespace

Result<void> check_dates_have_no_zone(const std::string& path) {
  LODE_TRY(const std::vector<std::string> zoned, lake::zoned_columns(path));
  for (const std::string& name : zoned) {
    if (source::is_date_name(name)) {
      return has_zone(path, name);
    }
  }
  return {};
}

Result<source::LongTable> read_long_file(const std::string& path) {
  LODE_TRY(const source::FileBytes file, source::read_data_file(path));
  Result<source::LongTable> table = [&]() -> Result<source::LongTable> {
    const bool is_arrow = arrow::is_arrow(path);
    if (!is_arrow && !source::is_parquet(path)) {
      if (source::is_json(file.bytes)) {
        LODE_TRY(const Batch rows, source::read_json_rows(file.bytes, path));
        if (rows.columns().empty()) {
          return fail(E::E2014, fmt::format("{} has no row", path));
        }
        return source::read_long_batch(rows, path);
      }
      return source::read_long_csv(file.bytes, path);
    }
    LODE_TRY(Batch batch, is_arrow ? arrow::read_arrow(file.bytes, path) : lake::read_parquet(path));
    LODE_TRY(const ZonedColumns zones, is_arrow ? zones_of_arrow(file.bytes, path) : zones_of_parquet(path));
    LODE_CHECK(read_days_of_zones(batch, zones, path));
    LODE_CHECK(check_days(batch, zones, path));
    return source::read_long_batch(batch, path);
  }();
  if (table) {
    table->hash = file.sha256;
  }
  return table;
}

}  // namespace lode::flow
