// The document of a comparison.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/comparison/comparison.h"
#include "lode/base/math.h"
#include "lode/core/evaluate/honesty/honesty_numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/core/evaluate/metrics.h"
#include "lode/core/evaluate/numbers.h"
#include "lode/core/report/comparison/parts.h"
#include "lode/core/report/document/document_html.h"
#include "lode/core/report/page/counting.h"
#include "lode/core/report/pdf/document_pdf.h"

namespace lode::report {
namespace {

constexpr std::size_t kHashShown = 12;  // Digits that name a run.
constexpr std::size_t kShortName = 14;  // Letters of a name that stands in a chart.
constexpr std::size_t kNamesInTitle = 3;

// What the tables and charts print; the rest is a `lode why` away.
bool is_shown(std::string_view path, std::string_view key) {
  static constexpr std::string_view kOfHeadline[]{
      "rank_ic.{}.mean",           "rank_ic.{}.standard_deviation", "rank_ic.{}.icir",
      "rank_ic.{}.icir_annual",    "rank_ic.{}.t_no_overlap",       "rank_ic.{}.t_naive",
      "rank_ic.{}.share_positive", "spread.{}.gross_annual",        "spread.{}.net_annual",
      "spread.{}.sharpe",          "spread.{}.breakeven_bps",       "turnover.{}"};
  const auto is_it = [&](std::string_view pattern) { return path == fmt::format(fmt::runtime(pattern), key); };
  return std::ranges::any_of(kOfHeadline, is_it) || path == "coverage.ratio" || path == "half_life" ||
         path == "path.net" || path.starts_with("decay.") ||
         (path.starts_with("year.") && (path.ends_with(".rank_ic") || path.ends_with(".net_annual")));
}

std::vector<evaluate::Number> shown_numbers(const ComparedFactor& factor, std::string_view key) {
  std::vector<evaluate::Number> out;
  for (evaluate::Number& number : evaluate::numbers(*factor.sheet)) {
    if (is_shown(number.path, key)) {
      out.push_back(std::move(number));
    }
  }
  for (evaluate::Number& number : evaluate::honesty_numbers({})) {  // Their words; the values are today's.
    if (number.path == "honesty.dsr" || number.path == "honesty.q") {
      number.value = number.path == "honesty.q" ? factor.q : factor.dsr;
      number.reason = math::is_finite(number.value) ? "" : number.reason;
      out.push_back(std::move(number));
    }
  }
  return out;
}

std::string title_of(const Comparison& comparison) {
  std::string names;
  const std::size_t count = comparison.factors.size();
  for (std::size_t i = 0; i < count && count <= kNamesInTitle; ++i) {
    names += (i == 0 ? "" : i + 1 == count ? " and " : ", ") + comparison.factors[i].name;
  }
  constexpr std::size_t kReadable = 60;
  return names.empty() || names.size() > kReadable ? fmt::format("{} factors side by side", count) : names;
}

// From the first session that counts for any of them to the last; what stands before and after is not judged.
std::string span_of(const ComparisonContext& context) {
  std::optional<Date> first;
  std::optional<Date> last;
  for (std::size_t i = 0; i < context.count(); ++i) {
    const CountingPart part = counting_part(context.sheet(i));
    if (!part.sheet.sessions.empty()) {
      first = std::min(first.value_or(part.sheet.sessions.front()), part.sheet.sessions.front());
      last = std::max(last.value_or(part.sheet.sessions.back()), part.sheet.sessions.back());
    }
  }
  if (!first) {
    return "no sessions";
  }
  const auto count = std::ranges::count_if(context.sheet(0).sessions,
                                           [&](Date session) { return *first <= session && session <= *last; });
  return fmt::format("{} .. {}, {}", to_string(*first), to_string(*last), counted_text(count, "session"));
}

Heading heading_of(const ComparisonContext& context) {
  const Comparison& comparison = context.comparison;
  const evaluate::TearSheet& sheet = context.sheet(0);
  Heading out;
  if (comparison.synthetic) {
    out.stamps.emplace_back("Synthetic market");
  }
  out.kind = "Comparison";
  out.title = (comparison.synthetic ? "Synthetic: " : "") + title_of(comparison);
  std::string convention = comparison.convention;
  std::ranges::replace(convention, '_', ' ');
  out.facts = {
      {"Universe", comparison.universe},
      {"Sessions", span_of(context), "wide"},
      {"Horizon", counted_text(sheet.headline_horizon().horizon, "session")},
      {"Traded at", convention},
      {"Cost", sheet.options.cost_bps > 0.0 ? cost_text(sheet.options.cost_bps) + " a side" : "none: net equals gross"},
      {"Data", comparison.commit + (comparison.as_of.empty() ? "" : ", as of " + comparison.as_of)},
      {"Code", comparison.code_version}};
  return out;
}

// The report's id: what it was made from.
std::string id_of(const Comparison& comparison) {
  std::string all = comparison.command;
  for (const ComparedFactor& factor : comparison.factors) {
    all += "\n" + factor.run_hash;
  }
  return sha256_hex(all).substr(0, 32);
}

}  // namespace

std::string letter(std::size_t i) {
  const std::string out(1, static_cast<char>('A' + i % 26));
  return i < 26 ? out : letter(i / 26 - 1) + out;
}

Role role_of(std::size_t i) {
  static constexpr Role kRoles[]{Role::kUp, Role::kDown, Role::kSeries3, Role::kSeries4, Role::kSeries5};
  return kRoles[i % std::size(kRoles)];
}

Dash dash_of(std::size_t i) {
  static constexpr Dash kDashes[]{Dash::kSolid, Dash::kDashed, Dash::kDotted};
  return kDashes[i % std::size(kDashes)];
}

std::string ComparisonContext::key() const { return evaluate::horizon_key(sheet(0).headline_horizon().horizon); }

std::string ComparisonContext::path(std::size_t i, std::string_view of) const {
  return fmt::format("{}.{}", comparison.factors[i].run_hash.substr(0, kHashShown), of);
}

std::string ComparisonContext::label(std::size_t i) const {
  const std::string& name = comparison.factors[i].name;
  return name.size() <= kShortName ? name : letter(i);
}

Block ComparisonContext::draw(Chart chart) {
  data.add(chart.id, chart.table);
  return chart_block(std::move(chart));
}

Document comparison_document(const Comparison& comparison, DataBlock& data) {
  LODE_ASSERT(!comparison.factors.empty());
  const std::string key = evaluate::horizon_key(comparison.factors.front().sheet->headline_horizon().horizon);
  const std::vector<evaluate::Number> first = shown_numbers(comparison.factors.front(), key);
  std::vector<evaluate::Number> numbers;
  for (const ComparedFactor& factor : comparison.factors) {
    for (evaluate::Number& number : shown_numbers(factor, key)) {
      number.path = factor.run_hash.substr(0, kHashShown) + "." + number.path;
      numbers.push_back(std::move(number));
    }
  }
  const Figures figures(std::move(numbers));
  data.add(figures.all());
  ComparisonContext context{comparison, figures, data};
  Document out;
  out.run_hash = id_of(comparison);
  out.id_word = "report";
  out.heading = heading_of(context);
  out.title = out.heading.title + ", comparison";
  out.heading.facts.push_back({"Report", out.run_hash, "hash"});
  out.sections.push_back(verdicts_section(context));
  out.sections.push_back(numbers_section(context));
  out.sections.push_back(paths_section(context));
  out.sections.push_back(ladders_section(context));
  out.sections.push_back(likeness_section(context));
  out.sections.push_back(years_section(context));
  out.sections.push_back(luck_section(context));
  out.sections.push_back(origins_section(context));
  Definitions list;
  for (const evaluate::Metric& metric : evaluate::metrics_of(first)) {
    // The others define words of a single factor's report.
    if (metric.name.find('.') != std::string::npos || metric.name == "half_life" || metric.name == "H, K, N") {
      list.terms.emplace_back(metric.name, metric.definition);
    }
  }
  out.sections.push_back(section(9, "Glossary", "what does each number mean?", Block{std::move(list)}));
  for (const Section& one : out.sections) {
    out.contents.emplace_back(one.number, one.title);
  }
  out.footer = fmt::format("Report {} \xC2\xB7 {} \xC2\xB7 {}. Past returns say little about future ones.",
                           out.run_hash, comparison.commit, comparison.code_version);
  return out;
}

std::string render_comparison_html(const Comparison& comparison) {
  DataBlock data;
  const Document document = comparison_document(comparison, data);
  return to_html(document, data);
}

std::string render_comparison_pdf(const Comparison& comparison) {
  DataBlock data;
  return to_pdf(comparison_document(comparison, data));
}

}  // namespace lode::report
