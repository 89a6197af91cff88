// Benchmarks of the network's own share, against a server on this machine: exchanges one after another and several at a
// time, frames, redaction, signatures. Each checks its answer.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include "lode/base/assert.h"
#include "lode/io/net/client_testing.h"
#include "lode/io/net/frame.h"
#include "lode/io/net/redact.h"
#include "lode/io/net/sigv4.h"
#include "lode/io/net/stream_testing.h"

namespace lode::net {
namespace {

void exchanges(benchmark::State& state, int parallel, int count) {
  const std::string body(10'000, 'x');
  TestServer server([&](const Seen&, Wire& wire) { wire.answer(200, body); });
  TestWorld world;
  RealSleeper sleeper;
  NullLog log;
  ClientOptions options = test_options({place_at("https://source.example", server.origin())});
  Client client(options, world.clock, sleeper, log, world.metrics);
  const std::vector<HttpRequest> requests(static_cast<std::size_t>(count), get("https://source.example/x"));
  for (auto _ : state) {
    std::size_t bytes = 0;
    client.send_all(requests, parallel, [&](std::size_t, const Result<HttpResponse>& answer) {
      bytes += answer ? answer->body.size() : 0;
      world.clock.advance(2);
      return true;
    });
    LODE_ASSERT(bytes == body.size() * requests.size());
  }
  state.SetItemsProcessed(state.iterations() * count);
}
void exchanges_small(benchmark::State& state) { exchanges(state, 4, 20); }
void exchanges_serial(benchmark::State& state) { exchanges(state, 1, 2000); }
void exchanges_parallel(benchmark::State& state) { exchanges(state, 8, 2000); }
BENCHMARK(exchanges_small)->Name("exchanges/small")->UseRealTime();
BENCHMARK(exchanges_serial)->Name("exchanges/serial")->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(exchanges_parallel)->Name("exchanges/parallel")->UseRealTime()->Unit(benchmark::kMillisecond);

void frames(benchmark::State& state, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) {
    all += server_frame(0x81, R"({"e":"trade","s":"BTCUSDT","t":12345,"p":"0.001","q":"100","T":1672515782136})");
  }
  for (auto _ : state) {
    FrameReader reader;
    std::vector<Frame> out;
    for (std::size_t at = 0; at < all.size(); at += 16'384) {
      LODE_ASSERT(reader.add(std::string_view(all).substr(at, 16'384), out).has_value());
    }
    LODE_ASSERT(out.size() == static_cast<std::size_t>(count));
  }
  state.SetItemsProcessed(state.iterations() * count);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(all.size()));
}
void frames_small(benchmark::State& state) { frames(state, 100); }
void frames_real(benchmark::State& state) { frames(state, 100'000); }
BENCHMARK(frames_small)->Name("frames/small");
BENCHMARK(frames_real)->Name("frames/real")->Unit(benchmark::kMillisecond);

// A body without a secret, and bodies of nothing but escapes, which cost the most.
void redaction(benchmark::State& state, std::string_view piece, std::size_t bytes) {
  const Redaction redaction(
      std::vector<std::string>{"AKFORTESTS12ABCDEFGH", "ALPSECRETghi+/=x0123456789abcdefghijklmn"});
  std::string body;
  while (body.size() < bytes) {
    body += piece;
  }
  for (auto _ : state) {
    LODE_ASSERT(redaction.text(body) == body);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}
constexpr std::string_view kBars =
    R"({"t":"2025-12-01T05:00:00Z","o":271.2,"h":275.33,"l":269.1,"c":274.9,"v":48231234},)";
constexpr std::string_view kNews =
    R"({"title":"Apple \"beats\"\nagain \u2014 what next?","url":"https:\/\/a.example\/a?b=2%20d&amp;c"},)";
void redaction_small(benchmark::State& state) { redaction(state, kNews, 20'000); }
void redaction_bars(benchmark::State& state) { redaction(state, kBars, 8'000'000); }
void redaction_news(benchmark::State& state) { redaction(state, kNews, 8'000'000); }
void redaction_runs(benchmark::State& state) { redaction(state, "\\", 8'000'000); }
void redaction_escapes(benchmark::State& state) { redaction(state, "\\u005c", 8'000'000); }
BENCHMARK(redaction_small)->Name("redaction/small");
BENCHMARK(redaction_bars)->Name("redaction/bars")->Unit(benchmark::kMillisecond);
BENCHMARK(redaction_news)->Name("redaction/news")->Unit(benchmark::kMillisecond);
BENCHMARK(redaction_runs)->Name("redaction/runs")->Unit(benchmark::kMillisecond);
BENCHMARK(redaction_escapes)->Name("redaction/escapes")->Unit(benchmark::kMillisecond);

void signatures_small(benchmark::State& state) {
  HttpRequest request;
  request.url = "https://bucket.s3.eu-central-1.amazonaws.com/bars/year=2024/part.parquet?partNumber=1";
  request.body = std::string(4096, 'x');
  const AwsCredentials credentials{"AKIDEXAMPLE", "secret", ""};
  for (auto _ : state) {
    const auto headers = aws_sign({"eu-central-1", "s3"}, credentials, Time{}, request);
    LODE_ASSERT(headers && headers->size() == 3);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(signatures_small)->Name("signatures/small");

}  // namespace
}  // namespace lode::net
