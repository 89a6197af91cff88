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

// What SQLite finds, the first few faults; "" for none.
Result<std::string> integrity(const Database& manifest) {
  LODE_TRY(Statement check, manifest.prepare("PRAGMA integrity_check(3)"));
  std::string out;
  while (true) {
    LODE_TRY(const bool more, check.step());
    if (!more) {
      return out == "ok" ? "" : out;
    }
    out += (out.empty() ? "" : "; ") + check.text(0);
  }
}

// SQLite's two sentences about an index that does not fit its table.
bool names_only_indexes(std::string_view faults) {
  for (std::size_t begin = 0; begin < faults.size();) {
    const std::size_t end = std::min(faults.find("; ", begin), faults.size());
    const std::string_view fault = faults.substr(begin, end - begin);
    if (fault.find("missing from index") == std::string_view::npos &&
        fault.find("wrong # of entries in index") == std::string_view::npos) {
      return false;
    }
    begin = end + 2;
  }
  return !faults.empty();
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
    LODE_TRY(out.manifest_fault, integrity(*manifest));
    out.is_index_fault = names_only_indexes(out.manifest_fault);
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
  LODE_TRY(const Garbage garbage, find_garbage(impl, *manifest));
  out.leftovers = report_of(impl, garbage.leftovers);
  return out;
}

Result<VacuumReport> remove_leftovers(Lake& lake) {
  Lake::Impl& impl = lake.impl();
  LODE_CHECK(impl.require_writable());
  LODE_TRY(const CommitLock held, impl.lock());
  const ManifestAccess manifest = impl.manifest();
  LODE_TRY(const Garbage garbage, find_garbage(impl, *manifest));
  VacuumReport out = report_of(impl, garbage.leftovers);
  for (const std::string& path : garbage.leftovers) {
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
