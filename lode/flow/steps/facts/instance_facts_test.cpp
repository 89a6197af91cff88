// Numbers of a filing told by its instance and by companyfacts: one row in the lake whichever came first, known from
// the acceptance on; segments stand beside the statements and never in them.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "lode/flow/open_lake.h"
#include "lode/flow/steps/facts/company.h"
#include "lode/flow/verb_testing.h"
#include "lode/io/source/edgar/eastern.h"
#include "lode/io/source/edgar/recorded.h"

namespace lode::flow {
namespace {

constexpr std::int64_t kCompanyFacts = 24'579;  // Records of the recorded file; derived quarters come on top.
constexpr std::int64_t kInstance = 902;         // Numbers of the annual report, 457 of them in companyfacts too.
constexpr std::int64_t kShared = 457;

class InstanceFacts : public testing::Verbs {
 protected:
  // The rows of one answer, committed as a collector's would be; of table facts how many were dropped.
  std::int64_t collect(const char* source, const std::string& name, const std::string& body) {
    const source::Source& from = *must(find_source(source));
    source::FetchRequest asked = source::edgar::with_contact();
    asked.names = {name};
    const source::Plan plan = must(from.plan(asked, {}, parts.clock.now()));
    source::Parsed parsed = must(from.parse(source::edgar::answer(plan.requests.at(0), body)));
    const auto lake = must(open_lake(world, Wanted::kCreate));
    lake::Writer writer = must(lake->writer());
    std::int64_t dropped = 0;
    for (source::TableRows& rows : parsed.tables) {
      const auto outcome = must(writer.append(rows.table, std::move(rows.rows), parts.clock.now()));
      EXPECT_EQ(outcome.corrected, 0) << rows.table;
      EXPECT_TRUE(outcome.conflicts.empty()) << rows.table;
      dropped += rows.table == "facts" ? outcome.dropped : 0;
    }
    must(writer.commit(source, "data fetch", Value()));
    return dropped;
  }
  std::int64_t companyfacts() {
    return collect("edgar-facts", "320193", read_test_data("edgar/companyfacts/CIK0000320193.json.gz"));
  }
  std::int64_t instance() {
    return collect("edgar-xbrl", "320193/0000320193-23-000106",
                   source::edgar::submission({{"XML", "aapl-20230930_htm.xml",
                                               read_test_data("edgar/xbrl/aapl-20230930/aapl-20230930_htm.xml.gz")}}));
  }
  std::int64_t count(const std::string& where) {
    const auto lake = must(open_lake(world, Wanted::kRead));
    const Batch rows =
        must(must(lake->snapshot()).sql("SELECT count(*) AS n FROM facts WHERE NOT derived AND " + where));
    return rows.column("n").int64s()[0];
  }
  void expect_once() {
    EXPECT_EQ(count("true"), kCompanyFacts + kInstance - kShared);
    EXPECT_EQ(count("dimensions IS NOT NULL"), 399);
    EXPECT_EQ(count("accession = '0000320193-23-000106' AND taxonomy <> 'aapl' AND dimensions IS NULL"), kShared);
    EXPECT_EQ(count("dimensions LIKE '%IPhoneMember%' AND value = 200583000000"), 1);
  }
};

TEST_F(InstanceFacts, AreOneRowWithThoseOfCompanyFacts) {
  LODE_NEEDS_DATA("edgar/xbrl");
  EXPECT_EQ(companyfacts(), 0);
  EXPECT_EQ(instance(), kShared);
  expect_once();
}

TEST_F(InstanceFacts, AreOneRowWhicheverCameFirst) {
  LODE_NEEDS_DATA("edgar/xbrl");
  EXPECT_EQ(instance(), 0);
  EXPECT_EQ(companyfacts(), kShared);
  expect_once();
  EXPECT_EQ(instance(), kInstance) << "the same filing again brings nothing";
}

TEST_F(InstanceFacts, LeaveStatementsToTheWholeCompanyAndDateThem) {
  LODE_NEEDS_DATA("edgar/xbrl");
  companyfacts();
  instance();
  const auto lake = must(open_lake(world, Wanted::kRead));
  const auto company = must(read_company(must(lake->snapshot()), "0000320193"));
  const Time accepted = source::edgar::eastern(Date::from_civil(2023, 11, 2), 18 * 3600 + 8 * 60 + 27);
  std::size_t facts = 0;
  std::size_t of_filing = 0;
  for (const KnownSeries& series : company) {
    facts += series.facts.size();
    for (const KnownFact& one : series.facts) {
      if (one.fact.accession == "0000320193-23-000106") {
        ++of_filing;
        EXPECT_EQ(one.known, accepted) << series.tag;
      }
    }
  }
  EXPECT_EQ(facts, static_cast<std::size_t>(kCompanyFacts) + 46U) << "the company's own tags come on top";
  EXPECT_EQ(of_filing, static_cast<std::size_t>(kShared) + 46U);
}

}  // namespace
}  // namespace lode::flow
