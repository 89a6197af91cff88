// The quick look, and the repairs that cost nothing.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/upkeep/checkup.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/io/lake/files.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/upkeep/garbage.h"

namespace lode::lake {

namespace {

constexpr std::int64_t kMostManifestBytes = std::int64_t{128} << 20;  // Read through in well under a second.

void check_manifest_file(const Lake::Impl& lake, Checkup& out) {
  const auto file = stat_file(lake.absolute("manifest.sqlite"));
  out.manifest_bytes = file ? file->bytes : 0;
  out.manifest_read = out.manifest_bytes <= kMostManifestBytes;
}

constexpr std::size_t kMostFiles = 100'000;  // Walked in a fraction of a second; verify and vacuum look at every one.

// What SQLite says to a check; none for a sound manifest.
Result<std::vector<std::string>> faults_by(const Database& manifest, std::string_view check) {
  LODE_TRY(Statement rows, manifest.prepare(check));
  std::vector<std::string> out;
  while (true) {
    LODE_TRY(const bool more, rows.step());
    if (!more) {
      return out;
    }
    if (rows.text(0) != "ok") {
      out.push_back(rows.text(0));
    }
  }
}

// One of SQLite's sentences about an index that does not fit its table.
bool is_of_an_index(std::string_view fault) {
  return fault.find("missing from index") != std::string_view::npos ||
         fault.find("wrong # of entries in index") != std::string_view::npos;
}

std::string first_of(const std::vector<std::string>& faults) {
  constexpr std::size_t kShown = 3;
  std::string out;
  for (std::size_t i = 0; i < std::min(kShown, faults.size()); ++i) {
    out += (out.empty() ? "" : "; ") + faults[i];
  }
  return out;
}

// The tables come before their indexes: one damaged index is as many faults as it has rows, and a list that is cut
// short could hide a fault that no new index mends. The quick check says at most a sentence an index.
Result<void> check_manifest_rows(const Database& manifest, Checkup& out) {
  LODE_TRY(std::vector<std::string> faults, faults_by(manifest, "PRAGMA quick_check(100)"));
  std::erase_if(faults, is_of_an_index);
  const bool tables_sound = faults.empty();
  if (tables_sound) {
    LODE_TRY(faults, faults_by(manifest, "PRAGMA integrity_check(3)"));
  }
  out.manifest_fault = first_of(faults);
  out.is_index_fault = tables_sound && !faults.empty() && std::ranges::all_of(faults, is_of_an_index);
  return {};
}

VacuumReport report_of(const Lake::Impl& lake, const std::vector<std::string>& paths) {
  VacuumReport out;
  for (const std::string& path : paths) {
    const auto found = stat_file(lake.absolute(path));
    out.files += 1;
    out.bytes += found ? found->bytes : 0;
    out.paths.push_back(path);
  }
  return out;
}

}  // namespace

Result<Checkup> check_up(const Lake& lake) {
  const Lake::Impl& impl = lake.impl();
  Checkup out;
  out.committing = lock_holder(impl.folder);
  check_manifest_file(impl, out);
  const ManifestAccess manifest = impl.manifest();
  if (out.manifest_read) {
    LODE_CHECK(check_manifest_rows(*manifest, out));
  }
  LODE_TRY(const CommitId newest, last_commit(*manifest));
  LODE_TRY(const std::vector<StoredPart> parts, visible_parts(*manifest, newest));
  for (const StoredPart& part : parts) {
    const auto file = stat_file(impl.absolute(part.path));
    if (!file || file->bytes != part.bytes) {
      out.absent.push_back(file ? fmt::format("{}: {} bytes, expected {}", part.path, file->bytes, part.bytes)
                                : fmt::format("{}: missing", part.path));
    }
    out.parts += 1;
    out.part_bytes += part.bytes;
  }
  LODE_TRY(const Leftovers leftovers, find_leftovers(impl, *manifest, kMostFiles));
  out.leftovers = report_of(impl, leftovers.paths);
  out.looked_at_all = leftovers.looked_at_all;
  return out;
}

Result<VacuumReport> remove_leftovers(Lake& lake) {
  Lake::Impl& impl = lake.impl();
  LODE_CHECK(impl.require_writable());
  LODE_TRY(const CommitLock held, impl.lock());
  const ManifestAccess manifest = impl.manifest();
  LODE_TRY(Leftovers leftovers, find_leftovers(impl, *manifest, kMostFiles));  // As listed, and no more.
  LODE_CHECK(forget_raw(impl, *manifest, leftovers));
  VacuumReport out = report_of(impl, leftovers.paths);
  for (const std::string& path : leftovers.paths) {
    remove_quietly(impl.absolute(path));
  }
  return out;
}

Result<void> rebuild_indexes(Lake& lake) {
  Lake::Impl& impl = lake.impl();
  LODE_CHECK(impl.require_writable());
  LODE_TRY(const CommitLock held, impl.lock());
  return impl.manifest()->execute("REINDEX");
}

}  // namespace lode::lake
