// lode factor check: does a formula look ahead, and does it survive one day of delay?
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/research/schemes.h"
#include "lode/flow/steps/research/vault.h"

namespace lode {

namespace {

// Under `factor check` a leak is a finding (exit 3), not a refusal.
Outcome leak(const Error& error) {
  Outcome out;
  out.data = Value::object();
  out.data.set("look_ahead", Value("found"));
  out.data.set("message", Value(error.message()));
  out.data.set("where", Value(error.where()));
  out.data.set("note", Value(error.note()));
  out.data.set("rewrite", Value(error.hint()));
  out.text = "Look-ahead check: found.\n";
  Error finding(E::E3003, error.message(), error.hint());
  out.finding = std::move(finding).at(error.where()).noting(error.note());
  return out;
}

bool is_leak(const Error& error) { return error.number() == E::E1107; }

std::string shown(double value) { return math::is_nan(value) ? std::string("n/a") : signed_fixed(value, 3); }

std::string_view words(evaluate::Convention convention) {
  switch (convention) {
    case evaluate::Convention::kNextOpen:
      return "the next open";
    case evaluate::Convention::kNextClose:
      return "the next close itself";
    case evaluate::Convention::kVwap:
      return "the next vwap";
    default:
      return "the close that made the signal";
  }
}

// E3002 naming what failed: what the text calls failed, the exit code says too (3).
std::optional<Error> failed_checks(const std::vector<evaluate::Check>& checks) {
  std::vector<std::string> failed;
  for (const evaluate::Check& check : checks) {
    if (check.state == evaluate::CheckState::kFailed) {
      failed.push_back(check.title);
    }
  }
  if (failed.empty()) {
    return std::nullopt;
  }
  return Error(E::E3002,
               fmt::format("{} failed: {}", flow::counted(static_cast<std::int64_t>(failed.size()), "check"),
                           join(failed, ", ")),
               "lode docs verdict says what each looks for and what passes it");
}

// What was looked at, kept as any look: a trial is one candidate ever scored, and these lines score it.
Result<Outcome> counted(World& world, const flow::ResearchRequest& wanted, const flow::Judgement& judgement,
                        Outcome out) {
  const std::string origin = wanted.values_path.empty() ? "typed" : "values";
  LODE_TRY(const flow::Recorded recorded,
           flow::record(world, judgement.study, wanted, judgement.judged, "factor check", origin));
  out.data.set("run", recorded.run.alias.empty() ? Value() : Value(recorded.run.alias));
  flow::set_trials(out.data, recorded.counts());
  out.text += flow::trial_sentence(recorded.counts(), recorded.measured) + "\n";
  out.warnings = flow::warning_lines(judgement.judged, recorded);
  return out;
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const flow::ResearchRequest wanted, flow::ask_research(world, request));
  const Result<flow::Judgement> plain = flow::research(world, wanted);
  if (!plain) {
    return is_leak(plain.error()) ? Result<Outcome>(leak(plain.error())) : fail(plain.error().clone());
  }
  flow::ResearchRequest late = wanted;
  late.options.convention = evaluate::Convention::kNextClose;
  const evaluate::HorizonResult& now = plain->judged.sheet.headline_horizon();
  LODE_TRY(const evaluate::TearSheet delayed, flow::judge_again(world, plain->study, late, plain->judged));
  const evaluate::HorizonResult& then = delayed.headline_horizon();

  Outcome out;
  out.data = Value::object();
  out.data.set("look_ahead", Value(plain->judged.look_ahead));
  out.data.set("min_names", Value(plain->judged.sheet.options.min_names));
  out.data.set("dates_left_out", Value(now.dates_left_out));
  out.data.set("rank_ic", Value(now.rank_ic.mean.value));
  out.data.set("rank_ic_traded_at_next_close", Value(then.rank_ic.mean.value));
  Value checks = Value::array();
  out.text = fmt::format("Look-ahead check: {}.\nTraded at the next close instead of {}: {}-day rank IC {} -> {}.\n",
                         plain->judged.look_ahead, words(wanted.options.convention), now.horizon,
                         shown(now.rank_ic.mean.value), shown(then.rank_ic.mean.value));
  for (const evaluate::Check& check : plain->judged.sheet.checks) {
    out.text += fmt::format("  {:<8}  {:<28}  {}\n", evaluate::to_string(check.state), check.title, check.result);
    Value row = Value::object();
    row.set("id", Value(check.id));
    row.set("state", Value(evaluate::to_string(check.state)));
    row.set("result", Value(check.result));
    checks.push(std::move(row));
  }
  out.text += flow::groups_sentence(plain->judged.groups, wanted.scheme);
  out.data.set("checks", std::move(checks));
  if (!plain->judged.groups.empty()) {
    out.data.set("groups", flow::groups_json(plain->judged.groups));
  }
  out.finding = failed_checks(plain->judged.sheet.checks);
  return counted(world, wanted, *plain, std::move(out));
}

}  // namespace

const Flow& flow_factor_check() {
  static const Flow flow{
      {.noun = "factor",
       .verb = "check",
       .summary = "does a factor look ahead, and does it survive a day of delay",
       .description =
           "Recomputes the factor on shortened history and compares bits, trades it at the next close, and lists the "
           "coded red flags. A leak, or any check that failed, exits 3. What was scored is counted as a trial and kept "
           "as a run.",
       .journey = Journey::kResearch,
       .parameters = flow::research_parameters(),
       .examples = {{"lode factor check 'rank(-ts_mean(returns,5))'", "a clean formula"},
                    {"lode factor check 'rank(ts_delta(delay(close,-1),5))'", "a leak, exit 3", false}},
       .schema = "lode.factor.check/1"},
      run};
  return flow;
}

}  // namespace lode
