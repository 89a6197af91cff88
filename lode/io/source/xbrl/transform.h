// How a filed page shows a number, and the number it stands for: "(1,234)" with scale 6 and a sign is -1234000000.
// Sources: the transformation registries of Inline XBRL (2010 to 2022) and the SEC's own (2015).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lode::source::xbrl {

// `shown` by `format` (its prefix and its hyphens do not count: ixt:num-dot-decimal, ixt:numdotdecimal; "" = plain
// digits) as decimal text without scale and sign. nullopt: another format, or no such number.
std::optional<std::string> plain_number(std::string_view shown, std::string_view format);
// The same times ten to the power of `places`, digit by digit, so that nothing is rounded: ("67", -2) is "0.67".
// nullopt of what is no plain decimal or is scaled by more than 60 places.
std::optional<std::string> scaled(std::string_view number, int places);
// "two hundred and five" is 205, "no" and "none" are 0; nullopt of anything else. Whole numbers below 10^15.
std::optional<std::int64_t> number_words(std::string_view words);

}  // namespace lode::source::xbrl
