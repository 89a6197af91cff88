// A user's file as a long table.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/store/data_file.h"

#include <fmt/format.h>

#include "lode/base/error.h"
#include "lode/io/arrow/reader.h"
#include "lode/io/lake/lake.h"
#include "lode/io/source/file_bytes.h"
#include "lode/io/source/long_json.h"

namespace lode::flow {

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
    LODE_TRY(const Batch batch, is_arrow ? arrow::read_arrow(file.bytes, path) : lake::read_parquet(path));
    return source::read_long_batch(batch, path);
  }();
  if (table) {
    table->hash = file.sha256;
  }
  return table;
}

}  // namespace lode::flow
