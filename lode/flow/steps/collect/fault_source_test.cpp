// What sources do to a fetch: every fault on the wire (F11), answers ten times, out of order and late (F12), an answer
// that no process survives (F13), two processes at once (F17).
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <stdexcept>

#include "lode/base/random.h"
#include "lode/flow/steps/collect/testing.h"
#include "lode/io/net/client_testing.h"
#include "lode/io/net/replay_testing.h"
#include "lode/io/queue/queue.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;

const std::string kYahoo = "https://query2.finance.yahoo.com";
const std::string kSec = "https://data.sec.gov";

// A source's recordings behind a server, and a client that asks it.
class WireWorld : public CollectWorld {
 public:
  // `published` is served through the faults of `plan`.
  Result<CollectReport> fetch_through(const std::string& source, const source::FetchRequest& request,
                                      const std::string& published, net::FaultPlan plan) {
    const auto recorded = must(net::ReplayHttp::open(std::vector<std::string>{recordings}));
    net::TestServer server(net::recorded_source(*recorded, published, std::move(plan)));
    net::ClientOptions options = net::test_options({net::place_at(published, server.origin())});
    options.attempts = 2;
    options.limits.wait_ms = 400;  // What never comes is not waited for.
    options.limits.slow_window_ms = 400;
    net::ClockSleeper sleeper(test.clock);
    net::Client client(options, test.clock, sleeper, test.log, test.metrics);
    World one{test.clock, test.archive, client, test.log, test.metrics, test.pool, test.config, lake_folder(), {}, {}};
    LODE_TRY(const auto collector, Collector::open(one, *must(find_source(source)), request));
    return collector->fetch(false);
  }
};

std::string facts_body() {
  return R"({"cik":320193,"entityName":"Apple Inc.","facts":{"dei":{"EntityCommonStockSharesOutstanding":)"
         R"({"label":"x","description":"y","units":{"shares":[{"end":"2024-10-18","val":15115823000,)"
         R"("accn":"0000320193-24-000123","fy":2024,"fp":"FY","form":"10-K","filed":"2024-11-01"}]}}}}})";
}

struct Served {
  std::string source, published, table;
  source::FetchRequest request;
  std::int64_t rows;
};

// Both kinds of source: one with a request a name, one with a document.
void prepare(WireWorld& world, const Served& served) {
  for (const std::string& url : world.planned(served.source, served.request)) {
    world.record(url, served.source == "yahoo" ? chart_body("AAA", 5) : facts_body());
  }
}

TEST(CollectSourceFault, EveryFaultOnTheWireCostsNoRowAndStoresNoBadOne) {
  source::FetchRequest chart = named({"AAA"});
  chart.from = Date::from_civil(1950, 1, 1);
  const Served kinds[] = {{"yahoo", kYahoo, "bars", chart, 5}, {"edgar-facts", kSec, "facts", named({"320193"}), 1}};
  const bool is_long = std::getenv("LODE_TEST_LONG") != nullptr;
  int points = 0, bad = 0, lost = 0, source = 0;
  for (const Served& served : kinds) {
    ++source;
    int number = 0;
    for (const net::Fault fault : net::kAllFaults) {
      if (++number % 2 != source % 2 && !is_long) {
        continue;  // Each fault once, on one of the two.
      }
      SCOPED_TRACE(fmt::format("{} fault {}", served.source, static_cast<int>(fault)));
      WireWorld world;
      prepare(world, served);
      const auto broken =
          world.fetch_through(served.source, served.request, served.published, [=](std::size_t) { return fault; });
      ASSERT_TRUE(broken) << render(broken.error());
      EXPECT_NE(exit_of(broken), 0) << "it is told";
      bad += broken->tables.empty() ? 0 : 1;
      world.test.clock.advance(2 * 3600 * kNanosPerSecond);  // What it asked to wait is over.
      // The second hour's chart is another address: the day's end moves with the clock.
      prepare(world, served);
      const auto good = world.fetch_through(served.source, served.request, served.published,
                                            [](std::size_t) { return net::Fault::kNone; });
      ASSERT_TRUE(good) << render(good.error());
      ++points;
      if (good->left == 0 && good->served == 0) {
        const auto anew = world.fetch_through(served.source, served.request, served.published,
                                              [](std::size_t) { return net::Fault::kNone; });
        ASSERT_TRUE(anew) << render(anew.error());
      }
      lost += world.rows(served.table) == served.rows ? 0 : 1;
      EXPECT_EQ(world.rows(served.table), served.rows);
    }
  }
  fmt::print("fault=F11 workload=collect points={} of={} lost={} dup=0 bad_rows={}\n", points,
             2 * net::kAllFaults.size(), lost, bad);
  EXPECT_EQ(bad, 0) << "a broken answer became rows";
}

// What a reader sees of the bars, without when each was received.
std::vector<std::string> bars_of(CollectWorld& world) {
  std::vector<std::string> out = world.cells(
      "bars", {"instrument_id", "session", "open", "high", "low", "close", "volume", "event_time", "known_time"});
  std::ranges::sort(out);
  return out;
}

source::FetchRequest from_day(int year, int month, int day) {
  source::FetchRequest out = named({"AAA"});
  out.from = Date::from_civil(year, month, day);
  return out;
}

TEST(CollectSourceFault, AnswersTenTimesOutOfOrderAndLateLeaveTheSameRows) {
  // Three spans of one history: all of it, all but the first month, the last days.
  const source::FetchRequest spans[] = {from_day(2024, 1, 1), from_day(2024, 2, 1), from_day(2024, 3, 1)};
  const auto record_all = [&](CollectWorld& world) {
    for (const source::FetchRequest& span : spans) {
      world.record(world.planned("yahoo", span).at(0), chart_body("AAA", 40));
    }
  };
  CollectWorld in_order;
  record_all(in_order);
  for (const source::FetchRequest& span : spans) {
    in_order.test.clock.advance(1);
    ASSERT_TRUE(in_order.fetch("yahoo", span));
  }
  const std::vector<std::string> wanted = bars_of(in_order);
  ASSERT_EQ(wanted.size(), 40U);

  CollectWorld shuffled;
  record_all(shuffled);
  Random random(3, 1);
  int points = 0;
  for (int i = 0; i < 30; ++i, ++points) {
    shuffled.test.clock.advance(1);
    // The last days come first, the whole history 30 times later.
    const std::size_t which = i == 0 ? 2 : i == 29 ? 0 : 1 + random.next_below(2);
    ASSERT_TRUE(shuffled.fetch("yahoo", spans[which]));
  }
  EXPECT_EQ(bars_of(shuffled), wanted);
  const auto lake = shuffled.lake();
  const auto snapshot = must(lake->snapshot());
  std::int64_t stored = 0;
  for (const lake::TableInfo& table : snapshot.tables()) {
    stored = table.name == "bars" ? table.rows : stored;
  }
  EXPECT_EQ(stored, 40) << "each row once, behind the view too";
  fmt::print("fault=F12 workload=collect points={} lost={} dup={}\n", points, bars_of(shuffled) == wanted ? 0 : 1,
             stored - 40);
}

// Yahoo's parser, but for one symbol that it does not survive.
Result<source::Parsed> parse_or_die(const source::Response& response) {
  if (source::text_about(response.asked, "symbol") == "BAD") {
    throw std::runtime_error("the process ends here");
  }
  return must(find_source("yahoo"))->parse(response);
}

TEST(CollectSourceFault, AnAnswerThatNoProcessSurvivesEndsAmongTheDeadAndStopsNobodyElse) {
  CollectWorld world;
  const std::vector<std::string> symbols = {"AAA", "BAD", "CCC"};
  const std::vector<std::string> urls = world.planned("yahoo", named(symbols));
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    world.record(urls[i], chart_body(symbols[i], 5));
  }
  const source::Source& yahoo = *must(find_source("yahoo"));
  const source::Source poisoned{yahoo.spec, yahoo.plan, parse_or_die};
  int deaths = 0;
  bool is_done = false;
  while (!is_done && deaths < 20) {
    World one = world.world();
    try {
      const auto collector = must(Collector::open(one, poisoned, named(symbols)));
      is_done = collector->fetch(false).has_value();
    } catch (const std::runtime_error&) {
      ++deaths;
    }
  }
  EXPECT_TRUE(is_done) << "it comes no more";
  EXPECT_LE(deaths, 6) << "once with others, then five times alone";
  EXPECT_EQ(world.rows("bars"), 10) << "the others are stored";
  const auto queue =
      must(queue::Queue::open(world.lake_folder(), "collect-yahoo", queue::Access::kWrite, world.test.clock));
  EXPECT_EQ(must(queue->stats()).dead, 1);
  fmt::print("fault=F13 workload=collect points=1 lost=0 dup=0 deaths={}\n", deaths);
}

TEST(CollectSourceFault, OneProcessAtATimeAndTheOthersName) {
  CollectWorld world;
  world.record(world.planned("yahoo", named({"AAA"})).at(0), chart_body("AAA", 5));
  World one = world.world();
  std::optional held(must(Collector::open(one, *must(find_source("yahoo")), named({"AAA"}))));
  int refused = 0;
  const int tries = std::getenv("LODE_TEST_LONG") != nullptr ? 20 : 1;  // Each waits two seconds for the lock.
  for (int i = 0; i < tries; ++i) {
    const auto second = Collector::open(one, *must(find_source("yahoo")), named({"AAA"}));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().number(), E::E8003);
    EXPECT_THAT(second.error().message(), HasSubstr(std::to_string(getpid()))) << "it names who";
    ++refused;
  }
  EXPECT_TRUE(Collector::open(one, *must(find_source("ecb")), {})) << "other sources share the lake";
  held.reset();
  EXPECT_TRUE(world.fetch("yahoo", named({"AAA"}))) << "a lock goes with its holder";
  EXPECT_EQ(world.rows("bars"), 5);
  fmt::print("fault=F17 workload=collect points={} lost=0 dup=0\n", refused);
}

}  // namespace
}  // namespace lode::flow
