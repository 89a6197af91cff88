// Splitting, numbers from and to text, UTF-8.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace lode {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower_char(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper_char(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// The powers of ten that are exact doubles.
constexpr double kExactPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr std::uint64_t kExactMantissaMax = std::uint64_t{1} << 53;
constexpr int kFastDigitsMax = 18;  // Cannot overflow 64 bits.

// Plain decimals with few digits (every real price): mantissa and power of ten are exact doubles, so one division
// rounds once and is exact (Clinger 1990, "How to read floating point numbers accurately", section 4).
bool parse_plain(const char* at, const char* end, double& out) {
  std::uint64_t mantissa = 0;
  int digits = 0;
  int decimals = 0;
  while (at != end && is_digit(*at)) {
    mantissa = mantissa * 10 + static_cast<std::uint64_t>(*at++ - '0');
    ++digits;
  }
  if (at != end && *at == '.') {
    const char* const first_decimal = ++at;
    while (at != end && is_digit(*at)) {
      mantissa = mantissa * 10 + static_cast<std::uint64_t>(*at++ - '0');
      ++digits;
    }
    decimals = static_cast<int>(at - first_decimal);
  }
  // Checked after the loop: an overflowed mantissa is recognised by its count of digits.
  if (at != end || digits == 0 || digits > kFastDigitsMax || mantissa > kExactMantissaMax) {
    return false;
  }
  out = static_cast<double>(mantissa) / kExactPowers[decimals];
  return true;
}

bool parse_general(const char* at, const char* end, double& out) {
  // from_chars also reads "inf" and "nan"; a number starts with a digit or a point.
  if (at == end || !(is_digit(*at) || *at == '.')) {
    return false;
  }
  double value = 0.0;
  const auto [stop, error] = std::from_chars(at, end, value);
  if (stop != end) {
    return false;
  }
  if (error == std::errc::result_out_of_range) {
    // Too small rounds to zero; too large has no nearest double. The wider type tells which it was.
    long double wide = 0.0L;
    if (std::from_chars(at, end, wide).ec != std::errc{} || wide > 1.0L) {
      return false;
    }
    value = static_cast<double>(wide);
  } else if (error != std::errc{}) {
    return false;
  }
  out = value;
  return std::isfinite(value);
}

bool is_continuation(unsigned char byte) { return (byte & 0xC0U) == 0x80U; }

}  // namespace

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(at + 1);
  }
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower_char);
  return result;
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), upper_char);
  return result;
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string result;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) {
      result += separator;
    }
    result += parts[i];
  }
  return result;
}

std::string join_some(std::span<const std::string> parts, std::size_t most) {
  if (parts.size() <= most) {
    return join(parts, ", ");
  }
  return join(parts.first(most), ", ") + " and " + grouped(static_cast<std::int64_t>(parts.size() - most)) + " more";
}

std::size_t utf8_sequence(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : static_cast<unsigned char>(0);
  };
  const unsigned char lead = byte(0);
  if (at >= text.size()) {
    return 0;
  }
  if (lead < 0x80) {
    return 1;
  }
  if (lead >= 0xC2 && lead <= 0xDF) {
    return is_continuation(byte(1)) ? 2 : 0;
  }
  // The narrowed second bytes refuse overlong forms, surrogates and anything above U+10FFFF (Unicode 15, table 3-7).
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned char least = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned char most = lead == 0xED ? 0x9F : 0xBF;
    return byte(1) >= least && byte(1) <= most && is_continuation(byte(2)) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned char least = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char most = lead == 0xF4 ? 0x8F : 0xBF;
    return byte(1) >= least && byte(1) <= most && is_continuation(byte(2)) && is_continuation(byte(3)) ? 4 : 0;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_sequence(text, at);
    if (length == 0) {
      return false;
    }
    at += length;
  }
  return true;
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(static_cast<unsigned char>(c)); }));
}

std::string quote(std::string_view text) {
  constexpr int kCharactersMax = 60;
  std::string result = "'";
  int characters = 0;
  for (std::size_t at = 0; at < text.size(); ++characters) {
    if (characters == kCharactersMax) {
      result += "...";
      break;
    }
    const std::size_t length = utf8_sequence(text, at);
    const auto lead = static_cast<unsigned char>(text[at]);
    // U+0080 to U+009F are control characters too: some terminals obey them.
    const bool is_control =
        lead < 0x20 || lead == 0x7F || (lead == 0xC2 && length == 2 && static_cast<unsigned char>(text[at + 1]) < 0xA0);
    if (length == 0 || is_control) {
      result += '?';
    } else {
      result += text.substr(at, length);
    }
    at += length == 0 ? 1 : length;
  }
  return result + "'";
}

bool parse_double(std::string_view text, double& out) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool is_signed = at != end && (*at == '-' || *at == '+');
  const bool is_negative = is_signed && *at == '-';
  at += is_signed ? 1 : 0;
  double value = 0.0;
  if (!parse_plain(at, end, value) && !parse_general(at, end, value)) {
    return false;
  }
  out = is_negative ? -value : value;
  return true;
}

bool parse_int(std::string_view text, std::int64_t& out) {
  if (text.size() > 1 && text.front() == '+' && is_digit(text[1])) {
    text.remove_prefix(1);
  }
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stop != end) {
    return false;
  }
  out = value;
  return true;
}

std::string shortest(double value) {
  // Fixed where people expect it (as Python's repr): to_chars alone would print 100000 as 1e+05.
  const double size = std::fabs(value);
  const bool is_fixed = size == 0.0 || (size >= 1e-4 && size < 1e16);
  char buffer[64];
  const auto [end, error] = is_fixed
                                ? std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed)
                                : std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  return error == std::errc{} ? std::string(buffer, end) : std::string();
}

std::string fixed(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.front() == '-' && text.find_first_of("123456789if") == std::string::npos) {
    text.erase(0, 1);
  }
  return text;
}

std::string signed_fixed(double value, int decimals) {
  std::string text = fixed(value, decimals);
  const bool has_value = text.find_first_of("123456789if") != std::string::npos;
  return value > 0 && has_value ? "+" + text : text;
}

std::string grouped(std::int64_t value) {
  std::string digits = std::to_string(value);
  const std::size_t first = value < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

}  // namespace lode
