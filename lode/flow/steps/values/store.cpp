// Storing values: what is there, what is computed, and the record of it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/values/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
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
#include "lode/flow/steps/values/continued.h"
#include "lode/flow/steps/values/stored.h"
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
  // By name and hash: a formula that another library has too is stored under each name, as each library is read by its
  // own.
  std::map<std::pair<std::string, std::string>, std::string> alias_of;
  for (const lake::ValuesSet& set : sets) {
    for (const lake::StoredFactor& factor : set.factors) {
      if (set.key == key) {
        alias_of[{factor.name, factor.hash}] = set.alias;
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
    const auto found = alias_of.find({compiled->names[i], compiled->program.hashes[i]});
    if (found != alias_of.end()) {
      out.runs.emplace(compiled->names[i], found->second);
    }
  }
  return out;
}

// True where an earlier run of other data stored all that is there of this call and more of it: going on from that run
// as a whole costs little, and leaves the call's formulas together for the next time.
Result<bool> may_go_on_whole(const lake::Lake& lake, const ComputeRequest& request, const Formulas& formulas,
                             const There& there, const std::string& key) {
  LODE_TRY(const std::vector<lake::ValuesSet> sets, lake::values_sets(lake));
  std::set<std::string> wanted;
  std::ranges::transform(formulas.texts, std::inserter(wanted, wanted.end()), &NamedText::name);
  return std::ranges::any_of(sets, [&](const lake::ValuesSet& set) {
    std::set<std::string> names;
    std::ranges::transform(set.factors, std::inserter(names, names.end()), &lake::StoredFactor::name);
    return set.key != key && set.universe == request.universe && set.profile == formulas.profile &&
           set.precision == request.precision && set.code_version == code_version() &&
           names.size() > there.runs.size() && std::ranges::includes(wanted, names) &&
           std::ranges::all_of(there.runs, [&](const auto& entry) { return names.contains(entry.first); });
  });
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
                        const lake::ValuesSet& set, lake::CommitId input) {
  Value root = node("values", counted(std::ssize(head.names), "factor") + ", profile " + head.profile);
  Value children = Value::array();
  children.push(node("universe " + request.universe, fmt::format("{} .. {}{}", set.first ? to_string(*set.first) : "-",
                                                                 set.last ? to_string(*set.last) : "-",
                                                                 inputs.survivor_biased ? ", survivor-biased" : "")));
  if (!set.continues.empty()) {
    children.push(node("continues " + set.continues, "sessions of the same inputs were kept"));
  }
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

// The run's numbers, as `lode runs show` has them.
std::vector<lake::StoredNumber> numbers_of(const lake::ValuesSet& set, const ValueTotals& totals) {
  std::vector<lake::StoredNumber> out;
  out.push_back(number("factors", static_cast<double>(set.factors.size()), "", 0, "formulas whose values are stored"));
  out.push_back(number("sessions", static_cast<double>(set.sessions), "", 0, "sessions written"));
  out.push_back(number("instruments", static_cast<double>(set.instruments), "", 0, "columns of the panel"));
  out.push_back(number("cells", static_cast<double>(totals.rows), "", 0,
                       "sessions times instruments inside the universe: cells of one factor"));
  for (std::size_t i = 0; i < set.factors.size(); ++i) {
    const double share =
        totals.rows > 0 ? static_cast<double>(totals.valid[i]) / static_cast<double>(totals.rows) : 0.0;
    out.push_back(
        number("coverage." + set.factors[i].name, share, "", totals.rows, "share of its cells that have a value"));
  }
  return out;
}

// The run, its numbers and the set's note, once every value was given.
lake::ValuesRecord record_of(const Computation& values, const WideRows& rows, const ComputeRequest& request,
                             const std::string& key, const Continuation& going, lake::Run run, const World& world) {
  const ValueHead& head = values.head();
  ValueTotals totals = rows.totals();
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
  if (going.goes_on()) {
    totals.add(going.kept_totals());
    out.set.sessions = going.sessions_kept() + going.sessions_new() + going.sessions_again();
  }
  going.complete(out, values.state());
  out.set.instruments = std::ssize(head.symbols);
  out.set.cells = totals.rows * std::ssize(head.names);
  std::int64_t valid = 0;
  for (std::size_t i = 0; i < head.names.size(); ++i) {
    out.set.factors.push_back({head.names[i], head.formulas[i], head.hashes[i]});
    valid += totals.valid[i];
  }
  out.numbers = numbers_of(out.set, totals);
  run.finished = world.clock.now();
  put_totals(totals, head.names, run.outcome);
  run.outcome.set("cells_with_value", Value(valid));
  run.outcome.set("lineage", lineage_of_values(head, request, *values.inputs(), out.set, run.input_commit));
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

// "continues r5: 1 session new, 0 computed again".
std::string continued_text(const Continuation& going) {
  return fmt::format("  continues    {:>14}   {} new, {} computed again, {} kept\n", going.parent().alias,
                     counted(going.sessions_new(), "session"), grouped(going.sessions_again()),
                     grouped(going.sessions_kept()));
}

std::string stored_text(const lake::ValuesSet& set, double coverage, const Continuation& going) {
  std::string size = fmt::format("{} MB", fixed(static_cast<double>(set.bytes) / kMegabyte, 1));
  if (!going.goes_on() && set.cells > 0) {
    size +=
        fmt::format(", {} bytes a value", fixed(static_cast<double>(set.bytes) / static_cast<double>(set.cells), 2));
  }
  std::string out = fmt::format("{} of universe {} stored as {}\n\n", counted(std::ssize(set.factors), "factor"),
                                set.universe, set.alias);
  out += fmt::format("  sessions     {:>14}   {} .. {}\n", grouped(set.sessions),
                     set.first ? to_string(*set.first) : "-", set.last ? to_string(*set.last) : "-");
  out += fmt::format("  instruments  {:>14}\n", grouped(set.instruments));
  out += fmt::format("  values       {:>14}   {} % present; {}, {}{}\n", grouped(set.cells), fixed(100.0 * coverage, 1),
                     precision_word(set.precision), size, going.goes_on() ? " of its own" : "");
  out += going.goes_on() ? continued_text(going) : "";
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

Value continued_json(const Continuation& going) {
  if (!going.goes_on()) {
    return {};
  }
  Value out = Value::object();
  out.set("run", Value(going.parent().alias));
  out.set("sessions_new", Value(going.sessions_new()));
  out.set("sessions_again", Value(going.sessions_again()));
  out.set("sessions_kept", Value(going.sessions_kept()));
  return out;
}

// Computes what is left, and stores it; or finds that an earlier run has it all, of the same inputs.
Result<void> compute_and_store(World& world, const std::shared_ptr<lake::Lake>& lake, const ComputeRequest& request,
                               Formulas& formulas, const std::string& key, std::int64_t budget, There& there,
                               Outcome& out) {
  Value asked = canonical(request);
  asked.set("profile", Value(formulas.profile));
  Continuation going(world, lake, std::move(asked), request.universe, formulas.profile, request.precision, budget);
  LODE_TRY(Computation values,
           Computation::open(world, request, formulas,
                             {.budget = budget, .plan = [&](const Prepared& ready) { return going.plan(ready); }}));
  if (going.has_nothing_new()) {
    for (const std::string& name : values.head().names) {
      there.runs.emplace(name, going.parent().alias);
    }
    return {};
  }
  lake::Run run = run_of(world, values.head(), request, *request.commit);
  const std::string hash = run.hash;
  WideRows rows(world, values);
  LODE_CHECK(begin_phase(world, "computing and storing"));
  std::int64_t valid = 0;
  LODE_TRY(const lake::ValuesSet set,
           lake::store_values(
               *lake, hash, values.head().names.size(), values.head().precision, [&] { return rows.next(); },
               [&]() -> Result<lake::ValuesRecord> {
                 lake::ValuesRecord record = record_of(values, rows, request, key, going, std::move(run), world);
                 valid = record.run.outcome.find("cells_with_value")->as_int();
                 return record;
               }));
  const double coverage = set.cells > 0 ? static_cast<double>(valid) / static_cast<double>(set.cells) : 0.0;
  Value stored = set_json(set, coverage);
  stored.set("continues", continued_json(going));
  out.data.set("stored", std::move(stored));
  out.text += stored_text(set, coverage, going);
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
  LODE_TRY(There there, find_there(*lake, request, formulas, key));
  if (!there.runs.empty() && there.runs.size() < formulas.texts.size()) {
    LODE_TRY(const bool whole, may_go_on_whole(*lake, request, formulas, there, key));
    there = whole ? There() : std::move(there);
  }
  std::erase_if(formulas.texts, [&](const NamedText& text) {
    return there.runs.contains(text.name) || there.runs.contains(std::string(kLooksAhead) + text.name);
  });
  formulas.already_there = there.runs.size();
  out.data = Value::object();
  out.data.set("stored", Value());
  out.is_filed = true;
  if (!formulas.texts.empty() || !formulas.unread.empty()) {
    const bool some_there = !there.runs.empty();
    Result<void> stored = compute_and_store(world, lake, request, formulas, key, budget, there, out);
    // Where the rest cannot be computed and the others are there, that is told and no failure of all.
    const bool rest_failed = formulas.failures.size() == formulas.texts.size() + formulas.unread.size();
    if (!stored && (!some_there || !rest_failed)) {
      return stored;
    }
  }
  out.data.set("already_there", there_json(there));
  if (!there.runs.empty()) {
    out.text = there_text(there) + out.text;
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

namespace {

// What the run recorded of its values; of a run of an earlier version, what its stored values come to.
Result<ValueTotals> totals_of_run(World& world, const lake::Run& run, const std::vector<std::string>& names,
                                  std::int64_t budget) {
  if (std::optional<ValueTotals> recorded = totals_in(run.outcome, names)) {
    return std::move(*recorded);
  }
  LODE_TRY(const auto lake, open_lake(world, Wanted::kRead));
  LODE_TRY(const lake::ValuesSet set, set_of_run(*lake, run.alias));
  LODE_TRY(Computation stored, open_values(lake, set, {}, budget));
  WideRows rows(world, stored);
  for (std::optional<Batch> batch = Batch(); batch;) {
    LODE_TRY(batch, rows.next());
  }
  ValueTotals out(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& there = stored.head().names;
    const auto at = static_cast<std::size_t>(std::ranges::find(there, names[i]) - there.begin());
    out.digests[i] = at < there.size() ? rows.totals().digests[at] : ValueDigest{};
  }
  return out;
}

}  // namespace

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
  const std::vector<std::string>& now = values.head().names;
  LODE_TRY(const ValueTotals stored, totals_of_run(world, run, now, budget));
  std::vector<std::string> out;
  for (const Value& row : run.request.find("formulas")->as_array()) {
    const std::string& name = row.find("name")->as_text();
    const auto at = static_cast<std::size_t>(std::ranges::find(now, name) - now.begin());
    if (at == now.size() || !(stored.digests[at] == rows.totals().digests[at])) {
      out.push_back(name);
    }
  }
  return out;
}

}  // namespace lode::flow
