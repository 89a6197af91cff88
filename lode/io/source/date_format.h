// How a file writes its dates. ISO needs no word; 31/12/2020 is read when the file itself shows which number is the
// day; everything else is told by --date-format or import.toml. Nothing is guessed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lode/base/result.h"
#include "lode/base/time.h"
#include "lode/market/calendar.h"

namespace lode::source {

// One spelling of dates. Every kind but a pattern also reads YYYY-MM-DD, which cannot be mistaken.
struct DateFormat {
  enum class Kind : std::uint8_t {
    kYmd,          // YYYY-MM-DD, YYYY/MM/DD, YYYY.MM.DD, also with 1 for 01; YYYYMMDD
    kDmy,          // 31/12/2020, 31.12.2020, 31-12-2020, also 1/2/2020
    kMdy,          // 12/31/2020
    kExcel,        // 44196: days of a spreadsheet, 1 = 1900-01-01
    kEpoch,        // 1609372800: seconds since 1970 in UTC
    kEpochMillis,  // 1609372800000
    kPattern,      // As strptime has it
  };
  Kind kind = Kind::kYmd;
  std::string pattern = {};  // Of kPattern: "%d-%b-%Y".

  bool operator==(const DateFormat&) const = default;
};

// "ymd", "dmy", "mdy", "excel", "epoch", "epoch_ms", or a pattern of %Y %y %m %b %B %d %j %H %M %S %% and plain
// characters that tells year, month and day. E0004.
Result<DateFormat> parse_date_format(std::string_view text);
// As parse_date_format reads it.
std::string to_string(const DateFormat& format);

// The session of a cell. A time of day without an offset is the exchange's own, and midnight is how a date is written
// where only instants can be: both leave the day as it stands. Any other instant is the day it was on the exchange's
// clock; where there is no exchange, the day as it stands. A year of two digits (%y) is 1969 to 2068. False when the
// cell is no such date.
bool read_date(std::string_view cell, const DateFormat& format, const Calendar* calendar, Date& out);

// Why a cell is no date.
struct DateFault {
  std::string reason;            // "\"2023-02-29\" is a day that does not exist"
  std::string shown;             // The cell, shorter, with the option that would read it where there is one.
  std::string_view column = {};  // "date": it does not exist; "date format": its spelling is not read.
};
DateFault date_fault(std::string_view cell, const DateFormat& format);

// Two numbers and a year between equal marks, / . or -: 3/4/2024, 03.04.24. A time of day may follow.
struct SlashedDate {
  int first = 0, second = 0, year = 0;
  std::size_t year_digits = 0;  // 2 or 4.
  std::string_view rest;        // Behind the year: empty, or a blank or T and more.
};
std::optional<SlashedDate> read_slashed(std::string_view cell);

}  // namespace lode::source
