// Sources that know less of a filing take nothing away from what is known, in whatever order they come.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/known/filing_rows.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "lode/flow/open_lake.h"
#include "lode/flow/steps/facts/company.h"
#include "lode/flow/verb_testing.h"
#include "lode/io/lake/history/versions.h"
#include "lode/io/source/edgar/filing.h"

namespace lode::flow {
namespace {

using source::edgar::AcceptanceRule;
using source::edgar::Filing;

constexpr const char* kAccession = "0000320193-24-000061";

Time at(const char* text) { return *parse_as_of(text); }

// The same filing as each of its sources tells it.
Filing plain() {
  Filing out;
  out.accession = kAccession;
  out.form = "8-K";
  out.filed_on = Date::from_civil(2024, 4, 29);
  out.url = "edgar/data/320193/0000320193-24-000061.txt";
  out.line = 1;
  return out;
}

Filing by_index() {
  Filing out = plain();
  out.parties = {{"listed", "0000320193", "Apple Inc."}, {"listed", "0000999999", "Other Co"}};
  return out;
}

Filing by_list(AcceptanceRule rule, const char* accepted, bool is_person = false) {
  Filing out = plain();
  out.items = "5.02";
  out.period = Date::from_civil(2024, 4, 26);
  out.size = 4000;
  out.accepted = {at(accepted), accepted, rule == AcceptanceRule::kJsonUtc ? "UTC" : "America/New_York", rule};
  out.parties = {is_person ? source::edgar::Party{"in_file_of", "0000999999", "Someone"}
                           : source::edgar::Party{"filer", "0000320193", "Apple Inc."}};
  return out;
}

Filing by_feed() {
  Filing out = plain();
  out.items = "5.02";
  out.accepted = {at("2024-04-29T20:30:05Z"), "2024-04-29T16:30:05-04:00", "-04:00", AcceptanceRule::kAtom};
  out.parties = {{"filer", "0000320193", "Apple Inc."}};
  return out;
}

Filing by_header() {
  Filing out = by_feed();
  out.accepted = {at("2024-04-29T20:30:05Z"), "20240429163005", "America/New_York", AcceptanceRule::kSgml};
  out.released_on = Date::from_civil(2024, 6, 14);
  out.header_hash = "abc";
  out.size = 5123;
  return out;
}

class MergedFilings : public testing::Verbs {
 protected:
  // Each filing is an answer of its own; all of them one commit.
  lake::AppendOutcome store(const std::vector<Filing>& filings) {
    const auto lake = must(open_lake(world, Wanted::kCreate));
    FilingRows known(must(lake->snapshot()));
    lake::Writer writer = must(lake->writer());
    lake::AppendOutcome out;
    for (const Filing& filing : filings) {
      source::edgar::FilingRows rows({"edgar", "hash" + std::to_string(++answers_)}, parts.clock.now());
      rows.add(filing);
      Batch batch = rows.take().rows;
      must(known.merge(batch));
      const lake::AppendOutcome one = must(writer.append("filings", std::move(batch), parts.clock.now()));
      out.kept += one.kept;
      out.corrected += one.corrected;
      out.dropped += one.dropped;
    }
    must(writer.commit(fmt::format("filings {}", answers_), "data fetch", Value()));
    return out;
  }
  Batch rows(std::optional<Time> as_of = {}) {
    lake::Query query;
    query.as_of = as_of;
    const auto lake = must(open_lake(world, Wanted::kRead));
    const lake::Snapshot snapshot = must(lake->snapshot());
    Batch out = must(snapshot.read("filings", query));
    if (as_of) {
      must(drop_not_public(snapshot, *as_of, out));
    }
    return out;
  }
  // What stands in the only row.
  std::string cell(std::string_view column) {
    const Batch all = rows();
    EXPECT_EQ(all.rows(), 1U);
    return all.rows() == 1 ? all.column(column).cell(0) : "no one row";
  }
  std::size_t versions() {
    const auto lake = must(open_lake(world, Wanted::kRead));
    return must(lake::read_versions(must(lake->snapshot()), "filings", {})).rows();
  }

 private:
  int answers_ = 0;
};

TEST_F(MergedFilings, AnIndexTakesNothingFromTheFeed) {
  store({by_feed()});
  parts.clock.advance(kNanosPerDay);
  const lake::AppendOutcome index = store({by_index()});
  EXPECT_EQ(index.kept, 0) << "it adds nothing";
  EXPECT_EQ(cell("accepted_rule"), "atom");
  EXPECT_EQ(cell("items"), "5.02");
  EXPECT_EQ(cell("cik"), "0000320193");
  EXPECT_EQ(cell("known_time"), "2024-04-29T20:30:05Z");
  EXPECT_EQ(versions(), 1U);
}

TEST_F(MergedFilings, AListAddsWhatTheFeedDoesNotSayAndLeavesTheRest) {
  store({by_feed()});
  store({by_list(AcceptanceRule::kJsonNewYork, "2024-04-30T00:30:05Z", true)});
  EXPECT_EQ(cell("cik"), "0000320193") << "a person's file does not unsay it";
  EXPECT_EQ(cell("name"), "Apple Inc.");
  EXPECT_EQ(cell("accepted_at"), "2024-04-29T20:30:05Z");
  EXPECT_EQ(cell("accepted_text"), "2024-04-29T16:30:05-04:00");
  EXPECT_EQ(cell("size"), "4000") << "and what nobody said is told";
  EXPECT_EQ(cell("period"), "2024-04-26");
  EXPECT_EQ(versions(), 2U);
}

TEST_F(MergedFilings, TheCurrentRowIsTheSameWhateverCameFirst) {
  const std::vector<Filing> all = {by_index(), by_list(AcceptanceRule::kJsonNewYork, "2024-04-30T00:30:05Z"), by_feed(),
                                   by_header()};
  std::vector<std::size_t> order = {0, 1, 2, 3};
  int round = 0;
  do {
    std::vector<Filing> some;
    for (const std::size_t which : order) {
      some.push_back(all[which]);
      some.back().accession = fmt::format("0000320193-24-{:06}", 100 + round);
    }
    if (++round % 2 == 0) {
      store(some);
    } else {
      store({some[0]});
      store({some[1], some[2]});
      store({some[3]});
    }
  } while (std::ranges::next_permutation(order).found);
  const Batch out = rows();
  ASSERT_EQ(out.rows(), 24U);
  for (std::size_t row = 0; row < out.rows(); ++row) {
    for (const auto& [column, value] :
         std::map<std::string, std::string>{{"accepted_rule", "sgml"},
                                            {"public_at", "2024-06-15T03:59:59.999999999Z"},
                                            {"cik", "0000320193"},
                                            {"items", "5.02"},
                                            {"size", "5123"},
                                            {"period", "2024-04-26"},
                                            {"header_hash", "abc"}}) {
      EXPECT_EQ(out.column(column).cell(row), value) << column << " of " << out.column("accession").cell(row);
    }
  }
}

TEST_F(MergedFilings, WhatWasPrivateIsNotShownBeforeItsRelease) {
  store({by_list(AcceptanceRule::kJsonUtc, "2024-04-29T20:30:05Z")});
  const Time may = at("2024-05-15T23:59:59Z");
  EXPECT_EQ(rows(may).rows(), 1U) << "nobody knows better yet";
  parts.clock.advance(kNanosPerDay);
  store({by_header()});
  EXPECT_EQ(rows(may).rows(), 0U);
  EXPECT_EQ(rows(at("2024-06-14T23:59:59Z")).rows(), 0U) << "the day ends in New York";
  EXPECT_EQ(rows(at("2024-06-15T12:00:00Z")).rows(), 1U);
  store({by_list(AcceptanceRule::kJsonUtc, "2024-04-29T20:30:05Z")});
  EXPECT_EQ(cell("public_at"), "2024-06-15T03:59:59.999999999Z") << "and a list asked again does not move it back";
  EXPECT_EQ(rows(may).rows(), 0U);
}

TEST_F(MergedFilings, TheSameInstantIsNoNewVersionWhateverClockTheListShows) {
  store({by_list(AcceptanceRule::kJsonNewYork, "2024-04-29T20:30:05Z")});
  for (int turn = 0; turn < 3; ++turn) {
    EXPECT_EQ(store({by_list(AcceptanceRule::kJsonUtc, "2024-04-29T20:30:05Z")}).kept, 0);
    EXPECT_EQ(store({by_list(AcceptanceRule::kJsonNewYork, "2024-04-29T20:30:05Z")}).kept, 0);
    EXPECT_EQ(store({by_list(AcceptanceRule::kJsonNewYork, "2024-04-30T00:30:05Z")}).kept, 0) << "never too early";
  }
  EXPECT_EQ(versions(), 1U);
}

TEST_F(MergedFilings, ABetterInstantIsANewVersion) {
  store({by_list(AcceptanceRule::kJsonNewYork, "2024-04-30T00:30:05Z")});
  EXPECT_EQ(store({by_list(AcceptanceRule::kJsonUtc, "2024-04-29T20:30:05Z")}).corrected, 1);
  EXPECT_EQ(cell("accepted_at"), "2024-04-29T20:30:05Z");
  EXPECT_EQ(cell("accepted_rule"), "json-utc");
  EXPECT_EQ(store({by_feed()}).corrected, 1) << "the same instant, and observed";
  EXPECT_EQ(cell("accepted_rule"), "atom");
}

TEST_F(MergedFilings, TwoFilesOfOneFilingTellTheSameInEitherOrder) {
  Filing joint = by_list(AcceptanceRule::kJsonUtc, "2024-04-29T20:30:05Z");
  joint.parties = {{"filer", "0000111111", "Subsidiary"}};
  Filing parent = by_list(AcceptanceRule::kJsonUtc, "2024-04-29T20:30:05Z");
  store({joint, parent});
  const std::string cik = cell("cik"), parties = cell("parties");
  EXPECT_EQ(store({joint}).kept + store({parent}).kept, 0);
  EXPECT_EQ(cell("cik"), cik);
  Filing other = joint, another = parent;
  other.accession = another.accession = "0000320193-24-000062";
  store({another, other});
  const Batch all = rows();
  EXPECT_EQ(all.column("cik").cell(0), all.column("cik").cell(1));
  EXPECT_EQ(all.column("parties").cell(0), all.column("parties").cell(1));
  EXPECT_THAT(parties, ::testing::HasSubstr("0000320193"));
}

// Whoever told of a party first: he stood in the filing from its first day on.
TEST_F(MergedFilings, WhatIsAddedIsKnownSinceTheAcceptanceInEveryOrder) {
  const Filing person = by_list(AcceptanceRule::kJsonUtc, "2024-04-29T20:30:05Z", true);
  const Filing company = by_list(AcceptanceRule::kJsonUtc, "2024-04-29T20:30:05Z");
  store({person});
  parts.clock.advance(kNanosPerDay);
  store({company});
  Filing other_person = person, other_company = company;
  other_person.accession = other_company.accession = "0000320193-24-000062";
  store({other_company});
  parts.clock.advance(kNanosPerDay);
  store({other_person});
  const Batch then = rows(at("2024-05-01T00:00:00Z"));
  ASSERT_EQ(then.rows(), 2U);
  for (const char* column : {"cik", "name", "parties", "known_time", "items"}) {
    EXPECT_EQ(then.column(column).cell(0), then.column(column).cell(1)) << column;
  }
  EXPECT_EQ(then.column("cik").cell(0), "0000320193");
  EXPECT_EQ(then.column("known_time").cell(0), "2024-04-29T20:30:05Z");
}

TEST_F(MergedFilings, AnotherAddressOfTheSameFilingIsNoNews) {
  Filing there = by_feed();
  store({there});
  there.url = "edgar/data/999999/000032019324000061/0000320193-24-000061-index.htm";
  EXPECT_EQ(store({there}).kept, 0);
  EXPECT_EQ(cell("url"), "edgar/data/320193/0000320193-24-000061.txt");
  EXPECT_EQ(versions(), 1U);
}

TEST_F(MergedFilings, ALetterIsKnownSinceItWasSeenAndNotSinceItsAcceptance) {
  const Time first = parts.clock.now();
  for (Filing letter : {by_list(AcceptanceRule::kJsonUtc, "2024-04-29T20:30:05Z"), by_index(), by_feed()}) {
    letter.form = "CORRESP";
    letter.accession = "0000320193-24-000070";
    store({letter});
    EXPECT_EQ(rows(at("2024-05-15T23:59:59Z")).rows(), 0U) << "it was private then, for all that lists tell";
    parts.clock.advance(kNanosPerDay);
  }
  Filing list = by_list(AcceptanceRule::kJsonUtc, "2024-04-29T20:30:05Z");
  list.form = "UPLOAD";
  store({list});
  const Time second = parts.clock.now();
  parts.clock.advance(kNanosPerDay);
  EXPECT_EQ(store({list}).kept, 0) << "the same list a day later";
  EXPECT_EQ(rows(second).rows(), 2U);
  EXPECT_EQ(rows(first).rows(), 1U);
  Filing header = by_header();
  header.form = "UPLOAD";
  store({header});
  EXPECT_EQ(rows(at("2024-05-15T23:59:59Z")).rows(), 0U);
  const Batch now = rows();
  EXPECT_EQ(now.column("public_at").cell(0), "2024-06-15T03:59:59.999999999Z") << "the header tells the day";
}

}  // namespace
}  // namespace lode::flow
