// Which settings are secrets, and which file may hold them. Whoever shows a setting, or an error of one, asks here.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace lode {

// The file of keys beside the user's lode.toml, which nobody else may read.
inline constexpr std::string_view kSecretsFile = "secrets.toml";

// True of "fred.key", "asx.token", "alpaca.secret": by the last part of the name, so that a key which is declared
// tomorrow is one without being listed.
constexpr bool is_secret_key(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? name : name.substr(dot + 1);
  return last == "key" || last == "token" || last == "secret";
}

// By the name of the file alone, whatever folder it lies in.
constexpr bool is_secrets_file(std::string_view path) {
  return path.ends_with(kSecretsFile) &&
         (path.size() == kSecretsFile.size() || path[path.size() - kSecretsFile.size() - 1] == '/');
}

}  // namespace lode
