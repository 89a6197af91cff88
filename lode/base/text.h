// Small text tools: splitting, number parsing and printing, "did you mean".
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lode {

// The pieces between separators, views into `text`: always one more than there are separators, so "" gives one empty
// piece and "a," two. No quoting, no trimming.
std::vector<std::string_view> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);  // ASCII blanks.
std::string lower(std::string_view text);      // ASCII.
std::string upper(std::string_view text);      // ASCII; other bytes stay.
// The parts with the separator between; "" of none.
std::string join(std::span<const std::string> parts, std::string_view separator);
// The first of many, as a message may list them: "a, b and 2,998 more".
std::string join_some(std::span<const std::string> parts, std::size_t most = 12);
// Foreign text as a message may show it: in single quotes, control characters and bytes that are no UTF-8 as '?', cut
// after 60 characters with "...".
std::string quote(std::string_view text);
// True when every byte belongs to a well-formed character (RFC 3629: no surrogate, no overlong form, up to U+10FFFF).
bool is_utf8(std::string_view text);
// Bytes of the well-formed UTF-8 character that starts at `at`; 0 when there is none.
std::size_t utf8_sequence(std::string_view text, std::size_t at);
std::size_t code_points(std::string_view text);  // Characters of valid UTF-8: what a terminal counts.

// Exact decimal to nearest double, no locale, whole text consumed; false (and `out` untouched) otherwise. Takes "1e5",
// "-.5", "+1"; refuses "", "nan", "inf", hex, blanks, and what is too large for a double; too small is 0.
bool parse_double(std::string_view text, double& out);
// A whole decimal number with an optional sign, whole text consumed; false (and `out` untouched) for anything else,
// blanks and what 64 bits cannot hold included.
bool parse_int(std::string_view text, std::int64_t& out);

// The fewest digits that read back to the same bits ("0.1", "100000", "1e-07"): fixed from 1e-4 to below 1e16, else
// scientific. Callers decide how a missing value looks before they ask.
std::string shortest(double value);
// Fixed decimals without a negative zero: fixed(-0.0001, 2) = "0.00".
std::string fixed(double value, int decimals);
// fixed() with a leading '+' or '-' (none at zero... "0.00" prints as "0.00").
std::string signed_fixed(double value, int decimals);
// 1261004 -> "1,261,004".
std::string grouped(std::int64_t value);

// Optimal-string-alignment distance: insert, delete, replace and swap of neighbours each cost 1.
int edit_distance(std::string_view a, std::string_view b);
// At most two candidates within max(1, len/3), the nearest only (of more than two, those with the longest shared
// beginning), in candidate order; compares without case. Empty when nothing is near, or where only
// the value of a number differs (r9 is no misspelt r1): a wrong hint is worse than none.
std::vector<std::string> suggest(std::string_view word, std::span<const std::string> candidates);
// "did you mean 'x'?" or "did you mean 'x' or 'y'?"; empty when nothing is near.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace lode
