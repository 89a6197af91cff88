// Factor values as rows.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/values_output.h"

#include <algorithm>
#include <charconv>
#include <functional>
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
void for_each_cell(const ValueBlock& block, std::size_t row, const std::vector<std::size_t>& order, Visit visit) {
  for (const std::size_t column : order) {
    if (block.is_inside(row, column)) {
      for (std::size_t factor = 0; factor < block.panels.size(); ++factor) {
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
Words spell(const ValueHead& head, const std::vector<std::string>& symbols, Spell spelled) {
  Words words{by_symbol(symbols), {}, {}};
  for (const std::string& symbol : symbols) {
    words.symbols.push_back(spelled(symbol));
  }
  for (const std::string& name : head.names) {
    words.names.push_back(spelled(name));
  }
  return words;
}

void append_csv(std::string& out, const ValueBlock& block, std::size_t row, const Words& words) {
  const std::string date = to_string(block.axis->sessions[row]);
  for_each_cell(block, row, words.order, [&](std::size_t column, std::size_t factor) {
    out.append(date).append(1, ',').append(words.symbols[column]).append(1, ',').append(words.names[factor]);
    out += ',';
    append_number(out, block.panels[factor], row, column);
    out += '\n';
  });
}

// Every object of a row ends in ",\n"; the last of all is taken back by the caller.
void append_json(std::string& out, const ValueBlock& block, std::size_t row, const Words& words) {
  const std::string date = to_string(block.axis->sessions[row]);
  for_each_cell(block, row, words.order, [&](std::size_t column, std::size_t factor) {
    out.append("{\"date\":\"").append(date).append("\",\"symbol\":").append(words.symbols[column]);
    out.append(",\"factor\":").append(words.names[factor]).append(",\"value\":");
    const std::size_t before = out.size();
    append_number(out, block.panels[factor], row, column);
    out += out.size() == before ? "null},\n" : "},\n";
  });
}

// Sessions whose rows are written at once.
std::size_t block_height(const ValueBlock& block, std::size_t cells_a_block) {
  const std::size_t cells = std::max<std::size_t>(1, block.axis->columns() * block.panels.size());
  return std::max<std::size_t>(1, cells_a_block / cells);
}

using Append = void (*)(std::string&, const ValueBlock&, std::size_t, const Words&);
using SpellAll = std::function<Words(const std::vector<std::string>& symbols)>;

const std::vector<std::string>& symbols_of(const ValueHead& head, const ValueBlock& block) {
  return block.symbols ? *block.symbols : head.symbols;
}

// Writes the rows some sessions at a time, each on all threads: memory stays that of a block however many rows there
// are.
// `opening` comes before the rows, once the first of them are there: an error before leaves nothing written.
Result<void> write_blocks(const ValueHead& head, const BlockSource& next, const SpellAll& spell_all, Append append,
                          std::string_view opening, Pool& pool, const Sink& sink) {
  Words words = spell_all(head.symbols);
  std::shared_ptr<const std::vector<std::string>> spelled;
  while (true) {
    LODE_TRY(const ValueBlock* block, next());
    if (!opening.empty()) {
      LODE_CHECK(sink(std::exchange(opening, {})));
    }
    if (block == nullptr) {
      return {};
    }
    if (block->symbols != spelled) {
      spelled = block->symbols;
      words = spell_all(symbols_of(head, *block));
    }
    const std::size_t height = block_height(*block, kCellsABlock);
    for (std::size_t begin = block->first_row; begin < block->axis->rows(); begin += height) {
      std::vector<std::string> texts(std::min(height, block->axis->rows() - begin));
      pool.for_each(texts.size(), [&](std::size_t i) { append(texts[i], *block, begin + i, words); });
      for (const std::string& text : texts) {
        LODE_CHECK(sink(text));
      }
    }
  }
}

Result<void> write_csv(const ValueHead& head, const BlockSource& next, Pool& pool, const Sink& sink) {
  const SpellAll spell_all = [&](const std::vector<std::string>& symbols) {
    Words words = spell(head, symbols, csv_text);  // A symbol stays what it is, so that the file can be read back.
    for (std::size_t i = 0; i < words.names.size(); ++i) {
      words.names[i] = csv_safe(head.names[i]);
    }
    return words;
  };
  return write_blocks(head, next, spell_all, append_csv, "date,symbol,factor,value\n", pool, sink);
}

Result<void> write_json(const ValueHead& head, const BlockSource& next, Pool& pool, const Sink& sink) {
  constexpr std::string_view kOpening = "[\n";
  // The comma after an object is written with the object that follows it.
  bool any = false;
  const SpellAll spell_all = [&](const std::vector<std::string>& symbols) {
    return spell(head, symbols, [](const std::string& text) { return to_json(Value(text)); });
  };
  const Sink joined = [&](std::string_view text) -> Result<void> {
    if (text.empty()) {
      return {};
    }
    if (text == kOpening) {
      return sink(text);
    }
    if (any) {
      LODE_CHECK(sink(",\n"));
    }
    any = true;
    return sink(text.substr(0, text.size() - 2));
  };
  LODE_CHECK(write_blocks(head, next, spell_all, append_json, kOpening, pool, joined));
  return sink(any ? "\n]\n" : "]\n");
}

// Rows of the sessions [begin, end), typed; columns in `order`.
Batch values_batch(const ValueHead& head, const ValueBlock& block, const std::vector<std::size_t>& order,
                   std::size_t begin, std::size_t end) {
  std::vector<std::int32_t> dates;
  TextData symbols;
  TextData factors;
  std::vector<double> values;
  const std::vector<std::string>& names = symbols_of(head, block);
  for (std::size_t row = begin; row < end; ++row) {
    for_each_cell(block, row, order, [&](std::size_t column, std::size_t factor) {
      dates.push_back(block.axis->sessions[row].days);
      symbols.push(names[column]);
      factors.push(head.names[factor]);
      values.push_back(block.panels[factor].at(row, column));
    });
  }
  std::vector<Column> columns;
  columns.push_back(Column::date("date", std::move(dates)));
  columns.push_back(Column::text("symbol", std::move(symbols)));
  columns.push_back(Column::text("factor", std::move(factors)));
  columns.push_back(Column::float64("value", std::move(values)));
  return Batch(std::move(columns));
}

// Batch by batch, as the text formats: memory stays that of a block. The first batch comes even if it has no row, and
// names the columns.
lake::BatchSource batches(const ValueHead& head, const BlockSource& next) {
  return [&head, next, order = by_symbol(head.symbols), ordered = std::shared_ptr<const std::vector<std::string>>(),
          block = static_cast<const ValueBlock*>(nullptr), begin = std::size_t{0},
          is_first = true]() mutable -> Result<std::optional<Batch>> {
    while (block == nullptr || begin >= block->axis->rows()) {
      LODE_TRY(block, next());
      if (block == nullptr) {
        const bool any = !std::exchange(is_first, false);
        return any ? std::optional<Batch>() : std::optional(values_batch(head, ValueBlock(), {}, 0, 0));
      }
      begin = block->first_row;
      if (block->symbols != ordered) {
        ordered = block->symbols;
        order = by_symbol(symbols_of(head, *block));
      }
    }
    is_first = false;
    const std::size_t end = std::min(block->axis->rows(), begin + block_height(*block, kCellsABatch));
    return std::optional(values_batch(head, *block, order, std::exchange(begin, end), end));
  };
}

Result<void> write_arrow(const ValueHead& head, const BlockSource& next, const Sink& sink) {
  arrow::FileWriter writer(sink);
  const lake::BatchSource rows = batches(head, next);
  while (true) {
    LODE_TRY(std::optional<Batch> batch, rows());
    if (!batch) {
      return writer.finish();
    }
    LODE_CHECK(writer.write(std::make_shared<const Batch>(std::move(*batch))));
  }
}

// To whoever reads the answer while it is made.
Sink live(const World& world) {
  return [&world](std::string_view text) -> Result<void> {
    if (!text.empty() && !world.out(text)) {
      return fail(E::E8009, "the answer could not be written to standard output: it is closed",
                  "let it be read to its end, or write to a file with -o");
    }
    return {};
  };
}

}  // namespace

Result<void> write_values(const ValueHead& head, const BlockSource& next, ValuesFormat format, Pool& pool,
                          const Sink& sink) {
  switch (format) {
    case ValuesFormat::kJson:
      return write_json(head, next, pool, sink);
    case ValuesFormat::kArrow:
      return write_arrow(head, next, sink);
    case ValuesFormat::kCsv:
      break;
  }
  return write_csv(head, next, pool, sink);
}

Result<void> write_values_parquet(const ValueHead& head, const BlockSource& next, const std::string& path) {
  return lake::write_parquet(path, batches(head, next));
}

Result<std::string> values_parquet(const ValueHead& head, const BlockSource& next) {
  return lake::parquet_bytes(batches(head, next));
}

Result<void> put_values(const World& world, Computation& values, const std::string& format, const std::string& target,
                        std::string& payload) {
  if (format == "parquet") {
    if (!target.empty()) {
      return write_values_parquet(values.head(), values.source(), target);
    }
    LODE_TRY(payload, values_parquet(values.head(), values.source()));
    return {};
  }
  const auto kind = format == "json"    ? ValuesFormat::kJson
                    : format == "arrow" ? ValuesFormat::kArrow
                                        : ValuesFormat::kCsv;
  const auto write = [&](const Sink& sink) {
    return write_values(values.head(), values.source(), kind, world.pool, sink);
  };
  if (!target.empty()) {
    return write_pieces(target, write);
  }
  return write(world.out ? live(world) : [&](std::string_view text) -> Result<void> {
    payload += text;
    return {};
  });
}

}  // namespace lode::flow
