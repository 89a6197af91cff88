// HTTP dates, Retry-After, jitter, retry budget.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/patience.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "lode/base/text.h"

namespace lode::net {

namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

bool digits(std::string_view text, std::size_t least, std::size_t most, std::int64_t& out) {
  return text.size() >= least && text.size() <= most &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }) && parse_int(text, out);
}

int month_of(std::string_view name) {
  const auto* found = std::ranges::find(kMonths, name);
  return found == kMonths.end() ? 0 : static_cast<int>(found - kMonths.begin()) + 1;
}

std::optional<Time> instant(std::int64_t year, int month, std::int64_t day, std::string_view clock) {
  const std::vector<std::string_view> parts = split(clock, ':');
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  std::int64_t second = 0;
  if (parts.size() != 3 || !digits(parts[0], 2, 2, hour) || !digits(parts[1], 2, 2, minute) ||
      !digits(parts[2], 2, 2, second) || hour > 23 || minute > 59 || second > 60 || month == 0) {
    return std::nullopt;
  }
  Date date;
  if (!try_parse_date(fmt::format("{:04}-{:02}-{:02}", year, month, day), date)) {
    return std::nullopt;
  }
  return Time{start_of_day(date).nanos + ((hour * 60 + minute) * 60 + second) * kNanosPerSecond};
}

// "08-Nov-94": day, month and the last two digits of the year.
std::optional<Time> old_form(const std::vector<std::string_view>& words, Time now) {
  const std::vector<std::string_view> parts = split(words[1], '-');
  std::int64_t day = 0;
  std::int64_t year = 0;
  if (parts.size() != 3 || !digits(parts[0], 2, 2, day) || !digits(parts[2], 2, 2, year)) {
    return std::nullopt;
  }
  const int this_year = utc_date(now).year();
  year += this_year / 100 * 100;
  year -= year > this_year + 50 ? 100 : 0;
  return instant(year, month_of(parts[1]), day, words[2]);
}

}  // namespace

std::optional<Time> parse_http_date(std::string_view text, Time now) {
  std::vector<std::string_view> words = split(trim(text), ' ');
  std::erase_if(words, [](std::string_view word) { return word.empty(); });
  std::int64_t day = 0;
  std::int64_t year = 0;
  if (words.size() == 6 && words[0].ends_with(',') && words[5] == "GMT" && digits(words[1], 1, 2, day) &&
      digits(words[3], 4, 4, year)) {
    return instant(year, month_of(words[2]), day, words[4]);
  }
  if (words.size() == 4 && words[0].ends_with(',') && words[3] == "GMT") {
    return old_form(words, now);
  }
  if (words.size() == 5 && digits(words[2], 1, 2, day) && digits(words[4], 4, 4, year)) {
    return instant(year, month_of(words[1]), day, words[3]);  // As C's asctime writes it.
  }
  return std::nullopt;
}

std::string http_date(Time time) {
  const Date date = utc_date(time);
  const std::int64_t second = (time.nanos - start_of_day(date).nanos) / kNanosPerSecond;
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[static_cast<std::size_t>(date.weekday())],
                     date.day(), kMonths[static_cast<std::size_t>(date.month() - 1)], date.year(), second / 3600,
                     second / 60 % 60, second % 60);
}

std::optional<std::int64_t> parse_retry_after(std::string_view text, Time now) {
  text = trim(text);
  std::int64_t seconds = 0;
  if (digits(text, 1, 18, seconds)) {
    return std::min(seconds, std::numeric_limits<std::int64_t>::max() / kNanosPerSecond) * kNanosPerSecond;
  }
  const std::optional<Time> at = parse_http_date(text, now);
  return at ? std::optional(std::max<std::int64_t>(0, at->nanos - now.nanos)) : std::nullopt;
}

std::int64_t Backoff::wait(int attempt, Random& random) const {
  std::int64_t most = first_nanos;
  for (int i = 1; i < attempt && most < most_nanos; ++i) {
    most *= 2;
  }
  return static_cast<std::int64_t>(random.next_uniform() * static_cast<double>(std::min(most, most_nanos)));
}

bool RetryBudget::take() {
  if (tenths_ < 10) {
    return false;
  }
  tenths_ -= 10;
  return true;
}

void RetryBudget::give() { tenths_ = std::min(tenths_ + 1, most_ * 10); }

}  // namespace lode::net
