// The hot path of an import.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/bars.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "lode/base/text.h"
#include "lode/market/instrument.h"

namespace lode::source {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kShownBytes = 24;   // Of a cell in a summary.
constexpr std::size_t kLongestDate = 32;  // Of the cell remembered from the row before.

// Columns of the table "bars", in the order of columns.cpp.
enum Field : std::uint8_t { kDate, kOpen, kHigh, kLow, kClose, kVolume, kAmount, kVwap, kTrades, kVendor, kSymbol };
constexpr std::array<std::string_view, 11> kNames = {"date",   "open", "high",   "low",          "close", "volume",
                                                     "amount", "vwap", "trades", "close_vendor", "symbol"};
constexpr std::array<Field, 9> kNumbers = {kOpen, kHigh, kLow, kClose, kVolume, kAmount, kVwap, kTrades, kVendor};

std::string shown(std::string_view cell) {
  return fmt::format("\"{}\"",
                     cell.size() <= kShownBytes ? std::string(cell) : row_text(cell.substr(0, kShownBytes)) + "...");
}

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

// Symbols as written -> index. Files come sorted by date or by symbol, so a row's symbol is nearly always the one of
// the row before, or the one that followed it the last time: no hash is computed then.
class Symbols {
 public:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  // kNone when the text is no symbol.
  std::uint32_t find(std::string_view text, std::vector<std::string>& names) {
    if (last_ != kNone) {
      if (written_[last_] == text) {
        return index_[last_];
      }
      const std::uint32_t next = follower_[last_];
      if (next != kNone && written_[next] == text) {
        last_ = next;
        return index_[next];
      }
    }
    const std::uint32_t found = look_up(text, names);
    if (found == kNone) {
      return kNone;
    }
    if (last_ != kNone) {
      follower_[last_] = found;
    }
    last_ = found;
    return index_[found];
  }

 private:
  std::uint32_t look_up(std::string_view text, std::vector<std::string>& names) {
    if (const auto known = by_text_.find(text); known != by_text_.end()) {
      return known->second;
    }
    std::string normal;
    if (!normalize_symbol(text, normal)) {
      return kNone;
    }
    const auto [same, is_new] = by_name_.try_emplace(normal, static_cast<std::uint32_t>(names.size()));
    if (is_new) {
      names.push_back(normal);
    }
    const auto entry = static_cast<std::uint32_t>(written_.size());
    written_.emplace_back(text);
    index_.push_back(same->second);
    follower_.push_back(kNone);
    by_text_.emplace(text, entry);
    return entry;
  }

  std::vector<std::string> written_;
  std::vector<std::uint32_t> index_;
  std::vector<std::uint32_t> follower_;
  std::uint32_t last_ = kNone;
  std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> by_text_;
  std::unordered_map<std::string, std::uint32_t> by_name_;
};

// Where the offset of a time of day begins ("Z", "+10:00", "-0500"); npos when it names none.
std::size_t offset_place(std::string_view time) { return time.find_first_of("Zz+-"); }

// An instant written as a date, a time of day and an offset; false when it is not one.
bool read_instant(std::string_view day, std::string_view time, std::size_t offset, Time& out) {
  std::string zone(time.substr(offset));
  std::string clock(time.substr(0, offset));
  if (clock.size() == 5) {
    clock += ":00";
  }
  if (zone.size() == 3) {
    zone += ":00";
  } else if (zone.size() == 5) {
    zone.insert(3, ":");
  }
  const Result<Time> instant = parse_as_of(fmt::format("{}T{}{}", day, clock, zone == "z" ? "Z" : zone));
  out = instant ? *instant : Time();
  return instant.has_value();
}

bool is_midnight(std::string_view time) { return time.find_first_not_of("0:.") == std::string_view::npos; }

// The session of a cell. A time of day without an offset is the exchange's own, and midnight is how a date is written
// where only instants can be: both leave the day as it stands. Any other instant is the day it was on the exchange's
// clock; where there is no exchange, the day as it stands.
bool read_date(std::string_view text, const Calendar* calendar, Date& out) {
  const bool has_time = text.size() > 10 && (text[10] == ' ' || text[10] == 'T');
  const std::string_view day = has_time ? text.substr(0, 10) : text;
  if (!try_parse_date(day, out)) {
    return false;
  }
  const std::string_view time = has_time ? text.substr(11) : std::string_view();
  if (time.find_first_not_of("0123456789:.+-Zz") != std::string_view::npos) {
    return false;
  }
  const std::size_t offset = offset_place(time);
  if (offset == std::string_view::npos || is_midnight(time.substr(0, offset)) || calendar == nullptr) {
    return true;
  }
  Time instant;
  if (!read_instant(to_string(out), time, offset, instant)) {
    return false;
  }
  out = local_date(*calendar, instant);
  return true;
}

// Remembers the cell of the row before: a file sorted by date repeats it.
class Dates {
 public:
  explicit Dates(const Calendar* calendar) : calendar_(calendar) {}

  bool read(std::string_view text, Date& out) {
    if (text.size() == size_ && text == std::string_view(text_.data(), size_)) {
      out = date_;
      return true;
    }
    if (!read_date(text, calendar_, out)) {
      return false;
    }
    if (text.size() <= kLongestDate) {
      size_ = text.copy(text_.data(), kLongestDate);
      date_ = out;
    }
    return true;
  }

 private:
  const Calendar* calendar_;
  std::array<char, kLongestDate> text_ = {};
  std::size_t size_ = 0;
  Date date_;
};

// One row's cells, read as far as they can be.
struct Cells {
  std::array<double, kNames.size()> number;
  std::uint32_t symbol = Symbols::kNone;
  std::optional<Date> session;
};

class Collector {
 public:
  Collector(const Layout& layout, const BarGates& gates) : gates_(gates) {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      has_[i] = layout.column[i] >= 0;
    }
    if (!has_[kSymbol]) {
      out_.symbols.push_back(gates.symbol);
    }
  }

  void reserve(std::size_t rows) {
    for (std::vector<double>* column : {&out_.open, &out_.high, &out_.low, &out_.close, &out_.volume}) {
      column->reserve(rows);
    }
    for (const Field field : {kAmount, kVwap, kTrades, kVendor}) {
      if (has_[field]) {
        optional(field).reserve(rows);
      }
    }
    out_.symbol.reserve(rows);
    out_.session.reserve(rows);
    out_.line.reserve(rows);
  }

  bool has(Field field) const { return has_[field]; }
  ParsedBars& out() { return out_; }
  Symbols& symbols() { return symbols_; }

  // Judges a row whose cells could all be read; 0 or the number of the rule it breaks.
  RowFault judge(const Cells& cells) const {
    const BarRow row = {*cells.session,     cells.number[kOpen],  cells.number[kHigh],
                        cells.number[kLow], cells.number[kClose], cells.number[kVolume]};
    return check_row(row, gates_.calendar, gates_.limits);
  }

  void accept(const Cells& cells, std::int64_t line) {
    ++out_.rows;
    out_.symbol.push_back(cells.symbol);
    out_.session.push_back(cells.session->days);
    out_.line.push_back(line);
    out_.open.push_back(cells.number[kOpen]);
    out_.high.push_back(cells.number[kHigh]);
    out_.low.push_back(cells.number[kLow]);
    out_.close.push_back(cells.number[kClose]);
    out_.volume.push_back(cells.number[kVolume]);
    for (const Field field : {kAmount, kVwap, kTrades, kVendor}) {
      if (has_[field]) {
        optional(field).push_back(cells.number[field]);
      }
    }
  }

  void reject(Rejected rejected, const Cells& cells, std::string_view text) {
    ++out_.rows;
    if (cells.symbol != Symbols::kNone) {
      rejected.symbol = out_.symbols[cells.symbol];
    }
    rejected.session = cells.session;
    rejected.text = row_text(text);
    out_.rejected.push_back(std::move(rejected));
  }

 private:
  std::vector<double>& optional(Field field) {
    switch (field) {
      case kAmount:
        return out_.amount;
      case kVwap:
        return out_.vwap;
      case kTrades:
        return out_.trades;
      default:
        return out_.close_vendor;
    }
  }

  const BarGates& gates_;
  std::array<bool, kNames.size()> has_ = {};
  ParsedBars out_;
  Symbols symbols_;
};

Rejected bad_cell(Field field, std::string_view cell, std::int64_t line) {
  if (field == kDate) {
    return bad_date(cell, line);
  }
  if (field == kSymbol) {
    return {static_cast<std::uint16_t>(E::E2010), line, fmt::format("{} is not a symbol", quote(cell)), shown(cell),
            "symbol"};
  }
  return {static_cast<std::uint16_t>(E::E2004), line,
          fmt::format("{} is {}, expected a number", kNames[field], quote(cell)), shown(cell),
          std::string(kNames[field])};
}

Rejected broken_rule(RowFault fault, const Cells& cells, std::int64_t line) {
  Rejected out{fault.number, line, fault.reason, fault.reason};
  if (fault.number == static_cast<std::uint16_t>(E::E2011) || fault.number == static_cast<std::uint16_t>(E::E2013)) {
    out.shown = to_string(*cells.session);
  } else if (fault.number == static_cast<std::uint16_t>(E::E2004)) {
    out.column = fault.reason.substr(0, fault.reason.find(' '));
    out.shown = "\"\"";
  }
  return out;
}

// Of the numbers check_row does not judge: a count of trades is whole and not negative, nothing is infinite.
bool is_possible(Field field, double value) {
  if (field == kTrades) {
    return std::isnan(value) || (value >= 0.0 && value == std::trunc(value) && value < 1e15);
  }
  return field <= kVolume || !std::isinf(value);
}

// Reads one row of text. False when a cell is bad; `bad` then says which.
class CsvRow {
 public:
  CsvRow(const Layout& layout, const BarGates& gates, Collector& collector)
      : collector_(collector), dates_(gates.calendar) {
    for (const Field field : kNumbers) {
      if (collector.has(field)) {
        numbers_.push_back({field, static_cast<std::size_t>(layout.column[field])});
      }
    }
    date_ = static_cast<std::size_t>(layout.column[kDate]);
    symbol_ = collector.has(kSymbol) ? static_cast<std::size_t>(layout.column[kSymbol]) : 0;
  }

  bool read(const std::vector<std::string_view>& fields, Cells& cells, Field& bad, std::string_view& cell) {
    bool good = true;
    const auto fault = [&](Field field, std::string_view text) {
      if (good) {
        bad = field;
        cell = text;
        good = false;
      }
    };
    cells.symbol = collector_.has(kSymbol) ? collector_.symbols().find(fields[symbol_], collector_.out().symbols) : 0;
    if (cells.symbol == Symbols::kNone) {
      fault(kSymbol, fields[symbol_]);
    }
    Date session;
    cells.session.reset();
    if (dates_.read(fields[date_], session)) {
      cells.session = session;
    } else {
      fault(kDate, fields[date_]);
    }
    for (const auto& [field, column] : numbers_) {
      const std::string_view text = fields[column];
      double value = kMissing;
      if (!text.empty() && (!parse_double(text, value) || !is_possible(field, value))) {
        fault(field, text);
      }
      cells.number[field] = value;
    }
    return good;
  }

 private:
  struct Number {
    Field field;
    std::size_t column;
  };
  Collector& collector_;
  std::vector<Number> numbers_;
  std::size_t date_ = 0;
  std::size_t symbol_ = 0;
  Dates dates_;
};

Cells no_cells() {
  Cells cells;
  cells.number.fill(kMissing);
  return cells;
}

// Rows the range probably holds, from the length of its first ones.
std::size_t likely_rows(std::string_view bytes, const RowRange& range) {
  constexpr std::size_t kSample = 4096;
  const std::string_view head = bytes.substr(range.begin, std::min(kSample, range.end - range.begin));
  const auto lines = static_cast<std::size_t>(std::count(head.begin(), head.end(), '\n'));
  return lines == 0 ? 1 : (range.end - range.begin) / (head.size() / lines) * 21 / 20 + 1;
}

}  // namespace

std::string row_text(std::string_view text) {
  if (text.size() > kRejectedBytes) {
    std::size_t size = kRejectedBytes;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
      --size;
    }
    text = text.substr(0, size);
  }
  return std::string(text);
}

Rejected bad_date(std::string_view cell, std::int64_t line) {
  const std::string_view day = cell.substr(0, 10);
  const bool has_shape = day.size() == 10 && (day[4] == '-' || day[4] == '/') && day[7] == day[4];
  const bool is_day =
      (has_shape || day.size() == 8) && std::ranges::count_if(day, [](char c) { return c >= '0' && c <= '9'; }) == 8;
  Date exists;
  if (is_day && cell.size() > 10 && try_parse_date(day, exists)) {
    return {static_cast<std::uint16_t>(E::E2005), line,
            fmt::format("{} is an instant whose session depends on its time zone, expected YYYY-MM-DD", quote(cell)),
            shown(cell), "date format"};
  }
  if (is_day) {
    return {static_cast<std::uint16_t>(E::E2005), line, fmt::format("{} is a day that does not exist", quote(cell)),
            shown(cell), "date"};
  }
  return {static_cast<std::uint16_t>(E::E2005), line,
          fmt::format("{} is not understood as a date, expected YYYY-MM-DD", quote(cell)), shown(cell), "date format"};
}

ParsedBars parse_bars(std::string_view bytes, const Dialect& dialect, const Layout& layout, const RowRange& range,
                      const BarGates& gates) {
  Collector collector(layout, gates);
  collector.reserve(likely_rows(bytes, range));
  CsvRow reader(layout, gates, collector);
  RowReader rows(bytes, dialect, range);
  Cells cells = no_cells();
  const std::size_t width = dialect.header.size();
  while (rows.next()) {
    if (rows.fields().size() != width) {
      const std::string what = fmt::format("{} columns, the header has {}", rows.fields().size(), width);
      collector.reject({static_cast<std::uint16_t>(E::E2009), rows.line(), what, what}, no_cells(), rows.text());
      continue;
    }
    Field bad = kDate;
    std::string_view cell;
    if (!reader.read(rows.fields(), cells, bad, cell)) {
      collector.reject(bad_cell(bad, cell, rows.line()), cells, rows.text());
      continue;
    }
    RowFault fault = collector.judge(cells);
    if (fault.number == 0) {
      collector.accept(cells, rows.line());
    } else {
      collector.reject(broken_rule(std::move(fault), cells, rows.line()), cells, rows.text());
    }
  }
  return std::move(collector.out());
}

Dialect dialect_of(const Batch& batch) {
  Dialect out;
  for (const Column& column : batch.columns()) {
    out.header.push_back(column.name());
    out.header_line += (out.header_line.empty() ? "" : ",") + column.name();
  }
  return out;
}

namespace {

// Whether an instant of a Parquet column is UTC or the exchange's own time, the file does not always say: a day that
// both readings agree on is taken, midnight is a date.
bool day_of_instant(Time instant, const Calendar* calendar, Date& out) {
  out = utc_date(instant);
  return calendar == nullptr || instant == start_of_day(out) || local_date(*calendar, instant) == out;
}

bool batch_date(const Column& column, std::size_t row, const Calendar* calendar, Date& out) {
  if (column.is_null(row)) {
    return false;
  }
  switch (column.type()) {
    case ColumnType::kDate:
      out = Date{column.dates()[row]};
      return true;
    case ColumnType::kTime:
      return day_of_instant(Time{column.times()[row]}, calendar, out);
    case ColumnType::kText:
      return read_date(column.texts()[row], calendar, out);
    default:
      return read_date(column.cell(row), calendar, out);  // 20240628 as a number.
  }
}

bool batch_number(const Column& column, std::size_t row, double& out) {
  out = kMissing;
  if (column.is_null(row)) {
    return true;
  }
  switch (column.type()) {
    case ColumnType::kFloat64:
      out = column.float64s()[row];
      return true;
    case ColumnType::kInt64:
      out = static_cast<double>(column.int64s()[row]);
      return true;
    case ColumnType::kUint64:
      out = static_cast<double>(column.uint64s()[row]);
      return true;
    case ColumnType::kText:
      return column.texts()[row].empty() || parse_double(column.texts()[row], out);
    default:
      return false;
  }
}

std::string batch_row(const Batch& batch, std::size_t row) {
  std::string out;
  for (const Column& column : batch.columns()) {
    out += (&column == batch.columns().data() ? "" : ",") + column.cell(row);
  }
  return out;
}

}  // namespace

ParsedBars parse_bars(const Batch& batch, const Layout& layout, const BarGates& gates) {
  Collector collector(layout, gates);
  collector.reserve(batch.rows());
  const auto column = [&](Field field) -> const Column& {
    return batch.columns()[static_cast<std::size_t>(layout.column[field])];
  };
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const auto line = static_cast<std::int64_t>(row) + 1;
    Cells cells = no_cells();
    Field bad = kDate;
    bool is_bad = false;
    const auto fault = [&](Field field) {
      bad = is_bad ? bad : field;
      is_bad = true;
    };
    if (!collector.has(kSymbol)) {
      cells.symbol = 0;
    } else if (column(kSymbol).is_null(row)) {
      fault(kSymbol);
    } else {
      const Column& names = column(kSymbol);
      cells.symbol = names.type() == ColumnType::kText
                         ? collector.symbols().find(names.texts()[row], collector.out().symbols)
                         : collector.symbols().find(names.cell(row), collector.out().symbols);
      if (cells.symbol == Symbols::kNone) {
        fault(kSymbol);
      }
    }
    Date session;
    if (batch_date(column(kDate), row, gates.calendar, session)) {
      cells.session = session;
    } else {
      fault(kDate);
    }
    for (const Field field : kNumbers) {
      if (collector.has(field) &&
          !(batch_number(column(field), row, cells.number[field]) && is_possible(field, cells.number[field]))) {
        fault(field);
      }
    }
    RowFault broken = is_bad ? RowFault() : collector.judge(cells);
    if (is_bad) {
      collector.reject(bad_cell(bad, column(bad).cell(row), line), cells, batch_row(batch, row));
    } else if (broken.number != 0) {
      collector.reject(broken_rule(std::move(broken), cells, line), cells, batch_row(batch, row));
    } else {
      collector.accept(cells, line);
    }
  }
  return std::move(collector.out());
}

}  // namespace lode::source
