// The collectors of EDGAR, plan to rows, on recorded bytes: what the walk asks, what a kill between pages costs, what
// tables hold.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <set>

#include "lode/io/source/edgar/answers.h"
#include "lode/io/source/edgar/recorded.h"
#include "lode/market/schema.h"

namespace lode::source::edgar {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Source& collector(std::string_view name) { return *must(find_source(name)); }

Time now() { return must(parse_as_of("2025-12-12T23:03:31Z")); }

std::vector<std::string> texts(const Batch& batch, std::string_view column) {
  std::vector<std::string> out;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    out.push_back(batch.column(column).cell(row));
  }
  return out;
}

void expect_whole(const Parsed& parsed) {
  for (const TableRows& one : parsed.tables) {
    const auto checked = check_batch(*find_table(one.table), one.rows);
    EXPECT_TRUE(checked) << one.table << ": " << checked.error().message();
  }
}

// Serves the pages of a crawl, past its end the recorded 503.
class Feed {
 public:
  explicit Feed(std::vector<std::string> pages) : pages_(std::move(pages)) {}
  Response serve(const Request& asked, const Cursor& cursor) {
    ++served;
    const auto start = static_cast<std::size_t>(asked.about.find("start")->as_int());
    if (start / 100 < pages_.size()) {
      return answer(asked, pages_[start / 100], 200, cursor);
    }
    return answer(asked, read_test_data("edgar/errors/getcurrent-past-end-start5100-20251212T180331.503.html"), 503,
                  cursor);
  }
  int served = 0;

 private:
  std::vector<std::string> pages_;
};

// One walk; stops as if killed after `kill_after` pages. The cursor is committed with each page.
void walk(Feed& feed, Cursor& cursor, std::multiset<std::string>& told, int kill_after = 1 << 20) {
  const Source& source = collector("edgar-feed");
  std::deque<Request> asked;
  for (Request& one : must(source.plan(with_contact(), cursor, now())).requests) {
    asked.push_back(std::move(one));
  }
  for (int page = 0; !asked.empty() && page < kill_after; ++page) {
    Parsed parsed = must(source.parse(feed.serve(asked.front(), cursor)));
    asked.pop_front();
    expect_whole(parsed);
    for (const TableRows& one : parsed.tables) {
      for (const std::string& accession : texts(one.rows, "accession")) {
        told.insert(accession);
      }
    }
    cursor = std::move(parsed.next);
    std::ranges::move(parsed.follow, std::back_inserter(asked));
  }
}

std::size_t distinct(const std::multiset<std::string>& told) { return std::set(told.begin(), told.end()).size(); }

TEST(Collectors, TheWalkGoesToTheEndOfTheFeedAndTheNextOneToKnownGround) {
  LODE_NEEDS_DATA("edgar/atom");
  Feed feed(recorded_pages("20251212T180331", "type-all", 51));
  Cursor cursor;
  std::multiset<std::string> told;
  walk(feed, cursor, told);
  EXPECT_EQ(feed.served, 52);  // 51 pages and the one past the end.
  EXPECT_EQ(distinct(told), 3315U);
  const std::size_t all = told.size();
  walk(feed, cursor, told);
  EXPECT_EQ(feed.served, 53);  // The first page was known.
  EXPECT_EQ(told.size(), all);
}

TEST(Collectors, AKillBehindAnyPageRepeatsWorkAndSkipsNothing) {
  LODE_NEEDS_DATA("edgar/atom");
  const auto pages = recorded_pages("20251212T180331", "type-all", 12);
  Cursor whole_cursor;
  std::multiset<std::string> whole;
  Feed undisturbed(pages);
  walk(undisturbed, whole_cursor, whole);
  for (int kill_after = 1; kill_after <= 12; ++kill_after) {
    Feed feed(pages);
    Cursor cursor;
    std::multiset<std::string> told;
    walk(feed, cursor, told, kill_after);
    walk(feed, cursor, told);
    EXPECT_EQ(distinct(told), distinct(whole)) << kill_after;
    EXPECT_EQ(cursor, whole_cursor) << kill_after;
  }
}

TEST(Collectors, TheFeedFiltersFormsExactly) {
  LODE_NEEDS_DATA("edgar/atom");
  FetchRequest request = with_contact();
  request.kinds = {"4"};
  Plan plan = must(collector("edgar-feed").plan(request, {}, now()));
  EXPECT_THAT(plan.requests.at(0).http.url, HasSubstr("type=4&owner=include&count=100&start=0"));
  const auto pages = recorded_pages("20251212T180357-type4", "type-4", 11);
  Cursor cursor;
  std::set<std::string> told;
  Request asked = plan.requests.at(0);
  for (const std::string& page : pages) {
    Parsed parsed = must(collector("edgar-feed").parse(answer(asked, page, 200, cursor)));
    cursor = parsed.next;
    for (const TableRows& one : parsed.tables) {
      for (const std::string& form : texts(one.rows, "form")) {
        ASSERT_EQ(form, "4");
      }
      for (std::string& accession : texts(one.rows, "accession")) {
        told.insert(std::move(accession));
      }
    }
    ASSERT_FALSE(parsed.follow.empty());
    asked = parsed.follow.front();
    ASSERT_THAT(asked.http.answers, ::testing::ElementsAre(429, 503)) << "the end of the feed is asked once";
  }
  EXPECT_EQ(told.size(), 424U);
}

TEST(Collectors, TheFeedTellsWhomAFilingIsAbout) {
  LODE_NEEDS_DATA("edgar/atom");
  const auto pages = recorded_pages("20251212T180234", "type-all", 1);
  const Plan plan = must(collector("edgar-feed").plan(with_contact(), {}, now()));
  const Parsed parsed = must(collector("edgar-feed").parse(answer(plan.requests.at(0), pages.at(0))));
  const Batch& rows = parsed.tables.at(0).rows;
  ASSERT_EQ(rows.column("accession").cell(0), "0001700545-25-000020");
  EXPECT_EQ(rows.column("cik").cell(0), "0001690820");  // CARVANA, the issuer, not who reported.
  EXPECT_EQ(rows.column("accepted_rule").cell(0), "atom");
  EXPECT_EQ(rows.column("public_at").cell(0), "2025-12-12T23:02:10Z");
  EXPECT_EQ(rows.column("known_assumed").cell(0), "false");
  EXPECT_EQ(rows.column("source").cell(0), "edgar");
}

TEST(Collectors, ABlockedFeedMovesNothing) {
  LODE_NEEDS_DATA("edgar/errors");
  const Plan plan = must(collector("edgar-feed").plan(with_contact(), {}, now()));
  Cursor cursor;
  cursor.state.set("seen", Value::object());
  const Parsed parsed =
      must(collector("edgar-feed")
               .parse(answer(plan.requests.at(0), read_test_data("edgar/errors/429-rate-exceeded.html"), 429, cursor)));
  EXPECT_EQ(parsed.verdict.kind, ResponseClass::kBlocked);
  EXPECT_EQ(parsed.next, cursor);
  EXPECT_TRUE(parsed.tables.empty());
  EXPECT_TRUE(parsed.follow.empty());
}

TEST(Collectors, APageOfHtmlUnderTheDataNameIsRefused) {
  LODE_NEEDS_DATA("edgar/errors");
  const std::string page = read_test_data("edgar/errors/getcurrent-past-end-start5100-20251212T180331.503.html");
  for (const auto& [name, names] : std::vector<std::pair<std::string, std::vector<std::string>>>{
           {"edgar-feed", {}},
           {"edgar-index", {}},
           {"edgar-symbols", {}},
           {"edgar-facts", {"320193"}},
           {"edgar-submissions", {"320193"}},
           {"edgar-documents", {"320193/0000320193-22-000061"}}}) {
    FetchRequest request = with_contact();
    request.names = names;
    const Plan plan = must(collector(name).plan(request, {}, now()));
    const auto parsed = collector(name).parse(answer(plan.requests.at(0), page, 200));
    ASSERT_FALSE(parsed) << name;
    EXPECT_EQ(parsed.error().number(), E::E6206) << name;
  }
}

TEST(Collectors, TheIndexAsksDaysOrQuartersAndMergesTheCompaniesOfAFiling) {
  LODE_NEEDS_DATA("edgar/index");
  FetchRequest request = with_contact();
  EXPECT_EQ(must(collector("edgar-index").plan(request, {}, now())).requests.size(), 5U);  // Friday back to Sunday.
  request.from = Date::from_civil(1993, 1, 4);
  request.to = Date::from_civil(1994, 2, 1);
  const Plan plan = must(collector("edgar-index").plan(request, {}, now()));
  ASSERT_EQ(plan.requests.size(), 5U);
  EXPECT_THAT(plan.requests[0].http.url, HasSubstr("full-index/1993/QTR1/master.idx"));
  EXPECT_THAT(plan.requests[4].http.url, HasSubstr("full-index/1994/QTR1/master.idx"));
  const Parsed parsed =
      must(collector("edgar-index").parse(answer(plan.requests[3], read_test_data("edgar/index/master.idx"))));
  expect_whole(parsed);
  const Batch& rows = parsed.tables.at(0).rows;
  EXPECT_EQ(parsed.records, 20);
  EXPECT_EQ(rows.rows(), 19U);  // Two companies of one SC 13D/A.
  const auto accessions = texts(rows, "accession");
  const auto joint =
      static_cast<std::size_t>(std::ranges::find(accessions, "0001021408-01-503754") - accessions.begin());
  ASSERT_LT(joint, accessions.size());
  EXPECT_TRUE(rows.column("cik").is_null(joint));  // The index does not say whom it is about.
  EXPECT_EQ(rows.column("cik").cell(joint == 0 ? 1 : 0), joint == 0 ? "0000011860" : "0001095785");
  EXPECT_EQ(rows.column("known_assumed").cell(0), "true");
  request.from = Date::from_civil(1992, 1, 1);
  EXPECT_EQ(collector("edgar-index").plan(request, {}, now()).error().number(), E::E6208);
}

// What the index of a span makes of a file with so many filings of these days.
std::string taken(const std::string& head, const std::vector<std::pair<int, std::string>>& filings, bool is_quarter) {
  FetchRequest request = with_contact();
  request.from = Date::from_civil(2024, 1, 2);
  request.to = is_quarter ? Date::from_civil(2024, 3, 31) : *request.from;
  Response response = answer(must(collector("edgar-index").plan(request, {}, now())).requests.at(0), "");
  response.body = "Description:           Master Index\n" + head +
                  "\nCIK|Company Name|Form Type|Date Filed|File Name\n----------------------------------------\n";
  int number = 0;
  for (const auto& [count, day] : filings) {
    for (int i = 0; i < count; ++i) {
      response.body += fmt::format("1|A|8-K|{}|edgar/data/1/0000000001-24-{:06}.txt\n", day, ++number);
    }
  }
  const auto parsed = collector("edgar-index").parse(response);
  EXPECT_TRUE(parsed || parsed.error().number() == E::E6206);
  return parsed ? "read" : parsed.error().message();
}

TEST(Collectors, TheIndexOfAnotherDayOrQuarterIsRefused) {
  const std::string own = "Last Data Received:    Jan  2, 2024\n";
  const std::string other = "Last Data Received:    Dec 12, 2025\n";
  EXPECT_EQ(taken(own, {{3, "20240102"}}, false), "read");
  EXPECT_EQ(taken(own, {{1, "20240102"}, {5, "20231229"}}, false), "read") << "late ones, by its own head";
  EXPECT_THAT(taken(other, {{3, "20251212"}}, false),
              HasSubstr("of 2025-12-12 by its head, with filings of 2025-12-12 where that of 2024-01-02 was asked"));
  EXPECT_THAT(taken(other, {{1, "20240102"}, {5, "20251212"}}, false), HasSubstr("was asked"));
  EXPECT_EQ(taken(other, {{5, "20240102"}, {1, "20231229"}}, false), "read") << "written anew later";
  EXPECT_EQ(taken("", {{1, "20240102"}, {5, "20231229"}}, false), "read");
  EXPECT_THAT(taken("", {{5, "20231229"}}, false), HasSubstr("that of 2024-01-02 was asked"));
  EXPECT_EQ(taken(other, {}, false), "read") << "nothing in it can be another day's";
  EXPECT_EQ(taken(other, {{3, "2024-03-28"}, {1, "2023-12-29"}}, true), "read");
  EXPECT_THAT(taken(own, {{1, "2024-01-02"}, {3, "2023-12-29"}}, true), HasSubstr("that of 2024Q1 was asked"));
}

TEST(Collectors, AnIndexWithoutRowsIsEmptyAndNoFailure) {
  LODE_NEEDS_DATA("edgar/index");
  const Plan plan = must(collector("edgar-index").plan(with_contact(), {}, now()));
  const Parsed parsed =
      must(collector("edgar-index").parse(answer(plan.requests[0], read_test_data("edgar/index/empty-form.idx"))));
  EXPECT_EQ(parsed.verdict.kind, ResponseClass::kEmpty);
  EXPECT_EQ(outcome_error(parsed.verdict, "the index").number(), E::E6205);
}

TEST(Collectors, SubmissionsFollowTheOlderFiles) {
  LODE_NEEDS_DATA("edgar/submissions");
  FetchRequest request = with_contact();
  request.names = {"1318605"};
  const Plan plan = must(collector("edgar-submissions").plan(request, {}, now()));
  EXPECT_THAT(plan.requests.at(0).http.url, HasSubstr("submissions/CIK0001318605.json"));
  const Parsed main =
      must(collector("edgar-submissions")
               .parse(answer(plan.requests[0], read_test_data("edgar/submissions/CIK0001318605.20260305.json"))));
  expect_whole(main);
  ASSERT_EQ(main.follow.size(), 1U);
  EXPECT_THAT(main.follow[0].http.url, HasSubstr("data.sec.gov/submissions/CIK0001318605-submissions-001.json"));
  const Parsed older =
      must(collector("edgar-submissions")
               .parse(answer(main.follow[0],
                             read_test_data("edgar/submissions/CIK0001318605-submissions-001.20260305.json"))));
  expect_whole(older);
  EXPECT_EQ(main.records, 1002);
  EXPECT_EQ(older.records, 720);
  EXPECT_EQ(main.tables.size(), 2U);
  EXPECT_EQ(main.tables[1].rows.column("name").cell(0), "Tesla, Inc.");
  // Another company's file under the asked name is no answer.
  request.names = {"320193"};
  const Plan other = must(collector("edgar-submissions").plan(request, {}, now()));
  EXPECT_FALSE(collector("edgar-submissions")
                   .parse(answer(other.requests[0], read_test_data("edgar/submissions/CIK0001318605.20260305.json"))));
}

TEST(Collectors, SubmissionsOfASpanLeaveOutFilesThatEndBeforeIt) {
  LODE_NEEDS_DATA("edgar/submissions");
  const std::string body = read_test_data("edgar/submissions/CIK0001318605.20260305.json");
  FetchRequest request = with_contact();
  request.names = {"1318605"};
  const auto parsed_from = [&](Date from) {
    request.from = from;
    const Plan plan = must(collector("edgar-submissions").plan(request, {}, now()));
    return must(collector("edgar-submissions").parse(answer(plan.requests.at(0), body)));
  };
  EXPECT_EQ(parsed_from(Date::from_civil(2018, 2, 11)).follow.size(), 1U) << "its newest is of that day";
  EXPECT_TRUE(parsed_from(Date::from_civil(2018, 2, 12)).follow.empty());
  request.to = Date::from_civil(2025, 12, 31);
  const Parsed year = parsed_from(Date::from_civil(2025, 1, 1));
  const std::vector<std::string> days = texts(year.tables.at(0).rows, "filed_on");
  EXPECT_GT(days.size(), 20U);
  for (const std::string& day : days) {
    EXPECT_THAT(day, ::testing::StartsWith("2025-"));
  }
}

TEST(Collectors, DocumentsTellHeaderAndParts) {
  LODE_NEEDS_DATA("edgar/filings");
  FetchRequest request = with_contact();
  request.names = {"320193/0000320193-22-000061"};
  const Plan plan = must(collector("edgar-documents").plan(request, {}, now()));
  EXPECT_THAT(plan.requests.at(0).http.url,
              HasSubstr("Archives/edgar/data/320193/000032019322000061/0000320193-22-000061.txt"));
  EXPECT_FALSE(plan.requests[0].keep_seconds);
  const Parsed parsed =
      must(collector("edgar-documents")
               .parse(answer(plan.requests[0], read_test_data("edgar/filings/0000320193-22-000061.txt"))));
  expect_whole(parsed);
  ASSERT_EQ(parsed.tables.size(), 2U);
  EXPECT_EQ(parsed.tables[0].rows.column("accepted_rule").cell(0), "sgml");
  EXPECT_EQ(parsed.tables[0].rows.column("cik").cell(0), "0000320193");
  EXPECT_EQ(parsed.tables[1].rows.column("kind").cell(0), "4");
  EXPECT_EQ(parsed.tables[1].rows.column("content").cell(0), "xml");
  request.names = {"0000320193-22-000061"};
  EXPECT_EQ(collector("edgar-documents").plan(request, {}, now()).error().number(), E::E6208);
}

TEST(Collectors, SymbolsAreDatedAndAShortRegisterIsRefused) {
  const Plan plan = must(collector("edgar-symbols").plan(with_contact(), {}, now()));
  std::string body = R"({"fields":["cik","name","ticker","exchange"],"data":[)";
  for (int i = 1; i <= 20; ++i) {
    body += fmt::format("{}[{},\"N\",\"S{}\",\"NYSE\"]", i == 1 ? "" : ",", i, i);
  }
  const Parsed first = must(collector("edgar-symbols").parse(answer(plan.requests[0], body + "]}")));
  expect_whole(first);
  EXPECT_EQ(first.tables.at(0).rows.rows(), 20U);
  const Parsed again = must(collector("edgar-symbols").parse(answer(plan.requests[0], body + "]}", 200, first.next)));
  EXPECT_EQ(again.verdict.kind, ResponseClass::kEmpty);
  const auto shorter =
      collector("edgar-symbols")
          .parse(answer(plan.requests[0], R"({"fields":["cik","ticker"],"data":[[1,"S1"]]})", 200, first.next));
  ASSERT_FALSE(shorter);
  EXPECT_THAT(shorter.error().message(), HasSubstr("at least 90 %"));
  // Registers of one day do not wear the floor down, nor does the day after.
  const auto register_of = [](int companies) {
    std::string out = R"({"fields":["cik","ticker"],"data":[)";
    for (int i = 1; i <= companies; ++i) {
      out += fmt::format("{}[{},\"S{}\"]", i == 1 ? "" : ",", i, i);
    }
    return out + "]}";
  };
  Cursor cursor = must(collector("edgar-symbols").parse(answer(plan.requests[0], register_of(100)))).next;
  const auto read = [&](int companies, int days) {
    Response response = answer(plan.requests[0], register_of(companies), 200, cursor);
    response.received_at = Time{response.received_at.nanos + days * kNanosPerDay};
    auto parsed = collector("edgar-symbols").parse(response);
    cursor = parsed ? parsed->next : cursor;
    return parsed.has_value();
  };
  EXPECT_TRUE(read(92, 0));
  EXPECT_FALSE(read(85, 0));
  EXPECT_FALSE(read(85, 1));
  EXPECT_TRUE(read(91, 1));
  EXPECT_FALSE(read(86, 1)) << "against the day before";
  EXPECT_TRUE(read(86, 2));
}

TEST(Collectors, FactsAreThoseOfTheCompanyAsked) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  FetchRequest request = with_contact();
  request.names = {"1997711", "x"};
  EXPECT_EQ(collector("edgar-facts").plan(request, {}, now()).error().number(), E::E6208);
  request.names = {"CIK0001997711"};
  const Plan plan = must(collector("edgar-facts").plan(request, {}, now()));
  EXPECT_THAT(plan.requests.at(0).http.url, HasSubstr("companyfacts/CIK0001997711.json"));
  for (const char* none : {"CIK1997711", "CIK", "CIK000199771x", "XIK0001997711"}) {
    request.names = {none};
    EXPECT_FALSE(collector("edgar-facts").plan(request, {}, now())) << none;
  }
  const std::string body = read_test_data("edgar/companyfacts/lpa_facts.json.gz");
  const Parsed parsed = must(collector("edgar-facts").parse(answer(plan.requests[0], body)));
  expect_whole(parsed);
  EXPECT_GT(parsed.records, 100);
  request.names = {"320193"};
  const Plan other = must(collector("edgar-facts").plan(request, {}, now()));
  EXPECT_FALSE(collector("edgar-facts").parse(answer(other.requests[0], body)));
}

}  // namespace
}  // namespace lode::source::edgar
