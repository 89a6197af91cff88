// Readable text of filed HTML and XML: tags out, scripts, styles, comments and the hidden head of inline XBRL too,
// entities resolved, blanks collapsed; a block begins a line. No tree is built, so depth costs nothing and time and
// memory are linear in the bytes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lode::source::edgar {

// UTF-8; bytes that are no UTF-8 are read as Windows-1252, as filers mean them.
std::string html_text(std::string_view html);
// The same of plain text: blanks collapsed, lines kept, tags of the old text format (<PAGE>, <TABLE>, <S>, <C>) out.
std::string plain_text(std::string_view text);

}  // namespace lode::source::edgar
