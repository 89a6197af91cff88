// lode factor compute: values of formulas, as long rows.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/values_answer.h"
#include "lode/flow/steps/research/library_factors.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/values/store.h"

namespace lode {

namespace {

// Over a universe, formulas that have names go into the lake, unless the rows are asked for; a formula typed by hand
// does with --store.
Result<bool> is_stored(World& world, const Request& request, const flow::ComputeRequest& wanted,
                       flow::Formulas& formulas) {
  const bool wants_rows = request.has("output") || request.has("format");
  if (request.flag("store") && (wants_rows || !wanted.data_paths.empty())) {
    return fail(E::E7, fmt::format("--store and {} were both given", wants_rows ? "-o or --format" : "--data"),
                "--store puts the values of a universe into the lake; lode factor values writes them out of it");
  }
  if (!wanted.data_paths.empty() || wants_rows || request.flag("store")) {
    return request.flag("store");
  }
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  LODE_CHECK(flow::resolve_stored_names(*lake, formulas));
  return std::ranges::none_of(
      formulas.texts, [](const flow::NamedText& text) { return text.name == text.text && text.origin.empty(); });
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const flow::ComputeRequest wanted, flow::read_compute(request));
  LODE_TRY(const flow::ValuesPlace place, flow::values_place(world, request));
  LODE_TRY(flow::Formulas formulas, flow::read_formulas(wanted));
  LODE_CHECK(flow::resolve_library_names(formulas));
  Outcome out;
  LODE_TRY(const bool stored, is_stored(world, request, wanted, formulas));
  if (stored) {
    LODE_CHECK(flow::store_computed(world, wanted, formulas, flow::memory_of(world, request), out));
    return out;
  }
  LODE_TRY(flow::Computation values, flow::Computation::open(world, wanted, formulas,
                                                             {.budget = flow::memory_of(world, request),
                                                              .in_one_piece = place.target.empty() && !world.out}));
  LODE_CHECK(flow::answer_values(world, values, formulas, place, out));
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
       .summary = "long files date, symbol, fields (CSV, JSON, Parquet, Arrow) or a folder of them; - is stdin",
       .repeated = true},
      {.name = "universe", .summary = "or a universe of the lake", .completes = "universes"},
  };
  for (const Parameter& parameter : flow::common_parameters()) {
    list.push_back(parameter);
  }
  list.push_back({.name = "store",
                  .kind = Kind::kFlag,
                  .summary = "into the lake, also a formula typed by hand; read with lode factor values"});
  list.push_back(flow::memory_parameter());
  for (const Parameter& parameter : flow::values_parameters()) {
    list.push_back(parameter);
  }
  return list;
}

}  // namespace

const Flow& flow_factor_compute() {
  static const Flow flow{
      {.noun = "factor",
       .verb = "compute",
       .summary = "values of formulas, as rows or into the lake",
       .description =
           "Computes one or many formulas over plain files or a universe of the lake. Over a universe, formulas that "
           "have names (a library's, a file's, the lake's) go into the lake, each once, with the run, profile, "
           "code and data they were made of; sessions that an earlier run has of the same inputs, to the bit, are "
           "kept, and "
           "only new and changed ones computed. Else, and with -o or --format, comes one row a date, symbol and "
           "factor. "
           "A missing value is an empty cell; warm-up rows are missing. Data larger than --memory goes through the "
           "disk, in any order of dates, with the same bits. Formulas of one call share what they have in common. A "
           "formula whose field the data lacks is told with E1113 and the others are computed (exit 3).",
       .journey = Journey::kResearch,
       .parameters = parameters(),
       .examples = {{"lode factor compute 'rank(ts_delta(close,5))' --universe all --from 2021-01-04 --to 2021-01-08",
                     "from the lake to stdout"},
                    {"lode factor compute @formulas.tsv --data panel.csv --profile paper -o values.csv",
                     "many formulas over a plain file", false},
                    {"lode factor compute 'ts_corr(close,volume,10)' --data panel.csv -o out.parquet", "as Parquet",
                     false},
                    {"lode factor compute --library alpha101 --data panel.csv -o values.parquet", "a whole library",
                     false},
                    {"lode factor compute --library alpha158 --universe all --from 2021-01-04 --to 2021-01-08",
                     "into the lake"}},
       .schema = "lode.factor.compute/1"},
      run};
  return flow;
}

}  // namespace lode
