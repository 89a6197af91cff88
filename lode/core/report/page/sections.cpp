// What all sections share: their frame and their words.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/page/sections.h"

#include <fmt/format.h>

#include "lode/core/report/html.h"
#include "lode/core/report/scene/scene_html.h"

namespace lode::report {

std::string PageContext::headline_path(std::string_view family, std::string_view name) const {
  return fmt::format("{}.{}{}{}", family, evaluate::horizon_key(sheet.headline_horizon().horizon),
                     name.empty() ? "" : ".", name);
}

std::string PageContext::headline_text() const { return horizon_words(sheet.headline_horizon().horizon); }

std::string PageContext::span_text() const {
  if (sheet.sessions.empty()) {
    return "no sessions";
  }
  return fmt::format("{} .. {}, {} sessions", to_string(sheet.sessions.front()), to_string(sheet.sessions.back()),
                     number_text(static_cast<double>(sheet.sessions.size()), Style::kCount));
}

std::string section(int number, std::string_view title, std::string_view question, std::string_view body) {
  return fmt::format(
      "<section id=\"s{0}\" aria-labelledby=\"h{0}\"><h2 id=\"h{0}\"><span class=\"num\">{0}</span> {1} "
      "<span class=\"q\">{2}</span></h2>\n{3}</section>\n",
      number, escape(title), escape(question), body);
}

std::string missing_section(int number, std::string_view title, std::string_view reason) {
  return fmt::format(
      "<section id=\"s{0}\" class=\"gone\" aria-labelledby=\"h{0}\"><h2 id=\"h{0}\"><span class=\"num\">{0}</span> "
      "{1}</h2>{2}</section>\n",
      number, escape(title), reason_box(reason));
}

std::string draw(PageContext& context, const Chart& chart) {
  context.data.add(chart.id, chart.table);
  return to_html(chart);
}

std::string card(std::string_view title, std::string_view subtitle, std::string_view body, std::string_view width) {
  return fmt::format("<div class=\"card {}\"><div class=\"head\"><h3>{}</h3>{}</div>{}</div>\n", width, escape(title),
                     subtitle.empty() ? "" : fmt::format("<p>{}</p>", escape(subtitle)), body);
}

std::string horizon_words(int horizon) { return fmt::format("{}{}d", horizon, kThinSpace); }

}  // namespace lode::report
