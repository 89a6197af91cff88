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

// The lake that `path` lies in, whichever it is; "" for none.
fs::path lake_around(const fs::path& path) {
  std::error_code code;
  fs::path folder = fs::weakly_canonical(path, code).parent_path();
  for (; folder.has_relative_path(); folder = folder.parent_path()) {
    if (fs::exists(folder / "manifest.sqlite", code)) {
      return folder;
    }
  }
  return {};
}

// One file, by other names too; it need not exist yet.
bool is_same(const fs::path& a, const fs::path& b) {
  std::error_code code;
  return fs::equivalent(a, b, code) || fs::weakly_canonical(a, code) == fs::weakly_canonical(b, code);
}

// Does `value`, or a text in it, name the file `path`? "@formulas.tsv" names formulas.tsv.
bool names(const Value& value, const fs::path& path) {
  if (value.is_array()) {
    return std::ranges::any_of(value.as_array(), [&](const Value& item) { return names(item, path); });
  }
  const std::string text = value.is_text() ? value.as_text() : std::string();
  return !text.empty() && is_same(text.front() == '@' ? text.substr(1) : text, path);
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

// The option as people type it.
std::string as_typed(std::string_view option) { return option == "output" ? "-o" : fmt::format("--{}", option); }

}  // namespace

std::vector<Parameter> output_parameters(std::string_view summary, bool is_required) {
  Parameter yes = yes_parameter();
  yes.summary = "replace a file at -o that Lode did not write";
  return {{.name = "output", .kind = ParameterKind::kPath, .summary = summary, .required = is_required, .letter = 'o'},
          yes};
}

void keep_output(const Request& request) {
  for (const std::string_view option : {"output", "pdf"}) {
    if (request.has(option)) {
      mark_own(request.text(option));
    }
  }
}

Result<void> check_place(const World& world, const Request& request, std::string_view option,
                         std::string_view example) {
  const fs::path path(request.text(option));
  if (path.empty()) {
    return fail(E::E4, fmt::format("--{} is empty, expected a file to write", option),
                fmt::format("{} {}", as_typed(option), example));
  }
  std::error_code code;
  if (!path.has_filename() || fs::is_directory(path, code)) {
    return fail(E::E4, fmt::format("--{} is the folder {}, expected a file", option, path.string()),
                fmt::format("{} {}", as_typed(option), (path / example).string()));
  }
  const fs::path folder = path.parent_path();
  if (!folder.empty() && !fs::exists(folder, code)) {
    return fail(E::E8, fmt::format("no folder {} to write {} in", folder.string(), path.filename().string()),
                fmt::format("mkdir -p {}, then the same command again", folder.string()));
  }
  const bool is_own_lake = fs::exists(fs::path(world.lake) / "manifest.sqlite", code) && is_below(path, world.lake);
  const std::string lake = is_own_lake ? world.lake : lake_around(path).string();
  if (!lake.empty()) {
    return fail(E::E4,
                fmt::format("--{} {} lies in the lake {}, whose files only Lode writes", option, path.string(), lake),
                fmt::format("{} {}", as_typed(option), path.filename().string()));
  }
  for (const auto& [name, value] : request.values().as_object()) {
    if (name != option && names(value, path)) {
      const bool is_written = name == "output" || name == "pdf" || name == "state";
      return fail(
          E::E4,
          fmt::format("--{} {} is a file this command {}", option, path.string(), is_written ? "writes" : "reads"),
          fmt::format("{} {}", as_typed(option), path.stem().string() + "-out" + path.extension().string()));
    }
  }
  return {};
}

Result<void> check_output(const World& world, const Request& request, std::string_view example,
                          std::string_view option) {
  if (!request.has(option)) {
    return {};
  }
  LODE_CHECK(check_place(world, request, option, example));
  return check_replaced(world, request, request.text(option));
}

}  // namespace lode::flow
