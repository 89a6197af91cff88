// The whole HTML file: head, contents, sections, data, script.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/hash.h"
#include "lode/core/report/document/document_html.h"
#include "lode/core/report/html.h"
#include "lode/core/report/page/assets.h"
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

// Nothing is fetched, framed or sent. Places of marks are style attributes, so styles stay inline; scripts do not.
std::string head(const Document& document, std::string_view data_hash) {
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
                     escape(document.run_hash), data_hash);
  out += fmt::format("<title>{}</title>\n<link rel=\"icon\" href=\"{}\">\n", escape(document.title), kIcon);
  out += "<style>\n" + palette_css();
  out += page_style();
  out += fmt::format("@media print{{@page{{@bottom-left{{content:\"{} {}\";font:10px sans-serif;color:#545b69}}}}}}\n",
                     document.id_word, id_text(document.run_hash));
  return out + "</style>\n</head>\n";
}

std::string contents(const Document& document) {
  std::string out = "<nav aria-label=\"Sections\"><ol>";
  for (const auto& [number, name] : document.contents) {
    out += fmt::format("<li><a href=\"#s{}\">{} {}</a></li>", number, number, name);
  }
  return out + "</ol></nav>\n";
}

}  // namespace

std::string to_html(const Document& document, const DataBlock& data) {
  const std::string packed = data.packed();
  std::string out = head(document, sha256_hex(packed));
  out += "<body>\n<a class=\"skip\" href=\"#main\">Skip to the verdict</a>\n<div class=\"page\">\n";
  out += to_html(document.heading) + contents(document) + "<main id=\"main\">\n";
  for (const Section& section : document.sections) {
    out += to_html(section);
  }
  out += "</main>\n<footer><p>" + escape(document.footer) + "</p></footer>\n</div>\n";
  out += "<script type=\"application/octet-stream\" id=\"data\">" + packed + "</script>\n<script>";
  out += page_script();
  return out + "</script>\n</body>\n</html>\n";
}

}  // namespace lode::report
