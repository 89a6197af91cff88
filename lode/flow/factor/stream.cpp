// lode factor stream: values of the sessions that came since the last time, without computing the history again.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/answer/output_place.h"
#include "lode/flow/steps/answer/values_answer.h"
#include "lode/flow/steps/research/library_factors.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/store/files.h"
#include "lode/flow/steps/stream/stream.h"
#include "lode/flow/steps/values/live.h"
#include "lode/flow/steps/values/row_feed.h"

namespace lode {

namespace {

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

// What a stream came to, piped in or of a file.
struct Stepped {
  flow::StreamState state;
  std::int64_t sessions = 0;
  std::int64_t seen_before = 0;
  std::vector<std::string> begun;
  std::int64_t differing = 0;
  std::optional<Date> first_differing = {};
  std::int64_t corrected = 0;
};

void tell(const Stepped& stepped, const std::string& state_path, bool is_piped, Outcome& out) {
  if (stepped.corrected > 0) {
    out.warnings.push_back(fmt::format("note: {} corrected, first {}: {} computed again, before the new ones",
                                       flow::counted(stepped.differing, "session"),
                                       to_string(stepped.first_differing.value_or(stepped.state.last)),
                                       flow::counted(stepped.corrected, "session")));
  } else if (stepped.differing > 0) {
    out.warnings.push_back(fmt::format(
        "warning: {} up to where the state ended {} not what the state was made of, first {}: --correct computes again "
        "what that touches",
        flow::counted(stepped.differing, "session"), stepped.differing == 1 ? "is" : "are",
        to_string(stepped.first_differing.value_or(stepped.state.last))));
  }
  if (stepped.seen_before > 0 && stepped.corrected == 0) {
    out.warnings.push_back(fmt::format("note: {} of the {} up to where the state ended, not computed again",
                                       flow::counted(stepped.seen_before, "session"), is_piped ? "input" : "file"));
  }
  if (!state_path.empty() && !stepped.begun.empty() && stepped.begun.size() < stepped.state.symbols.size()) {
    out.warnings.push_back(fmt::format("note: {} new to the state, first {}: missing before",
                                       flow::counted(static_cast<std::int64_t>(stepped.begun.size()), "symbol"),
                                       stepped.begun.front()));
  }
}

Value state_json(const Stepped& stepped, const std::string& path) {
  Value state = Value::object();
  state.set("path", path.empty() ? Value() : Value(path));
  state.set("last", Value(to_string(stepped.state.last)));
  state.set("sessions", Value(stepped.sessions));
  state.set("differing", Value(stepped.differing));
  state.set("corrected", Value(stepped.corrected));
  state.set("symbols", Value(static_cast<std::int64_t>(stepped.state.symbols.size())));
  return state;
}

Result<Stepped> step_file(World& world, const flow::ComputeRequest& wanted, flow::Formulas& formulas,
                          const flow::StreamState* before, bool corrects, const flow::ValuesPlace& place,
                          Outcome& out) {
  LODE_TRY(flow::Streamed streamed, flow::stream_file(world, wanted, formulas, before, corrects));
  flow::Computation values = flow::Computation::of(streamed.computed, streamed.hashes, formulas.profile);
  LODE_CHECK(flow::answer_values(world, values, formulas, place, out));
  return Stepped{std::move(streamed.state), streamed.sessions,        streamed.seen_before, std::move(streamed.begun),
                 streamed.differing,        streamed.first_differing, streamed.corrected};
}

// Every session is answered before the next is read.
Result<Stepped> step_input(World& world, const flow::ComputeRequest& wanted, flow::Formulas& formulas,
                           const flow::StreamState* before, const flow::ValuesPlace& place, Outcome& out) {
  LODE_TRY(flow::Live live, flow::Live::open(world, wanted, formulas, before));
  LODE_CHECK(flow::answer_values(world, live.values(), formulas, place, out));
  return Stepped{live.state(), live.sessions(), live.seen_before(), live.begun()};
}

Result<Outcome> run(World& world, const Request& request) {
  if (request.texts("formula").empty() && !request.has("library")) {
    return fail(E::E3, "factor stream needs a formula, @FILE or --library NAME",
                "lode factor stream 'ema(close, 20) / close' --data today.csv --state ema.state");
  }
  LODE_TRY(const flow::ComputeRequest wanted, flow::read_compute(request));
  const std::string state_path = request.text("state");
  LODE_TRY(const flow::ValuesPlace place, flow::values_place(world, request));
  if (request.has("state") && place.target.empty()) {
    return fail(E::E3, "--state wants a file for the rows: what a pipe loses could not be had again",
                "-o today_values.csv");
  }
  if (request.has("state")) {
    LODE_CHECK(flow::check_place(world, request, "state", "factors.state"));
  }
  if (request.flag("correct") && (state_path.empty() || wanted.data_path() == flow::kStandardInput)) {
    return fail(E::E7, "--correct wants a state and a file",
                "--data corrected.csv --state factors.state -o changed.csv");
  }
  LODE_TRY(flow::Formulas formulas, flow::read_formulas(wanted));
  LODE_CHECK(flow::resolve_library_names(formulas));
  LODE_TRY(const std::optional<flow::StreamState> before, read_state(state_path));
  Outcome out;
  const bool is_piped = wanted.data_path() == flow::kStandardInput;
  const flow::StreamState* from = before ? &*before : nullptr;
  Result<Stepped> stepped = is_piped ? step_input(world, wanted, formulas, from, place, out)
                                     : step_file(world, wanted, formulas, from, request.flag("correct"), place, out);
  if (!stepped && (stepped.error().number() == E::E1115 || stepped.error().number() == E::E1116)) {
    return fail(std::move(stepped).error().while_doing(state_path));
  }
  if (!stepped) {
    return fail(std::move(stepped).error());
  }
  if (!state_path.empty()) {  // Behind the rows: whoever is stopped between the two gets the same rows again.
    LODE_CHECK(flow::write_file(state_path, flow::state_text(stepped->state)));
  }
  out.data.set("state", state_json(*stepped, state_path));
  tell(*stepped, state_path, is_piped, out);
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
       .summary = "a long file date, symbol, fields: the sessions since the state, or all; - is stdin",
       .required = true},
      {.name = "state",
       .kind = Kind::kPath,
       .summary = "what the formulas remember: read where it exists, written at the end"},
      {.name = "correct",
       .kind = Kind::kFlag,
       .summary = "sessions the state has seen may have changed: compute again what they touch"},
      {.name = "profile",
       .kind = Kind::kChoice,
       .summary = "what a formula means where readings differ",
       .config_key = "factor.profile",
       .choices = flow::profile_choices()},
      flow::define_parameter(),
      {.name = "precision",
       .kind = Kind::kChoice,
       .summary = "of the factor's cells",
       .config_key = "factor.precision",
       .choices = {"f64", "f32"}},
      {.name = "to", .kind = Kind::kDate, .summary = "last session, inclusive"},
  };
  for (const Parameter& parameter : flow::values_parameters()) {
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
           "With --correct they are compared with what the state was made of: where a session is another now, it and "
           "those whose windows reach it are computed again of the file, which must hold the sessions from the "
           "windows' "
           "first on (from the very first for formulas that remember all), each whole, up to where the state ends. "
           "Their "
           "rows stand before the new ones, and the state is that of the corrected history. "
           "The state is written after the rows, which go to a file then, and only fits the formulas, profile and "
           "precision it was made with. With --data - sessions are piped in as CSV, and each is answered as soon as "
           "the next one begins, or an empty line ends it.",
       .journey = Journey::kResearch,
       .parameters = parameters(),
       .examples =
           {{"lode factor stream 'ema(close, 20) / close' --data 2024.csv --state ema.state -o 2024_values.csv",
             "the history, once", false},
            {"lode factor stream 'ema(close, 20) / close' --data today.csv --state ema.state -o today_values.csv",
             "and each day after it", false},
            {"lode factor stream 'ts_mean(close, 20)' --data last_60_days.csv --state mean.state --correct -o "
             "changed.csv",
             "with corrections among the last days", false}},
       .schema = "lode.factor.stream/1"},
      run};
  return flow;
}

}  // namespace lode
