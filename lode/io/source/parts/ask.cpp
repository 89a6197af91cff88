// Requests, what they remember, and times as feeds write them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/parts/ask.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/text.h"

namespace lode::source {
namespace {

constexpr std::int64_t kFirstSecond = -5'364'662'400;  // 1800-01-01
constexpr std::int64_t kLastSecond = 7'258'118'400;    // 2200-01-01
constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

// Exactly `digits` digits at `at`.
bool read_digits(std::string_view text, std::size_t at, std::size_t digits, int& out) {
  if (at + digits > text.size()) {
    return false;
  }
  out = 0;
  for (std::size_t i = at; i < at + digits; ++i) {
    if (text[i] < '0' || text[i] > '9') {
      return false;
    }
    out = out * 10 + (text[i] - '0');
  }
  return true;
}

// "+hhmm" or "+hh:mm" in seconds.
std::optional<int> read_offset(std::string_view text) {
  int hours = 0;
  int minutes = 0;
  if (text.size() < 5 || (text[0] != '+' && text[0] != '-') || !read_digits(text, 1, 2, hours) ||
      !read_digits(text, text[3] == ':' ? 4 : 3, 2, minutes) || text.size() != (text[3] == ':' ? 6U : 5U) ||
      hours > 15 || minutes > 59) {
    return std::nullopt;
  }
  const int seconds = hours * 3600 + minutes * 60;
  return text[0] == '-' ? -seconds : seconds;
}

// Zones of RFC 2822, 4.3.
std::optional<int> zone_offset(std::string_view zone) {
  struct Zone {
    std::string_view name;
    int hours;
  };
  constexpr std::array<Zone, 12> kZones = {{{"", 0},
                                            {"GMT", 0},
                                            {"UT", 0},
                                            {"UTC", 0},
                                            {"EST", -5},
                                            {"EDT", -4},
                                            {"CST", -6},
                                            {"CDT", -5},
                                            {"MST", -7},
                                            {"MDT", -6},
                                            {"PST", -8},
                                            {"PDT", -7}}};
  const auto found = std::ranges::find(kZones, zone, &Zone::name);
  return found != kZones.end() ? std::optional(found->hours * 3600)
         : zone == "Z"         ? std::optional(0)
                               : read_offset(zone);
}

// "18:30:00" or "18:30" in seconds.
std::optional<int> read_clock(std::string_view text) {
  int hours = 0;
  int minutes = 0;
  int seconds = 0;
  const bool has_seconds = text.size() == 8;
  if ((!has_seconds && text.size() != 5) || !read_digits(text, 0, 2, hours) || text[2] != ':' ||
      !read_digits(text, 3, 2, minutes) || (has_seconds && (text[5] != ':' || !read_digits(text, 6, 2, seconds))) ||
      hours > 23 || minutes > 59 || seconds > 60) {
    return std::nullopt;
  }
  return hours * 3600 + minutes * 60 + seconds;
}

std::optional<Date> date_of(int year, int month, int day) {
  Date out;
  return try_parse_date(fmt::format("{:04}-{:02}-{:02}", year, month, day), out) ? std::optional(out) : std::nullopt;
}

}  // namespace

std::string escape_url(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += is_plain(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

Request get_request(const Spec& spec, const FetchRequest& request, std::string_view base_setting, std::string_view path,
                    std::string_view pace, const BodyContract* contract, std::string_view part) {
  std::string_view base = request.setting(spec, base_setting);
  while (base.ends_with('/')) {
    base.remove_suffix(1);
  }
  Request out;
  out.http.url = std::string(base) + std::string(path);
  out.http.headers = {{"User-Agent", std::string(kAgent)}, {"Accept-Encoding", "gzip"}};
  out.pace = pace;
  out.contract = contract;
  out.part = part;
  return out;
}

std::string_view about_text(const Request& asked, std::string_view key) {
  const Value* found = asked.about.find(key);
  return found != nullptr && found->is_text() ? std::string_view(found->as_text()) : std::string_view();
}

std::optional<std::int64_t> about_int(const Request& asked, std::string_view key) {
  const Value* found = asked.about.find(key);
  return found != nullptr && found->is_int() ? std::optional(found->as_int()) : std::nullopt;
}

std::optional<Date> about_date(const Request& asked, std::string_view key) {
  Date out;
  return try_parse_date(about_text(asked, key), out) ? std::optional(out) : std::nullopt;
}

Provenance provenance_of(const Response& response, const Spec& spec) {
  return {std::string(spec.name), response.raw_hash};
}

Rejected bad_record(std::int64_t line, std::string reason, std::string_view text, std::string_view symbol) {
  return Rejected{
      .number = 6210, .line = line, .reason = std::move(reason), .symbol = std::string(symbol), .text = row_text(text)};
}

std::optional<Time> time_of_seconds(std::int64_t seconds) {
  return seconds >= kFirstSecond && seconds <= kLastSecond ? std::optional(Time{seconds * kNanosPerSecond})
                                                           : std::nullopt;
}

std::optional<Time> time_of_millis(std::int64_t millis) {
  return millis >= kFirstSecond * 1000 && millis <= kLastSecond * 1000 ? std::optional(Time{millis * 1'000'000})
                                                                       : std::nullopt;
}

std::optional<Time> read_rfc3339(std::string_view text) {
  Date day;
  if (text.size() < 17 || (text[10] != 'T' && text[10] != ' ') || text[4] != '-' ||
      !try_parse_date(text.substr(0, 10), day)) {
    return std::nullopt;
  }
  const std::size_t end = text.find_first_not_of("0123456789:", 11);
  const auto clock = end == std::string_view::npos ? std::nullopt : read_clock(text.substr(11, end - 11));
  if (!clock) {
    return std::nullopt;
  }
  std::string_view rest = text.substr(end);
  std::int64_t nanos = 0;
  if (rest[0] == '.') {
    const std::size_t zone = rest.find_first_not_of("0123456789", 1);
    if (zone == std::string_view::npos || zone == 1) {
      return std::nullopt;
    }
    std::int64_t scale = kNanosPerSecond / 10;
    for (const char digit : rest.substr(1, zone - 1)) {
      nanos += (digit - '0') * scale;
      scale /= 10;
    }
    rest = rest.substr(zone);
  }
  const auto offset = rest == "Z" || rest == "z" ? std::optional(0) : read_offset(rest);
  const auto at = offset ? time_of_seconds(std::int64_t{day.days} * 86'400 + *clock - *offset) : std::nullopt;
  return at ? std::optional(Time{at->nanos + nanos}) : std::nullopt;
}

std::optional<Time> read_rfc2822(std::string_view text) {
  std::vector<std::string_view> words;
  for (const std::string_view word : split(trim(text), ' ')) {
    if (!word.empty()) {
      words.push_back(word);
    }
  }
  if (!words.empty() && words[0].ends_with(',')) {
    words.erase(words.begin());
  }
  std::int64_t day = 0;
  std::int64_t year = 0;
  if (words.size() < 4 || words.size() > 5 || !parse_int(words[0], day) || !parse_int(words[2], year) || day < 1 ||
      day > 31 || year < 0 || year > 9999) {
    return std::nullopt;
  }
  const auto month = std::ranges::find(kMonths, lower(words[1].substr(0, 3)));
  const auto clock = read_clock(words[3]);
  const auto offset = zone_offset(words.size() == 5 ? words[4] : std::string_view());
  if (month == kMonths.end() || !clock || !offset) {
    return std::nullopt;
  }
  year += words[2].size() == 2 ? (year < 50 ? 2000 : 1900) : 0;
  const auto date =
      date_of(static_cast<int>(year), static_cast<int>(month - kMonths.begin()) + 1, static_cast<int>(day));
  return date ? time_of_seconds(std::int64_t{date->days} * 86'400 + *clock - *offset) : std::nullopt;
}

}  // namespace lode::source
