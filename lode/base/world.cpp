// The one question flows ask of the World itself.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/world.h"

namespace lode {

bool report_progress(const World& world, std::string_view phase, std::int64_t done, std::int64_t total) {
  return !world.progress || world.progress(phase, done, total);
}

}  // namespace lode
