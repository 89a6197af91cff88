// A number with its noun.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lode {

// "1 row", "1,260 rows", "0 rows"; `many` where the plural is not the noun with an s: "2 entries".
std::string counted(std::int64_t count, std::string_view noun, std::string_view many = {});

}  // namespace lode
