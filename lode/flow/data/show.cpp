// lode data show: rows of a table, by symbol, by dates, as known at some time.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/batch_text.h"
#include "lode/flow/steps/store/table_query.h"
#include "lode/market/quality.h"

namespace lode {

namespace {

// Columns that say where a row came from: shown on request, for people who look for values first.
constexpr std::string_view kProvenance[] = {"instrument_id", "source",        "raw_hash",
                                            "raw_line",      "known_assumed", "event_time"};

// Quality rules by their names instead of a set of bits.
Column named_flags(const Column& flags) {
  Column named("flags", ColumnType::kText);
  for (std::size_t row = 0; row < flags.size(); ++row) {
    const std::string names = flag_names(flags.uint64s()[row]);
    names.empty() ? named.push_null() : named.push(std::string_view(names));
  }
  return named;
}

Batch readable(const Batch& batch, bool all) {
  const bool is_quarantine =
      batch.find("rule") != nullptr;  // A row set aside is looked up in its file: the line is shown.
  std::vector<Column> kept;
  for (const Column& column : batch.columns()) {
    const bool provenance =
        std::find(std::begin(kProvenance), std::end(kProvenance), column.name()) != std::end(kProvenance) &&
        !(is_quarantine && column.name() == "raw_line");
    const bool empty = batch.rows() > 0 && column.null_count() == batch.rows();
    if (!all && column.name() == "flags") {
      kept.push_back(named_flags(column));
    } else if (all || (!empty && !provenance)) {
      kept.push_back(column);
    }
  }
  return Batch(std::move(kept));
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  const std::string table = request.text("table");
  const std::int64_t limit = request.integer("limit", 20);
  LODE_TRY(const Batch batch, flow::read_selected(*lake, table, request, limit));
  if (batch.rows() == 0) {
    return flow::no_rows(*lake, table, request);
  }
  const std::string format = request.text("format", "table");
  Outcome out;
  out.data = Value::object();
  out.data.set("table", Value(table));
  out.data.set("rows", flow::batch_json(batch));
  out.text = flow::batch_text(readable(batch, request.flag("all") || format != "table"), format,
                              static_cast<int>(world.config.get("columns").as_int()));
  if (format == "table" && static_cast<std::int64_t>(batch.rows()) == limit) {
    out.text += fmt::format("\nthe first {} rows (--limit); --all shows every column\n", grouped(limit));
  }
  return out;
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = flow::selection_parameters();
  list.insert(list.begin(), {.name = "TABLE",
                             .summary = "bars, actions, instruments, groups, universe, quarantine, ...",
                             .positional = true,
                             .required = true,
                             .completes = "tables"});
  list.push_back({.name = "limit", .kind = ParameterKind::kInteger, .summary = "most rows, 0 = all", .fallback = "20"});
  list.push_back({.name = "all", .kind = ParameterKind::kFlag, .summary = "every column, provenance included"});
  list.push_back({.name = "format",
                  .kind = ParameterKind::kChoice,
                  .summary = "of the rows",
                  .fallback = "table",
                  .choices = {"table", "csv", "json", "ndjson", "md"}});
  return list;
}

}  // namespace

const Flow& flow_data_show() {
  static const Flow flow{
      {.noun = "data",
       .verb = "show",
       .summary = "rows of a table, as known at some time",
       .description = "Reads the current view of a table: for each key the newest version among those known "
                      "at --as-of (default: all). Prices are raw; adjustment happens in panels.",
       .journey = Journey::kData,
       .parameters = parameters(),
       .examples = {{"lode data show bars --limit 5", "the first rows"},
                    {"lode data show quarantine", "rows set aside, with the reason"},
                    {"lode data show bars --symbol AAPL --as-of 2024-06-30", "as known then", false}},
       .schema = "lode.data.show/1"},
      run};
  return flow;
}

}  // namespace lode
