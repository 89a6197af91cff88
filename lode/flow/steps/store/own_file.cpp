// Telling Lode's own files from a person's.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/store/own_file.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <array>

namespace lode::flow {

namespace {

constexpr const char* kMark = "user.lode";

// "SIZE SECONDS.NANOS" of a regular file; "" for anything else.
std::string mark_of(const std::string& path) {
  struct stat found = {};
  if (stat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) {
    return {};
  }
  return fmt::format("{} {}.{:09}", found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec);
}

}  // namespace

void mark_own(const std::string& path) {
  if (const std::string mark = mark_of(path); !mark.empty()) {
    static_cast<void>(setxattr(path.c_str(), kMark, mark.data(), mark.size(), 0));
  }
}

bool is_own(const std::string& path) {
  std::array<char, 64> held{};
  const ssize_t size = getxattr(path.c_str(), kMark, held.data(), held.size());
  const std::string mark = mark_of(path);
  return size > 0 && !mark.empty() && mark == std::string_view(held.data(), static_cast<std::size_t>(size));
}

}  // namespace lode::flow
