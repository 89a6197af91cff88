// The files of a synthetic market tell the market and nothing else: read back here by a reader of its own.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/synth/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "lode/base/text.h"
#include "lode/core/synth/dirty.h"
#include "lode/core/synth/test_markets.h"
#include "lode/core/synth/test_measure.h"
#include "lode/market/quality.h"

namespace lode::synth {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (const std::string_view line : split(text, '\n')) {
    out.emplace_back(line);
  }
  EXPECT_TRUE(out.back().empty());  // Every line ends.
  out.pop_back();
  return out;
}

// All lines of all bar files below their headers.
std::vector<std::string> bar_lines(const Market& market) {
  std::vector<std::string> out;
  for (const int year : years(market)) {
    const std::vector<std::string> lines = lines_of(bars_csv(market, year));
    EXPECT_EQ(lines.front(), "date,symbol,open,high,low,close,volume,amount");
    out.insert(out.end(), lines.begin() + 1, lines.end());
  }
  return out;
}

double number(std::string_view text) {
  double out = 0.0;
  return parse_double(text, out) ? out : std::nan("");
}

// The rule a line breaks, judged by the lake's own gates and by what a reader of CSV would refuse; 0 = none.
int rule_of(std::string_view line) {
  const std::vector<std::string_view> cells = split(line, ',');
  Date date;
  std::string symbol;
  if (cells.size() != 8) return 2009;
  if (!try_parse_date(cells[0], date)) return 2005;
  if (!normalize_symbol(cells[1], symbol)) return 2010;
  return check_row({date, number(cells[2]), number(cells[3]), number(cells[4]), number(cells[5]), number(cells[6])},
                   must(find_calendar(kMic)), QualityLimits())
      .number;
}

TEST(Files, HoldEveryBarToTheBit) {
  MarketOptions options;
  options.instruments = 50;
  options.sessions = 300;
  options.dirty_rows = false;
  Pool pool(2);
  const Market market = must(make_market(options, pool));
  EXPECT_TRUE(market.dirty.empty());
  const std::vector<std::string> lines = bar_lines(market);
  ASSERT_EQ(static_cast<std::int64_t>(lines.size()), market.bars());
  std::map<std::string, std::size_t, std::less<>> columns;
  for (std::size_t i = 0; i < market.columns(); ++i) {
    columns[market.listings[i].symbol] = i;
  }
  for (const std::string& line : lines) {
    const std::vector<std::string_view> cells = split(line, ',');
    ASSERT_EQ(cells.size(), 8U);
    const auto row = std::ranges::lower_bound(market.sessions, must(parse_date(cells[0]))) - market.sessions.begin();
    const std::size_t cell = market.cell(static_cast<std::size_t>(row), columns.find(cells[1])->second);
    ASSERT_EQ(number(cells[2]), market.open[cell]);
    ASSERT_EQ(number(cells[3]), market.high[cell]);
    ASSERT_EQ(number(cells[4]), market.low[cell]);
    ASSERT_EQ(number(cells[5]), market.close[cell]);
    ASSERT_EQ(number(cells[6]), market.volume[cell]);
    ASSERT_EQ(number(cells[7]), market.amount[cell]) << line;
  }
}

TEST(Files, AreCutByYear) {
  const Market market = made(25, 300);
  EXPECT_EQ(bars_file_name(2024), "bars_2024.csv");
  for (const int year : years(market)) {
    for (const std::string& line : lines_of(bars_csv(market, year))) {
      ASSERT_TRUE(line.starts_with("date") || line.starts_with(std::to_string(year))) << line;
    }
  }
  EXPECT_EQ(bars_csv(market, 1999), "");
}

TEST(DirtyRows, AreTwelveEachBreakingItsRule) {
  for (const std::uint64_t seed : {1U, 7U, 99U}) {
    const Market market = made(30, 120, seed);
    ASSERT_EQ(market.dirty.size(), static_cast<std::size_t>(kDirtyRows));
    std::set<int> kinds;
    for (const DirtyRow& row : market.dirty) {
      EXPECT_EQ(rule_of(row.text), row.number == 2012 ? 0 : row.number) << row.text;
      kinds.insert(row.number);
    }
    EXPECT_EQ(kinds, (std::set<int>{2004, 2005, 2006, 2007, 2008, 2009, 2010, 2011, 2012}));
  }
}

TEST(DirtyRows, AreExactlyTheLinesThatBreakARule) {
  const Market market = made(40, 260);
  std::map<std::string, std::set<std::string>> by_key;  // Date and symbol -> different lines.
  std::map<std::string, int> lines_of_key;
  int broken = 0;
  for (const std::string& line : bar_lines(market)) {
    if (rule_of(line) != 0) {
      ++broken;
      continue;
    }
    const std::string key = line.substr(0, line.find(',', 11));
    by_key[key].insert(line);
    ++lines_of_key[key];
  }
  int contradicting = 0;
  for (const auto& [key, lines] : by_key) {
    contradicting += lines.size() > 1 ? lines_of_key[key] : 0;
  }
  EXPECT_EQ(broken, 10);
  EXPECT_EQ(contradicting, 2);
}

TEST(DirtyRows, StandInPlaceOfGoodOnes) {
  const Market market = made(40, 260);
  std::set<std::pair<int, int>> replaced;
  for (const DirtyRow& row : market.dirty) {
    if (row.replaces >= 0) {
      replaced.insert({row.row, row.replaces});
    }
  }
  EXPECT_EQ(replaced.size(), 9U);
  EXPECT_EQ(static_cast<std::int64_t>(bar_lines(market).size()),
            market.bars() - static_cast<std::int64_t>(replaced.size()) + kDirtyRows);
}

TEST(Actions, OfTheFileAreThoseOfTheMarket) {
  const Market market = made(120, 700);
  std::map<std::string, int, std::less<>> kinds;
  for (const std::string& line : lines_of(actions_csv(market))) {
    ++kinds[std::string(split(line, ',')[2])];
  }
  EXPECT_EQ(kinds["split"], market.splits());
  EXPECT_EQ(kinds["delisting"], market.delisted());
  EXPECT_EQ(static_cast<std::size_t>(kinds["dividend"] + kinds["split"]), market.actions.size());
  EXPECT_GT(kinds["dividend"], 100);
  EXPECT_GE(kinds["split"], 2);
}

// Adjusted prices go on across splits and dividends as if nothing had happened: the move of the raw price is explained.
TEST(Actions, ExplainTheRawPrice) {
  const Market market = made(60, 700);
  const Time now = end_of_day(market.sessions.back());
  int splits = 0;
  for (std::size_t i = 0; i < market.columns(); ++i) {
    std::vector<double> raw;
    std::vector<Action> actions;
    for (std::size_t row = 0; row < market.rows(); ++row) {
      raw.push_back(market.close[market.cell(row, i)]);
    }
    for (const ListedAction& listed : market.actions) {
      if (listed.instrument == static_cast<int>(i)) {
        actions.push_back(listed.action);
      }
    }
    const Adjustment adjustment = adjust(market.sessions, raw, actions, now, Adjust::kAll);
    EXPECT_TRUE(adjustment.faults.empty());
    for (const Action& action : actions) {
      const auto row =
          static_cast<std::size_t>(std::ranges::lower_bound(market.sessions, action.ex_date) - market.sessions.begin());
      ASSERT_GT(row, 0U);
      const double adjusted = raw[row] * adjustment.price[row] / (raw[row - 1] * adjustment.price[row - 1]) - 1.0;
      EXPECT_LT(std::abs(adjusted), 0.25);
      if (action.kind == ActionKind::kSplit) {
        ++splits;
        EXPECT_NEAR(raw[row - 1] / raw[row] / action.ratio, 1.0, 0.3);
        EXPECT_GT(std::abs(raw[row - 1] / raw[row] - 1.0), 0.2);
      }
    }
  }
  EXPECT_EQ(splits, market.splits());
}

TEST(Actions, AgreeWithAHolderWhoReinvests) {
  const Market market = made(40, 400);
  const measure::Cells held = measure::shares_held(market);
  const Time now = end_of_day(market.sessions.back());
  for (std::size_t i = 0; i < market.columns(); ++i) {
    std::vector<double> raw;
    std::vector<Action> actions;
    for (std::size_t row = 0; row < market.rows(); ++row) {
      raw.push_back(market.close[market.cell(row, i)]);
    }
    for (const ListedAction& listed : market.actions) {
      if (listed.instrument == static_cast<int>(i)) {
        actions.push_back(listed.action);
      }
    }
    const Adjustment adjustment = adjust(market.sessions, raw, actions, now, Adjust::kAll);
    const double last = held[market.cell(market.rows() - 1, i)];
    for (std::size_t row = 0; row < market.rows(); row += 37) {
      EXPECT_NEAR(adjustment.price[row], held[market.cell(row, i)] / last, 1e-12);
    }
  }
}

TEST(Files, SmallTablesNameOnlyListedSymbols) {
  const Market market = made(60, 400);
  std::set<std::string, std::less<>> symbols;
  for (const Listing& listing : market.listings) {
    symbols.insert(listing.symbol);
  }
  const auto check = [&](const std::string& text, std::size_t cells, std::size_t symbol) {
    const std::vector<std::string> lines = lines_of(text);
    for (std::size_t k = 1; k < lines.size(); ++k) {
      const std::vector<std::string_view> row = split(lines[k], ',');
      ASSERT_EQ(row.size(), cells) << lines[k];
      ASSERT_TRUE(symbols.contains(row[symbol])) << lines[k];
    }
    EXPECT_EQ(split(lines.front(), ',').size(), cells);
  };
  check(instruments_csv(market), 4, 0);
  check(actions_csv(market), 7, 1);
  check(groups_csv(market), 6, 0);
  check(universe_csv(market), 4, 1);
  EXPECT_EQ(lines_of(instruments_csv(market)).size(), 61U);
}

}  // namespace
}  // namespace lode::synth
