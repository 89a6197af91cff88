// Computing one factor, proving that it does not look ahead, and judging it.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/flow/research.h"
#include "lode/flow/slice.h"
#include "lode/flow/values_file.h"

namespace lode::flow {

namespace {

// Rows compared by the prefix test: enough for every weekday and a month end, few enough to cost little.
constexpr std::size_t kPrefixRows = 64;

Result<expr::Fields> make_fields(const lake::PanelSet& set, const expr::Program& program) {
  expr::Fields fields(set.axis);
  for (const auto& [name, panel] : set.panels) {
    fields.set(name, panel);
  }
  for (const auto& [name, group] : set.groups) {
    fields.set(name, group);
  }
  fields.set_universe(set.universe);
  for (const std::string& name : program.fields()) {
    if (fields.find(name) == nullptr && fields.find_group(name) == nullptr) {
      return fail(E::E1113, fmt::format("the formula needs the field {}, absent in this data", name),
                  "lode factor fields lists what this lake has");
    }
  }
  return fields;
}

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

bool same_bits(double a, double b) {
  return (math::is_nan(a) && math::is_nan(b)) || std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

// Recomputes the factor as if the last 40 % of history had not happened; the rows that remain must keep their bits.
Result<bool> prefix_holds(World& world, const lake::PanelSet& set, const expr::Program& program, Precision precision,
                          const Panel& whole) {
  const std::size_t end = std::max<std::size_t>(1, whole.rows() * 3 / 5);
  LODE_TRY(const std::vector<Panel> cut, expr::evaluate(program, truncated(set, end), precision, world.pool));
  const std::size_t begin = end > kPrefixRows ? end - kPrefixRows : 0;
  for (std::size_t row = begin; row < end; ++row) {
    for (std::size_t column = 0; column < whole.columns(); ++column) {
      if (!same_bits(whole.at(row, column), cut.front().at(row, column))) {
        return false;
      }
    }
  }
  return true;
}

evaluate::Market sliced(const evaluate::Market& market, const RowSlice& slice) {
  evaluate::Market out;
  out.open = slice.panel(market.open);
  out.high = slice.panel(market.high);
  out.low = slice.panel(market.low);
  out.close = slice.panel(market.close);
  out.volume = slice.panel(market.volume);
  out.vwap = slice.panel(market.vwap);
  out.universe = slice.mask(market.universe);
  out.delisting_return = market.delisting_return;
  for (const std::int32_t row : market.delisted_row) {
    out.delisted_row.push_back(row < 0 ? row : std::max(0, row - static_cast<std::int32_t>(slice.begin())));
  }
  return out;
}

Result<void> judge_panel(World& world, const Study& study, const ResearchRequest& request, const Panel& factor,
                         Judged& out) {
  const RowSlice slice(study.panels.axis, static_cast<std::size_t>(study.first_row), study.panels.axis->rows());
  out.factor = slice.panel(factor);
  const std::optional<GroupPanel> group =
      study.group ? std::optional<GroupPanel>(slice.group(*study.group)) : std::nullopt;
  evaluate::Options options = request.options;
  LODE_TRY(options.trials, lake::RunStore(*study.lake).trial_count_with(request.universe, trial_formula(out.subject)));
  LODE_TRY(out.sheet, evaluate::tear_sheet(out.factor, sliced(study.market, slice), group ? &*group : nullptr,
                                           options, world.pool));
  return {};
}

void add_look_ahead_check(Judged& judged, evaluate::CheckState state, std::string note) {
  judged.sheet.checks.insert(judged.sheet.checks.begin(),
                             evaluate::Check{"look_ahead", "Look-ahead check", state, judged.look_ahead, std::move(note)});
  evaluate::decide(judged.sheet);  // The verdict allows for this check too.
}

}  // namespace

Result<Judged> judge(World& world, const Study& study, const ResearchRequest& request, const expr::Program& program,
                     Subject subject) {
  Judged out;
  out.subject = std::move(subject);
  out.warnings = program.warnings;
  out.lookback = program.lookback();
  LODE_TRY(const expr::Fields fields, make_fields(study.panels, program));
  LODE_TRY(const std::vector<Panel> computed, expr::evaluate(program, fields, request.precision, world.pool));
  LODE_TRY(const bool holds, prefix_holds(world, study.panels, program, request.precision, computed.front()));
  if (!holds && !request.allow_lookahead) {
    return fail(E::E1107, "values of the past change when the future is cut off: this formula looks ahead",
                "use delay() with a positive number of days. To study a leak on purpose: --allow-lookahead");
  }
  out.look_ahead = holds ? "passed" : "found, allowed on purpose";
  LODE_CHECK(judge_panel(world, study, request, computed.front(), out));
  add_look_ahead_check(out, holds ? evaluate::CheckState::kPassed : evaluate::CheckState::kFailed,
                       fmt::format("recomputed on the first {} of {} sessions and compared bit by bit",
                                   computed.front().rows() * 3 / 5, computed.front().rows()));
  return out;
}

Result<Judged> judge_values(World& world, const Study& study, const ResearchRequest& request, Subject subject) {
  Judged out;
  LODE_TRY(const ValuesFile values, read_values_file(request.values_path, study.panels.axis));
  out.subject = std::move(subject);
  out.subject.name = values.name;
  out.subject.values_path = request.values_path;
  out.subject.values_hash = values.hash;
  out.subject.profile = "values";
  out.look_ahead = "not checked: the numbers are yours";
  if (values.unmatched > 0) {
    out.warnings.push_back({"W2104", fmt::format("{} of {} values name a symbol or session this universe has not",
                                                 grouped(values.unmatched), grouped(values.rows))});
  }
  LODE_CHECK(judge_panel(world, study, request, values.panel, out));
  add_look_ahead_check(out, evaluate::CheckState::kUnknown,
                       "Lode did not compute these values, so it cannot recompute them on a shorter history");
  return out;
}

}  // namespace lode::flow
