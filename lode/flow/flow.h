// Flow: a verb of the product. One catalog of flows gives every door at once: command line, HTTP route, state-machine
// task, Python function. A verb is one file in its noun's folder, `flow/<noun>/<verb>.cpp`, that defines `const Flow&
// lode::flow_<noun>_<verb>()`; verbs without a noun (`lode demo`) stand in `flow/top/`.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/value.h"
#include "lode/base/world.h"

namespace lode {

// How a parameter's text is read, and what a form offers.
enum class ParameterKind : std::uint8_t {
  kText,
  kInteger,
  kNumber,
  kFlag,      // Present or absent.
  kDate,      // YYYY-MM-DD
  kInstant,   // A date or an instant: --as-of
  kChoice,    // One of `choices`
  kPath,      // File or folder
  kIntegers,  // Comma-separated: 1,5,21
};

struct Parameter {
  std::string_view name;  // Long option without dashes, "horizons"; for positional ones "FORMULA".
  ParameterKind kind = ParameterKind::kText;
  std::string_view summary;        // One line; the unit is named.
  std::string_view fallback = {};  // Default as typed; empty = none.
  bool positional = false;
  bool repeated = false;  // Positional or option given several times: the Request holds an array.
  bool required = false;
  char letter = 0;                   // Short form, for -o -f -q -v -n -h only.
  std::string_view config_key = {};  // Setting that gives the default: "factor.cost_bps".
  std::vector<std::string_view> choices = {};
  std::string_view completes = {};  // What a shell completes: a kind of flow/steps/answer/candidates.h, or "files".
  // Of a number, and of each of kIntegers: what it may be. A setting's own range (config_key) goes before it. Counts
  // are the rule, so a number below 0 says so in its Spec.
  double least = 0.0;
  double most = 1e15;
};

// One worked example; it runs on the demo lake, and a test runs it.
struct FlowExample {
  std::string_view command;  // "lode factor eval 'rank(-ts_delta(close,5))' --universe liquid500"
  std::string_view summary;
  bool runs_on_demo = true;  // false: needs files or a network that the demo lake has not.
};

// The journey a verb belongs to, for help.
enum class Journey : std::uint8_t { kStart, kData, kResearch, kTrade, kOperate };

struct FlowSpec {
  std::string_view noun;     // "factor"; empty for top-level verbs
  std::string_view verb;     // "eval"
  std::string_view summary;  // One line, lower case, no period: "numbers about a factor: IC, spread, costs, turnover"
  std::string_view description;  // One paragraph.
  Journey journey = Journey::kResearch;
  std::vector<Parameter> parameters;
  std::vector<FlowExample> examples;
  std::string_view schema;  // Of Outcome::data: "lode.factor.eval/1"
};

// The parameters of one call, checked against the Spec: every parameter that has a value, by name in lower case, with
// '-' kept. Texts, numbers, bools; arrays for repeated ones and kIntegers.
class Request {
 public:
  Request() = default;
  explicit Request(Value values) : values_(std::move(values)) {}

  bool has(std::string_view name) const;
  std::string text(std::string_view name, std::string_view fallback = {}) const;
  double number(std::string_view name, double fallback) const;
  std::int64_t integer(std::string_view name, std::int64_t fallback) const;
  bool flag(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;  // Empty when absent.
  std::vector<int> integers(std::string_view name) const;
  Result<std::optional<Date>> date(std::string_view name) const;     // E2005
  Result<std::optional<Time>> instant(std::string_view name) const;  // E0005
  const Value& values() const { return values_; }
  void set(std::string_view name, Value value) { values_.set(name, std::move(value)); }

  // Where the value came from, as `lode config show` says it: "--cost-bps", "LODE_FACTOR_COST_BPS", "lode.toml:3",
  // "built-in".
  std::string origin(std::string_view name) const;
  void set_origin(std::string_view name, std::string origin);

 private:
  Value values_ = Value::object();
  std::map<std::string, std::string, std::less<>> origins_;
};

// Checks and completes raw parameters: unknown name E0002 (nearest named), wrong type, out of range or an empty text
// E0004, required absent E0003; fills defaults from `config` and the Spec. One gate for every door.
Result<Request> complete_request(const FlowSpec& spec, const Value& raw, const Config& config);

// What a flow has to say. `data` is the machine's answer (--json), `text` the person's; both hold the same numbers.
struct Outcome {
  Value data;           // Becomes {"schema":..., "data":..., "warnings":[...]}
  std::string text;     // For stdout; lines end in '\n'; ASCII.
  std::string payload;  // Raw bytes for stdout instead of text (CSV, Parquet): `--format`, export.
  // What the payload holds, for --json: writes one JSON array piece by piece, which becomes data.rows. Empty: no rows.
  std::function<void(const std::function<void(std::string_view)>& write)> rows;
  bool is_filed = false;              // The answer is a file, and `text` only says which: --quiet leaves it out.
  std::vector<std::string> warnings;  // One line each, to stderr.
  std::optional<Error> finding;  // Found problem after a full answer (E3001): printed to stderr, decides the exit code.
  std::string next;              // At most one command that would come next; printed dim on a TTY.
};

struct Flow {
  FlowSpec spec;
  Result<Outcome> (*run)(World&, const Request&);
};

// "lode factor eval", "lode doctor": the words a person types.
std::string command_name(const FlowSpec& spec);

std::span<const Flow* const> flow_catalog();                          // Sorted by noun, then verb.
const Flow* find_flow(std::string_view noun, std::string_view verb);  // nullptr when unknown.

// Runs `request` after complete_request; the one way a door starts a flow. Counts and logs it.
Result<Outcome> run_flow(World& world, const Flow& flow, const Value& raw);

// "0.1.0", and the code version a run records: "lode@<git or 0.1.0>".
std::string_view version();
std::string code_version();

}  // namespace lode
