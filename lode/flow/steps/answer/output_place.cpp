// Checks of -o.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/output_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "lode/base/error.h"
#include "lode/base/printable.h"
#include "lode/flow/steps/answer/confirm.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/store/own_file.h"

namespace lode::flow {

namespace {

namespace fs = std::filesystem;

// `path` lies in `folder`, links followed.
bool is_below(const fs::path& path, const fs::path& folder) {
  std::error_code code;
  const fs::path inner = fs::weakly_canonical(path, code);
  const fs::path outer = fs::weakly_canonical(folder, code);
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

// Does `value`, or a text in it, name the file `path`? "@formulas.tsv" names formulas.tsv.
bool names(const Value& value, const fs::path& path) {
  if (value.is_array()) {
    return std::ranges::any_of(value.as_array(), [&](const Value& item) { return names(item, path); });
  }
  std::error_code code;
  const std::string text = value.is_text() ? value.as_text() : std::string();
  return !text.empty() && fs::equivalent(text.front() == '@' ? text.substr(1) : text, path, code);
}

// A person's file gives way only to their word.
Result<void> check_replaced(const World& world, const Request& request, const fs::path& path) {
  std::error_code code;
  const bool holds = fs::is_regular_file(path, code) && fs::file_size(path, code) > 0;
  if (!holds || is_own(path.string())) {
    return {};
  }
  return confirm(
      world, request,
      fmt::format("{} ({}) would be replaced: Lode did not write it, or it was changed since", printable(path.string()),
                  counted(static_cast<std::int64_t>(fs::file_size(path, code)), "byte")));
}

}  // namespace

std::vector<Parameter> output_parameters(std::string_view summary, bool is_required) {
  Parameter yes = yes_parameter();
  yes.summary = "replace a file at -o that Lode did not write";
  return {{.name = "output", .kind = ParameterKind::kPath, .summary = summary, .required = is_required, .letter = 'o'},
          yes};
}

void keep_output(const Request& request) {
  if (request.has("output")) {
    mark_own(request.text("output"));
  }
}

Result<void> check_output(const World& world, const Request& request, std::string_view example) {
  if (!request.has("output")) {
    return {};
  }
  const std::filesystem::path path(request.text("output"));
  if (path.empty()) {
    return fail(E::E4, "--output is empty, expected a file to write", fmt::format("-o {}", example));
  }
  std::error_code code;
  if (!path.has_filename() || std::filesystem::is_directory(path, code)) {
    return fail(E::E4, fmt::format("--output is the folder {}, expected a file", path.string()),
                fmt::format("-o {}", (path / example).string()));
  }
  const std::filesystem::path folder = path.parent_path();
  if (!folder.empty() && !std::filesystem::exists(folder, code)) {
    return fail(E::E8, fmt::format("no folder {} to write {} in", folder.string(), path.filename().string()),
                fmt::format("mkdir -p {}, then the same command again", folder.string()));
  }
  if (fs::exists(fs::path(world.lake) / "manifest.sqlite", code) && is_below(path, world.lake)) {
    return fail(E::E4,
                fmt::format("--output {} lies in the lake {}, whose files only Lode writes", path.string(), world.lake),
                fmt::format("-o {}", path.filename().string()));
  }
  for (const auto& [name, value] : request.values().as_object()) {
    if (name != "output" && names(value, path)) {
      return fail(E::E4, fmt::format("--output {} is a file this command reads", path.string()),
                  fmt::format("-o {}", path.stem().string() + "-out" + path.extension().string()));
    }
  }
  return check_replaced(world, request, path);
}

}  // namespace lode::flow
