// How a number is printed: the one place that knows signs, digits, thousands and what a missing value looks like.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lode::report {

// What kind of number it is, and so how it is written. All give three significant digits, within the decimals named.
enum class Style : std::uint8_t {
  kCoefficient,  // +0.0243: an information coefficient; signed, at most 4 decimals
  kReturn,       // +11.7 %: a ratio as signed percent, at most 2 decimals
  kShare,        // 64.2 %: a ratio as percent without a sign, at most 1 decimal
  kT,            // +4.10: a t statistic; signed, 2 decimals
  kDecimal,      // 0.215: unsigned, at most 3 decimals; negative values keep their minus
  kCount,        // 1 234: a whole number
  kBasisPoints,  // 11.4 bp: at most 1 decimal
  kDailyReturn,  // +3.12 bp: a small ratio as signed basis points, at most 2 decimals
  kSessions,     // 12.4: a length in sessions, at most 1 decimal
};

inline constexpr std::string_view kMinus = "\xE2\x88\x92";      // U+2212
inline constexpr std::string_view kThinSpace = "\xE2\x80\xAF";  // U+202F: thin, and never a line break
inline constexpr std::string_view kMissing = "\xE2\x80\x93";    // U+2013

// UTF-8 text of `value`; kMissing for NaN and infinities. Never a negative zero: what rounds to zero has no sign.
std::string number_text(double value, Style style);

// The same without the unit ("11.7"), for columns whose header names it.
std::string bare_number_text(double value, Style style);

// The same with the decimals given, for columns whose numbers must stand under each other.
std::string bare_number_text(double value, Style style, int decimals);

// "+0.0243 (+0.0129 .. +0.0357)" with the ends in the decimals of the value; only the value when an end is NaN.
std::string interval_text(double value, double lower, double upper, Style style);
// The ends alone: "+0.0129 .. +0.0357"; kMissing when one is NaN.
std::string range_text(double value, double lower, double upper, Style style);

// A label on an axis: as many decimals as `step` needs, the unit of the style, "0" for zero.
std::string tick_text(double value, double step, Style style);

// "1 name", "1 234 names": a count and its noun, which takes an s unless there is one.
std::string counted_text(std::int64_t count, std::string_view noun);

// A cost as it was asked for: "10 bp", "2.5 bp".
std::string cost_text(double bps);

// " %", " bp" or "".
std::string_view unit_of(Style style);
// What a value is multiplied with before it is printed: 100 for percent.
double shown_scale(Style style);

}  // namespace lode::report
