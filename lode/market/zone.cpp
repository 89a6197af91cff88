// Wall clocks, by the time zone database.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/zone.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

#include "lode/base/text.h"

namespace lode {

namespace {

constexpr std::array<std::string_view, 10> kUtc = {"UTC",     "ETC/UTC", "Z",    "GMT",           "ETC/GMT",
                                                   "ETC/UCT", "UCT",     "ZULU", "ETC/UNIVERSAL", "UNIVERSAL"};

// "+10:00", "-0530", "+10"
std::optional<std::int64_t> read_offset(std::string_view name) {
  if (name.size() < 3 || (name[0] != '+' && name[0] != '-')) {
    return std::nullopt;
  }
  std::string digits(name.substr(1));
  if (digits.size() == 5 && digits[2] == ':') {
    digits.erase(2, 1);
  }
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if ((digits.size() != 2 && digits.size() != 4) || !std::ranges::all_of(digits, is_digit)) {
    return std::nullopt;
  }
  const auto two = [&](std::size_t at) { return (digits[at] - '0') * 10 + digits[at + 1] - '0'; };
  const std::int64_t minutes = two(0) * 60 + (digits.size() == 4 ? two(2) : 0);
  return (name[0] == '-' ? -minutes : minutes) * 60 * kNanosPerSecond;
}

}  // namespace

Result<Zone> Zone::find(std::string_view name) {
  Zone out;
  out.name_ = name;
  if (const auto offset = read_offset(name)) {
    out.offset_nanos_ = *offset;
    return out;
  }
  if (out.is_utc()) {
    return out;
  }
  try {
    date::get_tzdb();
  } catch (const std::runtime_error& error) {
    return fail(E::E5004, fmt::format("time zones cannot be read: {}", error.what()),
                "install the time zone data of your system (package tzdata)");
  }
  try {
    out.zone_ = date::locate_zone(out.name_);
  } catch (const std::runtime_error&) {
    return fail(E::E2005, fmt::format("{} is no time zone known here", quote(name)),
                "expected a name as Australia/Sydney, or an offset as +10:00");
  }
  return out;
}

bool Zone::is_utc() const {
  return zone_ == nullptr && offset_nanos_ == 0 &&
         (read_offset(name_).has_value() || std::ranges::find(kUtc, upper(name_)) != kUtc.end());
}

Time Zone::wall_clock(Time instant) const {
  if (zone_ == nullptr) {
    return Time{instant.nanos + offset_nanos_};
  }
  const auto when = date::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(instant.nanos));
  const auto offset = std::chrono::duration_cast<std::chrono::nanoseconds>(
      static_cast<const date::time_zone*>(zone_)->get_info(when).offset);
  return Time{instant.nanos + offset.count()};
}

}  // namespace lode
