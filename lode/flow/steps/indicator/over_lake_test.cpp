// Indicators and votes over a universe: the rows are those of each instrument's own history, and the views show them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/over_lake.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "lode/base/text.h"
#include "lode/flow/steps/indicator/over_file.h"
#include "lode/flow/steps/research/research_testing.h"

namespace lode::flow {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class OverLake : public testing::Research {
 protected:
  OverLake() { import_market(); }
  Outcome over(const std::string& request) { return good("indicator", "run", request); }

  // The bars of one symbol as a file of its own.
  std::string file_of(const std::string& symbol) { return file_of(symbol, bars_csv()); }
  std::string file_of(const std::string& symbol, const std::string& all) {
    std::string text = "date,open,high,low,close,volume\n";
    for (const std::string_view line : split(all, '\n')) {
      const std::vector<std::string_view> cells = split(line, ',');
      if (cells.size() == 7 && cells[1] == symbol) {
        text += fmt::format("{},{},{},{},{},{}\n", cells[0], cells[2], cells[3], cells[4], cells[5], cells[6]);
      }
    }
    return write(symbol + ".csv", text);
  }
};

TEST_F(OverLake, TheDefaultSetGoesIntoTheTable) {
  const Outcome out = over(R"j({"universe": "all", "from": "2020-06-01"})j");
  EXPECT_EQ(out.data.at_path("table")->as_text(), "processed");
  EXPECT_EQ(out.data.at_path("instruments")->as_int(), testing::kNames);
  EXPECT_EQ(sql("select count(*), count(distinct instrument_id), min(session) from processed"),
            fmt::format("{},{},2020-06-01\n", out.data.at_path("rows_stored")->as_int(), testing::kNames));
  EXPECT_EQ(sql("select count(*) from processed where rsi_14 is null or keltner_upper is null"), "0\n")
      << "bars before --from warm the windows up";
  EXPECT_THAT(out.text, HasSubstr("r1: "));
  const Outcome again = over(R"j({"universe": "all", "from": "2020-06-01"})j");
  EXPECT_TRUE(again.data.at_path("was_there")->as_bool());
  EXPECT_EQ(sql("select count(distinct run) from processed"), "1\n");
}

TEST_F(OverLake, EachInstrumentHasTheBitsOfItsOwnHistory) {
  over(R"j({"universe": "all"})j");
  const BarsFile file = must(read_bars_file(file_of("S07")));
  const std::vector<Chosen> chosen = must(parse_indicators("rsi(14), macd, adx(14), obv", indicator::Profile::kLode));
  const Batch alone = must(run_over_file(file, chosen, {.pad = true})).rows;
  const std::string stored =
      sql("select p.rsi_14, p.macd_signal, p.adx_14, p.obv from processed p join symbols s using (instrument_id) "
          "where s.symbol = 'S07' order by session");
  std::string expected;
  for (std::size_t row = 0; row < alone.rows(); ++row) {
    expected += fmt::format("{},{},{},{}\n", alone.column("rsi_14").cell(row), alone.column("macd_signal").cell(row),
                            alone.column("adx_14").cell(row), alone.column("obv").cell(row));
  }
  EXPECT_EQ(stored, expected);
}

// Holidays of one exchange are sessions of the other, and a bar may be missing: neither is a gap in a history.
TEST_F(OverLake, AnInstrumentIsComputedOverItsOwnBarsAlone) {
  std::string sydney = "date,symbol,open,high,low,close,volume\n";
  std::string holed = sydney;
  Random random(5, 1);
  for (const Date day : must(find_calendar("XASX"))->sessions(sessions().front(), sessions().back())) {
    const double close = 20.0 + random.next_normal();
    sydney +=
        fmt::format("{},AU1,{:.3f},{:.3f},{:.3f},{:.3f},500\n", to_string(day), close, close + 1, close - 1, close);
  }
  for (std::size_t k = 0; k < sessions().size(); ++k) {
    const double close = 30.0 + random.next_normal();
    if (k != 150) {
      holed += fmt::format("{},HOLE,{:.3f},{:.3f},{:.3f},{:.3f},500\n", to_string(sessions()[k]), close, close + 1,
                           close - 1, close);
    }
  }
  import("bars", sydney, "XASX");
  import("bars", holed, "XNYS");
  const std::string names = R"j("name": ["sma(100), sma(200), rsi(14), cdldoji, ad"])j";
  const std::string rows = over(fmt::format(R"j({{{}, "universe": "all", "format": "csv"}})j", names)).text;
  over(R"j({"name": ["vote"], "universe": "all"})j");
  const std::pair<std::string, std::string> files[] = {
      {"S07", file_of("S07")}, {"AU1", file_of("AU1", sydney)}, {"HOLE", file_of("HOLE", holed)}};
  for (const auto& [symbol, path] : files) {
    std::string expected =
        good("indicator", "run", fmt::format(R"j({{{}, "data": "{}", "pad": true}})j", names, path)).text;
    std::string found = expected.substr(0, expected.find('\n') + 1);
    for (const std::string_view line : split(rows, '\n')) {
      const std::vector<std::string_view> cells = split(line, ',');
      if (cells.size() > 2 && cells[1] == symbol) {
        found += fmt::format("{},{}\n", cells[0], line.substr(line.find(symbol) + symbol.size() + 1));
      }
    }
    EXPECT_EQ(found, expected) << symbol;
    const Outcome votes = good("indicator", "run", fmt::format(R"j({{"name": ["vote"], "data": "{}"}})j", path));
    EXPECT_EQ(
        sql("select count(*) from votes v join symbols s using (instrument_id) where s.symbol = '" + symbol + "'"),
        fmt::format("{}\n", std::ranges::count(votes.text, '\n') - 1))
        << symbol;
  }
}

TEST_F(OverLake, NamesChooseColumns) {
  over(R"j({"name": ["sma, ema(12)", "macd"], "universe": "all"})j");
  EXPECT_EQ(sql("select count(sma_5) > 0, count(sma_200) > 0, count(ema_12) > 0, count(ema_26), count(macd_hist) > 0, "
                "count(rsi_14) from processed"),
            "true,true,true,0,true,0\n");
  EXPECT_THAT(mistake("indicator", "run", R"j({"name": ["sma(7)"], "universe": "all"})j"),
              AllOf(HasSubstr("E0004"), HasSubstr("no column for sma(7)"), HasSubstr("-o FILE")));
  EXPECT_THAT(mistake("indicator", "run", R"j({"name": ["zlema"], "universe": "all"})j"), HasSubstr("E0004"));
  EXPECT_THAT(mistake("indicator", "run", R"j({"name": ["mavp"], "universe": "all", "format": "csv"})j"),
              HasSubstr("a series of periods, which"));
}

TEST_F(OverLake, AnyIndicatorComesAsRows) {
  const Outcome out = over(
      R"j({"name": ["sma(7), supertrend"], "universe": "all", "from": "2020-12-30", "to": "2020-12-31", "format": "csv"})j");
  EXPECT_THAT(out.text, StartsWith("date,symbol,sma_7,supertrend"));
  EXPECT_EQ(std::ranges::count(out.text, '\n'), 1 + 2 * testing::kNames);
  const Outcome file =
      good("indicator", "run", fmt::format(R"j({{"name": ["sma(7)"], "data": "{}"}})j", file_of("S03")));
  const std::size_t at = file.text.find("2020-12-31,");
  const std::string expected = file.text.substr(at + 11, file.text.find('\n', at) - at - 11);
  EXPECT_THAT(out.text, HasSubstr("2020-12-31,S03," + expected + ","));
}

TEST_F(OverLake, FormulasAndKeptFactorsStandBesideIndicators) {
  good("factor", "add", R"j({"name": "my", "formula": "ta_ema(close,12) - ta_ema(close,26)"})j");
  good("factor", "add", R"j({"name": "place", "formula": "rank(close)"})j");
  const std::string span = R"j("universe": "all", "from": "2020-12-30", "to": "2020-12-31", "format": "csv")j";
  const std::string rows =
      over(fmt::format(R"j({{"name": ["my, rsi, place, twice = 2 * my, close - open"], {}}})j", span)).text;
  EXPECT_THAT(rows, StartsWith("date,symbol,rsi,my,place,twice,close - open\n2020-12-30,S00,"));
  const std::string rsi = over(fmt::format(R"j({{"name": ["rsi"], {}}})j", span)).text;
  std::vector<std::string> values;  // Of my, as factor compute has them
  const std::string computed = good("factor", "compute", fmt::format(R"j({{"formula": ["my"], {}}})j", span)).payload;
  for (const std::string_view line : split(computed, '\n')) {
    values.emplace_back(line.substr(line.rfind(',') + 1));
  }
  const std::vector<std::string_view> lines = split(rows, '\n');
  const std::vector<std::string_view> alone = split(rsi, '\n');
  ASSERT_EQ(lines.size(), alone.size());
  ASSERT_EQ(lines.size(), values.size());
  for (std::size_t k = 1; k <= 2 * testing::kNames; ++k) {
    const std::vector<std::string_view> cells = split(lines[k], ',');
    EXPECT_EQ(fmt::format("{},{},{}", cells[0], cells[1], cells[2]), alone[k]);
    EXPECT_EQ(cells[3], values[k]) << lines[k];
    double place = -1.0;
    EXPECT_TRUE(parse_double(cells[4], place) && place >= 0.0 && place <= 1.0) << "across names, which a file has not";
  }
  EXPECT_THAT(over(fmt::format(R"j({{"name": ["my"], {}}})j", span)).text, StartsWith("date,symbol,my\n"));
  EXPECT_THAT(mistake("indicator", "run", R"j({"name": ["my"], "universe": "all"})j"),
              AllOf(HasSubstr("E0004"), HasSubstr("'my' is a formula"), HasSubstr("factor compute 'my'")));
  for (const std::string& request : {std::string(R"j("universe": "all")j"), span}) {
    EXPECT_THAT(mistake("indicator", "run", fmt::format(R"j({{"name": ["rssi"], {}}})j", request)),
                AllOf(HasSubstr("E1102"), HasSubstr("did you mean 'rsi'")));
    EXPECT_NE(mistake("indicator", "run", fmt::format(R"j({{"name": ["rank(closs)"], {}}})j", request)), "no error");
  }
}

TEST_F(OverLake, VotesAreOfFullWindowsAlone) {
  const Outcome out = over(R"j({"name": ["vote"], "universe": "all"})j");
  EXPECT_EQ(out.data.at_path("table")->as_text(), "votes");
  EXPECT_EQ(sql("select count(*), min(session) from votes"),
            fmt::format("{},{}\n", (testing::kSessions - 50) * testing::kNames, to_string(sessions()[50])));
  EXPECT_EQ(sql("select distinct signal from votes order by signal"), "BUY\nHOLD\nSELL\n");
  EXPECT_EQ(sql("select count(*) from votes where (score > 0.3) <> (signal = 'BUY') or confidence <> abs(score)"),
            "0\n");
  const Outcome file = good("indicator", "run", fmt::format(R"j({{"name": ["vote"], "data": "{}"}})j", file_of("S11")));
  const std::string stored = sql(
      "select session, signal, strength, confidence, score, ma_vote, rsi_vote, macd_vote, bollinger_vote, "
      "stochastic_vote, v.close, ma_fast, ma_slow, ma_trend, rsi, macd, macd_signal, macd_hist, bb_upper, bb_middle, "
      "bb_lower, stochastic_k, stochastic_d from votes v join symbols s using (instrument_id) where s.symbol = 'S11' "
      "order by session");
  EXPECT_EQ(stored, file.text.substr(file.text.find('\n') + 1));
  EXPECT_THAT(mistake("indicator", "run", R"j({"name": ["vote"], "universe": "all", "rules": "ma_fast=8"})j"),
              AllOf(HasSubstr("E0007"), HasSubstr("default periods")));
}

TEST_F(OverLake, ViewsHaveOtherNamesAndTheNewestRun) {
  over(R"j({"universe": "all"})j");
  over(R"j({"universe": "all", "from": "2020-12-01"})j");
  over(R"j({"name": ["vote"], "universe": "all"})j");
  over(R"j({"name": ["vote"], "universe": "all", "rules": "buy=0.1"})j");
  const std::string bars = fmt::format("{}\n", testing::kNames * testing::kSessions);
  EXPECT_EQ(sql("select count(*) from ax.processed"), bars) << "a session of a name stands once";
  EXPECT_EQ(sql("select symbol, date, volume is null, adjusted_close = close, round(rsi_14) = rsi_14 from ax.processed "
                "where symbol = 'S00' and date = '2020-12-31'"),
            "S00,2020-12-31,false,true,false\n");
  EXPECT_EQ(
      sql("select count(*) from (select symbol, timestamp from rt.stock_indicators group by all having count(*) > 1)"),
      "0\n");
  EXPECT_EQ(
      sql("select count(*) from rt.stock_indicators where confidence > 0.1 and confidence <= 0.3 and signal = 'BUY'") ==
          "0\n",
      false)
      << "of the second rules";
}

// What runs computed is no input of a run: the default set twice is one run, whatever was stored between.
TEST_F(OverLake, StoredRowsAreNoInput) {
  over(R"j({"universe": "all"})j");
  over(R"j({"name": ["vote"], "universe": "all"})j");
  EXPECT_TRUE(over(R"j({"universe": "all"})j").data.at_path("was_there")->as_bool());
}

TEST_F(OverLake, SpansAreChecked) {
  EXPECT_THAT(mistake("indicator", "run", R"j({"name": ["vote"], "universe": "all", "to": "2020-02-28"})j"),
              AllOf(HasSubstr("E2102"), HasSubstr("vote needs 51 sessions"), HasSubstr("not neutral")));
  EXPECT_THAT(mistake("indicator", "run", R"j({"name": ["sma(5000)"], "universe": "all", "format": "csv"})j"),
              AllOf(HasSubstr("E2102"), HasSubstr("sma_5000 needs 5,000 sessions")));
  EXPECT_THAT(mistake("indicator", "run", R"j({"universe": "all", "from": "2030-01-01"})j"), HasSubstr("E2101"));
  EXPECT_THAT(mistake("indicator", "run", R"j({"universe": "all", "from": "2021-01-01", "to": "2020-01-01"})j"),
              HasSubstr("E2024"));
  EXPECT_THAT(mistake("indicator", "run", R"j({"universe": "al"})j"), HasSubstr("E2103"));
  EXPECT_THAT(mistake("indicator", "run", R"j({"universe": "all", "pad": true})j"),
              HasSubstr("--pad goes with --data"));
}

}  // namespace
}  // namespace lode::flow
