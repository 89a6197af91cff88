// What the readers of bars share, from text and from Parquet: one row's cells, the symbols of a file, and the columns
// that accepted and rejected rows are collected in.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lode/io/source/bars.h"

namespace lode::source {

// Columns of the table "bars", in the order of columns.cpp.
enum BarColumn : std::uint8_t { kDate, kOpen, kHigh, kLow, kClose, kVolume, kAmount, kVwap, kTrades, kVendor, kSymbol };
inline constexpr std::array<std::string_view, 11> kBarColumns = {
    "date", "open", "high", "low", "close", "volume", "amount", "vwap", "trades", "close_vendor", "symbol"};
inline constexpr std::array<BarColumn, 9> kBarNumbers = {kOpen,   kHigh, kLow,    kClose, kVolume,
                                                         kAmount, kVwap, kTrades, kVendor};

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

// Symbols as written -> index. Files come sorted by date or by symbol, so a row's symbol is nearly always the one of
// the row before, or the one that followed it the last time: no hash is computed then.
class BarSymbols {
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
  // Spellings found that hold lower-case letters, each once.
  const std::vector<std::string>& raised() const { return raised_; }

 private:
  std::uint32_t look_up(std::string_view text, std::vector<std::string>& names);

  std::vector<std::string> written_;
  std::vector<std::string> raised_;
  std::vector<std::uint32_t> index_;
  std::vector<std::uint32_t> follower_;
  std::uint32_t last_ = kNone;
  std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> by_text_;
  std::unordered_map<std::string, std::uint32_t> by_name_;
};

// Remembers the cell of the row before: a file sorted by date repeats it.
class BarDates {
 public:
  explicit BarDates(const BarGates& gates) : gates_(gates) {}

  bool read(std::string_view text, Date& out) {
    if (text.size() == size_ && text == std::string_view(text_.data(), size_)) {
      out = date_;
      return true;
    }
    if (!read_date(text, gates_.dates, gates_.calendar, out)) {
      return false;
    }
    if (text.size() <= kLongestDate) {
      size_ = text.copy(text_.data(), kLongestDate);
      date_ = out;
    }
    return true;
  }

 private:
  static constexpr std::size_t kLongestDate = 32;  // Of the cell remembered.

  const BarGates& gates_;
  std::array<char, kLongestDate> text_ = {};
  std::size_t size_ = 0;
  Date date_;
};

// One row's cells, read as far as they can be.
struct BarCells {
  std::array<double, kBarColumns.size()> number;
  std::uint32_t symbol = BarSymbols::kNone;
  std::optional<Date> session;
};

class BarCollector {
 public:
  BarCollector(const Layout& layout, const BarGates& gates) : gates_(gates) {
    for (std::size_t i = 0; i < kBarColumns.size(); ++i) {
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
    for (const BarColumn field : {kAmount, kVwap, kTrades, kVendor}) {
      if (has_[field]) {
        optional(field).reserve(rows);
      }
    }
    out_.symbol.reserve(rows);
    out_.session.reserve(rows);
    out_.line.reserve(rows);
  }

  bool has(BarColumn field) const { return has_[field]; }
  ParsedBars& out() { return out_; }
  // Ends the collecting.
  ParsedBars take() {
    out_.raised = symbols_.raised();
    return std::move(out_);
  }
  BarSymbols& symbols() { return symbols_; }

  // Judges a row whose cells could all be read; 0 or the number of the rule it breaks.
  RowFault judge(const BarCells& cells) const {
    const BarRow row = {*cells.session,     cells.number[kOpen],  cells.number[kHigh],
                        cells.number[kLow], cells.number[kClose], cells.number[kVolume]};
    return check_row(row, gates_.calendar, gates_.limits);
  }

  void accept(const BarCells& cells, std::int64_t line) {
    ++out_.rows;
    out_.symbol.push_back(cells.symbol);
    out_.session.push_back(cells.session->days);
    out_.line.push_back(line);
    out_.open.push_back(cells.number[kOpen]);
    out_.high.push_back(cells.number[kHigh]);
    out_.low.push_back(cells.number[kLow]);
    out_.close.push_back(cells.number[kClose]);
    out_.volume.push_back(cells.number[kVolume]);
    for (const BarColumn field : {kAmount, kVwap, kTrades, kVendor}) {
      if (has_[field]) {
        optional(field).push_back(cells.number[field]);
      }
    }
  }

  void reject(Rejected rejected, const BarCells& cells, std::string_view text) {
    ++out_.rows;
    if (cells.symbol != BarSymbols::kNone) {
      rejected.symbol = out_.symbols[cells.symbol];
    }
    rejected.session = cells.session;
    rejected.text = row_text(text);
    out_.rejected.push_back(std::move(rejected));
  }

 private:
  std::vector<double>& optional(BarColumn field) {
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
  std::array<bool, kBarColumns.size()> has_ = {};
  ParsedBars out_;
  BarSymbols symbols_;
};

// A row of which nothing is known yet: numbers NaN, no symbol, no session.
BarCells no_bar_cells();
// Of the numbers check_row does not judge: a count of trades is whole and not negative, nothing is infinite.
bool is_possible_number(BarColumn column, double value);
// Why the cell of a row is bad: E2004, E2005 or E2010.
Rejected bad_bar_cell(BarColumn column, std::string_view cell, const DateFormat& dates, std::int64_t line);
// The same for a row that breaks a rule of market/quality.
Rejected broken_bar_rule(RowFault fault, const BarCells& cells, std::int64_t line);

}  // namespace lode::source
