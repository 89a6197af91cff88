// Verify: every stored byte against its hash. Vacuum: files that no commit, run or reader needs any more.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/hash.h"
#include "lode/io/lake/archive.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/upkeep/garbage.h"

namespace lode::lake {
namespace {

struct Checked {
  std::string path;
  std::string hash;
  std::int64_t bytes;
};

// Parts whose bytes should be there, seen or not.
Result<std::vector<Checked>> stored_parts(const Database& manifest) {
  LODE_TRY(Statement rows, manifest.prepare("SELECT path, hash, bytes FROM parts WHERE deleted = 0 ORDER BY path"));
  std::vector<Checked> out;
  while (true) {
    LODE_TRY(const bool more, rows.step());
    if (!more) {
      return out;
    }
    out.push_back({rows.text(0), rows.text(1), rows.int64(2)});
  }
}

std::string check_part(const std::string& path, const Checked& part) {
  const auto file = MappedFile::open(path);
  if (!file) {
    return "missing";
  }
  if (std::cmp_not_equal(file->bytes().size(), part.bytes)) {
    return fmt::format("{} bytes, expected {}", file->bytes().size(), part.bytes);
  }
  return xxh3_hex(file->bytes()) == part.hash ? "" : "hash differs";
}

}  // namespace

Result<VerifyReport> Lake::verify() const {
  std::vector<Checked> parts;
  std::vector<RawFile> raw;
  {
    const ManifestAccess manifest = impl_->manifest();
    LODE_TRY(Statement check, manifest->prepare("PRAGMA integrity_check(1)"));
    LODE_TRY(const bool row, check.step());
    if (!row || check.text(0) != "ok") {
      return fail(E::E8007, fmt::format("{}/manifest.sqlite is damaged: {}", impl_->folder, check.text(0)),
                  "restore the lake from a backup with `lode data restore`");
    }
    LODE_CHECK(all_commits(*manifest));  // Each row's own check.
    LODE_CHECK(check_part_rows(*manifest));
    LODE_TRY(parts, stored_parts(*manifest));
    LODE_TRY(raw, raw_files(*manifest));
  }
  std::vector<std::string> faults(parts.size() + raw.size());
  impl_->pool.for_each(faults.size(), [&](std::size_t i) {
    const bool is_part = i < parts.size();
    const std::string& path = is_part ? parts[i].path : raw[i - parts.size()].path;
    std::string fault =
        is_part ? check_part(impl_->absolute(path), parts[i]) : check_raw(*impl_, raw[i - parts.size()]);
    if (!fault.empty()) {
      faults[i] = fmt::format("{}: {}", path, fault);
    }
  });
  VerifyReport report{.parts = static_cast<std::int64_t>(parts.size()),
                      .raw_files = static_cast<std::int64_t>(raw.size()),
                      .damaged = {}};
  for (std::string& fault : faults) {
    if (!fault.empty()) {
      report.damaged.push_back(std::move(fault));
    }
  }
  return report;
}

Result<VacuumReport> Lake::vacuum(bool really) {
  std::optional<CommitLock> lock;
  if (really) {
    LODE_CHECK(impl_->require_writable());
    LODE_TRY(CommitLock held, impl_->lock());
    lock.emplace(std::move(held));
  }
  const ManifestAccess manifest = impl_->manifest();
  LODE_TRY(Garbage garbage, find_garbage(*impl_, *manifest));
  if (really && !garbage.parts.empty()) {
    // Marked first: a crash in between leaves files that the next vacuum removes, never rows without files.
    LODE_TRY(Transaction transaction, Transaction::begin(*manifest));
    LODE_TRY(Statement mark, manifest->prepare("UPDATE parts SET deleted = 1 WHERE id = ?1"));
    for (const std::int64_t id : garbage.parts) {
      mark.bind(1, id);
      LODE_CHECK(mark.run());
    }
    LODE_CHECK(transaction.commit());
  }
  if (really) {
    LODE_CHECK(forget_raw(*impl_, *manifest, garbage.leftovers));
  }
  VacuumReport report;
  for (const auto* paths : {&garbage.unneeded, &garbage.leftovers.paths}) {
    for (const std::string& path : *paths) {
      const auto found = stat_file(impl_->absolute(path));
      report.files += 1;
      report.bytes += found ? found->bytes : 0;
      report.paths.push_back(path);
      if (really) {
        remove_quietly(impl_->absolute(path));
      }
    }
  }
  std::ranges::sort(report.paths);
  return report;
}

}  // namespace lode::lake
