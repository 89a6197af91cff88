// Puts the factor page together: head, sections in order, data, script.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/tear_sheet_page.h"

#include <fmt/format.h>

#include <array>

#include "lode/base/hash.h"
#include "lode/core/report/html.h"
#include "lode/core/report/page/assets.h"
#include "lode/core/report/page/counting.h"
#include "lode/core/report/page/sections.h"
#include "lode/core/report/palette.h"

namespace lode::report {
namespace {

// Three rising bars, a 16 x 16 PNG of four colours.
constexpr std::string_view kIcon =
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAABAAAAAQAgMAAABinRfyAAAADFBMVEUAAADCQQx9hZMLa8"
    "tm6p1dAAAAAXRSTlMAQObYZgAAABhJREFUeNpjYIAA5j/YCa7FGISoFw4CBADZgBWWY7I60AAAAABJRU5ErkJggg==";

// What the policy calls a hash: base64 of the raw digest.
std::string csp_hash(std::string_view text) {
  const std::string digits = sha256_hex(text);
  std::string raw;
  const auto nibble = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    raw += static_cast<char>(nibble(digits[i]) * 16 + nibble(digits[i + 1]));
  }
  return "'sha256-" + base64(raw) + "'";
}

std::string page_title(const FactorPage& page) {
  const std::string name = !page.name.empty() ? page.name : !page.formula.empty() ? page.formula : "Own values";
  return (page.synthetic ? "Synthetic: " : "") + name + ", factor report";
}

// Nothing is fetched, framed or sent. Places of marks are style attributes, so styles stay inline; scripts do not.
std::string head(const FactorPage& page, std::string_view data_hash) {
  const std::string policy = fmt::format(
      "default-src 'none'; script-src {}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action "
      "'none'",
      csp_hash(page_script()));
  std::string out = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  out += fmt::format("<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n", policy);
  out +=
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<meta name=\"color-scheme\" "
      "content=\"light dark\">\n";
  out += fmt::format("<meta name=\"lode-run\" content=\"{}\">\n<meta name=\"lode-data-sha256\" content=\"{}\">\n",
                     escape(page.run_hash), data_hash);
  out += fmt::format("<title>{}</title>\n<link rel=\"icon\" href=\"{}\">\n", escape(page_title(page)), kIcon);
  out += "<style>\n" + palette_css();
  out += page_style();
  out += fmt::format("@media print{{@page{{@bottom-left{{content:\"run {}\";font:10px sans-serif;color:#545b69}}}}}}\n",
                     id_text(page.run_hash));
  return out + "</style>\n</head>\n";
}

std::string contents() {
  static constexpr std::array<std::pair<int, std::string_view>, 17> kLinks{{{1, "Verdict"},
                                                                            {2, "Honesty"},
                                                                            {3, "Coverage"},
                                                                            {4, "Shape"},
                                                                            {5, "Prediction"},
                                                                            {6, "Monotony"},
                                                                            {7, "Fan"},
                                                                            {8, "Decay"},
                                                                            {9, "Turnover and cost"},
                                                                            {10, "Money"},
                                                                            {11, "When"},
                                                                            {12, "Where"},
                                                                            {13, "New or known?"},
                                                                            {14, "Sensitivity"},
                                                                            {15, "Examples"},
                                                                            {16, "Lineage"},
                                                                            {17, "Glossary"}}};
  std::string out = "<nav aria-label=\"Sections\"><ol>";
  for (const auto& [number, name] : kLinks) {
    out += fmt::format("<li><a href=\"#s{}\">{} {}</a></li>", number, number, name);
  }
  return out + "</ol></nav>\n";
}

std::string sections(PageContext& context) {
  std::string out = verdict_section(context) + honesty_section(context) + coverage_section(context);
  out += shape_section(context);
  out += prediction_section(context) + monotony_section(context) + fan_section(context) + decay_section(context);
  out += cost_section(context) + money_section(context) + when_section(context) + where_section(context);
  out += known_section(context);
  out += sensitivity_section(context);
  return out + examples_section(context) + lineage_section(context) + glossary_section(context);
}

}  // namespace

std::string render_factor_html(const evaluate::TearSheet& sheet, const FactorPage& page) {
  const Figures figures(evaluate::numbers(sheet));
  const CountingPart part = counting_part(sheet);
  DataBlock data;
  data.add(figures.all());
  PageContext context{part.sheet, page, figures, data, part.outside};
  const std::string body = sections(context);
  const std::string packed = data.packed();
  std::string out = head(page, sha256_hex(packed));
  out += "<body>\n<a class=\"skip\" href=\"#main\">Skip to the verdict</a>\n<div class=\"page\">\n";
  out += header_section(context) + contents();
  out += "<main id=\"main\">\n" + body + "</main>\n";
  out += fmt::format(
      "<footer><p>Run {} \xC2\xB7 {} \xC2\xB7 {}. Past returns say little about future ones.</p></footer>\n</div>\n",
      escape(page.run_hash), escape(page.commit), escape(page.code_version));
  out += "<script type=\"application/octet-stream\" id=\"data\">" + packed + "</script>\n<script>";
  out += page_script();
  return out + "</script>\n</body>\n</html>\n";
}

}  // namespace lode::report
