// Takes submissions apart.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/submission_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/text.h"
#include "lode/io/source/edgar/html_text.h"

namespace lode::source::edgar {

const BodyContract kSubmissionContract{
    .name = "EDGAR submission",
    .types = {"text/plain", "application/octet-stream", "binary/octet-stream"},
    .begins = {"<SEC-DOCUMENT>", "<SUBMISSION>", "-----BEGIN PRIVACY", "<IMS-DOCUMENT>"},
    .needs = {},
    .ends = {},
    .most_bytes = std::size_t{1} << 30};

namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kMostDocuments = 100'000;

std::string_view without_opening_blanks(std::string_view text) {
  const std::size_t at = text.find_first_not_of(" \t\r\n");
  return at == kNone ? std::string_view() : text.substr(at);
}

// Takes <XBRL>, <XML>, <PDF> and the like off a body that opens and closes with one; one tag, in capitals.
std::string_view unwrap(std::string_view body) {
  const std::string_view start = without_opening_blanks(body);
  const std::size_t end = start.substr(0, 20).find('>');
  if (!start.starts_with('<') || end == kNone || end < 2) {
    return body;
  }
  const std::string_view name = start.substr(1, end - 1);
  constexpr std::array<std::string_view, 5> kWrappers = {"XBRL", "XML", "PDF", "JSON", "ZIP"};
  const std::size_t close = body.rfind(fmt::format("</{}>", name));
  if (std::ranges::find(kWrappers, name) == kWrappers.end() || close == kNone) {
    return body;
  }
  const std::size_t begin = static_cast<std::size_t>(start.data() - body.data()) + end + 1;
  return close < begin ? body : without_opening_blanks(body.substr(begin, close - begin));
}

Content content_of(std::string_view body, std::string_view file) {
  const std::string_view start = without_opening_blanks(body);
  const std::string name = lower(file);
  if (start.starts_with("begin ") && start.substr(6, 3).find_first_not_of("01234567") == kNone) {
    return Content::kBinary;
  }
  const std::string opening = lower(start.substr(0, 1024));
  if (opening.find("<html") != kNone || name.ends_with(".htm") || name.ends_with(".html")) {
    return Content::kHtml;
  }
  return start.starts_with("<?xml") || name.ends_with(".xml") || name.ends_with(".xsd") ? Content::kXml
                                                                                        : Content::kText;
}

// Reads the one-line tags between <DOCUMENT> and <TEXT>.
void read_names(std::string_view head, FiledDocument& out) {
  for (std::size_t at = head.find('<'); at != kNone;) {
    const std::size_t end = head.find('>', at);
    if (end == kNone) {
      return;
    }
    const std::size_t next = head.find('<', end);
    const std::string_view name = head.substr(at + 1, end - at - 1);
    const std::string_view value = trim(head.substr(end + 1, next == kNone ? kNone : next - end - 1));
    if (name == "TYPE") {
      out.type = value;
    } else if (name == "SEQUENCE") {
      std::int64_t sequence = 0;
      out.sequence = parse_int(value, sequence) ? sequence : 0;
    } else if (name == "FILENAME") {
      out.file = value;
    } else if (name == "DESCRIPTION") {
      out.description = value;
    }
    at = next;
  }
}

FiledDocument read_document(std::string_view whole) {
  FiledDocument out;
  const std::size_t text = std::min(whole.find("<TEXT>"), whole.size());
  read_names(whole.substr(0, text), out);
  if (text < whole.size()) {
    std::string_view body = whole.substr(text + 6);
    const std::size_t close = body.rfind("</TEXT>");
    body = unwrap(body.substr(0, close));
    out.body = body;
  }
  out.content = content_of(out.body, out.file);
  return out;
}

// A submission whose end is missing was cut off on its way.
bool is_closed(std::string_view text) {
  const std::string_view end = text.substr(text.size() > 256 ? text.size() - 256 : 0);
  constexpr std::array<std::string_view, 4> kEnds = {"</SEC-DOCUMENT>", "</SUBMISSION>", "</IMS-DOCUMENT>",
                                                     "-----END PRIVACY-ENHANCED MESSAGE-----"};
  return std::ranges::any_of(kEnds, [&](std::string_view word) { return end.find(word) != kNone; });
}

}  // namespace

std::string_view to_string(Content content) {
  constexpr std::array<std::string_view, 4> kNames = {"text", "html", "xml", "binary"};
  return kNames[static_cast<std::size_t>(content)];
}

Result<Submission> parse_submission(std::string_view text) {
  LODE_CHECK(check_body(kSubmissionContract, "", text));
  Submission out;
  LODE_TRY(out.header, parse_header(text));
  out.header_text = header_part(text);
  if (!is_closed(text)) {
    return fail(E::E6206, fmt::format("submission {} of {} bytes has no closing tag: it is cut off",
                                      out.header.accession, text.size()));
  }
  for (std::size_t at = text.find("<DOCUMENT>", out.header_text.size()); at != kNone;) {
    const std::size_t end = text.find("</DOCUMENT>", at);
    if (end == kNone || out.documents.size() >= kMostDocuments) {
      return fail(E::E6206, fmt::format("document {} of submission {} is not closed", out.documents.size() + 1,
                                        out.header.accession));
    }
    out.documents.push_back(read_document(text.substr(at + 10, end - at - 10)));
    at = text.find("<DOCUMENT>", end);
  }
  return out;
}

std::optional<std::string> uudecode(std::string_view body) {
  body = without_opening_blanks(body);
  std::size_t at = body.find_first_of("\r\n");  // .nc files end their lines by a lone CR.
  if (!body.starts_with("begin ") || at == kNone) {
    return std::nullopt;
  }
  std::string out;
  out.reserve(body.size() * 3 / 4);
  for (++at; at < body.size();) {
    const std::size_t end = std::min(body.find_first_of("\r\n", at), body.size());
    const std::string_view line = body.substr(at, end - at);
    at = end + 1;
    if (line == "end") {
      return out;
    }
    const auto digit = [&](std::size_t i) -> unsigned {
      return i < line.size() ? (static_cast<unsigned char>(line[i]) - 32U) & 63U : 0U;
    };
    const std::size_t count = line.empty() ? 0 : digit(0);
    for (std::size_t byte = 0; byte < count; ++byte) {
      const std::size_t group = 1 + byte / 3 * 4;
      const unsigned word = digit(group) << 18 | digit(group + 1) << 12 | digit(group + 2) << 6 | digit(group + 3);
      out += static_cast<char>(word >> (16 - 8 * (byte % 3)) & 0xFFU);
    }
  }
  return std::nullopt;
}

std::string with_plain_lines(std::string_view body) {
  std::string out;
  out.reserve(body.size());
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] != '\r') {
      out += body[i];
    } else if (i + 1 == body.size() || body[i + 1] != '\n') {
      out += '\n';
    }
  }
  return out;
}

std::string readable_text(const FiledDocument& document) {
  switch (document.content) {
    case Content::kBinary:
      return "";
    case Content::kText:
      return plain_text(document.body);
    case Content::kHtml:
    case Content::kXml:
      return html_text(document.body);
  }
  return "";
}

}  // namespace lode::source::edgar
