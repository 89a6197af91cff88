// Looking for what is left of a lake.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/upkeep/traces.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "lode/io/lake/files.h"

namespace lode::lake {
namespace {

namespace fs = std::filesystem;

bool is_part(std::string_view name) { return name.starts_with("part-") && name.ends_with(".parquet"); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The SHA-256 of its bytes, packed.
bool is_raw(std::string_view name) {
  constexpr std::size_t kHashDigits = 64;
  const auto is_hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  return name.size() == kHashDigits + 4 && name.ends_with(".zst") &&
         std::ranges::all_of(name.substr(0, kHashDigits), is_hex);
}

// "r18"
bool is_run(std::string_view name) {
  return name.size() > 1 && name.front() == 'r' && std::ranges::all_of(name.substr(1), is_digit);
}

constexpr int kMostSeen = 10'000;  // One file is proof; which of them is told hangs on no folder's order up to here.

// The first by name of the files below lake/root whose name fits, relative to the lake; "" when there is none.
template <class Fits>
std::string first_file(const fs::path& lake, const char* root, Fits fits) {
  std::error_code error;
  std::string first;
  int seen = 0;
  for (fs::recursive_directory_iterator at(lake / root, error), end; !error && at != end && seen < kMostSeen;
       at.increment(error)) {
    if (fits(at->path().filename().string()) && at->is_regular_file(error)) {
      const std::string found = at->path().lexically_relative(lake).string();
      first = first.empty() ? found : std::min(first, found);
      ++seen;
    }
  }
  return first;
}

// A run's folder that holds something; as above.
std::string first_run(const fs::path& lake) {
  std::error_code error;
  std::string first;
  for (fs::directory_iterator at(lake / "runs", error), end; !error && at != end; at.increment(error)) {
    std::error_code unlisted;
    if (is_run(at->path().filename().string()) && at->is_directory(unlisted) && !fs::is_empty(at->path(), unlisted) &&
        !unlisted) {
      const std::string found = at->path().lexically_relative(lake).string();
      first = first.empty() ? found : std::min(first, found);
    }
  }
  return first;
}

}  // namespace

std::optional<Trace> find_trace(const std::string& folder) {
  if (std::string part = first_file(folder, "tables", is_part); !part.empty()) {
    return Trace{"parts are", std::move(part)};
  }
  if (std::string raw = first_file(folder, "raw", is_raw); !raw.empty()) {
    return Trace{"raw files are", std::move(raw)};
  }
  if (std::string run = first_run(folder); !run.empty()) {
    return Trace{"runs are", std::move(run)};
  }
  const auto log = stat_file(folder + "/manifest.sqlite-wal");
  return log && log->bytes > 0 ? std::optional(Trace{"log of changes is", "manifest.sqlite-wal"}) : std::nullopt;
}

}  // namespace lode::lake
