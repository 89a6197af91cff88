// Config: settings as a tree of values with their origin. Each module declares its keys; flag > LODE_* > lode.toml >
// user file > built-in, and an unknown key is an error that names the nearest.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lode/base/result.h"
#include "lode/base/value.h"

namespace lode {

// One declared key. `fallback` also fixes the type a value must have.
struct ConfigKey {
  std::string name;                       // Dotted: "factor.cost_bps". Its environment name is LODE_FACTOR_COST_BPS.
  Value fallback;                         // Built-in value.
  std::string summary;                    // One line: meaning and unit.
  std::vector<std::string> choices = {};  // Of a text: what it may be; empty: anything.
  double least = -std::numeric_limits<double>::infinity();  // Of a number: its range.
  double most = std::numeric_limits<double>::infinity();
};

// "factor.cost_bps" to "LODE_FACTOR_COST_BPS".
std::string environment_name(std::string_view key);

// One setting as `lode config show` prints it.
struct Setting {
  std::string key;
  Value value;
  std::string origin;  // "built-in", "LODE_LAKE", "lode.toml:3", "--lake"
};

class Config {
 public:
  // Every key that exists, in declaration order. Declared in config_keys.cpp: one row a key.
  static std::span<const ConfigKey> keys();

  Config();  // All built-in.

  // Layers in rising precedence; each takes effect wholly or, when it fails, not at all. TOML text: E5003 when it is
  // not TOML, E5001 unknown key (nearest named, with line), E5002 wrong type or range. `file` is the name printed as
  // origin.
  Result<void> merge_toml(std::string_view text, std::string_view file);
  // Pairs of environment variables; those that start with LODE_ and are no key's name and no reserved name are E5001.
  Result<void> merge_environment(std::span<const std::pair<std::string, std::string>> variables);
  // One flag: value text is read by the key's type.
  Result<void> merge_flag(std::string_view key, std::string_view text, std::string_view flag);

  // The value of a declared key (LODE_ASSERT that it is declared).
  const Value& get(std::string_view key) const;
  std::vector<Setting> settings() const;  // In declaration order.

 private:
  std::vector<Setting> settings_;
};

}  // namespace lode
