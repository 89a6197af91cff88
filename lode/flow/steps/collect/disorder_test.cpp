// Answers of one fetch in any order, and late (F12): what is stored hangs on what was said and not on what came first.
// Of sources whose parse keeps a state, for there the order could matter.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>

#include "lode/base/hash.h"
#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/flow/steps/collect/testing.h"
#include "lode/io/source/parts/stored_zip.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;

// Requests that are under way together are answered in an order drawn anew each time; one address fails at first.
class ShuffledHttp final : public Http {
 public:
  ShuffledHttp(Http& inner, std::uint64_t seed) : inner_(inner), random_(seed, 1) {}
  Result<HttpResponse> send(const HttpRequest& request) override {
    if (!late.empty() && request.url.find(late) != std::string::npos) {
      late.clear();
      return HttpResponse{.status = 503, .received_at = when};
    }
    return inner_.send(request);
  }
  void send_all(std::span<const HttpRequest> requests, int, const Answered& answered) override {
    std::vector<std::size_t> order(requests.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = order.size(); i > 1; --i) {
      std::swap(order[i - 1], order[random_.next_below(i)]);
    }
    for (const std::size_t i : order) {
      moved += order[i] == i ? 0 : 1;
      if (!answered(i, send(requests[i]))) {
        return;
      }
    }
  }
  void hold(std::string_view, Time) override {}

  std::string late;  // Part of an address.
  Time when;
  int moved = 0;

 private:
  Http& inner_;
  Random random_;
};

class CollectDisorder : public ::testing::Test {
 protected:
  // A fetch in the order drawn with `seed`, 0: as planned.
  static Result<CollectReport> fetch(CollectWorld& world, const std::string& source, const source::FetchRequest& asked,
                                     std::uint64_t seed, const std::string& late = "", bool fresh = false) {
    World one = world.world();
    ShuffledHttp shuffled(one.http, seed);
    shuffled.late = late;
    shuffled.when = world.test.clock.now();
    World other{one.clock,  one.archive,         shuffled, one.log, one.metrics, one.pool,
                one.config, world.lake_folder(), {},       {}};
    LODE_TRY(const auto collector, Collector::open(seed == 0 ? one : other, *must(find_source(source)), asked));
    return collector->fetch(fresh);
  }
  static std::vector<std::string> state(CollectWorld& world, const std::string& table,
                                        const std::vector<std::string>& columns) {
    std::vector<std::string> out = world.cells(table, columns);
    std::ranges::sort(out);
    return out;
  }
};

// Months of a pair of Binance's archive, by their days; what a month lacks pauses.
class BinanceFiles {
 public:
  BinanceFiles(const CollectWorld& world, std::string pair) : world_(world), pair_(std::move(pair)) {}
  void add(int year, int month, int first = 1, int last = 31) {
    std::string rows;
    for (Date day = Date::from_civil(year, month, 1); day.month() == month; day = day + 1) {
      if (day.day() >= first && day.day() <= last) {
        const std::int64_t start = start_of_day(day).nanos / 1'000'000;
        rows += fmt::format("{},1.0,3.5,0.5,2.0,10.5,{},99.5,617,1,2,0\n", start, start + 86'399'999);
      }
    }
    const std::string name = fmt::format("{}-1d-{}-{:02}", pair_, year, month);
    const std::string key = fmt::format("data/spot/monthly/klines/{}/1d/{}.zip", pair_, name);
    const std::string zip = source::stored_zip(name + ".csv", rows);
    world_.record("https://data.binance.vision/" + key, zip, 200, "application/zip");
    world_.record("https://data.binance.vision/" + key + ".CHECKSUM", sha256_hex(zip) + "  " + name + ".zip\n", 200,
                  "text/plain");
    keys_.push_back(key);
  }
  void list() const {
    const std::string bucket = "https://s3-ap-northeast-1.amazonaws.com/data.binance.vision?delimiter=%2F&prefix=";
    std::string body = "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>false</IsTruncated>";
    for (const std::string& key : keys_) {
      body += fmt::format("<Contents><Key>{}</Key></Contents>", key);
    }
    world_.record(fmt::format("{}data%2Fspot%2Fmonthly%2Fklines%2F{}%2F1d%2F", bucket, pair_),
                  body + "</ListBucketResult>", 200, "application/xml");
    const std::string newest = *std::ranges::max_element(keys_);
    const std::string stamp = newest.substr(newest.size() - 11, 7);
    Date end = must(parse_date(stamp + "-01"));
    while ((end + 1).month() == end.month()) {
      end = end + 1;
    }
    world_.record(fmt::format("{0}data%2Fspot%2Fdaily%2Fklines%2F{1}%2F1d%2F&marker=data%2Fspot%2Fdaily%2Fklines%2F{1}"
                              "%2F1d%2F{1}-1d-{2}.zip.CHECKSUM",
                              bucket, pair_, to_string(end)),
                  "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>", 200,
                  "application/xml");
  }

 private:
  const CollectWorld& world_;
  std::string pair_;
  std::vector<std::string> keys_;
};

const std::vector<std::string> kBarColumns = {"instrument_id", "session", "close", "known_time"};
const std::vector<std::string> kNameColumns = {"instrument_id", "symbol", "valid_from", "valid_to"};

// A year without a pause, and a pair that pauses for ten days inside a month and for a month.
void record_pairs(const CollectWorld& world) {
  BinanceFiles whole(world, "BTCUSDT");
  for (int month = 1; month <= 12; ++month) {
    whole.add(2024, month);
  }
  whole.add(2025, 1);
  whole.list();
  BinanceFiles paused(world, "ABCUSDT");
  paused.add(2024, 1, 1, 20);
  paused.add(2024, 3, 5);
  paused.add(2024, 4);
  paused.list();
}

TEST_F(CollectDisorder, FilesOfAPairLeaveTheSameRowsInEveryOrderAndLate) {
  const source::FetchRequest asked = named({"BTCUSDT", "ABCUSDT"});
  CollectWorld in_order;
  record_pairs(in_order);
  const CollectReport plain = must(fetch(in_order, "binance-archive", asked, 0));
  EXPECT_EQ(exit_of(plain), 0) << "an empty list of days is no failure";
  const std::vector<std::string> bars = state(in_order, "bars", kBarColumns);
  const std::vector<std::string> names = state(in_order, "symbols", kNameColumns);
  EXPECT_EQ(bars.size(), 397U + 20 + 27 + 30);
  EXPECT_EQ(names.size(), 3U) << "the pair that paused is two";
  in_order.test.clock.advance(kNanosPerSecond);
  EXPECT_EQ(exit_of(fetch(in_order, "binance-archive", asked, 0)), 0) << "nothing new is no failure";
  EXPECT_EQ(in_order.rows("quarantine"), 0);

  int points = 0, lost = 0;
  for (int seed = 1; seed <= test_rounds(4, 2); ++seed, ++points) {
    SCOPED_TRACE(fmt::format("order {}", seed));
    CollectWorld world;
    record_pairs(world);
    const std::string late = seed % 2 == 0 ? fmt::format("BTCUSDT-1d-2024-{:02}.zip", 2 + seed % 10) : "";
    must(fetch(world, "binance-archive", asked, static_cast<std::uint64_t>(seed), late));
    world.test.clock.advance(kNanosPerSecond);
    const auto again = fetch(world, "binance-archive", asked, static_cast<std::uint64_t>(seed) + 100);
    EXPECT_EQ(exit_of(again), 0);
    EXPECT_EQ(state(world, "bars", kBarColumns), bars);
    EXPECT_EQ(state(world, "symbols", kNameColumns), names);
    lost += state(world, "bars", kBarColumns) == bars ? 0 : 1;
  }
  fmt::print("fault=F12 workload=files points={} lost={} dup=0\n", points, lost);
}

TEST_F(CollectDisorder, SymbolsAndListsOfOneFetchInEveryOrder) {
  const std::vector<std::string> symbols = {"AAA", "BBB", "CCC", "DDD", "EEE"};
  const auto record_all = [&](CollectWorld& world) {
    const std::vector<std::string> urls = world.planned("yahoo", named(symbols));
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      world.record(urls[i], chart_body(symbols[i], 10 + static_cast<int>(i)));
    }
  };
  std::vector<std::string> wanted;
  int points = 0, lost = 0;
  for (int seed = 0; seed <= test_rounds(4, 2); ++seed, ++points) {
    CollectWorld world;
    record_all(world);
    EXPECT_EQ(exit_of(fetch(world, "yahoo", named(symbols), static_cast<std::uint64_t>(seed))), 0);
    world.test.clock.advance(kNanosPerSecond);
    wanted = wanted.empty() ? state(world, "bars", kBarColumns) : wanted;
    EXPECT_EQ(state(world, "bars", kBarColumns), wanted) << "order " << seed;
    lost += state(world, "bars", kBarColumns) == wanted ? 0 : 1;
  }
  EXPECT_EQ(wanted.size(), 10U + 11 + 12 + 13 + 14);
  fmt::print("fault=F12 workload=symbols points={} lost={} dup=0\n", points, lost);
}

// A day's index of EDGAR: filings of that day, and a letter that is listed on each.
std::string index_of(Date day) {
  std::string out =
      "Description:           Master Index of EDGAR Dissemination Feed\n\n"
      "CIK|Company Name|Form Type|Date Filed|File Name\n" +
      std::string(80, '-') + "\n";
  const int number = day.day();
  for (int i = 1; i <= 4; ++i) {
    out +=
        fmt::format("{0}|COMPANY {0}|8-K|{1}|edgar/data/{0}/0000000{0:03}-24-{2:06}.txt\n", i, to_string(day), number);
  }
  return out + fmt::format("9|COMPANY 9|CORRESP|{}|edgar/data/9/0000000009-24-000777.txt\n", to_string(day));
}

TEST_F(CollectDisorder, DaysOfAnIndexInEveryOrder) {
  source::FetchRequest asked;
  asked.from = Date::from_civil(2024, 1, 8);
  asked.to = Date::from_civil(2024, 1, 12);
  std::vector<std::string> wanted;
  int points = 0, lost = 0;
  for (int seed = 0; seed <= test_rounds(6, 3); ++seed, ++points) {
    CollectWorld world;
    const std::vector<std::string> urls = world.planned("edgar-index", asked);
    ASSERT_EQ(urls.size(), 5U);
    for (int i = 0; i < 5; ++i) {
      world.record(urls[static_cast<std::size_t>(i)], index_of(*asked.from + i), 200, "text/plain");
    }
    EXPECT_EQ(exit_of(fetch(world, "edgar-index", asked, static_cast<std::uint64_t>(seed))), 0);
    // The letter is listed on each day; which day's row was stored first is the order's.
    std::vector<std::string> out = state(world, "filings", {"accession", "cik", "parties", "public_at", "known_time"});
    wanted = wanted.empty() ? out : wanted;
    EXPECT_EQ(out, wanted) << "order " << seed;
    lost += out == wanted ? 0 : 1;
  }
  EXPECT_EQ(wanted.size(), 21U);
  fmt::print("fault=F12 workload=days points={} lost={} dup=0\n", points, lost);
}

std::string submissions_of(int cik, const std::string& name, const std::string& form, bool is_company) {
  return fmt::format(
      R"({{"cik":"{:010}","entityType":"{}","name":"{}","filings":{{"recent":{{)"
      R"("accessionNumber":["0000320193-24-000061","0000320193-24-000062"],"filingDate":["2024-04-29","2024-04-30"],)"
      R"("reportDate":["",""],"acceptanceDateTime":["2024-04-29T20:30:05.000Z","2024-04-30T01:10:00.000Z"],)"
      R"("form":["{}","{}"],"items":["",""],"primaryDocument":["a.htm","b.htm"],"size":[10,20],)"
      R"("fileNumber":["",""]}},"files":[]}}}})",
      cik, is_company ? "operating" : "other", name, form, form);
}

// An insider's list and the company's tell of the same filings: what was known on a day is the same whoever came first.
TEST_F(CollectDisorder, ListsOfTwoPartiesAreKnownTheSameInEveryOrder) {
  const std::vector<std::string> ciks = {"320193", "1462356"};
  std::vector<std::string> wanted;
  for (const bool is_insider_first : {false, true}) {
    CollectWorld world;
    const std::vector<std::string> urls = world.planned("edgar-submissions", named(ciks));
    world.record(urls[0], submissions_of(320193, "Apple Inc.", "4", true));
    world.record(urls[1], submissions_of(1462356, "Someone", "4", false));
    for (const int turn : {0, 1}) {
      must(fetch(world, "edgar-submissions", named({ciks[(turn == 1) != is_insider_first ? 1 : 0]}), 0));
      world.test.clock.advance(kNanosPerDay);
    }
    lake::Query query;
    query.as_of = must(parse_as_of("2024-06-01"));
    const Batch rows = must(must(world.lake()->snapshot()).read("filings", query));
    std::vector<std::string> out;
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      out.push_back(rows.column("accession").cell(row) + " " + rows.column("cik").cell(row) + " " +
                    rows.column("parties").cell(row));
    }
    EXPECT_EQ(out.size(), 2U);
    EXPECT_THAT(out.at(0), HasSubstr("0000320193 [")) << "the issuer is known on that day";
    wanted = wanted.empty() ? out : wanted;
    EXPECT_EQ(out, wanted);
  }
}

}  // namespace
}  // namespace lode::flow
