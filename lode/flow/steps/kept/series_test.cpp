// Series of kept rows: whatever changed the prices between two runs, no row and no line of a view is of two states.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/kept/series.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "lode/flow/open_lake.h"
#include "lode/flow/steps/indicator/keep.h"
#include "lode/flow/steps/research/research_testing.h"

namespace lode::flow {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SeriesOfKeptRows : public testing::Research {
 protected:
  SeriesOfKeptRows() { import_market(); }
  Outcome over(const std::string& request) { return good("indicator", "run", request); }
  // Every cell of a view, as one text to compare.
  std::string view(const std::string& name, const std::string& order) {
    return sql(fmt::format("select count(*), md5(string_agg(v::text, '|' order by {})) from {} v", order, name));
  }
  std::string processed() { return view("ax.processed", "symbol, date"); }
  std::string votes() { return view("rt.stock_indicators", "symbol, timestamp"); }
  // Rows that a run stored of one symbol, and of all others.
  std::string stored(const std::string& run, const std::string& symbol) {
    return sql(
        fmt::format("select count(*) filter (s.symbol = '{1}'), count(*) filter (s.symbol <> '{1}') from processed p "
                    "join symbols s using (instrument_id) where p.alias = '{0}'",
                    run, symbol));
  }
  void verifies(const char* run) {
    const Outcome out = good("runs", "verify", fmt::format(R"j({{"run": "{}"}})j", run));
    EXPECT_THAT(out.text, HasSubstr("bit-identical")) << run;
  }
  // Sessions from a day on.
  static std::ptrdiff_t sessions_from(Date day) {
    const std::vector<Date> days = sessions();
    return days.end() - std::ranges::lower_bound(days, day);
  }
};

const Date kOctober = Date::from_civil(2020, 10, 1);

TEST_F(SeriesOfKeptRows, ASplitBetweenTwoRunsMakesOneNameAnewAndNoOther) {
  over(R"j({"universe": "all"})j");
  import("actions", "ex_date,symbol,kind,ratio\n2020-09-01,S06,split,2\n");
  const Outcome out = over(R"j({"universe": "all", "from": "2020-10-01"})j");
  EXPECT_THAT(out.warnings, Contains(AllOf(HasSubstr("of 1 instrument were made anew, from 2020-01-02 on"))));
  EXPECT_EQ(out.data.at_path("made_anew")->as_int(), 1);
  EXPECT_EQ(stored("r2", "S06"),
            fmt::format("{},{}\n", testing::kSessions, (testing::kNames - 1) * sessions_from(kOctober)));
  EXPECT_EQ(
      sql("select count(*) from ax.processed where symbol = 'S06' and abs(adjusted_close / close - (case when date "
          "< '2020-09-01' then 0.5 else 1 end)) > 1e-12"),
      "0\n");
  EXPECT_EQ(sql("select count(distinct series), count(distinct run) from indicator_series"), "2,2\n");
  verifies("r2");
  const std::string shown = processed();
  over(R"j({"universe": "all"})j");
  EXPECT_EQ(processed(), shown) << "what a whole run of the new prices shows";
  EXPECT_EQ(sql("select count(distinct series) from indicator_series"), "2\n") << "both series go on";
}

TEST_F(SeriesOfKeptRows, ANarrowRunAfterASplitMakesTheOtherColumnsAnew) {
  over(R"j({"universe": "all"})j");
  import("actions", "ex_date,symbol,kind,ratio\n2020-09-01,S05,split,10\n");
  const Outcome out = over(R"j({"name": ["rsi"], "universe": "all"})j");
  EXPECT_THAT(out.warnings, Contains(HasSubstr("of 1 instrument were made anew")));
  EXPECT_EQ(sql("select count(s.symbol = 'S05' or null) = count(*) from processed p join symbols s using "
                "(instrument_id) where alias = 'r2' and sma_20 is not null"),
            "true\n")
      << "of the others what was asked, and no more";
  EXPECT_EQ(sql("select count(*) from ax.processed where not adjusted_close between bollinger_lower * 0.5 and "
                "bollinger_upper * 2"),
            "0\n");
  verifies("r2");
  const std::string shown = processed();
  over(R"j({"universe": "all"})j");
  EXPECT_EQ(processed(), shown);
}

TEST_F(SeriesOfKeptRows, ACorrectedBarIsAnotherStateFromItsSessionOn) {
  parts.clock.advance(kNanosPerDay);
  over(R"j({"universe": "all"})j");
  parts.clock.advance(kNanosPerDay);
  import("bars", "date,symbol,open,high,low,close,volume\n2020-10-05,S05,80,83,79,82,100\n");
  over(R"j({"name": ["rsi"], "universe": "all"})j");
  EXPECT_EQ(sql("select s.symbol, min(session) from (select session, instrument_id from processed group by all having "
                "count(distinct state) > 1) join symbols s using (instrument_id) group by all"),
            "S05,2020-10-05\n");
  const std::string shown = processed();
  over(R"j({"universe": "all"})j");
  EXPECT_EQ(processed(), shown);
  EXPECT_EQ(
      sql("select close, round(adjusted_close, 9) from ax.processed where symbol = 'S05' and date = '2020-10-05'"),
      "82,82\n");
}

// Only sums of volume change, and the run asks for none of them.
TEST_F(SeriesOfKeptRows, ACorrectedVolumeIsAnotherStateToo) {
  parts.clock.advance(kNanosPerDay);
  over(R"j({"name": ["rsi, obv"], "universe": "all"})j");
  const std::string bar =
      sql("select open, high, low, close from bars b join symbols s using (instrument_id) where "
          "s.symbol = 'S05' and session = '2020-10-05'");
  parts.clock.advance(kNanosPerDay);
  import("bars",
         fmt::format("date,symbol,open,high,low,close,volume\n2020-10-05,S05,{},77\n", bar.substr(0, bar.size() - 1)));
  EXPECT_EQ(over(R"j({"name": ["rsi"], "universe": "all", "from": "2020-10-01"})j").data.at_path("made_anew")->as_int(),
            1);
  EXPECT_EQ(sql("select count(obv) from processed where alias = 'r2'"), fmt::format("{}\n", testing::kSessions));
}

TEST_F(SeriesOfKeptRows, ADividendBetweenTwoRunsKeepsTheRangeThatWasKept) {
  over(R"j({"universe": "all", "from": "2020-06-01"})j");
  import("actions", "ex_date,symbol,kind,amount\n2020-11-02,S07,dividend,5\n");
  over(R"j({"universe": "all", "from": "2020-11-03"})j");
  EXPECT_EQ(sql("select min(date) from ax.processed where symbol = 'S07'"), "2020-06-01\n");
  const std::string shown = processed();
  over(R"j({"universe": "all", "from": "2020-06-01"})j");
  EXPECT_EQ(processed(), shown);
  // The same under --adjust split, where a dividend changes nothing.
  over(R"j({"universe": "all", "adjust": "split"})j");
  import("actions", "ex_date,symbol,kind,amount\n2020-11-05,S08,dividend,5\n");
  EXPECT_THAT(over(R"j({"universe": "all", "adjust": "split", "from": "2020-11-03"})j").warnings, IsEmpty());
}

TEST_F(SeriesOfKeptRows, ADayMoreGoesOn) {
  const Date next = sessions().back() + 1;
  over(R"j({"universe": "all"})j");
  std::string text = "date,symbol,open,high,low,close,volume\n";
  for (int name = 0; name < testing::kNames; ++name) {
    text += fmt::format("{},S{:02},50,51,49,50,100\n", to_string(next), name);
  }
  import("bars", text);
  const Outcome out = over(fmt::format(R"j({{"universe": "all", "from": "{}"}})j", to_string(next)));
  EXPECT_EQ(out.data.at_path("rows_stored")->as_int(), testing::kNames);
  EXPECT_EQ(out.data.at_path("made_anew")->as_int(), 0);
  EXPECT_THAT(out.warnings, IsEmpty());
  EXPECT_EQ(sql("select count(distinct series) from indicator_series"), "1\n");
  EXPECT_EQ(sql("select count(*) from ax.processed"), fmt::format("{}\n", testing::kNames * (testing::kSessions + 1)));
}

TEST_F(SeriesOfKeptRows, ARunThatEndsEarlierHasThePricesOfOneThatDoesNot) {
  over(R"j({"universe": "all"})j");
  const std::string all = sql("select count(*), count(sma_20) from ax.processed");
  over(R"j({"name": ["rsi"], "universe": "all", "to": "2020-08-31"})j");
  EXPECT_EQ(sql("select count(*), count(sma_20) from ax.processed"), all);
  EXPECT_EQ(sql("select count(distinct series) from indicator_series"), "1\n");
  // A split behind --to adjusts what is before it, as in every other run.
  import("actions", "ex_date,symbol,kind,ratio\n2020-09-01,S06,split,2\n");
  const Outcome out = over(R"j({"universe": "all", "to": "2020-08-31"})j");
  EXPECT_THAT(out.warnings, Contains(HasSubstr("of 1 instrument were made anew, from 2020-01-02 on")));
  EXPECT_EQ(sql("select count(*), count(sma_20) from ax.processed"), all) << "sessions behind --to, too";
  const std::string shown = processed();
  EXPECT_EQ(over(R"j({"universe": "all", "from": "2020-10-01"})j").data.at_path("made_anew")->as_int(), 0);
  EXPECT_EQ(processed(), shown);
  over(R"j({"universe": "all"})j");
  EXPECT_EQ(processed(), shown);
  EXPECT_EQ(sql("select count(distinct series) from indicator_series"), "2\n");
  for (const char* run : {"r2", "r3", "r4"}) {
    verifies(run);
  }
}

TEST_F(SeriesOfKeptRows, ABackfillStandsBesideWhatWasKept) {
  over(R"j({"universe": "all", "from": "2020-06-01"})j");
  over(R"j({"universe": "all", "from": "2020-03-02", "to": "2020-05-29"})j");
  EXPECT_EQ(sql("select min(date), max(date), count(*) from ax.processed"),
            fmt::format("2020-03-02,2021-01-12,{}\n", testing::kNames * sessions_from(Date::from_civil(2020, 3, 2))));
  EXPECT_EQ(sql("select count(distinct series) from indicator_series"), "1\n");
  over(R"j({"name": ["vote"], "universe": "all", "from": "2020-08-03"})j");
  over(R"j({"name": ["vote"], "universe": "all", "to": "2020-07-31"})j");
  EXPECT_EQ(sql("select max(timestamp)::date, count(*) filter (timestamp < '2020-08-01') > 0 from "
                "rt.stock_indicators"),
            "2021-01-12,true\n");
}

// What is made anew are the rows there were: no session comes to it on which nobody asked for one.
TEST_F(SeriesOfKeptRows, ANameThatLeftAndCameBackHasNoRowBetween) {
  import("universe",
         "name,symbol,valid_from,valid_to\nfew,S01,2020-01-02,2020-03-31\nfew,S01,2020-07-01,\nfew,S02,2020-01-02,\n");
  over(R"j({"universe": "few"})j");
  const std::string kept =
      sql("select symbol, count(*), min(date), max(date) from ax.processed group by all order by all");
  const char* const kGap =
      "select count(*) from ax.processed where symbol = 'S01' and date between '2020-04-01' and '2020-06-30'";
  EXPECT_EQ(sql(kGap), "0\n");
  // A narrow run that ends within the gap has no row of its last session to be held against.
  EXPECT_THAT(over(R"j({"name": ["rsi"], "universe": "few", "to": "2020-05-29"})j").warnings, IsEmpty());
  import("actions", "ex_date,symbol,kind,ratio\n2020-09-01,S01,split,2\n");
  EXPECT_EQ(over(R"j({"universe": "few", "from": "2020-11-30"})j").data.at_path("made_anew")->as_int(), 1);
  EXPECT_EQ(sql(kGap), "0\n");
  EXPECT_EQ(sql("select symbol, count(*), min(date), max(date) from ax.processed group by all order by all"), kept);
  EXPECT_EQ(sql("select again from indicator_series where again is not null"),
            "\"2020-01-02/2020-03-31,2020-07-01/2021-01-12\"\n");
  verifies("r3");
  const std::string shown = processed();
  over(R"j({"universe": "few"})j");
  EXPECT_EQ(processed(), shown);
}

// A split that was a mistake and is taken back: the first series is of the prices there are again.
TEST_F(SeriesOfKeptRows, PricesThatComeBackGoOnWithTheirFirstSeries) {
  over(R"j({"universe": "all"})j");
  const std::string shown = processed();
  import("actions", "ex_date,symbol,kind,ratio\n2020-09-01,S06,split,2\n");
  const lake::CommitId commit = must(must(open_lake(world, Wanted::kRead))->commits()).back().id;
  over(R"j({"universe": "all", "from": "2020-10-01"})j");
  EXPECT_NE(processed(), shown);
  good("data", "revert", fmt::format(R"j({{"commit": {}, "yes": true}})j", commit));
  over(R"j({"universe": "all", "from": "2020-11-02"})j");
  EXPECT_EQ(processed(), shown);
  EXPECT_EQ(sql("select count(distinct series) from indicator_series"), "2\n");
  verifies("r3");
}

// Another run is stored while one computes: it is planned anew, so that both stand in one series and no place is given
// twice.
TEST_F(SeriesOfKeptRows, ARunThatAnotherOvertookIsPlannedAnew) {
  over(R"j({"universe": "all", "from": "2020-10-01"})j");
  import("actions", "ex_date,symbol,kind,ratio\n2020-09-01,S06,split,2\n");
  bool has_run = false;
  world.progress = [&](std::string_view phase, std::int64_t, std::int64_t) {
    if (phase == "storing indicators" && !std::exchange(has_run, true)) {
      over(R"j({"name": ["macd"], "universe": "all", "from": "2020-11-02"})j");
    }
    return true;
  };
  over(R"j({"name": ["rsi"], "universe": "all", "from": "2020-11-03"})j");
  world.progress = {};
  EXPECT_TRUE(has_run);
  EXPECT_EQ(sql("select count(*), count(distinct place) from indicator_runs"), "3,3\n");
  EXPECT_EQ(sql("select count(distinct series) from indicator_series join symbols using (instrument_id) where symbol = "
                "'S06'"),
            "2\n")
      << "the later run goes on with what the other began";
  EXPECT_EQ(sql("select min(date), count(rsi_14) = count(macd) from ax.processed where symbol = 'S06'"),
            "2020-10-01,true\n");
}

TEST_F(SeriesOfKeptRows, VotesAreOfOneStateAndPricesAsTheyWereTraded) {
  over(R"j({"name": ["vote"], "universe": "all"})j");
  import("actions", "ex_date,symbol,kind,ratio\n2020-09-01,S06,split,2\n");
  EXPECT_EQ(
      over(R"j({"name": ["vote"], "universe": "all", "from": "2020-10-01"})j").data.at_path("made_anew")->as_int(), 1);
  EXPECT_EQ(sql("select count(*) > 100, count(*) filter (current_price not between low and high), count(*) filter "
                "(timestamp < '2020-09-01' and abs(adjusted_close - MA_5) > 0.3 * MA_5), count(*) filter "
                "(abs(current_price - 2 * adjusted_close) < "
                "1e-9) = count(*) filter (timestamp < '2020-09-01') from rt.stock_indicators where symbol = 'S06'"),
            "true,0,0,true\n");
  verifies("r2");
  const std::string shown = votes();
  over(R"j({"name": ["vote"], "universe": "all"})j");
  EXPECT_EQ(votes(), shown);
}

// A name that is not asked for keeps what it has: its rows are still of one state.
TEST_F(SeriesOfKeptRows, ANameWithoutARowIsLeftAlone) {
  import("universe", "name,symbol,valid_from,valid_to\nfew,S01,2020-01-02,\nfew,S02,2020-01-02,2020-06-30\n");
  over(R"j({"universe": "all"})j");
  import("actions", "ex_date,symbol,kind,ratio\n2020-05-01,S02,split,2\n2020-05-01,S03,split,2\n");
  EXPECT_EQ(over(R"j({"universe": "few", "from": "2020-10-01"})j").data.at_path("made_anew")->as_int(), 0);
  EXPECT_EQ(sql("select distinct s.symbol from processed p join symbols s using (instrument_id) where alias = 'r2'"),
            "S01\n");
  EXPECT_EQ(sql("select count(*) from ax.processed"), fmt::format("{}\n", testing::kNames * testing::kSessions));
  // Where rows were kept they are made again, whoever is in the universe then.
  EXPECT_EQ(over(R"j({"universe": "few", "from": "2020-06-15"})j").data.at_path("made_anew")->as_int(), 1);
  EXPECT_EQ(sql("select count(*) from ax.processed where symbol = 'S02'"), fmt::format("{}\n", testing::kSessions));
  verifies("r3");
}

// Rows of a program before indicator_series are shown, and are of a state that nobody knows: never gone on with.
TEST_F(SeriesOfKeptRows, RowsOfBeforeAreShownAndMadeAnew) {
  over(R"j({"name": ["sma"], "universe": "all", "from": "2020-06-01"})j");
  const std::string shown = processed();
  {
    const auto lake = must(open_lake(world, Wanted::kWriteOrRead));
    const lake::Snapshot snapshot = must(lake->snapshot());
    lake::Writer writer = must(lake->writer());
    for (const char* table : {"processed", "indicator_runs"}) {
      Batch batch = must(snapshot.read(table, {}));
      std::vector<Column> columns;
      for (const Column& column : batch.columns()) {
        if (column.name() == "run") {
          TextData runs;
          for (std::size_t row = 0; row < batch.rows(); ++row) {
            runs.push("earlier");
          }
          columns.push_back(Column::text("run", std::move(runs)));
        } else if (column.name() == "place") {
          columns.push_back(Column::int64("place", std::vector<std::int64_t>(batch.rows(), 1000)));
        } else {
          columns.push_back(column);
        }
      }
      must(writer.append(table, Batch(std::move(columns)), world.clock.now()));
    }
    must(writer.commit("by hand", "indicator run", Value::object()));
  }
  EXPECT_EQ(processed(), shown);
  EXPECT_EQ(sql("select count(distinct run) from processed"), "2\n");
  const lake::Run run{.hash = "later", .request = must(parse_json(R"j({"as_of": null, "adjust": "all"})j"))};
  LakeWish wish{.universe = "all", .from = kOctober, .to = {}, .as_of = {}};
  wish.is_kept = true;
  LakeWork work{.chosen = must(parse_indicators("rsi(14)", indicator::Profile::kLode)), .rules = {}};
  const LakeBars bars = must(read_lake_bars(world, wish, work));
  const SeriesPlan plan = must(plan_series(bars, work, *find_table("processed"), run));
  EXPECT_EQ(plan.widened, testing::kNames);
  EXPECT_EQ(plan.since, Date::from_civil(2020, 6, 1));
  EXPECT_EQ(filled_of(plan.wide), ",sma_5,sma_10,sma_20,sma_50,sma_100,sma_200,rsi_14,");
  // The rows of before stand newest; those of the first run are of the same prices as these.
  EXPECT_EQ(fmt::format("{}\n", plan.series.front()), sql("select distinct series from indicator_series"));
  EXPECT_EQ(plan.series, std::vector<std::string>(testing::kNames, plan.series.front()));
}

TEST_F(SeriesOfKeptRows, AStateIsOfEveryBarBeforeAndOfEveryField) {
  LakeWish wish{.universe = "all", .from = {}, .to = {}, .as_of = {}};
  wish.is_kept = true;
  const LakeWork work{.chosen = must(parse_indicators("rsi(14)", indicator::Profile::kLode)), .rules = {}};
  LakeBars bars = must(read_lake_bars(world, wish, work));
  const auto state = [&] { return PriceStates(bars).after(7, 100, 3); };
  std::set<std::uint64_t> seen = {state(), PriceStates(bars).after(8, 100, 3), PriceStates(bars).after(7, 101, 3),
                                  PriceStates(bars).after(7, 100, 4)};
  EXPECT_EQ(seen.size(), 4U);
  for (const char* field : {"open", "high", "low", "close", "volume"}) {
    const Panel before = bars.set.panels.at(field);
    Panel other(before.shared_axis(), Precision::kFloat64);
    for (std::size_t row = 0; row < other.rows(); ++row) {
      std::ranges::copy(before.row64(row), other.mutable_row64(row).begin());
    }
    other.mutable_row64(100)[3] *= 1.0 + 1e-15;
    bars.set.panels.at(field) = other;
    EXPECT_TRUE(seen.insert(state()).second) << field;
    bars.set.panels.at(field) = before;
  }
  bars.set.panels.erase("volume");
  EXPECT_TRUE(seen.insert(state()).second);
}

}  // namespace
}  // namespace lode::flow
