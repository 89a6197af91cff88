// Telling intraday bars by their dates.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/intraday.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "lode/base/text.h"
#include "lode/io/source/bar_collector.h"

namespace lode::source {

namespace {

using Kind = DateFormat::Kind;

constexpr std::int64_t kFirstRows = 100;       // Without a time of day in these, there is none in the file.
constexpr std::int64_t kMostRows = 1'000'000;  // One bar of every name, whatever the order, comes before.

bool is_midnight(std::string_view time) { return time.find_first_not_of("0:.") == std::string_view::npos; }

std::string clock_of(std::int64_t seconds) {
  return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string epoch_clock(std::string_view cell, std::int64_t each_second) {
  constexpr std::int64_t kDay = 86'400;
  std::int64_t count = 0;
  if (!parse_int(cell, count)) {
    return "";
  }
  const std::int64_t seconds = ((count / each_second) % kDay + kDay) % kDay;
  return seconds == 0 ? "" : clock_of(seconds);
}

// Sees one bar after the other.
class Watch {
 public:
  Watch(const DateFormat& format, const Calendar* calendar) : format_(format), calendar_(calendar) {}

  // False once nothing more is to be learnt.
  bool see(std::string_view symbol, std::string_view cell) {
    ++rows_;
    Date session;
    const std::string time = time_of_day(cell, format_);
    if (time.empty() || !read_date(cell, format_, calendar_, session)) {
      return rows_ < (out_.first.empty() ? kFirstRows : kMostRows);
    }
    return see(symbol, session, time);
  }

  bool see(std::string_view symbol, Date session, const std::string& time) {
    out_.first = out_.first.empty() ? time : out_.first;
    const auto [seen, is_new] = times_.try_emplace(fmt::format("{} {}", session.days, symbol), time);
    if (!is_new && seen->second != time) {
      out_.pair = {std::string(symbol), session, seen->second, time};
      return false;
    }
    return rows_ < kMostRows;
  }

  // A row whose date is missing or no instant.
  bool pass() { return ++rows_ < (out_.first.empty() ? kFirstRows : kMostRows); }

  TimesOfDay take() { return std::move(out_); }

 private:
  const DateFormat& format_;
  const Calendar* calendar_;
  TimesOfDay out_;
  std::int64_t rows_ = 0;
  std::unordered_map<std::string, std::string> times_;  // Of a day and symbol
};

}  // namespace

std::string time_of_day(std::string_view cell, const DateFormat& format) {
  if (format.kind == Kind::kEpoch || format.kind == Kind::kEpochMillis) {
    const std::string time = epoch_clock(cell, format.kind == Kind::kEpoch ? 1 : 1000);
    if (!time.empty()) {
      return time;
    }
  }
  const bool has_clock = format.kind == Kind::kPattern && format.pattern.find("%H") != std::string::npos;
  // A pattern may hold blanks between the parts of a day; its clock stands behind the last.
  const std::size_t at = format.kind == Kind::kPattern ? (has_clock ? cell.find_last_of(" T") : std::string_view::npos)
                                                       : cell.find_first_of(" T");
  if (at == std::string_view::npos) {
    return "";
  }
  const std::string_view time = cell.substr(at + 1);
  const std::size_t offset = time.find_first_of("Zz+-");
  return is_midnight(time.substr(0, offset)) ? std::string() : std::string(time);
}

TimesOfDay times_of_day(std::string_view bytes, const Dialect& dialect, const Layout& layout, const DateFormat& format,
                        const Calendar* calendar) {
  Watch watch(format, calendar);
  RowReader rows(bytes, dialect);
  const int symbol = layout.column[kSymbol];
  const auto date = static_cast<std::size_t>(layout.column[kDate]);
  bool more = true;
  while (more && rows.next()) {
    if (rows.cells() != dialect.header.size()) {
      more = watch.pass();
      continue;
    }
    more = watch.see(symbol < 0 ? std::string_view() : rows.fields()[static_cast<std::size_t>(symbol)],
                     rows.fields()[date]);
  }
  return watch.take();
}

TimesOfDay times_of_day(const Batch& batch, const Layout& layout, const DateFormat& format, const Calendar* calendar) {
  Watch watch(format, calendar);
  const Column& dates = batch.columns()[static_cast<std::size_t>(layout.column[kDate])];
  const Column* symbols =
      layout.column[kSymbol] < 0 ? nullptr : &batch.columns()[static_cast<std::size_t>(layout.column[kSymbol])];
  bool more = dates.type() != ColumnType::kDate;
  for (std::size_t row = 0; more && row < batch.rows(); ++row) {
    const std::string symbol = symbols == nullptr || symbols->is_null(row) ? std::string() : symbols->cell(row);
    if (dates.is_null(row)) {
      more = watch.pass();
    } else if (dates.type() == ColumnType::kTime) {
      const Time instant{dates.times()[row]};
      const Date day = utc_date(instant);
      const std::int64_t seconds = (instant.nanos - start_of_day(day).nanos) / 1'000'000'000;
      more = seconds == 0 ? watch.pass() : watch.see(symbol, day, clock_of(seconds));
    } else {
      more = watch.see(symbol, dates.cell(row));
    }
  }
  return watch.take();
}

}  // namespace lode::source
