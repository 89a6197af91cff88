// Reading import.toml.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/import_settings.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>

#include "lode/base/text.h"

namespace lode::source {

namespace {

namespace fs = std::filesystem;

// From the root, without a slash at its end.
fs::path whole(const fs::path& path) {
  std::error_code code;
  const fs::path out = fs::absolute(path.empty() ? fs::path(".") : path, code).lexically_normal();
  return out.has_filename() ? out : out.parent_path();
}

bool is_within(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

Failure wrong_type(const std::string& path, std::string_view key, std::string_view expected) {
  return fail(E::E5002, fmt::format("{}: '{}' must be {}", path, key, expected), "see lode data import --help");
}

Result<void> read_map(const toml::node& node, const std::string& path, ColumnMap& map) {
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    return wrong_type(path, "map", "a table of our column = \"theirs\"");
  }
  for (const auto& [ours, theirs] : *table) {
    const auto text = theirs.value_exact<std::string>();
    if (!text) {
      return wrong_type(path, fmt::format("map.{}", ours.str()), "text");
    }
    map[std::string(ours.str())] = *text;
  }
  return {};
}

Result<void> read_key(std::string_view key, const toml::node& node, const std::string& path, ImportSettings& out) {
  if (key == "map") {
    return read_map(node, path, out.map);
  }
  if (key == "adjusted") {
    const auto value = node.value_exact<bool>();
    out.adjusted = value.value_or(false);
    return value ? Result<void>() : Result<void>(wrong_type(path, key, "true or false"));
  }
  std::string* const target = key == "mic"           ? &out.mic
                              : key == "table"       ? &out.table
                              : key == "kind"        ? &out.kind
                              : key == "date_format" ? &out.date_format
                                                     : nullptr;
  if (target == nullptr) {
    const std::vector<std::string> keys = {"mic", "table", "kind", "adjusted", "date_format", "map"};
    const std::string near = did_you_mean(key, keys);
    return fail(E::E5001, fmt::format("{}: unknown key '{}'", path, key),
                near.empty() ? fmt::format("known: {}", join(keys, ", ")) : near);
  }
  const auto value = node.value_exact<std::string>();
  *target = value.value_or("");
  return value ? Result<void>() : Result<void>(wrong_type(path, key, "text"));
}

}  // namespace

Result<ImportSettings> parse_import_settings(std::string_view text, const std::string& path) {
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return fail(E::E5003, fmt::format("{}:{} is not TOML: {}", path, error.source().begin.line, error.description()),
                "mend the line, or leave the file out");
  }
  ImportSettings out;
  for (const auto& [key, node] : parsed.table()) {
    LODE_CHECK(read_key(key.str(), node, path, out));
  }
  return out;
}

std::string find_import_settings(const std::string& path, const std::vector<std::string>& folders) {
  std::error_code code;
  for (fs::path at = fs::path(path).parent_path();; at = at.parent_path()) {
    if (fs::is_regular_file(at / kImportSettingsName, code)) {
      return (at / kImportSettingsName).string();
    }
    const fs::path above = whole(at).parent_path();
    const bool goes_on =
        at.has_parent_path() && at != at.parent_path() &&
        std::ranges::any_of(folders, [&](const std::string& folder) { return is_within(above, whole(folder)); });
    if (!goes_on) {
      return {};
    }
  }
}

}  // namespace lode::source
