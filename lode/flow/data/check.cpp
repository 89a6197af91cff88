// lode data check: the state of the bars.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/check.h"
#include "lode/flow/flow.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/ingest/plan.h"

namespace lode {

namespace {

Result<Outcome> run(World& world, const Request& request) {
  flow::CheckRequest wanted;
  wanted.symbol = request.text("symbol");
  LODE_TRY(wanted.from, request.date("from"));
  LODE_TRY(wanted.to, request.date("to"));
  wanted.limits = flow::quality_limits(world);
  wanted.top = static_cast<int>(request.integer("top", wanted.top));
  if (wanted.top < 0) {
    return fail(E::E4, "--top is below 0", "a number of instruments to list");
  }
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  LODE_TRY(const flow::CheckReport report, flow::check_bars(*lake, wanted));
  Outcome out;
  out.data = flow::check_json(report);
  out.text = flow::check_text(report);
  out.finding = flow::check_finding(report);
  out.next = report.rejected.empty() ? "lode data tables" : "lode data show quarantine";
  return out;
}

}  // namespace

const Flow& flow_data_check() {
  static const Flow flow{
      {.noun = "data",
       .verb = "check",
       .summary = "gaps, odd moves, rows set aside, and whether the data is good enough",
       .description =
           "Looks at every stored daily bar: rows set aside by reason, bars flagged by rule with the first examples "
           "(of repaired bars what they were), what is known by now and was not when a bar came (a split that explains "
           "a move, a unit error that later bars show, instruments that another order of imports would tell apart "
           "otherwise), sessions without a bar within an instrument's life, actions that cannot be applied or stand on "
           "odd days, delistings with bars after them (research uses every such bar and applies no such delisting), "
           "files whose rows were not oldest first. Exit code 3 when a measure fails (completeness above 99 %, rows "
           "set aside below 0.1 %, anomalies below 1 %, no duplicates), an action cannot be applied, or bars outlive a "
           "delisting: E3001 when only rows set aside are too many, E3002 otherwise. Without a calendar a session is "
           "a day on which at least half of the living instruments have a bar.",
       .journey = Journey::kData,
       .parameters = {{.name = "symbol", .summary = "one symbol only", .completes = "symbols"},
                      {.name = "from", .kind = ParameterKind::kDate, .summary = "first session, inclusive"},
                      {.name = "to", .kind = ParameterKind::kDate, .summary = "last session, inclusive"},
                      {.name = "top",
                       .kind = ParameterKind::kInteger,
                       .summary = "instruments with the most missing sessions to list",
                       .fallback = "10"}},
       .examples = {{"lode data check", "everything"},
                    {"lode data check --from 2020-01-01 --json", "one span, for a program"}},
       .schema = "lode.data.check/1"},
      run};
  return flow;
}

}  // namespace lode
