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
#include "lode/io/lake/values/pieces.h"

namespace lode::lake {
namespace {

constexpr std::int64_t kOrphanAge = kNanosPerDay;  // A younger file may belong to a writer that has not committed yet.

// Numbers of parts that a reader of `commit` needs; `and_where` chooses among them.
Result<void> add_visible(const Database& manifest, CommitId commit, std::string_view and_where,
                         std::set<std::int64_t>& needed) {
  LODE_TRY(Statement rows, manifest.prepare("SELECT p.id " + std::string(kVisibleParts) + std::string(and_where)));
  rows.bind(1, commit);
  while (true) {
    LODE_TRY(const bool more, rows.step());
    if (!more) {
      return {};
    }
    needed.insert(rows.int64(0));
  }
}

// Parts seen now or by a recorded run, whose numbers must stay provable. Of values of factors nothing is computed: they
// are needed by the sets that stand, which may keep parts of hidden ones.
Result<std::set<std::int64_t>> needed_parts(const Database& manifest) {
  std::set<std::int64_t> needed;
  LODE_TRY(const CommitId now, last_commit(manifest));
  LODE_CHECK(add_visible(manifest, now, "", needed));
  LODE_TRY(const PartUse use, part_use(manifest));
  for (const std::int64_t part : use.superseded) {
    needed.erase(part);
  }
  needed.insert(use.kept.begin(), use.kept.end());
  LODE_TRY(Statement runs, manifest.prepare("SELECT DISTINCT input_commit FROM runs"));
  while (true) {
    LODE_TRY(const bool more, runs.step());
    if (!more) {
      return needed;
    }
    LODE_CHECK(add_visible(manifest, runs.int64(0), " AND p.table_name <> 'factor_values'", needed));
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

bool is_old(const Lake::Impl& lake, const std::string& path) {
  const auto found = stat_file(lake.absolute(path));
  return found && lake.clock.now().nanos - found->modified.nanos > kOrphanAge;
}

// What stands in the notes of all commits and may be the SHA-256 of a file: runs of 64 hexadecimal digits. Hidden
// commits count, for their runs can be read still.
Result<std::set<std::string>> noted_hashes(const Database& manifest) {
  constexpr std::size_t kDigits = 64;
  constexpr std::string_view kHex = "0123456789abcdef";
  std::set<std::string> out;
  LODE_TRY(Statement rows, manifest.prepare("SELECT note FROM commits"));
  while (true) {
    LODE_TRY(const bool more, rows.step());
    if (!more) {
      return out;
    }
    const std::string note = rows.text(0);
    for (std::size_t at = note.find_first_of(kHex); at < note.size(); at = note.find_first_of(kHex, at)) {
      const std::size_t end = std::min(note.find_first_not_of(kHex, at), note.size());
      if (end - at == kDigits) {
        out.insert(note.substr(at, kDigits));
      }
      at = end;
    }
  }
}

// Copies of files that no commit refers to and that are old enough; by path.
Result<std::vector<RawFile>> nobodys_raw(const Lake::Impl& lake, const Database& manifest) {
  LODE_TRY(std::vector<RawFile> files, raw_files(manifest));
  LODE_TRY(const std::set<std::string> noted, noted_hashes(manifest));
  std::erase_if(files, [&](const RawFile& file) {
    return file.referenced || noted.contains(file.hash) || !is_old(lake, file.path);
  });
  return files;
}

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
  LODE_TRY(std::set<std::string> known, known_paths(manifest));
  LODE_TRY(const std::vector<RawFile> raw, nobodys_raw(lake, manifest));
  Leftovers out;
  for (const RawFile& file : raw) {
    known.erase(file.path);
    known.erase(headers_of(file));
    out.raw.push_back(file.hash);
  }
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
      if (is_old(lake, path)) {
        out.paths.push_back(std::move(path));
      }
    }
  }
  return out;
}

Result<void> forget_raw(const Lake::Impl& lake, const Database& manifest, Leftovers& leftovers) {
  if (leftovers.raw.empty()) {
    return {};
  }
  LODE_TRY(Transaction transaction, Transaction::begin(manifest));
  LODE_TRY(const std::vector<RawFile> still, nobodys_raw(lake, manifest));
  LODE_TRY(Statement forget, manifest.prepare("DELETE FROM raw_files WHERE hash = ?1"));
  std::set<std::string> goes;
  for (const RawFile& file : still) {
    if (std::ranges::find(leftovers.paths, file.path) != leftovers.paths.end()) {
      forget.bind(1, file.hash);
      LODE_CHECK(forget.run());
      goes.insert(file.path);
      goes.insert(headers_of(file));
    }
  }
  LODE_CHECK(transaction.commit());
  LODE_TRY(const std::set<std::string> known, known_paths(manifest));
  std::erase_if(leftovers.paths, [&](const std::string& path) { return !goes.contains(path) && known.contains(path); });
  return {};
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
  LODE_TRY(out.leftovers, find_leftovers(lake, manifest, std::numeric_limits<std::size_t>::max()));
  return out;
}

}  // namespace lode::lake
