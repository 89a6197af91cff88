// lode demo: a synthetic market with planted truth through the whole pipeline, and what was found beside what was
// planted.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/core/expr/program.h"
#include "lode/core/synth/market.h"
#include "lode/flow/flow.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/factor_page.h"
#include "lode/flow/steps/demo/findings.h"
#include "lode/flow/steps/demo/live.h"
#include "lode/flow/steps/demo/market.h"
#include "lode/flow/steps/research/honesty.h"
#include "lode/flow/steps/research/stored_factors.h"
#include "lode/flow/steps/sensitivity/sensitivity.h"

namespace lode {

namespace {

using flow::Finding;

// Of a size the machine can count; the market says which it takes.
int count_of(const Request& request, std::string_view name, int fallback) {
  constexpr std::int64_t kMost = std::numeric_limits<int>::max();
  return static_cast<int>(std::clamp<std::int64_t>(request.integer(name, fallback), -1, kMost));
}

synth::MarketOptions options_of(const Request& request) {
  synth::MarketOptions options;
  options.seed = static_cast<std::uint64_t>(request.integer("seed", static_cast<std::int64_t>(options.seed)));
  options.instruments = count_of(request, "instruments", options.instruments);
  options.sessions = count_of(request, "sessions", options.sessions);
  return options;
}

std::string factor_name(const synth::Signal& signal) {
  std::string name = signal.name;
  std::ranges::replace(name, ' ', '_');
  return name;
}

// The same question as `lode factor report NAME --group sector`.
flow::ResearchRequest question(const synth::Signal& signal) {
  flow::ResearchRequest request;
  request.subject = factor_name(signal);
  request.group = "sector";
  return request;
}

// Keeps the formulas under their names, so that every other command knows them.
Result<void> name_factors(World& world, lake::Lake& lake, const std::vector<synth::Signal>& signals) {
  for (const synth::Signal& signal : signals) {
    LODE_TRY(lake::NamedFactor factor, flow::make_factor(factor_name(signal), signal.formula, "lode", signal.note));
    factor.added = world.clock.now();
    LODE_CHECK(lake::RunStore(lake).add_factor(factor, false));
  }
  return {};
}

// Candidates tried on this universe and in this lake once all of `findings` are.
Result<lake::TrialCounts> count_trials(const flow::Study& study, const std::vector<Finding>& findings) {
  const lake::RunStore store(*study.lake);
  LODE_TRY(const lake::TrialCounts before, store.trial_counts(question(findings.front().signal).universe));
  lake::TrialCounts counts = before;
  for (const Finding& finding : findings) {
    LODE_TRY(const lake::TrialCounts with,
             store.trial_counts_with(flow::trial_of(question(finding.signal), finding.judged.subject)));
    counts.universe += with.universe - before.universe;
    counts.lake += with.lake - before.lake;
  }
  return counts;
}

// Judges every signal on data loaded once. Each is one of several tries, and each verdict allows for all of them.
Result<std::vector<Finding>> judge_all(World& world, const std::vector<synth::Signal>& signals, flow::Study& study) {
  std::vector<expr::Program> programs;
  std::vector<Finding> findings;
  std::set<std::string> fields;
  for (const synth::Signal& signal : signals) {
    Finding finding{.signal = signal, .judged = {}, .recorded = {}};
    LODE_TRY(expr::Program program, flow::compile_subject(world, question(signal), finding.judged.subject));
    const std::vector<std::string> needed = program.fields();
    fields.insert(needed.begin(), needed.end());
    programs.push_back(std::move(program));
    findings.push_back(std::move(finding));
  }
  LODE_TRY(study, flow::open_study(world, question(signals.front()), {fields.begin(), fields.end()}));
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (!report_progress(world, "evaluating", static_cast<std::int64_t>(i),
                         static_cast<std::int64_t>(findings.size()))) {
      return fail(E::E10, "stopped while evaluating the demo's factors", "lode demo goes on where it stopped");
    }
    LODE_TRY(findings[i].judged,
             flow::judge(world, study, question(signals[i]), programs[i], findings[i].judged.subject));
  }
  LODE_TRY(const lake::TrialCounts trials, count_trials(study, findings));
  for (Finding& finding : findings) {
    finding.trials = trials.universe;
    finding.lake_trials = trials.lake;
    finding.judged.sheet.options.trials = trials.universe;
    evaluate::decide(finding.judged.sheet);
  }
  return findings;
}

// The page worth reading first: of a signal that was found and that no check calls too good to be true.
std::size_t best_page(const std::vector<Finding>& findings) {
  const auto is_plain = [](const Finding& finding) {
    return finding.is_found() && std::ranges::none_of(finding.judged.sheet.checks, [](const evaluate::Check& check) {
             return check.state == evaluate::CheckState::kFailed;
           });
  };
  const auto found = std::ranges::find_if(findings, is_plain);
  return found == findings.end() ? 0 : static_cast<std::size_t>(found - findings.begin());
}

// Each finding becomes a run; the one that gets the page comes first.
Result<void> record_all(World& world, const flow::Study& study, std::size_t page, std::vector<Finding>& findings) {
  std::vector<std::size_t> order{page};
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (i != page) {
      order.push_back(i);
    }
  }
  for (const std::size_t i : order) {
    const std::string_view name = i == page ? "factor report" : "factor eval";
    LODE_TRY(findings[i].recorded,
             flow::record(world, study, question(findings[i].signal), findings[i].judged, name, "typed"));
  }
  for (Finding& finding : findings) {
    finding.recorded.trials = finding.trials;
    finding.recorded.lake_trials = finding.lake_trials;
  }
  return {};
}

// The synthetic market's options mean nothing to real sources.
Result<void> check_live(const Request& request) {
  for (const std::string_view option : {"seed", "instruments", "sessions"}) {
    if (request.origin(option) == fmt::format("--{}", option)) {
      return fail(E::E7, fmt::format("--live asks real sources, and --{} is of the synthetic market", option),
                  "lode demo --live");
    }
  }
  return {};
}

Result<Outcome> run(World& world, const Request& request) {
  if (request.flag("live")) {
    LODE_CHECK(check_live(request));
    return flow::demo_live(world);
  }
  if (!report_progress(world, "making the market", 0, 0)) {
    return fail(E::E10, "stopped before anything was written");
  }
  LODE_TRY(synth::Market market, synth::make_market(options_of(request), world.pool));
  {
    LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kCreate));
    LODE_CHECK(flow::check_demo_lake(*lake, market));
    LODE_CHECK(name_factors(world, *lake, market.signals));
  }
  LODE_TRY(const flow::DemoImport imported, flow::import_demo(world, market));
  market.forget_bars();  // From here on the pipeline knows only the lake.

  flow::Study study;
  LODE_TRY(std::vector<Finding> findings, judge_all(world, market.signals, study));
  const std::size_t page = best_page(findings);
  LODE_CHECK(flow::add_sensitivity(world, study, question(findings[page].signal), findings[page].judged));
  LODE_CHECK(record_all(world, study, page, findings));
  Finding& shown = findings[page];
  LODE_CHECK(flow::add_honesty(study, question(shown.signal), shown.judged));  // All siblings are on record by now.
  const std::string html = flow::factor_page(study, shown.judged, question(shown.signal), shown.recorded);
  LODE_TRY(const std::string path, flow::write_report(study, shown.recorded, {}, html));

  Outcome out;
  out.text = flow::findings_head(market, imported.set_aside, question(shown.signal).options.cost_bps);
  Value rows = Value::array();
  for (const Finding& finding : findings) {
    out.text += flow::findings_row(finding);
    rows.push(flow::finding_json(finding));
  }
  out.text += flow::findings_foot(findings);
  out.text += fmt::format("\nReport  {}  ({} KB, opens offline)\nNext    lode factor eval 'YOUR FORMULA'{}\n", path,
                          grouped(static_cast<std::int64_t>((html.size() + 1023) / 1024)),
                          world.lake == "./lake" ? "" : " --lake " + world.lake);
  out.data = Value::object();
  out.data.set("seed", Value(static_cast<std::int64_t>(market.options.seed)));
  out.data.set("instruments", Value(market.options.instruments));
  out.data.set("sessions", Value(market.options.sessions));
  out.data.set("delisted", Value(market.delisted()));
  out.data.set("splits", Value(market.splits()));
  out.data.set("dirty_rows_planted", Value(static_cast<std::int64_t>(market.dirty.size())));
  out.data.set("dirty_rows_set_aside", Value(imported.set_aside));
  out.data.set("trials", Value(shown.trials));
  out.data.set("factors", std::move(rows));
  out.data.set("report", Value(path));
  return out;
}

}  // namespace

const Flow& flow_top_demo() {
  using Kind = ParameterKind;
  static const Flow flow{
      {.noun = "",
       .verb = "demo",
       .summary = "ten seconds, no network: data, factors, a report",
       .description =
           "Makes a synthetic market whose truth is known (two planted signals, two decoys, splits, dividends, halts, "
           "delistings, dirty rows), writes it as files, imports them through the quality gates, judges four "
           "formulas, writes one report, and prints what it found beside what was planted. The formulas stay in the "
           "lake as quality, reversal, noise and slow_noise. A lake that holds other data is refused. With --live the "
           "same "
           "from real sources: five years of 30 large US stocks from Yahoo, their filings' facts from EDGAR (which "
           "wants "
           "edgar.contact), three factors judged. Each host is asked once before anything is stored; those out of "
           "reach "
           "are named, and without prices nothing is kept.",
       .journey = Journey::kStart,
       .parameters = {{.name = "seed", .kind = Kind::kInteger, .summary = "of the market", .fallback = "7"},
                      {.name = "instruments",
                       .kind = Kind::kInteger,
                       .summary = "how many, 20 to 9999",
                       .fallback = "500",
                       .least = 20,
                       .most = 9999},
                      {.name = "sessions",
                       .kind = Kind::kInteger,
                       .summary = "60 or more; the last is 2025-01-03",
                       .fallback = "1260",
                       .least = 60},
                      {.name = "live",
                       .kind = Kind::kFlag,
                       .summary = "real sources in the place of the synthetic market"}},
       .examples = {{"lode demo", "the whole pipeline", false},
                    {"lode demo --seed 8 --lake demo8", "another market", false},
                    {"lode demo --live --lake live", "30 large US stocks and their filings", false}},
       .schema = "lode.demo/1"},
      run};
  return flow;
}

}  // namespace lode
