// Sections 15 to 17: names to look at, how to get the page again, and what each word means.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "lode/core/evaluate/metrics.h"
#include "lode/core/report/page/sections.h"

namespace lode::report {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Block examples_card(std::string_view title, const Pairs& rows) {
  CellTable table{"", {"Symbol", "factor value"}, {}, ""};
  for (const auto& [symbol, value] : rows) {
    table.rows.push_back({{symbol, false}, {value}});
  }
  return card(title, "", Block{table}, Width::kHalf);
}

// A folder may hold a file a symbol: past this many, the rest is counted.
constexpr std::size_t kMostListed = 12;
constexpr std::size_t kHashShown = 12;  // Digits that name a run; no lake holds two runs that share them.

// How many of `count` are listed: one more is shown rather than told of.
std::size_t listed(std::size_t count) { return count <= kMostListed + 1 ? count : kMostListed; }

std::string more_words(std::size_t left_out, std::string_view where) {
  return fmt::format("and {} more{}", number_text(static_cast<double>(left_out), Style::kCount), where);
}

// The tree with its long lists folded.
std::vector<TreeNode> folded(const std::vector<LineageNode>& nodes, int depth, const std::string& where) {
  // Deeper than any real lineage: a cycle in the input must not become endless output.
  constexpr int kDeepest = 24;
  std::vector<TreeNode> out;
  if (depth > kDeepest) {
    return out;
  }
  const std::size_t shown = listed(nodes.size());
  for (const LineageNode& node : std::span(nodes).first(shown)) {
    out.push_back({node.name, node.detail, folded(node.children, depth + 1, where)});
  }
  if (shown < nodes.size()) {
    out.push_back({"", more_words(nodes.size() - shown, where), {}});
  }
  return out;
}

Block options_card(const Pairs& rows) {
  CellTable table{"", {"Option", "value"}, {}, ""};
  for (const auto& [name, value] : rows) {
    table.rows.push_back({{name, false}, {code(value), false}});
  }
  return card("Options", "", Block{table}, Width::kHalf);
}

}  // namespace

Section examples_section(const PageContext& context) {
  const FactorPage& page = context.page;
  if (page.examples_top.empty() && page.examples_bottom.empty()) {
    return section(15, "Examples", "show me real names",
                   reason_box("no names: no date has a factor value for names enough"));
  }
  const std::string on = page.examples_on.empty() ? "the last date that counts" : page.examples_on;
  Blocks cards = examples_card("Highest values on " + on, page.examples_top);
  cards += examples_card("Lowest values on " + on, page.examples_bottom);
  return section(15, "Examples", "show me real names", grid(cards));
}

Section lineage_section(const PageContext& context) {
  const FactorPage& page = context.page;
  // The alias of a run is the lake's; its hash names it in every lake.
  const std::string where = fmt::format(": lode why {}.{} --json", page.run_hash.substr(0, kHashShown),
                                        context.headline_path("rank_ic", "mean"));
  Blocks cards =
      card("What the numbers were made from", "lode why RUN.PATH prints this for one number",
           page.lineage.empty() ? reason_box("no lineage was recorded") : Block{Tree{folded(page.lineage, 0, where)}},
           page.options.empty() ? Width::kFull : Width::kHalf, "", true);
  if (!page.options.empty()) {
    cards += options_card(page.options);
  }
  cards += card("The same page again", "Same inputs give the same bytes",
                page.command.empty() ? reason_box("the command was not recorded") : Block{Command{page.command}},
                Width::kFull);
  if (!page.warnings.empty()) {
    const std::size_t shown = listed(page.warnings.size());
    Bullets list{{page.warnings.begin(), page.warnings.begin() + static_cast<std::ptrdiff_t>(shown)}, ""};
    list.more = shown < page.warnings.size() ? more_words(page.warnings.size() - shown, "") : "";
    cards += card("Warnings", "", Block{std::move(list)}, Width::kFull);
  }
  return section(16, "Lineage", "can I get it again?", grid(cards));
}

Section glossary_section(const PageContext& context) {
  Definitions list;
  for (const evaluate::Metric& metric : evaluate::metrics_of(context.figures.all())) {
    list.terms.emplace_back(metric.name, metric.definition);
  }
  return section(17, "Glossary", "what does each number mean?", Block{std::move(list)});
}

}  // namespace lode::report
