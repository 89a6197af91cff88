// Storing values: what is there, what is computed, and the record of it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/values/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "lode/base/error.h"
#include "lode/base/hash.h"
#include "lode/base/machine.h"
#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/answer/phase.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/research/schemes.h"
#include "lode/flow/steps/values/computation.h"
#include "lode/flow/steps/values/wide_rows.h"
#include "lode/io/lake/values/values.h"

namespace lode::flow {

namespace {

constexpr double kMegabyte = 1e6;

std::string_view precision_word(Precision precision) { return precision == Precision::kFloat32 ? "f32" : "f64"; }

std::string_view adjust_word(Adjust adjust) {
  return adjust == Adjust::kAll ? "all" : adjust == Adjust::kSplit ? "split" : "none";
}

Value text_or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

// Everything that values depend on beside their formulas.
Value canonical(const ComputeRequest& request) {
  Value out = Value::object();
  out.set("universe", Value(request.universe));
  out.set("from", request.from ? Value(to_string(*request.from)) : Value());
  out.set("to", request.to ? Value(to_string(*request.to)) : Value());
  out.set("as_of", request.as_of ? Value(to_string(*request.as_of)) : Value());
  out.set("adjust", Value(adjust_word(request.adjust)));
  out.set("precision", Value(precision_word(request.precision)));
  out.set("benchmark", text_or_null(request.benchmark));
  out.set("scheme", text_or_null(request.scheme));
  out.set("allow_lookahead", Value(request.allow_lookahead));
  return out;
}

std::string key_of(const ComputeRequest& request, lake::CommitId input) {
  Value content = Value::array();
  content.push(canonical(request));
  content.push(Value(code_version()));
  content.push(Value(input));
  return xxh3_hex(to_json(content));
}

// Formulas of the call that the lake has, by the name of the call, and the set that holds each.
struct There {
  std::map<std::string, std::string> runs;  // Name to alias
};

Result<There> find_there(const lake::Lake& lake, const ComputeRequest& request, const Formulas& formulas,
                         const std::string& key) {
  LODE_TRY(const std::vector<lake::ValuesSet> sets, lake::values_sets(lake));
  std::map<std::string, std::string> alias_of;  // By hash
  for (const lake::ValuesSet& set : sets) {
    for (const lake::StoredFactor& factor : set.factors) {
      if (set.key == key) {
        alias_of[factor.hash] = set.alias;
      }
    }
  }
  There out;
  if (alias_of.empty()) {
    return out;
  }
  Formulas tried;  // What fails here fails again, and is told, when it is computed.
  tried.profile = formulas.profile;
  tried.texts = formulas.texts;
  const Result<Compiled> compiled =
      compile_all(request, tried, nullptr, nullptr, [](const NamedText&, Error error) { return error; });
  for (std::size_t i = 0; compiled && i < compiled->names.size(); ++i) {
    const auto found = alias_of.find(compiled->program.hashes[i]);
    if (found != alias_of.end()) {
      out.runs.emplace(compiled->names[i], found->second);
    }
  }
  return out;
}

// Names become columns, which are told apart without case.
Result<void> check_names(const Formulas& formulas) {
  std::map<std::string, std::string> seen = {{"session", "a column of every set"},
                                             {"instrument_id", "a column of every set"},
                                             {"known_time", "a column of every set"}};
  for (const NamedText& text : formulas.texts) {
    const auto [found, is_new] = seen.emplace(lower(text.name), "another formula of this call");
    if (!is_new) {
      return fail(E::E11, fmt::format("the name {} is taken by {}", quote(text.name), found->second),
                  "give each formula a name of its own in a file: id<TAB>formula");
    }
  }
  return {};
}

lake::StoredNumber number(std::string path, double value, std::string unit, std::int64_t n, std::string definition) {
  lake::StoredNumber out;
  out.path = std::move(path);
  out.value = value;
  out.unit = std::move(unit);
  out.n = n;
  out.lower = std::numeric_limits<double>::quiet_NaN();
  out.upper = out.lower;
  out.definition = std::move(definition);
  return out;
}

Value node(std::string name, std::string detail) {
  Value value = Value::object();
  value.set("name", Value(std::move(name)));
  value.set("detail", Value(std::move(detail)));
  value.set("children", Value::array());
  return value;
}

// What the values were made from, drawn by `lode why`.
Value lineage_of_values(const ValueHead& head, const ComputeRequest& request, const LakeInputs& inputs,
                        const WideRows& rows, lake::CommitId input) {
  Value root = node("values", counted(std::ssize(head.names), "factor") + ", profile " + head.profile);
  Value children = Value::array();
  children.push(node(
      "universe " + request.universe,
      fmt::format("{} .. {}{}", rows.first() ? to_string(*rows.first()) : "-",
                  rows.last() ? to_string(*rows.last()) : "-", inputs.survivor_biased ? ", survivor-biased" : "")));
  for (const lake::FieldLineage& field : inputs.lineage) {
    std::string detail = fmt::format("lake commit {}", input);
    detail += field.scheme.empty() ? fmt::format(", {}", counted(std::ssize(field.parts), "part"))
                                   : fmt::format(", scheme {}", field.scheme);
    detail += field.actions_applied > 0 ? fmt::format(", {} applied", counted(field.actions_applied, "action")) : "";
    children.push(node(field.field, std::move(detail)));
  }
  root.set("children", std::move(children));
  return root;
}

struct Made {
  lake::ValuesSet set;
  std::int64_t valid = 0;
  std::int64_t cells = 0;
};

// The run, its numbers and the set's note, once every value was given.
lake::ValuesRecord record_of(const Computation& values, const WideRows& rows, const ComputeRequest& request,
                             const std::string& key, lake::Run run, const World& world) {
  const ValueHead& head = values.head();
  lake::ValuesRecord out;
  out.set.key = key;
  out.set.profile = head.profile;
  out.set.precision = head.precision;
  out.set.universe = request.universe;
  out.set.code_version = run.code_version;
  out.set.input_commit = run.input_commit;
  out.set.first = rows.first();
  out.set.last = rows.last();
  out.set.sessions = values.sessions();
  out.set.instruments = values.instruments();
  out.set.cells = rows.rows() * std::ssize(head.names);
  Value hashes = Value::object();
  std::int64_t valid = 0;
  out.numbers.push_back(
      number("factors", static_cast<double>(head.names.size()), "", 0, "formulas whose values are stored"));
  out.numbers.push_back(number("sessions", static_cast<double>(values.sessions()), "", 0, "sessions written"));
  out.numbers.push_back(
      number("instruments", static_cast<double>(values.instruments()), "", 0, "columns of the panel"));
  out.numbers.push_back(number("cells", static_cast<double>(rows.rows()), "", 0,
                               "sessions times instruments inside the universe: cells of one factor"));
  for (std::size_t i = 0; i < head.names.size(); ++i) {
    out.set.factors.push_back({head.names[i], head.formulas[i], head.hashes[i]});
    hashes.set(head.names[i], Value(rows.hash(i)));
    valid += rows.valid()[i];
    const double share =
        rows.rows() > 0 ? static_cast<double>(rows.valid()[i]) / static_cast<double>(rows.rows()) : 0.0;
    out.numbers.push_back(
        number("coverage." + head.names[i], share, "", rows.rows(), "share of its cells that have a value"));
  }
  run.finished = world.clock.now();
  run.outcome.set("values", std::move(hashes));
  run.outcome.set("cells_with_value", Value(valid));
  run.outcome.set("lineage", lineage_of_values(head, request, *values.inputs(), rows, run.input_commit));
  out.run = std::move(run);
  return out;
}

lake::Run run_of(const World& world, const ValueHead& head, const ComputeRequest& request, lake::CommitId input) {
  lake::Run run;
  run.flow = lake::kValuesFlow;
  run.request = canonical(request);
  run.request.set("profile", Value(head.profile));
  Value formulas = Value::array();
  for (std::size_t i = 0; i < head.names.size(); ++i) {
    Value row = Value::object();
    row.set("name", Value(head.names[i]));
    row.set("formula", Value(head.formulas[i]));
    formulas.push(std::move(row));
  }
  run.request.set("formulas", std::move(formulas));
  if (!request.definitions.empty()) {
    run.request.set("define", definitions_json(request.definitions));
  }
  run.code_version = code_version();
  run.input_commit = input;
  run.hash = lake::run_hash(run.flow, run.request, run.code_version, run.input_commit, run.seed);
  run.started = world.clock.now();
  run.status = "done";
  run.host = host_name();
  run.outcome = Value::object();
  return run;
}

std::string stored_text(const lake::ValuesSet& set, double coverage) {
  const double bytes_a_value = set.cells > 0 ? static_cast<double>(set.bytes) / static_cast<double>(set.cells) : 0.0;
  std::string out = fmt::format("{} of universe {} stored as {}\n\n", counted(std::ssize(set.factors), "factor"),
                                set.universe, set.alias);
  out += fmt::format("  sessions     {:>14}   {} .. {}\n", grouped(set.sessions),
                     set.first ? to_string(*set.first) : "-", set.last ? to_string(*set.last) : "-");
  out += fmt::format("  instruments  {:>14}\n", grouped(set.instruments));
  out += fmt::format("  values       {:>14}   {} % present; {}, {} MB, {} bytes a value\n", grouped(set.cells),
                     fixed(100.0 * coverage, 1), precision_word(set.precision),
                     fixed(static_cast<double>(set.bytes) / kMegabyte, 1), fixed(bytes_a_value, 2));
  out += fmt::format("  profile      {:>14}\n", set.profile);
  out += fmt::format("  input        {:>14}   values are known at the close of their session\n",
                     fmt::format("commit {}", set.input_commit));
  return out;
}

Value set_json(const lake::ValuesSet& set, double coverage) {
  Value row = Value::object();
  row.set("run", Value(set.alias));
  row.set("hash", Value(set.run));
  row.set("universe", Value(set.universe));
  row.set("profile", Value(set.profile));
  row.set("precision", Value(precision_word(set.precision)));
  row.set("input_commit", Value(set.input_commit));
  row.set("code_version", Value(set.code_version));
  row.set("commit", Value(set.commit));
  row.set("first", set.first ? Value(to_string(*set.first)) : Value());
  row.set("last", set.last ? Value(to_string(*set.last)) : Value());
  row.set("sessions", Value(set.sessions));
  row.set("instruments", Value(set.instruments));
  row.set("values", Value(set.cells));
  row.set("coverage", Value(coverage));
  row.set("bytes", Value(set.bytes));
  Value factors = Value::array();
  for (const lake::StoredFactor& factor : set.factors) {
    factors.push(Value(factor.name));
  }
  row.set("factors", std::move(factors));
  return row;
}

// "12 factors are in the lake already, from the same formulas and data: r3, r4".
std::string there_text(const There& there) {
  std::set<std::string> aliases;
  for (const auto& [name, alias] : there.runs) {
    aliases.insert(alias);
  }
  const bool one = there.runs.size() == 1;
  return fmt::format("{} {} in the lake already, of the same formulas and data: {}\n",
                     counted(std::ssize(there.runs), "factor"), one ? "is" : "are",
                     join(std::vector<std::string>(aliases.begin(), aliases.end()), ", "));
}

Value there_json(const There& there) {
  Value out = Value::array();
  for (const auto& [name, alias] : there.runs) {
    Value row = Value::object();
    row.set("name", Value(name));
    row.set("run", Value(alias));
    out.push(std::move(row));
  }
  return out;
}

// Computes what is left, and stores it.
Result<void> compute_and_store(World& world, lake::Lake& lake, const ComputeRequest& request, Formulas& formulas,
                               const std::string& key, std::int64_t budget, Outcome& out) {
  LODE_TRY(Computation values, Computation::open(world, request, formulas, {.budget = budget}));
  lake::Run run = run_of(world, values.head(), request, *request.commit);
  const std::string hash = run.hash;
  WideRows rows(world, values);
  LODE_CHECK(begin_phase(world, "computing and storing"));
  LODE_TRY(const lake::ValuesSet set,
           lake::store_values(
               lake, hash, values.head().names.size(), values.head().precision, [&] { return rows.next(); },
               [&]() -> Result<lake::ValuesRecord> {
                 return record_of(values, rows, request, key, std::move(run), world);
               }));
  std::int64_t valid = 0;
  for (const std::int64_t one : rows.valid()) {
    valid += one;
  }
  const double coverage = set.cells > 0 ? static_cast<double>(valid) / static_cast<double>(set.cells) : 0.0;
  out.data.set("stored", set_json(set, coverage));
  out.text += stored_text(set, coverage);
  out.next = fmt::format("lode factor values {} --from {}", shell_quoted(set.factors.front().name),
                         set.last ? to_string(*set.last) : "2024-01-02");
  if (!values.head().groups.empty()) {
    out.data.set("groups", groups_json(values.head().groups));
  }
  for (const std::string& line : values.warnings()) {
    out.warnings.push_back(line);
  }
  return {};
}

}  // namespace

Result<void> store_computed(World& world, const ComputeRequest& asked, Formulas& formulas, std::int64_t budget,
                            Outcome& out) {
  LODE_TRY(const auto lake, open_lake(world, Wanted::kWrite));
  LODE_CHECK(check_names(formulas));
  LODE_TRY(const lake::Snapshot snapshot, lake->snapshot(asked.commit));
  ComputeRequest request = asked;
  LODE_TRY(request.commit, lake::input_commit(*lake, snapshot.commit()));
  LODE_CHECK(resolve_stored_names(*lake, formulas));
  const std::string key = key_of(request, *request.commit);
  LODE_TRY(const There there, find_there(*lake, request, formulas, key));
  std::erase_if(formulas.texts, [&](const NamedText& text) {
    return there.runs.contains(text.name) || there.runs.contains(std::string(kLooksAhead) + text.name);
  });
  formulas.already_there = there.runs.size();
  out.data = Value::object();
  out.data.set("stored", Value());
  out.data.set("already_there", there_json(there));
  out.is_filed = true;
  if (!there.runs.empty()) {
    out.text = there_text(there);
  }
  if (!formulas.texts.empty() || !formulas.unread.empty()) {
    Result<void> stored = compute_and_store(world, *lake, request, formulas, key, budget, out);
    // Where the rest cannot be computed and the others are there, that is told and no failure of all.
    const bool rest_failed = formulas.failures.size() == formulas.texts.size() + formulas.unread.size();
    if (!stored && (there.runs.empty() || !rest_failed)) {
      return stored;
    }
  }
  out.data.set("failed", failures_json(formulas));
  if (!formulas.failures.empty()) {
    out.finding = partial_failure(formulas);
  }
  return {};
}

Result<ComputeRequest> request_of_values(const lake::Run& run) {
  const auto text = [&](std::string_view key) {
    const Value* value = run.request.find(key);
    return value != nullptr && value->is_text() ? value->as_text() : std::string();
  };
  const Value* formulas = run.request.find("formulas");
  if (run.flow != lake::kValuesFlow || formulas == nullptr || !formulas->is_array()) {
    return fail(E::E9, fmt::format("run {} stored no values", run.alias), "lode factor values lists those that did");
  }
  ComputeRequest out;
  out.universe = text("universe");
  out.profile = text("profile");
  out.benchmark = text("benchmark");
  out.scheme = text("scheme");
  out.precision = text("precision") == "f32" ? Precision::kFloat32 : Precision::kFloat64;
  LODE_TRY(out.adjust, parse_adjust(text("adjust")));
  if (!text("from").empty()) {
    LODE_TRY(out.from, parse_date(text("from")));
  }
  if (!text("to").empty()) {
    LODE_TRY(out.to, parse_date(text("to")));
  }
  if (!text("as_of").empty()) {
    LODE_TRY(out.as_of, parse_as_of(text("as_of")));
  }
  const Value* ahead = run.request.find("allow_lookahead");
  out.allow_lookahead = ahead != nullptr && ahead->is_bool() && ahead->as_bool();
  out.commit = run.input_commit;
  return out;
}

Result<std::vector<std::string>> differing_values(World& world, const lake::Run& run, std::int64_t budget) {
  LODE_TRY(const ComputeRequest request, request_of_values(run));
  Formulas formulas;
  formulas.profile = request.profile;
  for (const Value& row : run.request.find("formulas")->as_array()) {
    std::string name = row.find("name")->as_text();
    name.erase(0, name.starts_with(kLooksAhead) ? kLooksAhead.size() : 0);
    formulas.texts.push_back({std::move(name), row.find("formula")->as_text(), ""});
  }
  LODE_TRY(Computation values, Computation::open(world, request, formulas, {.budget = budget}));
  WideRows rows(world, values);
  while (true) {
    LODE_TRY(const std::optional<Batch> batch, rows.next());
    if (!batch) {
      break;
    }
  }
  const Value* hashes = run.outcome.find("values");
  std::vector<std::string> out;
  for (const Value& row : run.request.find("formulas")->as_array()) {
    const std::string& name = row.find("name")->as_text();
    const auto found = std::ranges::find(values.head().names, name);
    const Value* stored = hashes == nullptr ? nullptr : hashes->find(name);
    const bool same = found != values.head().names.end() && stored != nullptr && stored->is_text() &&
                      stored->as_text() == rows.hash(static_cast<std::size_t>(found - values.head().names.begin()));
    if (!same) {
      out.push_back(name);
    }
  }
  return out;
}

}  // namespace lode::flow
