// lode data tables: what the lake holds.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/flow/fitted.h"
#include "lode/flow/flow.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/market/schema.h"

namespace lode {

namespace {

Value table_json(const lake::TableInfo& info, std::int64_t rows) {
  Value row = Value::object();
  row.set("table", Value(info.name));
  row.set("rows", Value(rows));
  row.set("stored_rows", Value(info.rows));
  row.set("parts", Value(info.parts));
  row.set("bytes", Value(info.bytes));
  row.set("first", info.first ? Value(to_string(*info.first)) : Value());
  row.set("last", info.last ? Value(to_string(*info.last)) : Value());
  row.set("last_commit", Value(info.last_commit));
  return row;
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  std::optional<lake::CommitId> commit;
  if (request.has("commit")) {
    commit = request.integer("commit", 0);
  }
  LODE_TRY(const lake::Snapshot snapshot, lake->snapshot(commit));
  using Align = TextTable::Align;
  TextTable table({{"table", Align::kLeft, 8},
                   {"rows", Align::kRight, 7},
                   {"first", Align::kLeft, 5},
                   {"last", Align::kLeft, 6},
                   {"parts", Align::kRight, 2},
                   {"KB", Align::kRight, 3},
                   {"commit", Align::kRight, 4},
                   {"holds", Align::kLeft, 1}});
  Value rows = Value::array();
  for (const lake::TableInfo& info : snapshot.tables()) {
    const TableSpec* spec = find_table(info.name);
    LODE_TRY(const std::int64_t seen, snapshot.count(info.name));
    table.add({info.name, grouped(seen), info.first ? to_string(*info.first) : "-",
               info.last ? to_string(*info.last) : "-", grouped(info.parts), grouped((info.bytes + 1023) / 1024),
               std::to_string(info.last_commit), spec == nullptr ? "" : std::string(spec->meaning)});
    rows.push(table_json(info, seen));
  }
  Outcome out;
  out.data = Value::object();
  out.data.set("lake", Value(lake->folder()));
  out.data.set("commit", Value(snapshot.commit()));
  const bool empty = rows.as_array().empty();
  out.data.set("tables", std::move(rows));
  out.text = empty ? fmt::format("The lake {} holds no row yet.\n", lake->folder())
                   : flow::fitted(world, table) + fmt::format("\n{} at commit {}\n", lake->folder(), snapshot.commit());
  out.next = empty ? "lode data import PATH... --table bars" : "lode data check";
  return flow::in_format(std::move(out), "tables",
                         {"table", "rows", "stored_rows", "parts", "bytes", "first", "last", "last_commit"}, request);
}

}  // namespace

const Flow& flow_data_tables() {
  static const Flow flow{
      {.noun = "data",
       .verb = "tables",
       .summary = "what the lake holds: tables, rows, dates",
       .description = "One line a table: rows a reader sees (of each key the newest version; --json also has "
                      "stored_rows, older versions included), first and last date, parts, size, newest commit and "
                      "meaning.",
       .journey = Journey::kData,
       .parameters = {{.name = "commit",
                       .kind = ParameterKind::kInteger,
                       .summary = "what the store held at this commit",
                       .least = 1},
                      flow::rows_format_parameter()},
       .examples = {{"lode data tables", "all tables"}},
       .schema = "lode.data.tables/1"},
      run};
  return flow;
}

}  // namespace lode
