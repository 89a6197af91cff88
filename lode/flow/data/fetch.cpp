// lode data fetch: from a source into the lake.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/collect.h"
#include "lode/flow/steps/collect/named.h"
#include "lode/flow/steps/collect/report.h"
#include "lode/flow/steps/ingest/text.h"

namespace lode {

namespace {

constexpr std::string_view kDescription =
    "Plans the requests that answer what is asked, asks at the pace the source allows, and keeps every answer as it "
    "came before anything of it is read. Answers go through a queue into the lake: parsed, judged, and stored in one "
    "commit a batch, each once, whenever the process ends. A fetch that was stopped, or that the source cut short, is "
    "gone on with by the same command within a day: what is archived is not asked again (--fresh asks all of it). "
    "Without --from a source that was fetched before is asked for what is new. One bad symbol costs no good one: what "
    "could not be served is listed at the end and decides the exit code: 4 no key or refused, 5 nothing there, 65 not "
    "what was promised, 69 down, 75 limited. An answer that is not what the source promises, or a list a tenth shorter "
    "than the last one, is refused and the last good data stay. Records that cannot be read are set aside in the table "
    "quarantine. Keys come from LODE_* variables or the secrets file beside the user's settings, never from flags.";

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const source::Source* source, flow::named_source(request.text("source"), false));
  LODE_TRY(const source::FetchRequest wanted, flow::fetch_request(request, source->spec));
  LODE_TRY(const double allowed, flow::parse_share(request.text("allow-rejects", "1%")));
  Outcome out;
  if (request.flag("dry-run")) {
    LODE_TRY(const flow::Preview preview, flow::preview_fetch(world, *source, wanted, request.flag("fresh")));
    out.data = flow::preview_json(preview, source->spec);
    out.text = flow::preview_text(preview, source->spec);
    return out;
  }
  LODE_TRY(const auto collector, flow::Collector::open(world, *source, wanted));
  LODE_TRY(const flow::CollectReport report, collector->fetch(request.flag("fresh")));
  out.data = flow::collect_json(report);
  out.text = flow::collect_text(report);
  out.finding = flow::collect_finding(report, allowed);
  return out;
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> out = flow::fetch_parameters();
  out.push_back({.name = "dry-run", .kind = ParameterKind::kFlag, .summary = "show the requests, ask nothing"});
  out.push_back({.name = "fresh",
                 .kind = ParameterKind::kFlag,
                 .summary = "ask everything, also what an unfinished fetch has archived"});
  out.push_back({.name = "allow-rejects",
                 .summary = "share of records that may be set aside without exit code 3: 1% or 0.01",
                 .fallback = "1%"});
  return out;
}

}  // namespace

const Flow& flow_data_fetch() {
  static const Flow flow{
      {.noun = "data",
       .verb = "fetch",
       .summary = "data of a source into the lake, each record once",
       .description = kDescription,
       .journey = Journey::kData,
       .parameters = parameters(),
       .examples = {{"lode data fetch yahoo --symbols AAPL,MSFT --from 2015-01-01", "daily bars and actions", false},
                    {"lode data fetch edgar-filings --forms 8-K,10-K --from 2026-01-02", "filings from the index",
                     false},
                    {"lode data fetch ecb --kinds hist --dry-run", "what would be asked", false}},
       .schema = "lode.data.fetch/1"},
      run};
  return flow;
}

}  // namespace lode
