// What flows ask of the World itself, and what every network door does alike.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/world.h"

#include <algorithm>

#include "lode/base/text.h"

namespace lode {

bool report_progress(const World& world, std::string_view phase, std::int64_t done, std::int64_t total) {
  return !world.progress || world.progress(phase, done, total);
}

const std::string* find_header(const HttpHeaders& headers, std::string_view name) {
  const std::string wanted = lower(name);
  const auto found = std::ranges::find_if(headers, [&](const auto& header) { return lower(header.first) == wanted; });
  return found == headers.end() ? nullptr : &found->second;
}

void Http::send_all(std::span<const HttpRequest> requests, int, const Answered& answered) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (!answered(i, send(requests[i]))) {
      return;
    }
  }
}

void Http::hold(std::string_view, Time) {}

Result<void> Http::stored(const HttpRequest&, const HttpResponse&) { return {}; }

}  // namespace lode
