// Real files for tests: LODE_TEST_DATA, by default ../shared/data. For tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "lode/base/assert.h"

namespace lode {

inline std::string test_data(const std::string& name) {
  const char* folder = std::getenv("LODE_TEST_DATA");
  return std::string(folder == nullptr ? "../shared/data" : folder) + "/" + name;
}

inline bool has_test_data(const std::string& name) { return std::filesystem::exists(test_data(name)); }

// The file's bytes, gunzipped where its name ends in .gz.
inline std::string read_test_data(const std::string& name) {
  const std::string path = test_data(name);
  const std::string command = (path.ends_with(".gz") ? "gzip -dc '" : "cat '") + path + "'";
  std::FILE* pipe = popen(command.c_str(), "r");
  LODE_ASSERT(pipe != nullptr);
  std::string bytes;
  char buffer[1 << 16];
  for (std::size_t got = 0; (got = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    bytes.append(buffer, got);
  }
  const int status = pclose(pipe);
  LODE_ASSERT(status == 0);
  return bytes;
}

}  // namespace lode

// Skips the test (stand it in the test itself) when the file or folder is not there.
#define LODE_NEEDS_DATA(name)                         \
  if (!::lode::has_test_data(name)) {                 \
    GTEST_SKIP() << "no " << ::lode::test_data(name); \
  }
