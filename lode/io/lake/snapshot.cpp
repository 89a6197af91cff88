// Reading a snapshot: which parts a query touches, and the current view of their rows.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "lode/base/text.h"
#include "lode/io/lake/history/versions.h"
#include "lode/io/lake/judge.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/values/pieces.h"
#include "lode/io/lake/view.h"

namespace lode::lake {
namespace {

// Columns asked for, or all; E2001 with the nearest for one that is not there.
Result<std::vector<std::string_view>> chosen_columns(const TableSpec& table, const std::vector<std::string>& wanted) {
  std::vector<std::string_view> out;
  std::vector<std::string> names;
  for (const ColumnSpec& column : table.columns) {
    names.emplace_back(column.name);
    if (wanted.empty()) {
      out.push_back(column.name);
    }
  }
  for (const std::string& name : wanted) {
    const ColumnSpec* column = table.find(name);
    if (column == nullptr) {
      return fail(E::E2001, fmt::format("table {} has no column '{}'", table.name, name), did_you_mean(name, names));
    }
    if (std::ranges::find(out, column->name) == out.end()) {
      out.push_back(column->name);
    }
  }
  return out;
}

Result<void> check_selection(const TableSpec& table, const Query& query) {
  if (!query.instruments.empty() && table.find("instrument_id") == nullptr) {
    return fail(E::E2001, fmt::format("table {} has no column 'instrument_id' to choose instruments by", table.name));
  }
  if ((query.from || query.to) && table.date_column.empty()) {
    return fail(E::E2001, fmt::format("table {} has no date column to choose days by", table.name));
  }
  return {};
}

std::string both(std::string a, const std::string& b) {
  if (a.empty() || b.empty()) {
    return a.empty() ? b : a;
  }
  return fmt::format("{} AND {}", a, b);
}

std::string date_condition(const TableSpec& table, const Query& query) {
  std::string out;
  const std::string column = quote_name(table.date_column);
  if (query.from) {
    out = fmt::format("{} >= DATE '{}'", column, to_string(*query.from));
  }
  if (query.to) {
    out = both(out, fmt::format("{} <= DATE '{}'", column, to_string(*query.to)));
  }
  return out;
}

std::string instrument_condition(const Query& query) {
  std::string ids;
  for (const InstrumentId id : query.instruments) {
    ids += fmt::format("{}{}", ids.empty() ? "" : ", ", id.value);
  }
  return ids.empty() ? ids : fmt::format("instrument_id IN ({})", ids);
}

bool is_key(const TableSpec& table, std::string_view column) {
  return std::ranges::find(table.key, column) != table.key.end();
}

// A condition on key columns may choose among versions early, another only once the newest is known.
void add_condition(const TableSpec& table, std::string_view column, const std::string& condition, ViewSpec& view) {
  std::string& to = is_key(table, column) ? view.early : view.late;
  to = both(to, condition);
}

std::vector<StoredPart> touched_parts(const TableSpec& table, std::span<const StoredPart> parts, const Query& query) {
  // Where the date is no key, a newer version may have moved it: then no part can be left out by its dates.
  const bool by_date = is_key(table, table.date_column);
  std::vector<StoredPart> out;
  for (const StoredPart& part : parts) {
    const bool before = by_date && query.from && part.date_max && *part.date_max < *query.from;
    const bool after = by_date && query.to && part.date_min && *part.date_min > *query.to;
    const bool unknown_yet = query.as_of && part.known_min > *query.as_of;
    if (!before && !after && !unknown_yet) {
      out.push_back(part);
    }
  }
  return out;
}

}  // namespace

namespace {

// The parts behind a table's current view.
Result<std::vector<StoredPart>> parts_behind(const Snapshot::State& state, std::string_view table) {
  if (table == kFactorValues) {
    return values_parts(state);
  }
  const auto parts = state.of(table);
  return std::vector<StoredPart>(parts.begin(), parts.end());
}

}  // namespace

CommitId Snapshot::commit() const { return state_->commit; }

std::vector<TableInfo> Snapshot::tables() const {
  std::vector<TableInfo> out;
  for (const StoredPart& part : state_->parts) {
    if (out.empty() || out.back().name != part.table) {
      out.emplace_back().name = part.table;
    }
    TableInfo& table = out.back();
    table.rows += part.rows;
    table.parts += 1;
    table.bytes += part.bytes;
    table.last_commit = std::max(table.last_commit, part.commit);
    if (part.date_min && (!table.first || *part.date_min < *table.first)) {
      table.first = part.date_min;
    }
    if (part.date_max && (!table.last || *part.date_max > *table.last)) {
      table.last = part.date_max;
    }
  }
  return out;
}

std::vector<PartInfo> Snapshot::parts(std::string_view table) const {
  const auto stored = state_->of(table);
  return {stored.begin(), stored.end()};
}

Result<std::int64_t> Snapshot::count(std::string_view table_name) const {
  LODE_TRY(const TableSpec* table, require_table(table_name));
  std::map<std::string_view, std::vector<StoredPart>> partitions;
  LODE_TRY(const std::vector<StoredPart> all, parts_behind(*state_, table_name));
  for (const StoredPart& part : all) {
    partitions[part.partition].push_back(part);
  }
  std::int64_t rows = 0;
  std::vector<StoredPart> versioned;
  for (auto& [name, parts] : partitions) {
    if (std::ranges::any_of(parts, &StoredPart::versions)) {
      versioned.insert(versioned.end(), parts.begin(), parts.end());
      continue;
    }
    for (const StoredPart& part : parts) {
      rows += part.rows;
    }
  }
  if (versioned.empty()) {
    return rows;
  }
  LODE_CHECK(state_->lake->check_parts(versioned));
  const ViewSpec view{.table = table, .parts = versioned, .columns = table->key, .early = {}, .late = {}};
  LODE_TRY(const auto engine, state_->lake->engine());
  LODE_TRY(const Batch counted,
           engine->query(fmt::format("SELECT count(*) AS n FROM ({})", view_sql(view, state_->lake->folder))));
  return rows + counted.column("n").int64s()[0];
}

namespace {

// What a query reads of a table: the view, and the columns it gives.
struct Reading {
  const TableSpec* table;
  std::vector<StoredPart> parts;
  std::vector<std::string_view> columns;  // Asked for.
  ViewSpec view;                          // Those, and the keys to sort by.
  std::string order;
  bool is_as_of = false;
};

// The columns asked for. A vendor's adjusted close is none of what was known at an as_of.
std::string selected_sql(const Reading& reading) {
  if (!reading.is_as_of) {
    return names_sql(reading.columns);
  }
  std::string out;
  for (const std::string_view column : reading.columns) {
    const std::string name = quote_name(column);
    out += (out.empty() ? "" : ", ") + (column == kVendorClose ? "CAST(NULL AS DOUBLE) AS " + name : name);
  }
  return out;
}

Result<Reading> plan_reading(const Snapshot::State& state, std::string_view table_name, const Query& query) {
  LODE_TRY(const TableSpec* table, require_table(table_name));
  LODE_TRY(const auto columns, chosen_columns(*table, query.columns));
  LODE_CHECK(check_selection(*table, query));
  LODE_TRY(const std::vector<StoredPart> all, parts_behind(state, table_name));
  Reading out{.table = table,
              .parts = touched_parts(*table, all, query),
              .columns = columns,
              .view = {.table = table, .parts = {}, .columns = columns, .early = {}, .late = query.where},
              .order = {},
              .is_as_of = query.as_of.has_value()};
  LODE_CHECK(state.lake->check_parts(out.parts));
  ViewSpec& view = out.view;
  if (query.from || query.to) {
    add_condition(*table, table->date_column, date_condition(*table, query), view);
  }
  if (!query.instruments.empty()) {
    add_condition(*table, "instrument_id", instrument_condition(query), view);
  }
  if (query.as_of) {
    view.early = both(view.early, fmt::format("known_time <= make_timestamp_ns({})", query.as_of->nanos));
  }
  for (const std::string_view key : table->key) {  // Needed to sort by, dropped again outside.
    if (std::ranges::find(view.columns, key) == view.columns.end()) {
      view.columns.push_back(key);
    }
    out.order += fmt::format("{}{} NULLS FIRST", out.order.empty() ? "" : ", ", quote_name(key));
  }
  return out;
}

Result<Batch> read_rows(const Snapshot::State& state, const Reading& reading, const std::string& view,
                        const std::string& order, std::int64_t limit) {
  std::string sql = fmt::format("SELECT {} FROM ({}) ORDER BY {}", selected_sql(reading), view, order);
  if (limit > 0) {
    sql += fmt::format(" LIMIT {}", limit);
  }
  LODE_TRY(const auto engine, state.lake->engine());
  return engine->query(sql);
}

}  // namespace

Result<Batch> Snapshot::read(std::string_view table_name, const Query& query) const {
  LODE_TRY(Reading reading, plan_reading(*state_, table_name, query));
  reading.view.parts = reading.parts;
  return read_rows(*state_, reading, view_sql(reading.view, state_->lake->folder), reading.order, query.limit);
}

Result<Batch> read_versions(const Snapshot& snapshot, std::string_view table_name, const Query& query) {
  if (table_name == kFactorValues) {
    return fail(E::E4, fmt::format("rows of {} have no versions", table_name), "lode data show factor_values");
  }
  LODE_TRY(Reading reading, plan_reading(snapshot.state(), table_name, query));
  reading.view.parts = reading.parts;
  return read_rows(snapshot.state(), reading, versions_sql(reading.view, snapshot.state().lake->folder),
                   reading.order + ", _file, _row", query.limit);
}

}  // namespace lode::lake
