// Section 14: is it a knife edge? The choice among its neighbours, and the headline with one thing changed at a time.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/math.h"
#include "lode/core/evaluate/honesty/honesty.h"
#include "lode/core/evaluate/study/sensitivity.h"
#include "lode/core/report/page/sections.h"

namespace lode::report {
namespace {

using evaluate::Sensitivity;
using evaluate::Variant;

constexpr double kSharp =
    0.4;  // As the check of neighbours: of the choice's rank IC, kept by the median neighbour: below it is an edge.

// "ts_mean 20 -> 10" with an arrow.
std::string words_of(const Variant& variant) {
  std::string out = variant.words;
  if (const std::size_t at = out.find("->"); at != std::string::npos) {
    out.replace(at - 1, 4, "\xE2\x86\x92");  // Without its spaces: a phone has room for 14 letters.
  }
  return out;
}

std::string neighbours_title(const Sensitivity& s) {
  const evaluate::Neighbourhood around = evaluate::neighbourhood(s);
  if (around.neighbours == 0) {
    Range range = empty_range();
    for (const Variant& variant : s.variants) {
      range.take(variant.rank_ic.value);
    }
    return range.empty()
               ? std::string("No variant has a rank IC")
               : fmt::format("With one thing changed the rank IC is {} to {}",
                             number_text(range.low, Style::kCoefficient), number_text(range.high, Style::kCoefficient));
  }
  const double kept = around.median / s.choice.rank_ic.value;
  const std::string place = around.place == 1 ? "Best" : evaluate::ordinal_words(around.place);
  const bool is_clear = math::abs(s.choice.t_no_overlap) >= 1.959963984540054;
  if (!is_clear) {
    return fmt::format("{} of {} windows, none of which says much", place, around.neighbours + 1);
  }
  if (kept < 0.0) {
    return fmt::format("{} of {} windows: a knife edge, the median neighbour has the other sign", place,
                       around.neighbours + 1);
  }
  return fmt::format("{} of {} windows{}: the median neighbour has {} of its rank IC", place, around.neighbours + 1,
                     kept < kSharp ? ", a knife edge" : "", share_words(kept));
}

Chart variants_chart(const Sensitivity& s, const std::string& horizon) {
  Chart chart;
  chart.id = "variants";
  chart.width = Chart::Width::kFull;
  chart.title = neighbours_title(s);
  chart.why = evaluate::neighbourhood(s).neighbours > 0 ? "sensitivity.place" : "";
  chart.subtitle = fmt::format(
      "Mean {} rank IC with one thing changed at a time, 95 % intervals; the dashed line is this choice", horizon);
  chart.aria = fmt::format("Sensitivity: {}. This choice has a rank IC of {}.", chart.title,
                           number_text(s.choice.rank_ic.value, Style::kCoefficient));
  std::vector<std::string> names;
  std::vector<double> row;
  std::vector<double> chosen;
  std::vector<double> ic;
  std::vector<double> lower;
  std::vector<double> upper;
  const auto add = [&](const Variant& variant, bool is_choice) {
    row.push_back(static_cast<double>(names.size()));
    names.push_back(words_of(variant));
    chosen.push_back(is_choice ? variant.rank_ic.value : evaluate::kNoValue);
    ic.push_back(is_choice ? evaluate::kNoValue : variant.rank_ic.value);
    lower.push_back(variant.rank_ic.lower);
    upper.push_back(variant.rank_ic.upper);
  };
  add(s.choice, true);
  for (const Variant& variant : s.variants) {
    if (math::is_finite(variant.rank_ic.value)) {
      add(variant, false);
    }
  }
  Range range = empty_range();
  for (const auto* values : {&chosen, &ic, &lower, &upper}) {
    range.take(*values);
  }
  chart.x = linear_axis(range, Style::kCoefficient, true, 6);
  Panel panel;
  panel.height_px = static_cast<int>(names.size()) * 24;
  panel.names = true;
  panel.y = name_axis(names);
  panel.marks = {{.kind = Mark::Kind::kRule,
                  .base = s.choice.rank_ic.value,
                  .role = Role::kInk,
                  .dash = Dash::kDashed,
                  .across = true},
                 {.kind = Mark::Kind::kDot, .x = 1, .y = 2, .low = 4, .high = 5, .role = Role::kInk, .across = true},
                 {.kind = Mark::Kind::kDot,
                  .x = 1,
                  .y = 3,
                  .low = 4,
                  .high = 5,
                  .role = Role::kUp,
                  .below = Role::kDown,
                  .across = true}};
  chart.panels.push_back(std::move(panel));
  chart.table.columns = {text_column("variant", names),
                         number_column("row", Style::kCount, row, 0),
                         number_column("rank IC, this choice", Style::kCoefficient, chosen),
                         number_column("rank IC", Style::kCoefficient, ic),
                         number_column("lower", Style::kCoefficient, lower),
                         number_column("upper", Style::kCoefficient, upper)};
  return chart;
}

Block variants_table(const PageContext& context, const Sensitivity& s) {
  CellTable table{
      "",
      {"Changed", "rank IC", "t (no overlap)", "net, % a year", "Pearson IC", "95 % interval of the rank IC"},
      {},
      ""};
  const Figures& figures = context.figures;
  const auto add = [&](const Variant& variant, std::string css) {
    const std::string key = fmt::format("sensitivity.{}.", variant.id);
    const auto cell = [&](std::string_view name, Style style, bool toned) {
      const std::string path = key + std::string(name);
      return Cell{figures.bare(path, style), true, css + (toned ? " " + std::string(tone(figures.value(path))) : "")};
    };
    table.rows.push_back({{words_of(variant), false, css},
                          cell("rank_ic", Style::kCoefficient, true),
                          cell("t_no_overlap", Style::kT, false),
                          cell("net_annual", Style::kReturn, true),
                          cell("ic", Style::kCoefficient, false),
                          {figures.range(key + "rank_ic", Style::kCoefficient), true}});
  };
  add(s.choice, "strong");
  for (const Variant& variant : s.variants) {
    add(variant, "");
  }
  return card(
      "The same numbers for each",
      fmt::format("{} horizon; net after {} a side, of the book turned to the sign of this choice's rank IC. "
                  "Halves by money traded over 21 sessions. Rank IC and buckets see order alone, so ranking leaves "
                  "them as they are: the Pearson IC tells what values far out add",
                  context.headline_text(), cost_text(context.sheet.options.cost_bps)),
      Block{table}, Width::kFull);
}

// What was looked at, what it costs, and what could not be.
Blocks notes(const PageContext& context, const Sensitivity& s) {
  Blocks out = Block{Note{words(
      "{} variants looked at beside this choice. They are no trials, since none was chosen; whoever takes one of them "
      "for its number has chosen among {}.",
      {context.figures.number("sensitivity.looked_at", Style::kCount), fmt::format("{}", s.variants.size() + 1)})}};
  if (!s.no_windows.empty()) {
    out += reason_box("Windows: " + s.no_windows + ".");
  }
  if (s.windows_left_out > 0) {
    out += Block{Note{fmt::format("{} of the formula changed only together with the others.",
                                  counted_text(s.windows_left_out, "window"))}};
  }
  std::string missing;
  for (const Variant& variant : s.variants) {
    if (!math::is_finite(variant.rank_ic.value)) {
      missing += fmt::format("{}{} ({})", missing.empty() ? "" : "; ", words_of(variant),
                             variant.rank_ic.reason.empty() ? "no value" : variant.rank_ic.reason);
    }
  }
  if (!missing.empty()) {
    out += Block{Note{"n/a: " + missing + "."}};
  }
  if (context.sheet.groups.empty()) {
    out += reason_box("Less its group's mean: no group data: pass --group where the lake has groups.");
  }
  return out;
}

}  // namespace

Section sensitivity_section(PageContext& context) {
  if (!context.sheet.sensitivity) {
    return missing_section(14, "Sensitivity",
                           "not looked at with this run: lode factor report without --no-sensitivity judges the "
                           "neighbours of a formula");
  }
  const Sensitivity& s = *context.sheet.sensitivity;
  Blocks charts = draw(context, variants_chart(s, context.headline_text()));
  charts += variants_table(context, s);
  Blocks body = grid(charts);
  body += notes(context, s);
  return section(14, "Sensitivity", "is it a knife edge?", body);
}

}  // namespace lode::report
