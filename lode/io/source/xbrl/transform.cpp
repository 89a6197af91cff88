// Formats of shown numbers.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/xbrl/transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "lode/base/text.h"

namespace lode::source::xbrl {
namespace {

constexpr int kMostPlaces = 60;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Digits with at most one `point`, which becomes '.'; `group` marks and blanks of any width are left out.
std::optional<std::string> digits_of(std::string_view shown, char point, std::string_view group) {
  std::string out;
  bool has_point = false;
  bool has_digit = false;
  for (std::size_t at = 0; at < shown.size(); ++at) {
    const char c = shown[at];
    if (is_digit(c)) {
      out += c;
      has_digit = true;
    } else if (c == point && !has_point) {
      out += '.';
      has_point = true;
    } else if (shown.substr(at).starts_with("\xC2\xA0") || shown.substr(at).starts_with("\xE2\x80")) {
      at += c == '\xC2' ? 1 : 2;  // A no-break space; a thin or narrow one, or a typographic apostrophe.
    } else if (c != ' ' && group.find(c) == std::string_view::npos) {
      return std::nullopt;
    }
  }
  return has_digit ? std::optional(out) : std::nullopt;
}

constexpr std::array<std::pair<std::string_view, std::int64_t>, 31> kWords = {{
    {"zero", 0},      {"no", 0},         {"none", 0},      {"one", 1},       {"two", 2},       {"three", 3},
    {"four", 4},      {"five", 5},       {"six", 6},       {"seven", 7},     {"eight", 8},     {"nine", 9},
    {"ten", 10},      {"eleven", 11},    {"twelve", 12},   {"thirteen", 13}, {"fourteen", 14}, {"fifteen", 15},
    {"sixteen", 16},  {"seventeen", 17}, {"eighteen", 18}, {"nineteen", 19}, {"twenty", 20},   {"thirty", 30},
    {"forty", 40},    {"fifty", 50},     {"sixty", 60},    {"seventy", 70},  {"eighty", 80},   {"ninety", 90},
    {"hundred", 100},
}};
constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> kGroups = {
    {{"thousand", 1'000}, {"million", 1'000'000}, {"billion", 1'000'000'000}, {"trillion", 1'000'000'000'000}}};

template <std::size_t N>
std::optional<std::int64_t> look_up(const std::array<std::pair<std::string_view, std::int64_t>, N>& words,
                                    std::string_view word) {
  const auto found = std::ranges::find(words, word, &std::pair<std::string_view, std::int64_t>::first);
  return found == words.end() ? std::nullopt : std::optional(found->second);
}

// Adds one word to the group below a thousand that is being told; false where no such word may follow.
bool add_word(std::int64_t value, std::int64_t& group, bool& is_open) {
  if (value == 100) {
    if (group < 1 || group > 9) {
      return false;
    }
    group *= 100;
    is_open = true;
    return true;
  }
  const bool fits = value >= 20   ? group % 100 == 0
                    : value >= 10 ? group % 100 == 0
                                  : group % 10 == 0 && group % 100 != 10;
  if (!fits || (value == 0 && is_open)) {
    return false;
  }
  group += value;
  is_open = true;
  return true;
}

}  // namespace

std::optional<std::int64_t> number_words(std::string_view words) {
  std::string text = lower(trim(words));
  std::ranges::replace(text, '-', ' ');
  std::ranges::replace(text, ',', ' ');
  if (text.size() > 200) {
    return std::nullopt;
  }
  std::int64_t total = 0;
  std::int64_t group = 0;
  std::int64_t least = 1'000'000'000'000'000;  // Of the group told last: they fall.
  bool is_open = false;                        // The group has a word.
  for (const std::string_view word : split(text, ' ')) {
    if (word.empty() || (word == "and" && is_open)) {
      continue;
    }
    if (is_open && group == 0) {
      return std::nullopt;  // Nothing follows a zero.
    }
    if (const auto thousands = look_up(kGroups, word)) {
      if (group == 0 || *thousands >= least) {
        return std::nullopt;
      }
      total += group * *thousands;
      least = *thousands;
      group = 0;
      is_open = false;
      continue;
    }
    const auto value = look_up(kWords, word);
    if (!value || (total > 0 && *value == 0) || !add_word(*value, group, is_open)) {
      return std::nullopt;
    }
  }
  return is_open || total > 0 ? std::optional(total + group) : std::nullopt;
}

std::optional<std::string> plain_number(std::string_view shown, std::string_view format) {
  std::string name(format.substr(format.find(':') + 1));
  std::erase(name, '-');
  shown = trim(shown);
  if (name.empty()) {
    double number = 0;
    return parse_double(shown, number) ? std::optional<std::string>(shown) : std::nullopt;
  }
  if (name == "numdotdecimal" || name == "numcommadot" || name == "numspacedot" || name == "numdotdecimalin" ||
      name == "numdotdecimalapos") {
    return digits_of(shown, '.', ",'");
  }
  if (name == "numcommadecimal" || name == "numdotcomma" || name == "numspacecomma" || name == "numcommadecimalapos") {
    return digits_of(shown, ',', ".'");
  }
  if (name == "zerodash" || name == "numdash" || name == "fixedzero") {
    return "0";
  }
  if (name == "numwordsen") {
    const auto number = number_words(shown);
    return number ? std::optional(fmt::format("{}", *number)) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::string> scaled(std::string_view number, int places) {
  std::string whole(number.substr(0, number.find('.')));
  std::string part(number.find('.') == std::string_view::npos ? "" : number.substr(number.find('.') + 1));
  const bool is_plain = std::ranges::all_of(whole, is_digit) && std::ranges::all_of(part, is_digit);
  if (!is_plain || whole.size() + part.size() == 0 || places > kMostPlaces || places < -kMostPlaces) {
    return places == 0 ? std::optional<std::string>(number) : std::nullopt;
  }
  for (; places > 0; --places) {
    whole += part.empty() ? '0' : part.front();
    part.erase(0, part.empty() ? 0 : 1);
  }
  for (; places < 0; ++places) {
    part.insert(part.begin(), whole.empty() ? '0' : whole.back());
    if (!whole.empty()) {
      whole.pop_back();
    }
  }
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  part.resize(part.find_last_not_of('0') + 1);
  return (whole.empty() ? "0" : whole) + (part.empty() ? "" : "." + part);
}

}  // namespace lode::source::xbrl
