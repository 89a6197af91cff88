// Checks of -o.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/output_place.h"

#include <fmt/format.h>

#include <filesystem>

#include "lode/base/error.h"

namespace lode::flow {

Result<void> check_output(const Request& request) {
  if (!request.has("output")) {
    return {};
  }
  const std::filesystem::path path(request.text("output"));
  if (path.empty()) {
    return fail(E::E4, "--output is empty, expected a file to write", "-o values.csv");
  }
  std::error_code code;
  if (!path.has_filename() || std::filesystem::is_directory(path, code)) {
    return fail(E::E4, fmt::format("--output is the folder {}, expected a file", path.string()),
                fmt::format("-o {}", (path / "values.csv").string()));
  }
  const std::filesystem::path folder = path.parent_path();
  if (!folder.empty() && !std::filesystem::exists(folder, code)) {
    return fail(E::E8, fmt::format("no folder {} to write {} in", folder.string(), path.filename().string()),
                fmt::format("mkdir -p {}, then the same command again", folder.string()));
  }
  return {};
}

}  // namespace lode::flow
