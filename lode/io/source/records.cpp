// Text cells of the small tables.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/records.h"

namespace lode::source {

Records parse_records(std::string_view bytes, const Dialect& dialect, const Layout& layout) {
  Records out;
  RowReader rows(bytes, dialect);
  const std::size_t width = dialect.header.size();
  while (rows.next()) {
    if (rows.cells() != width) {
      Rejected rejected = bad_width(rows.cells(), width, rows.line());
      rejected.text = row_text(rows.text());
      out.rejected.push_back(std::move(rejected));
      continue;
    }
    Record& record = out.rows.emplace_back();
    record.line = rows.line();
    record.text = row_text(rows.text());
    for (const int column : layout.column) {
      record.cells.emplace_back(column < 0 ? std::string_view() : rows.fields()[static_cast<std::size_t>(column)]);
    }
  }
  return out;
}

Records parse_records(const Batch& batch, const Layout& layout) {
  Records out;
  out.rows.resize(batch.rows());
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    Record& record = out.rows[row];
    record.line = static_cast<std::int64_t>(row) + 1;
    for (const Column& column : batch.columns()) {
      record.text += (&column == batch.columns().data() ? "" : ",") + column.cell(row);
    }
    record.text = row_text(record.text);
    for (const int column : layout.column) {
      record.cells.push_back(column < 0 ? std::string() : batch.columns()[static_cast<std::size_t>(column)].cell(row));
    }
  }
  return out;
}

}  // namespace lode::source
