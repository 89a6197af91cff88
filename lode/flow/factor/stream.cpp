// lode factor stream: values of the sessions that came since the last time, without computing the history again.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/steps/answer/batch_text.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/answer/output_place.h"
#include "lode/flow/steps/answer/values_output.h"
#include "lode/flow/steps/research/library_factors.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/research/stream.h"
#include "lode/flow/steps/store/files.h"

namespace lode {

namespace {

constexpr std::string_view kFormats[] = {"csv", "parquet", "arrow", "json"};

// The state before, where there is one.
Result<std::optional<flow::StreamState>> read_state(const std::string& path) {
  std::error_code ignored;
  if (path.empty() || !std::filesystem::exists(path, ignored)) {
    return std::optional<flow::StreamState>();
  }
  LODE_TRY(const std::string text, flow::read_file(path));
  Result<flow::StreamState> state = flow::parse_state(text);
  if (!state) {
    return fail(std::move(state).error().while_doing(path));
  }
  return std::optional(std::move(*state));
}

void tell(const flow::Streamed& streamed, const std::string& state_path, Outcome& out) {
  for (const std::string& line : streamed.computed.warnings) {
    out.warnings.push_back(line);
  }
  if (streamed.seen_before > 0) {
    out.warnings.push_back(fmt::format("note: {} of the file up to where the state ended, not computed again",
                                       flow::counted(streamed.seen_before, "session")));
  }
  if (!state_path.empty() && !streamed.begun.empty() && streamed.begun.size() < streamed.computed.symbols.size()) {
    out.warnings.push_back(fmt::format("note: {} new to the state, first {}: missing before",
                                       flow::counted(static_cast<std::int64_t>(streamed.begun.size()), "symbol"),
                                       streamed.begun.front()));
  }
}

Result<Outcome> run(World& world, const Request& request) {
  if (request.texts("formula").empty() && !request.has("library")) {
    return fail(E::E3, "factor stream needs a formula, @FILE or --library NAME",
                "lode factor stream 'ema(close, 20) / close' --data today.csv --state ema.state");
  }
  LODE_TRY(const flow::ComputeRequest wanted, flow::read_compute(request));
  const std::string target = request.text("output");
  const std::string state_path = request.text("state");
  LODE_CHECK(flow::check_output(world, request));
  if (request.has("state") && target.empty()) {
    return fail(E::E3, "--state wants a file for the rows: what a pipe loses could not be had again",
                "-o today_values.csv");
  }
  if (request.has("state")) {
    LODE_CHECK(flow::check_place(world, request, "state", "factors.state"));
  }
  std::string format = request.text("format", "csv");
  if (!target.empty()) {
    LODE_TRY(format, flow::file_format(target, request.text("format"), kFormats));
  }
  LODE_TRY(flow::Formulas formulas, flow::read_formulas(wanted.formulas, wanted.profile));
  LODE_CHECK(flow::resolve_library_names(world, formulas));
  LODE_TRY(const std::optional<flow::StreamState> before, read_state(state_path));
  Result<flow::Streamed> stepped = flow::stream_file(world, wanted, formulas, before ? &*before : nullptr);
  if (!stepped && (stepped.error().number() == E::E1115 || stepped.error().number() == E::E1116)) {
    return fail(std::move(stepped).error().while_doing(state_path));
  }
  LODE_TRY(const flow::Streamed streamed, std::move(stepped));

  Outcome out;
  LODE_CHECK(flow::put_values(streamed.computed, format, target, world.pool, out.payload));
  if (!state_path.empty()) {  // Behind the rows: whoever is stopped between the two gets the same rows again.
    LODE_CHECK(flow::write_file(state_path, flow::state_text(streamed.state)));
  }
  out.data = flow::compute_json(streamed.computed, formulas, target);
  Value state = Value::object();
  state.set("path", state_path.empty() ? Value() : Value(state_path));
  state.set("last", Value(to_string(streamed.state.last)));
  state.set("sessions", Value(streamed.sessions));
  state.set("symbols", Value(static_cast<std::int64_t>(streamed.state.symbols.size())));
  out.data.set("state", std::move(state));
  if (!target.empty()) {
    out.text = fmt::format("{} of {} to {}\n", flow::counted(streamed.computed.rows_written(), "row"),
                           flow::counted(static_cast<std::int64_t>(streamed.computed.names.size()), "factor"), target);
    out.is_filed = true;
  }
  tell(streamed, state_path, out);
  if (!formulas.failures.empty()) {
    out.finding = flow::partial_failure(formulas);
  }
  return out;
}

std::vector<Parameter> parameters() {
  using Kind = ParameterKind;
  std::vector<Parameter> list = {
      {.name = "FORMULA",
       .summary = "formulas in quotes, library names, or @FILE with `id<TAB>formula` lines",
       .positional = true,
       .repeated = true,
       .completes = "factors"},
      {.name = "library", .summary = "all formulas of a library: alpha101 (lode factor list --libraries)"},
      {.name = "data",
       .kind = Kind::kPath,
       .summary = "a long file date, symbol, fields: the sessions since the state, or all",
       .required = true},
      {.name = "state",
       .kind = Kind::kPath,
       .summary = "what the formulas remember: read where it exists, written at the end"},
      {.name = "profile",
       .kind = Kind::kChoice,
       .summary = "what a formula means where readings differ",
       .config_key = "factor.profile",
       .choices = flow::profile_choices()},
      {.name = "precision",
       .kind = Kind::kChoice,
       .summary = "of the factor's cells",
       .config_key = "factor.precision",
       .choices = {"f64", "f32"}},
      {.name = "to", .kind = Kind::kDate, .summary = "last session, inclusive"},
      {.name = "format",
       .kind = Kind::kChoice,
       .summary = "of the rows (default: what the ending of -o names, else csv)",
       .choices = {std::begin(kFormats), std::end(kFormats)}},
  };
  for (const Parameter& parameter :
       flow::output_parameters("file to write; its ending names the format (default: stdout)")) {
    list.push_back(parameter);
  }
  return list;
}

}  // namespace

const Flow& flow_factor_stream() {
  static const Flow flow{
      {.noun = "factor",
       .verb = "stream",
       .summary = "values of the sessions that came since the last time",
       .description =
           "Steps formulas through the sessions of a file and remembers, in --state, what they need of the past, so "
           "that the next call computes only what is new: the same bits as computing the whole history at once. "
           "Sessions up to where the state ends are not computed again; a symbol the state does not know begins now. "
           "The state is written after the rows, which go to a file then, and only fits the formulas, profile and "
           "precision it was made with.",
       .journey = Journey::kResearch,
       .parameters = parameters(),
       .examples =
           {{"lode factor stream 'ema(close, 20) / close' --data 2024.csv --state ema.state -o 2024_values.csv",
             "the history, once", false},
            {"lode factor stream 'ema(close, 20) / close' --data today.csv --state ema.state -o today_values.csv",
             "and each day after it", false}},
       .schema = "lode.factor.stream/1"},
      run};
  return flow;
}

}  // namespace lode
