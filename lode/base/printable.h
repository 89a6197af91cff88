// Foreign text on a terminal: file names and cells may hold escape sequences that a terminal obeys.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lode {

// The text with control characters (line ends too) and bytes that are no UTF-8 as '?': as quote() shows it, but whole
// and without quotes.
std::string printable(std::string_view text);

}  // namespace lode
