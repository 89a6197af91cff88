// lode data watch: polls a source until it is stopped.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/flow/steps/collect/named.h"
#include "lode/flow/steps/collect/watching.h"
#include "lode/flow/steps/live/streaming.h"
#include "lode/io/source/stream/stream_source.h"

namespace lode {

namespace {

constexpr std::string_view kDescription =
    "Asks a source again and again and stores what is new, each record once, however polls overlap and whenever the "
    "process ends. EDGAR's current feed is polled every 10 seconds in its office hours, from the newest page back to "
    "the "
    "first one that is known whole; other sources by their kind, or as --every says. For each filing it tells how long "
    "it "
    "took from acceptance to the lake, split into what the source took to show it, the wait for the poll, and our own "
    "work. A source that is down or limited is asked again when it allows; a refusal ends the watch. Ctrl-C and "
    "SIGTERM "
    "end it cleanly, with exit code 0. alpaca, binance, coinbase, kraken and yahoo are streams: trades, quotes and "
    "bars "
    "of the symbols as they happen, archived each second and committed every 5 s or as --every says. A stream that was "
    "lost comes back and subscribes again, a number that is missing makes a new connection, and each hole is told with "
    "its length, one that is open at the end too; a stream that was never reached until then is E6001, exit code 69. "
    "yahoo-chart polls the charts instead. The lake can be read and written meanwhile; one process at a "
    "time collects from "
    "one source.";

Result<Outcome> run_stream(World& world, const source::Source& source, const source::FetchRequest& wanted,
                           const flow::WatchOptions& options) {
  if (options.polls_most > 0) {
    return fail(E::E4, fmt::format("{} is a stream and has no polls for --once to end after", source.spec.name),
                "--for SECONDS ends it");
  }
  LODE_TRY(const flow::StreamReport report, flow::stream(world, source, wanted, options));
  Outcome out;
  out.data = flow::stream_json(report);
  out.text = flow::stream_text(report);
  out.finding = flow::stream_finding(report);
  return out;
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const source::Source* source, flow::named_source(request.text("source"), true));
  LODE_TRY(const source::FetchRequest wanted, flow::fetch_request(request, source->spec));
  flow::WatchOptions options;
  options.every_seconds = request.number("every", 0.0);
  options.seconds_most = request.number("for", 0.0);
  options.polls_most = request.flag("once") ? 1 : 0;
  if (source::is_stream(source->spec)) {
    return run_stream(world, *source, wanted, options);
  }
  LODE_TRY(const flow::WatchReport report, flow::watch(world, *source, wanted, options));
  Outcome out;
  out.data = flow::watch_json(report);
  out.text = flow::watch_text(report);
  // A watch that was told when to end says what kept its last poll, or all its polls, from being served.
  const bool was_never_served = options.seconds_most > 0.0 && report.polls > 0 && report.failed == report.polls;
  if ((options.polls_most > 0 || was_never_served) && !report.total.stopped) {
    out.finding = flow::collect_finding(report.total, 1.0);
  }
  return out;
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> out = flow::fetch_parameters();
  out.push_back({.name = "every",
                 .kind = ParameterKind::kNumber,
                 .summary = "seconds between polls; of a stream between commits",
                 .least = 0.01});
  out.push_back({.name = "for", .kind = ParameterKind::kNumber, .summary = "end after so many seconds"});
  out.push_back({.name = "once", .kind = ParameterKind::kFlag, .summary = "one poll, then end"});
  return out;
}

}  // namespace

const Flow& flow_data_watch() {
  static const Flow flow{
      {.noun = "data",
       .verb = "watch",
       .summary = "polls a source, or follows its stream, and stores what is new",
       .description = kDescription,
       .journey = Journey::kData,
       .parameters = parameters(),
       .examples = {{"lode data watch edgar --forms 8-K,10-K", "filings as they are accepted", false},
                    {"lode data watch coinbase --symbols BTC-USD,ETH-USD", "a stream, until Ctrl-C", false},
                    {"lode data watch edgar --once", "one poll of the feed", false}},
       .schema = "lode.data.watch/1"},
      run};
  return flow;
}

}  // namespace lode
