// Days out of instants.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/store/zoned.h"

#include <fmt/format.h>

#include <functional>
#include <optional>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/base/value.h"
#include "lode/io/arrow/reader.h"
#include "lode/io/lake/parquet.h"
#include "lode/io/net/base64.h"
#include "lode/io/source/long_table.h"
#include "lode/market/zone.h"

namespace lode::flow {

namespace {

bool is_midnight(Time time) { return time == start_of_day(utc_date(time)); }

// {"columns": [{"field_name": "Date", "metadata": {"timezone": "Australia/Sydney"}}]}; what it is not says nothing.
void add_zones_of_pandas(const std::string& note, ZonedColumns& out) {
  const Result<Value> read = parse_json(note);
  const Value* columns = read && read->is_object() ? read->find("columns") : nullptr;
  if (columns == nullptr || !columns->is_array()) {
    return;
  }
  for (const Value& one : columns->as_array()) {
    const Value* name = one.is_object() ? one.find("field_name") : nullptr;
    const Value* about = one.is_object() ? one.find("metadata") : nullptr;
    const Value* zone = about != nullptr && about->is_object() ? about->find("timezone") : nullptr;
    if (name == nullptr || !name->is_text() || zone == nullptr || !zone->is_text()) {
      continue;
    }
    if (const auto found = out.find(name->as_text()); found != out.end() && found->second.empty()) {
      found->second = zone->as_text();
    }
  }
}

void add_zones_of_arrow(const std::string& note, const std::string& path, ZonedColumns& out) {
  const std::optional<std::string> schema = net::base64_decode(note);
  const auto zones = schema ? arrow::arrow_zones(*schema, path) : Result<ZonedColumns>(ZonedColumns());
  if (!zones) {
    return;  // A note that cannot be read tells nothing; the rows are whole without it.
  }
  for (const auto& [name, zone] : *zones) {
    if (const auto found = out.find(name); found != out.end()) {
      found->second = zone;
    }
  }
}

// Each instant of the column, as `read` has it.
Column changed(const Column& column, const std::function<Time(Time)>& read) {
  Column out(column.name(), ColumnType::kTime);
  for (std::size_t row = 0; row < column.size(); ++row) {
    column.is_null(row) ? out.push_null() : out.push(read(Time{column.times()[row]}));
  }
  return out;
}

bool all_midnights(const Column& column) {
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (!column.is_null(row) && !is_midnight(Time{column.times()[row]})) {
      return false;
    }
  }
  return true;
}

Failure which_zone(const Column& column, const std::string& zone, const std::string& path) {
  std::size_t row = 0;
  while (column.is_null(row) || is_midnight(Time{column.times()[row]})) {
    ++row;
  }
  return fail(E::E2005,
              fmt::format("{}: the column {} holds instants {}, first {}: the day they were in depends on a zone that "
                          "nothing tells",
                          path, column.name(), zone.empty() ? "of no named zone" : "of UTC", column.cell(row)),
              "--mic names the exchange on whose clock they are read; or store dates (pandas: df.index.date)");
}

// "+11:00" between a clock and UTC; with seconds where a place had its own noon, as all did once.
std::string offset_text(std::int64_t nanos) {
  const std::int64_t seconds = (nanos < 0 ? -nanos : nanos) / kNanosPerSecond;
  const std::string out = fmt::format("{}{:02}:{:02}", nanos < 0 ? '-' : '+', seconds / 3600, seconds / 60 % 60);
  return seconds % 60 == 0 ? out : fmt::format("{}:{:02}", out, seconds % 60);
}

std::string without_z(Time time) {
  std::string out = to_string(time);
  out.pop_back();
  return out;
}

}  // namespace

Result<ZonedColumns> zones_of_parquet(const std::string& path) {
  ZonedColumns out;
  LODE_TRY(const std::vector<std::string> columns, lake::instant_columns(path));
  for (const std::string& name : columns) {
    out.emplace(name, "");
  }
  if (out.empty()) {
    return out;
  }
  LODE_TRY(const std::string schema, lake::parquet_note(path, "ARROW:schema"));
  if (!schema.empty()) {
    add_zones_of_arrow(schema, path, out);
  }
  LODE_TRY(const std::string pandas, lake::parquet_note(path, "pandas"));
  if (!pandas.empty()) {
    add_zones_of_pandas(pandas, out);
  }
  return out;
}

Result<ZonedColumns> zones_of_arrow(std::string_view bytes, const std::string& path) {
  return arrow::arrow_zones(bytes, path);
}

void keep_days(Column& column) {
  if (column.type() != ColumnType::kTime) {
    return;
  }
  Column out(column.name(), ColumnType::kDate);
  for (std::size_t row = 0; row < column.size(); ++row) {
    column.is_null(row) ? out.push_null() : out.push(utc_date(Time{column.times()[row]}));
  }
  column = std::move(out);
}

Result<void> read_on_their_clock(Column& column, const std::string& zone, const Calendar* calendar,
                                 const std::string& path) {
  if (column.type() != ColumnType::kTime) {
    return {};
  }
  if (all_midnights(column)) {
    keep_days(column);
    return {};
  }
  std::optional<Zone> theirs;
  if (!zone.empty()) {
    auto found = Zone::find(zone);
    if (!found) {
      return fail(std::move(found).error().while_doing(fmt::format("reading {} of {}", column.name(), path)));
    }
    theirs = std::move(*found);
  }
  const bool has_zone = theirs && !theirs->is_utc();
  if (has_zone) {
    Column seen = changed(column, [&](Time instant) { return theirs->wall_clock(instant); });
    if (all_midnights(seen)) {
      keep_days(seen);
      column = std::move(seen);
      return {};
    }
  }
  if (calendar == nullptr && !has_zone) {
    return which_zone(column, zone, path);
  }
  if (calendar != nullptr) {
    LODE_TRY(theirs, Zone::find(calendar->zone()));
  }
  Column seen = changed(column, [&](Time instant) { return theirs->wall_clock(instant); });
  if (all_midnights(seen)) {
    keep_days(seen);
  }
  column = std::move(seen);
  return {};
}

Result<void> read_days_of_zones(Batch& batch, const ZonedColumns& zones, const std::string& path) {
  for (Column& column : batch.columns()) {
    const auto found = zones.find(column.name());
    if (found == zones.end() || found->second.empty() || !source::is_date_name(column.name())) {
      continue;
    }
    Column seen = column;
    LODE_TRY(const Zone zone, Zone::find(found->second));
    if (zone.is_utc()) {
      continue;
    }
    LODE_CHECK(read_on_their_clock(seen, found->second, nullptr, path));
    if (seen.type() == ColumnType::kDate) {
      column = std::move(seen);
    }
  }
  return {};
}

std::optional<std::string> zone_of(const ZonedColumns& zones, const std::string& name) {
  const auto found = zones.find(name);
  return found == zones.end() ? std::nullopt : std::optional(found->second);
}

Result<std::vector<std::string>> cells_on_their_clock(const Column& column, const std::optional<std::string>& zone,
                                                      const std::string& path) {
  std::optional<Zone> theirs;
  if (zone && !zone->empty()) {
    auto found = Zone::find(*zone);
    if (!found) {
      return fail(std::move(found).error().while_doing(fmt::format("reading {} of {}", column.name(), path)));
    }
    theirs = found->is_utc() ? std::nullopt : std::optional(std::move(*found));
  }
  const auto shown = [&](std::size_t row) {
    const Time instant{column.times()[row]};
    return theirs ? theirs->wall_clock(instant) : instant;
  };
  bool are_days = true;
  for (std::size_t row = 0; row < column.size(); ++row) {
    are_days = are_days && (column.is_null(row) || is_midnight(shown(row)));
  }
  std::vector<std::string> out;
  out.reserve(column.size());
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.is_null(row)) {
      out.emplace_back();
    } else if (are_days) {
      out.push_back(to_string(utc_date(shown(row))));
    } else if (theirs) {
      out.push_back(without_z(shown(row)) + offset_text(shown(row).nanos - column.times()[row]));
    } else {
      out.push_back(zone ? to_string(shown(row)) : without_z(shown(row)));
    }
  }
  return out;
}

std::vector<std::string> index_of_pandas(const std::string& note) {
  std::vector<std::string> out;
  const Result<Value> read = note.empty() ? Result<Value>(Value()) : parse_json(note);
  const Value* columns = read && read->is_object() ? read->find("index_columns") : nullptr;
  if (columns == nullptr || !columns->is_array()) {
    return out;
  }
  for (const Value& one : columns->as_array()) {
    if (one.is_text()) {  // Else {"kind": "range"}: rows that were counted, of which no column is kept.
      out.push_back(one.as_text());
    }
  }
  return out;
}

}  // namespace lode::flow
