// From a poll of EDGAR's feed to the durable rows: each poll shows a page of a recorded crawl as the newest, as if the
// hundred filings before had just come; the time runs from the hand-over of the page to the end of the poll, by which
// the archive, the queue, the lake's commit and the cursor are synced. What one small
// durable file costs there stands beside (`durable_file_ms`).
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string>
#include <vector>

#include "lode/flow/steps/collect/testing.h"

namespace lode::flow {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kPages = 51;  // Of the recorded crawl.

// Answers for the feed: page `newest` is the first one, older ones stand behind it.
class Feed final : public Http {
 public:
  explicit Feed(const Clock& clock) : clock_(clock) {
    for (int page = 0; page < kPages; ++page) {
      pages_.push_back(
          read_test_data(fmt::format("edgar/atom/20251212T180331/type-all-start{:04}.atom.xml.gz", page * 100)));
    }
  }
  Result<HttpResponse> send(const HttpRequest& request) override {
    constexpr std::string_view kStart = "start=";
    const std::size_t at = request.url.find(kStart) + kStart.size();
    int start = 0;
    std::from_chars(request.url.data() + at, request.url.data() + request.url.size(), start);
    const auto page = static_cast<std::size_t>(newest + start / 100);
    HttpResponse out;
    out.url = request.url;
    out.received_at = clock_.now();
    if (page >= pages_.size()) {
      out.status = 503;
      out.headers = {{"Content-Type", "text/html"}, {"Server", "AkamaiNetStorage"}};
      out.body = "<html>past the end</html>";
    } else {
      out.status = 200;
      out.headers = {{"Content-Type", "application/atom+xml"}};
      out.body = pages_[page];
    }
    began = start == 0 ? SteadyClock::now() : began;
    return out;
  }
  int newest = kPages - 1;
  SteadyClock::time_point began;

 private:
  const Clock& clock_;
  std::vector<std::string> pages_;
};

// Milliseconds of a small file that is written durably (its sync and its folder's), the middle of many.
double durable_file_ms(const std::string& folder) {
  const std::string bytes(4096, 's');
  std::vector<double> took;
  for (int i = 0; i < 50; ++i) {
    const auto begin = SteadyClock::now();
    must(lake::write_durably(folder + "/durable", bytes));
    took.push_back(std::chrono::duration<double, std::milli>(SteadyClock::now() - begin).count());
  }
  std::ranges::sort(took);
  return took[took.size() / 2];
}

double quantile(const std::vector<double>& sorted, double q) {
  return sorted.empty() ? 0.0 : sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
}

void feed_to_store(benchmark::State& state) {
  if (!has_test_data("edgar/atom")) {
    state.SkipWithError("recorded body is not there");
    return;
  }
  CollectWorld parts;
  Feed feed(parts.test.clock);
  World world{parts.test.clock,
              parts.test.archive,
              feed,
              parts.test.log,
              parts.test.metrics,
              parts.test.pool,
              parts.test.config,
              parts.lake_folder(),
              {},
              {}};
  const auto collector = must(Collector::open(world, *must(find_source("edgar-feed")), {}));
  must(collector->poll());  // The first walk of the feed is no news.
  std::vector<double> took;
  std::int64_t stored = 0;
  for (auto _ : state) {
    feed.newest = std::max(feed.newest - 1, 0);
    parts.test.clock.advance(10 * kNanosPerSecond);
    const CollectReport report = must(collector->poll());
    took.push_back(std::chrono::duration<double, std::milli>(SteadyClock::now() - feed.began).count());
    const auto kept = report.tables.find("filings");
    stored += kept == report.tables.end() ? 0 : kept->second.kept;
    if (!report.unserved.empty() || kept == report.tables.end()) {
      state.SkipWithError("filings were lost");
    }
  }
  state.counters["durable_file_ms"] = durable_file_ms(parts.test.folder);
  std::ranges::sort(took);
  state.counters["p50_ms"] = quantile(took, 0.5);
  state.counters["p95_ms"] = quantile(took, 0.95);
  state.SetItemsProcessed(stored);
}

BENCHMARK(feed_to_store)->Name("feed_to_store/small")->Iterations(3)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(feed_to_store)->Name("feed_to_store/50_polls")->Iterations(50)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lode::flow
