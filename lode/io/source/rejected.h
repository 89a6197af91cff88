// A row that was set aside, and how its cells are shown.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lode/base/time.h"
#include "lode/io/source/date_format.h"

namespace lode::source {

struct Rejected {
  std::uint16_t number = 0;  // 2007
  std::int64_t line = 0;     // 1-based; row number for Parquet.
  std::string reason;        // "h 10.1 l 10.4"
  std::string shown;         // The same for a summary, shorter: "\"abc\"".
  std::string column;        // Ours, of a bad cell: "close"; else empty.
  std::string symbol;        // "" when it could not be read.
  std::optional<Date> session;
  std::string text;  // The row as it stood, at most kRejectedBytes.
};
inline constexpr std::size_t kRejectedBytes = 1000;
// At most that many bytes of a row, cut between UTF-8 characters.
std::string row_text(std::string_view text);
// A cell for a summary: in double quotes, its first 24 bytes.
std::string shown_cell(std::string_view cell);

// E2004: `column` holds no number.
Rejected bad_number(std::string_view column, std::string_view cell, std::int64_t line);
// E2005, as date_fault says it.
Rejected bad_date(std::string_view cell, const DateFormat& format, std::int64_t line);
// E2009: the row has `cells` cells, the header `wanted`.
Rejected bad_width(std::size_t cells, std::size_t wanted, std::int64_t line);
// E2010: no symbol, and what symbols are made of.
Rejected bad_symbol(std::string_view cell, std::int64_t line);

}  // namespace lode::source
