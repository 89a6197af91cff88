// Objects are cut out of the text by their braces and parsed one at a time.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/long_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/base/value.h"

namespace lode::source {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

std::size_t skip_blanks(std::string_view bytes, std::size_t at) {
  while (at < bytes.size() && is_blank(bytes[at])) {
    ++at;
  }
  return at;
}

// Behind the text that begins at `at` with a quote mark; the end of `bytes` where it does not end.
std::size_t behind_text(std::string_view bytes, std::size_t at) {
  for (++at; at < bytes.size() && bytes[at] != '"'; ++at) {
    at += bytes[at] == '\\' ? 1 : 0;
  }
  return std::min(at + 1, bytes.size());
}

// Behind the object or array that begins at `at`; npos where it does not end.
std::size_t behind_value(std::string_view bytes, std::size_t at) {
  int depth = 0;
  while (at < bytes.size()) {
    const char c = bytes[at];
    if (c == '"') {
      at = behind_text(bytes, at);
      continue;
    }
    depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
    ++at;
    if (depth == 0) {
      return at;
    }
  }
  return std::string_view::npos;
}

// Where the value of `key` begins in the object at `at`; npos without one.
std::size_t member(std::string_view bytes, std::size_t at, std::string_view key) {
  at = skip_blanks(bytes, at + 1);
  while (at < bytes.size() && bytes[at] == '"') {
    const std::size_t end = behind_text(bytes, at);
    const bool is_it = bytes.substr(at + 1, end - at - 2) == key;
    at = skip_blanks(bytes, end);
    if (at == bytes.size() || bytes[at] != ':') {
      break;
    }
    at = skip_blanks(bytes, at + 1);
    if (is_it) {
      return at;
    }
    const bool is_nested = at < bytes.size() && (bytes[at] == '{' || bytes[at] == '[');
    const bool is_text = at < bytes.size() && bytes[at] == '"';
    at = is_nested ? behind_value(bytes, at) : is_text ? behind_text(bytes, at) : bytes.find_first_of(",}", at);
    at = at == std::string_view::npos ? at : skip_blanks(bytes, at);
    if (at == std::string_view::npos || at >= bytes.size() || bytes[at] != ',') {
      break;
    }
    at = skip_blanks(bytes, at + 1);
  }
  return std::string_view::npos;
}

// The array of a `--json` document's rows; npos for any other object.
std::size_t rows_of_answer(std::string_view bytes, std::size_t at) {
  const std::size_t data = member(bytes, at, "data");
  if (data == std::string_view::npos || data >= bytes.size() || bytes[data] != '{') {
    return std::string_view::npos;
  }
  const std::size_t rows = member(bytes, data, "rows");
  return rows < bytes.size() && bytes[rows] == '[' ? rows : std::string_view::npos;
}

// One key's cells, as numbers until a text comes.
class Cells {
 public:
  // `rows`: how many rows came before this key first stood in one.
  Cells(const std::string& name, std::size_t rows) : column_(name, ColumnType::kFloat64) { fill(rows); }

  // Nulls up to `rows`.
  void fill(std::size_t rows) {
    while (column_.size() < rows) {
      column_.push_null();
    }
  }
  void push(const Value& value) {
    if (value.is_null()) {
      column_.push_null();
    } else if (value.is_text() || column_.type() == ColumnType::kText) {
      become_text();
      column_.push(value.is_text() ? value.as_text() : shortest(number_of(value)));
    } else {
      column_.push(number_of(value));
    }
  }
  const std::string& name() const { return column_.name(); }
  Column take() { return std::move(column_); }

 private:
  static double number_of(const Value& value) {
    return value.is_bool() ? (value.as_bool() ? 1.0 : 0.0) : value.as_double();
  }
  void become_text() {
    if (column_.type() == ColumnType::kText) {
      return;
    }
    Column texts(column_.name(), ColumnType::kText);
    for (std::size_t row = 0; row < column_.size(); ++row) {
      if (column_.is_null(row)) {
        texts.push_null();
      } else {
        texts.push(shortest(column_.float64s()[row]));
      }
    }
    column_ = std::move(texts);
  }

  Column column_;
};

class Rows {
 public:
  explicit Rows(const std::string& path) : path_(path) {}

  Result<void> push(std::string_view object) {
    LODE_TRY(const Value row, parse(object));
    std::size_t at = 0;  // Rows mostly have the same keys in the same order.
    for (const auto& [key, value] : row.as_object()) {
      if (value.is_object() || value.is_array()) {
        return fail(E::E2009,
                    fmt::format("{} row {}: {} is nested, expected a text or a number", path_, rows_ + 1, key),
                    "a row is a flat object: {\"date\": \"2024-06-28\", \"symbol\": \"AAPL\", \"value\": 0.5}");
      }
      cells_at(key, at).push(value);
      ++at;
    }
    ++rows_;
    for (Cells& cells : cells_) {
      cells.fill(rows_);
    }
    return {};
  }
  Failure broken(std::string_view why) const {
    return fail(E::E2020, fmt::format("{} after row {}: {}", path_, rows_, why),
                "expected an array of objects, or one object a line; ask for the file again");
  }
  Batch take() {
    std::vector<Column> columns;
    for (Cells& cells : cells_) {
      columns.push_back(cells.take());
    }
    return Batch(std::move(columns));
  }

 private:
  Result<Value> parse(std::string_view object) const {
    Result<Value> row = parse_json(object);
    if (!row) {
      return fail(std::move(row).error().while_doing(fmt::format("reading {} row {}", path_, rows_ + 1)));
    }
    return row;
  }
  Cells& cells_at(const std::string& key, std::size_t guess) {
    if (guess < cells_.size() && cells_[guess].name() == key) {
      return cells_[guess];
    }
    for (Cells& cells : cells_) {
      if (cells.name() == key) {
        return cells;
      }
    }
    return cells_.emplace_back(key, rows_);
  }

  const std::string& path_;
  std::vector<Cells> cells_;
  std::size_t rows_ = 0;
};

}  // namespace

bool is_json(std::string_view bytes) {
  const std::size_t at = skip_blanks(bytes, 0);
  return at < bytes.size() && (bytes[at] == '[' || bytes[at] == '{');
}

Result<Batch> read_json_rows(std::string_view bytes, const std::string& path) {
  Rows rows(path);
  std::size_t at = skip_blanks(bytes, 0);
  if (at < bytes.size() && bytes[at] == '{') {
    if (const std::size_t answer = rows_of_answer(bytes, at); answer != std::string_view::npos) {
      at = answer;
    }
  }
  const bool is_array = at < bytes.size() && bytes[at] == '[';
  at = skip_blanks(bytes, is_array ? at + 1 : at);
  while (at < bytes.size() && !(is_array && bytes[at] == ']')) {
    if (bytes[at] != '{') {
      return rows.broken(fmt::format("'{}' stands where an object would begin", bytes[at]));
    }
    const std::size_t end = behind_value(bytes, at);
    if (end == std::string_view::npos) {
      return rows.broken("the file ends inside an object");
    }
    LODE_CHECK(rows.push(bytes.substr(at, end - at)));
    at = skip_blanks(bytes, end);
    if (is_array && at < bytes.size() && bytes[at] == ',') {
      at = skip_blanks(bytes, at + 1);
    }
  }
  if (is_array && at >= bytes.size()) {
    return rows.broken("the file ends before the array does");
  }
  return rows.take();
}

}  // namespace lode::source
