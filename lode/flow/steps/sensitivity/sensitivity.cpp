// Neighbours of a judged factor, one after the other, so that memory holds one of them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/sensitivity/sensitivity.h"

#include <fmt/format.h>

#include "lode/base/math.h"
#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/core/evaluate/study/sensitivity.h"
#include "lode/core/expr/profile.h"
#include "lode/core/expr/window_neighbours.h"
#include "lode/core/factor/library.h"
#include "lode/core/factor/operators.h"
#include "lode/flow/steps/research/judged_rows.h"

namespace lode::flow {

namespace {

// The factor of a neighbouring formula on all rows of the study.
Result<Panel> compute(World& world, const Study& study, const ResearchRequest& request, const Judged& judged,
                      const std::string& formula) {
  LODE_TRY(const expr::Profile* profile, expr::find_profile(judged.subject.profile));
  expr::CompileOptions options;
  options.fields = factor::known_fields();
  options.allow_lookahead = request.allow_lookahead;
  LODE_TRY(const expr::Program program, expr::compile(formula, *profile, factor::operators(), options));
  LODE_TRY(const expr::Fields fields, fields_of(study.panels, program));
  LODE_TRY(std::vector<Panel> computed, expr::evaluate(program, fields, request.precision, world.pool));
  return std::move(computed.front());
}

std::string why_no_windows(const Judged& judged, const expr::WindowNeighbours& around) {
  if (judged.subject.formula.empty()) {
    return "your own numbers come without a formula whose windows could be changed";
  }
  return around.windows == 0 ? "the formula has no window of 2 sessions or more" : "";
}

}  // namespace

Result<void> add_sensitivity(World& world, const Study& study, const ResearchRequest& request, Judged& judged) {
  if (!is_measured(judged.sheet)) {
    return {};
  }
  expr::WindowNeighbours around;
  if (!judged.subject.formula.empty()) {
    LODE_TRY(around, expr::window_neighbours(judged.subject.formula, factor::operators()));
  }
  const JudgedRows rows(study);
  LODE_TRY(evaluate::LabelSet labels,
           evaluate::LabelSet::make(rows.market, rows.groups(), request.options.convention, true, world.pool));
  evaluate::Sensitivity out;
  out.choice = evaluate::choice_of(judged.sheet);
  out.no_windows = why_no_windows(judged, around);
  out.windows_left_out = around.left_out;
  const auto count = static_cast<std::int64_t>(around.list.size());
  for (const expr::WindowNeighbour& one : around.list) {
    if (!report_progress(world, "judging neighbours", static_cast<std::int64_t>(out.variants.size()), count)) {
      return fail(E::E10, "stopped while judging neighbours: nothing was recorded", "the same command starts it again");
    }
    evaluate::Variant variant{.id = one.id, .words = one.words, .formula = one.formula, .is_window = true};
    const Result<Panel> computed = compute(world, study, request, judged, one.formula);
    if (computed) {
      evaluate::judge_variant(rows.slice.panel(*computed), labels, judged.sheet, world.pool, variant);
    } else {
      variant.rank_ic.reason = variant.net_annual.reason = computed.error().message();
    }
    out.variants.push_back(std::move(variant));
  }
  for (evaluate::Variant& variant : evaluate::judge_changes(judged.factor, labels, judged.sheet, world.pool)) {
    out.variants.push_back(std::move(variant));
  }
  judged.sheet.sensitivity = std::move(out);
  evaluate::decide(judged.sheet);
  return {};
}

std::string sensitivity_text(const evaluate::TearSheet& sheet) {
  if (!sheet.sensitivity) {
    return "";
  }
  const evaluate::Sensitivity& s = *sheet.sensitivity;
  using Align = TextTable::Align;
  TextTable table({{fmt::format("changed, {} d", sheet.headline_horizon().horizon)},
                   {"rank IC", Align::kRight},
                   {"t", Align::kRight},
                   {"net", Align::kRight}});
  std::string missing;
  const auto add = [&](const evaluate::Variant& one) {
    const auto shown = [](double value, int decimals, std::string_view unit) {
      return math::is_nan(value) ? std::string("-") : signed_fixed(value, decimals) + std::string(unit);
    };
    table.add({one.words, shown(one.rank_ic.value, 3, ""), shown(one.t_no_overlap, 1, ""),
               shown(100.0 * one.net_annual.value, 1, " %/yr")});
    if (math::is_nan(one.rank_ic.value)) {
      missing += fmt::format("  - {}: {}\n", one.words, one.rank_ic.reason);
    }
  };
  add(s.choice);
  for (const evaluate::Variant& one : s.variants) {
    add(one);
  }
  const evaluate::Neighbourhood around = evaluate::neighbourhood(s);
  std::string text = "\n" + table.render(0, 2) + missing;
  text += around.neighbours == 0
              ? fmt::format("No neighbour to compare with: {}.\n",
                            s.no_windows.empty() ? "none has a rank IC" : s.no_windows)
              : fmt::format("This choice is {} of {} windows by rank IC, median of the others {}.\n",
                            around.place == 1 ? "the best" : "number " + std::to_string(around.place),
                            around.neighbours + 1, signed_fixed(around.median, 3));
  return text +
         "Net is of the book turned to the sign of this choice. Looking at variants is no trial; taking one is.\n";
}

Value sensitivity_json(const evaluate::TearSheet& sheet) {
  if (!sheet.sensitivity) {
    return {};
  }
  Value out = Value::array();
  for (const evaluate::Variant& variant : sheet.sensitivity->variants) {
    Value row = Value::object();
    row.set("id", Value(variant.id));
    row.set("change", Value(variant.words));
    row.set("formula", variant.formula.empty() ? Value() : Value(variant.formula));
    row.set("neighbour", Value(variant.is_window));
    out.push(std::move(row));
  }
  return out;
}

}  // namespace lode::flow
