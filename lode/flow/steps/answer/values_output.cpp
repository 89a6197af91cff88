// Factor values as rows.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/values_output.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "lode/base/math.h"
#include "lode/base/value.h"
#include "lode/io/arrow/writer.h"
#include "lode/io/lake/parquet.h"

namespace lode::flow {

namespace {

constexpr std::size_t kCellsABlock = std::size_t{1} << 20;  // Some 40 MB of text.
constexpr std::size_t kCellsABatch = std::size_t{1} << 17;  // Of a typed file.

// Columns in the order people read: by symbol.
std::vector<std::size_t> by_symbol(const std::vector<std::string>& symbols) {
  std::vector<std::size_t> order(symbols.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return symbols[a] != symbols[b] ? symbols[a] < symbols[b] : a < b; });
  return order;
}

bool inside(const Computed& computed, std::size_t row, std::size_t column) {
  return computed.universe.empty() || computed.universe[row * computed.axis->columns() + column] != 0;
}

void append_number(std::string& out, const Panel& panel, std::size_t row, std::size_t column) {
  char buffer[32];
  std::to_chars_result end{};
  if (panel.precision() == Precision::kFloat32) {
    const float value = panel.row32(row)[column];
    if (math::is_nan(static_cast<double>(value))) return;
    end = std::to_chars(buffer, buffer + sizeof(buffer), value);
  } else {
    const double value = panel.row64(row)[column];
    if (math::is_nan(value)) return;
    end = std::to_chars(buffer, buffer + sizeof(buffer), value);
  }
  out.append(buffer, end.ptr);
}

// Quoted where a delimiter asks for it.
std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) {
    return text;
  }
  std::string out = "\"";
  for (const char c : text) {
    out += c;
    if (c == '"') out += '"';
  }
  return out + "\"";
}

// What a spreadsheet would run as a formula gets a quote mark in front.
std::string csv_safe(const std::string& text) {
  const bool runs = !text.empty() && std::string_view("=+@\t").find(text.front()) != std::string_view::npos;
  return csv_text(runs ? "'" + text : text);
}

template <class Visit>
void for_each_cell(const Computed& computed, std::size_t row, const std::vector<std::size_t>& order, Visit visit) {
  for (const std::size_t column : order) {
    if (inside(computed, row, column)) {
      for (std::size_t factor = 0; factor < computed.panels.size(); ++factor) {
        visit(column, factor);
      }
    }
  }
}

// Names and symbols as a format writes them, made once.
struct Words {
  std::vector<std::size_t> order;
  std::vector<std::string> symbols;  // One a column
  std::vector<std::string> names;    // One a factor
};

template <class Spell>
Words spell(const Computed& computed, Spell spelled) {
  Words words{by_symbol(computed.symbols), {}, {}};
  for (const std::string& symbol : computed.symbols) {
    words.symbols.push_back(spelled(symbol));
  }
  for (const std::string& name : computed.names) {
    words.names.push_back(spelled(name));
  }
  return words;
}

void append_csv(std::string& out, const Computed& computed, std::size_t row, const Words& words) {
  const std::string date = to_string(computed.axis->sessions[row]);
  for_each_cell(computed, row, words.order, [&](std::size_t column, std::size_t factor) {
    out.append(date).append(1, ',').append(words.symbols[column]).append(1, ',').append(words.names[factor]);
    out += ',';
    append_number(out, computed.panels[factor], row, column);
    out += '\n';
  });
}

// Every object of a row ends in ",\n"; the last of all is taken back by the caller.
void append_json(std::string& out, const Computed& computed, std::size_t row, const Words& words) {
  const std::string date = to_string(computed.axis->sessions[row]);
  for_each_cell(computed, row, words.order, [&](std::size_t column, std::size_t factor) {
    out.append("{\"date\":\"").append(date).append("\",\"symbol\":").append(words.symbols[column]);
    out.append(",\"factor\":").append(words.names[factor]).append(",\"value\":");
    const std::size_t before = out.size();
    append_number(out, computed.panels[factor], row, column);
    out += out.size() == before ? "null},\n" : "},\n";
  });
}

// Sessions whose rows are written at once.
std::size_t block_height(const Computed& computed, std::size_t cells_a_block) {
  const std::size_t cells = std::max<std::size_t>(1, computed.axis->columns() * computed.panels.size());
  return std::max<std::size_t>(1, cells_a_block / cells);
}

using Append = void (*)(std::string&, const Computed&, std::size_t, const Words&);

// Writes the rows block by block, each block on all threads: memory stays that of a block however many rows there are.
Result<void> write_blocks(const Computed& computed, const Words& words, Append append, Pool& pool, const Sink& sink) {
  const std::size_t height = block_height(computed, kCellsABlock);
  for (std::size_t begin = computed.first_row; begin < computed.axis->rows(); begin += height) {
    std::vector<std::string> texts(std::min(height, computed.axis->rows() - begin));
    pool.for_each(texts.size(), [&](std::size_t i) { append(texts[i], computed, begin + i, words); });
    for (const std::string& text : texts) {
      LODE_CHECK(sink(text));
    }
  }
  return {};
}

Result<void> write_csv(const Computed& computed, Pool& pool, const Sink& sink) {
  LODE_CHECK(sink("date,symbol,factor,value\n"));
  Words words = spell(computed, csv_text);  // A symbol stays what it is, so that the file can be read back.
  for (std::size_t i = 0; i < words.names.size(); ++i) {
    words.names[i] = csv_safe(computed.names[i]);
  }
  return write_blocks(computed, words, append_csv, pool, sink);
}

Result<void> write_json(const Computed& computed, Pool& pool, const Sink& sink) {
  // The comma after an object is written with the object that follows it.
  bool any = false;
  const Words words = spell(computed, [](const std::string& text) { return to_json(Value(text)); });
  LODE_CHECK(sink("[\n"));
  const Sink joined = [&](std::string_view text) -> Result<void> {
    if (text.empty()) {
      return {};
    }
    if (any) {
      LODE_CHECK(sink(",\n"));
    }
    any = true;
    return sink(text.substr(0, text.size() - 2));
  };
  LODE_CHECK(write_blocks(computed, words, append_json, pool, joined));
  return sink(any ? "\n]\n" : "]\n");
}

// Rows of the sessions [begin, end), typed; columns in `order`.
Batch values_batch(const Computed& computed, const std::vector<std::size_t>& order, std::size_t begin,
                   std::size_t end) {
  std::vector<std::int32_t> dates;
  TextData symbols;
  TextData factors;
  std::vector<double> values;
  for (std::size_t row = begin; row < end; ++row) {
    for_each_cell(computed, row, order, [&](std::size_t column, std::size_t factor) {
      dates.push_back(computed.axis->sessions[row].days);
      symbols.push(computed.symbols[column]);
      factors.push(computed.names[factor]);
      values.push_back(computed.panels[factor].at(row, column));
    });
  }
  std::vector<Column> columns;
  columns.push_back(Column::date("date", std::move(dates)));
  columns.push_back(Column::text("symbol", std::move(symbols)));
  columns.push_back(Column::text("factor", std::move(factors)));
  columns.push_back(Column::float64("value", std::move(values)));
  return Batch(std::move(columns));
}

// Block by block, as the text formats: memory stays that of a block. The first block comes even if it has no row.
lake::BatchSource blocks(const Computed& computed) {
  return [&computed, order = by_symbol(computed.symbols), begin = computed.first_row,
          is_first = true]() mutable -> std::optional<Batch> {
    if (!std::exchange(is_first, false) && begin >= computed.axis->rows()) {
      return std::nullopt;
    }
    const std::size_t end = std::min(computed.axis->rows(), begin + block_height(computed, kCellsABatch));
    return values_batch(computed, order, std::exchange(begin, end), end);
  };
}

Result<void> write_arrow(const Computed& computed, const Sink& sink) {
  arrow::FileWriter writer(sink);
  const lake::BatchSource next = blocks(computed);
  while (std::optional<Batch> batch = next()) {
    LODE_CHECK(writer.write(std::make_shared<const Batch>(std::move(*batch))));
  }
  return writer.finish();
}

}  // namespace

Result<void> write_values(const Computed& computed, ValuesFormat format, Pool& pool, const Sink& sink) {
  switch (format) {
    case ValuesFormat::kJson:
      return write_json(computed, pool, sink);
    case ValuesFormat::kArrow:
      return write_arrow(computed, sink);
    case ValuesFormat::kCsv:
      break;
  }
  return write_csv(computed, pool, sink);
}

Result<void> write_values_parquet(const Computed& computed, const std::string& path) {
  return lake::write_parquet(path, blocks(computed));
}

Result<std::string> values_parquet(const Computed& computed) { return lake::parquet_bytes(blocks(computed)); }

Result<void> put_values(const Computed& computed, const std::string& format, const std::string& target, Pool& pool,
                        std::string& payload) {
  if (format == "parquet") {
    if (!target.empty()) {
      return write_values_parquet(computed, target);
    }
    LODE_TRY(payload, values_parquet(computed));
    return {};
  }
  const auto kind = format == "json"    ? ValuesFormat::kJson
                    : format == "arrow" ? ValuesFormat::kArrow
                                        : ValuesFormat::kCsv;
  if (!target.empty()) {
    return write_pieces(target, [&](const Sink& sink) { return write_values(computed, kind, pool, sink); });
  }
  return write_values(computed, kind, pool, [&](std::string_view text) -> Result<void> {
    payload += text;
    return {};
  });
}

}  // namespace lode::flow
