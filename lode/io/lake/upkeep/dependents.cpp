// Dependents are found from the keys in the parts that each commit wrote, merged since or not.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/upkeep/dependents.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/view.h"

namespace lode::lake {
namespace {

using Parts = std::vector<StoredPart>;

// Parts that commits which stand wrote themselves and whose files are still there, by table.
Result<std::map<std::string, Parts>> own_parts(const Database& manifest) {
  std::map<std::string, Parts> out;
  LODE_TRY(Statement rows, manifest.prepare(R"sql(
    SELECT p.table_name, p.partition, p.path, p.commit_id, p.versions FROM parts p JOIN commits c ON c.id = p.commit_id
    WHERE c.reverted_by IS NULL AND p.deleted = 0 AND p.table_name NOT IN ('quarantine', 'factor_values')
      AND NOT EXISTS (SELECT 1 FROM replaced x WHERE x.commit_id = c.id)
    ORDER BY p.table_name, p.commit_id, p.id)sql"));
  while (true) {
    LODE_TRY(const bool more, rows.step());
    if (!more) {
      return out;
    }
    StoredPart part;
    part.table = rows.text(0);
    part.partition = rows.text(1);
    part.path = rows.text(2);
    part.commit = rows.int64(3);
    part.versions = rows.int64(4) != 0;
    out[part.table].push_back(std::move(part));
  }
}

template <class Keep>
Parts chosen(const Parts& parts, const Keep& keep) {
  Parts out;
  std::ranges::copy_if(parts, std::back_inserter(out), keep);
  return out;
}

std::string rows_of(const Lake::Impl& lake, std::string_view table, const Parts& parts) {
  std::vector<const StoredPart*> list;
  for (const StoredPart& part : parts) {
    list.push_back(&part);
  }
  return parts_sql(*find_table(table), list, lake.folder);
}

// Rows of each of `parts` for which `condition` holds, added up by commit.
Result<std::map<CommitId, std::int64_t>> count_rows(const Lake::Impl& lake, std::string_view table, const Parts& parts,
                                                    const std::string& condition) {
  std::map<CommitId, std::int64_t> out;
  LODE_TRY(const auto engine, lake.engine());
  for (std::size_t i = 0; i < parts.size();) {
    const CommitId commit = parts[i].commit;
    const Parts own = chosen(parts, [&](const StoredPart& part) { return part.commit == commit; });
    LODE_TRY(const Batch counted, engine->query(fmt::format("SELECT count(*) AS n FROM {} AS later WHERE {}",
                                                            rows_of(lake, table, own), condition)));
    if (const std::int64_t rows = counted.column("n").int64s()[0]; rows > 0) {
      out[commit] = rows;
    }
    i += own.size();
  }
  return out;
}

// Newer versions of rows of `mine` in the later parts of the same table.
Result<std::map<CommitId, std::int64_t>> corrections(const Lake::Impl& lake, const TableSpec& table, const Parts& mine,
                                                     const Parts& later) {
  const Parts versions = chosen(later, [&](const StoredPart& part) {
    return part.versions && std::ranges::find(mine, part.partition, &StoredPart::partition) != mine.end();
  });
  if (versions.empty()) {
    return std::map<CommitId, std::int64_t>();
  }
  const std::string keys = names_sql(table.key);
  return count_rows(lake, table.name, versions,
                    fmt::format("({}) IN (SELECT ({}) FROM {})", keys, keys, rows_of(lake, table.name, mine)));
}

}  // namespace

Result<std::vector<Dependent>> dependents(const Lake& lake, CommitId commit) {
  const Lake::Impl& impl = lake.impl();
  LODE_TRY(const auto parts, own_parts(*impl.manifest()));
  const auto is_mine = [&](const StoredPart& part) { return part.commit == commit; };
  const auto is_later = [&](const StoredPart& part) { return part.commit > commit; };
  std::string born;  // Of the instruments that no commit before held.
  if (const auto instruments = parts.find("instruments"); instruments != parts.end()) {
    const Parts mine = chosen(instruments->second, is_mine);
    const Parts before = chosen(instruments->second, [&](const StoredPart& part) { return part.commit < commit; });
    if (!mine.empty()) {
      born = fmt::format("SELECT instrument_id FROM {}", rows_of(impl, "instruments", mine));
      born += before.empty()
                  ? ""
                  : fmt::format(" EXCEPT SELECT instrument_id FROM {}", rows_of(impl, "instruments", before));
    }
  }
  std::map<std::pair<CommitId, std::string>, Dependent> found;
  const auto at = [&](CommitId later, const std::string& table) -> Dependent& {
    return found.try_emplace({-later, table}, Dependent{later, table}).first->second;
  };
  for (const auto& [name, all] : parts) {
    const TableSpec* table = find_table(name);
    const Parts mine = chosen(all, is_mine);
    const Parts later = chosen(all, is_later);
    if (table == nullptr || later.empty()) {
      continue;
    }
    if (!mine.empty()) {
      LODE_TRY(const auto rows, corrections(impl, *table, mine, later));
      for (const auto& [id, count] : rows) {
        at(id, name).corrections = count;
      }
    }
    if (!born.empty() && name != "instruments" && table->find("instrument_id") != nullptr) {
      LODE_TRY(const auto rows, count_rows(impl, name, later, fmt::format("instrument_id IN ({})", born)));
      for (const auto& [id, count] : rows) {
        at(id, name).orphans = count;
      }
    }
  }
  std::vector<Dependent> out;
  for (auto& [key, dependent] : found) {
    out.push_back(std::move(dependent));
  }
  return out;
}

}  // namespace lode::lake
