// Paths, times and settings of a LEAN folder.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/lean/layout.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"
#include "lode/io/source/edgar/eastern.h"
#include "lode/market/instrument.h"

namespace lode::source::lean {

const BodyContract kZip{.name = "LEAN bars", .begins = {"PK"}, .most_bytes = std::size_t{512} << 20};

std::vector<Setting> lean_settings() {
  return {{"lean.base_url", "", "address of the folder Data: a mirror on the net or file:///home/me/Data", true}};
}

std::vector<Pace> lean_paces() { return {{kPaceName, 50, 500, 1}}; }

Result<Place> place_of(std::string_view name) {
  const std::string text = lower(trim(name));
  const std::size_t slash = text.find('/');
  Place out{"equity/usa", text, true};
  if (slash != std::string::npos) {
    out = {"crypto/" + text.substr(0, slash), text.substr(slash + 1), false};
  }
  std::string normal;
  if (!normalize_symbol(out.spelling, normal) || out.spelling.find('/') != std::string::npos ||
      out.folder.find("..") != std::string::npos || out.spelling.starts_with('.')) {
    return fail(E::E6208, fmt::format("{} is no ticker of a LEAN folder", quote(name)), "aapl, or coinbase/btcusd");
  }
  return out;
}

Result<std::string> resolution_of(const FetchRequest& request, const std::vector<std::string_view>& known,
                                  std::string_view standard) {
  std::string out = request.kinds.empty() ? std::string(standard) : request.kinds.front();
  if (std::ranges::find(known, out) == known.end() || request.kinds.size() > 1) {
    return fail(E::E6208, fmt::format("{} is no resolution of LEAN's; there are {}", quote(join(request.kinds, ",")),
                                      fmt::join(known, ", ")));
  }
  return out;
}

std::int64_t seconds_of(std::string_view resolution) {
  return resolution == "hour" ? 3600 : resolution == "minute" ? 60 : resolution == "second" ? 1 : 0;
}

Request ask(const Spec& spec, const FetchRequest& request, const Place& place, std::string_view path,
            const BodyContract* contract, std::string_view part) {
  Request out =
      get_request(spec, request, "lean.base_url", fmt::format("/{}/{}", place.folder, path), kPaceName, contract, part);
  out.about.set("ticker", place.spelling);
  out.about.set("folder", place.folder);
  return out;
}

std::string stamp_of(Date day) {
  std::string out = to_string(day);
  std::erase(out, '-');
  return out;
}

Result<std::vector<Date>> days_asked(const FetchRequest& request, bool is_equity, std::string_view resolution) {
  if (!request.from || !request.to || *request.from > *request.to || *request.to - *request.from > 3660) {
    return fail(E::E6208, fmt::format("{} bars lie in a file a day: expected --from and --to", resolution));
  }
  std::vector<Date> out;
  for (Date day = *request.from; day <= *request.to; day = day + 1) {
    if (!is_equity || day.weekday() <= 4) {
      out.push_back(day);
    }
  }
  return out;
}

bool read_stamp(std::string_view text, const std::optional<Date>& day, Stamp& out) {
  out.seconds = 0;
  if (day) {
    std::int64_t millis = 0;
    const bool is_good = parse_int(text, millis) && millis >= 0 && millis < 86'400'000;
    out.session = *day;
    out.seconds = millis / 1000;
    return is_good;
  }
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  const bool is_good = text.size() == 14 && text[8] == ' ' && text[11] == ':' &&
                       try_parse_date(text.substr(0, 8), out.session) && parse_int(text.substr(9, 2), hour) &&
                       parse_int(text.substr(12), minute) && hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
  out.seconds = hour * 3600 + minute * 60;
  return is_good;
}

Times times_of(const Stamp& stamp, std::int64_t bar_seconds, bool is_equity, const Calendar* calendar) {
  Times out;
  out.start = is_equity ? edgar::eastern(stamp.session, stamp.seconds)
                        : Time{start_of_day(stamp.session).nanos + stamp.seconds * kNanosPerSecond};
  out.end = Time{out.start.nanos + bar_seconds * kNanosPerSecond};
  if (bar_seconds == 0) {
    const bool is_session = calendar != nullptr && stamp.session >= calendar->first() &&
                            stamp.session <= calendar->last() && calendar->is_session(stamp.session);
    out.start = is_session ? calendar->open(stamp.session) : out.start;
    out.end = is_session  ? calendar->close(stamp.session)
              : is_equity ? edgar::eastern_end(stamp.session)
                          : end_of_day(stamp.session);
  }
  return out;
}

const Calendar* calendar_of(std::string_view mic) {
  const auto found = find_calendar(mic == "XNAS" ? "XNAS" : "XNYS");
  return found ? *found : nullptr;
}

}  // namespace lode::source::lean
