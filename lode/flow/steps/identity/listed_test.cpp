// Directories in the map: what was added, removed and renamed, and whose paper it is.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/identity/listed.h"

#include <gmock/gmock.h>

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Date day(int of_month) { return Date::from_civil(2025, 3, of_month); }

ListedSpell listed(const std::string& symbol, Date from, std::optional<Date> to = {}, const std::string& name = "Name",
                   const std::string& mic = "XNAS") {
  return {"nasdaqlisted", symbol, mic, symbol.empty() ? name : name + " " + symbol.substr(0, 1), from, to, {}};
}

SymbolMap joined(std::vector<ListedSpell> spells, const std::vector<ListedEvent>& events = {},
                 std::vector<KnownInstrument> instruments = {}, std::vector<Spelling> spellings = {},
                 std::vector<IssuerSymbol> issuers = {}) {
  join_listings(std::move(spells), events, instruments, spellings);
  return SymbolMap(std::move(instruments), std::move(spellings), std::move(issuers));
}

constexpr InstrumentId kOld{11};

TEST(Listed, ATickerThatNobodyHasIsAPaperOfItsOwnFromItsFirstSnapshot) {
  const SymbolMap map = joined({listed("NEW", day(3))});
  const InstrumentId id = instrument_id("XNAS", "NEW");
  EXPECT_THAT(map.instruments("new", day(3)), ElementsAre(id));
  EXPECT_THAT(map.instruments("NEW", day(2)), IsEmpty());
  EXPECT_EQ(map.find(id)->mic, "XNAS");
}

TEST(Listed, ATickerOfAStoredPaperIsThatPapersOnAnyExchangeOfTheMarket) {
  const std::vector<KnownInstrument> stored = {{kOld, "XNYS", "BRK.B", "", "Berkshire", {}, {}},
                                               {InstrumentId{12}, "XASX", "AAA", "", "In Sydney", {}, {}}};
  const SymbolMap map = joined({listed("BRK/B", day(3)), listed("AAA", day(3))}, {}, stored);
  EXPECT_THAT(map.instruments("BRK-B", day(4)), ElementsAre(kOld));
  EXPECT_THAT(map.instruments("BRK-B", day(1)), ElementsAre(kOld)) << "known before by its first symbol";
  EXPECT_EQ(map.instruments("AAA", day(4)).size(), 2U) << "another market, another paper";
}

TEST(Listed, ARenamedTickerStaysThePaper) {
  const std::vector<KnownInstrument> stored = {{kOld, "XNAS", "FB", "", "Facebook", {}, {}}};
  const std::vector<ListedSpell> spells = {listed("FB", day(3), day(9)), listed("META", day(10))};
  const std::vector<ListedEvent> events = {{"nasdaqlisted", "META", "renamed", "FB", day(10)}};
  const SymbolMap map = joined(spells, events, stored);
  EXPECT_THAT(map.instruments("META", day(10)), ElementsAre(kOld));
  EXPECT_THAT(map.instruments("META", day(9)), IsEmpty());
  EXPECT_THAT(map.instruments("FB", day(9)), ElementsAre(kOld));
  EXPECT_THAT(map.instruments("FB", day(10)), IsEmpty()) << "its own spelling ends with the rename too";
  EXPECT_EQ(map.called(kOld, day(9)), "FB");
  EXPECT_EQ(map.called(kOld, day(10)), "META");

  const SymbolMap unsaid = joined(spells, {}, stored);
  EXPECT_THAT(unsaid.instruments("META", day(10)), ElementsAre(instrument_id("XNAS", "META")));
  std::vector<ListedEvent> back = events;
  back.push_back({"nasdaqlisted", "FB", "back", "", day(12)});
  EXPECT_THAT(joined(spells, back, stored).instruments("META", day(10)), ElementsAre(instrument_id("XNAS", "META")))
      << "FB came back: it was no rename";
}

TEST(Listed, ARenamedTickerThatIsStoredUnderItsNewNameKeepsBoth) {
  const InstrumentId own{13};
  const SymbolMap map = joined({listed("FB", day(3), day(9)), listed("META", day(10))},
                               {{"nasdaqlisted", "META", "renamed", "FB", day(10)}},
                               {{kOld, "XNAS", "FB", "", "", {}, {}}, {own, "XNAS", "META", "", "", {}, {}}});
  EXPECT_THAT(map.instruments("META", day(10)), ElementsAre(own)) << "where its prices are";
  EXPECT_THAT(map.instruments("FB", day(10)), IsEmpty());
}

TEST(Listed, ARemovedTickerEndsAndReturnsByItsNameAlone) {
  const std::vector<KnownInstrument> stored = {{kOld, "XNAS", "GONE", "", "", {}, {}}};
  const ListedSpell first = listed("GONE", day(3), day(5));
  EXPECT_THAT(joined({first}, {}, stored).instruments("GONE", day(6)), IsEmpty());
  EXPECT_THAT(joined({first}, {}, stored).instruments("GONE", day(5)), ElementsAre(kOld));
  const SymbolMap same = joined({first, listed("GONE", day(20))}, {}, {}, {});
  EXPECT_THAT(same.instruments("GONE", day(21)), ElementsAre(instrument_id("XNAS", "GONE")));
  const SymbolMap other = joined({first, listed("GONE", day(20), {}, "Somebody else")}, {}, {}, {});
  EXPECT_THAT(other.instruments("GONE", day(21)), ElementsAre(instrument_id("XNAS", "GONE", 1)))
      << "the ticker was given to another";
  EXPECT_THAT(other.instruments("GONE", day(4)), ElementsAre(instrument_id("XNAS", "GONE")));
}

TEST(Listed, DatedSpellingsAreNotTouched) {
  const SymbolMap map = joined({listed("AAA", day(3), day(5))}, {}, {{kOld, "XNAS", "AAA", "", "", {}, {}}},
                               {{kOld, "XNAS", "AAA", day(1), {}}});
  EXPECT_THAT(map.instruments("AAA", day(9)), ElementsAre(kOld)) << "a map file knows better than one list";
}

TEST(Listed, TheRegisterFindsTheCompanyThroughTheDirectory) {
  const SymbolMap map = joined({listed("FB", day(3), day(9)), listed("META", day(10))},
                               {{"nasdaqlisted", "META", "renamed", "FB", day(10)}}, {}, {},
                               {{"0001326801", "META", "Meta", day(12), {}}});
  const InstrumentId id = instrument_id("XNAS", "FB");
  ASSERT_TRUE(map.company_of(id, day(20)));
  EXPECT_EQ(map.company_of(id, day(20))->cik, "0001326801");
  EXPECT_THAT(map.instruments_of("0001326801", day(20)), ElementsAre(id));
  EXPECT_THAT(map.companies_ever("FB"), ElementsAre("0001326801")) << "the name it had before the register began";
  EXPECT_THAT(map.instruments_ever("META"), ElementsAre(id));
}

TEST(Listed, NothingListedChangesNothing) {
  std::vector<KnownInstrument> instruments = {{kOld, "XNAS", "AAA", "", "", {}, {}}};
  std::vector<Spelling> spellings;
  join_listings({}, {}, instruments, spellings);
  EXPECT_TRUE(spellings.empty());
}

}  // namespace
}  // namespace lode::flow
