// Control characters out of foreign text.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/printable.h"

#include "lode/base/text.h"

namespace lode {

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_sequence(text, at);
    const auto lead = static_cast<unsigned char>(text[at]);
    // U+0080 to U+009F are control characters too: some terminals obey them.
    const bool is_control =
        lead < 0x20 || lead == 0x7F || (lead == 0xC2 && length == 2 && static_cast<unsigned char>(text[at + 1]) < 0xA0);
    if (length == 0 || is_control) {
      out += '?';
    } else {
      out += text.substr(at, length);
    }
    at += length == 0 ? 1 : length;
  }
  return out;
}

}  // namespace lode
