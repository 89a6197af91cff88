// Sections of a comparison that are tables: verdicts, numbers, likeness, years, luck, origins.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/base/math.h"
#include "lode/core/report/comparison/parts.h"

namespace lode::report {
namespace {

// A correlation from here on makes two factors nearly one.
constexpr double kNearlyOne = 0.7;
constexpr double kLeastShown = 0.001;        // A q below it is never told as 0.
constexpr double kLeastCoefficient = 0.005;  // Printed as 0.00, and so without a colour.

Cell number_cell(const ComparisonContext& context, std::size_t i, const std::string& of, Style style,
                 bool is_toned = false) {
  const std::string path = context.path(i, of);
  return {context.figures.bare(path, style), true, is_toned ? std::string(tone(context.figures.value(path))) : ""};
}

Cell strong_cell(const ComparisonContext& context, std::size_t i, const std::string& of, Style style) {
  return {context.figures.bare(context.path(i, of), style), true, "strong"};
}

Cell range_cell(const ComparisonContext& context, std::size_t i, const std::string& of, Style style) {
  return {context.figures.range(context.path(i, of), style)};
}

// A number of today's count of trials: lode why computes it anew.
Cell today_cell(double value, std::string words, std::string path, std::string_view reason) {
  return {math::is_finite(value) ? Text(Run{std::move(words), Run::Kind::kNumber, false, std::move(path)})
                                 : missing(reason)};
}

std::string name_cell(const ComparisonContext& context, std::size_t i) {
  const std::string label = context.label(i);
  return label == letter(i) ? label : letter(i) + "  " + label;
}

CellTable prediction_table(const ComparisonContext& context) {
  CellTable table{"",
                  {"Factor", "rank IC", "95 % interval", "sd", "ICIR", "ICIR a year", "t (no overlap)", "t naive",
                   "% > 0", "half-life, sessions", "coverage, %"},
                  {},
                  ""};
  const std::string ic = "rank_ic." + context.key() + ".";
  for (std::size_t i = 0; i < context.count(); ++i) {
    Cell naive = number_cell(context, i, ic + "t_naive", Style::kT);
    naive.look = "faint";
    table.rows.push_back({{name_cell(context, i), false},
                          number_cell(context, i, ic + "mean", Style::kCoefficient, true),
                          range_cell(context, i, ic + "mean", Style::kCoefficient),
                          number_cell(context, i, ic + "standard_deviation", Style::kDecimal),
                          number_cell(context, i, ic + "icir", Style::kDecimal),
                          number_cell(context, i, ic + "icir_annual", Style::kDecimal),
                          strong_cell(context, i, ic + "t_no_overlap", Style::kT),
                          naive,
                          number_cell(context, i, ic + "share_positive", Style::kShare),
                          number_cell(context, i, "half_life", Style::kSessions),
                          number_cell(context, i, "coverage.ratio", Style::kShare)});
  }
  return table;
}

CellTable money_table(const ComparisonContext& context) {
  CellTable table{"",
                  {"Factor", "gross, % a year", "95 % interval", "net, % a year", "95 % interval", "Sharpe, gross",
                   "turnover, % a session", "break-even, bp a side", "deflated Sharpe", "q"},
                  {},
                  ""};
  const std::string spread = "spread." + context.key() + ".";
  for (std::size_t i = 0; i < context.count(); ++i) {
    const ComparedFactor& factor = context.comparison.factors[i];
    table.rows.push_back({{name_cell(context, i), false},
                          number_cell(context, i, spread + "gross_annual", Style::kReturn, true),
                          range_cell(context, i, spread + "gross_annual", Style::kReturn),
                          number_cell(context, i, spread + "net_annual", Style::kReturn, true),
                          range_cell(context, i, spread + "net_annual", Style::kReturn),
                          number_cell(context, i, spread + "sharpe", Style::kT),
                          number_cell(context, i, "turnover." + context.key(), Style::kShare),
                          number_cell(context, i, spread + "breakeven_bps", Style::kBasisPoints),
                          today_cell(factor.dsr, number_text(factor.dsr, Style::kDecimal),
                                     context.path(i, "honesty.dsr"), "no book to deflate"),
                          today_cell(factor.q,
                                     factor.q < kLeastShown ? "< " + number_text(kLeastShown, Style::kDecimal)
                                                            : number_text(factor.q, Style::kDecimal),
                                     context.path(i, "honesty.q"), "no t to correct")});
  }
  return table;
}

// The pair that is most alike, by its values or by its books.
std::string likeness_title(const ComparisonContext& context) {
  double most = -1.0;
  std::string words = "No two of them have dates enough in common";
  for (std::size_t i = 0; i < context.count(); ++i) {
    for (std::size_t j = i + 1; j < context.count(); ++j) {
      for (const auto& [of, what] :
           {std::pair(context.comparison.values.at(i, j), "ranks"), {context.comparison.books.at(i, j), "books"}}) {
        if (math::is_finite(of) && math::abs(of) > most) {
          most = math::abs(of);
          const std::string pair = fmt::format("{} and {}", context.label(i), context.label(j));
          words = fmt::format("{}: their {} correlate {}",
                              most >= kNearlyOne ? pair + " are nearly one" : "The most alike are " + pair, what,
                              number_text(of, Style::kT));
        }
      }
    }
  }
  return words;
}

Block year_card(const ComparisonContext& context, const std::set<int>& years, std::string_view title,
                std::string_view subtitle, const std::string& name, Style style) {
  CellTable table{"", {"Year"}, {}, context.count() <= 6 ? "narrow" : ""};
  for (std::size_t i = 0; i < context.count(); ++i) {
    table.headers.push_back(context.label(i));
  }
  for (const int year : years) {
    std::vector<Cell>& row = table.rows.emplace_back();
    row.push_back({fmt::format("{}", year), false});
    for (std::size_t i = 0; i < context.count(); ++i) {
      const std::string of = fmt::format("year.{}.{}", year, name);
      const bool is_there = context.figures.find(context.path(i, of)) != nullptr;
      row.push_back(is_there ? number_cell(context, i, of, style, true) : Cell{missing("no date that counts")});
    }
  }
  return card(title, subtitle, Block{table}, context.count() <= 4 ? Width::kHalf : Width::kFull);
}

std::string_view state_word(evaluate::CheckState state) {
  switch (state) {
    case evaluate::CheckState::kPassed:
      return "passed";
    case evaluate::CheckState::kWarning:
      return "look";
    case evaluate::CheckState::kFailed:
      return "failed";
    case evaluate::CheckState::kUnknown:
      break;
  }
  return "unknown";
}

const evaluate::Check* check_of(const evaluate::TearSheet& sheet, std::string_view id) {
  const auto found = std::ranges::find(sheet.checks, id, &evaluate::Check::id);
  return found == sheet.checks.end() ? nullptr : &*found;
}

Cell state_cell(const evaluate::Check* check) {
  if (check == nullptr) {
    return {missing("not checked"), false};
  }
  const bool is_passed = check->state == evaluate::CheckState::kPassed;
  const bool is_failed = check->state == evaluate::CheckState::kFailed;
  return {std::string(state_word(check->state)), false, is_passed ? "faint" : is_failed ? "strong down" : "strong"};
}

}  // namespace

Section verdicts_section(const ComparisonContext& context) {
  CellTable table{"", {"", "Factor", "Verdict", "Why"}, {}, "stack"};
  std::size_t strong = 0;
  for (std::size_t i = 0; i < context.count(); ++i) {
    const evaluate::TearSheet& sheet = context.sheet(i);
    strong += sheet.verdict == evaluate::Verdict::kStrong ? 1 : 0;
    table.rows.push_back({{letter(i), false},
                          {code(context.comparison.factors[i].name), false},
                          {std::string(evaluate::to_string(sheet.verdict)), false, "strong"},
                          {prose(sheet.verdict_sentence), false}});
  }
  const auto all = static_cast<std::int64_t>(context.count());
  const std::string title =
      strong == 0 ? fmt::format("None of {} is strong", counted_text(all, "factor"))
                  : fmt::format("{} of {} {} strong", strong, counted_text(all, "factor"), strong == 1 ? "is" : "are");
  Blocks body = grid(card(title,
                          "Judged on one market by the same options, each on the dates and names it has; each counted "
                          "as a trial; letters name them below",
                          Block{table}, Width::kFull));
  for (const auto& [name, why] : context.comparison.left_out) {
    body += reason_box(fmt::format("{} was left out: {}", name, why));
  }
  return section(1, "Verdicts", "which would I keep?", std::move(body));
}

Section numbers_section(const ComparisonContext& context) {
  const evaluate::TearSheet& sheet = context.sheet(0);
  const std::string horizon = fmt::format("{}{}d", sheet.headline_horizon().horizon, kThinSpace);
  Blocks cards =
      card("What they predict",
           fmt::format("Daily rank IC against the return {} ahead; the t that allows for overlap leads", horizon),
           Block{prediction_table(context)}, Width::kFull);
  cards +=
      card("What their books earn",
           fmt::format(
               "Highest minus lowest quantile, {}; net of {} a side. Deflated Sharpe ratio and q over {}, as of today",
               horizon, cost_text(sheet.options.cost_bps),
               context.comparison.trials > 0 ? counted_text(context.comparison.trials, "trial") : "no trial on record"),
           Block{money_table(context)}, Width::kFull);
  return section(2, "Numbers", "how do they compare?", grid(std::move(cards)));
}

Section likeness_section(const ComparisonContext& context) {
  CellTable table{"", {"Factor"}, {}, "heatmap"};
  for (std::size_t i = 0; i < context.count(); ++i) {
    table.headers.push_back(context.label(i));
  }
  for (std::size_t i = 0; i < context.count(); ++i) {
    std::vector<Cell>& row = table.rows.emplace_back();
    row.push_back({name_cell(context, i), false});
    for (std::size_t j = 0; j < context.count(); ++j) {
      const double value = i < j ? context.comparison.values.at(i, j) : context.comparison.books.at(i, j);
      if (i == j) {
        row.push_back({Text()});
      } else {
        row.push_back({math::is_finite(value) ? Text(bare_number_text(value, Style::kT, 2))
                                              : missing("too few sessions in common"),
                       true, math::abs(value) < kLeastCoefficient ? "" : heat(value, 1.0)});
      }
    }
  }
  return section(
      5, "Likeness", "are they different ideas?",
      grid(card(likeness_title(context),
                "Above the diagonal: mean rank correlation of their values. Below: correlation of what their "
                "books earned before costs. Colours run to 1 on both sides of zero",
                Block{table}, Width::kFull)));
}

Section years_section(const ComparisonContext& context) {
  std::set<int> years;
  for (std::size_t i = 0; i < context.count(); ++i) {
    for (const evaluate::YearResult& year : context.sheet(i).years) {
      years.insert(year.year);
    }
  }
  if (years.empty()) {
    return section(6, "Years", "when did they work?", reason_box("no calendar year has a date that counts"));
  }
  Blocks cards = year_card(context, years, "Rank IC by year", "Mean of the daily rank IC at the headline horizon",
                           "rank_ic", Style::kCoefficient);
  cards += year_card(context, years, "Net by year, % a year",
                     "Rate of the spread after costs, (1 + mean session)^sessions - 1", "net_annual", Style::kReturn);
  return section(6, "Years", "when did they work?", grid(std::move(cards)));
}

Section luck_section(const ComparisonContext& context) {
  CellTable table{"", {"Check"}, {}, ""};
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < context.count(); ++i) {
    table.headers.push_back(context.label(i));
    for (const evaluate::Check& check : context.sheet(i).checks) {
      if (std::ranges::find(ids, check.id) == ids.end()) {
        ids.push_back(check.id);
      }
    }
  }
  for (const std::string& id : ids) {
    std::vector<Cell> row{{"", false}};
    bool all_passed = true;
    for (std::size_t i = 0; i < context.count(); ++i) {
      const evaluate::Check* check = check_of(context.sheet(i), id);
      row.front().text = check != nullptr ? Text(check->title) : row.front().text;
      all_passed = all_passed && check != nullptr && check->state == evaluate::CheckState::kPassed;
      row.push_back(state_cell(check));
    }
    if (!all_passed) {
      table.rows.push_back(std::move(row));
    }
  }
  const auto all = static_cast<std::int64_t>(ids.size());
  const std::string title = ids.empty() ? std::string("No check was recorded with these runs")
                            : table.rows.empty()
                                ? fmt::format("All of them pass {}", counted_text(all, "check"))
                                : fmt::format("{} of {} {} a look at one factor or more", table.rows.size(),
                                              counted_text(all, "check"), table.rows.size() == 1 ? "needs" : "need");
  const std::string trials =
      context.comparison.trials == 0
          ? "Trials: unknown, treat each as 1 of many. Computed in a lake, trials are counted."
          : fmt::format(
                "{} counted on this universe, these included{}. The more there were, the larger the t that a "
                "verdict asks for; two that are nearly one are one trial more, not one factor more.",
                counted_text(context.comparison.trials, "trial"),
                context.comparison.independent > 0
                    ? fmt::format(", {} of them independent", context.comparison.independent)
                    : "");
  Blocks body = grid(card(title, "Those that all of them pass are not listed; each factor's own report lists all",
                          table.rows.empty() ? Blocks() : Block{table}, Width::kFull));
  body += note(trials);
  return section(7, "Honesty", "how could this be wrong?", std::move(body));
}

Section origins_section(const ComparisonContext& context) {
  const Comparison& comparison = context.comparison;
  CellTable table{"", {"Factor", "formula", "run"}, {}, ""};
  for (std::size_t i = 0; i < context.count(); ++i) {
    const ComparedFactor& factor = comparison.factors[i];
    table.rows.push_back({{name_cell(context, i), false},
                          {code(factor.formula.empty() ? factor.name : factor.formula), false},
                          {code(factor.run_hash.empty() ? "not recorded" : factor.run_hash), false}});
  }
  Blocks cards = card("What was compared", "lode why RUN.PATH answers for each number: RUN is the run's hash or alias",
                      Block{table}, Width::kFull);
  cards +=
      card("The same report again", "Same inputs give the same bytes",
           comparison.command.empty() ? reason_box("the command was not recorded") : Block{Command{comparison.command}},
           Width::kFull);
  if (!comparison.warnings.empty()) {
    cards += card("Warnings", "", Block{Bullets{comparison.warnings, ""}}, Width::kFull);
  }
  return section(8, "Lineage", "can I get it again?", grid(std::move(cards)));
}

}  // namespace lode::report
