// Text that fits the terminal it is shown on: prose is broken at blanks, what is aligned or may be pasted is not
// (UX-35).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lode::cli {

// `text` with its prose broken into lines of at most `columns` characters; as it is for columns 0 (no terminal).
//   - a sentence goes on under its first word, that of a list under the text of its item; a paragraph that stands in
//     lines already is filled anew as far as its sentence goes
//   - the words behind a name ("  kept      70   symbols ...") go on under the first of them, where half a line is left
//   - a line of facts two blanks apart, alone between empty lines, is broken between them
// A path that heads a leaf of a tree loses its middle where the line is too long. Rows of tables, trees else, code
// between ``` and the lines of help ("help: lode ...") are kept whole, and so are formulas, quoted text and any longer
// word, wherever they stand.
std::string wrapped(std::string_view text, int columns);

}  // namespace lode::cli
