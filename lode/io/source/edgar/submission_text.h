// A whole submission: its header and its documents, from .txt files (with the mail wrapper of before 2006) and .nc
// files. Documents stand between <DOCUMENT> and </DOCUMENT>, their bodies between <TEXT> and </TEXT>, at times wrapped
// once more
// (<XBRL>, <XML>, <PDF>); binaries are uuencoded.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/io/source/edgar/sgml_header.h"

namespace lode::source::edgar {

extern const BodyContract kSubmissionContract;

enum class Content : std::uint8_t { kText, kHtml, kXml, kBinary };
std::string_view to_string(Content content);  // "text", "html", "xml", "binary"

// Views into the submission; the body as it stands, without wrappers (a binary still encoded).
struct FiledDocument {
  std::string_view type, file, description;
  std::int64_t sequence = 0;  // As filed: numbers skip.
  std::string_view body;
  Content content = Content::kText;
};

struct Submission {
  SubmissionHeader header;
  std::string_view header_text;
  std::vector<FiledDocument> documents;  // May be fewer than the header announces.
};

// E6206 when the header cannot be read, a document is not closed, or the closing tag is missing: it is cut off.
Result<Submission> parse_submission(std::string_view text);

// Bytes of a uuencoded body; blanks that were stripped from line ends count as zeros. nullopt when it is no such body,
// or not closed by "end".
std::optional<std::string> uudecode(std::string_view body);

// Readable text of the document: that of HTML and XML without tags, that of plain text with its spaces collapsed; "" of
// a binary.
// Text as lines that end with \n, however the file ended them: of a .txt and a .nc file the same bytes.
std::string with_plain_lines(std::string_view body);
std::string readable_text(const FiledDocument& document);

}  // namespace lode::source::edgar
