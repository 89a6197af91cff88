// Commits that change which parts are seen: compaction merges the parts of a partition, a revert hides a commit.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "lode/base/assert.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/multiset.h"
#include "lode/io/lake/part.h"

namespace lode::lake {
namespace {

// One partition's old parts and the part that takes their place.
struct Merge {
  std::vector<StoredPart> from;
  StoredPart into;
};

bool has_equal_neighbours(const TableSpec& table, const Batch& batch, const std::vector<std::uint32_t>& order) {
  for (std::size_t i = 1; i < order.size(); ++i) {
    const bool equal = std::ranges::all_of(table.key, [&](std::string_view key) {
      const Column& column = batch.column(key);
      return column.same(order[i], column, order[i - 1]);
    });
    if (equal) {
      return true;
    }
  }
  return false;
}

// Reads the parts in version order, sorts by key (stable, so versions keep their order), writes them as one, and reads
// that back: the rows must be the same multiset.
Result<void> write_merged(const Lake::Impl& lake, const TableSpec& table, Merge& merge) {
  LODE_TRY(const Batch rows, read_parts(lake, merge.from));
  const std::vector<std::uint32_t> order = rows.sorted_rows(table.key);
  merge.into.versions = has_equal_neighbours(table, rows, order);
  LODE_CHECK(write_part(lake, table, rows, order, merge.into));
  LODE_TRY(const Batch written, read_parts(lake, std::span(&merge.into, 1)));
  if (multiset_of(rows) != multiset_of(written)) {
    return fail(
        E::E9001,
        fmt::format("compaction of {} {} changed its rows; nothing was swapped", table.name, merge.into.partition),
        "report this with the table's parts");
  }
  return {};
}

std::vector<Merge> plan_merges(std::span<const StoredPart> parts, std::size_t parts_most) {
  std::map<std::string, Merge> by_partition;
  for (const StoredPart& part : parts) {
    Merge& merge = by_partition[part.partition];
    merge.into.table = part.table;
    merge.into.partition = part.partition;
    merge.into.rank = std::max(merge.into.rank, part.rank);
    merge.from.push_back(part);
  }
  std::vector<Merge> out;
  for (auto& [name, merge] : by_partition) {
    if (merge.from.size() > std::max<std::size_t>(parts_most, 1)) {
      out.push_back(std::move(merge));
    }
  }
  return out;
}

Result<CommitInfo> swap_parts(const Lake::Impl& lake, std::string_view table, std::vector<Merge>& merges) {
  LODE_TRY(const CommitLock lock, lake.lock());
  const ManifestAccess manifest = lake.manifest();
  LODE_TRY(const CommitId now, last_commit(*manifest));
  LODE_TRY(const auto visible, visible_parts(*manifest, now));
  std::set<std::int64_t> seen;
  for (const StoredPart& part : visible) {
    seen.insert(part.id);
  }
  std::int64_t merged = 0;
  for (const Merge& merge : merges) {
    merged += static_cast<std::int64_t>(merge.from.size());
    if (!std::ranges::all_of(merge.from, [&](const StoredPart& part) { return seen.contains(part.id); })) {
      return fail(E::E8003, fmt::format("table {} was reverted or compacted by another process meanwhile", table),
                  "run the command again");
    }
  }
  LODE_TRY(Transaction transaction, Transaction::begin(*manifest));
  Value note = Value::object();
  note.set("table", table);
  note.set("parts_before", merged);
  note.set("parts_after", static_cast<std::int64_t>(merges.size()));
  LODE_TRY(CommitInfo info, insert_commit(*manifest, lake.clock.now(), fmt::format("compact:{}:{}", table, now),
                                          std::string(kCompactFlow), std::move(note)));
  LODE_TRY(Statement replace, manifest->prepare("INSERT INTO replaced(part_id, commit_id) VALUES (?1, ?2)"));
  for (Merge& merge : merges) {
    merge.into.commit = info.id;
    LODE_CHECK(insert_part(*manifest, merge.into));
    for (const StoredPart& part : merge.from) {
      replace.bind(1, part.id).bind(2, info.id);
      LODE_CHECK(replace.run());
    }
  }
  LODE_CHECK(transaction.commit());
  return info;
}

// The commit and every compaction, not reverted, that took over rows of it: they must go together.
Result<std::set<CommitId>> with_compactions(const Database& manifest, CommitId commit) {
  std::set<CommitId> out{commit};
  std::vector<CommitId> open{commit};
  while (!open.empty()) {
    LODE_TRY(Statement rows, manifest.prepare(R"sql(
      SELECT DISTINCT x.commit_id FROM replaced x JOIN parts p ON p.id = x.part_id JOIN commits c ON c.id = x.commit_id
      WHERE p.commit_id = ?1 AND c.reverted_by IS NULL)sql"));
    rows.bind(1, open.back());
    open.pop_back();
    while (true) {
      LODE_TRY(const bool more, rows.step());
      if (!more) {
        break;
      }
      if (out.insert(rows.int64(0)).second) {
        open.push_back(rows.int64(0));
      }
    }
  }
  return out;
}

Result<void> check_revertible(const CommitInfo& info) {
  if (info.flow == kRevertFlow) {
    return fail(E::E8008, fmt::format("commit {} is itself a revert and holds no rows", info.id),
                "import the files again to bring their rows back");
  }
  if (info.reverted) {
    return fail(E::E8008, fmt::format("commit {} is reverted already", info.id));
  }
  return {};
}

}  // namespace

Result<CommitInfo> Lake::compact(std::string_view table_name, std::size_t parts_most) {
  LODE_CHECK(impl_->require_writable());
  LODE_TRY(const TableSpec* table, require_table(table_name));
  LODE_TRY(const Snapshot current, snapshot());
  const auto parts = current.state().of(table_name);
  // The parts of a set of values are as large as they should be.
  std::vector<Merge> merges = table->name == kFactorValues ? std::vector<Merge>() : plan_merges(parts, parts_most);
  if (merges.empty()) {
    return current.commit() == 0 ? CommitInfo() : commit_info(*impl_->manifest(), current.commit());
  }
  LODE_TRY(std::int64_t id, reserve_parts(*impl_->manifest(), static_cast<std::int64_t>(merges.size())));
  Result<void> done;
  for (Merge& merge : merges) {  // One at a time: a partition's rows are in memory meanwhile.
    merge.into.id = id++;
    const std::string& first = merge.from.front().path;
    merge.into.path = fmt::format("{}/part-{}.parquet", first.substr(0, first.rfind('/')), merge.into.id);
    done = impl_->check_parts(merge.from);
    if (done) {
      done = write_merged(*impl_, *table, merge);
    }
    if (!done) {
      break;
    }
  }
  Result<CommitInfo> info = done ? swap_parts(*impl_, table_name, merges) : fail(std::move(done).error());
  if (!info) {
    for (const Merge& merge : merges) {
      if (merge.into.bytes > 0) {  // Else it was never written.
        remove_quietly(impl_->absolute(merge.into.path));
      }
    }
  }
  return info;
}

Result<CommitInfo> Lake::revert(CommitId commit) {
  LODE_CHECK(impl_->require_writable());
  LODE_TRY(const CommitLock lock, impl_->lock());
  const ManifestAccess manifest = impl_->manifest();
  LODE_TRY(const CommitInfo target, commit_info(*manifest, commit));
  LODE_CHECK(check_revertible(target));
  LODE_TRY(const std::set<CommitId> hidden, with_compactions(*manifest, commit));
  LODE_TRY(Transaction transaction, Transaction::begin(*manifest));
  Value note = Value::object();
  note.set("reverts", commit);
  LODE_TRY(CommitInfo info, insert_commit(*manifest, impl_->clock.now(), fmt::format("revert:{}", commit),
                                          std::string(kRevertFlow), std::move(note)));
  for (const CommitId one : hidden) {  // What the compactions among them merged is seen again.
    LODE_CHECK(hide_commit(*manifest, one, info.id));
  }
  auto visible = visible_parts(*manifest, info.id);
  if (!visible) {  // Rolled back with the transaction.
    return fail(E::E8008,
                fmt::format("commit {} cannot be reverted: its rows were compacted, and vacuum removed the parts "
                            "from before",
                            commit),
                "restore a backup made before the vacuum");
  }
  LODE_CHECK(transaction.commit());
  return info;
}

}  // namespace lode::lake
