// lode demo: a synthetic market with planted truth through the whole pipeline, and what was found beside what was
// planted.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/evaluate/verdict/verdict.h"
#include "lode/core/expr/program.h"
#include "lode/core/synth/files.h"
#include "lode/core/synth/market.h"
#include "lode/flow/factor_page.h"
#include "lode/flow/files.h"
#include "lode/flow/ingest.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/research.h"
#include "lode/flow/stored_factors.h"

namespace lode {

namespace {

constexpr int kHeadline = 5;  // Sessions ahead: the horizon whose strength is planted.

// One signal or decoy and what became of it.
struct Finding {
  synth::Signal signal;
  flow::Judged judged;
  flow::Recorded recorded;

  const evaluate::HorizonResult& headline() const { return judged.sheet.headline_horizon(); }
  // The planted truth is known here, so "found" asks for significance alone; the page's verdict asks for more.
  bool is_found() const { return headline().rank_ic.t_no_overlap >= evaluate::needed_t(recorded.trials); }
  std::string word() const {
    if (!is_found()) return "nothing";
    return headline().spread.net_annual.value > 0.0 ? "found" : "costs eat it";
  }
};

std::string factor_name(const synth::Signal& signal) {
  std::string name = signal.name;
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

// A lake that holds anything else is nobody's playground.
Result<void> check_lake(const lake::Lake& lake) {
  LODE_TRY(const std::vector<lake::CommitInfo> commits, lake.commits());
  for (const lake::CommitInfo& commit : commits) {
    const Value* synthetic = commit.note.find("synthetic");
    if (synthetic == nullptr || !synthetic->is_bool() || !synthetic->as_bool()) {
      return fail(
          E::E11,
          fmt::format("the lake {} holds data of its own (commit {}, {})", lake.folder(), commit.id, commit.flow),
          "give the demo a lake of its own: lode demo --lake demo");
    }
  }
  return {};
}

// Writes the files a vendor would deliver; returns their folder.
Result<std::string> write_files(World& world, const synth::Market& market) {
  const std::string folder = world.lake + "/demo";
  for (const int year : synth::years(market)) {
    LODE_CHECK(flow::write_file(folder + "/bars/" + synth::bars_file_name(year), synth::bars_csv(market, year)));
  }
  LODE_CHECK(flow::write_file(folder + "/instruments.csv", synth::instruments_csv(market)));
  LODE_CHECK(flow::write_file(folder + "/actions.csv", synth::actions_csv(market)));
  LODE_CHECK(flow::write_file(folder + "/groups.csv", synth::groups_csv(market)));
  LODE_CHECK(flow::write_file(folder + "/universe.csv", synth::universe_csv(market)));
  return folder;
}

// Imports them through the same gates as anybody's; returns the rows of bars set aside.
Result<std::int64_t> import_files(World& world, const std::string& folder) {
  std::int64_t set_aside = 0;
  for (const auto& [path, table] :
       {std::pair("bars", "bars"), std::pair("instruments.csv", "instruments"), std::pair("actions.csv", "actions"),
        std::pair("groups.csv", "groups"), std::pair("universe.csv", "universe")}) {
    flow::IngestRequest request;
    request.paths = {folder + "/" + path};
    request.table = table;
    request.mic = synth::kMic;
    request.synthetic = true;
    LODE_TRY(const flow::IngestReport report, flow::ingest(world, request));
    set_aside += report.set_aside;
  }
  return set_aside;
}

flow::ResearchRequest question(const synth::Signal& signal) {
  flow::ResearchRequest request;
  request.subject = signal.formula;
  request.options.horizons = {1, kHeadline, 21};
  request.group = "sector";
  return request;
}

// Judges every signal on data loaded once, each as a run and a trial of its own.
Result<std::vector<Finding>> judge_all(World& world, const std::vector<synth::Signal>& signals, flow::Study& study) {
  std::vector<expr::Program> programs;
  std::set<std::string> fields;
  std::vector<Finding> findings;
  for (const synth::Signal& signal : signals) {
    Finding finding{signal, {}, {}};
    LODE_TRY(expr::Program program, flow::compile_subject(world, question(signal), finding.judged.subject));
    const std::vector<std::string> needed = program.fields();
    fields.insert(needed.begin(), needed.end());
    programs.push_back(std::move(program));
    findings.push_back(std::move(finding));
  }
  LODE_TRY(study, flow::open_study(world, question(signals.front()), {fields.begin(), fields.end()}));
  lake::RunStore store(*study.lake);
  for (std::size_t i = 0; i < findings.size(); ++i) {
    Finding& finding = findings[i];
    if (!report_progress(world, "evaluating", static_cast<std::int64_t>(i),
                         static_cast<std::int64_t>(findings.size()))) {
      return fail(E::E10, "stopped while evaluating the demo's factors", "lode demo goes on where it stopped");
    }
    const flow::ResearchRequest request = question(finding.signal);
    LODE_TRY(finding.judged, flow::judge(world, study, request, programs[i], finding.judged.subject));
    LODE_TRY(finding.recorded, flow::record(world, study, request, finding.judged, "factor eval", "typed"));
    LODE_TRY(lake::NamedFactor factor,
             flow::make_factor(factor_name(finding.signal), finding.signal.formula, "lode", finding.signal.note));
    factor.added = world.clock.now();
    LODE_CHECK(store.add_factor(factor, true));
  }
  return findings;
}

// The page worth reading first: a signal that was found and that no check calls too good to be true.
const Finding& best_page(const std::vector<Finding>& findings) {
  const auto is_plain = [](const Finding& finding) {
    const auto& checks = finding.judged.sheet.checks;
    return finding.is_found() && std::none_of(checks.begin(), checks.end(), [](const evaluate::Check& check) {
             return check.state == evaluate::CheckState::kFailed;
           });
  };
  const auto found = std::find_if(findings.begin(), findings.end(), is_plain);
  return found == findings.end() ? findings.front() : *found;
}

// "+.031" without the zero: "(.031 .. .045)".
std::string bare(double value) {
  std::string text = fixed(value, 3);
  const std::size_t zero = text.find("0.");
  return zero <= 1 && zero != std::string::npos ? text.erase(zero, 1) : text;
}

std::string planted(const synth::Signal& signal) {
  return signal.is_decoy() ? " 0.000" : signed_fixed(signal.rank_ic, 3);
}

std::string row(const Finding& finding) {
  const evaluate::HorizonResult& h = finding.headline();
  const evaluate::Estimate& ic = h.rank_ic.mean;
  return fmt::format("  {:<11} {:>6}   {:<22} {:>11}   {:>10}   {}\n", finding.signal.name, planted(finding.signal),
                     fmt::format("{} ({} .. {})", signed_fixed(ic.value, 3), bare(ic.lower), bare(ic.upper)),
                     signed_fixed(h.rank_ic.t_no_overlap, 1),
                     signed_fixed(100.0 * h.spread.net_annual.value, 1) + " %/yr", finding.word());
}

std::string summary(const synth::Market& market, std::int64_t set_aside) {
  const auto decoys =
      std::count_if(market.signals.begin(), market.signals.end(), [](const auto& s) { return s.is_decoy(); });
  return fmt::format(
      "Demo market  synthetic, seed {}: {} names x {} sessions, {} delisted, {} splits\n"
      "             {} signals and {} decoys planted; {} dirty rows planted, {} set aside\n\n"
      "             planted   rank IC 5 d, found     no-overlap    net of\n"
      "                  IC   (95 % interval)                 t     10 bp   verdict\n",
      market.options.seed, grouped(static_cast<std::int64_t>(market.columns())),
      grouped(static_cast<std::int64_t>(market.rows())), market.delisted(), market.splits(),
      static_cast<std::int64_t>(market.signals.size()) - decoys, decoys, market.dirty.size(), set_aside);
}

std::string closing(const std::vector<Finding>& findings) {
  int signals = 0;
  int found = 0;
  int decoys = 0;
  int taken = 0;
  const Finding* fooling = nullptr;  // The decoy with the largest naive t.
  for (const Finding& finding : findings) {
    const bool decoy = finding.signal.is_decoy();
    (decoy ? decoys : signals) += 1;
    (decoy ? taken : found) += finding.is_found() ? 1 : 0;
    if (decoy && (fooling == nullptr ||
                  math::abs(finding.headline().rank_ic.t_naive) > math::abs(fooling->headline().rank_ic.t_naive))) {
      fooling = &finding;
    }
  }
  std::string text = fmt::format("\n{} of {} signals found, {} of {} decoys taken.", found, signals, taken, decoys);
  if (fooling != nullptr) {
    text += fmt::format(" A naive t calls {} {}.", fooling->signal.name,
                        signed_fixed(fooling->headline().rank_ic.t_naive, 1));
  }
  const bool passed =
      std::all_of(findings.begin(), findings.end(), [](const auto& f) { return f.judged.look_ahead == "passed"; });
  return text + fmt::format("\n{} trials, counted. Look-ahead check: {}.\n", findings.back().recorded.trials,
                            passed ? "passed" : "failed");
}

Value finding_json(const Finding& finding) {
  const evaluate::HorizonResult& h = finding.headline();
  Value row = Value::object();
  row.set("name", Value(finding.signal.name));
  row.set("formula", Value(finding.signal.formula));
  row.set("planted_rank_ic", Value(finding.signal.rank_ic));
  row.set("rank_ic", Value(h.rank_ic.mean.value));
  row.set("lower", Value(h.rank_ic.mean.lower));
  row.set("upper", Value(h.rank_ic.mean.upper));
  row.set("t_no_overlap", Value(h.rank_ic.t_no_overlap));
  row.set("t_naive", Value(h.rank_ic.t_naive));
  row.set("net_annual", Value(h.spread.net_annual.value));
  row.set("verdict", Value(finding.word()));
  row.set("run", Value(finding.recorded.run.alias));
  return row;
}

Result<Outcome> run(World& world, const Request& request) {
  synth::MarketOptions options;
  options.seed = static_cast<std::uint64_t>(request.integer("seed", 7));
  options.instruments = static_cast<int>(request.integer("instruments", 500));
  options.sessions = static_cast<int>(request.integer("sessions", 1260));
  {
    LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kCreate));
    LODE_CHECK(check_lake(*lake));
  }
  report_progress(world, "making the market", 0, 0);
  LODE_TRY(synth::Market market, synth::make_market(options, world.pool));
  LODE_TRY(const std::string folder, write_files(world, market));
  for (std::vector<double>* cells :
       {&market.open, &market.high, &market.low, &market.close, &market.volume, &market.amount}) {
    std::vector<double>().swap(*cells);  // The files hold them now; from here on the pipeline knows only the lake.
  }
  LODE_TRY(const std::int64_t set_aside, import_files(world, folder));

  flow::Study study;
  LODE_TRY(const std::vector<Finding> findings, judge_all(world, market.signals, study));
  const Finding& shown = best_page(findings);
  LODE_TRY(const flow::Recorded page,
           flow::record(world, study, question(shown.signal), shown.judged, "factor report", "typed"));
  const std::string html = flow::factor_page(study, shown.judged, question(shown.signal), page);
  LODE_TRY(const std::string path, flow::write_report(study, page, "", html));

  Outcome out;
  out.text = summary(market, set_aside);
  Value rows = Value::array();
  for (const Finding& finding : findings) {
    out.text += row(finding);
    rows.push(finding_json(finding));
  }
  out.text += closing(findings);
  out.text += fmt::format("\nReport  {}  ({} KB, opens offline)\nNext    lode factor eval 'YOUR FORMULA'{}\n", path,
                          grouped(static_cast<std::int64_t>((html.size() + 1023) / 1024)),
                          world.lake == "./lake" ? "" : " --lake " + world.lake);
  out.data = Value::object();
  out.data.set("seed", Value(static_cast<std::int64_t>(options.seed)));
  out.data.set("instruments", Value(options.instruments));
  out.data.set("sessions", Value(options.sessions));
  out.data.set("dirty_rows_planted", Value(static_cast<std::int64_t>(market.dirty.size())));
  out.data.set("dirty_rows_set_aside", Value(set_aside));
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
           "formulas, writes one report, and prints what it found beside what was planted.",
       .journey = Journey::kStart,
       .parameters = {{.name = "seed", .kind = Kind::kInteger, .summary = "of the market", .fallback = "7"},
                      {.name = "instruments", .kind = Kind::kInteger, .summary = "how many", .fallback = "500"},
                      {.name = "sessions", .kind = Kind::kInteger, .summary = "how many", .fallback = "1260"}},
       .examples = {{"lode demo", "the whole pipeline", false},
                    {"lode demo --seed 8 --lake demo8", "another market", false}},
       .schema = "lode.demo/1"},
      run};
  return flow;
}

}  // namespace lode
