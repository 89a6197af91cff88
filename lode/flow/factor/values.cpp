// lode factor values: values that runs stored in the lake.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/values_answer.h"
#include "lode/flow/steps/store/table_query.h"
#include "lode/flow/steps/values/stored.h"

namespace lode {

namespace {

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const flow::ValuesPlace place, flow::values_place(world, request));
  LODE_TRY(const std::shared_ptr<lake::Lake> lake, flow::open_lake(world, flow::Wanted::kRead));
  lake::ValuesQuery query;
  query.factors = request.texts("factor");
  if (query.factors.empty() && !request.has("run")) {
    LODE_TRY(const std::vector<lake::ValuesSet> sets, lake::values_sets(*lake));
    return flow::list_values(world, sets);
  }
  LODE_TRY(query.from, request.date("from"));
  LODE_TRY(query.to, request.date("to"));
  LODE_TRY(const lake::ValuesSet set, flow::find_values(*lake, query.factors, request.text("run")));
  if (request.has("symbol")) {
    LODE_TRY(const lake::Snapshot snapshot, lake->snapshot());
    LODE_TRY(query.instruments, flow::instruments_called(snapshot, request.texts("symbol")));
  }
  LODE_TRY(flow::Computation values, flow::open_values(lake, set, query));
  Outcome out;
  const flow::Formulas none;
  LODE_CHECK(flow::answer_values(world, values, none, place, out));
  out.data.set("run", Value(set.alias));
  return out;
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = {
      {.name = "FACTOR",
       .summary = "names of stored factors (alpha158/KMID); none: the runs that stored values",
       .positional = true,
       .repeated = true,
       .completes = "factors"},
      {.name = "run", .summary = "of this run: r3 (default: the newest that holds the factors)", .completes = "runs"},
      {.name = "symbol",
       .summary = "only these instruments; may be given several times",
       .repeated = true,
       .completes = "symbols"},
      {.name = "from", .kind = ParameterKind::kDate, .summary = "first session, inclusive"},
      {.name = "to", .kind = ParameterKind::kDate, .summary = "last session, inclusive"},
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
           "JSON. The table factor_values of data sql holds the same rows of all runs.",
       .journey = Journey::kResearch,
       .parameters = parameters(),
       .examples = {{"lode factor values", "which runs stored values"},
                    {"lode factor values alpha158/KMID --symbol AAPL --from 2024-01-02", "of one instrument", false},
                    {"lode factor values --run r3 -o values.parquet", "all of a run", false}},
       .schema = "lode.factor.values/1"},
      run};
  return flow;
}

}  // namespace lode
