// LEAN's own sample folder: factor files rebuild the adjusted prices, one ticker is two companies.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "lode/base/must.h"
#include "lode/base/text.h"
#include "lode/io/source/parts/bad_bodies.h"
#include "lode/io/source/parts/csv.h"
#include "lode/io/source/parts/stored_zip.h"
#include "lode/market/instrument.h"
#include "lode/market/test_data.h"

namespace lode {
const source::Source& source_lean_folder();
}  // namespace lode

namespace lode::source {
namespace {

using ::testing::ElementsAre;

const Source& source() { return source_lean_folder(); }

FetchRequest request(std::string name, std::string kind = "daily") {
  return {.names = {std::move(name)}, .kinds = {std::move(kind)}, .settings = {{"lean.base_url", "file:///Data"}}};
}
Response reply(Request asked) {
  Response out{.asked = std::move(asked), .status = 200};
  out.body = read_test_data("lean" + out.asked.http.url.substr(std::string_view("file:///Data").size()));
  out.received_at = must(parse_as_of("2026-01-01T00:00:00Z"));
  return out;
}
Parsed take(const Request& asked) { return must(source().parse(reply(asked))); }
const Batch& table(const Parsed& parsed, std::string_view name) {
  for (const TableRows& rows : parsed.tables) {
    if (rows.table == name) {
      return rows.rows;
    }
  }
  static const Batch kNone = empty_batch(*find_table("bars"));
  return kNone;
}
Parsed map_of(const std::string& ticker) { return take(must(source().plan(request(ticker), {}, {})).requests.at(0)); }
std::vector<std::string> asked_next(const Parsed& parsed) {
  std::vector<std::string> out;
  for (const Request& next : parsed.follow) {
    out.push_back(next.http.url.substr(next.http.url.rfind("usa/") + 4));
  }
  return out;
}

TEST(Lean, TheDaysAskedForAreTaken) {
  LODE_NEEDS_DATA("lean/equity");
  FetchRequest asked = request("aapl");
  asked.from = Date::from_civil(2010, 1, 1);
  asked.to = Date::from_civil(2010, 12, 31);
  const Parsed map = take(must(source().plan(asked, {}, {})).requests.at(0));
  const Parsed some = take(map.follow.at(0));
  const Column& sessions = table(some, "bars").column("session");
  ASSERT_GT(sessions.size(), 200U);
  EXPECT_LT(sessions.size(), 262U);
  for (std::size_t row = 0; row < sessions.size(); ++row) {
    EXPECT_TRUE(sessions.cell(row).starts_with("2010-")) << sessions.cell(row);
  }
  EXPECT_EQ(table(some, "instruments").column("listed_on").cell(0),
            table(take(map_of("aapl").follow.at(0)), "instruments").column("listed_on").cell(0))
      << "who it is does not hang on the days asked for";
  EXPECT_EQ(table(take(map.follow.at(1)), "actions").rows(), 0U) << "neither split nor dividend in 2010";
}

TEST(Lean, AMapFileLeadsToEveryTickerOfTheCompany) {
  LODE_NEEDS_DATA("lean/equity");
  EXPECT_THAT(asked_next(map_of("aapl")), ElementsAre("daily/aapl.zip", "factor_files/aapl.csv"));
  EXPECT_THAT(asked_next(map_of("twx")), ElementsAre("daily/aol.zip", "daily/twx.zip", "factor_files/twx.csv"));
  const Parsed wm = map_of("wm");
  EXPECT_THAT(asked_next(wm), ElementsAre("daily/uw.zip", "daily/wmi.zip", "daily/wm.zip", "factor_files/wm.csv"));
  const Batch& names = table(wm, "symbols");
  EXPECT_EQ(names.column("symbol").cell(2), "wm");
  EXPECT_EQ(names.column("valid_from").cell(2), "2009-08-05");
  EXPECT_EQ(names.column("valid_to").cell(2), "");
  EXPECT_EQ(names.column("valid_to").cell(1), "2009-08-04");
  const Parsed twx = map_of("twx");
  const Batch& gone = table(twx, "symbols");
  EXPECT_EQ(gone.column("valid_to").cell(1), "2018-06-15");
}

TEST(Lean, WmIsTwoCompanies) {
  LODE_NEEDS_DATA("lean/equity");
  const Parsed parsed = take(map_of("wm").follow.at(2));
  const Batch& bars = table(parsed, "bars");
  const std::string waste = to_string(instrument_id("XNYS", "UW"));
  const std::string washington = to_string(instrument_id("XNYS", "WM"));
  int of_waste = 0;
  for (std::size_t i = 0; i < bars.rows(); ++i) {
    const bool is_waste = bars.column("session").dates()[i] > Date::from_civil(2009, 8, 4).days;
    EXPECT_EQ(bars.column("instrument_id").cell(i), is_waste ? waste : washington);
    of_waste += is_waste ? 1 : 0;
  }
  EXPECT_GT(of_waste, 2800);
  EXPECT_GT(static_cast<int>(bars.rows()) - of_waste, 2400);
  const Batch& who = table(parsed, "instruments");
  ASSERT_EQ(who.rows(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    const bool is_waste = who.column("symbol").cell(i) == "UW";
    EXPECT_EQ(who.column("delisted_on").cell(i).empty(), is_waste);
  }
}

// Every file of the company tells the same of it: fetched again, in any order, nothing is new.
TEST(Lean, TheMapFileTellsWhenACompanyWasListed) {
  LODE_NEEDS_DATA("lean/equity");
  const auto who = [](const Parsed& map, std::size_t which, const std::string& symbol) {
    const Parsed parsed = take(map.follow.at(which));
    const Batch& rows = table(parsed, "instruments");
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      if (rows.column("symbol").cell(i) == symbol) {
        return rows.column("listed_on").cell(i) + " " + rows.column("delisted_on").cell(i) + " " +
               rows.column("event_time").cell(i);
      }
    }
    return std::string("not there");
  };
  const Parsed google = map_of("googl");
  ASSERT_EQ(google.follow.size(), 3U);
  for (const std::size_t which : {0U, 1U}) {
    EXPECT_EQ(who(google, which, "GOOG"), "2004-08-19  2004-08-19T00:00:00Z") << which;
  }
  EXPECT_EQ(who(map_of("wm"), 2, "UW"), "1998-01-02  1998-01-02T00:00:00Z");
  const Parsed time = map_of("twx");
  for (const std::size_t which : {0U, 1U}) {  // No bars of it are here.
    Response bars{.asked = time.follow.at(which), .status = 200};
    bars.received_at = must(parse_as_of("2026-01-01T00:00:00Z"));
    bars.body = stored_zip("x.csv", which == 0 ? "20030102 00:00,100000,100000,100000,100000,5\n"
                                               : "20180102 00:00,100000,100000,100000,100000,5\n");
    const Parsed parsed = must(source().parse(bars));
    const Batch& rows = table(parsed, "instruments");
    ASSERT_EQ(rows.rows(), 1U);
    EXPECT_EQ(rows.column("listed_on").cell(0), "1998-01-02") << which;
    EXPECT_EQ(rows.column("delisted_on").cell(0), "2018-06-15") << which;
  }
}

// Files of single days tell no first day, and say so; a map file does.
TEST(Lean, AFileOfADayTellsNoFirstDay) {
  const Cursor none;
  FetchRequest asked = request("aapl", "minute");
  asked.from = asked.to = must(parse_date("2014-06-05"));
  Response bars{.asked = must(source().plan(asked, none, {})).requests.at(0), .status = 200};
  bars.received_at = must(parse_as_of("2026-01-01T00:00:00Z"));
  bars.body = stored_zip("x.csv", "34200000,100000,100000,100000,100000,5\n");
  const Parsed parsed = must(source().parse(bars));
  EXPECT_EQ(table(parsed, "instruments").column("listed_on").cell(0), "2014-06-05");
  EXPECT_THAT(parsed.undated, ::testing::ElementsAre(instrument_id(kNoMic, "AAPL")));
  LODE_NEEDS_DATA("lean/equity");
  EXPECT_THAT(take(map_of("googl").follow.at(0)).undated, ::testing::IsEmpty());
}

// The oracle is LEAN's own rule: raw x price factor x split factor of the first line at or behind the day.
void check_adjusted(const std::string& ticker) {
  const Parsed map = map_of(ticker);
  const Parsed bars_answer = take(map.follow.at(map.follow.size() - 2));
  const Parsed factors_answer = take(map.follow.back());
  const Batch& bars = table(bars_answer, "bars");
  const Batch& actions = table(factors_answer, "actions");
  // Ours: what is kept over each action, of a dividend by the raw close before it.
  std::vector<std::pair<Date, double>> kept;
  const auto sessions = bars.column("session").dates();
  for (std::size_t a = 0; a < actions.rows(); ++a) {
    const Date ex{actions.column("ex_date").dates()[a]};
    const auto before = std::ranges::lower_bound(sessions, ex.days) - sessions.begin() - 1;
    if (actions.column("kind").cell(a) == "split") {
      kept.emplace_back(ex, 1 / actions.column("ratio").float64s()[a]);
    } else if (before >= 0) {
      kept.emplace_back(ex, 1 - actions.column("amount").float64s()[a] /
                                    bars.column("close").float64s()[static_cast<std::size_t>(before)]);
    }
  }
  const std::string text = read_test_data("lean/equity/usa/factor_files/" + ticker + ".csv");
  const auto lines = read_csv(text);
  std::size_t line = 0;
  int checked = 0;
  for (std::size_t i = 0; i < bars.rows(); ++i) {
    const Date day{bars.column("session").dates()[i]};
    while (line + 1 < lines.size() && must(parse_date(lines[line].cells[0])) < day) {
      ++line;
    }
    double price = 0;
    double split = 0;
    ASSERT_TRUE(parse_double(lines[line].cells[1], price) && parse_double(lines[line].cells[2], split));
    double factor = 1;  // Ours.
    for (const auto& [ex, one] : kept) {
      factor *= ex > day ? one : 1;
    }
    EXPECT_NEAR(factor / (price * split), 1, 2e-4) << ticker << " " << to_string(day);
    ++checked;
  }
  EXPECT_GT(checked, 1000);
}

TEST(Lean, ActionsOfTheFactorFileRebuildTheAdjustedPrices) {
  LODE_NEEDS_DATA("lean/equity");
  check_adjusted("aapl");
  check_adjusted("spy");
}

// GOOG was one company's until 2014-04-02 and another's since: each gets its rows, and none is set aside.
TEST(Lean, RowsOfTheNextHolderOfATickerAreLeftToIt) {
  LODE_NEEDS_DATA("lean/equity");
  const Parsed map = map_of("googl");
  const std::vector<std::string> asked = asked_next(map);
  const auto at = std::ranges::find(asked, "daily/goog.zip") - asked.begin();
  const Parsed former = take(map.follow.at(static_cast<std::size_t>(at)));
  EXPECT_TRUE(former.rejected.empty());
  const Batch& bars = table(former, "bars");
  ASSERT_GT(bars.rows(), 1000U);
  EXPECT_LE(bars.column("session").cell(bars.rows() - 1), "2014-04-02");
  EXPECT_EQ(table(former, "instruments").rows(), 1U);
}

TEST(Lean, NoFileOfAFormerTickerIsNoFailure) {
  LODE_NEEDS_DATA("lean/equity");
  const Parsed map = map_of("twx");
  const auto missing = [&](std::size_t which) {
    Response none{.asked = map.follow.at(which), .status = 404};
    return must(source().parse(none)).verdict;
  };
  EXPECT_EQ(missing(0).kind, ResponseClass::kNotModified) << "aol.zip";
  EXPECT_THAT(missing(0).reason, ::testing::HasSubstr("aol"));
  EXPECT_EQ(missing(1).kind, ResponseClass::kAbsent) << "twx.zip";
  EXPECT_EQ(missing(2).kind, ResponseClass::kAbsent) << "its factors";
}

TEST(Lean, SplitsAreOfWholeNumbers) {
  LODE_NEEDS_DATA("lean/equity");
  const Parsed answer = take(map_of("aapl").follow.back());
  const Batch& actions = table(answer, "actions");
  std::string splits;
  for (std::size_t i = 0; i < actions.rows(); ++i) {
    if (actions.column("kind").cell(i) == "split") {
      splits += actions.column("ex_date").cell(i) + " " + actions.column("ratio").cell(i) + "; ";
    }
  }
  EXPECT_EQ(splits, "2000-06-21 2; 2005-02-28 2; 2014-06-09 7; 2020-08-31 4; ");
  EXPECT_TRUE(answer.rejected.empty());
}

TEST(Lean, MinutesAreOfNewYorksMorningAndCryptoOfUtc) {
  LODE_NEEDS_DATA("lean");
  FetchRequest minutes = request("aapl", "minute");
  EXPECT_FALSE(source().plan(minutes, {}, {}).has_value());
  minutes.from = Date::from_civil(2014, 6, 5);
  minutes.to = Date::from_civil(2014, 6, 8);
  const Plan plan = must(source().plan(minutes, {}, {}));
  ASSERT_EQ(plan.requests.size(), 2U);  // No weekend.
  const Parsed parsed = take(plan.requests[0]);
  const Batch& bars = table(parsed, "bars");
  ASSERT_EQ(bars.rows(), 686U);
  EXPECT_EQ(bars.column("start").cell(0), "2014-06-05T08:15:00Z");
  EXPECT_EQ(bars.column("open").cell(0), "644.8");
  EXPECT_EQ(bars.column("interval_seconds").cell(0), "60");
  const Parsed coins = take(must(source().plan(request("coinbase/btcusd"), {}, {})).requests.at(0));
  const Batch& days = table(coins, "bars");
  EXPECT_EQ(coins.records, 1318);
  EXPECT_EQ(days.column("close").cell(0), "370");
  EXPECT_EQ(days.column("volume").cell(0), "0.05655554");
  EXPECT_EQ(days.column("start").cell(0), "2014-12-01T00:00:00Z");
}

TEST(Lean, EveryMapAndFactorFileIsRead) {
  LODE_NEEDS_DATA("lean/equity");
  for (const char* ticker : {"aig", "gdvd", "goog", "googl", "spwr", "spy", "tap.a", "tfcfa", "twx.1"}) {
    const Parsed map = map_of(ticker);
    EXPECT_GE(map.follow.size(), 2U) << ticker;
  }
  for (const char* ticker : {"aig", "goog", "googl", "tap.a", "tfcfa", "twx", "wm"}) {
    EXPECT_TRUE(take(map_of(ticker).follow.back()).rejected.empty()) << ticker;
  }
  EXPECT_FALSE(source().plan(request("../etc/passwd"), {}, {}).has_value());
  EXPECT_FALSE(source().plan({.names = {"aapl"}}, {}, {}).has_value());
}

TEST(Lean, DamageIsRefusedOrRead) {
  LODE_NEEDS_DATA("lean/equity");
  const Parsed map = map_of("twx");
  refused_bad_bodies(reply(must(source().plan(request("twx"), {}, {})).requests[0]), 3, 300, source().parse);
  refused_bad_bodies(reply(map.follow.back()), 4, 200, source().parse);
  EXPECT_GT(refused_bad_bodies(reply(map_of("googl").follow.at(1)), 5, 20, source().parse), 20);
}

}  // namespace
}  // namespace lode::source
