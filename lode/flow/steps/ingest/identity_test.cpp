// Whose bars: silence, price breaks, splits and holders the lake knows.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "lode/base/must.h"

namespace lode::flow {
namespace {

using testing::ElementsAre;

const InstrumentId kFirst = instrument_id("XNYS", "AAA", 0);
const InstrumentId kSecond = instrument_id("XNYS", "AAA", 1);

struct Rows {
  std::vector<std::int32_t> sessions;
  std::vector<double> closes;
};

Rows rows(const std::vector<std::pair<Date, double>>& list) {
  Rows out;
  for (const auto& [day, close] : list) {
    out.sessions.push_back(day.days);
    out.closes.push_back(close);
  }
  return out;
}

Date day(int month, int number) { return Date::from_civil(2024, month, number); }

// Others trade on every day of the year.
Market busy() {
  Market out;
  for (Date date = day(1, 1); date <= day(12, 31); date = date + 1) {
    out.add(date, 10);
  }
  return out;
}

// "begin-end:reuse" a piece, '+' new, '?' unclear.
std::vector<std::string> pieces(const Rows& of, const std::vector<Stay>& stays = {},
                                const std::vector<Split>& splits = {}, std::string_view mic = "XNYS",
                                const Market& market = busy()) {
  std::vector<std::string> out;
  for (const Piece& piece :
       assign_instruments(mic, {"AAA", of.sessions, of.closes}, stays, splits, must(find_calendar(mic)), market, {})) {
    const int reuse = piece.id == instrument_id(mic, "AAA", 0) ? 0 : piece.id == instrument_id(mic, "AAA", 1) ? 1 : 2;
    out.push_back(std::to_string(piece.begin) + "-" + std::to_string(piece.end) + ":" + std::to_string(reuse) +
                  (piece.is_new ? "+" : "") + (piece.is_unclear ? "?" : ""));
  }
  return out;
}

TEST(AssignInstruments, KeepsOneThroughShortSilencesAndLongQuietOnes) {
  // 2024-01-02 to 2024-01-31 are 20 sessions: not more than 20.
  EXPECT_THAT(pieces(rows({{day(1, 2), 10}, {day(1, 31), 40}})), ElementsAre("0-2:0+"));
  EXPECT_THAT(pieces(rows({{day(1, 2), 10}, {day(6, 3), 11}})), ElementsAre("0-2:0+"));
}

TEST(AssignInstruments, StartsAnotherAfterALongSilenceAndAPriceBreak) {
  EXPECT_THAT(pieces(rows({{day(1, 2), 10}, {day(2, 1), 40}})), ElementsAre("0-1:0+", "1-2:1+"));
  EXPECT_THAT(pieces(rows({{day(1, 2), 40}, {day(2, 1), 10}})), ElementsAre("0-1:0+", "1-2:1+"));
  // Three holders; the third is not the first come back.
  EXPECT_THAT(pieces(rows({{day(1, 2), 10}, {day(3, 1), 40}, {day(6, 3), 10}})),
              ElementsAre("0-1:0+", "1-2:1+", "2-3:2+"));
}

TEST(AssignInstruments, CallsAModerateMoveUnclear) {
  EXPECT_THAT(pieces(rows({{day(1, 2), 10}, {day(3, 1), 14}})), ElementsAre("0-2:0+?"));
}

TEST(AssignInstruments, LetsASplitExplainTheBreak) {
  EXPECT_THAT(pieces(rows({{day(1, 2), 40}, {day(3, 1), 10}}), {}, {{day(2, 15), 4.0}}), ElementsAre("0-2:0+"));
  EXPECT_THAT(pieces(rows({{day(1, 2), 40}, {day(3, 1), 10}}), {}, {{day(1, 2), 4.0}}),
              ElementsAre("0-1:0+", "1-2:1+"));
}

TEST(AssignInstruments, KnowsOneInstrumentASymbolWithoutACalendar) {
  EXPECT_THAT(pieces(rows({{day(1, 2), 10}, {day(6, 3), 400}}), {}, {}, "XXXX"), ElementsAre("0-2:0+"));
}

TEST(AssignInstruments, ContinuesWhatTheLakeHolds) {
  const Stay first{kFirst, day(1, 2), day(1, 31), 10, 12};
  const Stay second{kSecond, day(5, 1), day(5, 31), 50, 55};
  EXPECT_THAT(pieces(rows({{day(2, 1), 100}}), {first}), ElementsAre("0-1:0"));   // Follows closely.
  EXPECT_THAT(pieces(rows({{day(1, 15), 100}}), {first}), ElementsAre("0-1:0"));  // Lies within.
  EXPECT_THAT(pieces(rows({{day(3, 15), 100}}), {first}),
              ElementsAre("0-1:1+"));  // Long after, while others traded.
  EXPECT_THAT(pieces(rows({{day(6, 3), 56}}), {first, second}), ElementsAre("0-1:1"));
  EXPECT_THAT(pieces(rows({{day(3, 15), 51}}), {first, second}), ElementsAre("0-1:1"));  // Of the one after, by price.
  EXPECT_THAT(pieces(rows({{day(3, 15), 500}}), {first, second}), ElementsAre("0-1:0?"))
      << "the number behind it is given";
  EXPECT_THAT(pieces(rows({{day(2, 1), 500}}), {second}), ElementsAre("0-1:1?"));
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(pieces(rows({{day(3, 15), 500}}), {{kFirst, day(1, 2), day(1, 2), unknown, unknown}}),
              ElementsAre("0-1:0"));
}

TEST(AssignInstruments, CannotDecideOverAHoleInWhichNobodyTraded) {
  const Market nobody;
  EXPECT_THAT(pieces(rows({{day(1, 2), 10}, {day(6, 3), 400}}), {}, {}, "XNYS", nobody), ElementsAre("0-2:0+?"));
  const Stay first{kFirst, day(1, 2), day(1, 31), 10, 12};
  EXPECT_THAT(pieces(rows({{day(6, 3), 400}}), {first}, {}, "XNYS", nobody), ElementsAre("0-1:0?"));
  EXPECT_THAT(pieces(rows({{day(6, 3), 12}}), {first}, {}, "XNYS", nobody), ElementsAre("0-1:0"));
}

TEST(AssignInstruments, TakesAFewNamesForNoMarket) {
  const auto pieces_where = [](std::int64_t names) {  // In the hole; ten before and behind it.
    Market market;
    for (Date date = day(1, 1); date <= day(12, 31); date = date + 1) {
      market.add(date, date > day(1, 2) && date < day(6, 3) ? names : 10);
    }
    return pieces(rows({{day(1, 2), 10}, {day(6, 3), 400}}), {}, {}, "XNYS", market);
  };
  EXPECT_THAT(pieces_where(4), ElementsAre("0-2:0+?"));
  EXPECT_THAT(pieces_where(5), ElementsAre("0-1:0+", "1-2:1+"));
}

TEST(Market, CountsSessionsBehindTheFirstDay) {
  Market market;
  market.add(day(1, 2), 4);
  market.add(day(1, 3), 1);
  market.add(day(1, 3), 1);
  market.add(day(1, 4), 1);
  market.add(day(1, 5), 4);
  EXPECT_EQ(market.sessions_between(day(1, 2), day(1, 5)), 2);
  EXPECT_EQ(market.sessions_between(day(1, 6), day(1, 9)), 0);
}

}  // namespace
}  // namespace lode::flow
