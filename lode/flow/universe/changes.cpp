// lode universe changes: who was added, removed and renamed.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <set>

#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/flow/fitted.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/identity/changes.h"

namespace lode {

namespace {

Result<void> check_known(const lake::Snapshot& snapshot, const flow::ChangeQuery& query) {
  const std::string& name = query.universe.empty() ? query.list : query.universe;
  const char* table = query.universe.empty() ? "listings" : "universe";
  const char* column = query.universe.empty() ? "directory" : "name";
  if (name.empty()) {
    return {};
  }
  LODE_TRY(const Batch rows, snapshot.read(table, {.columns = {column}}));
  std::set<std::string> names;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    names.emplace(rows.column(column).texts()[row]);
  }
  if (names.contains(name)) {
    return {};
  }
  const std::vector<std::string> known(names.begin(), names.end());
  const std::string near = did_you_mean(name, known);
  return fail(query.universe.empty() ? E::E2101 : E::E2103,
              query.universe.empty() ? fmt::format("the lake has no directory {}", quote(name))
                                     : fmt::format("no universe called '{}' in this lake", name),
              !near.empty()   ? near
              : known.empty() ? "there are none"
                              : "there are: " + join_some(known));
}

Result<Outcome> run(World& world, const Request& request) {
  flow::ChangeQuery query;
  query.universe = request.text("name");
  query.list = request.text("list");
  if (!query.universe.empty() && !query.list.empty()) {
    return fail(E::E4, "NAME is a universe and --list a directory", "name one of them");
  }
  LODE_TRY(query.from, request.date("from"));
  LODE_TRY(query.to, request.date("to"));
  const Date today = utc_date(world.clock.now());
  if (!query.to && (!query.from || *query.from <= today)) {
    query.to = today;  // What is to come is told to who asks for it.
  }
  if (query.from && query.to && *query.from > *query.to) {
    return fail(E::E4, fmt::format("--from {} is after --to {}", to_string(*query.from), to_string(*query.to)),
                "swap them: both days are part of the range");
  }
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  LODE_TRY(const lake::Snapshot snapshot, lake->snapshot());
  LODE_CHECK(check_known(snapshot, query));
  LODE_TRY(const std::vector<flow::SymbolChange> changes, flow::symbol_changes(snapshot, query));
  using Align = TextTable::Align;
  TextTable table({{"day", Align::kLeft, 9},
                   {"where", Align::kLeft, 6},
                   {"what", Align::kLeft, 8},
                   {"symbol", Align::kLeft, 9},
                   {"before", Align::kLeft, 5},
                   {"name", Align::kLeft, 2}});
  Value rows = Value::array();
  for (const flow::SymbolChange& one : changes) {
    table.add({to_string(one.on), one.where, one.kind, one.symbol, one.before, one.name});
    Value row = Value::object();
    row.set("on", to_string(one.on));
    row.set("where", one.where);
    row.set("kind", one.kind);
    row.set("symbol", one.symbol);
    row.set("before", one.before.empty() ? Value() : Value(one.before));
    row.set("name", one.name.empty() ? Value() : Value(one.name));
    rows.push(std::move(row));
  }
  Outcome out;
  out.data = Value::object();
  out.data.set("changes", std::move(rows));
  out.text = changes.empty() ? "no change in these days\n" : flow::fitted(world, table);
  return flow::in_format(std::move(out), "changes", {"on", "where", "kind", "symbol", "before", "name"}, request);
}

}  // namespace

const Flow& flow_universe_changes() {
  static const Flow flow{
      {.noun = "universe",
       .verb = "changes",
       .summary = "who was added, removed and renamed, by day",
       .description =
           "Events from dated tables: stays of universes that begin and end, what directories told from one snapshot "
           "to the next (added, missing, back, removed, renamed), and symbols that follow another of the same "
           "instrument. `removed` stands on the first day without. A stay that ends on the eve of another of the same "
           "instrument under another symbol is a rename. The first day of a universe makes no events.",
       .journey = Journey::kData,
       .parameters = {{.name = "NAME",
                       .summary = "one universe (default: all universes, directories and symbols)",
                       .positional = true,
                       .completes = "universes"},
                      {.name = "list", .summary = "one directory: asx, nasdaqlisted, otherlisted"},
                      {.name = "from", .kind = ParameterKind::kDate, .summary = "first day, inclusive"},
                      {.name = "to",
                       .kind = ParameterKind::kDate,
                       .summary = "last day, inclusive (today, unless --from is to come)"},
                      flow::rows_format_parameter()},
       .examples = {{"lode universe changes --from 2024-06-01 --to 2024-06-30", "everything of a month"},
                    {"lode universe changes sp500 --from 2024-01-01", "one universe", false},
                    {"lode universe changes --list asx --format csv", "a directory, for a spreadsheet", false}},
       .schema = "lode.universe.changes/1"},
      run};
  return flow;
}

}  // namespace lode
