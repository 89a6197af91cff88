// Submissions with their overflow files.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/submissions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "lode/io/source/edgar/recorded.h"

namespace lode::source::edgar {
namespace {

using testing::HasSubstr;

std::string body(const std::string& name) { return read_test_data("edgar/submissions/" + name); }

TEST(Submissions, JoinsTheOlderFileWithoutADuplicate) {
  LODE_NEEDS_DATA("edgar/submissions");
  const Submissions main = must(parse_submissions(body("CIK0001318605.20260305.json")));
  ASSERT_EQ(main.older.size(), 1U);
  EXPECT_EQ(main.older[0].name, "CIK0001318605-submissions-001.json");
  const FilingList older =
      must(parse_overflow(body("CIK0001318605-submissions-001.20260305.json"), main.owner, main.older[0].rows));
  EXPECT_EQ(main.recent.filings.size(), 1002U);
  EXPECT_EQ(older.filings.size(), 720U);
  std::set<std::string> accessions;
  for (const auto* list : {&main.recent.filings, &older.filings}) {
    for (const Filing& filing : *list) {
      accessions.insert(filing.accession);
    }
  }
  EXPECT_EQ(accessions.size(), 1722U);
}

TEST(Submissions, ACountThatDoesNotAddUpIsRefused) {
  LODE_NEEDS_DATA("edgar/submissions");
  const auto parsed =
      parse_overflow(body("CIK0001318605-submissions-001.20260305.json"), Owner{.cik = "0001318605"}, 721);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().number(), E::E6207);
  EXPECT_THAT(parsed.error().message(), HasSubstr("720 filings, announced were 721"));
}

TEST(Submissions, ACompanyThatFiledNothingIsReadWhole) {
  LODE_NEEDS_DATA("edgar/submissions");
  const Submissions empty = must(parse_submissions(body("CIK0000350001.20260305.json")));
  EXPECT_EQ(empty.recent.records, 0);
  EXPECT_EQ(empty.issuer.cik, "0000350001");
  EXPECT_THAT(empty.issuer.name, HasSubstr("\\|@/{}&'\\WA\\"));
  EXPECT_THAT(empty.issuer.former_names, HasSubstr("\"from\":\"2003-10-15\""));
}

TEST(Submissions, APersonsFileNeverTellsWhomAFilingIsAbout) {
  LODE_NEEDS_DATA("edgar/submissions");
  for (const char* file : {"CIK0001462356.20260619.json", "CIK0001718179.20260305.json"}) {
    const Submissions person = must(parse_submissions(body(file)));
    ASSERT_FALSE(person.recent.filings.empty());
    for (const Filing& filing : person.recent.filings) {
      ASSERT_EQ(about(filing),
                nullptr);  // A form 4 in a person's file is about the issuer, which the file does not name.
    }
  }
}

TEST(Submissions, ACompanysFileTellsItsOwnFilings) {
  LODE_NEEDS_DATA("edgar/submissions");
  const Submissions apple = must(parse_submissions(body("CIK0000320193.20260305.json")));
  EXPECT_EQ(apple.issuer.name, "Apple Inc.");
  EXPECT_EQ(apple.issuer.sic, "3571");
  EXPECT_EQ(apple.issuer.fiscal_year_end.size(), 4U);
  EXPECT_EQ(apple.recent.filings.size(), 1005U);
  EXPECT_FALSE(apple.recent.clock.utc);
  std::map<std::string, std::set<std::string>> roles;
  for (const Filing& filing : apple.recent.filings) {
    ASSERT_NE(about(filing), nullptr) << filing.accession << " " << filing.form;
    ASSERT_EQ(about(filing)->cik, "0000320193");
    roles[filing.form].insert(about(filing)->role);
    const bool was_upper = filing.filed_on <= Date::from_civil(2019, 8, 5);
    ASSERT_EQ(about(filing)->name, was_upper ? "APPLE INC" : "Apple Inc.") << to_string(filing.filed_on);
  }
  EXPECT_EQ(roles["4"], std::set<std::string>{"issuer"});
  EXPECT_EQ(roles["10-K"], std::set<std::string>{"filer"});
  EXPECT_EQ(roles["SC 13G/A"], std::set<std::string>{"subject"});
}

TEST(Submissions, WhatACompanyFiledAboutAnotherIsNotGivenToIt) {
  LODE_NEEDS_DATA("edgar/submissions");
  const Submissions tesla = must(parse_submissions(body("CIK0001318605.20260305.json")));
  std::map<std::string, int> left;
  for (const Filing& filing : tesla.recent.filings) {
    left[filing.form] += about(filing) == nullptr ? 1 : 0;
  }
  std::erase_if(left, [](const auto& row) { return row.second == 0; });
  // Its offer for another company.
  EXPECT_EQ(left, (std::map<std::string, int>{{"425", 4}, {"SC TO-T", 1}, {"SC TO-T/A", 8}}));
}

TEST(Submissions, NamesAreThoseOfTheDay) {
  const Owner owner{.cik = "0000000001",
                    .name = "New",
                    .former = {{"Old", Date::from_civil(2007, 1, 10), Date::from_civil(2019, 8, 5)},
                               {"Older", Date::from_civil(1994, 1, 26), Date::from_civil(2007, 1, 4)},
                               {"Of a day", Date::from_civil(1997, 7, 28), Date::from_civil(1997, 7, 28)}},
                    .is_company = true};
  for (const Owner& one : {owner, read_owner(must(parse_json(to_json(owner_value(owner)))))}) {
    EXPECT_TRUE(one.is_company);
    EXPECT_EQ(one.cik, "0000000001");
    EXPECT_EQ(one.name_on(Date::from_civil(2019, 8, 6)), "New");
    EXPECT_EQ(one.name_on(Date::from_civil(2019, 8, 5)), "Old");
    EXPECT_EQ(one.name_on(Date::from_civil(2007, 1, 7)), "") << "nobody says";
    EXPECT_EQ(one.name_on(Date::from_civil(1997, 7, 27)), "Older");
    EXPECT_EQ(one.name_on(Date::from_civil(1997, 7, 28)), "Of a day");
    EXPECT_EQ(one.name_on(Date::from_civil(1990, 1, 1)), "");
  }
  EXPECT_EQ(Owner{.name = "Only"}.name_on(Date::from_civil(1990, 1, 1)), "Only");
  EXPECT_FALSE(read_owner(Value(3)).is_company);
}

std::string columns(const std::string& accessions, const std::string& rest) {
  return "{\"accessionNumber\":" + accessions + ",\"filingDate\":[\"2025-01-02\"],\"reportDate\":[\"\"]," + rest +
         "\"acceptanceDateTime\":[\"2025-01-02T12:00:00.000Z\"],\"form\":[\"4\"],\"items\":[\"\"],\"primaryDocument\":["
         "\"a\"]}";
}

TEST(Submissions, RefusesColumnsOfUnequalLengthAndDoubledAccessions) {
  EXPECT_EQ(must(parse_overflow(columns("[\"0000000001-25-000001\"]", "\"size\":[3],"), Owner{.cik = "0000000001"}, 1))
                .filings.size(),
            1U);
  const auto unequal = parse_overflow(columns("[\"0000000001-25-000001\",\"0000000001-25-000002\"]", "\"size\":[3],"),
                                      Owner{.cik = "0000000001"}, 1);
  ASSERT_FALSE(unequal);
  EXPECT_EQ(unequal.error().number(), E::E6207);
  EXPECT_EQ(parse_overflow(columns("[\"0000000001-25-000001\"]", "\"size\":[],"), Owner{.cik = "0000000001"}, 1)
                .error()
                .number(),
            E::E6207);
  EXPECT_EQ(parse_overflow(columns("[\"0000000001-25-000001\"]", ""), Owner{.cik = "0000000001"}, 1).error().number(),
            E::E6207);
  EXPECT_EQ(parse_overflow("{\"accessionNumber\":[]}", Owner{.cik = "0000000001"}, 0).error().number(), E::E6206);
}

TEST(Submissions, SetsAsideARowWithoutADate) {
  std::string bad = columns("[\"0000000001-25-000001\"]", "\"size\":[3],");
  bad.replace(bad.find("2025-01-02"), 10, "2025-02-30");
  const FilingList list = must(parse_overflow(bad, Owner{.cik = "0000000001"}, 1));
  EXPECT_TRUE(list.filings.empty());
  EXPECT_EQ(list.rejected.size(), 1U);
}

TEST(Submissions, NeverFollowsANameThatIsNone) {
  const std::string bad =
      "{\"cik\":1,\"name\":\"A\",\"filings\":{\"recent\":" + columns("[\"0000000001-25-000001\"]", "\"size\":[3],") +
      ",\"files\":[{\"name\":\"CIK0000000001/../x.json\",\"filingCount\":3}]}}";
  EXPECT_EQ(parse_submissions(bad).error().number(), E::E6206);
}

}  // namespace
}  // namespace lode::source::edgar
