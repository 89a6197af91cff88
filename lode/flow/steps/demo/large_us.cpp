// The list, from its file.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/demo/large_us.h"

#include <fmt/format.h>

namespace lode::flow {

std::string LargeName::cik() const { return fmt::format("{:010}", number); }

std::span<const LargeName> large_us() {
  static constexpr LargeName kNames[] = {
#define LODE_LARGE_US(symbol, number, name) {symbol, number, name},
#include "lode/flow/steps/demo/large_us.def"
#undef LODE_LARGE_US
  };
  return kNames;
}

}  // namespace lode::flow
