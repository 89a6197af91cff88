// How files write dates.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/date_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/error.h"
#include "lode/base/must.h"
#include "lode/io/source/date_order.h"

namespace lode::source {
namespace {

using ::testing::HasSubstr;

// The day a cell is read as; "-" when it is none.
std::string read(std::string_view cell, std::string_view format, const Calendar* calendar = nullptr) {
  Date out;
  return read_date(cell, must(parse_date_format(format)), calendar, out) ? to_string(out) : "-";
}

TEST(DateFormat, ReadsTheSpellingItWasTold) {
  struct Case {
    std::string_view cell, format, day;
  };
  for (const Case& one : std::vector<Case>{{"2020-12-31", "ymd", "2020-12-31"},
                                           {"2020/12/31", "ymd", "2020-12-31"},
                                           {"20201231", "ymd", "2020-12-31"},
                                           {"2024/1/3", "ymd", "2024-01-03"},
                                           {"2024-1-13", "ymd", "2024-01-13"},
                                           {"2024.01.03", "ymd", "2024-01-03"},
                                           {"2024.1.3", "dmy", "2024-01-03"},
                                           {"2024/1/3 9:30", "ymd", "2024-01-03"},
                                           {"20240103 16:00", "ymd", "2024-01-03"},
                                           {"20240103T160000", "ymd", "2024-01-03"},
                                           {"2024/13/3", "ymd", "-"},
                                           {"2024/1-3", "ymd", "-"},
                                           {"2024/1/3x", "ymd", "-"},
                                           {"2024/1/3 25:00", "ymd", "-"},
                                           {"2024/001/3", "ymd", "-"},
                                           {"24/1/3", "ymd", "-"},
                                           {"2024 1 3", "ymd", "-"},
                                           {"31/12/2020", "ymd", "-"},
                                           {"31/12/2020", "dmy", "2020-12-31"},
                                           {"31.12.2020", "dmy", "2020-12-31"},
                                           {"1-2-2020", "dmy", "2020-02-01"},
                                           {"03/04/2024 16:00", "dmy", "2024-04-03"},
                                           {"2020-12-31", "dmy", "2020-12-31"},
                                           {"31/12-2020", "dmy", "-"},
                                           {"31/12/20", "dmy", "-"},
                                           {"12/31/2020", "dmy", "-"},
                                           {"12/31/2020", "mdy", "2020-12-31"},
                                           {"03/04/2024", "mdy", "2024-03-04"},
                                           {"02/30/2024", "mdy", "-"},
                                           {"44196", "excel", "2020-12-31"},
                                           {"44196.75", "excel", "2020-12-31"},
                                           {"61", "excel", "1900-03-01"},
                                           {"60", "excel", "-"},
                                           {"nan", "excel", "-"},
                                           {"1609372800", "epoch", "2020-12-31"},
                                           {"1609372800000", "epoch_ms", "2020-12-31"},
                                           {"9223372036854775807", "epoch", "-"},
                                           {"31-Dec-2020", "%d-%b-%Y", "2020-12-31"},
                                           {"31 december 2020", "%d %B %Y", "2020-12-31"},
                                           {"Dec 31, 2020", "%b %d, %Y", "2020-12-31"},
                                           {"31/12/69", "%d/%m/%y", "1969-12-31"},
                                           {"31/12/68", "%d/%m/%y", "2068-12-31"},
                                           {"2020366", "%Y%j", "2020-12-31"},
                                           {"2019366", "%Y%j", "-"},
                                           {"9999365", "%Y%j", "9999-12-31"},
                                           {"9999366", "%Y%j", "-"},
                                           {"2020-12-31 16:00:00", "%Y-%m-%d %H:%M:%S", "2020-12-31"},
                                           {"100% 31.12.2020", "100%% %d.%m.%Y", "2020-12-31"},
                                           {"31-Dec-2020x", "%d-%b-%Y", "-"},
                                           {"31-Dec", "%d-%b-%Y", "-"},
                                           {"2020-12-31", "%d-%b-%Y", "-"}}) {
    EXPECT_EQ(read(one.cell, one.format), one.day) << one.cell << " as " << one.format;
  }
}

TEST(DateFormat, ATimeOfDayIsOne) {
  for (const char* good : {"00:00", "9:30", "16:00", "1600", "16:00:00", "160000", "23:59:60", "16:00:00.000",
                           "16:00:00Z", "16:00z", "16:00+10", "16:00:00-0500", "16:00:00.5+10:00"}) {
    EXPECT_EQ(read("2024-01-02 " + std::string(good), "ymd"), "2024-01-02") << good;
    EXPECT_EQ(read("2024-01-02T" + std::string(good), "ymd"), "2024-01-02") << good;
    EXPECT_EQ(read("02/01/2024 " + std::string(good), "dmy"), "2024-01-02") << good;
  }
  for (const char* bad : {"99:99", "24:00", "16:60", "16:00:61", "16", "1", "::::", "16:0", "16:0000", "16.00",
                          "16:00x", "16:00+", "16:00+99:00", "16:00+10:60", "16:00+10:0", "16:00ZZ", "-", "1:2:3"}) {
    EXPECT_EQ(read("2024-01-02 " + std::string(bad), "ymd"), "-") << bad;
    EXPECT_EQ(read("02/01/2024 " + std::string(bad), "dmy"), "-") << bad;
  }
}

TEST(DateFormat, AnInstantIsTheDayOnTheClockOfTheExchange) {
  const Calendar* sydney = must(find_calendar("XASX"));
  EXPECT_EQ(read("1718841600", "epoch", sydney), "2024-06-20") << "midnight in UTC is how a date is written";
  EXPECT_EQ(read("1718924400", "epoch", sydney), "2024-06-21") << "23:00 UTC on the 20th";
  EXPECT_EQ(read("1718924400", "epoch"), "2024-06-20");
  EXPECT_EQ(read("20/06/2024 23:00Z", "dmy", sydney), "2024-06-21");
  EXPECT_EQ(read("20/06/2024 23:00", "dmy", sydney), "2024-06-20") << "without an offset the exchange's own time";
}

TEST(DateFormat, NamesWhatItDoesNotUnderstand) {
  const auto said = [](std::string_view text) {
    const Result<DateFormat> format = parse_date_format(text);
    return format ? to_string(*format) : format.error().message();
  };
  for (const char* good : {"ymd", "dmy", "mdy", "excel", "epoch", "epoch_ms", "%d-%b-%Y", "%Y%j"}) {
    EXPECT_EQ(said(good), good);
  }
  EXPECT_EQ(said("dd/mm/yyyy"), "--date-format 'dd/mm/yyyy' is no way to write dates");
  EXPECT_THAT(said("%d/%m"), HasSubstr("it tells no year"));
  EXPECT_THAT(said("%Y-%m"), HasSubstr("it tells no day and month"));
  EXPECT_THAT(said("%Y-%m-%e"), HasSubstr("%e is none of"));
  EXPECT_THAT(said("%Y-%m-%d%"), HasSubstr("% is none of"));
}

TEST(DateFault, OffersTheOptionThatWouldReadIt) {
  struct Case {
    std::string_view cell, option;
  };
  for (const Case& one : std::vector<Case>{{"31/12/2020", "--date-format dmy or mdy"},
                                           {"44196", "--date-format excel"},
                                           {"1609372800", "--date-format epoch"},
                                           {"1609372800000", "--date-format epoch_ms"},
                                           {"31-Dec-2020", "--date-format %d-%b-%Y"},
                                           {"2020-Dec-31", "--date-format %Y-%b-%d"},
                                           {"2020Dec31", "--date-format %Y%b%d"},
                                           {"2020-366", "--date-format %Y-%j"},
                                           {"2020年1月3日", "--date-format %Y年%m月%d日"},
                                           {"Dec 31, 2020", "--date-format '%b %d, %Y'"}}) {
    EXPECT_THAT(date_fault(one.cell, {}).shown, HasSubstr(one.option)) << one.cell;
    EXPECT_THAT(date_fault(one.cell, {}).reason, HasSubstr(one.option)) << one.cell;
  }
  EXPECT_EQ(date_fault("soon", {}).shown, "\"soon\"");
  EXPECT_EQ(date_fault("31/02/2020", {DateFormat::Kind::kDmy}).column, "date") << "a day that does not exist";
  EXPECT_EQ(date_fault("2020", {DateFormat::Kind::kPattern, "%d-%b-%Y"}).reason,
            "'2020' is not understood as a date, expected %d-%b-%Y");
}

// The order a file's cells show, or the message why none.
std::string order_of(const std::vector<std::string_view>& cells) {
  std::string text = "date,symbol,close\n";
  for (const std::string_view cell : cells) {
    text += std::string(cell) + ",A,1\n";
  }
  const Dialect dialect = must(read_dialect(text, "a.csv"));
  const int columns[] = {0, -1};
  const DateEvidence evidence = date_evidence(text, dialect, columns);
  const Result<DateFormat> format = evidence.settle("a.csv");
  return format ? to_string(*format) + " " + evidence.proof() : format.error().message();
}

TEST(DateOrder, TheWholeColumnDecides) {
  EXPECT_EQ(order_of({"2024-01-02", "20240103"}), "ymd ");
  EXPECT_EQ(order_of({"03/04/2024", "04/04/2024", "15/04/2024"}), "dmy 15/04/2024");
  EXPECT_EQ(order_of({"04/03/2024", "4/30/2024"}), "mdy 4/30/2024");
  EXPECT_EQ(order_of({"03/04/2024", "04/04/2024"}),
            "a.csv: '03/04/2024' on line 2, and every other date, can be read two ways");
  EXPECT_EQ(order_of({"03/04/2024", "15/04/2024", "04/15/2024"}),
            "a.csv: '15/04/2024' on line 3 has the day first, '04/15/2024' on line 4 the month");
  EXPECT_EQ(order_of({"15/04/24"}), "a.csv: the year of '15/04/24' (line 2) has two digits");
  EXPECT_EQ(order_of({"03/04/2024", "2024-04-03"}), "ymd ") << "an odd row among others is set aside by itself";
  EXPECT_EQ(order_of({"15/04/2024", "2024-04-03"}), "dmy 15/04/2024");
  EXPECT_EQ(order_of({"2024-04-03", "03/04/2024", "13/02/2014", "02/14/2014"}), "ymd ") << "a pair of odd rows too";
  EXPECT_EQ(order_of({"2024-04-03", "13/02/2014", "13/02/14"}), "ymd ") << "a proof beside what cannot be settled";
  EXPECT_EQ(order_of({"99/99/2024", "15/04/2024"}), "dmy 15/04/2024") << "nonsense shows nothing";
}

TEST(DateOrder, LooksBehindTheFirstRowsOnlyWhereOneOfThemIsOpen) {
  std::vector<std::string_view> cells(300, "2024-01-02");
  cells.back() = "15/04/2024";
  EXPECT_EQ(order_of(cells), "ymd ") << "one odd row does not make a file; it is set aside by itself";
  cells.front() = "03/04/2024";
  EXPECT_EQ(order_of(cells), "dmy 15/04/2024");
}

}  // namespace
}  // namespace lode::source
