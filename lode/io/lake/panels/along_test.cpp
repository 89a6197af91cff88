// Fields read along with the frame are the fields read after it: same axis, same bits, whatever the guess of the axis
// was worth.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cstring>
#include <filesystem>

#include "lode/base/must.h"
#include "lode/base/random.h"
#include "lode/io/lake/panels/cube.h"
#include "lode/io/lake/panels/frame.h"
#include "lode/io/lake/panels/testing.h"

namespace lode::lake {
namespace {

using testing::january;

class Along : public testing::MarketTest {
 protected:
  // Close and volume in two scans and in one, from the parts both times; true when the one scan placed them.
  bool expect_same(std::optional<Time> as_of = {}) {
    const std::vector<std::string> fields{"close", "volume"};
    const Snapshot snapshot = *lake->snapshot();
    forget();
    const Frame after = must(read_frame(snapshot, as_of));
    EXPECT_TRUE(after.cells.empty());
    const auto expected = must(read_cube(snapshot, after, fields));
    forget();
    const Frame along = must(read_frame(snapshot, as_of, fields));
    EXPECT_EQ(along.axis->sessions, after.axis->sessions);
    EXPECT_EQ(along.axis->instruments, after.axis->instruments);
    EXPECT_EQ(along.axis->symbols, after.axis->symbols);
    EXPECT_EQ(along.key, after.key);
    const auto found = must(read_cube(snapshot, along, fields));
    for (const std::string& field : fields) {
      expect_same_bits(found.at(field), expected.at(field), field);
    }
    const auto mapped = must(read_cube(snapshot, must(read_frame(snapshot, as_of, fields)), fields));
    expect_same_bits(mapped.at("close"), expected.at("close"), "close of the cache");
    return !along.cells.empty();
  }

  static void expect_same_bits(const Panel& found, const Panel& expected, const std::string& what) {
    ASSERT_EQ(found.rows(), expected.rows()) << what;
    for (std::size_t row = 0; row < found.rows(); ++row) {
      const auto a = found.row64(row);
      const auto b = expected.row64(row);
      ASSERT_EQ(a.size(), b.size()) << what;
      EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size_bytes()), 0) << what << ", row " << row;
    }
  }

  void forget() const { std::filesystem::remove_all(folder + "/panels"); }
};

TEST_F(Along, ADescribedMarketIsPlacedInOneScan) {
  two_names();
  EXPECT_TRUE(expect_same());
}

TEST_F(Along, AnInstrumentWithoutBarsHasNoColumn) {
  two_names();
  add_instruments({{3, "CCC", ""}});
  EXPECT_TRUE(expect_same());
}

TEST_F(Along, WithoutACalendarDaysWithoutBarsAreNoRows) {
  add_instruments({{1, "AAA", ""}, {2, "BBB", ""}}, "XXXX");
  add_bars({{1, january(2), 1}, {1, january(4), 2}, {2, january(5), 3}, {2, january(9), 4}});
  EXPECT_TRUE(expect_same());
}

TEST_F(Along, BeforeTheYearsOfACalendarDaysWithBarsAreTheRows) {
  add_instruments({{1, "AAA", ""}});
  add_bars({{1, Date::from_civil(1999, 12, 23), 1},  // The 24th was a holiday; the calendar begins in 2000.
            {1, Date::from_civil(1999, 12, 27), 2},
            {1, Date::from_civil(2000, 1, 3), 3},
            {1, Date::from_civil(2000, 1, 5), 4}});
  EXPECT_TRUE(expect_same());
}

TEST_F(Along, ABarOnADayNobodyGuessedTakesASecondScan) {
  add_instruments({{1, "AAA", ""}});
  add_bars({{1, january(2), 1}, {1, january(4), 2}, {1, january(7), 3}});  // The 4th is a Saturday.
  EXPECT_FALSE(expect_same());
}

TEST_F(Along, ABarOfAnInstrumentNobodyDescribedTakesASecondScan) {
  two_names();
  add_bars({{9, january(3), 5}});
  EXPECT_FALSE(expect_same());
}

TEST_F(Along, NobodyDescribedTakesASecondScan) {
  add_bars({{9, january(3), 5}});
  EXPECT_FALSE(expect_same());
}

TEST_F(Along, AFewBarsFarApartAreNotGuessed) {
  add_instruments({{1, "AAA", ""}});
  add_bars({{1, Date::from_civil(2001, 1, 3), 1}, {1, Date::from_civil(2021, 1, 5), 2}});
  EXPECT_FALSE(expect_same()) << "5,000 sessions for two bars";
}

TEST_F(Along, VersionsAndViewsOfThePastAreTheSame) {
  two_names();
  add_bars({{1, january(3), 99}});  // A correction.
  EXPECT_TRUE(expect_same());
  EXPECT_TRUE(expect_same(end_of_day(january(6))));
  EXPECT_TRUE(expect_same(end_of_day(january(3))));
}

TEST_F(Along, MarketsAtRandomAreTheSame) {
  const std::vector<const char*> exchanges{"XNYS", "XASX", "XXXX"};
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    lake.reset();
    std::filesystem::remove_all(folder);
    lake = open();
    Random random(seed, 0);
    std::vector<testing::InstrumentLine> names;
    std::vector<testing::BarLine> lines;
    const char* mic = exchanges[seed % exchanges.size()];
    const bool weekends = random.next_below(2) == 0;
    for (std::uint64_t id = 1; id <= 2 + random.next_below(7); ++id) {
      names.push_back({id * 7, "N" + std::to_string(id), ""});
      for (int day = 0; day < 900; ++day) {
        const Date date = Date::from_civil(2018, 6, 1) + day;
        if (random.next_below(5) > 1 && (weekends || date.weekday() < 5)) {
          lines.push_back({id * 7, date, static_cast<double>(1 + random.next_below(1000)) / 8});
        }
      }
    }
    add_instruments(names, mic);
    add_bars(lines);
    expect_same();
    expect_same(end_of_day(Date::from_civil(2019, 3, 1)));
  }
}

}  // namespace
}  // namespace lode::lake
