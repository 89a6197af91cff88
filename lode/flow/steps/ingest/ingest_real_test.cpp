// Imports of real files, random files, and imports that are killed: the books always balance.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <map>
#include <set>
#include <unordered_map>

#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/base/text.h"
#include "lode/flow/steps/ingest/ingest.h"
#include "lode/flow/steps/ingest/testing.h"
#include "lode/market/quality.h"
#include "lode/market/test_data.h"

namespace lode::flow {
namespace {

using testing::ElementsAre;
using testing::Pair;
using testing::UnorderedElementsAre;

const IngestReason* reason(const IngestReport& report, std::uint16_t number) {
  const auto found = std::ranges::find(report.reasons, number, &IngestReason::number);
  return found == report.reasons.end() ? nullptr : &*found;
}

// Every cell of every row of the files against the lake: a row is kept as it stands there, or it is set aside. Returns
// the rows that were not kept.
std::int64_t rows_not_kept(IngestWorld& world, const std::vector<std::string>& paths) {
  std::map<std::uint64_t, std::string> symbols;
  const Batch named = world.read("symbols");
  for (std::size_t row = 0; row < named.rows(); ++row) {
    symbols[named.column("instrument_id").uint64s()[row]] = named.column("symbol").cell(row);
  }
  const Batch bars = world.read("bars");
  const std::array<std::string, 5> cells = {"open", "high", "low", "close", "volume"};
  std::unordered_map<std::string, std::size_t> places;
  places.reserve(bars.rows());
  for (std::size_t row = 0; row < bars.rows(); ++row) {
    const Date session{bars.column("session").dates()[row]};
    places[to_string(session) + "," + symbols[bars.column("instrument_id").uint64s()[row]]] = row;
  }
  EXPECT_EQ(places.size(), bars.rows());
  std::int64_t missing = 0;
  std::int64_t wrong = 0;
  for (const std::string& path : paths) {
    const std::string text = read_test_data(path.substr(test_data("").size()));
    for (const std::string_view line : split(text, '\n')) {
      const std::vector<std::string_view> words = split(trim(line), ',');
      if (words.size() < 7 || words[0] == "date") {
        continue;
      }
      const auto found = places.find(std::string(words[0]) + "," + std::string(words[1]));
      if (found == places.end()) {
        ++missing;
        continue;
      }
      for (std::size_t i = 0; i < cells.size(); ++i) {
        double value = 0;
        wrong += parse_double(words[i + 2], value) && bars.column(cells[i]).float64s()[found->second] == value ? 0 : 1;
      }
    }
  }
  EXPECT_EQ(wrong, 0) << "cells that differ from their file";
  return missing;
}

// The yearly files. Counted without Lode, with the rules as awk conditions over the same bytes:
//   zcat ohlcv-20*.csv.gz etf*.csv.gz | awk -F, '$1!="date"{n++; d=$1 FS $2; if(d in s) dup++; s[d]=1;
//     e=1+1e-9; if($3<=0||$4<=0||$5<=0||$6<=0) p++;
//     else if($5>$4*e||$3>$4*e||$6>$4*e||$5>$3*e||$5>$6*e) h++} END{print n, dup+0, p+0, h+0}'
//   -> 1107000 0 0 26, and 182905 0 0 3 for etf*.csv.gz with 2007 alone, which is what the sanitizers see
// and none of the days is a Saturday, a Sunday or a holiday of New York (date -d in a loop over the distinct days,
// which are the 2014 sessions from 2007-01-03 to 2014-12-31).
TEST(RealFiles, AreCountedAsAwkCountsThem) {
  if (!has_test_data("ohlcv-us-daily")) {
    GTEST_SKIP() << "no " << test_data("ohlcv-us-daily");
  }
  IngestWorld world;
  std::vector<std::string> paths = {test_data("ohlcv-us-daily/etf-2007-2014.csv.gz")};
  for (int year = 2007; year <= (kSanitized ? 2007 : 2014); ++year) {
    paths.push_back(test_data(fmt::format("ohlcv-us-daily/ohlcv-{}.csv.gz", year)));
  }
  const IngestReport report = must(world.run(paths));
  const std::int64_t rows = kSanitized ? 182'905 : 1'107'000;
  const std::int64_t set_aside = kSanitized ? 3 : 26;
  EXPECT_EQ(report.read, rows);
  EXPECT_EQ(report.dropped, 0);
  ASSERT_NE(reason(report, 2007), nullptr);
  EXPECT_EQ(reason(report, 2007)->rows, set_aside);
  EXPECT_EQ(report.set_aside, set_aside);
  EXPECT_EQ(report.kept, rows - set_aside);
  EXPECT_EQ(to_string(*report.first), "2007-01-03");
  EXPECT_EQ(to_string(*report.last), "2014-12-31");
  EXPECT_TRUE(must(world.run(paths)).repeated);
  EXPECT_EQ(rows_not_kept(world, paths), set_aside) << "the rest is as it stands in the files: none is mended";
  // awk -F, '{if($7>2147483648)b++; if($7==0)z++} END{print b+0, z+0}' -> 2 4904, and 0 768 of the sanitizers' part.
  EXPECT_EQ(world.rows("bars", {"volume"}, "volume > 2147483648").size(), kSanitized ? 0U : 2U);
  const std::string zero = fmt::format("(flags & {}) <> 0", static_cast<std::uint64_t>(BarFlag::kZeroVolume));
  EXPECT_EQ(world.rows("bars", {"volume"}, "volume = 0 AND " + zero).size(),
            world.rows("bars", {"volume"}, zero).size());
  EXPECT_EQ(world.rows("bars", {"volume"}, "volume = 0 AND NOT " + zero).size(), 0U) << "told, not taken out";
}

// originals/: three closes are a hundredth or a tenth of what they were, below the low of their own day: set aside
// where they stand. Days without volume (the folder's README counts them) are kept and flagged.
TEST(RealFiles, TellTheirDefectsBySettingAsideOrFlags) {
  LODE_NEEDS_DATA("ohlcv-us-daily/originals");
  IngestWorld world;
  const auto import = [&](const std::string& file) {
    const IngestReport report = must(world.run({test_data("ohlcv-us-daily/originals/" + file)}));
    EXPECT_EQ(report.kept + report.set_aside + report.dropped, report.read) << file;
    return report;
  };
  for (const auto& [file, session] : std::map<std::string, std::string>{
           {"bxp.us.txt", "2007-05-02"}, {"slg.us.txt", "2014-03-04"}, {"dds.us.txt.gz", "2008-04-16"}}) {
    const IngestReport report = import(file);
    ASSERT_NE(reason(report, 2007), nullptr) << file;
    const std::string there = fmt::format("session = DATE '{}'", session);
    EXPECT_THAT(world.rows("quarantine", {"rule"}, there), testing::Contains("E2007")) << file;
    EXPECT_TRUE(world.rows("bars", {"close"}, there + " AND close < 2").empty()) << file;
  }
  const std::string flagged =
      fmt::format("volume = 0 AND (flags & {}) <> 0", static_cast<std::uint64_t>(BarFlag::kZeroVolume));
  std::size_t before = world.rows("bars", {"volume"}, flagged).size();
  for (const auto& [file, rows] :
       std::map<std::string, std::size_t>{{"drys.us.txt.gz", 1'599}, {"tops.us.txt", 1'028}}) {
    import(file);
    const std::size_t now = world.rows("bars", {"volume"}, flagged).size();
    EXPECT_EQ(now - before, rows) << file;
    before = now;
  }
}

// originals/: wc -l and the defects of the folder's README: an empty file, weekend rows, a price of 0.
TEST(RealFiles, OfOneSymbolEachKeepTheirDefects) {
  if (!has_test_data("ohlcv-us-daily/originals")) {
    GTEST_SKIP() << "no " << test_data("ohlcv-us-daily/originals");
  }
  IngestWorld world;
  const IngestReport husa = must(world.run({test_data("ohlcv-us-daily/originals/husa.us.txt")}));
  EXPECT_EQ(husa.read, 3175);
  ASSERT_EQ(husa.reasons.size(), 1U);
  EXPECT_EQ(husa.reasons.front().number, 2006);  // awk -F, '$2<=0||$3<=0||$4<=0||$5<=0{print NR}' -> 1354
  EXPECT_EQ(husa.reasons.front().line, 1354);
  const IngestReport weekend = must(world.run({test_data("ohlcv-us-daily/originals/evgbc.us.txt")}));
  ASSERT_NE(reason(weekend, 2011), nullptr);
  EXPECT_EQ(reason(weekend, 2011)->label, "not a session of XNYS (weekend)");
  EXPECT_EQ(reason(weekend, 2011)->rows, 14);
  EXPECT_EQ(world.failure({test_data("ohlcv-us-daily/originals/sail.us.txt")}), 2014);
  EXPECT_THAT(world.rows("instruments", {"symbol"}), UnorderedElementsAre("HUSA", "EVGBC"));
}

// An index without volume. python3 over the same lines: 9,235 rows, of them 47 whose high or low does not hold open and
// close (1992-02-11, 1992-02-19, 1992-08-24 ...); no cell is empty and no day stands twice.
TEST(RealFiles, OfAnIndexNeedNoVolume) {
  LODE_NEEDS_DATA("macro/vix-daily.csv.gz");
  IngestWorld world;
  IngestRequest request;
  request.paths = {test_data("macro/vix-daily.csv.gz")};
  request.kind = "index";
  const IngestReport report = must(world.run(request));
  EXPECT_EQ(report.read, 9'235);
  ASSERT_NE(reason(report, 2007), nullptr);
  EXPECT_EQ(reason(report, 2007)->rows, 47);
  EXPECT_EQ(report.kept, 9'235 - 47 - 142) << "142 days lie behind this world's clock of 2026-01-05";
  EXPECT_THAT(world.rows("bars", {"open", "high", "low", "close"}, "session = DATE '1990-01-03'"),
              ElementsAre("18.19 18.19 18.19 18.19"));
  EXPECT_TRUE(world.rows("bars", {"session"}, "session = DATE '1992-02-11'").empty()) << "set aside, not mended";
  EXPECT_TRUE(world.rows("bars", {"session"}, "volume IS NOT NULL").empty()) << "what a file lacks is missing";
}

// Months of prices under a vendor's own names: the column that is a price is named, the others are not taken for one.
TEST(RealFiles, OfMonthsAreReadByTheColumnThatIsNamed) {
  LODE_NEEDS_DATA("macro/sp500-shiller-monthly.csv");
  IngestWorld world;
  IngestRequest request;
  request.paths = {test_data("macro/sp500-shiller-monthly.csv")};
  request.kind = "index";
  EXPECT_FALSE(world.run(request)) << "no column of it is called a price";
  request.map = {{"close", "SP500"}};
  const IngestReport report = must(world.run(request));
  const std::string text = read_test_data("macro/sp500-shiller-monthly.csv");
  EXPECT_EQ(report.read, std::ranges::count(text, '\n') - 1);
  EXPECT_EQ(report.set_aside, 29 * 12 + 5) << "months before 1900 and after this world's clock";
  EXPECT_EQ(report.kept, report.read - report.set_aside);
  EXPECT_THAT(world.rows("bars", {"session", "close"}, "session <= DATE '1900-01-31'"), testing::SizeIs(1));
}

// A market with every kind of fault, in several files; `expected` counts what a plain reading says.
struct RandomMarket {
  std::map<std::string, std::string> files;
  std::int64_t rows = 0;
};

RandomMarket random_market(std::uint64_t seed) {
  Random random(seed, 0);
  RandomMarket out;
  const std::vector<std::string> oddities = {"", "abc", "-3", "0", "1e400", "12,5", "99999999"};
  for (int file = 0; file < 3; ++file) {
    std::string text(kBarsHeader);
    for (std::uint64_t row = 0; row < random.next_below(60); ++row) {
      const Date day = Date::from_civil(2024, 1, 1) + static_cast<int>(random.next_below(40));
      std::string line = fmt::format("{},S{}", to_string(day), random.next_below(4));
      const auto price = static_cast<double>(random.next_below(3) + 10);
      for (int i = 0; i < 5; ++i) {
        line += "," + (random.next_below(40) == 0 ? oddities[random.next_below(oddities.size())] : shortest(price));
      }
      text += line + "\n";
      ++out.rows;
    }
    out.files[fmt::format("{}.csv", file)] = text + "\n";
  }
  out.files["last.csv"] = std::string(kBarsHeader) + "2024-03-01,S0,10,10,10,10,10";
  ++out.rows;
  return out;
}

TEST(RandomFiles, AreAccountedForToTheLastRow) {
  for (std::uint64_t seed = 0; seed < std::uint64_t{test_rounds(12)}; ++seed) {
    IngestWorld world;
    const RandomMarket market = random_market(seed);
    for (const auto& [name, text] : market.files) {
      world.write(name, text);
    }
    const IngestReport report = must(world.run({world.data()}));
    std::int64_t skipped = 0;  // A file that drew no row.
    EXPECT_EQ(report.read - skipped, market.rows) << seed;
    EXPECT_EQ(report.kept + report.dropped + report.set_aside, report.read) << seed;
    const std::vector<std::string> stored = world.rows("bars", {"instrument_id", "session"});
    EXPECT_EQ(static_cast<std::int64_t>(stored.size()), report.kept) << seed;
    EXPECT_EQ(std::set<std::string>(stored.begin(), stored.end()).size(), stored.size()) << seed;
    const auto quarantined = report.set_aside == 0 ? 0U : world.rows("quarantine", {"raw_line"}).size();
    EXPECT_EQ(static_cast<std::int64_t>(quarantined), report.set_aside) << seed;
  }
}

TEST(RandomFiles, GiveTheSameBarsForAnyNumberOfThreads) {
  std::vector<std::vector<std::string>> found;
  for (const int threads : {1, 3}) {
    IngestWorld world;
    for (const auto& [name, text] : random_market(5).files) {
      world.write(name, text);
    }
    Pool pool(threads);
    World base = world.test.world();
    World inner{base.clock, base.archive, base.http, base.log, base.metrics, pool, base.config, base.lake, {}};
    IngestRequest request;
    request.paths = {world.data()};
    request.mic = "XNYS";
    must(ingest(inner, request));
    found.push_back(world.rows(
        "bars", {"instrument_id", "session", "open", "high", "low", "close", "volume", "flags", "raw_line"}));
  }
  EXPECT_EQ(found[0], found[1]);
}

// Starts an import in another process and kills it after `micros`. True when it had ended by itself.
bool import_killed_after(IngestWorld& world, int micros) {
  const pid_t child = fork();
  if (child == 0) {
    Pool pool(1);  // Threads do not survive a fork.
    World base = world.test.world();
    World inner{base.clock, base.archive, base.http, base.log, base.metrics, pool, base.config, base.lake, {}};
    IngestRequest request;
    request.paths = {world.data()};
    request.mic = "XNYS";
    _exit(ingest(inner, request) ? 0 : 1);
  }
  usleep(static_cast<useconds_t>(micros));
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status);
}

// Kill -9 at any moment, then the same import again: no row is lost, none is doubled.
TEST(KilledImports, LoseNothingAndDoubleNothing) {
  IngestWorld clean;
  Random random(17, 0);
  std::string text(kBarsHeader);
  for (int day = 0; day < 400; ++day) {
    for (int symbol = 0; symbol < 20; ++symbol) {
      text +=
          fmt::format("{},S{},10,11,9,10.5,{}\n", to_string(Date::from_civil(2023, 1, 3) + day), symbol, day * symbol);
    }
  }
  const std::vector<std::string> columns = {"instrument_id", "session", "volume"};
  clean.write("a.csv", text);
  must(clean.run({clean.data()}));
  const std::vector<std::string> expected = clean.rows("bars", columns);
  const std::vector<std::string> expected_quarantine = clean.rows("quarantine", {"raw_line", "rule"});
  for (int round = 0; round < test_rounds(6, 2); ++round) {
    IngestWorld world;
    world.write("a.csv", text);
    for (int attempt = 0; attempt < 3; ++attempt) {
      import_killed_after(world, static_cast<int>(random.next_below(400'000)));
    }
    must(world.run({world.data()}));
    EXPECT_EQ(world.rows("bars", columns), expected) << round;
    EXPECT_EQ(world.rows("quarantine", {"raw_line", "rule"}), expected_quarantine) << round;
    EXPECT_EQ(world.rows("instruments", {"symbol"}).size(), 20U) << round;
  }
}

}  // namespace
}  // namespace lode::flow
