// Is a file of bars one of days, or of times within the day? What its dates say.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lode/io/source/columns.h"
#include "lode/io/source/date_format.h"
#include "lode/io/source/delimited.h"
#include "lode/market/batch.h"
#include "lode/market/calendar.h"

namespace lode::source {

// Two bars of a symbol on one day at different times.
struct IntradayPair {
  std::string symbol;  // "" where the file names none
  Date session;
  std::string first, second;  // "09:30", "09:45"
};

struct TimesOfDay {
  std::string first;  // The first time of day that is no midnight, as the file writes it; "" = dates alone
  std::optional<IntradayPair> pair;
};

// What stands behind the day in a date cell: "09:30" of "2024-01-02T09:30"; of an epoch the rest of the UTC day as
// 09:30:00; "" for a date alone, midnight, or a cell that is no date of the format.
std::string time_of_day(std::string_view cell, const DateFormat& format);

// Reads rows until a pair is found; a file whose first rows have dates alone is not read further, and of any other a
// bounded number of rows.
TimesOfDay times_of_day(std::string_view bytes, const Dialect& dialect, const Layout& layout, const DateFormat& format,
                        const Calendar* calendar);
// The same of a file with typed columns, whose instants are UTC.
TimesOfDay times_of_day(const Batch& batch, const Layout& layout, const DateFormat& format, const Calendar* calendar);

}  // namespace lode::source
