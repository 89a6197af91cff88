// A walk over JSON text that reads only as much as it needs to find where values begin and end.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/json_slice.h"

#include <cstddef>

namespace lode::net {

namespace {

constexpr std::size_t kBad = std::string_view::npos;

std::size_t skip_blanks(std::string_view json, std::size_t at) {
  while (at < json.size() && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
    ++at;
  }
  return at;
}

// Behind the text that begins at `at`.
std::size_t skip_text(std::string_view json, std::size_t at) {
  for (++at; at < json.size(); ++at) {
    if (json[at] == '\\') {
      ++at;
    } else if (json[at] == '"') {
      return at + 1;
    }
  }
  return kBad;
}

// Behind the value that begins at `at`. Nesting is counted, not followed: depth costs nothing.
std::size_t skip_value(std::string_view json, std::size_t at) {
  std::size_t depth = 0;
  while (at < json.size()) {
    const char c = json[at];
    if (c == '"') {
      at = skip_text(json, at);
      if (at == kBad) {
        return kBad;
      }
    } else if (c == '{' || c == '[') {
      ++depth;
      ++at;
    } else if (c == '}' || c == ']') {
      if (depth == 0) {
        return at;  // The end of what holds a number or a word.
      }
      --depth;
      ++at;
    } else if (c == ',' && depth == 0) {
      return at;
    } else {
      ++at;
      continue;
    }
    if (depth == 0) {
      return at;
    }
  }
  return depth == 0 ? at : kBad;
}

std::optional<std::string_view> member(std::string_view json, std::string_view name) {
  std::optional<std::string_view> found;
  std::size_t at = skip_blanks(json, 0);
  if (at >= json.size() || json[at] != '{') {
    return std::nullopt;
  }
  at = skip_blanks(json, at + 1);
  while (at < json.size() && json[at] == '"') {
    const std::size_t key_end = skip_text(json, at);
    const std::size_t colon = key_end == kBad ? kBad : skip_blanks(json, key_end);
    if (colon == kBad || colon >= json.size() || json[colon] != ':') {
      return std::nullopt;
    }
    const std::string_view key = json.substr(at + 1, key_end - at - 2);
    const std::size_t start = skip_blanks(json, colon + 1);
    const std::size_t end = skip_value(json, start);
    if (end == kBad) {
      return std::nullopt;
    }
    if (key == name) {
      std::string_view value = json.substr(start, end - start);
      while (!value.empty() &&
             (value.back() == ' ' || value.back() == '\n' || value.back() == '\r' || value.back() == '\t')) {
        value.remove_suffix(1);
      }
      found = value;
    }
    at = skip_blanks(json, end);
    at = at < json.size() && json[at] == ',' ? skip_blanks(json, at + 1) : at;
  }
  return found;
}

}  // namespace

std::optional<std::string_view> json_slice(std::string_view json, std::string_view path) {
  std::optional<std::string_view> here = json;
  while (here && !path.empty()) {
    const std::size_t dot = path.find('.');
    here = member(*here, path.substr(0, dot));
    path = dot == std::string_view::npos ? "" : path.substr(dot + 1);
  }
  return here;
}

}  // namespace lode::net
