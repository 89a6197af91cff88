// Walks the strings of a JSON text; what follows one that is a key is looked at.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/stream/number_tokens.h"

namespace lode::source {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kNumber = "+-.0123456789eE";

// Past the string that begins at json[at] == '"'.
std::size_t past_string(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    at += json[at] == '\\' ? 1 : 0;
  }
  return at < json.size() ? at + 1 : json.size();
}

}  // namespace

std::vector<std::string_view> number_tokens(std::string_view json, std::string_view key) {
  std::vector<std::string_view> out;
  for (std::size_t at = json.find('"'); at < json.size(); at = json.find('"', at)) {
    const std::size_t end = past_string(json, at);
    const bool is_wanted = end >= at + 2 && json.substr(at + 1, end - at - 2) == key;
    at = end;
    const std::size_t colon = json.find_first_not_of(kBlanks, end);
    if (!is_wanted || colon >= json.size() || json[colon] != ':') {
      continue;
    }
    const std::size_t begin = json.find_first_not_of(kBlanks, colon + 1);
    if (begin < json.size() && kNumber.find(json[begin]) != std::string_view::npos) {
      const std::size_t behind = json.find_first_not_of(kNumber, begin);
      out.push_back(json.substr(begin, behind == std::string_view::npos ? behind : behind - begin));
    }
  }
  return out;
}

}  // namespace lode::source
