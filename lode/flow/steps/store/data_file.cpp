// A user's file as a long table.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/store/data_file.h"

#include <fmt/format.h>

#include "lode/base/error.h"
#include "lode/io/arrow/reader.h"
#include "lode/io/lake/lake.h"
#include "lode/io/lake/parquet.h"
#include "lode/io/source/file_bytes.h"
#include "lode/io/source/long_json.h"

namespace lode::flow {

Result<void> check_dates_have_no_zone(const std::string& path) {
  LODE_TRY(const std::vector<std::string> zoned, lake::zoned_columns(path));
  for (const std::string& name : zoned) {
    if (source::is_date_name(name)) {
      return fail(E::E2005,
                  fmt::format("{}: the column {} holds instants with a time zone, which are read in UTC: a midnight of "
                              "Shanghai would be the day before",
                              path, name),
                  "store dates, or stamps without a zone (pandas: df.index.tz_localize(None))");
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
    if (!is_arrow) {
      LODE_CHECK(check_dates_have_no_zone(path));
    }
    LODE_TRY(const Batch batch, is_arrow ? arrow::read_arrow(file.bytes, path) : lake::read_parquet(path));
    return source::read_long_batch(batch, path);
  }();
  if (table) {
    table->hash = file.sha256;
  }
  return table;
}

}  // namespace lode::flow
