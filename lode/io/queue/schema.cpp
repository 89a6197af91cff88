// Opens a queue's file, or makes it.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/io/lake/files.h"
#include "lode/io/queue/checked_file.h"
#include "lode/io/queue/queue_impl.h"

namespace lode::queue {

namespace {

constexpr const char* kSchema = R"sql(
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE state(
  one INTEGER PRIMARY KEY, commits INTEGER NOT NULL, next_id INTEGER NOT NULL, token INTEGER NOT NULL,
  pending INTEGER NOT NULL, pending_bytes INTEGER NOT NULL, pushed INTEGER NOT NULL, duplicates INTEGER NOT NULL,
  acked INTEGER NOT NULL, dead INTEGER NOT NULL, set_aside INTEGER NOT NULL, trimmed INTEGER NOT NULL,
  flushed INTEGER NOT NULL, key_version INTEGER NOT NULL);
INSERT INTO state VALUES (1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0);
CREATE TABLE log(
  id INTEGER PRIMARY KEY, pushed INTEGER NOT NULL, grp TEXT NOT NULL, key TEXT NOT NULL, payload BLOB NOT NULL,
  crc INTEGER NOT NULL);
CREATE TABLE links(
  id INTEGER PRIMARY KEY, grp INTEGER NOT NULL, next INTEGER NOT NULL, bytes INTEGER NOT NULL, high INTEGER,
  low INTEGER);
CREATE TABLE groups(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, head INTEGER NOT NULL, tail INTEGER NOT NULL,
  count INTEGER NOT NULL, state INTEGER NOT NULL, until INTEGER NOT NULL, token INTEGER NOT NULL,
  attempts INTEGER NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, host TEXT NOT NULL,
  cause TEXT NOT NULL, attempt_id TEXT NOT NULL, seal TEXT NOT NULL);
CREATE INDEX groups_by_head ON groups(state, head);
CREATE INDEX groups_by_until ON groups(until) WHERE state = 1;
CREATE INDEX groups_by_seal ON groups(seal) WHERE seal <> '';
CREATE TABLE dead(
  id INTEGER PRIMARY KEY, grp TEXT NOT NULL, cause TEXT NOT NULL, attempts INTEGER NOT NULL,
  first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, died INTEGER NOT NULL, host TEXT NOT NULL);
CREATE TABLE acked(id INTEGER PRIMARY KEY, token INTEGER NOT NULL);
CREATE TABLE aside(id INTEGER PRIMARY KEY, place TEXT NOT NULL, found INTEGER NOT NULL);
CREATE TABLE offsets(consumer TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE key_runs(
  id INTEGER PRIMARY KEY, level INTEGER NOT NULL, entries INTEGER NOT NULL, fences BLOB NOT NULL,
  filter BLOB NOT NULL);
CREATE TABLE key_blocks(id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE key_merges(id INTEGER PRIMARY KEY);
)sql";

struct NamedOption {
  const char* name;
  std::int64_t Options::*field;
};
constexpr NamedOption kNumbers[] = {
    {"dedupe_window_s", &Options::dedupe_window_s}, {"visibility_s", &Options::visibility_s},
    {"receives_most", &Options::receives_most},     {"messages_most", &Options::messages_most},
    {"bytes_most", &Options::bytes_most},           {"retain_s", &Options::retain_s},
    {"fresh_keys", &Options::fresh_keys},           {"log_pages", &Options::log_pages},
};

std::string random_hex() {
  std::uint64_t bits = 0;
  LODE_ASSERT(getrandom(&bits, sizeof bits, 0) == static_cast<ssize_t>(sizeof bits));
  return hex(bits);
}

std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string line;
  std::getline(file, line);
  return line.empty() ? "unknown" : line;
}

std::string host_and_process() {
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  return fmt::format("{}:{}", host, getpid());
}

Failure damaged(const std::string& path, const std::string& why, const std::string& hint = {}) {
  return fail(E::E8022, fmt::format("the queue {} is damaged: {}", path, why),
              hint.empty() ? "bring the file and its .mark back from a backup, or move both away and fetch again what "
                             "the queue held"
                           : hint);
}

// The first bytes of an existing file, before SQLite may touch it.
Result<void> check_header(const std::string& path, std::int64_t acknowledged) {
  constexpr std::size_t kHeaderBytes = 100;
  LODE_TRY(const std::string header, lake::Database::first_bytes(path, kHeaderBytes));
  if (header.empty()) {  // Its maker died before the first page, or somebody cut it.
    return acknowledged > 0 ? damaged(path, fmt::format("it is empty and held {} commits", acknowledged))
                            : Result<void>();
  }
  if (header.size() < kHeaderBytes || !header.starts_with(std::string_view("SQLite format 3", 16))) {
    return damaged(path, "its first bytes are not those of a queue");
  }
  const int reserved = static_cast<unsigned char>(header[20]);
  const int page_bytes = static_cast<unsigned char>(header[16]) * 256 + static_cast<unsigned char>(header[17]);
  if (reserved != checked_storage().reserved_bytes || page_bytes != kPageBytes) {
    return damaged(path, fmt::format("page 1 tells of pages of {} bytes with {} kept free, not {} with {}", page_bytes,
                                     reserved, kPageBytes, checked_storage().reserved_bytes));
  }
  return {};
}

class Meta {
 public:
  explicit Meta(const lake::Database& database) : database_(database) {}
  Result<std::optional<std::string>> get(const std::string& name) const {
    LODE_TRY(auto select, database_.prepare("SELECT value FROM meta WHERE name = ?1"));
    select.bind(1, std::string_view(name));
    LODE_TRY(const bool row, select.step());
    return row ? std::optional(select.text(0)) : std::nullopt;
  }
  // True when it was another.
  Result<bool> set(const std::string& name, const std::string& value) const {
    LODE_TRY(const auto was, get(name));
    if (was == value) {
      return false;
    }
    LODE_TRY(auto insert, database_.prepare("INSERT OR REPLACE INTO meta(name, value) VALUES (?1, ?2)"));
    insert.bind(1, std::string_view(name)).bind(2, std::string_view(value));
    LODE_CHECK(insert.run());
    return true;
  }

 private:
  const lake::Database& database_;
};

Result<bool> has_tables(const lake::Database& database) {
  LODE_TRY(auto select, database.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'meta'"));
  LODE_TRY(const bool row, select.step());
  LODE_ASSERT(row);
  return select.int64(0) > 0;
}

Result<void> make_tables(const lake::Database& database, const Options& options) {
  LODE_CHECK(database.execute(kSchema));
  const Meta meta(database);
  LODE_CHECK(meta.set("format", std::to_string(kFormatVersion)));
  LODE_CHECK(meta.set("dedupe", options.dedupe ? "1" : "0"));
  for (const char* name : {"uid", "seed_high", "seed_low"}) {
    LODE_CHECK(meta.set(name, random_hex()));
  }
  return {};
}

Result<bool> write_options(const Meta& meta, const Options& options) {
  bool changed = false;
  for (const NamedOption& one : kNumbers) {
    LODE_TRY(const bool other, meta.set(one.name, std::to_string(options.*one.field)));
    changed = changed || other;
  }
  LODE_TRY(const bool other, meta.set("on_dead", options.on_dead == OnDead::kBlock ? "block" : "skip"));
  return changed || other;
}

Result<void> read_options(const Meta& meta, Queue::Impl& impl) {
  const auto wanted = [&](const std::string& name) -> Result<std::string> {
    LODE_TRY(const auto value, meta.get(name));
    if (!value) {
      return damaged(impl.path, "its table meta has no " + name);
    }
    return *value;
  };
  LODE_TRY(const std::string format, wanted("format"));
  std::int64_t version = 0;
  if (!parse_int(format, version) || version > kFormatVersion) {
    return fail(
        E::E8002,
        fmt::format("the queue {} has format {}, this program reads up to {}", impl.path, format, kFormatVersion),
        "use the newer program; nothing was changed");
  }
  LODE_TRY(impl.uid, wanted("uid"));
  LODE_TRY(const std::string seed_high, wanted("seed_high"));
  LODE_TRY(const std::string seed_low, wanted("seed_low"));
  LODE_TRY(const std::string dedupe, wanted("dedupe"));
  LODE_TRY(const std::string on_dead, wanted("on_dead"));
  impl.options.dedupe = dedupe == "1";
  impl.options.on_dead = on_dead == "block" ? OnDead::kBlock : OnDead::kSkip;
  for (const NamedOption& one : kNumbers) {
    LODE_TRY(const std::string value, wanted(one.name));
    if (!parse_int(value, impl.options.*one.field)) {
      return damaged(impl.path, fmt::format("{} is {}", one.name, value));
    }
  }
  impl.keys = std::make_unique<Keys>(xxh3(seed_high), xxh3(seed_low),
                                     static_cast<std::size_t>(std::max<std::int64_t>(impl.options.fresh_keys, 1)));
  return {};
}

}  // namespace

Result<void> open_file(Queue::Impl& impl, Access access, const Options& options) {
  impl.host = host_and_process();
  const bool there = lake::stat_file(impl.path).has_value();
  if (!there && access == Access::kWrite) {
    return fail(E::E8020, fmt::format("there is no queue {} ({})", impl.name, impl.path));
  }
  const std::string folder = std::filesystem::path(impl.path).parent_path();
  const std::string mark_path = folder + "/" + impl.name + ".mark";
  LODE_CHECK(lake::make_folders(folder));
  const std::int64_t acknowledged = Mark::read(mark_path);  // Before the file: others go on meanwhile.
  LODE_CHECK(there ? check_header(impl.path, acknowledged) : Result<void>());
  forget_damage(impl.path);
  impl.failed_syncs_before = file_health(impl.path).failed_syncs;
  LODE_TRY(impl.database, lake::Database::open(impl.path, there ? lake::OpenMode::kWrite : lake::OpenMode::kCreate,
                                               checked_storage()));
  LODE_CHECK(impl.database->execute("PRAGMA cache_size=-16384; PRAGMA secure_delete=OFF; PRAGMA temp_store=MEMORY;"));
  LODE_TRY(lake::Transaction transaction, lake::Transaction::begin(*impl.database));
  LODE_TRY(const bool made, has_tables(*impl.database));
  bool changed = !made;
  if (!made && (access == Access::kWrite || acknowledged > 0)) {
    return acknowledged > 0
               ? damaged(impl.path, fmt::format("its tables are gone, and it held {} commits", acknowledged))
               : Result<void>(fail(E::E8020, fmt::format("the queue {} is empty", impl.path)));
  }
  LODE_CHECK(made ? Result<void>() : make_tables(*impl.database, options));
  const Meta meta(*impl.database);
  if (access == Access::kCreate) {
    LODE_TRY(const bool other, write_options(meta, options));
    changed = changed || other;
  }
  LODE_CHECK(read_options(meta, impl));
  LODE_TRY(State state, impl.read_state());
  if (state.commits < acknowledged) {
    return damaged(
        impl.path,
        fmt::format("commits {} to {} were acknowledged and are not there; its log is damaged behind commit {}",
                    state.commits + 1, acknowledged, state.commits),
        fmt::format("bring both files back from a backup; or remove {} to go on with what is left, and fetch "
                    "again what was pushed last",
                    mark_path));
  }
  // The monotonic clock began anew with the machine, and nobody who held a lease is left.
  LODE_TRY(const bool started, meta.set("boot", boot_id()));
  if (started) {
    changed = true;
    LODE_CHECK(impl.database->execute(fmt::format("UPDATE groups SET until = {} WHERE state = {}",
                                                  std::numeric_limits<std::int64_t>::min(), kLeased)));
  }
  if (changed) {
    ++state.commits;
    LODE_CHECK(impl.write_state(state));
    impl.statements.clear();
    LODE_CHECK(transaction.commit());
  }
  LODE_CHECK(impl.database->execute(fmt::format("PRAGMA wal_autocheckpoint={}", impl.options.log_pages)));
  LODE_TRY(Mark mark, Mark::open(mark_path));
  impl.mark.emplace(std::move(mark));
  return made ? Result<void>() : lake::sync_folder(folder);
}

}  // namespace lode::queue
