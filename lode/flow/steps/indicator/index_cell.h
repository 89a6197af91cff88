// What one cell of an index says of time, where it is no plain date: a time of day, a month, a quarter, a week, a date
// whose month is a word. Each of them has an order of its own.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "lode/base/time.h"

namespace lode::flow {

// What stands behind the day of a cell ("T09:30Z", " 9:30 PM", " 093000", ""), as nanoseconds since that day's
// midnight, less the offset from UTC where one is written. nullopt where it is no time.
std::optional<std::int64_t> nanos_behind_day(std::string_view cell);

enum class IndexForm : std::uint8_t {
  kNamedDate,  // 2-Jan-20, 02JAN2020, Jan 2, 2020, Thu 2 January 2020, 2020-Jan-02; a time may follow
  kMonth,      // 2020-02, 2020/2, 02/2020, 2020M02, Feb 2020, 2020 February
  kPart,       // 2020Q1, 2020-Q1, Q1 2020, 1Q2020; halves with H
  kWeek,       // 2020-W01, 2020W01, 2020-W01-5, as ISO 8601 has it
  kTimeOfDay,  // 9:30, 09:31:00.5, 9:30 PM
};
inline constexpr IndexForm kIndexForms[] = {IndexForm::kNamedDate, IndexForm::kMonth, IndexForm::kPart,
                                            IndexForm::kWeek, IndexForm::kTimeOfDay};

// The first day of what the cell names, and the time of day behind it. Of a time of day alone the day is 1970-01-01.
struct IndexPlace {
  Date day;
  std::int64_t nanos = 0;
};

// nullopt where the cell is not of that form, or names what does not exist. Months are English, in full or by their
// first three letters. A day stands before a month that is a word, unless four digits do; a year of two digits is 1969
// to 2068.
std::optional<IndexPlace> place_of(IndexForm form, std::string_view cell);

}  // namespace lode::flow
