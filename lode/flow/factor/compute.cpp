// lode factor compute: values of formulas, as long rows.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <functional>
#include <memory>

#include "lode/base/error.h"
#include "lode/base/must.h"
#include "lode/base/text.h"
#include "lode/core/expr/evaluate.h"
#include "lode/flow/steps/answer/batch_text.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/answer/output_place.h"
#include "lode/flow/steps/answer/values_output.h"
#include "lode/flow/steps/research/compute.h"
#include "lode/flow/steps/research/library_factors.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/store/files.h"

namespace lode {

namespace {

constexpr std::string_view kFormats[] = {"csv", "parquet", "arrow", "json"};

// The rows for --json, made when they are asked for.
std::function<void(const std::function<void(std::string_view)>&)> json_rows(
    std::shared_ptr<const flow::Computed> computed, Pool& pool) {
  return [computed = std::move(computed), &pool](const std::function<void(std::string_view)>& write) {
    const flow::Sink sink = [&](std::string_view piece) -> Result<void> {
      write(piece);
      return {};
    };
    must(flow::write_values(*computed, flow::ValuesFormat::kJson, pool, sink));  // This sink never fails.
  };
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const flow::ComputeRequest wanted, flow::read_compute(request));
  const std::string target = request.text("output");
  LODE_CHECK(flow::check_output(world, request));
  std::string format = request.text("format", "csv");
  if (!target.empty()) {
    LODE_TRY(format, flow::file_format(target, request.text("format"), kFormats));
  }
  LODE_TRY(flow::Formulas formulas, flow::read_formulas(wanted.formulas, wanted.profile));
  LODE_CHECK(flow::resolve_library_names(world, formulas));
  LODE_TRY(const flow::Computed computed, flow::compute(world, wanted, formulas));

  Outcome out;
  LODE_CHECK(flow::put_values(computed, format, target, world.pool, out.payload));
  out.data = flow::compute_json(computed, formulas, target);
  if (!target.empty()) {
    out.text = fmt::format("{} of {} to {}\n", flow::counted(computed.rows_written(), "row"),
                           flow::counted(static_cast<std::int64_t>(computed.names.size()), "factor"), target);
    out.is_filed = true;
  }
  for (const std::string& line : computed.warnings) {
    out.warnings.push_back(line);
  }
  if (target.empty()) {
    out.rows = json_rows(std::make_shared<const flow::Computed>(computed), world.pool);
  }
  if (!formulas.failures.empty()) {
    out.finding = flow::partial_failure(formulas);
  }
  return out;
}

std::vector<Parameter> parameters() {
  using Kind = ParameterKind;
  std::vector<Parameter> list = {
      {.name = "FORMULA",
       .summary = "formulas in quotes, stored or library names, or @FILE with `id<TAB>formula` lines",
       .positional = true,
       .repeated = true,
       .completes = "factors"},
      {.name = "library", .summary = "all formulas of a library: alpha101 (lode factor list --libraries)"},
      {.name = "data",
       .kind = Kind::kPath,
       .summary = "a long file date, symbol, fields (CSV, JSON, Parquet or Arrow), no lake needed"},
      {.name = "universe", .summary = "or a universe of the lake", .completes = "universes"},
  };
  for (const Parameter& parameter : flow::common_parameters()) {
    list.push_back(parameter);
  }
  list.push_back({.name = "format",
                  .kind = Kind::kChoice,
                  .summary = "of the rows (default: what the ending of -o names, else csv)",
                  .choices = {std::begin(kFormats), std::end(kFormats)}});
  for (const Parameter& parameter :
       flow::output_parameters("file to write; its ending names the format (default: stdout)")) {
    list.push_back(parameter);
  }
  return list;
}

}  // namespace

const Flow& flow_factor_compute() {
  static const Flow flow{
      {.noun = "factor",
       .verb = "compute",
       .summary = "values of formulas: date, symbol, factor, value",
       .description =
           "Computes one or many formulas over a plain file or a universe of the lake and writes one row a date, "
           "symbol and factor. A missing value is an empty cell; warm-up rows are missing. Formulas of one call "
           "share what they have in common. Of a library, a formula whose field the data lacks is told with E1113 and "
           "the "
           "others are computed (exit 3).",
       .journey = Journey::kResearch,
       .parameters = parameters(),
       .examples = {{"lode factor compute 'rank(ts_delta(close,5))' --universe all --from 2021-01-04 --to 2021-01-08",
                     "from the lake to stdout"},
                    {"lode factor compute @formulas.tsv --data panel.csv --profile paper -o values.csv",
                     "many formulas over a plain file", false},
                    {"lode factor compute 'ts_corr(close,volume,10)' --data panel.csv -o out.parquet", "as Parquet",
                     false},
                    {"lode factor compute --library alpha101 --data panel.csv -o values.parquet", "a whole library",
                     false}},
       .schema = "lode.factor.compute/1"},
      run};
  return flow;
}

}  // namespace lode
