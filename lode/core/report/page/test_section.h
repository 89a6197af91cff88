// A section drawn by itself, and its titles, for the tests of the page.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "lode/core/report/document/document_html.h"
#include "lode/core/report/page/sections.h"
#include "lode/core/report/test_sheet.h"

namespace lode::report::test {

using evaluate::TearSheet;
// Ten years would only be slower.
inline TearSheet sheet() { return make_sheet({.sessions = 520}); }

inline evaluate::HorizonResult& headline(TearSheet& of) { return of.horizons[static_cast<std::size_t>(of.headline)]; }

template <class Section>
std::string draw_section(const TearSheet& of, Section section, const FactorPage& page = make_page()) {
  const Figures figures(page_numbers(of, page));
  DataBlock data;
  PageContext context{of, page, figures, data};
  return to_html(section(context));
}

// The title of a figure, without thin spaces (as "_") and with '~' for the minus sign.
inline std::string title_of(const std::string& html, const std::string& id) {
  const std::size_t figure = html.find("id=\"f-" + id + "\"");
  if (figure == std::string::npos) {
    return "no figure " + id;
  }
  const std::size_t open = html.find('>', html.find("<h3", figure)) + 1;
  std::string out = html.substr(open, html.find("</h3>", open) - open);
  for (const auto& [from, to] : {std::pair{kThinSpace, "_"}, {kMinus, "~"}}) {
    for (std::size_t at = out.find(from); at != std::string::npos; at = out.find(from)) {
      out.replace(at, from.size(), to);
    }
  }
  return out;
}

}  // namespace lode::report::test
