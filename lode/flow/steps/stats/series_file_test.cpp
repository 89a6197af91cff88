// Files of series: what is read, and what is told.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/stats/series_file.h"

#include <gmock/gmock.h>

#include <cmath>

#include "lode/flow/verb_testing.h"
#include "lode/io/arrow/testing.h"

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SeriesFiles : public testing::Verbs {
 protected:
  std::string write(std::string_view text) {
    std::string path = parts.folder + "/series" + std::to_string(++written_) + ".csv";
    must(write_file(path, text));
    return path;
  }
  std::string mistake_of(std::string_view text, std::vector<std::string> only = {}) {
    const Result<SeriesFile> file = read_series_file(write(text), only);
    return file ? "no error" : render(file.error());
  }

 private:
  int written_ = 0;
};

TEST_F(SeriesFiles, AreColumnsOfNumbersInOrderOfDates) {
  const SeriesFile file =
      must(read_series_file(write("date,a,b\n2024-01-04,3,\n2024-01-02,1,-0.5\n2024-01-03,nan,1e-3\n")));
  EXPECT_THAT(file.names, ElementsAre("a", "b"));
  EXPECT_EQ(file.rows(), 3U);
  EXPECT_EQ(to_string(file.dates.front()), "2024-01-02");
  EXPECT_EQ(file.series[0][0], 1.0);
  EXPECT_TRUE(std::isnan(file.series[0][1]));
  EXPECT_EQ(file.series[0][2], 3.0);
  EXPECT_EQ(file.series[1][0], -0.5);
  EXPECT_TRUE(std::isnan(file.series[1][2]));
  EXPECT_EQ(file.hash.size(), 64U);
}

TEST_F(SeriesFiles, NeedNoDates) {
  const SeriesFile file = must(read_series_file(write("x\n1\n2\n\n3\n")));
  EXPECT_THAT(file.series[0], ElementsAre(1.0, 2.0, 3.0));
  EXPECT_THAT(file.dates, IsEmpty());
  EXPECT_THAT(must(read_series_file(write("when;x\n2024-01-02;1\n2024-01-03;2\n"))).dates.size(), 2U);
}

// 10:00 in Sydney is 23:00 of the day before in UTC.
TEST_F(SeriesFiles, HaveTheDaysThatTheirOwnClockShowed) {
  namespace by_hand = arrow::by_hand;
  const std::string path = parts.folder + "/returns.arrow";
  const std::int64_t first = 1'709'852'400;  // 2024-03-07T23:00:00Z
  must(write_file(path, by_hand::columns({by_hand::field("at", by_hand::timestamp(0, "Australia/Sydney")),
                                          by_hand::field("count", by_hand::integer(64, false))}) +
                            by_hand::rows({.rows = 2,
                                           .nulls = {0, 0},
                                           .buffers = {"", by_hand::raw<std::int64_t>({first, first + 86'400}), "",
                                                       by_hand::raw<std::uint64_t>({1000, 2000})}}) +
                            by_hand::end()));
  const SeriesFile file = must(read_series_file(path));
  ASSERT_EQ(file.dates.size(), 2U);
  EXPECT_EQ(to_string(file.dates[0]), "2024-03-08");
  EXPECT_EQ(to_string(file.dates[1]), "2024-03-09");
  EXPECT_THAT(file.series[0], ElementsAre(1000.0, 2000.0)) << "and no ids of 16 hex digits";
}

TEST_F(SeriesFiles, AreNotRefusedForAClockThatNobodyAskedFor) {
  namespace by_hand = arrow::by_hand;
  const auto file_of = [&](bool has_days) {
    const std::string path = parts.folder + "/clocks.arrow";
    std::vector<by_hand::Flat> fields = {by_hand::field("stamp", by_hand::timestamp(0, "Nowhere/X")),
                                         by_hand::field("r", by_hand::integer(64))};
    by_hand::Rows rows{.rows = 2,
                       .nulls = {0, 0},
                       .buffers = {"", by_hand::raw<std::int64_t>({7, 8}), "", by_hand::raw<std::int64_t>({1, 2})}};
    if (has_days) {
      fields.push_back(by_hand::field("date", by_hand::date(0)));
      rows.nulls.push_back(0);
      rows.buffers.insert(rows.buffers.end(), {"", by_hand::raw<std::int32_t>({19724, 19725})});
    }
    must(write_file(path, by_hand::columns(std::move(fields)) + by_hand::rows(rows) + by_hand::end()));
    return path;
  };
  const std::vector<std::string> only = {"r"};
  const SeriesFile file = must(read_series_file(file_of(true), only));
  EXPECT_THAT(file.series[0], ElementsAre(1.0, 2.0));
  EXPECT_EQ(file.dates.size(), 2U);
  EXPECT_EQ(read_series_file(file_of(true)).error().number(), E::E2005) << "all are asked for";
  EXPECT_EQ(read_series_file(file_of(false), only).error().number(), E::E2005) << "nothing else tells the order";
}

TEST_F(SeriesFiles, HaveLabelsInTheirFirstColumnOfText) {
  const SeriesFile file = must(read_series_file(write("name,p\nmomentum,0.01\nvalue,0.2\n")));
  EXPECT_THAT(file.labels, ElementsAre("momentum", "value"));
  EXPECT_THAT(file.names, ElementsAre("p"));
}

TEST_F(SeriesFiles, GiveTheColumnsWantedAlone) {
  const std::string path = write("date,a,b,note\n2024-01-02,1,2,x\n");
  EXPECT_THAT(must(read_series_file(path, std::vector<std::string>{"b"})).names, ElementsAre("b"));
  EXPECT_THAT(mistake_of("date,alpha,beta\n2024-01-02,1,2\n", {"alhpa"}), HasSubstr("did you mean 'alpha'?"));
}

TEST_F(SeriesFiles, TellWhatIsWrongAndWhere) {
  EXPECT_THAT(mistake_of("a,b\n1,2\n3,x\n"), HasSubstr("line 3: 'x' in column b is no number"));
  EXPECT_THAT(mistake_of("a,b\n1,2\n3\n"), HasSubstr("line 3 has 1 cells, expected 2"));
  EXPECT_THAT(mistake_of("a,b\n"), HasSubstr("has no row"));
  EXPECT_THAT(mistake_of("name\nx\ny\n"), HasSubstr("no column of numbers"));
  EXPECT_THAT(mistake_of("1\n2\n3\n"), HasSubstr("the first line is a number"));
  EXPECT_THAT(mistake_of("date,a\n2024-01-02,1\n2024-01-02,2\n"), HasSubstr("2024-01-02 stands twice"));
  EXPECT_THAT(mistake_of("date,a\n2024-01-02,1\n2024-02-30,2\n"), HasSubstr("'2024-02-30' in column date is no date"));
  EXPECT_THAT(mistake_of(""), HasSubstr("E2014"));
}

}  // namespace
}  // namespace lode::flow
