// Merges the layers of configuration and names what does not fit. toml++ is seen nowhere else.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "lode/base/assert.h"
#include "lode/base/config_keys.h"
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

std::string_view kind_name(const Value& value) {
  return value.is_text()     ? "text"
         : value.is_bool()   ? "true or false"
         : value.is_int()    ? "a whole number"
         : value.is_double() ? "a number"
                             : "of no kind a setting has";
}

// Whether what a layer says may be told in an error. A typo in a file of keys must not print one.
enum class Telling { kAll, kNoValues };

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

// Of a value that must not be told: its kind, and the form it should have.
Failure untold(const ConfigKey& key, const Value& value, std::string_view expected) {
  return fail(
      E::E5002, fmt::format("{} is {}, which is not shown here, expected {}", key.name, kind_name(value), expected),
      key.fallback.is_text() ? fmt::format("a text stands between quotes: {} = \"...\"", key.name) : std::string());
}

// A secret becomes a header or a part of an address. What a header would lose or end at would not be known again where
// a host echoes it.
bool is_sendable(std::string_view secret) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return trim(secret).size() == secret.size() && std::ranges::none_of(secret, is_control);
}

// The newline that a file of one secret ends in, as a container mounts it, is none of the secret.
std::string without_newline(std::string secret) {
  for (const char c : {'\n', '\r'}) {
    if (secret.ends_with(c)) {
      secret.pop_back();
    }
  }
  return secret;
}

// The value in the key's own type; E5002 when it is of another type or out of range.
Result<Value> fit(const ConfigKey& key, Value value, Telling telling) {
  const bool is_told = telling == Telling::kAll && !is_secret_key(key.name);
  if (key.fallback.is_double() && value.is_int()) {
    value = Value(value.as_double());
  }
  if (is_secret_key(key.name) && value.is_text()) {
    value = Value(without_newline(value.as_text()));
    if (!is_sendable(value.as_text())) {
      return fail(
          E::E5002,
          fmt::format("{} has white space at an end or a control character in it, expected {}", key.name, key.summary),
          "it is not shown here; white space often comes with copying");
    }
  }
  const bool is_same_kind = (key.fallback.is_text() && value.is_text()) ||
                            (key.fallback.is_bool() && value.is_bool()) || (key.fallback.is_int() && value.is_int()) ||
                            (key.fallback.is_double() && value.is_double());
  if (!is_same_kind) {
    const std::string_view kind = kind_name(key.fallback);
    return is_told ? fail(E::E5002, fmt::format("{} is {}, expected {}", key.name, printed(value), kind))
                   : untold(key, value, kind);
  }
  const bool is_in_range = value.is_number() ? value.as_double() >= key.least && value.as_double() <= key.most
                           : value.is_text() && !key.choices.empty()
                               ? std::find(key.choices.begin(), key.choices.end(), value.as_text()) != key.choices.end()
                               : true;
  if (!is_in_range && !is_told) {
    return untold(key, value, range_text(key));
  }
  if (!is_in_range) {
    std::string hint = value.is_text() ? did_you_mean(value.as_text(), key.choices) : std::string();
    return fail(E::E5002, fmt::format("{} is {}, expected {}", key.name, printed(value), range_text(key)),
                std::move(hint));
  }
  if (value.is_text()) {
    if (std::string fault = text_fault(key, value.as_text()); !fault.empty()) {
      return is_told ? fail(E::E5002, std::move(fault)) : untold(key, value, key.summary);
    }
  }
  return value;
}

// A flag's or a variable's text, read by the key's type.
Result<Value> read(const ConfigKey& key, std::string_view text) {
  std::int64_t whole = 0;
  double number = 0.0;
  if (key.fallback.is_int() && parse_int(text, whole)) {
    return fit(key, Value(whole), Telling::kAll);
  }
  if (key.fallback.is_double() && parse_double(text, number)) {
    return fit(key, Value(number), Telling::kAll);
  }
  if (key.fallback.is_bool() && (text == "true" || text == "1" || text == "false" || text == "0")) {
    return fit(key, Value(text == "true" || text == "1"), Telling::kAll);
  }
  return fit(key, Value(text), Telling::kAll);
}

// What a line of `file` looks like: a key stands in no file but the one for keys.
std::string line_hint(std::string_view file) {
  return is_secrets_file(file) ? "a line is a key and its value, a text between quotes: fred.key = \"...\""
                               : fmt::format(
                                     "a line is a key and its value, a text between quotes: lake = \"./lake\"; "
                                     "keys of sources stand in {}",
                                     kSecretsFile);
}

Failure unknown_key(std::string_view name, Telling telling, std::string_view file) {
  std::vector<std::string> names;
  for (const ConfigKey& key : Config::keys()) {
    names.push_back(key.name);
  }
  std::string hint = did_you_mean(name, names);
  if (telling == Telling::kNoValues && hint.empty()) {  // A key pasted alone on its line reads as a name.
    return fail(E::E5001, "what stands here, and is not shown, is no configuration key", line_hint(file));
  }
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

// An address with a name and password in it, or a proxy written without its scheme.
bool has_userinfo(std::string_view line) {
  return line.find('@') != std::string_view::npos &&
         (line.find("://") != std::string_view::npos || line.find("proxy") != std::string_view::npos);
}

// A file of keys, or one that has a secret in it where none belongs: by the words that go with them, wherever they
// stand, since the line of an error may be the second of a broken key.
Telling telling_of(std::string_view text, std::string_view file) {
  const std::string low = lower(text);
  const auto has = [&](std::string_view word) { return low.find(word) != std::string::npos; };
  bool is_near = is_secrets_file(file) || has("key") || has("token") || has("secret") || has("passw") ||
                 std::ranges::any_of(split(low, '\n'), has_userinfo);
  for (const ConfigKey& key : Config::keys()) {
    is_near = is_near || (is_secret_key(key.name) && has(key.name.substr(0, key.name.find('.'))));
  }
  return is_near ? Telling::kNoValues : Telling::kAll;
}

// "  3 | threads = true", the line an error is about.
std::string excerpt(std::string_view text, std::size_t line, Telling telling) {
  const auto lines = split(text, '\n');
  if (line < 1 || line > lines.size() || telling == Telling::kNoValues) {
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
      : text_(text), file_(file), telling_(telling_of(text, file)), settings_(settings) {}

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
      Failure unknown = unknown_key(name, telling_, file_);
      return fail(std::move(unknown.value()).while_doing(origin).at(excerpt(text_, line, telling_)));
    }
    auto value = fit(*key, toml_value(node), telling_);
    if (!value) {
      return fail(std::move(value).error().while_doing(origin).at(excerpt(text_, line, telling_)));
    }
    put(settings_, *key, std::move(*value), origin);
    return {};
  }

  std::string_view text_;
  std::string_view file_;
  Telling telling_;
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
    const std::size_t line = error.source().begin.line;
    const Telling telling = telling_of(text, file);
    if (telling == Telling::kNoValues) {  // The parser's own words quote what it met.
      return fail(E::E5003, fmt::format("{}:{}: not TOML; it may hold a secret and is not shown", file, line),
                  line_hint(file));
    }
    return fail(Error(E::E5003, fmt::format("{}:{}: not TOML: {}", file, line, error.description()))
                    .at(excerpt(text, line, telling)));
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
    return unknown_key(key, Telling::kAll, flag);
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
