// lode factor values: values that runs stored in the lake.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/counted.h"
#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/values_answer.h"
#include "lode/flow/steps/store/table_query.h"
#include "lode/flow/steps/values/choose.h"
#include "lode/flow/steps/values/stored.h"

namespace lode {

namespace {

// What dropping would remove, or has removed.
Result<Outcome> drop(World& world, const Request& request) {
  LODE_TRY(const std::shared_ptr<lake::Lake> lake, flow::open_lake(world, flow::Wanted::kWrite));
  const bool really = request.flag("yes");
  Outcome out;
  out.data = Value::object();
  out.data.set("removed", Value(really));
  Value rows = Value::array();
  std::int64_t bytes = 0;
  std::vector<lake::ValuesSet> sets;
  for (const std::string& alias : request.texts("drop")) {
    LODE_TRY(lake::ValuesSet set, flow::set_of_run(*lake, alias));
    sets.push_back(std::move(set));
  }
  for (const lake::ValuesSet& set : sets) {
    LODE_TRY(const lake::ValuesDrop one, lake::drop_values(*lake, set, really));
    bytes += one.bytes;
    out.text += fmt::format("  {:<5} {}, universe {}, {} .. {}: {}, {} KB{}\n", set.alias,
                            counted(std::ssize(set.factors), "factor"), set.universe,
                            set.first ? to_string(*set.first) : "-", set.last ? to_string(*set.last) : "-",
                            counted(one.files, "file"), grouped((one.bytes + 1023) / 1024),
                            one.needed_by.empty() ? "" : "; what " + join(one.needed_by, ", ") + " reads of it stays");
    Value row = Value::object();
    row.set("run", Value(set.alias));
    row.set("files", Value(one.files));
    row.set("bytes", Value(one.bytes));
    Value needed = Value::array();
    for (const std::string& other : one.needed_by) {
      needed.push(Value(other));
    }
    row.set("needed_by", std::move(needed));
    rows.push(std::move(row));
  }
  out.data.set("sets", std::move(rows));
  out.data.set("bytes", Value(bytes));
  out.text += really ? "removed; the runs and their numbers stay\n" : "would be removed; add --yes to do it\n";
  return out;
}

Result<void> check_options(const Request& request) {
  const bool chooses = request.has("factor") || request.has("library") || request.has("run");
  if (request.has("drop") && chooses) {
    return fail(E::E7, "--drop and a choice of values were both given", "--drop takes runs: --drop r3 --drop r4");
  }
  return {};
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_CHECK(check_options(request));
  if (request.has("drop")) {
    return drop(world, request);
  }
  LODE_TRY(const flow::ValuesPlace place, flow::values_place(world, request));
  LODE_TRY(const std::shared_ptr<lake::Lake> lake, flow::open_lake(world, flow::Wanted::kRead));
  const flow::ValuesWish wish{request.texts("factor"), request.text("library"), request.text("run")};
  if (wish.factors.empty() && wish.library.empty() && wish.run.empty()) {
    LODE_TRY(const std::vector<lake::ValuesSet> sets, lake::values_sets(*lake));
    return flow::list_values(world, sets);
  }
  LODE_TRY(const flow::ChosenValues chosen, flow::choose_values(*lake, wish));
  lake::ValuesQuery query;
  LODE_TRY(query.from, request.date("from"));
  LODE_TRY(query.to, request.date("to"));
  if (request.has("symbol")) {
    LODE_TRY(const lake::Snapshot snapshot, lake->snapshot());
    LODE_TRY(query.instruments, flow::instruments_called(snapshot, request.texts("symbol"), query.from, query.to));
  }
  LODE_TRY(flow::Computation values, flow::open_values(lake, chosen, query, flow::memory_of(world, request)));
  Outcome out;
  const flow::Formulas none;
  LODE_CHECK(flow::answer_values(world, values, none, place, out));
  LODE_CHECK(flow::put_values_told(*lake, chosen.parts.front().set, out.data));
  for (const flow::ChosenValues::Part& part : chosen.parts) {
    LODE_TRY(const std::string told, flow::values_told(*lake, part.set));
    if (place.target.empty()) {
      out.warnings.push_back("note: " + told);
    } else {
      out.text += "  " + told + "\n";
    }
  }
  out.warnings.insert(out.warnings.end(), chosen.notes.begin(), chosen.notes.end());
  return out;
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = {
      {.name = "FACTOR",
       .summary = "stored factors by name, formula or hash (alpha158/KMID); none: the runs that stored values",
       .positional = true,
       .repeated = true,
       .completes = "factors"},
      {.name = "library", .summary = "all that is stored of a library: alpha158"},
      {.name = "run", .summary = "of this run: r3 (default: the newest that holds the factors)", .completes = "runs"},
      {.name = "symbol",
       .summary = "only these instruments; may be given several times",
       .repeated = true,
       .completes = "symbols"},
      {.name = "from", .kind = ParameterKind::kDate, .summary = "first session, inclusive"},
      {.name = "to", .kind = ParameterKind::kDate, .summary = "last session, inclusive"},
      {.name = "drop",
       .summary = "remove the values of this run, which stays on record; lists them unless --yes",
       .repeated = true,
       .completes = "runs"},
      {.name = "memory",
       .kind = ParameterKind::kInteger,
       .summary = "megabytes to read in; 0: half of what is free",
       .config_key = "factor.memory_mb"},
  };
  for (const Parameter& parameter : flow::values_parameters()) {
    list.push_back(parameter);
  }
  return list;
}

}  // namespace

const Flow& flow_factor_values() {
  static const Flow flow{
      {.noun = "factor",
       .verb = "values",
       .summary = "values stored by factor compute: the runs, or rows",
       .description =
           "Without a factor, one line a run that stored values. With factors or --run, their rows of date, symbol, "
           "factor and value, as factor compute would write them with -o: the same bytes, in CSV, Parquet, Arrow or "
           "JSON. Where several runs hold what is asked for, the newest answers, and the others are named with what is "
           "different about them. The table factor_values of data sql holds the same rows of all runs. --drop removes "
           "the values of a run, all but what a run that continues it reads.",
       .journey = Journey::kResearch,
       .parameters = parameters(),
       .examples = {{"lode factor values", "which runs stored values"},
                    {"lode factor values alpha158/KMID --symbol AAPL --from 2024-01-02", "of one instrument", false},
                    {"lode factor values --run r3 -o values.parquet", "all of a run", false},
                    {"lode factor values --drop r3", "what dropping its values would remove", false}},
       .schema = "lode.factor.values/1"},
      run};
  return flow;
}

}  // namespace lode
