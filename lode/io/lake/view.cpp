// Current views as SQL text. No number is computed here: rows are chosen, never summed.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/view.h"

#include <fmt/format.h>

#include <map>

#include "lode/io/lake/duckdb/rows.h"
#include "lode/io/lake/values/values.h"

namespace lode::lake {
namespace {

std::string where_sql(const std::vector<std::string>& conditions) {
  std::string out;
  for (const std::string& condition : conditions) {
    if (!condition.empty()) {
      out += fmt::format("{}({})", out.empty() ? " WHERE " : " AND ", condition);
    }
  }
  return out;
}

std::string no_rows(const TableSpec& table, std::span<const std::string_view> columns) {
  std::string out;
  for (const std::string_view column : columns) {
    out += fmt::format("{}CAST(NULL AS {}) AS {}", out.empty() ? "SELECT " : ", ",
                       duckdb::sql_type(table.find(column)->type), quote_name(column));
  }
  return out + " WHERE false";
}

std::string files_sql(std::span<const StoredPart* const> parts, const std::string& lake_folder,
                      std::string_view options) {
  std::string out = "read_parquet([";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    out += (i == 0 ? "" : ", ") + quote_text(lake_folder + "/" + parts[i]->path);
  }
  return fmt::format("{}], hive_partitioning=false{})", out, options);
}

std::string newest_only(const ViewSpec& spec, const std::string& files) {
  const std::string keys = names_sql(spec.table->key);
  // The window's own name cannot be a column of ours: none starts with an underscore.
  return fmt::format(
      "SELECT {} FROM (SELECT *, row_number() OVER (PARTITION BY {} ORDER BY file_index DESC, file_row_number DESC) "
      "AS _age FROM {}{}){}",
      names_sql(spec.columns), keys, files, where_sql({spec.early}), where_sql({"_age = 1", spec.late}));
}

}  // namespace

std::string names_sql(std::span<const std::string_view> names) {
  std::string out;
  for (const std::string_view name : names) {
    out += (out.empty() ? "" : ", ") + quote_name(name);
  }
  return out;
}

std::string parts_sql(const TableSpec& table, std::span<const StoredPart* const> parts,
                      const std::string& lake_folder) {
  if (!table.has_added_columns()) {
    return files_sql(parts, lake_folder, "");
  }
  // Older parts lack a column: the empty side names every column with its type, what a file has not is null.
  std::vector<std::string_view> columns;
  for (const ColumnSpec& column : table.columns) {
    columns.push_back(column.name);
  }
  return fmt::format("({} UNION ALL BY NAME SELECT *, file_index, file_row_number FROM {})", no_rows(table, columns),
                     files_sql(parts, lake_folder, ", union_by_name=true"));
}

namespace {

// Every set's rows, in long form; no key has a second version.
std::string values_view(const ViewSpec& spec, const std::string& lake_folder) {
  return fmt::format("SELECT {} FROM ({}){}", names_sql(spec.columns), values_sql(spec.parts, lake_folder),
                     where_sql({spec.early, spec.late}));
}

}  // namespace

namespace {

// Parts of partitions in which every key has one version, and of the others.
struct PartsByVersions {
  std::vector<const StoredPart*> plain;
  std::vector<const StoredPart*> versioned;
};

PartsByVersions by_versions(std::span<const StoredPart> all) {
  // A key never leaves its partition, because the date that partitions is part of it.
  std::map<std::string_view, std::vector<const StoredPart*>> partitions;
  for (const StoredPart& part : all) {
    partitions[part.partition].push_back(&part);
  }
  PartsByVersions out;
  for (const auto& [name, parts] : partitions) {
    bool versions = false;
    for (const StoredPart* part : parts) {
      versions = versions || part->versions;
    }
    auto& to = versions ? out.versioned : out.plain;
    to.insert(to.end(), parts.begin(), parts.end());
  }
  return out;
}

}  // namespace

std::string view_sql(const ViewSpec& spec, const std::string& lake_folder) {
  if (spec.table->name == kFactorValues && !spec.parts.empty()) {
    return values_view(spec, lake_folder);
  }
  const auto [plain, versioned] = by_versions(spec.parts);
  std::string out;
  if (!plain.empty()) {
    out = fmt::format("SELECT {} FROM {}{}", names_sql(spec.columns), parts_sql(*spec.table, plain, lake_folder),
                      where_sql({spec.early, spec.late}));
  }
  if (!versioned.empty()) {
    out += (out.empty() ? "" : " UNION ALL ") + newest_only(spec, parts_sql(*spec.table, versioned, lake_folder));
  }
  return out.empty() ? no_rows(*spec.table, spec.columns) : out;
}

std::string superseded_sql(const ViewSpec& spec, const std::string& lake_folder) {
  const std::vector<const StoredPart*> parts = by_versions(spec.parts).versioned;
  if (parts.empty()) {
    return fmt::format("SELECT *, CAST(NULL AS {}) AS _until FROM ({})", duckdb::sql_type(ColumnType::kTime),
                       no_rows(*spec.table, spec.columns));
  }
  return fmt::format(
      "SELECT {}, _until FROM (SELECT *, min(known_time) OVER (PARTITION BY {} ORDER BY file_index, file_row_number "
      "ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS _until FROM {}) WHERE _until IS NOT NULL",
      names_sql(spec.columns), names_sql(spec.table->key), parts_sql(*spec.table, parts, lake_folder));
}

std::string versions_sql(const ViewSpec& spec, const std::string& lake_folder) {
  std::vector<const StoredPart*> parts;
  for (const StoredPart& part : spec.parts) {
    parts.push_back(&part);
  }
  if (parts.empty()) {
    return fmt::format("SELECT *, 0 AS _file, 0 AS _row FROM ({})", no_rows(*spec.table, spec.columns));
  }
  return fmt::format("SELECT {}, file_index AS _file, file_row_number AS _row FROM {}{}", names_sql(spec.columns),
                     parts_sql(*spec.table, parts, lake_folder), where_sql({spec.early, spec.late}));
}

}  // namespace lode::lake
