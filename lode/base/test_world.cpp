// The parts of a TestWorld: an archive in memory, a scripted network, a temporary folder.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/test_world.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "lode/base/assert.h"
#include "lode/base/hash.h"

namespace lode {
namespace {

constexpr int kTestThreads = 2;

std::string make_temporary_folder() {
  std::error_code error;
  std::filesystem::path pattern = std::filesystem::temp_directory_path(error);
  LODE_ASSERT(!error);
  pattern /= "lode_test_XXXXXX";
  std::string folder = pattern.string();
  LODE_ASSERT(mkdtemp(folder.data()) != nullptr);
  return folder;
}

Time noon_of(int year, int month, int day) {
  return {start_of_day(Date::from_civil(year, month, day)).nanos + kNanosPerDay / 2};
}

}  // namespace

Result<std::string> MemoryArchive::put(std::string_view, std::string_view bytes, std::string_view) {
  std::string hash = sha256_hex(bytes);
  bytes_.insert_or_assign(hash, std::string(bytes));
  return hash;
}

Result<std::string> MemoryArchive::get(std::string_view hash) const {
  const auto found = bytes_.find(hash);
  if (found == bytes_.end()) {
    return fail(E::E9, "no raw bytes with hash '" + std::string(hash) + "' in the archive");
  }
  return found->second;
}

Result<HttpResponse> ScriptedHttp::send(const HttpRequest& request) {
  asked_.push_back(request);
  if (next_ == answers_.size()) {
    return fail(E::E6001, "no answer from " + request.url);
  }
  return answers_[next_++];
}

TestWorld::TestWorld() : clock(noon_of(2026, 1, 5)), pool(kTestThreads), folder(make_temporary_folder()) {}

TestWorld::~TestWorld() {
  std::error_code ignored;  // A folder that cannot be removed is no reason to fail a test.
  std::filesystem::remove_all(folder, ignored);
}

World TestWorld::world() { return World{clock, archive, http, log, metrics, pool, config, folder + "/lake", {}, {}}; }

}  // namespace lode
