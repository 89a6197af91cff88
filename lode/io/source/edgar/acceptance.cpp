// Reads acceptance times and finds out which clock a file shows.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/acceptance.h"

#include <algorithm>
#include <array>

#include "lode/base/assert.h"
#include "lode/base/text.h"
#include "lode/io/source/edgar/accession.h"
#include "lode/io/source/edgar/eastern.h"

namespace lode::source::edgar {
namespace {

constexpr std::int64_t kHour = 3600;
// EDGAR takes filings from 06:00 to 22:00 eastern. Some sent before ten are stamped minutes after (22:05:07 was seen),
// so the evening has half an hour of grace and the morning a few minutes: only what is clearly outside proves anything.
constexpr std::int64_t kOpens = 6 * kHour - 300;
constexpr std::int64_t kCloses = 22 * kHour + 1800;

constexpr std::array<std::string_view, 4> kRules = {"sgml", "atom", "json-utc", "json-new-york"};  // Best first.

struct Clock {
  Date day;
  std::int64_t seconds = 0;
};

bool read_two(std::string_view text, std::size_t at, std::int64_t most, std::int64_t& out) {
  return at + 2 <= text.size() && parse_int(text.substr(at, 2), out) && text[at] >= '0' && text[at] <= '9' &&
         out <= most;
}

// hh mm ss standing at three places.
std::optional<std::int64_t> read_seconds(std::string_view text, std::array<std::size_t, 3> at) {
  std::int64_t h = 0;
  std::int64_t m = 0;
  std::int64_t s = 0;
  if (!read_two(text, at[0], 23, h) || !read_two(text, at[1], 59, m) || !read_two(text, at[2], 59, s)) {
    return std::nullopt;
  }
  return h * kHour + m * 60 + s;
}

// "2022-05-06T18:30:57.000Z", the Z not believed.
std::optional<Clock> read_clock(std::string_view text) {
  if (text.size() < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text.back() != 'Z') {
    return std::nullopt;
  }
  const auto day = read_day(text.substr(0, 10));
  const auto seconds = read_seconds(text, {11, 14, 17});
  return day && seconds ? std::optional(Clock{*day, *seconds}) : std::nullopt;
}

bool outside_hours(std::int64_t seconds) { return seconds < kOpens || seconds > kCloses; }

}  // namespace

std::string_view to_string(AcceptanceRule rule) { return kRules[static_cast<std::size_t>(rule)]; }

int authority(std::string_view rule) { return static_cast<int>(kRules.end() - std::ranges::find(kRules, rule)); }

std::optional<Acceptance> accepted_by_header(std::string_view digits) {
  digits = trim(digits);
  if (digits.size() != 14) {
    return std::nullopt;
  }
  const auto day = read_day(digits.substr(0, 8));
  const auto seconds = read_seconds(digits, {8, 10, 12});
  if (!day || !seconds) {
    return std::nullopt;
  }
  return Acceptance{eastern(*day, *seconds), std::string(digits), "America/New_York", AcceptanceRule::kSgml};
}

std::optional<Acceptance> accepted_by_feed(std::string_view updated) {
  updated = trim(updated);
  const std::size_t size = updated.size();
  if (size < 20 || (updated.back() != 'Z' && (size < 25 || updated[size - 3] != ':'))) {
    return std::nullopt;  // A time without its offset would be a guess.
  }
  const auto at = parse_as_of(updated);
  if (!at) {
    return std::nullopt;
  }
  const std::string zone = updated.back() == 'Z' ? "UTC" : std::string(updated.substr(size - 6));
  return Acceptance{*at, std::string(updated), zone, AcceptanceRule::kAtom};
}

FileClock file_clock(std::span<const std::string_view> accessions, std::span<const std::string_view> digits) {
  LODE_ASSERT(accessions.size() == digits.size());
  FileClock out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto clock = read_clock(digits[i]);
    if (!clock || is_made_by_sec(accessions[i])) {
      continue;
    }
    const Time as_utc{start_of_day(clock->day).nanos + clock->seconds * kNanosPerSecond};
    out.utc_rows += outside_hours(clock->seconds);
    out.new_york_rows += outside_hours(eastern_seconds(as_utc));
  }
  out.utc = out.utc_rows > 0 && out.new_york_rows == 0;
  return out;
}

std::optional<Acceptance> accepted_by_json(std::string_view digits, const FileClock& clock) {
  const auto shown = read_clock(digits);
  if (!shown) {
    return std::nullopt;
  }
  if (clock.utc) {
    const Time at{start_of_day(shown->day).nanos + shown->seconds * kNanosPerSecond};
    return Acceptance{at, std::string(digits), "UTC", AcceptanceRule::kJsonUtc};
  }
  return Acceptance{eastern(shown->day, shown->seconds), std::string(digits), "America/New_York",
                    AcceptanceRule::kJsonNewYork};
}

}  // namespace lode::source::edgar
