// How whole an index file is. A file of a day that was fetched while it was being written is good, and short: nothing
// in it says so. So its rows are counted against the files of the same weekday before it, and a day with less than nine
// tenths of their median is provisional: what it has is taken, and it is asked again until it is whole, or until it has
// had time enough (a half day before a holiday stays short). The file of a quarter grows; one that shrank is refused.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lode/io/source/collect/response.h"

namespace lode::source::edgar {

inline constexpr double kIndexShare = 0.9;     // Of the weekday's median, or of the quarter's longest file.
inline constexpr int kIndexWeekdays = 8;       // Files the median is of, at most.
inline constexpr int kIndexWeekdaysLeast = 3;  // Fewer say nothing.
inline constexpr int kIndexSettleDays = 10;    // After so many days a short file is what there is.
inline constexpr int kIndexStartDays = 7;      // Of a quarter: a file without rows is whole.

// The counts of files read before; the cursor of the index source.
class IndexState {
 public:
  static IndexState load(const Cursor& cursor);
  void save(Cursor& cursor) const;

  // Takes the count of a day's file as read on `today`. The reason why it is provisional, "" when it is whole.
  std::string take_day(Date day, std::int64_t rows, Date today);
  // Takes the count of a quarter's file ("2022Q4"). E6206 when it is shorter than nine tenths of the longest one.
  Result<void> take_quarter(const std::string& quarter, std::int64_t rows);

  // Days to ask again, ascending: provisional, and not older than `today` less kIndexSettleDays.
  std::vector<Date> provisional(Date today) const;

 private:
  // The middle count of the nearest files of that weekday before the day; nullopt when there are too few.
  std::optional<double> usual(Date day) const;

  std::map<Date, std::int64_t> days_;         // Whole ones.
  std::map<Date, std::int64_t> provisional_;  // Rows they had.
  std::map<std::string, std::int64_t> quarters_;
};

}  // namespace lode::source::edgar
