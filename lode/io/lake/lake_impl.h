// What Lake, Snapshot and Writer share inside this module: the open manifest, the engine, and the parts of a commit.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "lode/io/lake/commits.h"
#include "lode/io/lake/duckdb.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/lake.h"
#include "lode/io/lake/manifest.h"

namespace lode::lake {

// The manifest's connection for as long as this lives; nobody else in the process uses it meanwhile.
class ManifestAccess {
 public:
  ManifestAccess(std::unique_lock<std::mutex> lock, const Database& database)
      : lock_(std::move(lock)), database_(&database) {}
  const Database* operator->() const { return database_; }
  const Database& operator*() const { return *database_; }

 private:
  std::unique_lock<std::mutex> lock_;
  const Database* database_;
};

struct Lake::Impl {
  Impl(std::string place, bool may_write, Clock& world_clock, Pool& world_pool)
      : folder(std::move(place)), writable(may_write), clock(world_clock), pool(world_pool) {}
  ~Impl();

  std::string folder;
  bool writable;
  Clock& clock;
  Pool& pool;

  ManifestAccess manifest() const { return {std::unique_lock(manifest_mutex_), *database}; }
  Result<std::shared_ptr<Engine>> engine() const;  // The process's. E5004
  std::string absolute(std::string_view relative) const { return folder + "/" + std::string(relative); }
  // E8004 unless writable.
  Result<void> require_writable() const;
  // Compares size and hash of each part's bytes with the manifest, once a part and process. E8005 naming the part.
  Result<void> check_parts(std::span<const StoredPart> parts) const;

  // The lock that a commit holds; who waits for it is told through on_wait. E8003, E0010
  Result<CommitLock> lock() const { return CommitLock::acquire(folder, kLockWaitSeconds, on_wait); }

  std::unique_ptr<Database> database;
  WaitNotice on_wait;

 private:
  mutable std::mutex manifest_mutex_;
  mutable std::mutex checked_mutex_;
  mutable std::set<std::int64_t> checked_;
};

// The store at one commit, as Snapshot holds it.
struct Snapshot::State {
  const Lake::Impl* lake;
  CommitId commit;
  std::vector<StoredPart> parts;  // Visible ones, by table, then rank, then id.

  // The run of `parts` that belongs to `table`.
  std::span<const StoredPart> of(std::string_view table) const;
};

// E2016 with the nearest name.
Result<const TableSpec*> require_table(std::string_view name);

}  // namespace lode::lake
