// lode data export: rows of a table into a file.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/counted.h"
#include "lode/base/printable.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/batch_text.h"
#include "lode/flow/steps/answer/output_place.h"
#include "lode/flow/steps/store/table_query.h"

namespace lode {

namespace {

Result<Outcome> run(World& world, const Request& request) {
  LODE_CHECK(flow::check_output(world, request));
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  const std::string table = request.text("table");
  const std::string path = request.text("output");
  Outcome out;
  LODE_TRY(const Batch batch, flow::read_selected(*lake, table, request, 0, &out.warnings));
  LODE_CHECK(flow::write_batch(batch, path, request.text("format")));
  out.data = Value::object();
  out.data.set("table", Value(table));
  out.data.set("rows", Value(static_cast<std::int64_t>(batch.rows())));
  out.data.set("output", Value(path));
  out.text =
      fmt::format("{} of {} to {}\n", counted(static_cast<std::int64_t>(batch.rows()), "row"), table, printable(path));
  out.is_filed = true;
  return out;
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = flow::selection_parameters();
  list.insert(list.begin(),
              {.name = "TABLE", .summary = "which table", .positional = true, .required = true, .completes = "tables"});
  for (const Parameter& parameter : flow::output_parameters("file to write; its ending names the format", true)) {
    list.push_back(parameter);
  }
  list.push_back({.name = "format",
                  .kind = ParameterKind::kChoice,
                  .summary = "instead of the ending's",
                  .choices = {"csv", "parquet", "arrow", "json", "ndjson", "md"}});
  return list;
}

}  // namespace

const Flow& flow_data_export() {
  static const Flow flow{
      {.noun = "data",
       .verb = "export",
       .summary = "rows of a table into a file",
       .description =
           "The current view of a table under a selection, as CSV, Parquet, Arrow (Feather), JSON, one JSON object "
           "a line, or Markdown. The same selection of the same commit gives the same bytes. Words of a CSV that a "
           "spreadsheet would run, which begin with = + - @ or a tab and are no number, get an apostrophe in front: "
           "names "
           "and titles are strangers'. Parquet and JSON hold them as they are.",
       .journey = Journey::kData,
       .parameters = parameters(),
       .examples = {{"lode data export actions -o actions.csv", "every corporate action"}},
       .schema = "lode.data.export/1"},
      run};
  return flow;
}

}  // namespace lode
