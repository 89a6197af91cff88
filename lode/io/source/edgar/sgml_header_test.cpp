// Headers in both spellings and of every age.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/sgml_header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/io/source/edgar/recorded.h"

namespace lode::source::edgar {
namespace {

using testing::ElementsAre;

SubmissionHeader header(const std::string& name) { return must(parse_header(read_test_data("edgar/" + name))); }

TEST(SgmlHeader, TheIssuerComesFromTheHeaderAndNotFromWhoFiled) {
  LODE_NEEDS_DATA("edgar/filings");
  const SubmissionHeader read = header("filings/0000320193-22-000061.txt");
  ASSERT_EQ(read.parties.size(), 2U);
  EXPECT_EQ(read.parties[0].party, (Party{"reporting", "0001462356", "Adams Katherine L."}));
  EXPECT_EQ(read.parties[1].party, (Party{"issuer", "0000320193", "Apple Inc."}));
  EXPECT_EQ(about(must(filing_of(read)))->cik, "0000320193");
  EXPECT_EQ(read.parties[1].values.at("sic"), "3571");
  EXPECT_EQ(read.parties[1].values.at("fiscal year end"), "0924");
  EXPECT_EQ(read.parties[1].values.at("business city"), "CUPERTINO");
  ASSERT_EQ(read.parties[1].former.size(), 2U);
  EXPECT_EQ(read.parties[1].former[1].name, "APPLE COMPUTER INC");
  EXPECT_EQ(to_string(*read.parties[1].former[1].changed_on), "1997-08-08");
  EXPECT_EQ(to_string(*read.period), "2022-05-04");
}

TEST(SgmlHeader, ReadsTheBlocksBetweenTagsOfTheNineties) {
  LODE_NEEDS_DATA("edgar/headers");
  const SubmissionHeader read = header("headers/1990sheader.txt");
  ASSERT_EQ(read.parties.size(), 2U);
  EXPECT_EQ(read.parties[0].party.role, "subject");
  EXPECT_EQ(read.parties[0].party.cik, "0001035972");
  EXPECT_EQ(read.parties[1].party.role, "reporting");
  EXPECT_EQ(read.parties[1].party.name, "CANTALUPO JAMES R");
  EXPECT_EQ(to_string(*read.disseminated_on), "1998-11-23");
  EXPECT_FALSE(read.accepted);
}

TEST(SgmlHeader, ReadsDoubledBlankLines) {
  LODE_NEEDS_DATA("edgar/filings");
  const SubmissionHeader read = header("filings/header_with_double_newlines.txt");
  EXPECT_EQ(read.accession, "0001193125-24-066744");
  EXPECT_EQ(read.form, "485APOS");
  EXPECT_TRUE(read.private_first);
  ASSERT_FALSE(read.parties.empty());
  EXPECT_EQ(read.parties[0].party.name, "iSHARES TRUST");
  // Without the release day of <SEC-DOCUMENT> the last change dates it.
  EXPECT_EQ(to_string(*must(filing_of(read)).released_on), "2024-06-26");
}

TEST(SgmlHeader, ReadsSeveralFilersAndTagsBetweenKeys) {
  LODE_NEEDS_DATA("edgar/headers");
  const SubmissionHeader read = header("headers/MultipleFilersHeader.txt");
  ASSERT_EQ(read.parties.size(), 2U);
  EXPECT_EQ(read.parties[1].party.name, "FIRST NATIONAL FUNDING LLC");
  EXPECT_EQ(read.parties[1].values.at("mail city"), "OHAHA");
  EXPECT_EQ(header("headers/MultipleFormerCompaniesHeader.txt").parties.at(0).former.size() >= 2, true);
}

TEST(SgmlHeader, ReadsOneLineOfTags) {
  LODE_NEEDS_DATA("edgar/pds");
  const SubmissionHeader read = header("pds/0001562180-25-000280.nc");
  EXPECT_EQ(read.accession, "0001562180-25-000280");
  EXPECT_EQ(read.form, "4");
  ASSERT_EQ(read.parties.size(), 2U);
  EXPECT_EQ(read.parties[0].party, (Party{"reporting", "0002009134", "Snow Jessica"}));
  EXPECT_EQ(read.parties[1].party.name, "2seventy bio, Inc.");
}

TEST(SgmlHeader, ItemsAreNumbersInBothSpellings) {
  LODE_NEEDS_DATA("edgar/headers");
  EXPECT_THAT(header("headers/index-headers.html").items, ElementsAre("5.07"));
  EXPECT_EQ(item_number("Results of Operations and Financial Condition"), "2.02");
  EXPECT_EQ(item_number("OTHER EVENTS "), "8.01");
  EXPECT_EQ(item_number("Something new"), "Something new");
  LODE_NEEDS_DATA("edgar/filings");
  for (const std::string& item : header("filings/aapl-8k-20191115.txt.gz").items) {
    EXPECT_EQ(item.find_first_not_of("0123456789."), std::string::npos) << item;
  }
}

TEST(SgmlHeader, RefusesWhatNamesNoAccessionOrForm) {
  for (const char* text :
       {"", "nothing", "<SEC-HEADER>\nCONFORMED SUBMISSION TYPE:\t4\n", "ACCESSION NUMBER:\t\t0000320193-22-000061\n",
        "ACCESSION NUMBER:\t\t0000320193-22\nCONFORMED SUBMISSION TYPE:\t4\n"}) {
    const auto parsed = parse_header(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().number(), E::E6206);
  }
  const SubmissionHeader bare =
      must(parse_header("ACCESSION NUMBER:\t\t0000320193-22-000061\nCONFORMED SUBMISSION TYPE:\t4\n"));
  EXPECT_EQ(filing_of(bare).error().number(), E::E6206);
}

}  // namespace
}  // namespace lode::source::edgar
