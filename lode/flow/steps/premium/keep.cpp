// Summary, details and time series of a factor as rows of the lake.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/premium/premium.h"
#include "lode/io/lake/values/values.h"

namespace lode::flow {

namespace {

constexpr std::array<std::string_view, 3> kTables{"factor_summary", "factor_details", "factor_timeseries"};

// Runs whose rows a commit that stands has stored.
Result<std::set<std::string>> kept_runs(const lake::Lake& lake) {
  LODE_TRY(const std::vector<lake::CommitInfo> commits, lake.commits());
  std::set<std::string> out;
  for (const lake::CommitInfo& commit : commits) {
    const Value* runs = commit.note.find("runs");
    if (commit.flow != lake::kRegressionsFlow || commit.reverted || runs == nullptr || !runs->is_array()) {
      continue;
    }
    for (const Value& run : runs->as_array()) {
      out.insert(run.as_text());
    }
  }
  return out;
}

// The value of a row's cell in the type of its column; what the row has not is null.
Result<void> push_cell(const Value* value, Column& column) {
  if (value == nullptr || value->is_null() || (value->is_double() && value->as_double() != value->as_double())) {
    column.push_null();
  } else if (column.type() == ColumnType::kDate) {
    LODE_TRY(const Date date, parse_date(value->as_text()));
    column.push(date);
  } else if (column.type() == ColumnType::kText) {
    column.push(std::string_view(value->as_text()));
  } else if (column.type() == ColumnType::kInt64) {
    column.push(value->as_int());
  } else {
    column.push(value->as_double());
  }
  return {};
}

// What premium_rows() call a column of the lake's tables: their names are those of other systems.
std::string_view told_as(std::string_view column) {
  return column == "symbol"                    ? "ticker"
         : column == "significant_instruments" ? "significant_stocks"
         : column == "total_instruments"       ? "total_stocks"
                                               : column;
}

// `rows` of premium_rows() as the table has them.
Result<Batch> batch_of(const TableSpec& table, const Value& rows, const PremiumFactor& factor, Time computed) {
  Batch batch = empty_batch(table);
  for (const Value& row : rows.as_array()) {
    for (const ColumnSpec& spec : table.columns) {
      Column& column = batch.column(spec.name);
      if (spec.name == "run" || spec.name == "alias") {
        column.push(std::string_view(spec.name == "run" ? factor.hash : factor.run));
      } else if (spec.name == "known_time") {
        column.push(computed);
      } else {
        LODE_CHECK(push_cell(row.find(told_as(spec.name)), column));
      }
    }
  }
  return batch;
}

std::string token_of(const std::vector<std::string>& runs) {
  std::string text;
  for (const std::string& run : runs) {
    text += run + "\n";
  }
  return "factor premium " + xxh3_hex(text);
}

}  // namespace

Result<lake::CommitId> keep_rows(World& world, const Premium& premium) {
  LODE_TRY(const auto lake, open_lake(world, Wanted::kWriteOrRead));
  if (!lake->writable()) {
    return lake::CommitId{0};
  }
  LODE_TRY(std::set<std::string> kept, kept_runs(*lake));
  LODE_TRY(lake::Writer writer, lake->writer());
  std::vector<std::string> runs;
  for (const PremiumFactor& factor : premium.factors) {
    if (factor.run.empty() || !kept.insert(factor.hash).second) {
      continue;
    }
    runs.push_back(factor.hash);
    for (const std::string_view name : kTables) {
      const TableSpec* table = find_table(name);
      LODE_ASSERT(table != nullptr);
      LODE_TRY(Batch batch, batch_of(*table, premium_rows(premium, factor, name), factor, premium.computed));
      LODE_CHECK(writer.append(name, std::move(batch), premium.computed));
    }
  }
  if (runs.empty()) {
    return lake::CommitId{0};
  }
  Value note = Value::object();
  Value list = Value::array();
  for (const std::string& run : runs) {
    list.push(Value(run));
  }
  note.set("runs", std::move(list));
  LODE_TRY(const lake::CommitInfo commit,
           writer.commit(token_of(runs), std::string(lake::kRegressionsFlow), std::move(note)));
  return commit.id;
}

}  // namespace lode::flow
