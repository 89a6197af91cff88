// Long tables: reading them and making them dense.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/long_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/io/source/date_order.h"
#include "lode/io/source/delimited.h"
#include "lode/market/calendar.h"

namespace lode::source {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
const std::vector<std::string_view> kDateNames = {"date", "session", "day", "time", "timestamp", "datetime"};
const std::vector<std::string_view> kSymbolNames = {"symbol", "ticker", "instrument", "code", "asset"};
constexpr std::array<std::string_view, 8> kMissingWords = {"", "nan", "na", "n/a", "null", "none", "-", "missing"};

bool is_missing(std::string_view text) {
  if (text.empty()) {
    return true;
  }
  if (text.size() > 7 || (text[0] >= '0' && text[0] <= '9')) {
    return false;
  }
  const std::string word = lower(text);
  return std::find(kMissingWords.begin(), kMissingWords.end(), word) != kMissingWords.end();
}

// Infinities appear in researchers' files; no operator takes them for a value, so they are missing here too.
bool is_infinite_word(std::string_view text) {
  const std::string word = lower(text);
  return word == "inf" || word == "-inf" || word == "+inf" || word == "infinity" || word == "-infinity";
}

// How the dates are written, as the whole column shows; here is no option that says it, so the file is to.
Result<DateFormat> settled_dates(const DateEvidence& evidence, const std::string& path) {
  Result<DateFormat> format = evidence.settle(path);
  return format ? std::move(format)
                : fail(format.error().number(), format.error().message(),
                       "write the dates as YYYY-MM-DD; lode data import takes --date-format");
}

int mapped_column(const std::vector<std::string>& header, const std::map<std::string, std::string>& map,
                  std::string_view ours, const std::vector<std::string_view>& names) {
  const auto renamed = map.find(std::string(ours));
  if (renamed == map.end()) {
    return find_column(header, names);
  }
  const auto found = std::find(header.begin(), header.end(), renamed->second);
  return found == header.end() ? -1 : static_cast<int>(found - header.begin());
}

Failure no_column(const Dialect& dialect, const std::string& path, std::string_view ours) {
  const std::vector<std::string> near = suggest(ours, dialect.header);
  Error error(E::E2001, fmt::format("{} has no column for '{}'", path, ours),
              fmt::format("found: {}    needed: date, symbol and one column of numbers", join_some(dialect.header)));
  if (near.empty()) {
    return fail(std::move(error));
  }
  const auto index = std::find(dialect.header.begin(), dialect.header.end(), near.front()) - dialect.header.begin();
  return fail(std::move(error).at(header_excerpt(dialect, static_cast<int>(index), "closest")));
}

class SymbolTable {
 public:
  // False when the text cannot be a symbol.
  bool index_of(std::string_view text, std::uint32_t& out, std::vector<std::string>& symbols) {
    const auto known = index_.find(std::string(text));
    if (known != index_.end()) {
      out = known->second;
      return true;
    }
    std::string normal;
    if (!normalize_symbol(text, normal)) {
      return false;
    }
    const auto [same, is_new] = normal_.try_emplace(normal, static_cast<std::uint32_t>(symbols.size()));
    if (is_new) {
      symbols.push_back(normal);
    }
    out = same->second;
    index_.emplace(text, out);
    return true;
  }

 private:
  std::unordered_map<std::string, std::uint32_t> index_;   // As written
  std::unordered_map<std::string, std::uint32_t> normal_;  // As stored
};

enum class CellKind : std::uint8_t { kOpen, kNumber, kText };

// A column is text when its type says so, or else when its first value that is not missing is no number.
class ColumnBuilder {
 public:
  explicit ColumnBuilder(std::string name, CellKind kind = CellKind::kOpen) : decided_(kind != CellKind::kOpen) {
    column_.name = std::move(name);
    column_.is_text = kind == CellKind::kText;
  }

  CellKind kind() const { return !decided_ ? CellKind::kOpen : column_.is_text ? CellKind::kText : CellKind::kNumber; }

  // False when the text is no number in a column of numbers.
  bool push(std::string_view text) {
    const bool missing = is_missing(text);
    double value = kMissing;
    const bool infinite = !missing && is_infinite_word(text);
    const bool number = !missing && (infinite || parse_double(text, value));
    column_.infinities += infinite ? 1 : 0;
    if (!decided_ && !missing) {
      decided_ = true;
      column_.is_text = !number;
      column_.codes.assign(column_.is_text ? column_.numbers.size() : 0, -1);
    }
    if (column_.is_text) {
      column_.codes.push_back(missing ? -1 : code_of(text));
      return true;
    }
    column_.numbers.push_back(value);
    return missing || number;
  }
  LongColumn take() {
    if (column_.is_text) {
      column_.numbers.clear();
    }
    return std::move(column_);
  }

 private:
  std::int32_t code_of(std::string_view text) {
    const auto [found, is_new] = codes_.try_emplace(std::string(text), static_cast<std::int32_t>(column_.names.size()));
    if (is_new) {
      column_.names.emplace_back(text);
    }
    return found->second;
  }

  LongColumn column_;
  bool decided_;
  std::unordered_map<std::string, std::int32_t> codes_;
};

std::string our_name(const std::string& theirs, const std::map<std::string, std::string>& map) {
  for (const auto& [ours, mapped] : map) {
    if (mapped == theirs) {
      return ours;
    }
  }
  return lower(trim(theirs));
}

std::string at_line(const std::string& path, std::int64_t line, std::string_view text) {
  return fmt::format("  {}:{} | {}", path, line, text.substr(0, 120));
}

Failure bad_row(ErrorNumber number, std::string message, const std::string& path, const RowReader& rows) {
  return fail(Error(number, std::move(message),
                    fmt::format("mend line {} of {}, then run the same command again", rows.line(), path))
                  .at(at_line(path, rows.line(), rows.text())));
}

std::string_view expected(const DateFormat& format) {
  switch (format.kind) {
    case DateFormat::Kind::kDmy:
      return "DD/MM/YYYY as in the other rows";
    case DateFormat::Kind::kMdy:
      return "MM/DD/YYYY as in the other rows";
    default:
      return "YYYY-MM-DD";
  }
}

struct Layout {
  int date = -1;
  int symbol = -1;
  std::vector<int> values;
  std::vector<std::string> names;  // Of the values
};

Result<Layout> layout_of(const Dialect& dialect, const std::string& path,
                         const std::map<std::string, std::string>& map) {
  Layout layout;
  layout.date = mapped_column(dialect.header, map, "date", kDateNames);
  layout.symbol = mapped_column(dialect.header, map, "symbol", kSymbolNames);
  if (layout.date < 0 || layout.symbol < 0) {
    return no_column(dialect, path, layout.date < 0 ? "date" : "symbol");
  }
  for (int i = 0; i < static_cast<int>(dialect.header.size()); ++i) {
    if (i != layout.date && i != layout.symbol && !dialect.header[static_cast<std::size_t>(i)].empty()) {
      layout.values.push_back(i);
      layout.names.push_back(our_name(dialect.header[static_cast<std::size_t>(i)], map));
    }
  }
  if (layout.values.empty()) {
    return no_column(dialect, path, "value");
  }
  return layout;
}

// What of a file's rows holds for all of them.
struct Reading {
  Dialect dialect;
  Layout layout;
  DateFormat format;
  std::vector<CellKind> kinds;  // One a value; settled as rows are read
};

Result<Reading> reading_of(std::string_view bytes, const std::string& path,
                           const std::map<std::string, std::string>& map) {
  Reading reading;
  LODE_TRY(reading.dialect, read_dialect(bytes, path));
  LODE_TRY(reading.layout, layout_of(reading.dialect, path, map));
  const int date_columns[] = {reading.layout.date};
  LODE_TRY(reading.format, settled_dates(date_evidence(bytes, reading.dialect, date_columns), path));
  reading.kinds.assign(reading.layout.values.size(), CellKind::kOpen);
  return reading;
}

Result<void> read_rows(RowReader rows, Reading& reading, LongTable& out) {
  const Dialect& dialect = reading.dialect;
  const Layout& layout = reading.layout;
  const DateFormat& format = reading.format;
  std::vector<ColumnBuilder> builders;
  for (std::size_t i = 0; i < layout.values.size(); ++i) {
    builders.emplace_back(layout.names[i], reading.kinds[i]);
  }
  SymbolTable symbols;
  while (rows.next()) {
    const auto& fields = rows.fields();
    if (rows.cells() != dialect.header.size()) {
      return bad_row(E::E2009,
                     fmt::format("{} line {} has {} columns, the header has {}", out.path, rows.line(), rows.cells(),
                                 dialect.header.size()),
                     out.path, rows);
    }
    Date date;
    const std::string_view date_text = fields[static_cast<std::size_t>(layout.date)];
    if (!read_date(date_text, format, nullptr, date)) {
      return bad_row(E::E2005, fmt::format("'{}' is not a date, expected {}", date_text, expected(format)), out.path,
                     rows);
    }
    std::uint32_t symbol = 0;
    const std::string_view symbol_text = fields[static_cast<std::size_t>(layout.symbol)];
    if (!symbols.index_of(symbol_text, symbol, out.symbols)) {
      return bad_row(E::E2010, fmt::format("'{}' is not a symbol", symbol_text), out.path, rows);
    }
    out.dates.push_back(date);
    out.symbol_of.push_back(symbol);
    out.lines.push_back(rows.line());
    for (std::size_t i = 0; i < builders.size(); ++i) {
      const std::string_view text = fields[static_cast<std::size_t>(layout.values[i])];
      if (!builders[i].push(text)) {
        return bad_row(E::E2004, fmt::format("{} is '{}', expected a number or nothing", layout.names[i], text),
                       out.path, rows);
      }
    }
  }
  for (std::size_t i = 0; i < builders.size(); ++i) {
    reading.kinds[i] = builders[i].kind();
    out.columns.push_back(builders[i].take());
  }
  return {};
}

}  // namespace

const LongColumn* LongTable::find(std::string_view name) const {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const LongColumn& c) { return c.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

Result<LongTable> read_long_csv(std::string_view bytes, const std::string& path,
                                const std::map<std::string, std::string>& map) {
  LODE_TRY(Reading reading, reading_of(bytes, path, map));
  LongTable out;
  out.path = path;
  LODE_CHECK(read_rows(RowReader(bytes, reading.dialect), reading, out));
  if (out.dates.empty()) {
    return fail(E::E2014, fmt::format("{} has a header and no row", path), "expected rows of date, symbol and numbers");
  }
  return out;
}

struct LongCsvReader::Inside {
  std::string path;
  Reading reading;
};

LongCsvReader::LongCsvReader(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
LongCsvReader::LongCsvReader(LongCsvReader&&) noexcept = default;
LongCsvReader& LongCsvReader::operator=(LongCsvReader&&) noexcept = default;
LongCsvReader::~LongCsvReader() = default;

Result<LongCsvReader> LongCsvReader::open(std::string_view head, const std::string& path) {
  LODE_TRY(Reading reading, reading_of(head, path, {}));
  return LongCsvReader(std::make_unique<Inside>(Inside{path, std::move(reading)}));
}

std::size_t LongCsvReader::body() const { return inside_->reading.dialect.body; }

Result<LongTable> LongCsvReader::read(std::string_view lines, std::int64_t first_line) {
  LongTable out;
  out.path = inside_->path;
  const RowRange all{0, lines.size(), first_line};
  LODE_CHECK(read_rows(RowReader(lines, inside_->reading.dialect, all), inside_->reading, out));
  return out;
}

namespace {

Result<LongColumn> number_column(const Column& column, const std::string& path) {
  LongColumn out;
  out.name = lower(column.name());
  const std::size_t rows = column.size();
  out.numbers.reserve(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    if (column.is_null(row)) {
      out.numbers.push_back(kMissing);
    } else if (column.type() == ColumnType::kFloat64) {
      const double value = column.float64s()[row];
      out.infinities += std::isinf(value) ? 1 : 0;
      out.numbers.push_back(std::isinf(value) ? kMissing : value);
    } else if (column.type() == ColumnType::kInt64) {
      out.numbers.push_back(static_cast<double>(column.int64s()[row]));
    } else if (column.type() == ColumnType::kUint64) {
      out.numbers.push_back(static_cast<double>(column.uint64s()[row]));
    } else if (column.type() == ColumnType::kBool) {
      out.numbers.push_back(column.bools()[row] != 0 ? 1.0 : 0.0);
    } else {
      return fail(
          E::E2004,
          fmt::format("{}: column {} is {}, expected numbers or text", path, column.name(), to_string(column.type())),
          "leave the column out, or store it as a number");
    }
  }
  return out;
}

LongColumn text_column(const Column& column) {
  ColumnBuilder builder(lower(column.name()), CellKind::kText);
  for (std::size_t row = 0; row < column.size(); ++row) {
    builder.push(column.is_null(row) ? std::string_view() : column.texts()[row]);
  }
  return builder.take();
}

Result<void> batch_dates(const Column& column, const DateFormat& format, const std::string& path, LongTable& out) {
  for (std::size_t row = 0; row < column.size(); ++row) {
    Date date;
    bool good = !column.is_null(row);
    if (good && column.type() == ColumnType::kDate) {
      date = Date{column.dates()[row]};
    } else if (good && column.type() == ColumnType::kTime) {
      date = utc_date(Time{column.times()[row]});
    } else {
      good = good && column.type() == ColumnType::kText && read_date(column.texts()[row], format, nullptr, date);
    }
    if (!good) {
      return fail(E::E2005, fmt::format("{} row {}: '{}' is not a date", path, row + 1, column.cell(row)),
                  "the date column holds dates, instants or YYYY-MM-DD text");
    }
    out.dates.push_back(date);
    out.lines.push_back(static_cast<std::int64_t>(row) + 1);
  }
  return {};
}

}  // namespace

bool is_date_name(std::string_view name) { return std::ranges::find(kDateNames, lower(name)) != kDateNames.end(); }

Result<LongTable> read_long_batch(const Batch& batch, const std::string& path,
                                  const std::map<std::string, std::string>& map) {
  Dialect dialect;
  for (const Column& column : batch.columns()) {
    dialect.header.push_back(column.name());
    dialect.header_line += (dialect.header_line.empty() ? "" : ",") + column.name();
  }
  const int date = mapped_column(dialect.header, map, "date", kDateNames);
  const int symbol = mapped_column(dialect.header, map, "symbol", kSymbolNames);
  if (date < 0 || symbol < 0) {
    return no_column(dialect, path, date < 0 ? "date" : "symbol");
  }
  LongTable out;
  out.path = path;
  const int date_columns[] = {date};
  LODE_TRY(const DateFormat format, settled_dates(date_evidence(batch, date_columns), path));
  LODE_CHECK(batch_dates(batch.columns()[static_cast<std::size_t>(date)], format, path, out));
  const Column& names = batch.columns()[static_cast<std::size_t>(symbol)];
  SymbolTable symbols;
  for (std::size_t row = 0; row < names.size(); ++row) {
    std::uint32_t index = 0;
    if (names.is_null(row) || !symbols.index_of(names.cell(row), index, out.symbols)) {
      return fail(E::E2010, fmt::format("{} row {}: '{}' is not a symbol", path, row + 1, names.cell(row)),
                  "every row names its instrument");
    }
    out.symbol_of.push_back(index);
  }
  for (int i = 0; i < static_cast<int>(batch.columns().size()); ++i) {
    const Column& column = batch.columns()[static_cast<std::size_t>(i)];
    if (i == date || i == symbol) {
      continue;
    }
    if (column.type() == ColumnType::kText) {
      out.columns.push_back(text_column(column));
    } else {
      LODE_TRY(LongColumn numbers, number_column(column, path));
      out.columns.push_back(std::move(numbers));
    }
    out.columns.back().name = our_name(column.name(), map);
  }
  return out.dates.empty() ? Result<LongTable>(fail(E::E2014, fmt::format("{} has no row", path))) : out;
}

void put_in_column_order(std::vector<std::string>& symbols) {
  std::vector<std::pair<InstrumentId, std::string>> by_id;
  for (std::string& symbol : symbols) {
    const InstrumentId id = instrument_id(kNoMic, symbol);
    by_id.emplace_back(id, std::move(symbol));
  }
  std::ranges::sort(by_id, [](const auto& a, const auto& b) { return a.first < b.first; });
  std::ranges::transform(by_id, symbols.begin(), [](auto& one) { return std::move(one.second); });
}

namespace {

std::shared_ptr<const Axis> make_axis(const LongTable& table, std::vector<std::size_t>& column_of) {
  auto axis = std::make_shared<Axis>();
  axis->sessions = table.dates;
  std::sort(axis->sessions.begin(), axis->sessions.end());
  axis->sessions.erase(std::unique(axis->sessions.begin(), axis->sessions.end()), axis->sessions.end());
  for (const Date session : axis->sessions) {
    axis->times.push_back(session_close(nullptr, session));
  }
  std::vector<std::size_t> order(table.symbols.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<InstrumentId> ids;
  for (const std::string& symbol : table.symbols) {
    ids.push_back(instrument_id(kNoMic, symbol));
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return ids[a] < ids[b]; });
  column_of.resize(order.size());
  for (std::size_t column = 0; column < order.size(); ++column) {
    column_of[order[column]] = column;
    axis->instruments.push_back(ids[order[column]]);
    axis->symbols.push_back(table.symbols[order[column]]);
  }
  return axis;
}

bool same_row(const LongTable& table, std::size_t a, std::size_t b) {
  return std::all_of(table.columns.begin(), table.columns.end(), [&](const LongColumn& column) {
    if (column.is_text) {
      return column.codes[a] == column.codes[b];
    }
    const double x = column.numbers[a];
    const double y = column.numbers[b];
    return x == y || (x != x && y != y);
  });
}

}  // namespace

Result<DenseTable> to_dense(const LongTable& table) {
  DenseTable out;
  std::vector<std::size_t> column_of;
  out.axis = make_axis(table, column_of);
  const std::size_t columns = out.axis->columns();
  constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> row_at(out.axis->rows() * columns, kNone);
  std::vector<std::size_t> cell_of(table.dates.size());
  for (std::size_t row = 0; row < table.dates.size(); ++row) {
    const auto session = static_cast<std::size_t>(out.axis->row_of(table.dates[row]));
    cell_of[row] = session * columns + column_of[table.symbol_of[row]];
    std::uint32_t& seen = row_at[cell_of[row]];
    if (seen != kNone && !same_row(table, seen, row)) {
      return fail(E::E2012,
                  fmt::format("{} has two rows for {} on {} with different values: lines {} and {}", table.path,
                              table.symbols[table.symbol_of[row]], to_string(table.dates[row]), table.lines[seen],
                              table.lines[row]),
                  "keep the right one; Lode does not choose");
    }
    seen = static_cast<std::uint32_t>(row);
  }
  for (const LongColumn& column : table.columns) {
    if (column.is_text) {
      GroupPanel group{out.axis, std::vector<std::int32_t>(row_at.size(), -1), column.names};
      for (std::size_t row = 0; row < cell_of.size(); ++row) {
        group.codes[cell_of[row]] = column.codes[row];
      }
      out.groups.emplace(column.name, std::move(group));
      continue;
    }
    Panel panel(out.axis, Precision::kFloat64);
    for (std::size_t row = 0; row < cell_of.size(); ++row) {
      panel.mutable_row64(cell_of[row] / columns)[cell_of[row] % columns] = column.numbers[row];
    }
    out.panels.emplace(column.name, std::move(panel));
  }
  return out;
}

}  // namespace lode::source
