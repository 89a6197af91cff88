// The pages of the numbered warnings: what each says of a result that is given all the same.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "lode/base/value.h"

namespace lode::flow {

struct WarningInfo {
  std::string_view number;   // "W1302"
  std::string_view title;    // One line
  std::string_view meaning;  // What it says, and why the result is given all the same.
  std::string_view bad;      // A command, a formula or lines of a file that bring it; never empty
  std::string_view good;     // The same without it
};

// All rows, ascending by number.
std::span<const WarningInfo> all_warnings();

// The row of "W1302", in any case; nullptr for a number no warning has.
const WarningInfo* find_warning(std::string_view number);

// The page as text and as members.
std::string warning_page(const WarningInfo& info);
Value warning_page_json(const WarningInfo& info);

}  // namespace lode::flow
