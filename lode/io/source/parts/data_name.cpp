// Names of data.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/parts/data_name.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "lode/base/text.h"

namespace lode::source {

namespace {

constexpr std::array<std::string_view, 3> kTextSuffixes = {".csv", ".txt", ".tsv"};  // Each also .gz.
constexpr std::array<std::string_view, 5> kTypedSuffixes = {".parquet", ".arrow", ".arrows", ".feather", ".ipc"};

bool ends_with_any(std::string_view name, std::span<const std::string_view> suffixes) {
  return std::ranges::any_of(suffixes, [&](std::string_view suffix) { return name.ends_with(suffix); });
}

}  // namespace

bool is_text_name(std::string_view path) { return ends_with_any(lower(path), kTextSuffixes); }

bool is_data_name(std::string_view path) {
  const std::string name = lower(path.substr(path.rfind('/') + 1));
  if (name.empty() || name.front() == '.' || name.starts_with("readme") || name.starts_with("license")) {
    return false;
  }
  const std::string_view plain = std::string_view(name).substr(0, name.size() - (name.ends_with(".gz") ? 3 : 0));
  return name.ends_with(".zip") || ends_with_any(name, kTypedSuffixes) || is_text_name(plain);
}

}  // namespace lode::source
