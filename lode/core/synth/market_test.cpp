// Synthetic markets hold what real data holds, and are the same everywhere.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/synth/market.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "lode/base/hash.h"
#include "lode/core/synth/test_markets.h"
#include "lode/market/quality.h"

namespace lode::synth {
namespace {

using ::testing::HasSubstr;

template <class Holds>
std::int64_t count_bars(const Market& market, Holds holds) {
  std::int64_t count = 0;
  for (std::size_t cell = 0; cell < market.close.size(); ++cell) {
    count += !std::isnan(market.close[cell]) && holds(cell) ? 1 : 0;
  }
  return count;
}

TEST(Market, HasTheSameBytesForAnyThreadCount) {
  const std::string one = all_files(made(60, 300, 7, 1));
  EXPECT_EQ(one, all_files(made(60, 300, 7, 2)));
  EXPECT_EQ(one, all_files(made(60, 300, 7, 5)));
}

TEST(Market, HasTheSameBytesOnEveryMachine) {
  EXPECT_EQ(xxh3_hex(all_files(made(24, 90))), "35f9080783f0cd0e5768346f4caf59ff");
}

TEST(Market, IsAnotherOneForAnotherSeed) { EXPECT_NE(all_files(made(24, 90, 7)), all_files(made(24, 90, 8))); }

TEST(Market, HasTheSizeAskedForOnRealSessions) {
  const Market market = made(500, 1260);
  EXPECT_EQ(market.rows(), 1260U);
  EXPECT_EQ(market.columns(), 500U);
  EXPECT_EQ(to_string(market.sessions.front()), "2020-01-02");
  EXPECT_EQ(to_string(market.sessions.back()), "2025-01-03");
  const Calendar* calendar = must(find_calendar(kMic));
  for (std::size_t row = 0; row < market.rows(); ++row) {
    ASSERT_TRUE(calendar->is_session(market.sessions[row]));
    ASSERT_TRUE(row == 0 || calendar->next(market.sessions[row - 1]) == market.sessions[row]);
  }
  EXPECT_GT(market.delisted(), 15);
  EXPECT_LT(market.delisted(), 50);
  EXPECT_GT(market.splits(), 3);
  EXPECT_GT(market.bars(), 500 * 1260 * 85 / 100);
}

TEST(Market, BarsPassTheQualityGates) {
  const Market market = made(120, 400);
  const Calendar* calendar = must(find_calendar(kMic));
  const QualityLimits limits;
  for (std::size_t row = 0; row < market.rows(); ++row) {
    for (std::size_t i = 0; i < market.columns(); ++i) {
      const std::size_t cell = market.cell(row, i);
      if (std::isnan(market.close[cell])) {
        ASSERT_TRUE(std::isnan(market.open[cell]) && std::isnan(market.volume[cell]));
        continue;
      }
      const RowFault fault = check_row({market.sessions[row], market.open[cell], market.high[cell], market.low[cell],
                                        market.close[cell], market.volume[cell]},
                                       calendar, limits);
      ASSERT_EQ(fault.number, 0) << market.listings[i].symbol << " " << fault.reason;
      ASSERT_EQ(market.volume[cell], std::floor(market.volume[cell]));
    }
  }
}

TEST(Market, AverageTradeLiesInTheRangeOfItsSession) {
  const Market market = made(80, 200);
  EXPECT_EQ(count_bars(market,
                       [&](std::size_t c) {
                         const double average = market.amount[c] / market.volume[c];
                         return market.volume[c] > 1000 &&
                                (average < market.low[c] - 1e-4 || average > market.high[c] + 1e-4);
                       }),
            0);
}

TEST(Market, HoldsQuietLockedAndAbsurdSessions) {
  const Market market = made(60, 300);
  const auto is_one_price = [&](std::size_t c) { return market.high[c] == market.low[c]; };
  const std::int64_t quiet = count_bars(market, [&](std::size_t c) { return market.volume[c] == 0.0; });
  EXPECT_GE(quiet, 6);
  EXPECT_EQ(quiet, count_bars(market, [&](std::size_t c) { return market.volume[c] == 0.0 && is_one_price(c); }));
  EXPECT_GE(count_bars(market, [&](std::size_t c) { return market.volume[c] > 0.0 && is_one_price(c); }), 2);
  EXPECT_EQ(count_bars(market, [&](std::size_t c) { return market.volume[c] > 2e9; }), 1);
  EXPECT_GT(count_bars(market, [&](std::size_t c) { return market.close[c] < 1.0; }), 200);
  EXPECT_GT(count_bars(market, [&](std::size_t c) { return market.close[c] > 2000.0; }), 200);
}

TEST(Market, HoldsGapsAtTheFirstMiddleAndLastRow) {
  const Market market = made(40, 240);
  const auto missing_while_listed = [&](std::size_t row) {
    int count = 0;
    for (std::size_t i = 0; i < market.columns(); ++i) {
      const Listing& listing = market.listings[i];
      const bool listed = listing.first <= static_cast<int>(row) && static_cast<int>(row) <= listing.last;
      count += listed && std::isnan(market.close[market.cell(row, i)]) ? 1 : 0;
    }
    return count;
  };
  EXPECT_GE(missing_while_listed(0), 1);
  EXPECT_GE(missing_while_listed(90), 1);
  EXPECT_GE(missing_while_listed(239), 1);
}

TEST(Market, LivesBeginAndEndAsListed) {
  const Market market = made(200, 500);
  int late = 0;
  for (std::size_t i = 0; i < market.columns(); ++i) {
    const Listing& listing = market.listings[i];
    late += listing.first > 0 ? 1 : 0;
    for (std::size_t row = 0; row < market.rows(); ++row) {
      const bool listed = listing.first <= static_cast<int>(row) && static_cast<int>(row) <= listing.last;
      ASSERT_TRUE(listed || std::isnan(market.close[market.cell(row, i)]));
    }
    if (listing.delisted) {
      EXPECT_LT(listing.last, static_cast<int>(market.rows()) - 1);
      EXPECT_FALSE(std::isnan(market.close[market.cell(static_cast<std::size_t>(listing.last), i)]));
      EXPECT_GE(listing.delisting_return, -1.0);
      EXPECT_LE(listing.delisting_return, 0.05);
    } else {
      EXPECT_EQ(listing.last, static_cast<int>(market.rows()) - 1);
    }
  }
  EXPECT_GT(late, 5);
  EXPECT_GE(market.delisted(), 2);
}

TEST(Market, ReturnsAfterALongSuspensionStayTheSameInstrument) {
  const Market market = made(40, 240);
  // The longest gap of each life: more than 20 sessions at least once, never with a price that moved by half.
  int longest = 0;
  for (std::size_t i = 0; i < market.columns(); ++i) {
    int gap = 0;
    double before = 0.0;
    for (std::size_t row = 0; row < market.rows(); ++row) {
      const double close = market.close[market.cell(row, i)];
      if (std::isnan(close)) {
        ++gap;
        continue;
      }
      if (before > 0.0 && gap > 0) {
        longest = std::max(longest, gap);
        EXPECT_LT(std::abs(close / before - 1.0), 0.3) << market.listings[i].symbol;
      }
      before = close;
      gap = 0;
    }
  }
  EXPECT_GT(longest, 20);
}

TEST(Market, GroupsHoldALonerAChangeAndTheUnsorted) {
  const Market market = made(60, 120);
  std::map<int, int> stays;
  std::map<std::string, std::set<int>> industries;
  for (const ListedGroup& group : market.groups) {
    ++stays[group.instrument];
    industries[group.industry].insert(group.instrument);
  }
  EXPECT_EQ(stays.size(), 58U);
  EXPECT_EQ(std::ranges::count_if(stays, [](const auto& stay) { return stay.second == 2; }), 1);
  EXPECT_GE(std::ranges::count_if(industries, [](const auto& one) { return one.second.size() == 1; }), 1);
}

TEST(Market, UniverseHoldsTheMostTradedOfTheSessionsBefore) {
  const Market market = made(50, 600);
  std::map<int, int> member_at_end;
  for (std::size_t k = 0; k < market.members.size(); ++k) {
    const ListedMember& member = market.members[k];
    EXPECT_GE(member.from, market.sessions[21]);
    if (member.to) {
      EXPECT_LT(member.from, *member.to);
    } else {
      ++member_at_end[member.instrument];
    }
    if (k > 0 && market.members[k - 1].instrument == member.instrument) {
      ASSERT_TRUE(market.members[k - 1].to.has_value());
      EXPECT_LT(*market.members[k - 1].to, member.from);
    }
  }
  EXPECT_EQ(member_at_end.size(), 20U);
}

TEST(Market, RefusesOptionsOutOfRange) {
  Pool pool(1);
  const auto message = [&](auto change) {
    MarketOptions options;
    change(options);
    const Result<Market> result = make_market(options, pool);
    EXPECT_FALSE(result.has_value());
    return result ? std::string() : std::string(result.error().message());
  };
  EXPECT_EQ(message([](MarketOptions& o) { o.instruments = 19; }), "instruments is 19, expected 20 to 9999");
  EXPECT_EQ(message([](MarketOptions& o) { o.sessions = 59; }).substr(0, 28), "sessions is 59, expected 60 ");
  EXPECT_THAT(message([](MarketOptions& o) { o.sessions = 100000; }), HasSubstr("sessions is 100000"));
  EXPECT_EQ(message([](MarketOptions& o) { o.quality_ic = 0.5; }), "quality_ic is 0.5, expected 0 to 0.08");
  EXPECT_EQ(message([](MarketOptions& o) { o.reversal_ic = -0.01; }), "reversal_ic is -0.01, expected 0 to 0.08");
  EXPECT_THAT(message([](MarketOptions& o) { o.reversal_ic = std::nan(""); }), HasSubstr("reversal_ic is nan"));
}

TEST(Market, PanelHoldsTheCellsOnALakesAxis) {
  const Market market = made(30, 80);
  const Calendar* calendar = must(find_calendar(kMic));
  const Panel close = to_panel(market, market.close, *calendar);
  EXPECT_TRUE(std::ranges::is_sorted(close.axis().instruments));
  EXPECT_EQ(close.valid_count(), static_cast<std::size_t>(market.bars()));
  for (std::size_t i = 0; i < market.columns(); ++i) {
    const int column = close.axis().column_of(instrument_id(kMic, market.listings[i].symbol));
    ASSERT_GE(column, 0);
    const double cell = market.close[market.cell(40, i)];
    const double shown = close.at(40, static_cast<std::size_t>(column));
    EXPECT_TRUE(cell == shown || (std::isnan(cell) && std::isnan(shown)));
  }
}

}  // namespace
}  // namespace lode::synth
