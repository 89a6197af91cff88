// The HTML of a document's blocks. Every text of a user or of data passes `escape`.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/document/document_html.h"

#include <fmt/format.h>

#include <array>

#include "lode/core/report/html.h"
#include "lode/core/report/scene/scene_html.h"

namespace lode::report {
namespace {

std::string why_attribute(std::string_view why) { return why.empty() ? "" : " data-why=\"" + escape(why) + "\""; }

std::string run_html(const Run& run) {
  const std::string text = escape(run.words);
  switch (run.kind) {
    case Run::Kind::kPlain:
      return run.why.empty() ? text : "<span class=\"w\"" + why_attribute(run.why) + ">" + text + "</span>";
    case Run::Kind::kNumber:
      return "<span class=\"n\"" + why_attribute(run.why) + ">" + text + "</span>";
    case Run::Kind::kGap:
      return "<span class=\"na\"" + why_attribute(run.why) + " title=\"" + escape(run.reason) + "\">" + text +
             "</span>";
    case Run::Kind::kRange:
      return "<span class=\"range\">" + text + "</span>";
    case Run::Kind::kCode:
      return "<code>" + text + "</code>";
  }
  return text;
}

struct StateWords {
  std::string_view glyph;
  std::string_view word;
  std::string_view css;
};

std::string width_class(Width width) {
  static constexpr std::array<std::string_view, 4> kWidths{"full", "twothirds", "half", "third"};
  return std::string(kWidths[static_cast<std::size_t>(width)]);
}

std::string html(const Chart& chart) { return to_html(chart); }
std::string html(const CellTable& table) { return to_html(table); }
std::string html(const Grid& grid) { return "<div class=\"grid\">" + to_html(grid.blocks) + "</div>"; }

std::string head_html(std::string_view title, std::string_view subtitle, std::string_view why) {
  return fmt::format("<div class=\"head\"><h3{}>{}</h3>{}</div>", why_attribute(why), escape(title),
                     subtitle.empty() ? "" : fmt::format("<p>{}</p>", escape(subtitle)));
}

std::string html(const Card& card) {
  return fmt::format("<div class=\"card {}{}\">{}{}</div>\n", width_class(card.width), card.flows ? " flows" : "",
                     head_html(card.title, card.subtitle, card.why), to_html(card.blocks));
}

std::string html(const Note& note) { return "<p class=\"note\">" + to_html(note.text) + "</p>"; }
std::string html(const Reason& reason) { return "<p class=\"missing\">" + escape(reason.text) + "</p>\n"; }

std::string html(const Judgement& judgement) {
  std::string out =
      fmt::format("<div class=\"card full verdict v-{}\"><p class=\"word\">{}</p><p class=\"sentence\">{}</p>",
                  id_text(judgement.word), escape(judgement.word), to_html(judgement.sentence));
  out += "<div class=\"tiles\">";
  for (const Tile& tile : judgement.tiles) {
    out +=
        fmt::format("<div class=\"tile\"><p class=\"label\">{}</p><p class=\"big\">{}</p><p class=\"sub\">{}</p></div>",
                    escape(tile.label), to_html(tile.value), to_html(tile.below));
  }
  return out + "</div></div>";
}

StateWords words_of(evaluate::CheckState state) {
  switch (state) {
    case evaluate::CheckState::kPassed:
      return {"\xE2\x9C\x93", "passed", "passed"};
    case evaluate::CheckState::kWarning:
      return {"!", "look", "look"};
    case evaluate::CheckState::kFailed:
      return {"\xE2\x9C\x95", "failed", "failed"};
    case evaluate::CheckState::kUnknown:
      break;
  }
  return {"?", "unknown", "unknown"};
}

std::string html(const Checklist& list) {
  std::string out = "<div class=\"card full flows\">" + head_html(list.title, list.subtitle, "") +
                    "<div class=\"scroll\"><table class=\"checks\"><thead><tr><th scope=\"col\">Check</th><th "
                    "scope=\"col\">Result</th><th scope=\"col\">Note</th></tr></thead><tbody>";
  for (const CheckRow& row : list.rows) {
    const StateWords words = words_of(row.state);
    out += fmt::format(
        "<tr><th scope=\"row\">{}</th><td><div class=\"res\"><span class=\"state {}\"><i aria-hidden=\"true\">{}</i>"
        "{}</span><span>{}</span></div></td><td class=\"why\">{}</td></tr>",
        escape(row.title), words.css, words.glyph, words.word, to_html(row.result), to_html(row.note));
  }
  return out + "</tbody></table></div></div>";
}

std::string tree_html(const std::vector<TreeNode>& nodes) {
  if (nodes.empty()) {
    return "";
  }
  std::string out = "<ul>";
  for (const TreeNode& node : nodes) {
    out += node.name.empty() ? fmt::format("<li class=\"faint\">{}</li>", escape(node.detail))
                             : fmt::format("<li><span class=\"name\">{}</span> <span class=\"faint\">{}</span>{}</li>",
                                           escape(node.name), escape(node.detail), tree_html(node.children));
  }
  return out + "</ul>";
}

std::string html(const Tree& tree) { return "<div class=\"tree\">" + tree_html(tree.nodes) + "</div>"; }

std::string html(const Command& command) {
  return "<pre class=\"command\"><code>" + escape(command.text) + "</code></pre>";
}

std::string html(const Bullets& bullets) {
  std::string out = "<ul class=\"warnings\">";
  for (const std::string& line : bullets.lines) {
    out += "<li>" + escape(line) + "</li>";
  }
  return out + (bullets.more.empty() ? "" : "<li class=\"faint\">" + escape(bullets.more) + "</li>") + "</ul>";
}

std::string html(const Definitions& definitions) {
  std::string out = "<details class=\"data\" open><summary>Definitions</summary><dl class=\"glossary\">";
  for (const auto& [term, meaning] : definitions.terms) {
    out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", escape(term), escape(meaning));
  }
  return out + "</dl></details>";
}

}  // namespace

std::string to_html(const Text& text) {
  std::string out;
  bool is_faint = false;
  for (const Run& run : text.runs()) {
    if (run.faint != is_faint) {
      out += run.faint ? "<span class=\"faint\">" : "</span>";
      is_faint = run.faint;
    }
    out += run_html(run);
  }
  return out + (is_faint ? "</span>" : "");
}

std::string to_html(const CellTable& table) {
  std::string out = "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"" +
                    escape(table.caption.empty() ? "Table" : table.caption) + "\"><table";
  out += table.look.empty() ? ">" : " class=\"" + table.look + "\">";
  if (!table.caption.empty()) {
    out += "<caption>" + escape(table.caption) + "</caption>";
  }
  out += "<thead><tr>";
  for (std::size_t i = 0; i < table.headers.size(); ++i) {
    const bool number = !table.rows.empty() && i < table.rows.front().size() && table.rows.front()[i].number;
    out += number ? "<th scope=\"col\" class=\"r\">" : "<th scope=\"col\">";
    out += escape(table.headers[i]) + "</th>";
  }
  out += "</tr></thead><tbody>";
  for (const std::vector<Cell>& row : table.rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string css = (row[i].number ? "r" : "") + (row[i].look.empty() ? "" : " " + row[i].look);
      out += i == 0 ? "<th scope=\"row\"" : "<td";
      out += css.empty() ? ">" : " class=\"" + css + "\">";
      out += to_html(row[i].text) + (i == 0 ? "</th>" : "</td>");
    }
    out += "</tr>";
  }
  return out + "</tbody></table></div>\n";
}

std::string to_html(const Blocks& blocks) {
  std::string out;
  for (const Block& block : blocks.all) {
    out += std::visit([](const auto& one) { return html(one); }, block.is);
  }
  return out;
}

std::string to_html(const Section& section) {
  return fmt::format(
      "<section id=\"s{0}\"{1} aria-labelledby=\"h{0}\"><h2 id=\"h{0}\"><span class=\"num\">{0}</span> {2}{3}</h2>{4}"
      "{5}</section>\n",
      section.number, section.gone ? " class=\"gone\"" : "", escape(section.title),
      section.question.empty() ? "" : " <span class=\"q\">" + escape(section.question) + "</span>",
      section.gone ? "" : "\n", to_html(section.blocks));
}

std::string to_html(const Heading& heading) {
  std::string out = "<header><p class=\"kicker\">";
  for (const std::string& stamp : heading.stamps) {
    out += "<strong class=\"stamp\">" + escape(stamp) + "</strong> ";
  }
  out += escape(heading.kind) + "</p>";
  out += fmt::format("<h1{}>{}</h1>", heading.is_formula ? " class=\"mono\"" : "", escape(heading.title));
  out += heading.formula.empty() ? "" : "<p class=\"formula\">" + to_html(heading.formula) + "</p>";
  out += "<dl class=\"facts\">";
  for (const Fact& fact : heading.facts) {
    out += fmt::format("<div{}><dt>{}</dt><dd>{}</dd></div>", fact.look.empty() ? "" : " class=\"" + fact.look + "\"",
                       escape(fact.name), escape(fact.value.empty() ? "not recorded" : fact.value));
  }
  return out + "</dl></header>\n";
}

}  // namespace lode::report
