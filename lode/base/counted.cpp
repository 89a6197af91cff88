// A number with its noun.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/counted.h"

#include "lode/base/text.h"

namespace lode {

std::string counted(std::int64_t count, std::string_view noun, std::string_view many) {
  std::string text = grouped(count) + " ";
  if (count == 1) {
    return text.append(noun);
  }
  return many.empty() ? text.append(noun).append("s") : text.append(many);
}

}  // namespace lode
