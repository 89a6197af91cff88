// Backup and restore: a consistent copy of one commit, every file named with its hash.
//
// The copied manifest carries a table backup_files(path, bytes, hash) of all files beside it, and manifest.sqlite.xxh3
// the hash of the manifest. A backup over an older one copies only what is new; the manifest is swapped last, so an
// interrupted backup leaves the older one whole.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/lake_impl.h"

namespace lode::lake {
namespace {

struct BackupFile {
  std::string path;  // Relative.
  std::int64_t bytes;
  std::string hash;
};

Failure damaged(const std::string& what) {
  return fail(E::E8005, what, "use another backup; the lake was not touched");
}

Result<std::vector<std::string>> column_of(const Database& database, std::string_view sql) {
  LODE_TRY(Statement rows, database.prepare(sql));
  std::vector<std::string> out;
  while (true) {
    LODE_TRY(const bool more, rows.step());
    if (!more) {
      return out;
    }
    out.push_back(rows.text(0));
  }
}

// What a copied manifest needs beside it: parts, raw files with their headers, and what runs wrote.
Result<std::vector<std::string>> needed_files(const Database& copy, const std::string& lake) {
  LODE_TRY(auto out, column_of(copy, "SELECT path FROM parts WHERE deleted = 0 ORDER BY path"));
  LODE_TRY(const auto raw, column_of(copy, "SELECT path FROM raw_files WHERE referenced = 0 ORDER BY path"));
  for (const std::string& path : raw) {
    out.push_back(path);
    out.push_back(path.substr(0, path.rfind('.')) + ".json");
  }
  for (const std::string& path : list_files(lake + "/runs")) {
    out.push_back("runs/" + path);
  }
  return out;
}

// Parts must still have the hash the manifest knows.
Result<void> check_part_hashes(const Database& copy, const std::vector<BackupFile>& files) {
  LODE_TRY(Statement find, copy.prepare("SELECT hash FROM parts WHERE path = ?1"));
  for (const BackupFile& file : files) {
    find.bind(1, file.path);
    LODE_TRY(const bool found, find.step());
    if (found && find.text(0) != file.hash) {
      return damaged(fmt::format("{}: hash differs", file.path));
    }
    find.reset();
  }
  return {};
}

Result<void> insert_files(const Database& copy, const std::vector<BackupFile>& files) {
  LODE_CHECK(
      copy.execute("CREATE TABLE backup_files(path TEXT PRIMARY KEY, bytes INTEGER NOT NULL, hash TEXT NOT NULL) "
                   "WITHOUT ROWID"));
  LODE_TRY(Transaction transaction, Transaction::begin(copy));
  LODE_TRY(Statement insert, copy.prepare("INSERT INTO backup_files(path, bytes, hash) VALUES (?1, ?2, ?3)"));
  for (const BackupFile& file : files) {
    insert.bind(1, file.path).bind(2, file.bytes).bind(3, file.hash);
    LODE_CHECK(insert.run());
  }
  return transaction.commit();
}

// Copies one file unless the target holds the same bytes; adds what was copied to `copied`.
Result<BackupFile> back_up(const std::string& lake, const std::string& target, const std::string& path,
                           std::int64_t& copied) {
  const auto file = MappedFile::open(lake + "/" + path);
  if (!file) {
    return damaged(fmt::format("{}: missing", path));
  }
  const BackupFile out{path, static_cast<std::int64_t>(file->bytes().size()), xxh3_hex(file->bytes())};
  const auto there = file_hash(target + "/" + path);
  if (!there || *there != out.hash) {
    LODE_TRY(const std::int64_t bytes, copy_file(lake + "/" + path, target + "/" + path, out.hash));
    copied += bytes;
  }
  return out;
}

// Makes `fresh` the backup's manifest. Both hashes stand in the hash file meanwhile, so a crash between leaves a pair
// that fits.
Result<std::int64_t> swap_manifest(const std::string& target, const std::string& fresh) {
  const std::string path = target + "/manifest.sqlite";
  LODE_TRY(const std::string hash, file_hash(fresh));
  const auto old = read_file(path + ".xxh3");
  LODE_CHECK(write_durably(path + ".xxh3", hash + "\n" + (old ? *old : std::string())));
  LODE_CHECK(publish(fresh, path));
  LODE_CHECK(write_durably(path + ".xxh3", hash + "\n"));
  return stat_file(path)->bytes;
}

// The files of a backup whose manifest has the hash it should.
Result<std::vector<BackupFile>> read_backup(const std::string& backup) {
  const std::string path = backup + "/manifest.sqlite";
  const auto hash = file_hash(path);
  const auto expected = read_file(path + ".xxh3");
  if (!hash || !expected) {
    return fail(E::E8001, fmt::format("there is no backup at {}", backup), "name a folder made by `lode data backup`");
  }
  if (expected->find(*hash) == std::string::npos) {
    return damaged(fmt::format("{}: hash differs", path));
  }
  LODE_TRY(const auto manifest, Database::open_in_memory(path));
  LODE_CHECK(check_schema(*manifest));
  LODE_TRY(Statement rows, manifest->prepare("SELECT path, bytes, hash FROM backup_files ORDER BY path"));
  std::vector<BackupFile> out;
  while (true) {
    LODE_TRY(const bool more, rows.step());
    if (!more) {
      return out;
    }
    out.push_back({rows.text(0), rows.int64(1), rows.text(2)});
  }
}

Result<std::int64_t> copy_backup(const std::string& backup, const std::string& place,
                                 const std::vector<BackupFile>& files) {
  LODE_CHECK(make_folders(place));
  std::int64_t copied = 0;
  for (const BackupFile& file : files) {
    LODE_TRY(const std::int64_t bytes, copy_file(backup + "/" + file.path, place + "/" + file.path, file.hash));
    copied += bytes;
  }
  const std::string manifest = place + "/manifest.sqlite";
  LODE_TRY(const std::int64_t bytes, copy_file(backup + "/manifest.sqlite", manifest, {}));
  LODE_TRY(const auto database, Database::open(manifest, OpenMode::kWrite));
  LODE_CHECK(database->execute("DROP TABLE backup_files"));
  return copied + bytes;
}

}  // namespace

Result<std::int64_t> Lake::backup(const std::string& target) const {
  std::error_code ignored;
  const auto inner = std::filesystem::weakly_canonical(target, ignored);
  const auto outer = std::filesystem::weakly_canonical(impl_->folder, ignored);
  if (std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end()) {
    return fail(E::E11,
                fmt::format("{} is {}", target, inner == outer ? "the lake itself" : "a place in the lake itself"),
                "name another folder for the backup");
  }
  LODE_CHECK(make_folders(target));
  const std::string fresh = target + "/manifest.sqlite.tmp";
  remove_quietly(fresh);
  LODE_CHECK(impl_->manifest()->copy_to(fresh));
  std::int64_t copied = 0;
  {
    LODE_TRY(const auto copy, Database::open(fresh, OpenMode::kCopy));
    LODE_TRY(const auto paths, needed_files(*copy, impl_->folder));
    std::vector<BackupFile> files;
    for (const std::string& path : paths) {
      LODE_TRY(BackupFile file, back_up(impl_->folder, target, path, copied));
      files.push_back(std::move(file));
    }
    LODE_CHECK(check_part_hashes(*copy, files));
    LODE_CHECK(insert_files(*copy, files));
  }
  LODE_TRY(const std::int64_t bytes, swap_manifest(target, fresh));
  return copied + bytes;
}

Result<std::int64_t> Lake::restore(const std::string& backup, const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::exists(folder, error) && !is_empty_folder(folder)) {
    return fail(E::E11, fmt::format("{} exists and is not empty", folder), "name a folder that does not exist yet");
  }
  LODE_TRY(const auto files, read_backup(backup));
  // Everything is checked and copied beside the place before the place is touched.
  const std::string target = fs::absolute(folder, error).lexically_normal().string();
  const std::string place = fmt::format("{}.restoring-{}", target, getpid());
  if (!fs::create_directory(place, error)) {
    return fail(E::E11, fmt::format("{} exists, and is not ours to replace", place),
                "move it away, then run the same command");
  }
  auto copied = copy_backup(backup, place, files);
  if (!copied) {
    fs::remove_all(place, error);
    return copied;
  }
  if (std::rename(place.c_str(), target.c_str()) != 0) {
    return fail(file_error("rename to", target, errno));
  }
  LODE_CHECK(sync_folder(fs::path(target).parent_path().string()));
  return copied;
}

}  // namespace lode::lake
