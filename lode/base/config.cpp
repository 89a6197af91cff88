// Merges the layers of configuration and names what does not fit. toml++ is seen nowhere else.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "lode/base/assert.h"
#include "lode/base/text.h"

#include <toml++/toml.h>

namespace lode {
namespace {

// Variables that start with LODE_ and are no settings: the tests' data folder, and the path of libduckdb.so.
constexpr std::array<std::string_view, 2> kReservedVariables = {"LODE_TEST_DATA", "LODE_DUCKDB"};

const ConfigKey* find_key(std::string_view name) {
  const auto keys = Config::keys();
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const ConfigKey& key) { return key.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

std::string_view kind_name(const ConfigKey& key) {
  const Value& value = key.fallback;
  return value.is_text() ? "text" : value.is_bool() ? "true or false" : value.is_int() ? "a whole number" : "a number";
}

std::string range_text(const ConfigKey& key) {
  if (!key.choices.empty()) {
    return "one of " + join(key.choices, ", ");
  }
  const bool has_most = key.most < std::numeric_limits<double>::infinity();
  return has_most ? fmt::format("{} to {}", shortest(key.least), shortest(key.most))
                  : fmt::format("{} or more", shortest(key.least));
}

// As it was written; JSON has no word for what is not finite.
std::string printed(const Value& value) {
  const bool finite = !value.is_double() || std::isfinite(value.as_double());
  return value.is_text() ? quote(value.as_text()) : finite ? to_json(value) : fmt::format("{}", value.as_double());
}

// True for "1,5,21": whole numbers above 0 with commas between.
bool is_number_list(std::string_view text) {
  for (const std::string_view item : split(text, ',')) {
    std::int64_t number = 0;
    if (!parse_int(trim(item), number) || number < 1) {
      return false;
    }
  }
  return true;
}

// What a text must be beyond one of its choices; "" when it is. A key whose built-in value is a text or a list of
// numbers cannot do without one.
std::string text_fault(const ConfigKey& key, const std::string& text) {
  const std::string& usual = key.fallback.as_text();
  if (text.empty() && !usual.empty()) {
    return fmt::format("{} is empty, expected {}", key.name, key.summary);
  }
  if (is_number_list(usual) && !is_number_list(text)) {
    return fmt::format("{} is {}, expected whole numbers with commas, such as {}", key.name, quote(text), usual);
  }
  return {};
}

// The value in the key's own type; E5002 when it is of another type or out of range.
Result<Value> fit(const ConfigKey& key, Value value) {
  if (key.fallback.is_double() && value.is_int()) {
    value = Value(value.as_double());
  }
  const bool is_same_kind = (key.fallback.is_text() && value.is_text()) ||
                            (key.fallback.is_bool() && value.is_bool()) || (key.fallback.is_int() && value.is_int()) ||
                            (key.fallback.is_double() && value.is_double());
  if (!is_same_kind) {
    return fail(E::E5002, fmt::format("{} is {}, expected {}", key.name, printed(value), kind_name(key)));
  }
  const bool is_in_range = value.is_number() ? value.as_double() >= key.least && value.as_double() <= key.most
                           : value.is_text() && !key.choices.empty()
                               ? std::find(key.choices.begin(), key.choices.end(), value.as_text()) != key.choices.end()
                               : true;
  if (!is_in_range) {
    std::string hint = value.is_text() ? did_you_mean(value.as_text(), key.choices) : std::string();
    return fail(E::E5002, fmt::format("{} is {}, expected {}", key.name, printed(value), range_text(key)),
                std::move(hint));
  }
  if (value.is_text()) {
    if (std::string fault = text_fault(key, value.as_text()); !fault.empty()) {
      return fail(E::E5002, std::move(fault));
    }
  }
  return value;
}

// A flag's or a variable's text, read by the key's type.
Result<Value> read(const ConfigKey& key, std::string_view text) {
  std::int64_t whole = 0;
  double number = 0.0;
  if (key.fallback.is_int() && parse_int(text, whole)) {
    return fit(key, Value(whole));
  }
  if (key.fallback.is_double() && parse_double(text, number)) {
    return fit(key, Value(number));
  }
  if (key.fallback.is_bool() && (text == "true" || text == "1" || text == "false" || text == "0")) {
    return fit(key, Value(text == "true" || text == "1"));
  }
  return fit(key, Value(text));
}

Failure unknown_key(std::string_view name) {
  std::vector<std::string> names;
  for (const ConfigKey& key : Config::keys()) {
    names.push_back(key.name);
  }
  std::string hint = did_you_mean(name, names);
  if (hint.empty()) {  // Not `lode config show`: it would be refused as well.
    hint = "the keys: " + join(names, ", ");
  }
  return fail(E::E5001, fmt::format("no configuration key called {}", quote(name)), std::move(hint));
}

void put(std::vector<Setting>& settings, const ConfigKey& key, Value value, std::string origin) {
  const auto index = static_cast<std::size_t>(&key - Config::keys().data());
  settings[index].value = std::move(value);
  settings[index].origin = std::move(origin);
}

// "  3 | threads = true", the line an error is about.
std::string excerpt(std::string_view text, std::size_t line) {
  const auto lines = split(text, '\n');
  if (line < 1 || line > lines.size()) {
    return {};
  }
  std::string shown = quote(trim(lines[line - 1]));
  return fmt::format("  {} | {}", line, shown.substr(1, shown.size() - 2));
}

Value toml_value(const toml::node& node) {
  if (const auto* whole = node.as_integer()) {
    return Value(whole->get());
  }
  if (const auto* number = node.as_floating_point()) {
    return Value(number->get());
  }
  if (const auto* flag = node.as_boolean()) {
    return Value(flag->get());
  }
  if (const auto* text = node.as_string()) {
    return Value(text->get());
  }
  // A list is its items with commas between, as on the command line; anything else (dates) has no key that takes it.
  const auto* list = node.as_array();
  std::vector<std::string> items;
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const Value item = toml_value((*list)[i]);
    items.push_back(item.is_text() ? item.as_text() : to_json(item));
  }
  return list != nullptr ? Value(join(items, ",")) : Value();
}

// One TOML document on its way into the settings.
class TomlMerge {
 public:
  TomlMerge(std::string_view text, std::string_view file, std::vector<Setting>& settings)
      : text_(text), file_(file), settings_(settings) {}

  Result<void> table(const toml::table& table, const std::string& prefix) {
    for (const auto& [toml_key, node] : table) {
      const std::string name = prefix + std::string(toml_key.str());
      if (const auto* inner = node.as_table()) {
        LODE_CHECK(this->table(*inner, name + "."));
      } else {
        LODE_CHECK(leaf(name, node, toml_key.source().begin.line));
      }
    }
    return {};
  }

 private:
  Result<void> leaf(const std::string& name, const toml::node& node, std::size_t line) {
    const std::string origin = fmt::format("{}:{}", file_, line);
    const ConfigKey* const key = find_key(name);
    if (key == nullptr) {
      Failure unknown = unknown_key(name);
      return fail(std::move(unknown.value()).while_doing(origin).at(excerpt(text_, line)));
    }
    auto value = fit(*key, toml_value(node));
    if (!value) {
      return fail(std::move(value).error().while_doing(origin).at(excerpt(text_, line)));
    }
    put(settings_, *key, std::move(*value), origin);
    return {};
  }

  std::string_view text_;
  std::string_view file_;
  std::vector<Setting>& settings_;
};

}  // namespace

std::string environment_name(std::string_view key) {
  std::string name = "LODE_" + upper(key);
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

Config::Config() {
  for (const ConfigKey& key : keys()) {
    settings_.push_back({key.name, key.fallback, "built-in"});
  }
}

Result<void> Config::merge_toml(std::string_view text, std::string_view file) {
  const toml::parse_result parsed = toml::parse(text, file);
  if (!parsed) {
    const auto& error = parsed.error();
    return fail(
        Error(E::E5003, fmt::format("{}:{}: not TOML: {}", file, error.source().begin.line, error.description()))
            .at(excerpt(text, error.source().begin.line)));
  }
  std::vector<Setting> merged = settings_;
  LODE_CHECK(TomlMerge(text, file, merged).table(parsed.table(), ""));
  settings_ = std::move(merged);
  return {};
}

Result<void> Config::merge_environment(std::span<const std::pair<std::string, std::string>> variables) {
  std::vector<Setting> merged = settings_;
  std::vector<std::string> names;
  for (const ConfigKey& key : keys()) {
    names.push_back(environment_name(key.name));
  }
  for (const auto& [name, text] : variables) {
    const bool is_reserved =
        std::find(kReservedVariables.begin(), kReservedVariables.end(), name) != kReservedVariables.end();
    if (name.rfind("LODE_", 0) != 0 || is_reserved) {
      continue;
    }
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      return fail(E::E5001, fmt::format("environment variable {} is no setting of Lode", name),
                  did_you_mean(name, names));
    }
    if (text.empty()) {
      continue;  // `LODE_LAKE= lode ...` is how a shell takes a variable back.
    }
    const ConfigKey& key = keys()[static_cast<std::size_t>(found - names.begin())];
    auto value = read(key, text);
    if (!value) {
      return fail(std::move(value).error().while_doing(name));
    }
    put(merged, key, std::move(*value), name);
  }
  settings_ = std::move(merged);
  return {};
}

Result<void> Config::merge_flag(std::string_view key, std::string_view text, std::string_view flag) {
  const ConfigKey* const declared = find_key(key);
  if (declared == nullptr) {
    return unknown_key(key);
  }
  auto value = read(*declared, text);
  if (!value) {
    return fail(std::move(value).error().while_doing(std::string(flag)));
  }
  put(settings_, *declared, std::move(*value), std::string(flag));
  return {};
}

const Value& Config::get(std::string_view key) const {
  const ConfigKey* const declared = find_key(key);
  LODE_ASSERT(declared != nullptr);
  return settings_[static_cast<std::size_t>(declared - keys().data())].value;
}

std::vector<Setting> Config::settings() const { return settings_; }

}  // namespace lode
