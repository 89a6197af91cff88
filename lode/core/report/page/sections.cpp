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
  return fmt::format("{} .. {}, {}", to_string(sheet.sessions.front()), to_string(sheet.sessions.back()),
                     counted_text(static_cast<std::int64_t>(sheet.sessions.size()), "session"));
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

std::string card(std::string_view title, std::string_view subtitle, std::string_view body, std::string_view width,
                 std::string_view why) {
  return fmt::format("<div class=\"card {}\"><div class=\"head\"><h3{}>{}</h3>{}</div>{}</div>\n", width,
                     why.empty() ? "" : " data-why=\"" + escape(why) + "\"", escape(title),
                     subtitle.empty() ? "" : fmt::format("<p>{}</p>", escape(subtitle)), body);
}

std::string share_words(double share) {
  constexpr double kShown = 0.001;  // The last digit a share is printed with.
  return share > 1.0 - kShown / 2.0 && share < 1.0 ? "more than " + number_text(1.0 - kShown, Style::kShare)
         : share > 0.0 && share < kShown / 2.0     ? "less than " + number_text(kShown, Style::kShare)
                                                   : number_text(share, Style::kShare);
}

std::string horizon_words(int horizon) { return fmt::format("{}{}d", horizon, kThinSpace); }

}  // namespace lode::report
