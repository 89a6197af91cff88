// A Batch as text.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/batch_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <utility>

#include "lode/base/printable.h"
#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/flow/steps/store/files.h"
#include "lode/io/arrow/reader.h"
#include "lode/io/arrow/writer.h"
#include "lode/io/lake/lake.h"
#include "lode/io/lake/parquet.h"
#include "lode/io/net/base64.h"

namespace lode::flow {

namespace {

bool is_number(ColumnType type) { return type == ColumnType::kInt64 || type == ColumnType::kFloat64; }

std::string table_text(const Batch& batch, int width) {
  std::vector<TextTable::Column> columns;
  for (const Column& column : batch.columns()) {
    const auto align = is_number(column.type()) ? TextTable::Align::kRight : TextTable::Align::kLeft;
    columns.push_back({column.name(), align, -static_cast<int>(columns.size())});
  }
  TextTable table(std::move(columns));
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    std::vector<std::string> cells;
    for (const Column& column : batch.columns()) {
      cells.push_back(column.is_null(row) ? "-" : column.cell(row));
    }
    table.add(std::move(cells));
  }
  return table.render(width);
}

// Text as a cell: defused where a spreadsheet would run it (OWASP ASVS V1.2.10), which a number is not: the index -2 of
// a file stays -2. Quoted where a reader would cut it or trim it (RFC 4180).
std::string csv_words(std::string text, bool is_own = false) {
  double number = 0.0;
  if (!is_own && !text.empty() && std::string_view("=+-@\t").find(text.front()) != std::string_view::npos &&
      !parse_double(text, number)) {
    text.insert(text.begin(), '\'');
  }
  if (text.find_first_of(",\"\n\r") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + "\"";
}

std::string csv_cell(const Column& column, std::size_t row, bool is_own) {
  std::string text = column.is_null(row) ? std::string() : column.cell(row);
  return column.type() == ColumnType::kText ? csv_words(std::move(text), is_own) : text;
}

// A column may have no name, as the index that pandas writes: its cell of the header is empty, and stands.
std::string csv_text(const Batch& batch, bool is_carried) {
  std::string out;
  bool first = true;
  for (const Column& column : batch.columns()) {
    out += (first ? "" : ",") + csv_words(column.name(), first && is_carried);
    first = false;
  }
  out += '\n';
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    first = true;
    for (const Column& column : batch.columns()) {
      out += (first ? "" : ",") + csv_cell(column, row, first && is_carried);
      first = false;
    }
    out += '\n';
  }
  return out;
}

// A cell that stays one: a bar would end it, a line break the row, and a backslash would take the bar's own.
std::string markdown_cell(std::string_view text) {
  std::string out;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    const bool ends = at == text.size();
    if (ends || text[at] == '|' || text[at] == '\\' || text[at] == '\n') {
      out += printable(text.substr(begin, at - begin));
      out += ends ? "" : text[at] == '|' ? "\\|" : text[at] == '\n' ? "<br>" : "\\\\";
      begin = at + 1;
    }
  }
  return out;
}

std::string markdown_text(const Batch& batch) {
  std::string head = "|";
  std::string rule = "|";
  for (const Column& column : batch.columns()) {
    head += fmt::format(" {} |", markdown_cell(column.name()));
    rule += is_number(column.type()) ? " ---: |" : " --- |";
  }
  std::string out = head + "\n" + rule + "\n";
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    out += "|";
    for (const Column& column : batch.columns()) {
      out += fmt::format(" {} |", column.is_null(row) ? "-" : markdown_cell(column.cell(row)));
    }
    out += '\n';
  }
  return out;
}

Value cell_json(const Column& column, std::size_t row) {
  if (column.is_null(row)) {
    return {};
  }
  switch (column.type()) {
    case ColumnType::kInt64:
      return Value(column.int64s()[row]);
    case ColumnType::kFloat64:
      return Value(column.float64s()[row]);
    case ColumnType::kBool:
      return Value(column.bools()[row] != 0);
    default:
      return Value(column.cell(row));
  }
}

Value row_json(const Batch& batch, std::size_t row) {
  Value object = Value::object();
  for (const Column& column : batch.columns()) {
    object.set(column.name(), cell_json(column, row));
  }
  return object;
}

}  // namespace

Value batch_json(const Batch& batch) {
  Value rows = Value::array();
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    rows.push(row_json(batch, row));
  }
  return rows;
}

std::string batch_text(const Batch& batch, std::string_view format, int columns, const Carried* carried) {
  if (format == "csv") return csv_text(batch, carried != nullptr);
  if (format == "md") return markdown_text(batch);
  if (format == "json") return to_json(batch_json(batch), 2) + "\n";
  if (format == "ndjson") {
    std::string out;
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      out += to_json(row_json(batch, row)) + "\n";
    }
    return out;
  }
  return table_text(batch, columns);
}

bool is_bytes(std::string_view format) { return format == "parquet" || format == "arrow"; }

namespace {

// The batch with the carried column as its first; nullopt where it stands as it is.
std::optional<Batch> with_carried(const Batch& batch, const Carried* carried) {
  if (carried == nullptr || !carried->column) {
    return std::nullopt;
  }
  std::vector<Column> columns(batch.columns().begin(), batch.columns().end());
  std::string name = columns.front().name();
  columns.front() = *carried->column;
  columns.front().rename(std::move(name));
  return Batch(std::move(columns));
}

// Parquet holds instants to the microsecond, and of columns that have a name: others stay the text that they are
// elsewhere.
const Carried* carried_by_parquet(const Carried* carried) {
  if (carried == nullptr || !carried->zone || !carried->column || carried->column->type() != ColumnType::kTime) {
    return carried;
  }
  if (carried->column->name().empty()) {
    return nullptr;
  }
  const auto times = carried->column->times();
  for (std::size_t row = 0; row < times.size(); ++row) {
    if (!carried->column->is_null(row) && times[row] % 1000 != 0) {
      return nullptr;
    }
  }
  return carried;
}

bool carries_times(const Carried* carried) {
  return carried != nullptr && carried->column && carried->column->type() == ColumnType::kTime;
}

arrow::Clocks clocks_of(const Batch& batch, const Carried* carried) {
  if (!carries_times(carried)) {
    return {};
  }
  const bool is_utc = carried->zone && carried->zone->empty();
  return {{batch.columns().front().name(), is_utc ? "UTC" : carried->zone.value_or("")}};
}

// The bytes of an Arrow file without rows hold a schema where readers of Parquet look for one: behind its magic, ahead
// of the end mark.
Result<lake::ParquetMeaning> meaning_of(const Batch& batch, const Carried* carried) {
  lake::ParquetMeaning out;
  if (!carries_times(carried) || !carried->zone) {
    return out;
  }
  out.instants = {batch.columns().front().name()};
  std::string schema;
  LODE_CHECK(arrow::write_arrow(
      batch.take({}),
      [&](std::string_view piece) -> Result<void> {
        schema += piece;
        return {};
      },
      clocks_of(batch, carried)));
  constexpr std::size_t kMagic = 8;
  std::int32_t length = 0;
  std::memcpy(&length, schema.data() + kMagic + 4, sizeof length);
  out.notes.emplace("ARROW:schema",
                    net::base64(std::string_view(schema).substr(kMagic, 8 + static_cast<std::size_t>(length))));
  return out;
}

}  // namespace

Result<std::string> batch_bytes(const Batch& batch, std::string_view format, const Carried* carried) {
  carried = format == "parquet" ? carried_by_parquet(carried) : carried;
  const std::optional<Batch> changed = with_carried(batch, carried);
  const Batch& rows = changed ? *changed : batch;
  if (format == "parquet") {
    LODE_TRY(const lake::ParquetMeaning meaning, meaning_of(rows, carried));
    return lake::parquet_bytes(rows, meaning);
  }
  std::string out;
  LODE_CHECK(arrow::write_arrow(
      rows,
      [&](std::string_view piece) -> Result<void> {
        out += piece;
        return {};
      },
      clocks_of(rows, carried)));
  return out;
}

Result<void> set_rows(Outcome& out, const Batch& batch, std::string_view format, int columns, const Carried* carried) {
  if (!is_bytes(format)) {
    out.text = batch_text(batch, format, columns, carried);
    return {};
  }
  out.text.clear();
  LODE_TRY(out.payload, batch_bytes(batch, format, carried));
  return {};
}

Result<std::string> file_format(const std::string& path, std::string_view format,
                                std::span<const std::string_view> known) {
  const std::string ending = lower(std::filesystem::path(path).extension().string());
  const std::string named = arrow::is_arrow(path) ? "arrow" : ending.empty() ? "" : ending.substr(1);
  const bool is_known = std::ranges::find(known, named) != known.end();
  if (!format.empty()) {
    if (is_known && named != format) {
      return fail(E::E7, fmt::format("--format {} and the ending of {} say two things", format, path),
                  fmt::format("-o {}.{}, or leave --format out",
                              std::filesystem::path(path).replace_extension().string(), format));
    }
    return std::string(format);
  }
  if (named.empty()) {
    return std::string("csv");
  }
  if (!is_known) {
    const std::vector<std::string> words(known.begin(), known.end());
    return fail(E::E4, fmt::format("'{}' is not a format Lode writes", named), join(words, ", "));
  }
  return named;
}

Result<void> write_batch(const Batch& batch, const std::string& path, std::string_view format, const Carried* carried) {
  static constexpr std::string_view kFiles[] = {"csv", "parquet", "arrow", "json", "ndjson", "md"};
  LODE_TRY(const std::string chosen, file_format(path, format == "table" ? "" : format, kFiles));
  carried = chosen == "parquet" ? carried_by_parquet(carried) : carried;
  const std::optional<Batch> changed = is_bytes(chosen) ? with_carried(batch, carried) : std::nullopt;
  const Batch& rows = changed ? *changed : batch;
  if (chosen == "parquet") {
    std::error_code code;
    if (std::filesystem::exists(path, code) && !std::filesystem::is_regular_file(path, code)) {
      return fail(E::E4, fmt::format("{} is no plain file, and Parquet is written to one only", path),
                  "-o NAME.parquet");
    }
    LODE_TRY(const lake::ParquetMeaning meaning, meaning_of(rows, carried));
    return lake::write_parquet(path, rows, meaning);
  }
  if (chosen == "arrow") {
    return write_pieces(path,
                        [&](const Sink& sink) { return arrow::write_arrow(rows, sink, clocks_of(rows, carried)); });
  }
  return write_file(path, batch_text(batch, chosen, 0, carried));
}

}  // namespace lode::flow
