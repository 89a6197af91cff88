// Small pieces of HTML: escaping, tables, boxes. Every text of a user or of data passes `escape`.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lode::report {

// Text for an element or a quoted attribute: & < > " ' escaped, control characters and broken UTF-8 shown as U+FFFD.
std::string escape(std::string_view text);

// escape() of a sentence, with a hyphen before a digit turned into a minus sign (U+2212) and a space between a digit
// and % into a thin one that does not break (U+202F).
std::string escape_prose(std::string_view text);

// A name that can stand in an id attribute: ASCII letters, digits and '-'; everything else becomes '-'.
std::string id_text(std::string_view text);

// A cell already in HTML. `heading`: the row's name. `css`: extra classes.
struct Cell {
  std::string html;
  bool number = true;
  std::string css;
};

// A table with a caption for readers and screen readers. Cells are HTML; headers are escaped here.
struct HtmlTable {
  std::string caption;                  // Plain text; may be empty.
  std::vector<std::string> headers;     // Plain text; the first one names the rows.
  std::vector<std::vector<Cell>> rows;  // The first cell of a row is its heading.
  std::string css;                      // "dense"
};
std::string to_html(const HtmlTable& table);

// "Not here, because": the box that stands where a reader would look for a missing part. `reason` is plain text.
std::string reason_box(std::string_view reason);

// Standard base64 with padding.
std::string base64(std::string_view bytes);

}  // namespace lode::report
