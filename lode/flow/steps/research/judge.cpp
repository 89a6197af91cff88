// Computing one factor, proving that it does not look ahead, and judging it.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <span>
#include <type_traits>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/core/evaluate/kernel/label_set.h"
#include "lode/core/expr/history.h"
#include "lode/core/factor/operators.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/answer/phase.h"
#include "lode/flow/steps/prepare/apply.h"
#include "lode/flow/steps/research/compute.h"
#include "lode/flow/steps/research/judged_rows.h"
#include "lode/flow/steps/research/levels.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/research/schemes.h"
#include "lode/flow/steps/research/slice.h"
#include "lode/flow/steps/research/symbols.h"
#include "lode/flow/steps/research/values_file.h"
#include "lode/flow/steps/research/vault.h"

namespace lode::flow {

namespace {

// Rows compared by the prefix test: enough for every weekday and a month end, few enough to cost little.
constexpr std::size_t kPrefixRows = 64;

// The same fields without any row at or after `end`.
expr::Fields truncated(const lake::PanelSet& set, std::size_t end) {
  const RowSlice slice(set.axis, 0, end);
  expr::Fields fields(slice.axis());
  for (const auto& [name, panel] : set.panels) {
    fields.set(name, slice.panel(panel));
  }
  for (const auto& [name, group] : set.groups) {
    fields.set(name, slice.group(group));
  }
  fields.set_universe(slice.mask(set.universe));
  return fields;
}

enum class PrefixTest : std::uint8_t { kHolds, kBroken, kNothingToCompare };

// Compares rows bit by bit, any missing value equal to any other.
template <class T>
PrefixTest compare_row(std::span<const T> whole, std::span<const T> cut) {
  using Bits = std::conditional_t<sizeof(T) == sizeof(std::uint64_t), std::uint64_t, std::uint32_t>;
  bool any = false;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const bool missing = whole[i] != whole[i];
    if (missing != (cut[i] != cut[i]) || (!missing && std::bit_cast<Bits>(whole[i]) != std::bit_cast<Bits>(cut[i]))) {
      return PrefixTest::kBroken;
    }
    any = any || !missing;
  }
  return any ? PrefixTest::kHolds : PrefixTest::kNothingToCompare;
}

// Rows of history the prefix test keeps: the last 40 % is cut off.
std::size_t prefix_end(std::size_t rows) { return std::max<std::size_t>(1, rows * 3 / 5); }

// Recomputes the factor as if what follows prefix_end had not happened; the rows that remain must keep their bits.
Result<PrefixTest> test_prefix(World& world, const lake::PanelSet& set, const expr::Program& program,
                               Precision precision, const Panel& whole) {
  const std::size_t end = prefix_end(whole.rows());
  LODE_TRY(const std::vector<Panel> cut, expr::evaluate(program, truncated(set, end), precision, world.pool));
  PrefixTest result = PrefixTest::kNothingToCompare;
  for (std::size_t row = end > kPrefixRows ? end - kPrefixRows : 0; row < end; ++row) {
    const PrefixTest here = precision == Precision::kFloat64 ? compare_row(whole.row64(row), cut.front().row64(row))
                                                             : compare_row(whole.row32(row), cut.front().row32(row));
    if (here == PrefixTest::kBroken) {
      return here;
    }
    result = here == PrefixTest::kHolds ? here : result;
  }
  return result;
}

// The study as it stood after its first `end` rows: who left later is still there.
Study first_rows(const Study& study, std::size_t end) {
  const RowSlice slice(study.panels.axis, 0, end);
  Study out = study;
  for (auto& [name, panel] : out.panels.panels) {
    panel = slice.panel(panel);
  }
  for (auto& [name, group] : out.panels.groups) {
    group = slice.group(group);
  }
  out.panels.universe = slice.mask(study.panels.universe);
  evaluate::Market market = study.market;
  market.benchmark.clear();
  market.known.clear();
  out.market = sliced(market, slice);
  for (std::int32_t& row : out.market.delisted_row) {
    row = row < static_cast<std::int32_t>(end) ? row : -1;
  }
  out.panels.axis = slice.axis();
  return out;
}

}  // namespace

struct SharedLabels {
  std::optional<JudgedRows> rows;
  std::optional<evaluate::LabelSet> set;  // Of them
};

void keep_labels(Study& study) { study.labels = std::make_shared<SharedLabels>(); }

namespace {

Result<evaluate::TearSheet> tear_sheet_of(World& world, const Study& study, const Panel& factor,
                                          const evaluate::Options& options) {
  if (study.labels == nullptr) {
    const JudgedRows rows(study);
    return evaluate::tear_sheet(factor, rows.market, rows.groups(), options, world.pool);
  }
  SharedLabels& shared = *study.labels;
  if (!shared.set) {
    shared.rows.emplace(study);
    LODE_TRY(evaluate::LabelSet set, evaluate::LabelSet::make(shared.rows->market, shared.rows->groups(),
                                                              options.convention, true, world.pool));
    shared.set.emplace(std::move(set));
  }
  return evaluate::tear_sheet(factor, *shared.set, options, world.pool);
}

// The sheet of a factor that stands on the judged rows.
Result<evaluate::TearSheet> sheet_of(World& world, const Study& study, const ResearchRequest& request,
                                     const Panel& factor, const Subject& subject) {
  LODE_CHECK(check_vault(study, request));
  evaluate::Options options = request.options;
  LODE_TRY(const lake::Trial trial, trial_in(*study.lake, request, subject));
  LODE_TRY(const lake::TrialCounts counts, lake::RunStore(*study.lake).trial_counts_with(trial));
  options.trials = counts.universe;
  LODE_TRY(evaluate::TearSheet sheet, tear_sheet_of(world, study, factor, options));
  if (!is_measured(sheet)) {
    LODE_TRY(const lake::TrialCounts others, lake::RunStore(*study.lake).trial_counts(request.universe));
    sheet.options.trials = others.universe;
  }
  return sheet;
}

// Names that trade on after their delisting end on none of the judged rows by it.
void warn_of_outlived(const Study& study, Judged& out) {
  std::vector<lake::Outlived> here = study.panels.outlived;
  const Date first = study.panels.axis->sessions[static_cast<std::size_t>(study.first_row)];
  std::erase_if(here, [&](const lake::Outlived& one) { return one.last < first; });
  if (here.empty()) {
    return;
  }
  const lake::Outlived& one = *std::ranges::min_element(here, {}, &lake::Outlived::symbol);
  const auto count = static_cast<std::int64_t>(here.size());
  out.warnings.push_back(
      {"W2107", fmt::format("{} not applied, bars go on after {}, first {} (delisted {}, bars to {})",
                            count == 1 ? "1 delisting is" : grouped(count) + " delistings are",
                            count == 1 ? "it" : "them", one.symbol, to_string(one.delisted_on), to_string(one.last))});
}

// Bars that wait for the final one.
void warn_of_provisional(const Study& study, Judged& out) {
  if (const auto& waiting = study.provisional; waiting.bars > 0) {
    out.warnings.push_back({"W2111", fmt::format("{} not final, first {}: a result on {} changes with the next fetch",
                                                 waiting.bars == 1 ? "1 bar is" : grouped(waiting.bars) + " bars are",
                                                 to_string(waiting.first), waiting.bars == 1 ? "it" : "them")});
  }
}

// The groups and known returns behind a judgement, in its subject too: they are part of what it is.
Result<void> take_sources(const Study& study, const ResearchRequest& request, Judged& out) {
  out.subject.known_hash = study.known_hash;
  out.groups = groups_read(study.panels.lineage, out.fields, request.group);
  LODE_CHECK(check_scheme_is_read(request.scheme, !out.groups.empty()));
  for (const lake::FieldLineage& group : out.groups) {
    out.subject.schemes[group.field] = group.scheme;
  }
  if (std::string undated = undated_groups(out.groups); !undated.empty()) {
    out.warnings.push_back({"W2108", std::move(undated)});
  }
  return {};
}

// A universe of survivors forbids the word strong, in every answer and not on the page alone.
void add_survivorship_check(const Study& study, Judged& judged) {
  using State = evaluate::CheckState;
  const StudyNames names = names_of(study);
  evaluate::Check check{"survivorship", "Survivorship", State::kPassed, "", ""};
  const evaluate::HorizonResult& headline = judged.sheet.headline_horizon();
  if (study.panels.survivor_biased) {
    check.state = State::kFailed;
    check.result = "survivor-biased";
    check.note =
        "The universe was made from a list of today: names that failed are missing, and results look too good.";
  } else {
    check.state = names.delisted > 0 ? State::kPassed : State::kWarning;
    check.result = fmt::format("{} of {} later delisted", grouped(names.delisted), counted(names.all, "name"));
    check.note = names.delisted > 0
                     ? fmt::format("{} of {} ended by a delisting; a delisting return was known for {} of them.",
                                   counted(headline.delisted_inside, "window"), counted(headline.horizon, "session"),
                                   grouped(headline.delisting_returns_applied))
                     : "A universe in which nothing ever died is seldom point in time.";
  }
  judged.sheet.checks.push_back(std::move(check));
}

Result<void> judge_panel(World& world, const Study& study, const ResearchRequest& request, const Panel& factor,
                         Judged& out) {
  const RowSlice slice(study.panels.axis, static_cast<std::size_t>(study.first_row), study.panels.axis->rows());
  out.factor = slice.panel(factor);
  if (!study.benchmark_gap.empty()) {
    out.warnings.push_back({"W2106", study.benchmark_gap});
  }
  warn_of_outlived(study, out);
  warn_of_provisional(study, out);
  LODE_TRY(out.sheet, sheet_of(world, study, request, out.factor, out.subject));
  add_survivorship_check(study, out);  // Who adds a check after this one decides anew.
  return {};
}

evaluate::CheckState look_ahead_state(PrefixTest test) {
  switch (test) {
    case PrefixTest::kHolds:
      return evaluate::CheckState::kPassed;
    case PrefixTest::kBroken:
      return evaluate::CheckState::kFailed;
    default:
      return evaluate::CheckState::kUnknown;
  }
}

std::string look_ahead_result(PrefixTest test) {
  switch (test) {
    case PrefixTest::kHolds:
      return "passed";
    case PrefixTest::kBroken:
      return "found, allowed on purpose";
    default:
      return "not possible, no value before the cut";
  }
}

void add_look_ahead_check(Judged& judged, evaluate::CheckState state, std::string note) {
  judged.sheet.checks.insert(judged.sheet.checks.begin(), evaluate::Check{"look_ahead", "Look-ahead check", state,
                                                                          judged.look_ahead, std::move(note)});
  evaluate::decide(judged.sheet);  // The verdict allows for this check too.
}

void add_levels_row(Judged& judged, evaluate::CheckState state, std::string result, std::string note) {
  judged.sheet.checks.insert(judged.sheet.checks.begin() + 1,
                             evaluate::Check{"levels", "Adjusted levels", state, std::move(result), std::move(note)});
  evaluate::decide(judged.sheet);
}

// Groups without dates look ahead, whatever the prefix test says: it cuts dates, and they have none.
void add_group_check(Judged& judged) {
  if (undated_groups(judged.groups).empty()) {
    return;
  }
  judged.sheet.checks.insert(
      judged.sheet.checks.begin() + 1,
      evaluate::Check{"group_dates", "Dates of groups", evaluate::CheckState::kWarning, "undated: as known today",
                      "One list of groups stands on every past day, so later changes and survivors are known early"});
}

// A factor that compares levels knows which names will split: cheap today is often what rose tenfold and split later.
void add_levels_check(Judged& judged, const Study& study, const LevelsTest& test) {
  using State = evaluate::CheckState;
  if (study.panels.adjusted_by_source && !moves_with_levels(test)) {
    add_levels_row(judged, State::kUnknown, "not possible, some prices came adjusted",
                   "What the source multiplied its prices with is not known, so it cannot be undone");
    return;
  }
  if (test.compared == 0) {
    add_levels_row(judged, State::kUnknown, "nothing to test, no later split or dividend",
                   test.dates == 0 ? "No split or dividend took effect after the first of the sessions judged"
                                   : "The factor has no value on the sessions before a split or dividend");
    return;
  }
  const std::string note =
      fmt::format("Recomputed before {} of splits and dividends, with prices as known then, and compared by rank",
                  counted(static_cast<std::int64_t>(test.dates), "date"));
  if (!moves_with_levels(test)) {
    add_levels_row(judged, State::kPassed, "not moved by later actions", note);
    return;
  }
  const double share = 100.0 * static_cast<double>(test.moved) / static_cast<double>(test.compared);
  const std::string percent = fixed(share, share < 10.0 ? 1 : 0);
  add_levels_row(judged, State::kFailed, fmt::format("{} % of the values tested would have been others", percent),
                 note);
  judged.warnings.push_back(
      {"W1303",
       fmt::format(
           "before {} of splits and dividends {} % of the values would have been others on their own day: {} "
           "compares price or share levels, which such actions move later; compare ratios, as in close / delay(close, "
           "5)",
           counted(static_cast<std::int64_t>(test.dates), "date"), percent,
           test.of.empty() ? "the formula" : test.of)});
}

// An average that never forgets rests on every bar there is.
int first_used(const Study& study, const expr::Program& program) {
  const bool forgets = std::ranges::none_of(
      program.nodes, [](const expr::Node& node) { return node.op != nullptr && node.op->spec.recursive; });
  return forgets ? std::max(0, study.first_row - program.lookback()) : 0;
}

}  // namespace

Result<Judged> judge(World& world, const Study& study, const ResearchRequest& request, const expr::Program& program,
                     Subject subject) {
  Judged out;
  out.subject = std::move(subject);
  out.warnings = program.warnings;
  out.lookback = program.lookback();
  out.first_used = first_used(study, program);
  out.fields = program.fields();
  LODE_CHECK(take_sources(study, request, out));
  LODE_TRY(const expr::Fields fields, fields_of(study.panels, program));
  LODE_CHECK(begin_phase(world, "computing"));
  LODE_TRY(const std::vector<Panel> computed, expr::evaluate(program, fields, request.precision, world.pool));
  if (computed.front().valid_count() == 0) {
    const bool typed = out.subject.name.empty() && !request.subject.empty();
    return fail(expr::no_value(typed ? request.subject : out.subject.formula, program.lookback(), factor::operators(),
                               computed.front().rows(), computed.front().columns()));
  }
  LODE_TRY(PrefixTest test, test_prefix(world, study.panels, program, request.precision, computed.front()));
  test = program.lookahead > 0 ? PrefixTest::kBroken : test;  // Known without any value to compare.
  if (test == PrefixTest::kBroken && !request.allow_lookahead) {
    return fail(E::E1107, "values of the past change when the future is cut off: this formula looks ahead",
                "use delay() with a positive number of days. To study a leak on purpose: --allow-lookahead");
  }
  const std::size_t rows = computed.front().rows();
  const bool is_undated = test == PrefixTest::kHolds && !undated_groups(out.groups).empty();
  out.look_ahead = is_undated ? "groups without dates look ahead" : look_ahead_result(test);
  LODE_CHECK(begin_phase(world, "judging"));
  LODE_CHECK(judge_panel(world, study, request, computed.front(), out));
  add_look_ahead_check(out, is_undated ? evaluate::CheckState::kWarning : look_ahead_state(test),
                       test == PrefixTest::kNothingToCompare
                           ? fmt::format("the factor has no value in the {} sessions before the cut at {} of {}",
                                         std::min(kPrefixRows, prefix_end(rows)), prefix_end(rows), rows)
                           : fmt::format("Recomputed on the first {} of {} sessions and compared bit by bit",
                                         grouped(static_cast<std::int64_t>(prefix_end(rows))),
                                         grouped(static_cast<std::int64_t>(rows))));
  add_group_check(out);
  LODE_TRY(const LevelsTest levels, test_levels(world, study.panels, program, computed.front(),
                                                static_cast<std::size_t>(study.first_row), kPrefixRows));
  add_levels_check(out, study, levels);
  return out;
}

Result<Judged> judge_function(World& world, const Study& study, const ResearchRequest& request,
                              const FunctionOfStudy& function) {
  Judged out;
  out.subject = function.subject;
  out.lookback = function.lookback;
  out.fields = function.fields;
  LODE_CHECK(take_sources(study, request, out));
  LODE_CHECK(begin_phase(world, "computing"));
  LODE_TRY(const Panel whole, function.compute(study));
  if (whole.valid_count() == 0) {
    return fail(E::E1114, fmt::format("{} has no value on any of {} sessions", out.subject.formula, whole.rows()),
                "a longer history, or a shorter --window");
  }
  const std::size_t end = prefix_end(whole.rows());
  LODE_TRY(const Panel cut, function.compute(first_rows(study, end)));
  PrefixTest test = PrefixTest::kNothingToCompare;
  for (std::size_t row = end > kPrefixRows ? end - kPrefixRows : 0; row < end; ++row) {
    const PrefixTest here = compare_row(whole.row64(row), cut.row64(row));
    test = test == PrefixTest::kBroken || here == PrefixTest::kNothingToCompare ? test : here;
  }
  if (test == PrefixTest::kBroken && !request.allow_lookahead) {
    return fail(E::E1107, "values of the past change when the future is cut off: one of the factors looks ahead",
                "lode factor check tells of each. To study a leak on purpose: --allow-lookahead");
  }
  const bool is_undated = test == PrefixTest::kHolds && !undated_groups(out.groups).empty();
  out.look_ahead = is_undated ? "groups without dates look ahead" : look_ahead_result(test);
  LODE_CHECK(begin_phase(world, "judging"));
  LODE_CHECK(judge_panel(world, study, request, whole, out));
  add_look_ahead_check(
      out, is_undated ? evaluate::CheckState::kWarning : look_ahead_state(test),
      fmt::format("Recomputed on the first {} of {} sessions and compared bit by bit",
                  grouped(static_cast<std::int64_t>(end)), grouped(static_cast<std::int64_t>(whole.rows()))));
  add_group_check(out);
  LODE_TRY(const LevelsTest levels, function.levels(study));
  add_levels_check(out, study, levels);
  return out;
}

Result<evaluate::TearSheet> judge_again(World& world, const Study& study, const ResearchRequest& request,
                                        const Judged& judged) {
  return sheet_of(world, study, request, judged.factor, judged.subject);
}

Result<Judged> judge_values(World& world, const Study& study, const ResearchRequest& request, Subject subject) {
  Judged out;
  out.first_used = study.first_row;
  LODE_TRY(const std::vector<std::string> mics, exchanges_of(*study.snapshot, *study.panels.axis));
  LODE_TRY(const std::vector<std::string> symbols, dated_symbols(*study.snapshot, *study.panels.axis));
  LODE_TRY(const ValuesFile values,
           read_values_file(request.values_path, study.panels.axis, study.panels.universe, mics, symbols));
  out.subject = std::move(subject);
  out.subject.name = values.name;
  out.subject.values_path = request.values_path;
  out.subject.values_hash = values.rows_hash;
  out.subject.profile = "values";
  LODE_TRY(out.fields, fields_for_values(world, request));
  LODE_TRY(out.subject.prepared, values_preparation_text(world, request));
  LODE_TRY(const Panel factor, prepared_values(world, study, request, values.panel));
  LODE_CHECK(take_sources(study, request, out));
  if (values.looks_ahead && !request.allow_lookahead) {
    return fail(E::E1107, fmt::format("the values of {} were computed with look-ahead", values.name),
                "compute them without it. To study a leak on purpose: --allow-lookahead (marks every result)");
  }
  out.look_ahead = values.looks_ahead ? look_ahead_result(PrefixTest::kBroken) : "not checked: the numbers are yours";
  if (values.unmatched > 0) {
    out.warnings.push_back({"W2104", fmt::format("{} of {} values name a symbol or session this universe has not",
                                                 grouped(values.unmatched), grouped(values.rows))});
  }
  if (values.infinite > 0) {
    out.warnings.push_back(
        {"W2105", fmt::format("{} of {} values are infinite and count as missing: mostly a division by 0 upstream",
                              grouped(values.infinite), grouped(values.rows))});
  }
  LODE_CHECK(begin_phase(world, "judging"));
  LODE_CHECK(judge_panel(world, study, request, factor, out));
  if (values.looks_ahead) {
    add_look_ahead_check(out, evaluate::CheckState::kFailed,
                         fmt::format("The file calls its factor {}...: it was computed with look-ahead", kLooksAhead));
    add_group_check(out);
    return out;
  }
  add_look_ahead_check(out, evaluate::CheckState::kUnknown,
                       "Lode did not compute these values, so it cannot recompute them on a shorter history");
  add_group_check(out);
  return out;
}

}  // namespace lode::flow
