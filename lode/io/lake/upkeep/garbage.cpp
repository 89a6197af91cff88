// Finding what a lake no longer needs.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/upkeep/garbage.h"

#include <set>

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

}  // namespace

Result<Garbage> find_garbage(const Lake::Impl& lake, const Database& manifest) {
  LODE_TRY(const std::set<std::int64_t> needed, needed_parts(manifest));
  Garbage out;
  std::set<std::string> kept;
  std::set<std::string> known;
  LODE_TRY(Statement rows, manifest.prepare("SELECT id, path, deleted FROM parts ORDER BY id"));
  while (true) {
    LODE_TRY(const bool more, rows.step());
    if (!more) {
      break;
    }
    const bool deleted = rows.int64(2) != 0;
    known.insert(rows.text(1));
    if (!deleted && needed.contains(rows.int64(0))) {
      kept.insert(rows.text(1));
    } else if (!deleted) {
      out.parts.push_back(rows.int64(0));
    }
  }
  LODE_TRY(const std::vector<RawFile> raw, raw_files(manifest));
  for (const RawFile& file : raw) {  // With its headers.
    for (const std::string& path : {file.path, file.path.substr(0, file.path.rfind('.')) + ".json"}) {
      known.insert(path);
      kept.insert(path);
    }
  }
  const std::int64_t now = lake.clock.now().nanos;
  for (const char* place : {"tables", "raw", "panels"}) {
    for (const std::string& file : list_files(lake.absolute(place))) {
      std::string path = std::string(place) + "/" + file;
      const auto found = stat_file(lake.absolute(path));
      const bool old = found && now - found->modified.nanos > kOrphanAge;
      // Panels are kept in order by those who write them; what they left half done is nobody's.
      const bool owned = path.starts_with("panels/") ? !path.ends_with(".tmp") : known.contains(path);
      if (known.contains(path) && !kept.contains(path)) {
        out.unneeded.push_back(std::move(path));
      } else if (old && !owned) {
        out.leftovers.push_back(std::move(path));
      }
    }
  }
  return out;
}

}  // namespace lode::lake
