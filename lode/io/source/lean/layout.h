// Where things lie in a LEAN data folder and how its files write times and prices; what the sources of such a folder
// share. Equities and options: prices in hundredths of a cent, the New York clock. Crypto: prices as they are, UTC.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/io/source/parts/ask.h"
#include "lode/market/calendar.h"

namespace lode::source::lean {

inline constexpr std::string_view kPaceName = "lean";
inline constexpr double kScale = 10'000;
extern const BodyContract kZip;

std::vector<Setting> lean_settings();
std::vector<Pace> lean_paces();
inline constexpr std::string_view kTerms =
    "whoever sold or gave the folder; LEAN's own samples are Apache-2.0, their equities by AlgoSeek";

struct Place {
  std::string folder;    // "equity/usa", "crypto/coinbase"
  std::string spelling;  // "aapl"
  bool is_equity = true;
};
// "aapl" or "coinbase/btcusd". E6208.
Result<Place> place_of(std::string_view name);
// The one resolution among the request's kinds; `standard` without any. E6208 with another or several.
Result<std::string> resolution_of(const FetchRequest& request, const std::vector<std::string_view>& known,
                                  std::string_view standard);
// Seconds of a bar of a resolution; 0 = a session.
std::int64_t seconds_of(std::string_view resolution);

// A request for `path` below the place; it remembers ticker and folder.
Request ask(const Spec& spec, const FetchRequest& request, const Place& place, std::string_view path,
            const BodyContract* contract, std::string_view part);
// "20140605"
std::string stamp_of(Date day);
// The days asked for, of an equity without weekends. E6208 without both ends or over ten years.
Result<std::vector<Date>> days_asked(const FetchRequest& request, bool is_equity, std::string_view resolution);

// When a row is of: "20140605 00:00", or milliseconds since midnight where the file is of one `day`. False: neither.
struct Stamp {
  Date session;
  std::int64_t seconds = 0;
};
bool read_stamp(std::string_view text, const std::optional<Date>& day, Stamp& out);

// From when to when a bar is. A session's is that of the calendar where it is one, else its whole day.
struct Times {
  Time start, end;
};
Times times_of(const Stamp& stamp, std::int64_t bar_seconds, bool is_equity, const Calendar* calendar);

// Sessions of the exchange; NASDAQ's for XNAS, else New York's.
const Calendar* calendar_of(std::string_view mic);

}  // namespace lode::source::lean
