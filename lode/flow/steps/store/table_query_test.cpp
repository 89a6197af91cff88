// Selections of a table against a model: a map from symbol and day to every close ever imported, asked by symbol, by
// dates, by commit and as known at any of the imports.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/store/table_query.h"
#include "lode/base/test_rounds.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "lode/base/error.h"
#include "lode/base/random.h"
#include "lode/flow/steps/identity/renamed_testing.h"
#include "lode/flow/steps/ingest/testing.h"
#include "lode/market/calendar.h"

namespace lode::flow {
namespace {

constexpr const char* kSymbols[] = {"AAA", "BBB", "CCC", "DDD"};
constexpr int kDays = 12;
constexpr int kImports = 6;
constexpr std::int64_t kHour = 3600 * kNanosPerSecond;

struct Version {
  int import = 0;  // From 0.
  double close = 0.0;
};
using Model = std::map<std::pair<std::string, Date>, std::vector<Version>>;
using Lines = std::vector<std::string>;  // "AAA 2024-01-02 10"

class Selection : public ::testing::Test {
 protected:
  Selection()
      : days_(must(find_calendar("XNYS"))->sessions(Date::from_civil(2024, 1, 2), Date::from_civil(2024, 3, 1))) {
    days_.resize(kDays);
  }

  // Random files an hour apart, each with new days and other closes for old ones.
  void import_random(std::uint64_t seed) {
    Random random(seed, 1);
    for (int import = 0; import < kImports; ++import) {
      std::string text(kBarsHeader);
      for (const char* symbol : kSymbols) {
        for (const Date day : days_) {
          if (random.next_uniform() < 0.3) {
            const double close = 10.0 + 0.25 * static_cast<double>(random.next_below(4));
            text += fmt::format("{},{},10,11,9,{},100\n", to_string(day), symbol, close);
            std::vector<Version>& versions = model_[{symbol, day}];
            if (versions.empty() || versions.back().close != close) {
              versions.push_back({import, close});
            }
          }
        }
      }
      times_.push_back(world_.test.clock.now());
      commits_.push_back(must(world_.run({world_.write(fmt::format("{}.csv", import), text)})).commit);
      world_.test.clock.advance(kHour);
    }
  }

  // What stood in the lake after `import`, by symbol and day; the first version is known from its own session on, a
  // correction only from the import that brought it.
  Lines expected(int import, const std::set<std::string>& symbols, Date from, Date to) const {
    Lines lines;
    for (const auto& [key, versions] : model_) {
      const auto last = std::ranges::find_if(versions.rbegin(), versions.rend(),
                                             [&](const Version& version) { return version.import <= import; });
      if (symbols.contains(key.first) && key.second >= from && key.second <= to && last != versions.rend()) {
        lines.push_back(fmt::format("{} {} {}", key.first, to_string(key.second), last->close));
      }
    }
    return lines;
  }

  Result<Batch> read(const Request& request, const std::string& table = "bars", std::int64_t limit = 0) {
    lake_ = must(lake::Lake::open(world_.lake_folder(), lake::Access::kRead, world_.test.clock, world_.test.pool));
    return read_selected(*lake_, table, request, limit);
  }
  static Lines lines(const Batch& batch) {
    Lines out;
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      out.push_back(fmt::format("{} {} {}", batch.column("symbol").texts()[row],
                                to_string(Date{batch.column("session").dates()[row]}),
                                batch.column("close").float64s()[row]));
    }
    std::ranges::sort(out);
    return out;
  }
  Lines asked(const Request& request) { return lines(must(read(request))); }

  std::vector<Date> days_;
  IngestWorld world_;
  Model model_;
  std::vector<Time> times_;
  std::vector<std::int64_t> commits_;
  std::unique_ptr<lake::Lake> lake_;
};

Request with_symbols(const std::vector<std::string>& symbols) {
  Request request;
  Value list = Value::array();
  for (const std::string& symbol : symbols) {
    list.push(symbol);
  }
  request.set("symbol", std::move(list));
  return request;
}

TEST_F(Selection, AgreesWithTheModelForAnySymbolsDatesAndCommit) {
  import_random(3);
  Random random(4, 1);
  std::size_t rows = 0;
  for (int round = 0; round < test_rounds(60, 20); ++round) {
    std::set<std::string> symbols;
    for (std::uint64_t i = 0, count = 1 + random.next_below(3); i < count; ++i) {
      symbols.insert(kSymbols[random.next_below(std::size(kSymbols))]);
    }
    const int import = static_cast<int>(random.next_below(kImports));
    const Date from = days_[random.next_below(kDays)];
    const Date to = days_[random.next_below(kDays)];
    Request request = with_symbols({symbols.begin(), symbols.end()});
    request.set("from", Value(to_string(from)));
    request.set("to", Value(to_string(to)));
    request.set("commit", Value(commits_[static_cast<std::size_t>(import)]));
    // A symbol that no import up to then named is an unknown one.
    const Result<Batch> batch = read(request);
    if (!batch) {
      EXPECT_EQ(batch.error().number(), E::E2104) << render(batch.error());
      const bool all_named = std::ranges::all_of(symbols, [&](const std::string& symbol) {
        return !expected(import, {symbol}, days_.front(), days_.back()).empty();
      });
      EXPECT_FALSE(all_named);
      continue;
    }
    EXPECT_EQ(lines(*batch), expected(import, symbols, from, to)) << round;
    rows += batch->rows();
  }
  EXPECT_GT(rows, kSanitized ? 20U : 100U);
}

TEST_F(Selection, AsOfShowsNoCorrectionBeforeItArrived) {
  import_random(5);
  const std::set<std::string> all(std::begin(kSymbols), std::end(kSymbols));
  const Lines now = expected(kImports - 1, all, days_.front(), days_.back());
  EXPECT_EQ(asked({}), now);
  int differing = 0;
  for (int import = 0; import < kImports; ++import) {
    // Every first version was known on its own day, years before the imports: as_of takes back corrections only.
    Lines known;
    for (const auto& [key, versions] : model_) {
      double close = versions.front().close;
      for (const Version& version : versions) {
        close = version.import <= import ? version.close : close;
      }
      known.push_back(fmt::format("{} {} {}", key.first, to_string(key.second), close));
    }
    Request request;
    request.set("as-of", Value(to_string(Time{times_[static_cast<std::size_t>(import)].nanos + kHour / 2})));
    EXPECT_EQ(asked(request), known) << import;
    differing += known != now ? 1 : 0;
  }
  EXPECT_GT(differing, 2) << "the market must hold corrections";
}

TEST_F(Selection, DatesAreInclusiveAndALimitTakesTheFirstRowsByKey) {
  import_random(6);
  Request one = with_symbols({"AAA"});
  const Lines all = asked(one);
  ASSERT_GT(all.size(), 4U);
  const std::string first = all.front().substr(4, 10);
  const std::string last = all.back().substr(4, 10);
  one.set("from", Value(first));
  one.set("to", Value(last));
  EXPECT_EQ(asked(one), all);
  one.set("to", Value(first));
  EXPECT_EQ(asked(one), Lines{all.front()});
  EXPECT_EQ(lines(must(read(with_symbols({"AAA"}), "bars", 3))), Lines(all.begin(), all.begin() + 3));
}

TEST_F(Selection, SymbolsAreTrimmedCaselessAndCountOnce) {
  import_random(7);
  const Lines wanted = asked(with_symbols({"BBB"}));
  EXPECT_EQ(asked(with_symbols({" bbb ", "BBB", "Bbb"})), wanted);
  EXPECT_FALSE(wanted.empty());
}

TEST_F(Selection, TheSymbolStandsBesideEveryInstrumentOfOtherTables) {
  import_random(8);
  must(world_.run({world_.write("a.csv", "ex_date,symbol,kind,ratio\n2024-01-10,BBB,split,2\n")}, "actions"));
  const Batch actions = must(read({}, "actions"));
  ASSERT_EQ(actions.rows(), 1U);
  EXPECT_EQ(actions.columns().front().name(), "symbol");
  EXPECT_EQ(actions.column("symbol").texts()[0], "BBB");
  EXPECT_EQ(must(read(with_symbols({"AAA"}), "actions")).rows(), 0U);
  const Batch spellings = must(read({}, "symbols"));
  EXPECT_EQ(std::ranges::count(spellings.columns(), "symbol", &Column::name), 1) << "a table that has it keeps its own";
}

TEST_F(Selection, RefusesWhatTheTableCannotMean) {
  import_random(9);
  Request dated;
  dated.set("from", Value("2024-01-02"));
  EXPECT_EQ(read(dated, "instruments").error().number(), E::E4);
  EXPECT_EQ(read({}, "baars").error().number(), E::E2016);
  EXPECT_EQ(read(with_symbols({"AAA", "ZZTOP"})).error().number(), E::E2104);
  Request commit;
  commit.set("commit", Value(std::int64_t{commits_.back() + 1}));
  EXPECT_EQ(read(commit).error().number(), E::E8008);
  Request no_day;
  no_day.set("to", Value("2024-02-30"));
  EXPECT_TRUE(read(no_day).error().number() == E::E5 || read(no_day).error().number() == E::E2005);
}

TEST_F(Selection, AnEmptyAnswerTellsTheSpanOfTheSymbolsAskedFor) {
  import_random(10);
  const Lines all = asked(with_symbols({"CCC"}));
  Request request = with_symbols({"CCC"});
  request.set("from", Value("1999-01-01"));
  request.set("to", Value("1999-12-31"));
  ASSERT_EQ(must(read(request)).rows(), 0U);
  const Result<Batch> told = no_rows(*lake_, "bars", request, "lode data show bars");
  EXPECT_EQ(told.error().number(), E::E2101);
  const std::string said = render(told.error());
  for (const std::string& part :
       {std::string("CCC"), std::string("1999-12-31"), all.front().substr(4, 10), all.back().substr(4, 10)}) {
    EXPECT_NE(said.find(part), std::string::npos) << part << " in " << said;
  }
}

// Tickers that changed hands.
class Renamed : public Selection {
 protected:
  Renamed() {
    const auto lake =
        must(lake::Lake::open(world_.lake_folder(), lake::Access::kCreate, world_.test.clock, world_.test.pool));
    testing::RenamedLake::fill(*lake, world_.test.clock.now());
  }
  Lines called(const char* symbol, const char* from = nullptr, const char* to = nullptr, const char* as_of = nullptr) {
    Request request = with_symbols({symbol});
    for (const auto& [name, value] : {std::pair("from", from), {"to", to}, {"as-of", as_of}}) {
      if (value != nullptr) {
        request.set(name, Value(value));
      }
    }
    return asked(request);
  }
};

TEST_F(Renamed, ASymbolIsItsBearersOnTheDaysAskedFor) {
  EXPECT_EQ(called("GOOG", "2021-03-30"), Lines{"GOOG 2021-03-31 2"});
  EXPECT_EQ(called("goog", nullptr, "2014-04-02"), (Lines{"GOOG 2008-09-25 1", "GOOG 2014-03-31 1"}));
  EXPECT_EQ(called("WM", "2021-03-31"), Lines{"WM 2021-03-31 3"});
  EXPECT_EQ(called("WM", "2008-01-01", "2008-12-31"), Lines{"WM 2008-09-25 4"});
}

TEST_F(Renamed, ARangeOverTheChangeGivesEachDayItsBearer) {
  EXPECT_EQ(called("GOOG"),
            (Lines{"GOOG 2008-09-25 1", "GOOG 2014-03-31 1", "GOOG 2014-04-03 2", "GOOG 2021-03-31 2"}));
  EXPECT_EQ(called("WM"), (Lines{"WM 2008-09-25 4", "WM 2014-03-31 3", "WM 2014-04-03 3", "WM 2021-03-31 3"}));
  EXPECT_EQ(lines(must(read(with_symbols({"GOOG"}), "bars", 3))).size(), 3U)
      << "a limit counts the rows that are meant";
}

TEST_F(Renamed, ANameThatOneInstrumentBoreIsAllOfItsDaysEachUnderItsOwnName) {
  EXPECT_EQ(called("GOOGL"),
            (Lines{"GOOG 2008-09-25 1", "GOOG 2014-03-31 1", "GOOGL 2014-04-03 1", "GOOGL 2021-03-31 1"}));
  EXPECT_EQ(called("UW", "2021-01-01"), Lines{"WM 2021-03-31 3"});
}

TEST_F(Renamed, IsToldWhereADayDecides) {
  std::vector<std::string> notes;
  lake_ = must(lake::Lake::open(world_.lake_folder(), lake::Access::kRead, world_.test.clock, world_.test.pool));
  must(read_selected(*lake_, "bars", with_symbols({"GOOG"}), 0, &notes));
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_NE(notes[0].find("GOOG was more than one instrument's"), std::string::npos) << notes[0];
  notes.clear();
  must(read_selected(*lake_, "bars", with_symbols({"GOOGL"}), 0, &notes));
  EXPECT_TRUE(notes.empty());
}

TEST_F(Renamed, AsOfADayItIsWhoBoreItThen) {
  EXPECT_EQ(called("GOOG", nullptr, nullptr, "2014-04-01"), (Lines{"GOOG 2008-09-25 1", "GOOG 2014-03-31 1"}));
}

TEST_F(Renamed, InstrumentsCalledAreThoseOfTheRange) {
  lake_ = must(lake::Lake::open(world_.lake_folder(), lake::Access::kRead, world_.test.clock, world_.test.pool));
  const lake::Snapshot snapshot = must(lake_->snapshot());
  using Lake = testing::RenamedLake;
  const Date day = Date::from_civil(2021, 3, 31);
  EXPECT_EQ(must(instruments_called(snapshot, {"GOOG"}, day, day)), std::vector{Lake::kClassC});
  EXPECT_EQ(must(instruments_called(snapshot, {"GOOG"}, {}, {})), (std::vector{Lake::kClassA, Lake::kClassC}));
}

}  // namespace
}  // namespace lode::flow
