// Columns of types as the cells of a file of bars.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/typed_bars.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "lode/flow/steps/store/zoned.h"
#include "lode/io/arrow/reader.h"
#include "lode/io/lake/lake.h"
#include "lode/io/lake/parquet.h"
#include "lode/io/source/long_table.h"

namespace lode::flow {
namespace {

// A number of 64 bits without a sign is one here, and no id.
std::string cell_text(const Column& column, std::size_t row) {
  return column.type() == ColumnType::kUint64 && !column.is_null(row) ? fmt::format("{}", column.uint64s()[row])
                                                                      : column.cell(row);
}

std::vector<std::string> cells_of(const Column& column) {
  std::vector<std::string> out;
  out.reserve(column.size());
  for (std::size_t row = 0; row < column.size(); ++row) {
    out.push_back(cell_text(column, row));
  }
  return out;
}

// Of several levels the one of dates: the others say which instrument it is. nullopt: none is there.
std::optional<std::size_t> place_of_index(const Batch& batch, const std::vector<std::string>& named) {
  std::optional<std::size_t> out;
  for (const std::string& name : named) {
    const auto found = std::ranges::find(batch.columns(), name, &Column::name);
    if (found == batch.columns().end()) {
      continue;
    }
    const auto place = static_cast<std::size_t>(found - batch.columns().begin());
    if (found->type() == ColumnType::kDate || found->type() == ColumnType::kTime || source::is_date_name(name)) {
      return place;
    }
    out = out.value_or(place);
  }
  return out;
}

Result<BarsFile> from_batch(Batch batch, const ZonedColumns& zones, const std::string& pandas,
                            const std::string& path) {
  BarsFile out;
  const std::optional<std::size_t> of_pandas = place_of_index(batch, index_of_pandas(pandas));
  const std::size_t index = of_pandas.value_or(0);
  out.is_of_pandas = of_pandas.has_value();
  for (std::size_t k = 0; k < batch.columns().size(); ++k) {
    Column& column = batch.columns()[k];
    if (k != index) {
      out.names.push_back(column.name());
      out.cells.push_back(cells_of(column));
      continue;
    }
    out.index_name = column.name();  // A first column may have none.
    std::optional<std::string> zone;
    if (column.type() == ColumnType::kTime) {
      zone = zone_of(zones, column.name());
      LODE_TRY(out.index, cells_on_their_clock(column, zone, path));
    } else {
      out.index = cells_of(column);
    }
    out.typed_index = TypedIndex{column, std::move(zone)};
  }
  out.lines.resize(batch.rows());
  std::iota(out.lines.begin(), out.lines.end(), std::int64_t{1});
  return out;
}

}  // namespace

Result<BarsFile> bars_of_parquet(const std::string& path) {
  LODE_TRY(Batch batch, lake::read_parquet(path));
  LODE_TRY(const ZonedColumns zones, zones_of_parquet(path));
  LODE_TRY(const std::string pandas, lake::parquet_note(path, "pandas"));
  return from_batch(std::move(batch), zones, pandas, path);
}

Result<BarsFile> bars_of_arrow(std::string_view bytes, const std::string& path) {
  LODE_TRY(Batch batch, arrow::read_arrow(bytes, path));
  LODE_TRY(const ZonedColumns zones, zones_of_arrow(bytes, path));
  LODE_TRY(const std::string pandas, arrow::arrow_note(bytes, path, "pandas"));
  return from_batch(std::move(batch), zones, pandas, path);
}

}  // namespace lode::flow
