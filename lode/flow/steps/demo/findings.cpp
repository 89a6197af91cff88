// Telling what the demo found.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/demo/findings.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/evaluate/verdict/verdict.h"

namespace lode::flow {

namespace {

constexpr double kNaiveLimit = 1.96;  // Where a reader of a plain t would call something found.

// ".031": three decimals without the zero before the point.
std::string bare(double value) {
  std::string text = fixed(value, 3);
  const std::size_t zero = text.find("0.");
  return zero <= 1 ? text.erase(zero, 1) : text;
}

std::string or_dash(double value, int decimals, double scale = 1.0, std::string_view unit = {}) {
  return math::is_nan(value) ? "-" : signed_fixed(scale * value, decimals) + std::string(unit);
}

std::string found_text(const evaluate::Estimate& ic) {
  if (math::is_nan(ic.value)) {
    return "- (" + ic.reason + ")";
  }
  return fmt::format("{} ({} .. {})", signed_fixed(ic.value, 3), bare(ic.lower), bare(ic.upper));
}

}  // namespace

bool Finding::is_found() const {
  const evaluate::Verdict word = judged.sheet.verdict;
  const bool predicts =
      word == evaluate::Verdict::kStrong || word == evaluate::Verdict::kWeak || word == evaluate::Verdict::kCostsEatIt;
  return predicts && (signal.is_decoy() || headline().rank_ic.mean.value * signal.rank_ic > 0.0);
}

std::string Finding::verdict() const {
  switch (judged.sheet.verdict) {
    case evaluate::Verdict::kNone:
      return "nothing";
    case evaluate::Verdict::kCannotTell:
      return "cannot tell";
    default:
      break;
  }
  if (!is_found()) {
    return "sign turned";
  }
  return judged.sheet.verdict == evaluate::Verdict::kCostsEatIt ? "costs eat it" : "found";
}

std::string findings_head(const synth::Market& market, std::int64_t set_aside, double cost_bps) {
  const auto decoys = std::ranges::count_if(market.signals, &synth::Signal::is_decoy);
  return fmt::format(
      "Demo market  synthetic, seed {}: {} names x {} sessions, {} delisted, {} splits\n"
      "             {} signals and {} decoys planted; {} dirty rows planted, {} set aside\n"
      "\n"
      "             planted   rank IC 5 d, found     no-overlap    net of\n"
      "                  IC   (95 % interval)                 t  {:>8}   verdict\n",
      market.options.seed, grouped(static_cast<std::int64_t>(market.columns())),
      grouped(static_cast<std::int64_t>(market.rows())), market.delisted(), market.splits(),
      static_cast<std::int64_t>(market.signals.size()) - decoys, decoys, market.dirty.size(), set_aside,
      shortest(cost_bps) + " bp");
}

std::string findings_row(const Finding& finding) {
  const evaluate::HorizonResult& headline = finding.headline();
  return fmt::format("  {:<11}{:>7}   {:<22}{:>11}{:>12}   {}\n", finding.signal.name,
                     signed_fixed(finding.signal.rank_ic, 3), found_text(headline.rank_ic.mean),
                     or_dash(headline.rank_ic.t_no_overlap, 1),
                     or_dash(headline.spread.net_annual.value, 1, 100.0, " %/yr"), finding.verdict());
}

std::string live_row(const Finding& finding) {
  const evaluate::HorizonResult& headline = finding.headline();
  return fmt::format("  {:<17}  {:<22}{:>11}{:>12}   {}\n", finding.signal.name, found_text(headline.rank_ic.mean),
                     or_dash(headline.rank_ic.t_no_overlap, 1),
                     or_dash(headline.spread.net_annual.value, 1, 100.0, " %/yr"), finding.verdict());
}

std::string findings_foot(std::span<const Finding> findings) {
  int planted[2] = {};
  int taken[2] = {};
  const Finding* fooling = nullptr;  // The decoy a naive t is surest of, if of any.
  bool passed = true;
  std::string luck;
  for (const Finding& finding : findings) {
    const bool is_decoy = finding.signal.is_decoy();
    ++planted[is_decoy];
    taken[is_decoy] += finding.is_found() ? 1 : 0;
    const double naive = math::abs(finding.headline().rank_ic.t_naive);
    if (is_decoy && naive > (fooling == nullptr ? kNaiveLimit : math::abs(fooling->headline().rank_ic.t_naive))) {
      fooling = &finding;
    }
    // What a reader of one t at 5 % would take for found, and all tries together do not.
    const double t = math::abs(finding.headline().rank_ic.t_no_overlap);
    if (is_decoy && !finding.is_found() && t >= kNaiveLimit && t < evaluate::needed_t(finding.trials)) {
      luck += fmt::format("With {} tries a find needs a t of {}: {} of {} is luck.\n", finding.trials,
                          fixed(evaluate::needed_t(finding.trials), 1),
                          signed_fixed(finding.headline().rank_ic.t_no_overlap, 1), finding.signal.name);
    }
    passed = passed && finding.judged.look_ahead == "passed";
  }
  std::string naive = "No naive t was fooled.";
  if (fooling != nullptr) {
    naive = fmt::format("A naive t calls {} {}.", fooling->signal.name,
                        signed_fixed(fooling->headline().rank_ic.t_naive, 1));
  }
  return fmt::format(
      "\n{} of {} signals found, {} of {} decoys taken. {}\n{}{} trials, counted. Look-ahead check: {}.\n", taken[0],
      planted[0], taken[1], planted[1], naive, luck, findings.empty() ? 0 : findings.front().trials,
      passed ? "passed" : "failed");
}

Value finding_json(const Finding& finding) {
  const evaluate::HorizonResult& headline = finding.headline();
  Value out = Value::object();
  out.set("name", Value(finding.signal.name));
  out.set("formula", Value(finding.signal.formula));
  out.set("planted_rank_ic", Value(finding.signal.rank_ic));
  out.set("rank_ic", Value(headline.rank_ic.mean.value));
  out.set("lower", Value(headline.rank_ic.mean.lower));
  out.set("upper", Value(headline.rank_ic.mean.upper));
  out.set("t_no_overlap", Value(headline.rank_ic.t_no_overlap));
  out.set("t_naive", Value(headline.rank_ic.t_naive));
  out.set("gross_annual", Value(headline.spread.gross_annual.value));
  out.set("net_annual", Value(headline.spread.net_annual.value));
  out.set("verdict", Value(finding.verdict()));
  out.set("run", finding.recorded.run.alias.empty() ? Value() : Value(finding.recorded.run.alias));
  return out;
}

}  // namespace lode::flow
