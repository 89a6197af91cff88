// Numbers of filings' instances beside what companyfacts says of the same filings, and the rows they become.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/instance_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

#include "lode/base/text.h"
#include "lode/io/source/edgar/company_facts.h"
#include "lode/io/source/edgar/eastern.h"
#include "lode/io/source/edgar/recorded.h"

namespace lode::source::edgar {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Key = std::tuple<std::string, std::string, std::string, std::int32_t, std::int64_t>;

const CompanyFacts& apple() {
  static const CompanyFacts kFacts =
      must(parse_company_facts(read_test_data("edgar/companyfacts/CIK0000320193.json.gz")));
  return kFacts;
}
xbrl::Instance annual_2023() {
  xbrl::Instance out = must(xbrl::read_instance(read_test_data("edgar/xbrl/aapl-20230930/aapl-20230930_htm.xml.gz")));
  xbrl::settle(out);
  return out;
}
Filing filing_2023() {
  Filing out;
  out.accession = "0000320193-23-000106";
  out.form = "10-K";
  out.filed_on = Date::from_civil(2023, 11, 3);
  out.accepted = accepted_by_header("20231102180827");
  return out;
}

// Every number of the whole company in a published taxonomy, by what companyfacts calls it.
std::map<Key, double> of_the_whole(const xbrl::Instance& instance, int& own) {
  std::map<Key, double> out;
  for (const xbrl::InstanceFact& one : instance.facts) {
    const xbrl::Context& where = instance.contexts[one.context];
    if (!one.is_number() || one.is_nil || !where.dimensions.empty()) {
      continue;
    }
    if (one.taxonomy != "us-gaap" && one.taxonomy != "dei") {
      EXPECT_EQ(one.taxonomy, "aapl");
      ++own;
      continue;
    }
    Fact number;
    EXPECT_TRUE(read_number(one.value, number));
    const std::int64_t days = where.start ? where.end - *where.start + 1 : 0;
    EXPECT_TRUE(out.emplace(Key{one.taxonomy, one.tag, one.unit, where.end.days, days}, number.value).second)
        << one.tag;
  }
  return out;
}
std::map<Key, double> told_by_companyfacts(std::string_view accession) {
  std::map<Key, double> out;
  for (const FactSeries& series : apple().series) {
    for (const Fact& fact : series.facts) {
      if (fact.accession == accession) {
        out[{series.taxonomy, series.tag, series.unit, fact.end.days, fact.days()}] = fact.value;
      }
    }
  }
  return out;
}

TEST(InstanceBesideCompanyFacts, TellsTheSameNumbersOfAnExtractedFile) {
  LODE_NEEDS_DATA("edgar/xbrl");
  int own = 0;
  const auto told = of_the_whole(annual_2023(), own);
  EXPECT_EQ(told.size(), 457U);
  EXPECT_EQ(own, 46) << "of the company's own taxonomy, which companyfacts leaves out";
  EXPECT_EQ(told, told_by_companyfacts("0000320193-23-000106"));
}

TEST(InstanceBesideCompanyFacts, TellsTheSameNumbersOfAFiledPage) {
  LODE_NEEDS_DATA("edgar/docs");
  const std::string page = read_test_data("edgar/docs/aapl-10-k-2024-11-01.html.gz");
  const std::vector<std::string_view> pages{page};
  xbrl::Instance instance = must(xbrl::read_inline(pages));
  xbrl::settle(instance);
  EXPECT_THAT(instance.rejected, IsEmpty());
  int own = 0;
  const auto told = of_the_whole(instance, own);
  EXPECT_EQ(told.size(), 431U);
  EXPECT_EQ(own, 45);
  EXPECT_EQ(told, told_by_companyfacts("0000320193-24-000123"));
}

// A row as the lake compares it: all columns but those that say how it came to be told.
std::string row_text_of(const Batch& rows, std::size_t row) {
  static const std::set<std::string_view> kTelling = {"known_time", "known_assumed", "source",
                                                      "raw_hash",   "raw_line",      "decimals"};
  std::string out;
  for (const Column& column : rows.columns()) {
    out += kTelling.contains(column.name()) ? "" : column.cell(row) + "|";
  }
  return out;
}

TEST(InstanceRows, AreThoseOfCompanyFactsForTheWholeCompany) {
  LODE_NEEDS_DATA("edgar/xbrl");
  std::vector<Rejected> rejected;
  const auto tables = instance_rows(annual_2023(), filing_2023(), {"edgar", "0"}, rejected);
  EXPECT_THAT(rejected, IsEmpty());
  ASSERT_THAT(tables, SizeIs(2));
  EXPECT_EQ(tables[0].table, "facts");
  EXPECT_EQ(tables[0].rows.rows(), 902U);
  std::multiset<std::string> here;
  std::size_t parts = 0;
  for (std::size_t row = 0; row < tables[0].rows.rows(); ++row) {
    const bool is_own = tables[0].rows.column("taxonomy").cell(row) == "aapl";
    const bool is_part = !tables[0].rows.column("dimensions").is_null(row);
    parts += is_part ? 1 : 0;
    if (!is_own && !is_part) {
      here.insert(row_text_of(tables[0].rows, row));
    }
  }
  EXPECT_EQ(parts, 399U);
  std::multiset<std::string> there;
  const auto rows = fact_rows(apple(), {"edgar", "1"});
  const Column& accessions = rows[0].rows.column("accession");
  for (std::size_t row = 0; row < rows[0].rows.rows(); ++row) {
    if (accessions.cell(row) == "0000320193-23-000106" && rows[0].rows.column("derived").bools()[row] == 0) {
      there.insert(row_text_of(rows[0].rows, row));
    }
  }
  EXPECT_EQ(here, there) << "so that the lake holds each once";
}

TEST(InstanceRows, AreKnownAtTheAcceptance) {
  LODE_NEEDS_DATA("edgar/xbrl");
  std::vector<Rejected> rejected;
  const auto tables = instance_rows(annual_2023(), filing_2023(), {"edgar", "0"}, rejected);
  const Time accepted = eastern(Date::from_civil(2023, 11, 2), 18 * 3600 + 8 * 60 + 27);
  for (const TableRows& table : tables) {
    for (std::size_t row = 0; row < table.rows.rows(); ++row) {
      ASSERT_EQ(table.rows.column("known_time").times()[row], accepted.nanos);
      ASSERT_EQ(table.rows.column("known_assumed").bools()[row], 0);
    }
  }
  Filing unknown = filing_2023();
  unknown.accepted.reset();
  const auto late = instance_rows(annual_2023(), unknown, {"edgar", "0"}, rejected);
  EXPECT_EQ(late[0].rows.column("known_time").times()[0], eastern_end(unknown.filed_on).nanos);
  EXPECT_EQ(late[0].rows.column("known_assumed").bools()[0], 1);
}

TEST(InstanceRows, GiveASegmentsNumber) {
  LODE_NEEDS_DATA("edgar/xbrl");
  std::vector<Rejected> rejected;
  const auto tables = instance_rows(annual_2023(), filing_2023(), {"edgar", "0"}, rejected);
  const Batch& rows = tables[0].rows;
  std::vector<std::string> iphone;  // Net sales of the iPhone: Form 10-K of fiscal 2023, note 2.
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    if (rows.column("dimensions").cell(row) == R"({"srt:ProductOrServiceAxis":"aapl:IPhoneMember"})" &&
        rows.column("tag").cell(row) == "RevenueFromContractWithCustomerExcludingAssessedTax") {
      iphone.push_back(rows.column("period_end").cell(row) + " " + rows.column("value").cell(row) + " " +
                       rows.column("decimals").cell(row) + " " + rows.column("span").cell(row));
    }
  }
  std::ranges::sort(iphone);
  EXPECT_THAT(iphone, ElementsAre("2021-09-25 191973000000 -6 year", "2022-09-24 205489000000 -6 year",
                                  "2023-09-30 200583000000 -6 year"));
}

TEST(InstanceRows, GiveSharesOfEachClass) {
  LODE_NEEDS_DATA("edgar/xbrl");
  const auto shares = [](const xbrl::Instance& instance) {
    std::vector<Rejected> rejected;
    const auto tables = instance_rows(instance, filing_2023(), {"edgar", "0"}, rejected);
    std::vector<std::string> out;
    const Batch& rows = tables.at(1).rows;
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      out.push_back(rows.column("cik").cell(row) + " " + rows.column("share_class").cell(row) + " " +
                    rows.column("shares_outstanding").cell(row));
    }
    std::ranges::sort(out);
    return out;
  };
  EXPECT_THAT(shares(annual_2023()), ElementsAre("0000320193  15552752000"));
  EXPECT_THAT(
      shares(must(xbrl::read_instance(read_test_data("edgar/xbrl/instances/sam-20130629.xml.gz")))),
      ElementsAre("0000949870 us-gaap:CommonClassAMember 8820946", "0000949870 us-gaap:CommonClassBMember 4007355"));
}

TEST(InstanceRows, SetAsideWhatIsNoCompanys) {
  xbrl::Instance instance;
  instance.contexts = {{"http://www.sec.gov/CIK", "12", {}, Date{100}, {}}, {"urn:other", "12", {}, Date{100}, {}}};
  for (const std::size_t context : {0U, 1U}) {
    xbrl::InstanceFact fact;
    fact.taxonomy = "us-gaap";
    fact.tag = "Assets";
    fact.unit = "USD";
    fact.value = "9007199254740993";
    fact.context = context;
    instance.facts.push_back(fact);
  }
  std::vector<Rejected> rejected;
  const auto tables = instance_rows(instance, filing_2023(), {"edgar", "0"}, rejected);
  ASSERT_THAT(tables, SizeIs(1));
  ASSERT_EQ(tables[0].rows.rows(), 1U);
  EXPECT_EQ(tables[0].rows.column("cik").cell(0), "0000000012");
  EXPECT_EQ(tables[0].rows.column("value_exact").cell(0), "9007199254740993");
  EXPECT_TRUE(tables[0].rows.column("fiscal_year").is_null(0)) << "no cover tells it";
  EXPECT_THAT(rejected, SizeIs(1));
}

TEST(InstanceOf, TakesTheFiledThenTheExtractedThenThePage) {
  LODE_NEEDS_DATA("edgar/xbrl");
  const std::string filed = read_test_data("edgar/xbrl/instances/sam-20130629.xml.gz");
  const std::string extracted = read_test_data("edgar/xbrl/instances/aame-20140630.xml.gz");
  const std::string page = read_test_data("edgar/docs/aapl-10-k-2024-11-01.html.gz");
  const auto entity = [](const std::string& text) {
    const Submission parsed = must(parse_submission(text));
    const auto instance = must(instance_of(parsed));
    return instance ? instance->contexts.at(0).entity : "none";
  };
  EXPECT_EQ(
      entity(submission({{"10-K", "a.htm", page}, {"XML", "a_htm.xml", extracted}, {"EX-101.INS", "s.xml", filed}})),
      "0000949870");
  EXPECT_EQ(entity(submission({{"10-K", "a.htm", page}, {"XML", "a_htm.xml", extracted}})), "0000008177");
  EXPECT_EQ(entity(submission({{"10-K", "a.htm", page}})), "0000320193");
  EXPECT_EQ(entity(submission({{"10-K", "a.htm", "<html><body>none</body></html>"}})), "none");
  const std::string cut = submission({{"EX-101.INS", "s.xml", filed.substr(0, 5000)}});
  EXPECT_EQ(instance_of(must(parse_submission(cut))).error().number(), E::E6206);
}

const Source& collector() { return *must(find_source("edgar-xbrl")); }

Parsed fetched(const std::string& body, const std::string& accession = "0000320193-23-000106") {
  FetchRequest request = with_contact();
  request.names = {"320193/" + accession};
  const Plan plan = must(collector().plan(request, {}, Time{}));
  return must(collector().parse(answer(plan.requests.at(0), body)));
}

TEST(XbrlCollector, GivesFactsSharesAndTheFiling) {
  LODE_NEEDS_DATA("edgar/xbrl");
  const std::string body = submission(
      {{"XML", "aapl-20230930_htm.xml", read_test_data("edgar/xbrl/aapl-20230930/aapl-20230930_htm.xml.gz")}});
  const Parsed parsed = fetched(body);
  EXPECT_EQ(parsed.verdict.kind, ResponseClass::kOk);
  EXPECT_EQ(parsed.records, 1164);
  ASSERT_THAT(parsed.tables, SizeIs(3));
  EXPECT_EQ(parsed.tables[0].rows.rows(), 902U);
  EXPECT_EQ(parsed.tables[1].rows.rows(), 1U);
  EXPECT_EQ(parsed.tables[2].table, "filings");
  EXPECT_EQ(parsed.tables[2].rows.column("accepted_rule").cell(0), "sgml");
}

TEST(XbrlCollector, TellsTheFilingAsTheDocumentsCollectorDoes) {
  LODE_NEEDS_DATA("edgar/filings/0000943374-24-000509.txt");
  const std::string name = "0000943374-24-000509";
  const std::string body = read_test_data("edgar/filings/" + name + ".txt");
  const Parsed parsed = fetched(body, name);
  FetchRequest request = with_contact();
  request.names = {"1/" + name};
  const Source& documents = *must(find_source("edgar-documents"));
  const Plan plan = must(documents.plan(request, {}, Time{}));
  const Parsed whole = must(documents.parse(answer(plan.requests.at(0), body)));
  ASSERT_EQ(parsed.tables.back().table, "filings");
  EXPECT_EQ(row_text_of(parsed.tables.back().rows, 0), row_text_of(whole.tables.at(0).rows, 0));
}

TEST(XbrlCollector, TellsAFilingWithoutXbrlFromABrokenOne) {
  EXPECT_EQ(fetched(submission({{"10-K", "a.htm", "<html></html>"}})).verdict.kind, ResponseClass::kEmpty);
  FetchRequest request = with_contact();
  request.names = {"320193/0000320193-23-000107"};
  const Plan plan = must(collector().plan(request, {}, Time{}));
  EXPECT_EQ(collector().parse(answer(plan.requests[0], submission({}))).error().number(), E::E6206)
      << "another filing than the one asked for";
  request.names = {"320193"};
  EXPECT_EQ(collector().plan(request, {}, Time{}).error().number(), E::E6208);
  request.names.clear();
  EXPECT_EQ(collector().plan(request, {}, Time{}).error().number(), E::E6208);
}

}  // namespace
}  // namespace lode::source::edgar
