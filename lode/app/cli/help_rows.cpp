// Rows of help pages.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/help_rows.h"

#include <fmt/format.h>

#include "lode/base/config.h"
#include "lode/base/text.h"
#include "lode/flow/steps/answer/paragraph.h"

namespace lode::cli {

namespace {

constexpr std::size_t kMeaningColumn = 24;

std::string_view value_name(const Parameter& parameter) {
  switch (parameter.kind) {
    case ParameterKind::kFlag:
      return "";
    case ParameterKind::kInteger:
    case ParameterKind::kNumber:
      return " N";
    case ParameterKind::kDate:
      return " DATE";
    case ParameterKind::kInstant:
      return " TIME";
    case ParameterKind::kIntegers:
      return " N,N";
    case ParameterKind::kPath:
      return " PATH";
    case ParameterKind::kChoice:
      return " WORD";
    case ParameterKind::kText:
      return " TEXT";
  }
  return "";
}

std::string config_default(std::string_view name) {
  for (const ConfigKey& key : Config::keys()) {
    if (key.name == name) {
      return key.fallback.is_text() ? key.fallback.as_text() : to_json(key.fallback);
    }
  }
  return {};
}

}  // namespace

std::string parameter_usage(const Parameter& parameter) {
  if (parameter.positional) {
    return std::string(parameter.name);
  }
  const std::string letter = parameter.letter != 0 ? fmt::format("-{}, ", parameter.letter) : std::string();
  return fmt::format("{}--{}{}", letter, parameter.name, value_name(parameter));
}

std::string parameter_meaning(const Parameter& parameter) {
  std::string text(parameter.summary);
  if (!parameter.choices.empty()) {
    const std::vector<std::string> words(parameter.choices.begin(), parameter.choices.end());
    text += fmt::format(" ({})", join(words, ", "));
  }
  if (!parameter.config_key.empty()) {
    text += fmt::format(" [default: {}] [env: {}]", config_default(parameter.config_key),
                        environment_name(parameter.config_key));
  } else if (!parameter.fallback.empty()) {
    text += fmt::format(" [default: {}]", parameter.fallback);
  }
  return text;
}

namespace {

// Options that say the same of themselves; of many of them one row is told.
std::vector<std::string> alike(const std::vector<Parameter>& parameters, const Parameter& parameter) {
  std::vector<std::string> out;
  for (const Parameter& other : parameters) {
    if (!other.positional && parameter_meaning(other) == parameter_meaning(parameter)) {
      out.push_back(fmt::format("--{}", other.name));
    }
  }
  return out;
}

}  // namespace

std::string parameter_rows(const std::vector<Parameter>& parameters, bool positional) {
  constexpr std::size_t kMany = 3;
  std::string out;
  for (const Parameter& parameter : parameters) {
    if (parameter.positional != positional) {
      continue;
    }
    if (const std::vector<std::string> same = alike(parameters, parameter); !positional && same.size() >= kMany) {
      if (same.front() == fmt::format("--{}", parameter.name)) {
        out += fmt::format("  {}\n{:{}}{}\n", flow::paragraph(join(same, ", "), 2, 2), "", kMeaningColumn,
                           flow::paragraph(parameter_meaning(parameter), kMeaningColumn, kMeaningColumn));
      }
      continue;
    }
    const std::string left = "  " + parameter_usage(parameter);
    const bool fits = left.size() + 2 <= kMeaningColumn;
    out += left;
    out += fits ? std::string() : std::string("\n");
    out.append(fits ? kMeaningColumn - left.size() : kMeaningColumn, ' ');
    out += flow::paragraph(parameter_meaning(parameter), kMeaningColumn, kMeaningColumn);
    out += '\n';
  }
  return out;
}

std::string usage_line(const FlowSpec& spec) {
  std::string line = command_name(spec);
  for (const Parameter& parameter : spec.parameters) {
    if (parameter.positional) {
      const std::string name = std::string(parameter.name) + (parameter.repeated ? "..." : "");
      line += parameter.required ? " " + name : " [" + name + "]";
    }
  }
  return line + " [--options]";
}

std::string sentence(std::string_view text) {
  std::string out(text);
  if (!out.empty()) {
    out.front() = upper(out.substr(0, 1)).front();
  }
  return out.empty() || out.ends_with('.') ? out : out + ".";
}

}  // namespace lode::cli
