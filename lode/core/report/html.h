// Small pieces of HTML: escaping, ids, base64. Every text of a user or of data passes `escape`.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lode::report {

// Text for an element or a quoted attribute: & < > " ' escaped, control characters and broken UTF-8 shown as U+FFFD.
std::string escape(std::string_view text);

// A name that can stand in an id attribute: ASCII letters, digits and '-'; everything else becomes '-'.
std::string id_text(std::string_view text);

// Standard base64 with padding.
std::string base64(std::string_view bytes);

}  // namespace lode::report
