// The table `lode factor eval` prints (ux 2.4 e).
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/math.h"
#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/core/evaluate/estimate.h"
#include "lode/core/evaluate/verdict/checks.h"
#include "lode/core/evaluate/verdict/verdict.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/research/schemes.h"
#include "lode/flow/steps/research/vault.h"

namespace lode::flow {

namespace {

std::string month(Date date) { return fmt::format("{}-{:02}", date.year(), date.month()); }

// "+0.031", or "-" where there is no value.
std::string signed_or_dash(double value, int decimals, std::string_view unit = {}) {
  return math::is_nan(value) ? std::string("-") : signed_fixed(value, decimals) + std::string(unit);
}

// What the numbers below were made of, where that is less than the span: "  2,003 dates count, 2009-12..2017-11".
std::string counted_dates(const evaluate::TearSheet& sheet) {
  const evaluate::HorizonResult& h = sheet.headline_horizon();
  const auto counts = [](double ic) { return !math::is_nan(ic); };
  const auto first = std::ranges::find_if(h.rank_ic_series, counts);
  if (h.dates_left_out == 0 || first == h.rank_ic_series.end()) {
    return "";
  }
  const auto last = std::find_if(h.rank_ic_series.rbegin(), h.rank_ic_series.rend(), counts);
  return fmt::format("  {} count, {}..{}", counted(h.dates, "date"),
                     month(sheet.sessions[static_cast<std::size_t>(first - h.rank_ic_series.begin())]),
                     month(sheet.sessions[static_cast<std::size_t>(h.rank_ic_series.rend() - last) - 1]));
}

std::string headline(const Judged& judged, const ResearchRequest& request) {
  const evaluate::TearSheet& sheet = judged.sheet;
  return fmt::format("{}  {}  {}..{}  {}  coverage {} %  warm-up {}{}\n", subject_line(judged.subject),
                     request.universe, month(sheet.sessions.front()), month(sheet.sessions.back()),
                     counted(static_cast<std::int64_t>(sheet.sessions.size()), "session"),
                     fixed(100.0 * sheet.coverage.ratio, 0), judged.lookback, counted_dates(sheet));
}

// The table in the columns that were promised byte by byte (ux 2.4 e); a longer word takes from the gap before it.
std::string horizon_table(const evaluate::TearSheet& sheet, const ResearchRequest& request) {
  std::string text = fmt::format("  horizon   rank IC          t{:>14}{:>15}   turnover\n",
                                 fmt::format("  q{}-q1 gross", request.options.quantiles),
                                 fmt::format("  net of {} bp", shortest(request.options.cost_bps)));
  for (const evaluate::HorizonResult& h : sheet.horizons) {
    const double turnover = h.spread.turnover_a_session;
    text += fmt::format("{:>6}{:>12}{:>10}{:>17}{:>14}{:>11}\n", fmt::format("{} d", h.horizon),
                        signed_or_dash(h.rank_ic.mean.value, 3), signed_or_dash(h.rank_ic.t_no_overlap, 1),
                        signed_or_dash(100.0 * h.spread.gross_annual.value, 1, " %/yr"),
                        signed_or_dash(100.0 * h.spread.net_annual.value, 1, " %/yr"),
                        math::is_nan(turnover) ? std::string("-") : fixed(100.0 * turnover, 0) + " %/d");
  }
  return text;
}

// By group at the headline horizon, the best first; then what is left when each group's mean return is taken out.
std::string group_table(const evaluate::TearSheet& sheet, const ResearchRequest& request) {
  if (sheet.groups.empty()) {
    return "";
  }
  std::vector<const evaluate::GroupResult*> groups;
  for (const evaluate::GroupResult& group : sheet.groups) {
    groups.push_back(&group);
  }
  std::stable_sort(groups.begin(), groups.end(), [](const auto* a, const auto* b) {
    const bool known = !math::is_nan(a->rank_ic);
    return known != !math::is_nan(b->rank_ic) ? known : known && a->rank_ic > b->rank_ic;
  });
  using Align = TextTable::Align;
  TextTable table({{fmt::format("{}, {} d", request.group, sheet.headline_horizon().horizon)},
                   {"rank IC", Align::kRight},
                   {"t", Align::kRight},
                   {"names", Align::kRight}});
  std::string missing;
  for (const evaluate::GroupResult* group : groups) {
    const std::string name = group->group.empty() ? "(no name)" : group->group;
    table.add(
        {name, signed_or_dash(group->rank_ic, 3), signed_or_dash(group->t_no_overlap, 1), fixed(group->mean_names, 0)});
    if (math::is_nan(group->rank_ic)) {
      missing += fmt::format("  - in {}: {}\n", name, group->reason);
    }
  }
  if (sheet.group_neutral) {
    const evaluate::IcStatistics& neutral = *sheet.group_neutral;
    table.add({"group-neutral", signed_or_dash(neutral.mean.value, 3), signed_or_dash(neutral.t_no_overlap, 1), ""});
    if (math::is_nan(neutral.mean.value)) {
      missing += fmt::format("  - group-neutral: {}\n", neutral.mean.reason);
    }
  }
  if (sheet.cells_without_group > 0) {
    missing += fmt::format("  - {} factor values have no {}: in no group, and not in group-neutral\n",
                           grouped(sheet.cells_without_group), request.group);
  }
  return "\n" + table.render(0, 2) + missing;
}

// An edge is told of only where the verdict would hear of it: enough periods that do not overlap, and a t that allows
// for every trial.
bool is_evidence(const evaluate::TearSheet& sheet, const evaluate::HorizonResult& h, double t) {
  return h.dates / h.horizon >= evaluate::kFewestPeriods && t >= evaluate::needed_t(sheet.options.trials);
}

std::string days(const evaluate::HorizonResult& h) { return counted(h.horizon, "day"); }

std::string bp(double breakeven_bps) { return fixed(breakeven_bps, 1) + " bp a side"; }

// What is known of a book that loses before costs: a prediction with the sign turned, or nothing.
std::string no_edge(const evaluate::TearSheet& sheet, const evaluate::HorizonResult& h) {
  const double t = h.rank_ic.t_no_overlap;
  if (is_evidence(sheet, h, -t)) {
    return fmt::format("Predicts the other way at {}: high values earn less (t {}). Turn the sign round to use it.",
                       days(h), signed_fixed(t, 1));
  }
  const bool is_too_good = std::ranges::any_of(sheet.checks, [](const evaluate::Check& check) {
    return check.id == "sharpe_too_high" && check.state == evaluate::CheckState::kFailed;
  });
  if (is_too_good || h.spread.gross_annual.upper < 0.0) {  // More than luck, of the other sign.
    return fmt::format(
        "The sign is the other way round at {}: high values lose before costs ({}), though the rank IC's "
        "t of {} alone is no evidence.",
        days(h), signed_fixed(100.0 * h.spread.gross_annual.value, 1) + " %/yr", signed_or_dash(t, 1));
  }
  return fmt::format("No edge before costs at {}.", days(h));
}

// The one sentence about costs: what eats the edge, or the break-even where something is left. A break-even without
// evidence of an edge says so.
std::string cost_sentence(const evaluate::TearSheet& sheet, const ResearchRequest& request) {
  if (request.options.cost_bps == 0.0) {
    return "Costs were set to 0 bp: every figure is gross.";
  }
  for (const evaluate::HorizonResult& h : sheet.horizons) {
    if (h.spread.gross_annual.value > 0.0 && h.spread.net_annual.value <= 0.0 &&
        is_evidence(sheet, h, h.rank_ic.t_no_overlap)) {
      return fmt::format("Costs eat the {}-day edge: break-even {}.", h.horizon, bp(h.spread.breakeven_bps));
    }
  }
  const evaluate::HorizonResult& h = sheet.headline_horizon();
  if (math::is_nan(h.spread.gross_annual.value)) {
    return fmt::format("What is left after costs at {} is not known: {}.", days(h), h.spread.gross_annual.reason);
  }
  if (math::is_nan(h.spread.breakeven_bps)) {
    return no_edge(sheet, h);
  }
  if (!is_evidence(sheet, h, h.rank_ic.t_no_overlap)) {
    return fmt::format("Break-even at {} would be {}, but t {} is no evidence of an edge.", days(h),
                       bp(h.spread.breakeven_bps), signed_or_dash(h.rank_ic.t_no_overlap, 1));
  }
  return fmt::format("Break-even at {}: {}.", days(h), bp(h.spread.breakeven_bps));
}

// A footnote for every "-" of the table; a horizon without a rank IC has one for all of its cells.
std::string reasons(const evaluate::TearSheet& sheet) {
  std::string text;
  for (const evaluate::HorizonResult& h : sheet.horizons) {
    if (math::is_nan(h.rank_ic.mean.value)) {
      text += fmt::format("  - at {} d: {}\n", h.horizon, h.rank_ic.mean.reason);
      continue;
    }
    if (math::is_nan(h.rank_ic.t_no_overlap)) {
      text += fmt::format("  - t at {} d: not defined on {}\n", h.horizon, counted(h.dates, "date"));
    }
    if (math::is_nan(h.spread.gross_annual.value)) {
      text += fmt::format("  - q{}-q1 at {} d: {}\n", sheet.options.quantiles, h.horizon, h.spread.gross_annual.reason);
    } else if (math::is_nan(h.spread.turnover_a_session)) {
      text += fmt::format("  - turnover at {} d: no two books to hold against each other\n", h.horizon);
    }
  }
  return text;
}

// Dates of names enough between the first and the last coefficient that have none: the factor is constant there, or
// no return is known.
std::int64_t dates_without_coefficient(const evaluate::TearSheet& sheet) {
  const std::vector<double>& series = sheet.headline_horizon().rank_ic_series;
  const std::vector<double>& names = sheet.coverage.names_series;
  const auto known = [](double value) { return !math::is_nan(value); };
  const auto first = std::ranges::find_if(series, known);
  const auto last = std::find_if(series.rbegin(), series.rend(), known).base();
  std::int64_t out = 0;
  for (auto at = first; at < last; ++at) {
    const auto row = static_cast<std::size_t>(at - series.begin());
    out += math::is_nan(*at) && row < names.size() && names[row] >= sheet.options.min_names ? 1 : 0;
  }
  return out;
}

// A benchmark that is not there on all sessions of the book.
std::string short_benchmark(const evaluate::TearSheet& sheet) {
  if (!sheet.benchmark) {
    return "";
  }
  const std::vector<double>& net = sheet.headline_horizon().net_series;
  const auto held = static_cast<std::int64_t>(std::ranges::count_if(net, [](double r) { return !math::is_nan(r); }));
  return sheet.benchmark->annual.n >= held
             ? ""
             : fmt::format("The benchmark has a return on {} of {} sessions of the book: its numbers are of those.\n",
                           grouped(sheet.benchmark->annual.n), grouped(held));
}

// What takes the ground from under the numbers above; "" when nothing does.
std::string doubts(const evaluate::TearSheet& sheet) {
  std::string text;
  const evaluate::HorizonResult& h = sheet.headline_horizon();
  if (h.dates_left_out > 0) {
    text += fmt::format("{} of {} dates have under {} names and are left out: --min-names 1 counts them.\n",
                        grouped(h.dates_left_out), grouped(h.dates + h.dates_left_out), sheet.options.min_names);
  }
  if (const std::int64_t dates = dates_without_coefficient(sheet); dates > 0) {
    text += fmt::format("{} of names enough {} no coefficient: the factor is constant there, or no return is known.\n",
                        counted(dates, "date"), dates == 1 ? "has" : "have");
  }
  text += short_benchmark(sheet);
  const bool many = std::ranges::any_of(sheet.checks, [](const evaluate::Check& check) {
    return check.id == "few_names" && check.state != evaluate::CheckState::kPassed;
  });
  if (many && h.thin_dates == h.dates) {
    const auto& names = sheet.coverage.names_series;
    text += fmt::format(
        "Every date that counts has under {} names{}: a ranking of so few is mostly noise. Longer, or more names.\n",
        evaluate::kFewNames, names.empty() ? "" : fmt::format(", at most {}", fixed(std::ranges::max(names), 0)));
  } else if (many && h.thin_dates > 0) {
    text += fmt::format("{} of {} dates that count have under {} names: --min-names {} leaves them out.\n",
                        grouped(h.thin_dates), grouped(h.dates), evaluate::kFewNames, evaluate::kFewNames);
  }
  if (h.never_traded_again > 0) {
    text += fmt::format("{} at a last close, bars stop and no delisting is known: import --table instruments.\n",
                        counted(h.never_traded_again, "window ends", "windows end"));
  }
  for (const evaluate::Check& check : sheet.checks) {
    const bool is_doubt = check.state == evaluate::CheckState::kWarning || check.state == evaluate::CheckState::kFailed;
    if (is_doubt && (check.id == "neighbours" || check.id == "delayed_result")) {
      text += fmt::format("{}: {}.\n", check.title, check.result);
    }
  }
  if (sheet.verdict == evaluate::Verdict::kCannotTell || sheet.verdict == evaluate::Verdict::kNone) {
    text += fmt::format("Verdict: {}\n", sheet.verdict_sentence);
  }
  return text;
}

// What known factors leave of the book, and how much of each is in it; "" without any.
std::string known_sentence(const std::optional<evaluate::KnownResult>& known) {
  if (!known) {
    return "";
  }
  const evaluate::Estimate& alpha = known->alpha_annual;
  if (math::is_nan(alpha.value)) {
    return fmt::format("Known returns: {}.\n", alpha.reason);
  }
  std::string list;
  for (const evaluate::KnownLine& one : known->factors) {
    list += fmt::format("{}{} {} (t {})", list.empty() ? "" : ", ", one.name, signed_or_dash(one.beta, 2),
                        signed_or_dash(one.t, 1));
  }
  return fmt::format("Beside known returns {} %/yr is left before costs, t {}, over {}; R2 {} %, betas {}.\n",
                     signed_fixed(100.0 * alpha.value, 1), signed_or_dash(known->alpha_t, 1),
                     counted(alpha.n, "session"), fixed(100.0 * known->r2, 0), list);
}

}  // namespace

std::string subject_line(const Subject& subject) {
  std::string line = !subject.name.empty() ? subject.name : subject.typed.empty() ? subject.formula : subject.typed;
  line += subject.prepared.empty() ? "" : ", prepared: " + subject.prepared;
  std::ranges::replace_if(
      line, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return line;
}

std::string trial_sentence(lake::TrialCounts trials, bool measured) {
  if (!measured) {
    return fmt::format("Nothing was measured, so no trial is counted{}.",
                       trials.universe > 0 ? fmt::format(" ({} so far)", grouped(trials.universe)) : "");
  }
  if (trials.universe == 0) {
    return "Trials: unknown, treat as 1 of many.";
  }
  const std::string elsewhere =
      trials.lake > trials.universe ? fmt::format(" ({} in this lake)", grouped(trials.lake)) : "";
  if (trials.universe == 1) {
    return fmt::format("1 trial{}{}, so no correction for search.", elsewhere.empty() ? "" : " on this universe",
                       elsewhere);
  }
  return fmt::format("{} trials on this universe{} so far: judge the t by the best of {}.", grouped(trials.universe),
                     elsewhere, grouped(trials.universe));
}

std::string eval_text(const Study& study, const Judged& judged, const ResearchRequest& request,
                      const Recorded& recorded) {
  std::string text = headline(judged, request) + "\n" + horizon_table(judged.sheet, request);
  text += reasons(judged.sheet) + group_table(judged.sheet, request);
  text += fmt::format("\n{} t allows for overlapping horizons.\n", cost_sentence(judged.sheet, request));
  text += fmt::format("{} Look-ahead check: {}.\n", trial_sentence(recorded.counts(), recorded.measured),
                      judged.look_ahead);
  text += judged.vault ? vault_text(*judged.vault) : "";
  text += known_sentence(judged.sheet.known);
  text += judged.honesty ? evaluate::honesty_text(*judged.honesty) : "";
  text += groups_sentence(judged.groups, request.scheme) + doubts(judged.sheet);
  if (study.panels.survivor_biased) {
    text += "Survivor-biased: this universe was made from a later list.\n";
  }
  if (study.panels.adjusted_by_source) {
    text += "Prices were delivered adjusted by the source: levels are not point in time.\n";
  }
  return text;
}

}  // namespace lode::flow
