// Sections 15 to 17: names to look at, how to get the page again, and what each word means.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

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

std::string tree(const std::vector<LineageNode>& nodes, int depth) {
  // Deeper than any real lineage: a cycle in the input must not become endless output.
  constexpr int kDeepest = 24;
  if (nodes.empty() || depth > kDeepest) {
    return "";
  }
  std::string out = "<ul>";
  for (const LineageNode& node : nodes) {
    out += fmt::format("<li><span class=\"name\">{}</span> <span class=\"faint\">{}</span>{}</li>", escape(node.name),
                       escape(node.detail), tree(node.children, depth + 1));
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

// The family of a path: horizons, years, quantiles and groups replaced by a letter, so that one line explains all.
std::string family_of(std::string_view path) {
  std::string out;
  std::size_t part = 0;
  bool group = false;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    std::string_view word = path.substr(0, dot);
    const bool digits = !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
    const bool horizon = word.size() > 1 && word.back() == 'd' &&
                         word.substr(0, word.size() - 1).find_first_not_of("0123456789") == std::string_view::npos;
    const bool quantile = word.size() > 1 && word.front() == 'q' &&
                          word.substr(1).find_first_not_of("0123456789") == std::string_view::npos;
    out += part > 0 ? "." : "";
    out += digits ? "N" : horizon ? "Hd" : quantile ? "qK" : std::string(word);
    group = group || (part == 0 && word == "group");
    path.remove_prefix(std::min(path.size(), dot + 1));
    ++part;
    if (group && part == 1) {  // A group's name may hold dots: only the last word after it is ours.
      const std::size_t last = path.rfind('.');
      out += ".NAME";
      path = last == std::string_view::npos ? std::string_view() : path.substr(last + 1);
      group = false;
    }
  }
  return out;
}

std::string entry(std::string_view term, std::string_view meaning) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", escape(term), escape(meaning));
}

}  // namespace

std::string examples_section(const PageContext& context) {
  const FactorPage& page = context.page;
  if (page.examples_top.empty() && page.examples_bottom.empty()) {
    return section(15, "Examples", "show me real names", reason_box("no names: the last session has no factor value"));
  }
  const std::string last =
      context.sheet.sessions.empty() ? "the last session" : to_string(context.sheet.sessions.back());
  return section(15, "Examples", "show me real names",
                 "<div class=\"grid\">" + examples_card("Highest values on " + last, page.examples_top) +
                     examples_card("Lowest values on " + last, page.examples_bottom) + "</div>");
}

std::string lineage_section(const PageContext& context) {
  const FactorPage& page = context.page;
  std::string body = "<div class=\"grid\">";
  body += card("What the numbers were made from", "lode why RUN.PATH prints this for one number",
               page.lineage.empty() ? reason_box("no lineage was recorded")
                                    : "<div class=\"tree\">" + tree(page.lineage, 0) + "</div>",
               page.options.empty() ? "full flows" : "half flows");
  if (!page.options.empty()) {
    body += pairs_card("Options", page.options, "half");
  }
  std::string again = page.command.empty() ? reason_box("the command was not recorded")
                                           : "<pre class=\"command\"><code>" + escape(page.command) + "</code></pre>";
  body += card("The same page again", "Same inputs give the same bytes", again, "full");
  if (!page.warnings.empty()) {
    std::string list = "<ul class=\"warnings\">";
    for (const std::string& warning : page.warnings) {
      list += "<li>" + escape(warning) + "</li>";
    }
    body += card("Warnings", "", list + "</ul>", "full");
  }
  return section(16, "Lineage", "can I get it again?", body + "</div>");
}

std::string glossary_section(const PageContext& context) {
  std::string list = "<dl class=\"glossary\">";
  std::vector<std::string> seen;
  for (const evaluate::Number& number : context.figures.all()) {
    std::string family = family_of(number.path);
    if (std::find(seen.begin(), seen.end(), family) == seen.end()) {
      list += entry(family, number.definition);
      seen.push_back(std::move(family));
    }
  }
  list += entry(
      "a year, as a rate",
      "(1 + mean session)^252 - 1: the pace of the verdict, the cost table and the years of section 11. The same for "
      "a whole and a begun year; intervals and costs are stated in it.");
  list +=
      entry("a year, compounded",
            "Product of (1 + session) over the year's sessions, minus 1: what was earned, in the months and years of "
            "section 10. Below the rate by about half the yearly variance, and shorter for a begun year.");
  list += entry("12-month mean",
                "Mean of the last 12 monthly means; band: 95 % by Student's t with 11 degrees of freedom.");
  list += entry("below peak",
                "Wealth over its highest value so far, minus 1; wealth starts at 1 and compounds net returns.");
  list += entry("net against cost",
                "(1 + gross a session - cost x traded share)^252 - 1, through the gross and net of the table.");
  list += entry("H, K, N", "A horizon in sessions, a quantile (1 = lowest values), a year or an age in sessions.");
  list += "</dl>";
  return section(17, "Glossary", "what does each number mean?",
                 "<details class=\"data\" open><summary>Definitions</summary>" + list + "</details>");
}

}  // namespace lode::report
