// The user's SQL: an engine of its own that holds one view a table and may open the parts behind them, and nothing
// else.
//
// The engine is told the views first and locked after: no extension, no other file, no setting can be reached from then
// on. Only one SELECT is taken, so nothing can be written even where a file may be opened.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/sql_guard.h"
#include "lode/io/lake/values/pieces.h"
#include "lode/io/lake/view.h"

namespace lode::lake {
namespace {

// Values are read (and their bytes checked) only where the statement may name them: they are most of a lake.
Result<void> make_views(Engine& engine, const Snapshot::State& state, std::string_view statement) {
  const bool names_values = lower(statement).find(kFactorValues) != std::string::npos;
  std::string allowed;
  std::string views;
  for (const TableSpec& table : lode::tables()) {
    std::vector<StoredPart> values;
    if (table.name == kFactorValues && names_values) {
      LODE_TRY(values, values_parts(state));
    }
    const auto parts = table.name == kFactorValues ? std::span<const StoredPart>(values) : state.of(table.name);
    LODE_CHECK(state.lake->check_parts(parts));
    ViewSpec view{.table = &table, .parts = parts, .columns = {}, .early = {}, .late = {}};
    for (const ColumnSpec& column : table.columns) {
      view.columns.push_back(column.name);
    }
    views += fmt::format("CREATE VIEW {} AS {};\n", quote_name(table.name), view_sql(view, state.lake->folder));
    if (table.name == "bars") {  // For named views alone: no statement of a user may name it.
      views += fmt::format("CREATE SCHEMA superseded;\nCREATE VIEW superseded.bars AS {};\n",
                           superseded_sql(view, state.lake->folder));
    }
    for (const StoredPart& part : parts) {
      allowed += (allowed.empty() ? "" : ", ") + quote_text(state.lake->absolute(part.path));
    }
  }
  std::string_view schema;
  for (const NamedView& view : named_views()) {
    views += view.schema == schema ? "" : fmt::format("CREATE SCHEMA {};\n", quote_name(view.schema));
    views += fmt::format("CREATE VIEW {}.{} AS {};\n", quote_name(view.schema), quote_name(view.name), view.sql);
    schema = view.schema;
  }
  LODE_CHECK(engine.execute(views));
  return engine.execute(fmt::format(
      "SET allowed_paths = [{}]; SET enable_external_access = false; SET lock_configuration = true", allowed));
}

// The engine's words without places on the machine, which the reader need not know.
std::string without_paths(std::string text, const std::string& folder) {
  for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder, at)) {
    text.replace(at, folder.size(), "<lake>");
  }
  return text;
}

Error sql_error(const EngineFailure& failure, double seconds, std::int64_t memory_mb, const std::string& folder) {
  if (failure.interrupted) {
    return Error(E::E2017, fmt::format("the query ran longer than {} s and was stopped", seconds),
                 "choose fewer rows with WHERE, or raise the limit");
  }
  if (failure.out_of_memory) {
    return Error(E::E2017, fmt::format("the query needs more than {} MB of memory", memory_mb),
                 "choose fewer rows or columns, or raise the limit");
  }
  return Error(E::E2017, "SQL refused: " + without_paths(failure.message, folder),
               "see the tables with `lode data tables` and their columns with `lode data show TABLE`");
}

Result<void> check_tree(std::string_view json) {
  const auto tree = parse_json(json);
  if (!tree) {
    return fail(E::E2017, "SQL refused: it is nested too deeply", "split it into CTEs with WITH");
  }
  return check_statement(*tree);
}

}  // namespace

Result<Batch> Snapshot::sql(std::string_view text, double seconds_limit, std::int64_t memory_mb) const {
  LODE_TRY(auto engine, Engine::open({.threads = state_->lake->pool.threads(), .memory_mb = memory_mb, .rows = false}));
  LODE_CHECK(make_views(*engine, *state_, text));
  constexpr std::int64_t kMegabyte = 1'000'000;
  const StatementLimits limits{.seconds = seconds_limit, .result_bytes = memory_mb * kMegabyte};
  const auto select = [&](const std::string& sql) -> Result<Batch> {
    auto result = engine->select(sql, limits);
    if (!result) {
      return fail(sql_error(result.error(), seconds_limit, memory_mb, state_->lake->folder));
    }
    return std::move(*result);
  };
  LODE_TRY(const Batch parsed, select(fmt::format("SELECT json_serialize_sql({}) AS tree", quote_text(text))));
  LODE_CHECK(check_tree(parsed.column("tree").texts()[0]));
  return select(std::string(text));
}

}  // namespace lode::lake
