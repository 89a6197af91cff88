// Escaping and small HTML pieces.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/html.h"

#include <algorithm>

#include "lode/base/text.h"
#include "lode/core/report/number_text.h"

namespace lode::report {

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_sequence(text, at);
    const unsigned char c = static_cast<unsigned char>(text[at]);
    if (length == 0 || (c < 0x20 && c != '\n' && c != '\t') || c == 0x7F) {
      out += "\xEF\xBF\xBD";
      at += length == 0 ? 1 : length;
      continue;
    }
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += text.substr(at, length);
    }
    at += length;
  }
  return out;
}

std::string escape_prose(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool starts = i == 0 || text[i - 1] == ' ' || text[i - 1] == '(';
    const bool number = i + 1 < text.size() && ((text[i + 1] >= '0' && text[i + 1] <= '9') || text[i + 1] == '.');
    const bool ends_number = i > 0 && text[i - 1] >= '0' && text[i - 1] <= '9';
    if (text[i] == '-' && starts && number) {
      out += kMinus;
    } else if (text[i] == ' ' && ends_number && text.substr(i + 1).starts_with('%')) {
      out += kThinSpace;
    } else {
      out += text[i];
    }
  }
  return escape(out);
}

std::string id_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    out += plain ? c : '-';
  }
  return out;
}

std::string to_html(const HtmlTable& table) {
  std::string out = "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"" +
                    escape(table.caption.empty() ? "Table" : table.caption) + "\"><table";
  out += table.css.empty() ? ">" : " class=\"" + table.css + "\">";
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
      const std::string css = (row[i].number ? "r" : "") + (row[i].css.empty() ? "" : " " + row[i].css);
      out += i == 0 ? "<th scope=\"row\"" : "<td";
      out += css.empty() ? ">" : " class=\"" + css + "\">";
      out += row[i].html + (i == 0 ? "</th>" : "</td>");
    }
    out += "</tr>";
  }
  return out + "</tbody></table></div>\n";
}

std::string reason_box(std::string_view reason) { return "<p class=\"missing\">" + escape(reason) + "</p>\n"; }

std::string base64(std::string_view bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - at);
    unsigned group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8U | (i < have ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out += i <= have ? kDigits[group >> (18U - 6U * i) & 63U] : '=';
    }
  }
  return out;
}

}  // namespace lode::report
