// Reading a research request, compiling its subject, and the whole job in one go.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/research.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/expr/profile.h"
#include "lode/core/factor/library.h"
#include "lode/core/factor/operators.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/prepare/apply.h"
#include "lode/flow/steps/research/honesty.h"
#include "lode/flow/steps/research/library_factors.h"
#include "lode/flow/steps/research/schemes.h"
#include "lode/flow/steps/research/stored_factors.h"
#include "lode/flow/steps/research/vault.h"
#include "lode/flow/steps/sensitivity/sensitivity.h"

namespace lode::flow {

namespace {

// The lake's factors, where `text` may be the name of one.
Result<std::vector<lake::NamedFactor>> factors_for(World& world, std::string_view text) {
  if (!looks_like_name(text)) {
    return std::vector<lake::NamedFactor>();
  }
  LODE_TRY(const auto lake, open_lake(world, Wanted::kRead));
  return lake::RunStore(*lake).factors();
}

// All of the lake's factors, for a help; none where they cannot be read.
std::vector<lake::NamedFactor> stored_factors(World& world) {
  const auto lake = open_lake(world, Wanted::kRead);
  auto factors = lake ? lake::RunStore(**lake).factors()
                      : Result<std::vector<lake::NamedFactor>>(std::vector<lake::NamedFactor>());
  return factors ? std::move(*factors) : std::vector<lake::NamedFactor>();
}

std::vector<std::string> names_of(const std::vector<lake::NamedFactor>& factors) {
  std::vector<std::string> names;
  for (const lake::NamedFactor& factor : factors) {
    names.push_back(factor.name);
  }
  return names;
}

// `formula` judged with its leak, and the request it answers; nullopt where that cannot be told.
struct JudgedLeak {
  ResearchRequest request;
  Judgement judgement;

  const evaluate::HorizonResult& headline() const { return judgement.judged.sheet.headline_horizon(); }
};

std::optional<JudgedLeak> judged_with_leak(World& world, const ResearchRequest& request, const std::string& formula) {
  JudgedLeak out{request, {}};
  out.request.subject = formula;
  out.request.allow_lookahead = true;
  out.request.sensitivity = false;
  Result<Judgement> judgement = research(world, out.request);
  if (!judgement || math::is_nan(judgement->judged.sheet.headline_horizon().rank_ic.mean.value)) {
    return std::nullopt;
  }
  out.judgement = std::move(*judgement);
  return out;
}

// Whoever reads what a formula is worth has looked at it, whatever stood in its way: ", counted as a trial (r6)".
std::string counted_look(World& world, const JudgedLeak& without) {
  const Result<Recorded> recorded =
      record(world, without.judgement.study, without.request, without.judgement.judged, "factor eval", "typed");
  return recorded && !recorded->run.alias.empty() ? fmt::format(", counted as a trial ({})", recorded->run.alias)
                                                  : ", a trial that could not be counted";
}

}  // namespace

Error with_worth_of_leak(World& world, const ResearchRequest& request, Error error) {
  Subject subject;
  ResearchRequest open = request;
  open.allow_lookahead = true;
  const Result<expr::Program> program = compile_subject(world, open, subject);
  if (error.number() != E::E1107 || !program || program->lookahead <= 0) {
    return error;
  }
  const auto with = judged_with_leak(world, request, subject.formula);
  const auto without =
      judged_with_leak(world, request, fmt::format("delay({}, {})", subject.formula, program->lookahead));
  if (!with || !without) {
    return error;
  }
  return std::move(error).noting(fmt::format("with it, {}-day rank IC is {}; without it {}{}", with->headline().horizon,
                                             signed_fixed(with->headline().rank_ic.mean.value, 3),
                                             signed_fixed(without->headline().rank_ic.mean.value, 3),
                                             counted_look(world, *without)));
}

bool is_profile_given(const Request& request) { return request.origin("profile") == "--profile"; }

std::vector<std::string_view> profile_choices() {
  std::vector<std::string_view> names;
  for (const expr::Profile& profile : expr::profiles()) {
    names.push_back(profile.name);
  }
  return names;
}

Parameter define_parameter() {
  return {
      .name = "define",
      .summary = "a name of formulas where the data lack it, as 'vwap=(high+low+close)/3'; part of the formula then",
      .repeated = true};
}

std::vector<Parameter> common_parameters() {
  using Kind = ParameterKind;
  return {
      {.name = "from", .kind = Kind::kDate, .summary = "first session judged or written, inclusive"},
      {.name = "to", .kind = Kind::kDate, .summary = "last session used, inclusive"},
      {.name = "as-of", .kind = Kind::kInstant, .summary = "use only what was known then (default: now)"},
      {.name = "commit", .kind = Kind::kInteger, .summary = "use what the lake held at this commit", .least = 1},
      {.name = "profile",
       .kind = Kind::kChoice,
       .summary = "what a formula means where readings differ",
       .config_key = "factor.profile",
       .choices = profile_choices()},
      define_parameter(),
      {.name = "precision",
       .kind = Kind::kChoice,
       .summary = "of the factor's cells",
       .config_key = "factor.precision",
       .choices = {"f64", "f32"}},
      {.name = "adjust",
       .kind = Kind::kChoice,
       .summary = "which actions adjust prices",
       .fallback = "all",
       .choices = {"all", "split", "none"}},
      {.name = "benchmark", .summary = "symbol of the index behind bench_open and bench_close (default: the only one)"},
      scheme_parameter(),
      {.name = "allow-lookahead", .kind = Kind::kFlag, .summary = "study a leak on purpose; marks every result"},
  };
}

Result<std::vector<expr::NameDefinition>> read_definitions(const Request& request) {
  std::vector<expr::NameDefinition> out;
  for (const std::string& text : request.texts("define")) {
    Result<expr::NameDefinition> one = expr::parse_definition(text);
    if (!one) {
      return fail(std::move(one).error().while_doing("--define"));
    }
    out.push_back(std::move(*one));
  }
  return out;
}

Value definitions_json(const std::vector<expr::NameDefinition>& definitions) {
  Value out = Value::array();
  for (const expr::NameDefinition& definition : definitions) {
    out.push(Value(fmt::format("{} = {}", definition.name, definition.text)));
  }
  return out;
}

std::vector<Parameter> research_parameters() {
  using Kind = ParameterKind;
  std::vector<Parameter> list = {
      {.name = "FORMULA",
       .summary = "a formula in quotes, or the name of a stored factor",
       .positional = true,
       .completes = "factors"},
      {.name = "values",
       .kind = Kind::kPath,
       .summary = "your own numbers instead: a file with date, symbol, value (CSV, JSON, Parquet or Arrow)"},
      {.name = "universe",
       .summary = "which instruments are eligible on which date",
       .fallback = "all",
       .completes = "universes"},
  };
  const std::vector<Parameter> judged = {
      {.name = "horizons",
       .kind = Kind::kIntegers,
       .summary = "sessions ahead, with commas",
       .config_key = "factor.horizons"},
      {.name = "quantiles", .kind = Kind::kInteger, .summary = "buckets a date", .config_key = "factor.quantiles"},
      {.name = "min-names",
       .kind = Kind::kInteger,
       .summary =
           "leave out dates of fewer names; 1 to 3: under 3, 0: under 20, or half of the fullest date's where fewer",
       .config_key = "factor.min_names"},
      {.name = "group",
       .kind = Kind::kChoice,
       .summary = "also by group and group-neutral; none: without, as if not given",
       .choices = {"sector", "industry", "subindustry", "none"}},
      {.name = "cost-bps",
       .kind = Kind::kNumber,
       .summary = "cost of trading, basis points a side",
       .config_key = "factor.cost_bps"},
      {.name = "convention",
       .kind = Kind::kChoice,
       .summary = "when a signal is traded",
       .fallback = "next_open",
       .choices = {"next_open", "next_close", "close_to_close", "vwap"}},
      {.name = "known-returns",
       .kind = Kind::kPath,
       .summary = "returns of known factors: a daily file of French's library, or date and a column each"},
      {.name = "seed", .kind = Kind::kInteger, .summary = "of placebo and bootstrap", .fallback = "7"},
      {.name = "again", .kind = Kind::kFlag, .summary = "run even if an equal run is stored"},
  };
  for (const Parameter& parameter : common_parameters()) {
    list.push_back(parameter);
  }
  const std::vector<Parameter> prepared = preparation_parameters();
  list.insert(list.end(), prepared.begin(), prepared.end());
  list.insert(list.end(), judged.begin(), judged.end());
  return list;
}

namespace {

// Ascending; a horizon named twice was meant to be another one.
Result<std::vector<int>> read_horizons(const Request& request) {
  std::vector<int> horizons = request.integers("horizons");
  std::ranges::sort(horizons);
  const auto twice = std::ranges::adjacent_find(horizons);
  if (twice != horizons.end()) {
    return fail(E::E4, fmt::format("--horizons names {} twice, expected each horizon once", *twice),
                "--horizons 1,5,21");
  }
  return horizons;
}

}  // namespace

Result<ResearchRequest> read_research(const Request& request) {
  ResearchRequest out;
  out.subject = request.text("formula");
  out.values_path = request.text("values");
  if (out.subject.empty() == out.values_path.empty()) {
    return fail(out.subject.empty() ? E::E3 : E::E7,
                out.subject.empty() ? "a formula, a factor name or --values FILE is needed"
                                    : "a formula and --values were both given; one factor is judged at a time",
                "lode factor eval 'rank(-ts_delta(close,5))'");
  }
  out.universe = request.text("universe", "all");
  out.profile = request.text("profile", "lode");
  out.profile_given = is_profile_given(request);
  out.group = request.text("group", "none");
  out.group = out.group == "none" ? "" : out.group;
  out.scheme = request.text("scheme");
  out.benchmark = request.text("benchmark");
  out.known_path = request.text("known-returns");
  LODE_TRY(out.from, request.date("from"));
  LODE_TRY(out.to, request.date("to"));
  if (out.from && out.to && *out.to < *out.from) {
    return fail(E::E4, fmt::format("--from {} is after --to {}", to_string(*out.from), to_string(*out.to)),
                "both are inclusive; the earlier date comes first");
  }
  LODE_TRY(out.as_of, request.instant("as-of"));
  out.as_of_text = request.text("as-of");
  if (request.has("commit")) {
    out.commit = request.integer("commit", 0);
  }
  out.precision = request.text("precision", "f64") == "f32" ? Precision::kFloat32 : Precision::kFloat64;
  LODE_TRY(out.adjust, parse_adjust(request.text("adjust", "all")));
  out.allow_lookahead = request.flag("allow-lookahead");
  LODE_TRY(out.definitions, read_definitions(request));
  LODE_TRY(out.preparation, read_preparation(request));
  LODE_TRY(out.options.horizons, read_horizons(request));
  out.options.quantiles = static_cast<int>(request.integer("quantiles", 5));
  out.options.min_names = static_cast<int>(request.integer("min-names", 0));
  out.options.cost_bps = request.number("cost-bps", 10.0);
  out.cost_origin = request.origin("cost-bps");
  LODE_TRY(out.options.convention, evaluate::parse_convention(request.text("convention", "next_open")));
  out.options.seed = static_cast<std::uint64_t>(request.integer("seed", 7));
  return out;
}

Result<expr::Program> compile_subject(World& world, const ResearchRequest& request, Subject& subject) {
  LODE_TRY(const expr::Profile* profile, expr::find_profile(request.profile));
  std::string text = request.subject;
  LODE_TRY(const std::vector<lake::NamedFactor> factors, factors_for(world, request.subject));
  const auto stored = std::ranges::find(factors, request.subject, &lake::NamedFactor::name);
  if (stored != factors.end()) {
    subject.name = stored->name;
    text = stored->formula;
    if (request.profile_given && request.profile != stored->profile) {
      return fail(E::E7,
                  fmt::format("the factor {} is of profile {}, --profile says {}", stored->name, stored->profile,
                              request.profile),
                  fmt::format("leave --profile out, or give the formula itself: {}", shell_quoted(stored->formula)));
    }
    LODE_TRY(profile, expr::find_profile(stored->profile));
  } else if (factor::is_library_name(request.subject)) {
    LODE_TRY(const factor::Entry entry, factor::find_formula(request.subject));
    subject.name = entry.name();
    text = entry.formula->text;
    LODE_TRY(profile, expr::find_profile(request.profile_given ? request.profile : entry.library->profile));
  }
  if (!request.preparation.is_none()) {
    LODE_TRY(text, prepared_formula(world, request, std::string(profile->name), text));
    subject.name = "";  // A prepared factor is another one.
  }
  const expr::OperatorTable& table = factor::operators();
  expr::CompileOptions options;
  options.fields = factor::known_fields();
  options.allow_lookahead = request.allow_lookahead;
  options.definitions = request.definitions;
  Result<expr::Program> program = expr::compile(text, *profile, table, options);
  if (!program && program.error().number() == E::E1106 && !looks_like_name(text)) {
    return fail(with_factor_alone(std::move(program).error(), names_of(stored_factors(world))));
  }
  if (!program) {
    return fail(with_nearest_factor(std::move(program).error(), text, names_of(factors)));
  }
  if (stored == factors.end() && factor::is_library_name(request.subject)) {
    std::erase_if(program->warnings, [](const expr::Warning& warning) { return warning.number == "W1301"; });
  }
  subject.formula = program->formulas.front();
  subject.typed = !request.preparation.is_none() ? text : subject.name.empty() ? request.subject : "";
  subject.profile = profile->name;
  return program;
}

namespace {

Result<void> look_around(World& world, const ResearchRequest& request, Judgement& out) {
  return request.sensitivity ? add_sensitivity(world, out.study, request, out.judged) : Result<void>();
}

}  // namespace

Result<Judgement> research(World& world, const ResearchRequest& request) {
  Judgement out;
  Subject subject;
  if (!request.values_path.empty()) {
    LODE_TRY(const std::vector<std::string> fields, fields_for_values(world, request));
    LODE_TRY(out.study, open_study(world, request, fields));
    LODE_TRY(out.judged, judge_values(world, out.study, request, std::move(subject)));
    LODE_CHECK(look_around(world, request, out));
    LODE_CHECK(add_honesty(out.study, request, out.judged));
    LODE_CHECK(add_vault(out.study, request, out.judged));
    return out;
  }
  Result<expr::Program> program = compile_subject(world, request, subject);
  if (!program) {
    return fail(with_worth_of_leak(world, request, std::move(program).error()));
  }
  Result<Study> study = open_study(world, request, program->fields());
  if (!study && study.error().number() == E::E1113 && !subject.name.empty()) {
    return fail(std::move(study).error().clone().while_doing(subject.name));
  }
  LODE_TRY(out.study, std::move(study));
  LODE_TRY(out.judged, judge(world, out.study, request, *program, std::move(subject)));
  LODE_CHECK(look_around(world, request, out));
  LODE_CHECK(add_honesty(out.study, request, out.judged));
  LODE_CHECK(add_vault(out.study, request, out.judged));
  return out;
}

Result<ResearchRequest> request_of(const lake::Run& run) {
  Value raw = Value::object();
  for (const auto& [key, value] : run.request.as_object()) {
    std::string name = key;
    std::replace(name.begin(), name.end(), '_', '-');
    if (name == "combination" || name == "known-returns" || name == "sensitivity" || value.is_object()) {
      continue;
    }
    const bool is_by_level = name == "scheme" && !value.is_text();  // The rule gives the same again at that commit.
    if (name != "values" && !is_by_level && !value.is_null()) {
      raw.set(name, value);
    }
  }
  const Value* path = run.outcome.find("values_path");
  if (const Value* values = run.request.find("values"); values != nullptr && values->is_text()) {
    if (path == nullptr || !path->is_text()) {
      return fail(E::E9, fmt::format("run {} does not say which file its values came from", run.alias),
                  "judge the file again: lode factor eval --values FILE");
    }
    raw.set("values", *path);
    raw.set("profile", Value());  // The values' own; no profile of formulas.
  }
  if (run.request.find("known_returns") != nullptr) {
    const Value* known = run.outcome.find("known_path");
    if (known == nullptr || !known->is_text()) {
      return fail(E::E9, fmt::format("run {} does not say which file its known returns came from", run.alias),
                  "judge the factor again with --known-returns FILE");
    }
    raw.set("known-returns", *known);
  }
  raw.set("seed", Value(static_cast<std::int64_t>(run.seed)));
  LODE_TRY(ResearchRequest request, read_research(Request(std::move(raw))));
  request.commit = run.input_commit;
  request.computes_again = true;
  const Value* around = run.request.find("sensitivity");
  request.sensitivity_given = around != nullptr;
  request.sensitivity = around != nullptr ? around->as_bool() : run.flow == "factor report";
  return request;
}

Value canonical_request(const ResearchRequest& request, const Subject& subject) {
  Value value = Value::object();
  value.set("formula", subject.formula.empty() ? Value() : Value(subject.formula));
  value.set("values", subject.values_hash.empty() ? Value() : Value(subject.values_hash));
  if (!subject.recipe.is_null()) {
    value.set("combination", subject.recipe);
  }
  value.set("profile", Value(subject.profile));
  value.set("universe", Value(request.universe));
  value.set("group", request.group.empty() ? Value() : Value(request.group));
  if (!subject.schemes.empty()) {  // Not null elsewhere: runs of before keep their hash.
    value.set("scheme", schemes_json(subject));
  }
  value.set("benchmark", request.benchmark.empty() ? Value() : Value(request.benchmark));
  if (!subject.known_hash.empty()) {  // Not null elsewhere: runs of before keep their hash.
    value.set("known_returns", Value(subject.known_hash));
  }
  value.set("from", request.from ? Value(to_string(*request.from)) : Value());
  value.set("to", request.to ? Value(to_string(*request.to)) : Value());
  value.set("as_of", request.as_of ? Value(to_string(*request.as_of)) : Value());
  if (!subject.values_hash.empty()) {  // A formula has its preparation around it.
    set_preparation(value, request.preparation);
  }
  value.set("precision", Value(request.precision == Precision::kFloat32 ? "f32" : "f64"));
  value.set("adjust", Value(request.adjust == Adjust::kAll     ? "all"
                            : request.adjust == Adjust::kSplit ? "split"
                                                               : "none"));
  Value horizons = Value::array();
  for (const int horizon : request.options.horizons) {
    horizons.push(Value(horizon));
  }
  value.set("horizons", std::move(horizons));
  value.set("quantiles", Value(request.options.quantiles));
  value.set("min_names", Value(request.options.min_names));
  value.set("cost_bps", Value(request.options.cost_bps));
  value.set("convention", Value(evaluate::to_string(request.options.convention)));
  value.set("allow_lookahead", Value(request.allow_lookahead));
  if (!request.definitions.empty()) {  // Not null elsewhere: runs of before keep their hash.
    value.set("define", definitions_json(request.definitions));
  }
  if (request.sensitivity_given) {
    value.set("sensitivity", Value(request.sensitivity));
  }
  return value;
}

}  // namespace lode::flow
