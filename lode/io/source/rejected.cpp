// Saying what is wrong with a row.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/rejected.h"

#include <fmt/format.h>

#include "lode/base/error.h"
#include "lode/base/text.h"

namespace lode::source {

namespace {

constexpr std::size_t kShownBytes = 24;
constexpr std::string_view kSymbolRule = "expected at most 24 of A-Z 0-9 . - _ ^ = / & + $ #";

std::string_view cut(std::string_view text, std::size_t size) {
  if (text.size() <= size) {
    return text;
  }
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
    --size;
  }
  return text.substr(0, size);
}

// What may be meant by a cell that is no number; "" when nothing comes to mind.
std::string_view meant_number(std::string_view cell) {
  const bool only_digits = cell.find_first_not_of("0123456789.,+-") == std::string_view::npos;
  const std::size_t comma = cell.find(',');
  if (!only_digits || comma == std::string_view::npos) {
    return {};
  }
  const bool thousands = cell.size() - comma == 4 || cell.find(',', comma + 1) != std::string_view::npos ||
                         cell.find('.') != std::string_view::npos;
  return thousands ? "without marks between thousands" : "with a decimal point";
}

}  // namespace

std::string row_text(std::string_view text) { return std::string(cut(text, kRejectedBytes)); }

std::string shown_cell(std::string_view cell) {
  const std::string_view head = cut(cell, kShownBytes);
  return fmt::format("\"{}{}\"", head, head.size() < cell.size() ? "..." : "");
}

Rejected bad_number(std::string_view column, std::string_view cell, std::int64_t line) {
  const std::string_view meant = meant_number(cell);
  return {static_cast<std::uint16_t>(E::E2004), line,
          fmt::format("{} is {}, expected a number{}{}", column, quote(cell), meant.empty() ? "" : " ", meant),
          meant.empty() ? shown_cell(cell) : fmt::format("{}: numbers are {}", shown_cell(cell), meant),
          std::string(column)};
}

Rejected bad_date(std::string_view cell, const DateFormat& format, std::int64_t line) {
  DateFault fault = date_fault(cell, format);
  return {static_cast<std::uint16_t>(E::E2005), line, std::move(fault.reason), std::move(fault.shown),
          std::string(fault.column)};
}

Rejected bad_width(std::size_t cells, std::size_t wanted, std::int64_t line) {
  const std::string what = fmt::format("{} column{}, the header has {}", cells, cells == 1 ? "" : "s", wanted);
  return {static_cast<std::uint16_t>(E::E2009), line, what, what};
}

Rejected bad_symbol(std::string_view cell, std::int64_t line) {
  std::string why =
      cell.empty() ? "the symbol is empty" : fmt::format("{} is not a symbol: {}", quote(cell), kSymbolRule);
  return {static_cast<std::uint16_t>(E::E2010), line, std::move(why),
          cell.empty() ? shown_cell(cell) : fmt::format("{}: {}", shown_cell(cell), kSymbolRule), "symbol"};
}

}  // namespace lode::source
