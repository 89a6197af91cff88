// lode factor compare: a few factors side by side, and how alike they are.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/evaluate/similarity.h"
#include "lode/flow/fitted.h"
#include "lode/flow/steps/answer/comparison_page.h"
#include "lode/flow/steps/answer/factor_page.h"
#include "lode/flow/steps/answer/output_place.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/research/alike.h"
#include "lode/flow/steps/store/files.h"

namespace lode {

namespace {

constexpr std::size_t kMostCompared = 20;  // All their values are held at once.
constexpr int kLeastRows = 20;             // Sessions behind the correlation of two books.

using flow::Compared;

// One line of the table: what it is called, and what it shows of a sheet.
struct Measure {
  const char* title;
  const char* key;
  double (*value)(const evaluate::TearSheet& sheet);
  int decimals;
  double scale;
  const char* unit;
  bool is_signed = true;
};
const evaluate::HorizonResult& headline(const evaluate::TearSheet& sheet) { return sheet.headline_horizon(); }
using Sheet = evaluate::TearSheet;
constexpr Measure kMeasures[] = {
    {"rank IC", "rank_ic", [](const Sheet& s) { return headline(s).rank_ic.mean.value; }, 3, 1, ""},
    {"t, no overlap", "t", [](const Sheet& s) { return headline(s).rank_ic.t_no_overlap; }, 1, 1, ""},
    {"ICIR a year", "icir_annual", [](const Sheet& s) { return headline(s).rank_ic.icir_annual; }, 2, 1, ""},
    {"spread gross", "spread_gross_annual", [](const Sheet& s) { return headline(s).spread.gross_annual.value; }, 1,
     100, " %"},
    {"spread net", "spread_net_annual", [](const Sheet& s) { return headline(s).spread.net_annual.value; }, 1, 100,
     " %"},
    {"break-even", "breakeven_bps", [](const Sheet& s) { return headline(s).spread.breakeven_bps; }, 1, 1, " bp",
     false},
    {"turnover a session", "turnover", [](const Sheet& s) { return headline(s).spread.turnover_a_session; }, 1, 100,
     " %", false},
    {"coverage", "coverage", [](const Sheet& s) { return s.coverage.ratio; }, 0, 100, " %", false},
};

std::string shown(const Measure& measure, double value) {
  if (math::is_nan(value)) {
    return "-";
  }
  const double scaled = measure.scale * value;
  return (measure.is_signed ? signed_fixed(scaled, measure.decimals) : fixed(scaled, measure.decimals)) + measure.unit;
}

// Factors as letters: formulas are too long for the head of a column.
std::string letter_of(std::size_t index) { return std::string(1, static_cast<char>('A' + index)); }

std::string measures_text(const World& world, const std::vector<Compared>& all) {
  std::vector<TextTable::Column> columns = {{"", TextTable::Align::kLeft, 99}};
  for (std::size_t i = 0; i < all.size(); ++i) {
    columns.push_back({letter_of(i), TextTable::Align::kRight, static_cast<int>(90 - i)});
  }
  TextTable table(columns);
  for (const Measure& measure : kMeasures) {
    std::vector<std::string> cells = {measure.title};
    for (const Compared& one : all) {
      cells.push_back(shown(measure, measure.value(one.sheet)));
    }
    table.add(std::move(cells));
  }
  std::vector<std::string> verdicts = {"verdict"};
  for (const Compared& one : all) {
    verdicts.emplace_back(evaluate::to_string(one.sheet.verdict));
  }
  table.add(std::move(verdicts));
  return flow::fitted(world, table);
}

// What they say of names above the diagonal, what their books earn below it.
std::string likeness_text(const World& world, const evaluate::Correlations& values,
                          const evaluate::Correlations& books) {
  std::vector<TextTable::Column> columns = {{"", TextTable::Align::kLeft, 99}};
  for (std::size_t i = 0; i < values.count; ++i) {
    columns.push_back({letter_of(i), TextTable::Align::kRight, static_cast<int>(90 - i)});
  }
  TextTable table(columns);
  for (std::size_t i = 0; i < values.count; ++i) {
    std::vector<std::string> cells = {letter_of(i)};
    for (std::size_t j = 0; j < values.count; ++j) {
      const double value = i < j ? values.at(i, j) : books.at(i, j);
      cells.push_back(i == j ? "" : math::is_nan(value) ? "-" : signed_fixed(value, 2));
    }
    table.add(std::move(cells));
  }
  return flow::fitted(world, table);
}

Value pairs_json(const std::vector<Compared>& all, const evaluate::Correlations& values,
                 const evaluate::Correlations& books) {
  Value pairs = Value::array();
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      Value pair = Value::object();
      pair.set("a", Value(all[i].name));
      pair.set("b", Value(all[j].name));
      pair.set("rank_correlation", Value(values.at(i, j)));
      pair.set("dates", Value(values.dates[i * values.count + j]));
      pair.set("book_correlation", Value(books.at(i, j)));
      pairs.push(std::move(pair));
    }
  }
  return pairs;
}

Value rows_json(const std::vector<Compared>& all) {
  Value rows = Value::array();
  for (const Compared& one : all) {
    Value row = Value::object();
    row.set("factor", Value(one.name));
    for (const Measure& measure : kMeasures) {
      row.set(measure.key, Value(measure.value(one.sheet)));
    }
    row.set("verdict", Value(evaluate::to_string(one.sheet.verdict)));
    row.set("run", one.run.empty() ? Value() : Value(one.run));
    rows.push(std::move(row));
  }
  return rows;
}

Result<std::vector<std::string>> names_of(const Request& request) {
  std::vector<std::string> names = request.texts("formula");
  if (names.size() < 2 || names.size() > kMostCompared) {
    return fail(
        names.size() < 2 ? E::E3 : E::E4,
        fmt::format("{} given, expected 2 to {}",
                    names.size() == 1 ? "1 factor is" : fmt::format("{} factors are", names.size()), kMostCompared),
        "lode factor compare A B; many: lode factor rank");
  }
  return names;
}

// -o and --pdf: the same side by side, drawn.
Result<void> write_reports(const Request& request, const flow::JudgedAlike& alike, std::vector<Compared>& all,
                           const evaluate::Correlations& values, const evaluate::Correlations& books, Outcome& out) {
  if (!request.has("output") && !request.has("pdf")) {
    return {};
  }
  LODE_TRY(const report::Comparison comparison, flow::comparison_of(alike, all, values, books));
  const std::vector<flow::Copy> copies = flow::copies_of(
      request, [&] { return report::render_comparison_html(comparison); },
      [&] { return report::render_comparison_pdf(comparison); });
  out.text += "\n";
  for (const flow::Copy& copy : copies) {
    LODE_CHECK(flow::write_file(copy.path, copy.bytes));
    out.data.set(flow::is_pdf(copy.path) ? "pdf" : "report", Value(copy.path));
    out.text += flow::report_line(copy.path, copy.bytes.size());
  }
  return {};
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_CHECK(flow::check_output(world, request, "compare.html"));
  LODE_CHECK(flow::check_output(world, request, "compare.pdf", "pdf"));
  LODE_TRY(const std::vector<std::string> names, names_of(request));
  std::vector<Compared> all;
  LODE_TRY(const flow::JudgedAlike alike,
           flow::judge_alike(world, request, names,
                             [&](const std::string& name, const flow::Judged& one, const flow::Recorded& recorded) {
                               all.push_back(flow::compared(name, one, recorded));
                             }));
  flow::allow_for_all(alike.trials, all);
  std::vector<const Panel*> panels;
  std::vector<std::span<const double>> books;
  for (const Compared& one : all) {
    panels.push_back(&one.factor);
    books.emplace_back(one.sheet.headline_horizon().spread_series);
  }
  Outcome out;
  out.data = Value::object();
  out.data.set("factors", rows_json(all));
  out.data.set("trials", Value(alike.trials));
  if (!all.empty()) {
    const int min_names = all.front().sheet.options.min_names;
    const evaluate::Correlations values = evaluate::rank_correlations(panels, min_names, world.pool);
    const evaluate::Correlations earned = evaluate::series_correlations(books, kLeastRows);
    out.data.set("horizon_days", Value(all.front().sheet.headline_horizon().horizon));
    out.data.set("pairs", pairs_json(all, values, earned));
    for (std::size_t i = 0; i < all.size(); ++i) {
      out.text += fmt::format("{}  {}\n", letter_of(i), all[i].name);
    }
    out.text += fmt::format("\n{} sessions ahead\n", all.front().sheet.headline_horizon().horizon);
    out.text += measures_text(world, all);
    out.text +=
        "\nHow alike: rank correlation of their values above the diagonal, correlation of their gross books below\n";
    out.text += likeness_text(world, values, earned);
    LODE_CHECK(write_reports(request, alike, all, values, earned, out));
  }
  out.data.set("left_out", flow::left_out_json(alike.left_out));
  out.text += alike.vault;
  out.warnings = alike.warnings;
  flow::warn_of(alike.left_out, out);
  return flow::in_format(std::move(out), "factors",
                         {"factor", "rank_ic", "t", "icir_annual", "spread_gross_annual", "spread_net_annual",
                          "breakeven_bps", "turnover", "coverage", "verdict", "run"},
                         request);
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = flow::several_factors_parameters();
  list.push_back(flow::rows_format_parameter());
  for (const Parameter& parameter : flow::output_parameters("write the comparison here as a page; .pdf: on paper")) {
    list.push_back(parameter);
  }
  list.push_back(flow::pdf_parameter());
  return list;
}

}  // namespace

const Flow& flow_factor_compare() {
  static const Flow flow{
      {.noun = "factor",
       .verb = "compare",
       .summary = "a few factors side by side, and how alike they are",
       .description =
           "Judges 2 to 20 factors on the same data as factor eval does, each counted as a trial, and shows their "
           "headline numbers side by side; then how alike they are: the mean over dates of the rank correlation of "
           "their values, and the correlation of what their books of top less bottom bucket earned before costs. Two "
           "factors that are nearly one are one trial more, not one factor more. With -o the comparison is a report: "
           "verdicts, headline numbers with intervals, paths of the money, decay, likeness, years, honesty and "
           "lineage.",
       .journey = Journey::kResearch,
       .parameters = parameters(),
       .examples = {{"lode factor compare 'rank(-ts_delta(close,5))' 'rank(-ts_delta(close,10))'", "two reversals"},
                    {"lode factor compare 'rank(-ts_delta(close,5))' 'rank(-ts_delta(close,10))' -o compare.html",
                     "as a page; compare.pdf: on paper"}},
       .schema = "lode.factor.compare/1"},
      run};
  return flow;
}

}  // namespace lode
