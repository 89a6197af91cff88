// lode data sql: a read-only query over the lake's tables.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/counted.h"
#include "lode/flow/flow.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/batch_text.h"
#include "lode/flow/steps/answer/output_place.h"
#include "lode/flow/steps/answer/sql_words.h"

namespace lode {

namespace {

Result<Outcome> run(World& world, const Request& request) {
  LODE_CHECK(flow::check_output(world, request));
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  std::optional<lake::CommitId> commit;
  if (request.has("commit")) {
    commit = request.integer("commit", 0);
  }
  LODE_TRY(const lake::Snapshot snapshot, lake->snapshot(commit));
  Result<Batch> answer =
      snapshot.sql(request.text("query"), request.number("seconds", 60.0), request.integer("memory-mb", 2048));
  if (!answer) {
    return fail(flow::sql_words(std::move(answer).error(), flow::columns_of(request.text("query"))));
  }
  const Batch& batch = *answer;
  Outcome out;
  out.data = Value::object();
  out.data.set("rows", flow::batch_json(batch));
  if (const std::string path = request.text("output"); !path.empty()) {
    LODE_CHECK(flow::write_batch(batch, path, request.has("format") ? request.text("format") : ""));
    out.data.set("output", Value(path));
    out.text = fmt::format("{} to {}\n", counted(static_cast<std::int64_t>(batch.rows()), "row"), path);
    out.is_filed = true;
    return out;
  }
  LODE_CHECK(flow::set_rows(out, batch, request.text("format", "table"),
                            static_cast<int>(world.config.get("columns").as_int())));
  return out;
}

std::vector<Parameter> parameters() {
  using Kind = ParameterKind;
  std::vector<Parameter> list = {
      {.name = "QUERY", .summary = "SQL in quotes", .positional = true, .required = true},
      {.name = "format",
       .kind = Kind::kChoice,
       .summary = "of the rows (default: table, or what the ending of -o names)",
       .choices = {std::begin(flow::kBatchFormats), std::end(flow::kBatchFormats)}},
      {.name = "commit", .kind = Kind::kInteger, .summary = "what the store held at this commit", .least = 1},
      {.name = "seconds",
       .kind = Kind::kNumber,
       .summary = "time limit, s",
       .fallback = "60",
       .least = 0.001,
       .most = 86'400},
      {.name = "memory-mb",
       .kind = Kind::kInteger,
       .summary = "memory limit, MB",
       .fallback = "2048",
       .least = 16,
       .most = 1e6}};
  for (const Parameter& parameter : flow::output_parameters("file to write; its ending names the format")) {
    list.push_back(parameter);
  }
  return list;
}

}  // namespace

const Flow& flow_data_sql() {
  static const Flow flow{
      {.noun = "data",
       .verb = "sql",
       .summary = "a read-only SQL query over the lake's tables",
       .description =
           "One SELECT over views named like the tables (current view). Nothing can be written, no file or network "
           "reached; time and memory are bounded. Floating-point sums may differ in their last digits from run to "
           "run: numbers that are stored come from Lode's own kernels.",
       .journey = Journey::kData,
       .parameters = parameters(),
       .examples = {{"lode data sql 'select session, count(*) n from bars group by 1 order by 1'", "bars a session"},
                    {"lode data sql 'select rule, count(*) n from quarantine group by 1'", "rows set aside"}},
       .schema = "lode.data.sql/1"},
      run};
  return flow;
}

}  // namespace lode
