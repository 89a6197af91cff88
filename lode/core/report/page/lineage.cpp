// Sections 15 to 17: names to look at, how to get the page again, and what each word means.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "lode/core/evaluate/metrics.h"
#include "lode/core/report/html.h"
#include "lode/core/report/page/sections.h"

namespace lode::report {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string examples_card(std::string_view title, const Pairs& rows) {
  HtmlTable table{"", {"Symbol", "factor value"}, {}, ""};
  for (const auto& [symbol, value] : rows) {
    table.rows.push_back({{escape(symbol), false, ""}, {escape(value), true, ""}});
  }
  return card(title, "", to_html(table), "half");
}

// A folder may hold a file a symbol: past this many, the rest is counted.
constexpr std::size_t kMostListed = 12;
constexpr std::size_t kHashShown = 12;  // Digits that name a run; no lake holds two runs that share them.

// How many of `count` are listed: one more is shown rather than told of.
std::size_t listed(std::size_t count) { return count <= kMostListed + 1 ? count : kMostListed; }

std::string more_item(std::size_t left_out, std::string_view where) {
  return fmt::format("<li class=\"faint\">and {} more{}</li>",
                     escape(number_text(static_cast<double>(left_out), Style::kCount)), escape(where));
}

std::string tree(const std::vector<LineageNode>& nodes, int depth, const std::string& where) {
  // Deeper than any real lineage: a cycle in the input must not become endless output.
  constexpr int kDeepest = 24;
  if (nodes.empty() || depth > kDeepest) {
    return "";
  }
  std::string out = "<ul>";
  const std::size_t shown = listed(nodes.size());
  for (const LineageNode& node : std::span(nodes).first(shown)) {
    out += fmt::format("<li><span class=\"name\">{}</span> <span class=\"faint\">{}</span>{}</li>", escape(node.name),
                       escape(node.detail), tree(node.children, depth + 1, where));
  }
  if (shown < nodes.size()) {
    out += more_item(nodes.size() - shown, where);
  }
  return out + "</ul>";
}

std::string pairs_card(std::string_view title, const Pairs& rows, std::string_view width) {
  HtmlTable table{"", {"Option", "value"}, {}, ""};
  for (const auto& [name, value] : rows) {
    table.rows.push_back({{escape(name), false, ""}, {"<code>" + escape(value) + "</code>", false, ""}});
  }
  return card(title, "", to_html(table), width);
}

std::string entry(std::string_view term, std::string_view meaning) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", escape(term), escape(meaning));
}

}  // namespace

std::string examples_section(const PageContext& context) {
  const FactorPage& page = context.page;
  if (page.examples_top.empty() && page.examples_bottom.empty()) {
    return section(15, "Examples", "show me real names",
                   reason_box("no names: no date has a factor value for names enough"));
  }
  const std::string on = page.examples_on.empty() ? "the last date that counts" : page.examples_on;
  return section(15, "Examples", "show me real names",
                 "<div class=\"grid\">" + examples_card("Highest values on " + on, page.examples_top) +
                     examples_card("Lowest values on " + on, page.examples_bottom) + "</div>");
}

std::string lineage_section(const PageContext& context) {
  const FactorPage& page = context.page;
  // The alias of a run is the lake's; its hash names it in every lake.
  const std::string where = fmt::format(": lode why {}.{} --json", page.run_hash.substr(0, kHashShown),
                                        context.headline_path("rank_ic", "mean"));
  std::string body = "<div class=\"grid\">";
  body += card("What the numbers were made from", "lode why RUN.PATH prints this for one number",
               page.lineage.empty() ? reason_box("no lineage was recorded")
                                    : "<div class=\"tree\">" + tree(page.lineage, 0, where) + "</div>",
               page.options.empty() ? "full flows" : "half flows");
  if (!page.options.empty()) {
    body += pairs_card("Options", page.options, "half");
  }
  std::string again = page.command.empty() ? reason_box("the command was not recorded")
                                           : "<pre class=\"command\"><code>" + escape(page.command) + "</code></pre>";
  body += card("The same page again", "Same inputs give the same bytes", again, "full");
  if (!page.warnings.empty()) {
    std::string list = "<ul class=\"warnings\">";
    const std::size_t shown = listed(page.warnings.size());
    for (const std::string& warning : std::span(page.warnings).first(shown)) {
      list += "<li>" + escape(warning) + "</li>";
    }
    if (shown < page.warnings.size()) {
      list += more_item(page.warnings.size() - shown, "");
    }
    body += card("Warnings", "", list + "</ul>", "full");
  }
  return section(16, "Lineage", "can I get it again?", body + "</div>");
}

std::string glossary_section(const PageContext& context) {
  std::string list = "<dl class=\"glossary\">";
  for (const evaluate::Metric& metric : evaluate::metrics_of(context.figures.all())) {
    list += entry(metric.name, metric.definition);
  }
  list += "</dl>";
  return section(17, "Glossary", "what does each number mean?",
                 "<details class=\"data\" open><summary>Definitions</summary>" + list + "</details>");
}

}  // namespace lode::report
