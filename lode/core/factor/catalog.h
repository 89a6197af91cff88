// The library files inside the program, made from lode/core/factor/libraries at build time
// (tools/cmake/libraries.cmake).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace lode::factor {

// The text of each file, by file name.
std::span<const std::string_view> library_catalog();

}  // namespace lode::factor
