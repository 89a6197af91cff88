// Dropping a set of values: hidden first, then its bytes.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "lode/io/lake/files.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/values/pieces.h"
#include "lode/io/lake/values/values.h"

namespace lode::lake {
namespace {

// Parts of the set, and those it kept of hidden ones, that nobody else reads.
Result<std::vector<StoredPart>> parts_to_go(const Database& manifest, const ValuesSet& set, const PartUse& others) {
  std::vector<std::int64_t> ids;
  LODE_TRY(Statement own, manifest.prepare("SELECT id FROM parts WHERE commit_id = ?1 AND table_name = ?2"));
  own.bind(1, set.commit).bind(2, kFactorValues);
  while (true) {
    LODE_TRY(const bool more, own.step());
    if (!more) {
      break;
    }
    ids.push_back(own.int64(0));
  }
  const std::size_t count = ids.size();
  for (const KeptRange& range : set.kept) {
    ids.push_back(range.part);
  }
  std::vector<StoredPart> out;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const bool seen = std::find(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(i), ids[i]) !=
                      ids.begin() + static_cast<std::ptrdiff_t>(i);
    LODE_TRY(const std::optional<StoredPart> part, stored_part(manifest, ids[i]));
    if (seen || !part || others.kept.contains(part->id)) {
      continue;
    }
    LODE_TRY(const CommitInfo owner, commit_info(manifest, part->commit));
    if (i < count || owner.reverted) {
      out.push_back(*part);
    }
  }
  return out;
}

}  // namespace

Result<ValuesDrop> drop_values(Lake& lake, const ValuesSet& set, bool really) {
  const Lake::Impl& impl = lake.impl();
  ValuesDrop out;
  if (really) {
    LODE_TRY(const CommitInfo hidden, lake.revert(set.commit));
    out.commit = hidden.id;
  }
  std::optional<CommitLock> lock;
  if (really) {
    LODE_TRY(CommitLock held, impl.lock());
    lock.emplace(std::move(held));
  }
  const ManifestAccess manifest = impl.manifest();
  LODE_TRY(const PartUse others, part_use(*manifest, set.commit));
  LODE_TRY(const std::vector<StoredPart> parts, parts_to_go(*manifest, set, others));
  LODE_TRY(Statement own, manifest->prepare("SELECT commit_id FROM parts WHERE id = ?1"));
  for (const ValuesSet& other : others.sets) {
    for (const KeptRange& range : other.kept) {
      own.reset();
      own.bind(1, range.part);
      LODE_TRY(const bool found, own.step());
      if (found && own.int64(0) == set.commit) {
        out.needed_by.push_back(other.alias);
        break;
      }
    }
  }
  if (really && !parts.empty()) {
    LODE_TRY(Transaction transaction, Transaction::begin(*manifest));
    LODE_TRY(Statement mark, manifest->prepare("UPDATE parts SET deleted = 1 WHERE id = ?1"));
    for (const StoredPart& part : parts) {
      mark.bind(1, part.id);
      LODE_CHECK(mark.run());
    }
    LODE_CHECK(transaction.commit());
  }
  for (const StoredPart& part : parts) {
    out.files += 1;
    out.bytes += part.bytes;
    if (really) {
      remove_quietly(impl.absolute(part.path));
    }
  }
  return out;
}

}  // namespace lode::lake
