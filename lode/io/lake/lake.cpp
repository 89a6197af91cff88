// Opening a lake, its commits and snapshots, and the manifest statements they need.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/lake.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/upkeep/traces.h"

namespace lode::lake {
namespace {

bool may_write(const std::string& path) { return access(path.c_str(), W_OK) == 0; }

std::string manifest_path(const std::string& folder) { return folder + "/manifest.sqlite"; }

// In a read-only folder, or on a full disk, SQLite can keep no index of a write-ahead log beside it: what the files
// hold is read into memory. Another user may be writing there, so a copy that was disturbed is made again.
Result<std::unique_ptr<Database>> read_into_memory(const std::string& manifest) {
  constexpr int kTries = 20;
  constexpr auto kPause = std::chrono::milliseconds(50);
  for (int i = 1;; ++i) {
    auto database = Database::open_in_memory(manifest);
    if (database || database.error().number() != E::E8003 || i == kTries) {
      return database;
    }
    std::this_thread::sleep_for(kPause);
  }
}

Result<std::unique_ptr<Database>> open_for_reading(Lake::Impl& impl) {
  const std::string path = manifest_path(impl.folder);
  if (may_write(impl.folder) && may_write(path)) {
    return Database::open(path, OpenMode::kRead);
  }
  return read_into_memory(path);
}

// E0004 where a file stands in the place of the lake's folder, or of a folder above it.
Result<void> check_place(const std::string& folder, const std::string& named) {
  namespace fs = std::filesystem;
  std::error_code code;
  for (fs::path place = folder; !place.empty(); place = place.parent_path()) {
    const fs::file_status found = fs::status(place, code);
    if (fs::is_directory(found)) {
      break;
    }
    if (fs::exists(found)) {
      return fail(E::E4,
                  place == fs::path(folder)
                      ? fmt::format("the lake {} is a file, expected a folder", named)
                      : fmt::format("there is no lake at {}: {} is a file, expected a folder", named, place.string()),
                  "name a folder with --lake or LODE_LAKE");
    }
    if (place == place.parent_path()) {
      break;
    }
  }
  return {};
}

// E8007: a lake was here, and nothing tells which of its rows count. A new manifest would number its parts and runs
// from 1 and take every old one for left over.
Failure lost_manifest(const std::string& folder, std::string_view how, const Trace& trace) {
  return fail(
      E::E8007,
      fmt::format("the manifest of the lake {} is lost: {}/manifest.sqlite {}, and the lake's {} there ({})", folder,
                  folder, how, trace.what, trace.path),
      "bring a backup back as a new folder with `lode data restore BACKUP --lake OTHER`, or import into another "
      "folder with --lake; nothing here was touched");
}

// Of check_schema, with an empty manifest told as lost where a lake was.
Result<void> check_manifest(const Lake::Impl& impl, const std::optional<Trace>& trace) {
  Result<void> checked = check_schema(*impl.database);
  if (!checked && checked.error().number() == E::E8001 && trace) {
    return lost_manifest(impl.folder, "holds nothing", *trace);
  }
  return checked;
}

// A new lake's manifest is made whole under another name and then put in place: who dies over it leaves no lake, and
// never a manifest that looks lost.
Result<void> make_manifest(const std::string& path, Time now) {
  const std::string temporary = own_temporary(path);
  Result<bool> is_put = [&]() -> Result<bool> {
    {
      LODE_TRY(const std::unique_ptr<Database> database, Database::open(temporary, OpenMode::kCreate));
      LODE_CHECK(create_schema(*database, now));
      LODE_CHECK(database->fold_log());
    }
    return publish_new(temporary, path);
  }();
  if (!is_put || !*is_put) {  // Another process was first.
    for (const char* ending : {"", "-wal", "-shm"}) {
      remove_quietly(temporary + ending);
    }
  }
  LODE_CHECK(std::move(is_put));
  return {};
}

// `trace` stood there before the manifest was looked at.
Result<void> open_for_writing(Lake::Impl& impl, Access access, const std::optional<Trace>& trace) {
  const std::string path = manifest_path(impl.folder);
  if (access == Access::kCreate) {
    LODE_CHECK(make_folders(impl.folder));
  }
  if (!may_write(impl.folder) || (stat_file(path) && !may_write(path))) {
    return fail(E::E8004, fmt::format("the lake {} is read-only: its folder cannot be written", impl.folder),
                "check the owner and the permissions of the folder, or use another one with --lake");
  }
  if (is_network_file_system(impl.folder)) {
    return fail(E::E8004,
                fmt::format("the lake {} is on a network file system, where locks cannot be trusted", impl.folder),
                "write to a lake on a local disk and copy it with `lode data backup`");
  }
  if (access == Access::kCreate && !trace && !stat_file(path)) {
    LODE_CHECK(make_manifest(path, impl.clock.now()));
  }
  LODE_TRY(impl.database, Database::open(path, access == Access::kCreate ? OpenMode::kCreate : OpenMode::kWrite));
  if (access == Access::kCreate) {
    if (trace) {
      LODE_CHECK(check_manifest(impl, trace));
    }
    LODE_CHECK(create_schema(*impl.database, impl.clock.now()));
    LODE_CHECK(sync_folder(impl.folder));
  }
  return {};
}

}  // namespace

Lake::Impl::~Impl() = default;

Result<std::shared_ptr<Engine>> Lake::Impl::engine() const { return Engine::shared(pool.threads()); }

Result<void> Lake::Impl::require_writable() const {
  if (!writable) {
    return fail(E::E8004, fmt::format("the lake {} was opened for reading only", folder),
                "check the owner and the permissions of the folder");
  }
  return {};
}

Result<void> Lake::Impl::check_parts(std::span<const StoredPart> parts) const {
  std::vector<const StoredPart*> open;
  {
    const std::lock_guard guard(checked_mutex_);
    for (const StoredPart& part : parts) {
      if (!checked_.contains(part.id)) {
        open.push_back(&part);
      }
    }
  }
  std::vector<std::string> faults(open.size());
  pool.for_each(open.size(), [&](std::size_t i) {
    const StoredPart& part = *open[i];
    const auto file = MappedFile::open(absolute(part.path));
    if (!file) {
      faults[i] = "the file is missing";
    } else if (std::cmp_not_equal(file->bytes().size(), part.bytes)) {
      faults[i] = fmt::format("{} bytes, expected {}", file->bytes().size(), part.bytes);
    } else if (xxh3_hex(file->bytes()) != part.hash) {
      faults[i] = "hash differs";
    }
  });
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (!faults[i].empty()) {
      return fail(E::E8005, fmt::format("{}: {}", open[i]->path, faults[i]),
                  "run `lode data verify`, then restore the file from a backup or revert its commit and import again");
    }
  }
  const std::lock_guard guard(checked_mutex_);
  for (const StoredPart* part : open) {
    checked_.insert(part->id);
  }
  return {};
}

std::span<const StoredPart> Snapshot::State::of(std::string_view table) const {
  const auto range = std::ranges::equal_range(parts, table, {}, &StoredPart::table);
  return {range.begin(), range.end()};
}

Lake::Lake(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Lake::~Lake() = default;

Result<std::unique_ptr<Lake>> Lake::open(const std::string& folder, Access access, Clock& clock, Pool& pool) {
  std::error_code ignored;
  const std::string absolute = std::filesystem::absolute(folder, ignored).lexically_normal().string();
  auto impl = std::make_unique<Impl>(
      absolute.ends_with('/') && absolute.size() > 1 ? absolute.substr(0, absolute.size() - 1) : absolute,
      access != Access::kRead, clock, pool);
  LODE_CHECK(check_place(impl->folder, folder));
  // What a lake leaves is looked for first: whoever makes one at this moment makes the manifest before anything else.
  const std::optional<Trace> trace = find_trace(impl->folder);
  const auto manifest = stat_file(manifest_path(impl->folder));
  if (trace && (!manifest || manifest->bytes == 0)) {
    return lost_manifest(impl->folder, manifest ? "is empty" : "is missing", *trace);
  }
  if (access != Access::kCreate && !manifest) {
    return fail(E::E8001, fmt::format("there is no lake at {}", folder),
                "name one with --lake, or make one with `lode data import PATH`");
  }
  if (access == Access::kRead) {
    LODE_TRY(impl->database, open_for_reading(*impl));
  } else {
    LODE_CHECK(open_for_writing(*impl, access, trace));
  }
  Result<void> checked = check_manifest(*impl, trace);
  if (!checked && access == Access::kRead && checked.error().number() == E::E8006) {
    impl->database.reset();
    LODE_TRY(impl->database, read_into_memory(manifest_path(impl->folder)));
    checked = check_manifest(*impl, trace);
  }
  LODE_CHECK(std::move(checked));
  return std::unique_ptr<Lake>(new Lake(std::move(impl)));
}

const std::string& Lake::folder() const { return impl_->folder; }
bool Lake::writable() const { return impl_->writable; }
void Lake::on_wait(WaitNotice notice) { impl_->on_wait = std::move(notice); }

bool is_writable(const std::string& folder) {
  return may_write(folder) && (!stat_file(manifest_path(folder)) || may_write(manifest_path(folder)));
}

Result<Snapshot> Lake::snapshot(std::optional<CommitId> commit) const {
  const ManifestAccess manifest = impl_->manifest();
  LODE_TRY(const CommitId newest, last_commit(*manifest));
  const CommitId wanted = commit.value_or(newest);
  if (wanted < 0 || wanted > newest) {
    return fail(E::E8008, fmt::format("there is no commit {} in {}: the newest is {}", wanted, impl_->folder, newest),
                "`lode data show commits` lists them");
  }
  LODE_TRY(auto parts, visible_parts(*manifest, wanted));
  return Snapshot(std::make_shared<const Snapshot::State>(Snapshot::State{impl_.get(), wanted, std::move(parts)}));
}

Result<std::vector<CommitInfo>> Lake::commits() const { return all_commits(*impl_->manifest()); }
Result<std::vector<CommitRows>> Lake::commit_rows() const { return rows_of_commits(*impl_->manifest()); }

Result<const TableSpec*> require_table(std::string_view name) {
  if (const TableSpec* spec = find_table(name)) {
    return spec;
  }
  std::vector<std::string> names;
  for (const TableSpec& spec : lode::tables()) {
    names.emplace_back(spec.name);
  }
  return fail(E::E2016, fmt::format("there is no table '{}'", name), did_you_mean(name, names));
}

}  // namespace lode::lake
