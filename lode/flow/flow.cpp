// The gate every door uses: completes and checks a request, finds and runs a flow.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/flow.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <new>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/steps/answer/output_place.h"
#include "lode_version.h"

namespace lode {

namespace {

std::string key_of(const Parameter& parameter) { return lower(parameter.name); }

// "--horizons" or "FORMULA": how a person knows the parameter.
std::string shown(const Parameter& parameter) {
  return parameter.positional ? std::string(parameter.name) : fmt::format("--{}", parameter.name);
}

std::string kind_text(const Parameter& parameter) {
  switch (parameter.kind) {
    case ParameterKind::kInteger:
      return "a whole number";
    case ParameterKind::kNumber:
      return "a number";
    case ParameterKind::kIntegers:
      return "whole numbers with commas, such as 1,5,21";
    case ParameterKind::kDate:
      return "a date such as 2024-06-28";
    case ParameterKind::kInstant:
      return "a date or an instant such as 2024-06-28T20:00:00Z";
    case ParameterKind::kFlag:
      return "true or false";
    default:
      return "text";
  }
}

Failure not_understood(const Parameter& parameter, const std::string& text) {
  return fail(E::E4, fmt::format("{} is {}, expected {}", shown(parameter), quote(text), kind_text(parameter)));
}

Failure no_such_time(const Parameter& parameter, const std::string& text) {
  return fail(E::E5, fmt::format("{} is {}, expected {}", shown(parameter), quote(text), kind_text(parameter)));
}

struct Range {
  double least;
  double most;
};

// Of the setting that gives the default where it has one, else of the Spec.
Range range_of(const Parameter& parameter) {
  for (const ConfigKey& key : Config::keys()) {
    if (key.name == parameter.config_key && key.fallback.is_number()) {
      return {std::max(key.least, parameter.least), std::min(key.most, parameter.most)};
    }
  }
  return {parameter.least, parameter.most};
}

// A list holds int, whatever its Spec says.
constexpr double kMostOfList = std::numeric_limits<int>::max();

Result<void> check_range(const Parameter& parameter, double value) {
  Range range = range_of(parameter);
  if (parameter.kind == ParameterKind::kIntegers) {
    range.most = std::min(range.most, kMostOfList);
  }
  if (value >= range.least && value <= range.most) {
    return {};
  }
  const bool has_end = value > range.most || range.most < std::min(Parameter().most, kMostOfList);
  return fail(E::E4, fmt::format("{} is {}, expected {}", shown(parameter), shortest(value),
                                 has_end ? fmt::format("{} to {}", shortest(range.least), shortest(range.most))
                                         : fmt::format("{} or more", shortest(range.least))));
}

Result<Value> read_choice(const Parameter& parameter, const std::string& text) {
  std::vector<std::string> choices(parameter.choices.begin(), parameter.choices.end());
  if (std::find(choices.begin(), choices.end(), text) != choices.end()) {
    return Value(text);
  }
  return fail(E::E4, fmt::format("{} is {}, expected one of {}", shown(parameter), quote(text), join(choices, ", ")),
              did_you_mean(text, choices));
}

Result<Value> read_integers(const Parameter& parameter, const std::string& text) {
  Value list = Value::array();
  for (const std::string_view part : split(text, ',')) {
    std::int64_t value = 0;
    if (!parse_int(trim(part), value)) {
      return not_understood(parameter, text);
    }
    LODE_CHECK(check_range(parameter, static_cast<double>(value)));
    list.push(Value(value));
  }
  return list;
}

Result<Value> read_integer(const Parameter& parameter, const std::string& text) {
  std::int64_t value = 0;
  if (!parse_int(text, value)) {
    return not_understood(parameter, text);
  }
  LODE_CHECK(check_range(parameter, static_cast<double>(value)));
  return Value(value);
}

Result<Value> read_number(const Parameter& parameter, const std::string& text) {
  double value = 0.0;
  if (!parse_double(text, value)) {
    return not_understood(parameter, text);
  }
  LODE_CHECK(check_range(parameter, value));
  return Value(value);
}

Result<Value> read_text(const Parameter& parameter, const std::string& text) {
  switch (parameter.kind) {
    case ParameterKind::kInteger:
      return read_integer(parameter, text);
    case ParameterKind::kNumber:
      return read_number(parameter, text);
    case ParameterKind::kFlag:
      if (text == "true" || text == "false") {
        return Value(text == "true");
      }
      return not_understood(parameter, text);
    case ParameterKind::kDate: {
      const Result<Date> date = parse_date(text);
      return date ? Result<Value>(Value(to_string(*date))) : no_such_time(parameter, text);
    }
    case ParameterKind::kInstant:  // Kept as typed: "2024-06-28" reads better in a report than its last nanosecond.
      return parse_as_of(text) ? Result<Value>(Value(text)) : no_such_time(parameter, text);
    case ParameterKind::kChoice:
      return read_choice(parameter, text);
    case ParameterKind::kIntegers:
      return read_integers(parameter, text);
    default:
      return Value(text);
  }
}

Result<Value> read_one(const Parameter& parameter, const Value& raw) {
  if (raw.is_text()) {
    const bool is_words = parameter.kind == ParameterKind::kText || parameter.kind == ParameterKind::kPath;
    if (is_words && trim(raw.as_text()).empty()) {
      return fail(E::E4, fmt::format("{} is empty, expected {}", shown(parameter), parameter.summary));
    }
    return read_text(parameter, raw.as_text());
  }
  const bool fits =
      (parameter.kind == ParameterKind::kFlag && raw.is_bool()) ||
      (parameter.kind == ParameterKind::kInteger && raw.is_int()) ||
      (parameter.kind == ParameterKind::kNumber && raw.is_number()) ||
      (parameter.kind == ParameterKind::kIntegers && raw.is_array() &&
       std::all_of(raw.as_array().begin(), raw.as_array().end(), [](const Value& v) { return v.is_int(); }));
  if (!fits) {
    return not_understood(parameter, to_json(raw));
  }
  if (raw.is_number()) {
    LODE_CHECK(check_range(parameter, raw.as_double()));
  }
  for (std::size_t i = 0; raw.is_array() && i < raw.as_array().size(); ++i) {
    LODE_CHECK(check_range(parameter, raw.as_array()[i].as_double()));
  }
  return raw;
}

Result<Value> read_parameter(const Parameter& parameter, const Value& raw) {
  if (!parameter.repeated) {
    return read_one(parameter, raw);
  }
  Value list = Value::array();
  if (!raw.is_array()) {
    LODE_TRY(Value value, read_one(parameter, raw));
    list.push(std::move(value));
    return list;
  }
  for (const Value& item : raw.as_array()) {
    LODE_TRY(Value value, read_one(parameter, item));
    list.push(std::move(value));
  }
  return list;
}

Result<void> check_names(const FlowSpec& spec, const Value& raw) {
  if (!raw.is_object()) {
    return {};
  }
  std::vector<std::string> names;
  names.reserve(spec.parameters.size());
  for (const Parameter& parameter : spec.parameters) {
    names.push_back(key_of(parameter));
  }
  for (const auto& [key, value] : raw.as_object()) {
    if (std::find(names.begin(), names.end(), key) == names.end()) {
      return fail(E::E2, fmt::format("{} has no option called {}", command_name(spec), quote(key)),
                  did_you_mean(key, names));
    }
  }
  return {};
}

Value default_of(const Parameter& parameter, const Config& config) {
  if (!parameter.config_key.empty()) {
    const Value& value = config.get(parameter.config_key);
    return parameter.kind == ParameterKind::kText && !value.is_text() ? Value(to_json(value)) : value;
  }
  return parameter.fallback.empty() ? Value() : Value(parameter.fallback);
}

std::string origin_of(const Parameter& parameter, bool is_given, const Config& config) {
  if (is_given) {
    return parameter.positional ? std::string(parameter.name) : fmt::format("--{}", parameter.name);
  }
  const std::vector<Setting> settings = parameter.config_key.empty() ? std::vector<Setting>() : config.settings();
  const auto found = std::ranges::find(settings, parameter.config_key, &Setting::key);
  return found == settings.end() ? "built-in" : found->origin;
}

}  // namespace

bool Request::has(std::string_view name) const {
  const Value* value = values_.find(name);
  return value != nullptr && !value->is_null();
}

std::string Request::text(std::string_view name, std::string_view fallback) const {
  const Value* value = values_.find(name);
  return value != nullptr && value->is_text() ? value->as_text() : std::string(fallback);
}

double Request::number(std::string_view name, double fallback) const {
  const Value* value = values_.find(name);
  return value != nullptr && value->is_number() ? value->as_double() : fallback;
}

std::int64_t Request::integer(std::string_view name, std::int64_t fallback) const {
  const Value* value = values_.find(name);
  return value != nullptr && value->is_int() ? value->as_int() : fallback;
}

bool Request::flag(std::string_view name) const {
  const Value* value = values_.find(name);
  return value != nullptr && value->is_bool() && value->as_bool();
}

std::vector<std::string> Request::texts(std::string_view name) const {
  std::vector<std::string> list;
  const Value* value = values_.find(name);
  if (value != nullptr && value->is_text()) {
    list.push_back(value->as_text());
  } else if (value != nullptr && value->is_array()) {
    for (const Value& item : value->as_array()) {
      list.push_back(item.as_text());
    }
  }
  return list;
}

std::vector<int> Request::integers(std::string_view name) const {
  std::vector<int> list;
  const Value* value = values_.find(name);
  if (value != nullptr && value->is_array()) {
    for (const Value& item : value->as_array()) {
      list.push_back(static_cast<int>(item.as_int()));
    }
  }
  return list;
}

Result<std::optional<Date>> Request::date(std::string_view name) const {
  if (!has(name)) {
    return std::optional<Date>();
  }
  LODE_TRY(const Date date, parse_date(text(name)));
  return std::optional<Date>(date);
}

Result<std::optional<Time>> Request::instant(std::string_view name) const {
  if (!has(name)) {
    return std::optional<Time>();
  }
  LODE_TRY(const Time time, parse_as_of(text(name)));
  return std::optional<Time>(time);
}

std::string Request::origin(std::string_view name) const {
  const auto found = origins_.find(name);
  return found == origins_.end() ? "built-in" : found->second;
}

void Request::set_origin(std::string_view name, std::string origin) {
  origins_.insert_or_assign(std::string(name), std::move(origin));
}

Result<Request> complete_request(const FlowSpec& spec, const Value& raw, const Config& config) {
  LODE_CHECK(check_names(spec, raw));
  Request request;
  for (const Parameter& parameter : spec.parameters) {
    const std::string key = key_of(parameter);
    const Value* given = raw.find(key);
    const Value value = given != nullptr && !given->is_null() ? *given : default_of(parameter, config);
    if (value.is_null()) {
      if (parameter.required) {
        return fail(E::E3, fmt::format("{} needs {}: {}", command_name(spec), shown(parameter), parameter.summary),
                    spec.examples.empty() ? std::string() : fmt::format("such as: {}", spec.examples.front().command));
      }
      continue;
    }
    Result<Value> read = read_parameter(parameter, value);
    if (!read) {
      const bool hinted = !read.error().hint().empty();
      return fail(hinted ? std::move(read).error()
                         : std::move(read).error().hinting(
                               fmt::format("{} --help shows what each option takes", command_name(spec))));
    }
    request.set(key, std::move(*read));
    request.set_origin(key, origin_of(parameter, given != nullptr && !given->is_null(), config));
  }
  return request;
}

std::string command_name(const FlowSpec& spec) {
  return spec.noun.empty() ? fmt::format("lode {}", spec.verb) : fmt::format("lode {} {}", spec.noun, spec.verb);
}

const Flow* find_flow(std::string_view noun, std::string_view verb) {
  for (const Flow* flow : flow_catalog()) {
    if (flow->spec.noun == noun && flow->spec.verb == verb) {
      return flow;
    }
  }
  return nullptr;
}

namespace {

// Where memory ends the request fails; the process and what is stored live.
Result<Outcome> run_within_memory(World& world, const Flow& flow, const Request& request) {
  try {
    return flow.run(world, request);
  } catch (const std::bad_alloc&) {
    return fail(E::E8011, command_name(flow.spec) + " got no more memory from this machine",
                "end other programs, or choose fewer instruments, dates or formulas; nothing stored was harmed");
  }
}

}  // namespace

Result<Outcome> run_flow(World& world, const Flow& flow, const Value& raw) {
  LODE_TRY(const Request request, complete_request(flow.spec, raw, world.config));
  const std::int64_t begin = world.clock.monotonic_nanos();
  Result<Outcome> outcome = run_within_memory(world, flow, request);
  if (outcome) {
    flow::keep_output(request);
  }
  const double seconds = static_cast<double>(world.clock.monotonic_nanos() - begin) * 1e-9;
  const std::string name =
      flow.spec.noun.empty() ? std::string(flow.spec.verb) : fmt::format("{}_{}", flow.spec.noun, flow.spec.verb);
  world.metrics.observe("lode_task_duration_seconds", seconds, fmt::format("task=\"{}\"", name));
  Value fields = Value::object();
  fields.set("flow", Value(name));
  fields.set("duration_ms", Value(seconds * 1e3));
  if (!outcome) {
    fields.set("code", Value(to_string(outcome.error().number())));
    world.metrics.add("lode_task_errors_total", 1.0, fmt::format("task=\"{}\"", name));
    world.log.error("flow failed", fields);
  } else {
    world.log.info("flow finished", fields);
  }
  return outcome;
}

std::string_view version() { return LODE_VERSION; }

std::string code_version() { return fmt::format("lode@{}", LODE_CODE_VERSION); }

}  // namespace lode
