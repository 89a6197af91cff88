// The page's style sheet and script: static text, hashed into the content security policy.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace lode::report {

// Layout and type; colours come from palette_css().
std::string_view page_style();
// Hover, full tables, theme, zoom. At most 40 KB; the page is complete without it.
std::string_view page_script();

}  // namespace lode::report
