// Finds and opens libduckdb.so at the first use, so that commands without SQL start without its 70 MB.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/duckdb/api.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <mutex>
#include <vector>

#include "lode/base/text.h"
#include "lode/io/lake/duckdb.h"

namespace lode::lake {
namespace {

std::mutex load_mutex;
std::string configured_path;  // Of set_duckdb_path; guarded by load_mutex.

std::string executable_folder() {
  std::string path(4096, '\0');
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0) {
    return {};
  }
  path.resize(static_cast<std::size_t>(length));
  return path.substr(0, path.rfind('/'));
}

std::vector<std::string> places() {
  if (!configured_path.empty()) {
    return {configured_path};  // Who names a library wants that one or an error.
  }
  std::vector<std::string> out;
  if (const std::string folder = executable_folder(); !folder.empty()) {
    out.push_back(folder + "/libduckdb.so");
    out.push_back(folder + "/../lib/lode/libduckdb.so");
  }
#ifdef LODE_DUCKDB_BUILD_PATH
  out.emplace_back(LODE_DUCKDB_BUILD_PATH);
#endif
  return out;
}

Failure not_installed(const std::vector<std::string>& tried, const std::string& reason) {
  return fail(E::E5004, fmt::format("DuckDB is needed for tables, and its library could not be loaded: {}", reason),
              fmt::format("put libduckdb.so (version 1.5) at {} or set LODE_DUCKDB to its path", tried.front()));
}

Result<const duckdb::Api*> open_library(duckdb::Api& api) {
  const std::vector<std::string> tried = places();
  void* library = nullptr;
  std::string reason;
  for (const std::string& path : tried) {
    if (access(path.c_str(), F_OK) != 0) {
      reason = "no file at " + join(tried, ", ");
      continue;
    }
    library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library != nullptr) {
      break;
    }
    reason = dlerror();
  }
  if (library == nullptr) {
    return not_installed(tried, reason);
  }
  std::string missing;
  const auto find = [&](const char* name) {
    void* symbol = dlsym(library, name);
    if (symbol == nullptr) {
      missing = name;
    }
    return symbol;
  };
#define LODE_DUCKDB_FIND(name, result, arguments) \
  api.name = reinterpret_cast<decltype(api.name)>(find("duckdb_" #name));
  LODE_DUCKDB_FUNCTIONS(LODE_DUCKDB_FIND)
#undef LODE_DUCKDB_FIND
  if (!missing.empty()) {
    dlclose(library);
    return not_installed(tried, missing + " is absent from it: the version is too old");
  }
  return &api;
}

}  // namespace

void set_duckdb_path(std::string path) {
  const std::lock_guard guard(load_mutex);
  configured_path = std::move(path);
}

Result<const duckdb::Api*> duckdb::load() {
  static Api api;
  static bool loaded = false;
  const std::lock_guard guard(load_mutex);
  if (!loaded) {
    LODE_CHECK(open_library(api));
    loaded = true;
  }
  return &api;
}

}  // namespace lode::lake
