// What an import learns from the lake, against the rows the test itself imported.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/known.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "lode/base/random.h"
#include "lode/flow/steps/ingest/testing.h"
#include "lode/market/calendar.h"

namespace lode::flow {
namespace {

class Known : public ::testing::Test {
 protected:
  lake::Snapshot snapshot() {
    lake_ = must(lake::Lake::open(world_.lake_folder(), lake::Access::kRead, world_.test.clock, world_.test.pool));
    return must(lake_->snapshot());
  }
  KnownInstruments known() {
    KnownInstruments out = must(read_known(snapshot()));
    must(read_spans(snapshot(), out));
    return out;
  }
  void import(const std::string& table, const std::string& text, const std::string& mic = "XNYS") {
    must(world_.run({world_.write(fmt::format("f{}.csv", ++files_), text)}, table, mic));
  }

  IngestWorld world_;
  std::unique_ptr<lake::Lake> lake_;
  int files_ = 0;
};

std::string bar(Date day, std::string_view symbol, double close) {
  return fmt::format("{},{},{},{},{},{},100\n", to_string(day), symbol, close, close + 1, close - 1, close);
}

std::vector<Date> sessions(int count) {
  std::vector<Date> days =
      must(find_calendar("XNYS"))->sessions(Date::from_civil(2021, 1, 4), Date::from_civil(2023, 1, 4));
  days.resize(static_cast<std::size_t>(count));
  return days;
}

TEST_F(Known, SpansAreTheFirstAndLastCloseInAnyOrderOfImports) {
  const std::vector<Date> days = sessions(40);
  Random random(1, 1);
  std::map<std::string, std::map<Date, double>> model;
  for (int file = 0; file < 4; ++file) {
    std::string text(kBarsHeader);
    for (const char* symbol : {"AAA", "BBB", "CCC"}) {
      for (int i = 0; i < 8; ++i) {
        const Date day = days[random.next_below(days.size())];
        if (model[symbol].contains(day)) {
          continue;
        }
        const double close = 100.0 + static_cast<double>(random.next_below(20));
        model[symbol][day] = close;
        text += bar(day, symbol, close);
      }
    }
    import("bars", text);
  }
  const KnownInstruments lake = known();
  for (const auto& [symbol, closes] : model) {
    const InstrumentId id = instrument_id("XNYS", symbol);
    ASSERT_TRUE(lake.has(id)) << symbol;
    const BarSpan& span = lake.spans.at(id);
    EXPECT_EQ(span.first, closes.begin()->first);
    EXPECT_EQ(span.last, closes.rbegin()->first);
    EXPECT_EQ(span.first_close, closes.begin()->second);
    EXPECT_EQ(span.last_close, closes.rbegin()->second);
    const std::vector<Stay> stays = lake.stays("XNYS", symbol);
    ASSERT_EQ(stays.size(), 1U);
    EXPECT_EQ(stays[0].id, id);
    EXPECT_EQ(stays[0].last, span.last);
    EXPECT_EQ(stays[0].last_close, span.last_close);
  }
}

TEST_F(Known, OneSymbolOnTwoExchangesIsTwoInstruments) {
  const Date day = sessions(1)[0];
  import("bars", std::string(kBarsHeader) + bar(day, "AAA", 10.0), "XNYS");
  import("bars", std::string(kBarsHeader) + bar(day, "AAA", 70.0), "XNAS");
  const KnownInstruments lake = known();
  ASSERT_EQ(lake.spellings.at("AAA").size(), 2U);
  for (const auto& [mic, close] : {std::pair("XNYS", 10.0), std::pair("XNAS", 70.0)}) {
    const std::vector<Stay> stays = lake.stays(mic, "AAA");
    ASSERT_EQ(stays.size(), 1U) << mic;
    EXPECT_EQ(stays[0].first_close, close);
    EXPECT_EQ(lake.text(stays[0].id, "mic"), mic);
    EXPECT_EQ(lake.text(stays[0].id, "symbol"), "AAA");
  }
  EXPECT_TRUE(lake.stays("XASX", "AAA").empty());
  EXPECT_TRUE(lake.stays("XNYS", "aaa").empty()) << "symbols are stored in capitals";
  EXPECT_EQ(lake.text(InstrumentId{12345}, "mic"), "");
}

TEST_F(Known, AReusedSymbolHasTwoStaysThatDoNotOverlap) {
  const std::vector<Date> days = sessions(120);
  std::string text(kBarsHeader);
  for (std::size_t i = 0; i < days.size(); ++i) {
    text += i < 30 ? bar(days[i], "AAA", 10.0) : i >= 90 ? bar(days[i], "AAA", 90.0) : "";
    text += bar(days[i], "BBB", 10.0);  // Others go on: the hole is a silence of AAA.
  }
  import("bars", text);
  const KnownInstruments lake = known();
  std::vector<Stay> stays = lake.stays("XNYS", "AAA");
  ASSERT_EQ(stays.size(), 2U);
  std::ranges::sort(stays, {}, &Stay::first);
  EXPECT_NE(stays[0].id, stays[1].id);
  EXPECT_EQ(stays[0].first_close, 10.0);
  EXPECT_EQ(stays[0].last_close, 10.0);
  EXPECT_EQ(stays[1].first, days[90]);
  EXPECT_EQ(stays[1].first_close, 90.0);
  EXPECT_LT(stays[0].last, stays[1].first);
}

TEST_F(Known, SplitsAreThoseOfTheActionsAndNothingElse) {
  const std::vector<Date> days = sessions(20);
  std::string text(kBarsHeader);
  for (const Date day : days) {
    text += bar(day, "AAA", 50.0) + bar(day, "BBB", 50.0);
  }
  import("bars", text);
  EXPECT_TRUE(known().splits.empty());
  import("actions", fmt::format("ex_date,symbol,kind,ratio,amount\n{},AAA,split,4,\n{},AAA,dividend,,0.5\n"
                                "{},AAA,split,0.1,\n{},BBB,dividend,,0.25\n",
                                to_string(days[3]), to_string(days[5]), to_string(days[9]), to_string(days[9])));
  const KnownInstruments lake = known();
  ASSERT_EQ(lake.splits.size(), 1U);
  std::vector<Split> splits = lake.splits.at(instrument_id("XNYS", "AAA"));
  std::ranges::sort(splits, {}, &Split::ex_date);
  ASSERT_EQ(splits.size(), 2U);
  EXPECT_EQ(splits[0].ex_date, days[3]);
  EXPECT_EQ(splits[0].ratio, 4.0);
  EXPECT_EQ(splits[1].ex_date, days[9]);
  EXPECT_DOUBLE_EQ(splits[1].ratio, 0.1);
}

TEST_F(Known, ContextHoldsBarsBeforeEachOwnDayInsideTheWindow) {
  const std::vector<Date> days = sessions(260);
  std::string text(kBarsHeader);
  for (std::size_t i = 0; i < days.size(); ++i) {
    text += bar(days[i], "AAA", 20.0 + static_cast<double>(i));
    text += i % 3 == 0 ? bar(days[i], "BBB", 500.0 - static_cast<double>(i)) : "";
    text += bar(days[i], "CCC", 5.0);
  }
  import("bars", text);
  const InstrumentId a = instrument_id("XNYS", "AAA");
  const InstrumentId b = instrument_id("XNYS", "BBB");
  const std::unordered_map<InstrumentId, Date> before = {{a, days[250]}, {b, days[200]}, {InstrumentId{7}, days[100]}};
  const BarContext context = must(read_context(snapshot(), before));
  EXPECT_EQ(context.size(), 2U) << "nobody asked for CCC, nobody has bars as 7";
  for (const auto& [id, step] : {std::pair(a, std::size_t{1}), std::pair(b, std::size_t{3})}) {
    const std::vector<BarRow>& rows = context.at(id);
    std::size_t at = 0;
    for (std::size_t i = 0; i < days.size(); ++i) {
      if (i % step == 0 && days[i] < before.at(id) && before.at(id) - days[i] <= kContextDays) {
        ASSERT_LT(at, rows.size());
        EXPECT_EQ(rows[at].session, days[i]);
        EXPECT_EQ(rows[at].close, id == a ? 20.0 + static_cast<double>(i) : 500.0 - static_cast<double>(i));
        EXPECT_EQ(rows[at].volume, 100.0);
        ++at;
      }
    }
    EXPECT_EQ(at, rows.size()) << "and no others";
  }
  EXPECT_GE(context.at(a).size(), 60U) << "volumes are judged by the 60 traded sessions before";
  EXPECT_TRUE(must(read_context(snapshot(), {})).empty());
}

TEST_F(Known, ALakeWithoutBarsKnowsNothing) {
  import("instruments", "symbol,kind\nAAA,equity\n");
  KnownInstruments lake = known();
  EXPECT_TRUE(lake.spans.empty());
  EXPECT_TRUE(lake.splits.empty());
  ASSERT_TRUE(lake.has(instrument_id("XNYS", "AAA")));
  const std::vector<Stay> stays = lake.stays("XNYS", "AAA");
  ASSERT_EQ(stays.size(), 1U);
  EXPECT_TRUE(std::isnan(stays[0].first_close)) << "no price is invented";
}

}  // namespace
}  // namespace lode::flow
