// Index files as recorded, and what is refused.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/index_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "lode/io/source/edgar/recorded.h"

namespace lode::source::edgar {
namespace {

using testing::HasSubstr;

constexpr const char* kPreamble =
    "Description:           Master Index of EDGAR Dissemination Feed\nLast Data Received:    March 31, 2021\n\n\n";

TEST(IndexFile, ReadsTheWrappedCompanyIndex) {
  LODE_NEEDS_DATA("edgar/index");
  const std::string body = read_test_data("edgar/index/company.20221003.idx.gz");
  const IndexFile index = must(parse_index(body));
  EXPECT_EQ(index.rows.size(), 4925U);
  EXPECT_TRUE(index.rejected.empty());
  EXPECT_EQ(index.rows.front().name, "1st stREIT Office Inc.");
  EXPECT_EQ(index.rows.front().form, "1-A POS");
  EXPECT_EQ(index.rows.front().cik, "1700461");
  EXPECT_EQ(index.rows.front().accession, "0001104659-22-105357");
  EXPECT_EQ(to_string(index.rows.front().filed_on), "2022-10-03");
  EXPECT_EQ(index.rows.back().name, "voxeljet AG");
  for (const IndexRow& row : index.rows) {
    ASSERT_EQ(row.form.find("  "), std::string_view::npos) << row.form;
    ASSERT_FALSE(row.name.ends_with(' '));
  }
}

TEST(IndexFile, ReadsBothDateFormsOfTheMasterIndex) {
  LODE_NEEDS_DATA("edgar/index");
  const std::string daily = read_test_data("edgar/index/master.20181231.idx");
  const std::string full = read_test_data("edgar/index/master.idx");
  EXPECT_EQ(must(parse_index(daily)).rows.size(), 10U);
  EXPECT_EQ(to_string(must(parse_index(daily)).rows.front().filed_on), "2018-12-31");
  const IndexFile old = must(parse_index(full));
  EXPECT_EQ(old.rows.size(), 20U);
  EXPECT_EQ(to_string(old.rows.front().filed_on), "1993-12-30");
  EXPECT_EQ(old.rows.at(17).name, "AFFILIATE STKHLDRS OF MORGAN STANLEY DEAN WITTER DISCOVER&CO");
}

TEST(IndexFile, ReadsTheFormIndexWithAwkwardNames) {
  LODE_NEEDS_DATA("edgar/index");
  const std::string body = read_test_data("edgar/index/badform.idx.txt");
  const IndexFile index = must(parse_index(body));
  ASSERT_EQ(index.rows.size(), 10U);
  EXPECT_EQ(index.rows.at(6).name, "UNITED PLANNERS' FINANCIAL SERVICES OF AMERICA A LIMITED PARTNER");
  EXPECT_EQ(index.rows.at(6).form, "X-17A-5");
  EXPECT_EQ(index.rows.at(5).form, "1-A POS");
  EXPECT_EQ(index.rows.at(2).name, "AGILE GROUP, INC. / NV");
  EXPECT_EQ(index.rows.at(2).line, 13);
}

TEST(IndexFile, TellsTheDayOfItsHead) {
  const auto told = [](const std::string& day) {
    const auto index = must(parse_index("Description: x\nLast Data Received:    " + day +
                                        "\n\nCIK|Company Name|Form Type|Date Filed|File Name\n-------\n"));
    return index.received ? to_string(*index.received) : std::string();
  };
  EXPECT_EQ(told("Oct  3, 2022"), "2022-10-03");
  EXPECT_EQ(told("Dec 31, 2018\r"), "2018-12-31");
  EXPECT_EQ(told("March 31, 2021"), "2021-03-31");
  for (const char* none : {"", "Dec 2018", "Foo 3, 2022", "Feb 30, 2022", "Oct 3 2022", "Oct ,, 2022"}) {
    EXPECT_EQ(told(none), "") << none;
  }
}

TEST(IndexFile, AHeaderAloneIsAnEmptyIndex) {
  LODE_NEEDS_DATA("edgar/index");
  const std::string body = read_test_data("edgar/index/empty-form.idx");
  const IndexFile index = must(parse_index(body));
  EXPECT_EQ(index.records, 0);
}

TEST(IndexFile, ReadsTheCrawlersAddresses) {
  const std::string body =
      std::string(kPreamble) +
      "Company Name                  Form Type   CIK         Date Filed  URL\n-------------------\n"
      "A  B COMPANY                  SC 13D/A    320193      2021-02-05  "
      "https://www.sec.gov/Archives/edgar/data/320193/0000320193-21-000010-index.htm\n";
  const IndexFile index = must(parse_index(body));
  ASSERT_EQ(index.rows.size(), 1U);
  EXPECT_EQ(index.rows[0].name, "A  B COMPANY");
  EXPECT_EQ(index.rows[0].form, "SC 13D/A");
  EXPECT_EQ(index.rows[0].accession, "0000320193-21-000010");
}

TEST(IndexFile, SetsAsideRowsItCannotReadAndRefusesAFileOfThem) {
  const std::string header =
      std::string(kPreamble) + "CIK|Company Name|Form Type|Date Filed|Filename\n--------------\n";
  const std::string good = "11860|BETHLEHEM|10-Q|1993-11-12|edgar/data/11860/0000011860-94-000005.txt\n";
  const std::string bad =
      "x|A|10-Q|1993-11-12|edgar/data/11860/0000011860-94-000005.txt\n"
      "1|A|10-Q|1993-13-12|edgar/data/11860/0000011860-94-000005.txt\n"
      "1|A|10-Q|1993-11-12|edgar/data/11860/nothing.txt\n"
      "1|A|10-Q|1993-11-12\n"
      "1|A||1993-11-12|edgar/data/11860/0000011860-94-000005.txt\n"
      "1|A|B|10-Q|1993-11-12|edgar/data/11860/0000011860-94-000005.txt\n";
  const std::string both = header + good + bad;
  const IndexFile index = must(parse_index(both));
  EXPECT_EQ(index.rows.size(), 1U);
  EXPECT_EQ(index.rejected.size(), 6U);
  EXPECT_EQ(index.rejected[0].line, 8);
  const std::string none = header + bad;
  EXPECT_EQ(parse_index(none).error().number(), E::E6206);
}

TEST(IndexFile, RefusesWhatIsNoIndex) {
  const std::string no_columns = std::string(kPreamble) + "nothing\n-------\n";
  const std::string other_master = std::string(kPreamble) + "CIK|Form Type|Company Name\n-------\n";
  for (const std::string& body : {std::string("<html>Description:\n-----"), std::string("Description: x\n"), no_columns,
                                  other_master, std::string()}) {
    const auto parsed = parse_index(body);
    ASSERT_FALSE(parsed) << body;
    EXPECT_EQ(parsed.error().number(), E::E6206);
  }
}

}  // namespace
}  // namespace lode::source::edgar
