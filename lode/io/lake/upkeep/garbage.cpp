// Finding what a lake no longer needs.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/upkeep/garbage.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <set>
#include <utility>

#include "lode/io/lake/archive.h"
#include "lode/io/lake/files.h"

namespace lode::lake {
namespace {

constexpr std::int64_t kOrphanAge = kNanosPerDay;  // A younger file may belong to a writer that has not committed yet.

// Numbers of parts that a reader of `commit` needs.
Result<void> add_visible(const Database& manifest, CommitId commit, std::set<std::int64_t>& needed) {
  LODE_TRY(Statement rows, manifest.prepare("SELECT p.id " + std::string(kVisibleParts)));
  rows.bind(1, commit);
  while (true) {
    LODE_TRY(const bool more, rows.step());
    if (!more) {
      return {};
    }
    needed.insert(rows.int64(0));
  }
}

// Parts seen now or by a recorded run, whose numbers must stay provable.
Result<std::set<std::int64_t>> needed_parts(const Database& manifest) {
  std::set<std::int64_t> needed;
  LODE_TRY(const CommitId now, last_commit(manifest));
  LODE_CHECK(add_visible(manifest, now, needed));
  LODE_TRY(Statement runs, manifest.prepare("SELECT DISTINCT input_commit FROM runs"));
  while (true) {
    LODE_TRY(const bool more, runs.step());
    if (!more) {
      return needed;
    }
    LODE_CHECK(add_visible(manifest, runs.int64(0), needed));
  }
}

// Files under `folder`, relative to it, sorted; at most `most`, and whether these are all.
std::pair<std::vector<std::string>, bool> walk(const std::string& folder, std::size_t most) {
  namespace fs = std::filesystem;
  std::vector<std::string> out;
  bool complete = true;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (out.size() == most) {
      complete = false;
      break;
    }
    if (at->is_regular_file(error)) {
      out.push_back(at->path().lexically_relative(folder).string());
    }
  }
  std::ranges::sort(out);
  return {std::move(out), complete};
}

// The headers that stand beside a raw file.
std::string headers_of(const RawFile& file) { return file.path.substr(0, file.path.rfind('.')) + ".json"; }

// Every path that a row of the manifest names, whether or not anybody needs it still.
Result<std::set<std::string>> known_paths(const Database& manifest) {
  std::set<std::string> known;
  LODE_TRY(Statement rows, manifest.prepare("SELECT path FROM parts"));
  while (true) {
    LODE_TRY(const bool more, rows.step());
    if (!more) {
      break;
    }
    known.insert(rows.text(0));
  }
  LODE_TRY(const std::vector<RawFile> raw, raw_files(manifest));
  for (const RawFile& file : raw) {
    known.insert(file.path);
    known.insert(headers_of(file));
  }
  return known;
}

}  // namespace

Result<Leftovers> find_leftovers(const Lake::Impl& lake, const Database& manifest, std::size_t most_files) {
  LODE_TRY(const std::set<std::string> known, known_paths(manifest));
  Leftovers out;
  const std::int64_t now = lake.clock.now().nanos;
  std::size_t left = most_files;
  for (const char* place : {"tables", "panels", "raw"}) {
    const auto [files, complete] = walk(lake.absolute(place), left);
    left -= files.size();
    out.looked_at_all = out.looked_at_all && complete;
    for (const std::string& file : files) {
      std::string path = std::string(place) + "/" + file;
      // Panels are kept in order by those who write them; what they left half done is nobody's.
      const bool owned = path.starts_with("panels/") ? !path.ends_with(".tmp") : known.contains(path);
      if (owned) {
        continue;
      }
      const auto found = stat_file(lake.absolute(path));
      if (found && now - found->modified.nanos > kOrphanAge) {
        out.paths.push_back(std::move(path));
      }
    }
  }
  return out;
}

Result<Garbage> find_garbage(const Lake::Impl& lake, const Database& manifest) {
  LODE_TRY(const std::set<std::int64_t> needed, needed_parts(manifest));
  Garbage out;
  LODE_TRY(Statement rows, manifest.prepare("SELECT id, path, deleted FROM parts ORDER BY id"));
  while (true) {
    LODE_TRY(const bool more, rows.step());
    if (!more) {
      break;
    }
    const bool deleted = rows.int64(2) != 0;
    if (!deleted && needed.contains(rows.int64(0))) {
      continue;
    }
    if (!deleted) {
      out.parts.push_back(rows.int64(0));
    }
    if (stat_file(lake.absolute(rows.text(1)))) {
      out.unneeded.push_back(rows.text(1));
    }
  }
  std::ranges::sort(out.unneeded);
  LODE_TRY(Leftovers leftovers, find_leftovers(lake, manifest, std::numeric_limits<std::size_t>::max()));
  out.leftovers = std::move(leftovers.paths);
  return out;
}

}  // namespace lode::lake
