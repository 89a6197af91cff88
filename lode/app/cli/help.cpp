// Help pages.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/help.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/app/cli/arguments.h"
#include "lode/app/cli/command.h"
#include "lode/base/config.h"
#include "lode/base/text.h"

namespace lode::cli {

namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kBriefLines = 24;

std::string command_name(const FlowSpec& spec) {
  return spec.noun.empty() ? fmt::format("lode {}", spec.verb) : fmt::format("lode {} {}", spec.noun, spec.verb);
}

// Breaks `text` into lines of at most kWidth; continuation lines start `indent` blanks in.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string out;
  std::size_t column = 0;
  for (const std::string_view word : split(text, ' ')) {
    if (column > 0 && column + 1 + word.size() > kWidth) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > 0) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

std::string value_name(const Parameter& parameter) {
  switch (parameter.kind) {
    case ParameterKind::kFlag: return "";
    case ParameterKind::kInteger:
    case ParameterKind::kNumber: return " N";
    case ParameterKind::kDate: return " DATE";
    case ParameterKind::kInstant: return " TIME";
    case ParameterKind::kIntegers: return " N,N";
    case ParameterKind::kPath: return " PATH";
    case ParameterKind::kChoice: return " WORD";
    case ParameterKind::kText: return " TEXT";
  }
  return "";
}

std::string left_of(const Parameter& parameter) {
  if (parameter.positional) {
    return std::string(parameter.name);
  }
  return fmt::format("{}--{}{}", parameter.letter != 0 ? fmt::format("-{}, ", parameter.letter) : std::string(),
                     parameter.name, value_name(parameter));
}

std::string right_of(const Parameter& parameter) {
  std::string text(parameter.summary);
  if (!parameter.choices.empty()) {
    std::vector<std::string> words(parameter.choices.begin(), parameter.choices.end());
    text += fmt::format(" ({})", join(words, ", "));
  }
  if (!parameter.config_key.empty()) {
    for (const ConfigKey& key : Config::keys()) {
      if (key.name == parameter.config_key) {
        text += fmt::format(" [default: {}]", key.fallback.is_text() ? key.fallback.as_text() : to_json(key.fallback));
      }
    }
    text += fmt::format(" [env: {}]", environment_name(parameter.config_key));
  } else if (!parameter.fallback.empty()) {
    text += fmt::format(" [default: {}]", parameter.fallback);
  }
  return text;
}

std::string rows(const std::vector<Parameter>& parameters, bool positional) {
  std::string out;
  constexpr std::size_t kLeft = 24;
  for (const Parameter& parameter : parameters) {
    if (parameter.positional != positional) {
      continue;
    }
    const std::string left = "  " + left_of(parameter);
    out += left.size() + 2 <= kLeft ? left + std::string(kLeft - left.size(), ' ')
                                    : left + "\n" + std::string(kLeft, ' ');
    const std::string body = wrapped(std::string(kLeft, '\x01') + right_of(parameter), kLeft);
    out += body.substr(kLeft) + "\n";
  }
  return out;
}

std::string usage(const FlowSpec& spec) {
  std::string line = command_name(spec);
  for (const Parameter& parameter : spec.parameters) {
    if (parameter.positional) {
      const std::string name = std::string(parameter.name) + (parameter.repeated ? "..." : "");
      line += parameter.required ? " " + name : " [" + name + "]";
    }
  }
  return line + " [--options]";
}

std::string examples(const FlowSpec& spec) {
  std::string out;
  for (const FlowExample& example : spec.examples) {
    out += fmt::format("  {}\n", example.command);
  }
  return out;
}

std::string_view journey_title(Journey journey) {
  switch (journey) {
    case Journey::kStart: return "Start";
    case Journey::kData: return "Data";
    case Journey::kResearch: return "Research";
    case Journey::kTrade: return "Trade";
    case Journey::kOperate: return "Operate";
  }
  return "";
}

std::string one_line(const FlowSpec& spec, std::size_t left) {
  const std::string name = command_name(spec).substr(5);
  return fmt::format("  {:<{}}  {}\n", name, left, spec.summary);
}

std::string brief(const FlowSpec& spec) {
  std::string text = fmt::format("{}\n\nUsage: {}\n\n{}\nOptions: ", spec.summary, usage(spec), examples(spec));
  std::string options;
  for (const Parameter& parameter : spec.parameters) {
    if (!parameter.positional) {
      options += fmt::format("--{} ", parameter.name);
    }
  }
  text += wrapped(options, 9) + "\n" + fmt::format("Full help: {} --help\n", command_name(spec));
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  return lines <= kBriefLines ? text : fmt::format("{}\n\nUsage: {}\n\n{}", spec.summary, usage(spec), examples(spec));
}

}  // namespace

std::string home_text(std::string_view lake, bool lake_exists) {
  std::string text = fmt::format(
      "Lode {}  mine, test and trade factors\n\n"
      "Start here\n"
      "  lode demo                 ten seconds, no network: data, factors, a report\n"
      "  lode data import PATH...  bring your own bars (CSV, Parquet)\n"
      "  lode doctor               check this machine\n\n"
      "Everyday\n"
      "  lode factor eval 'rank(-ts_delta(close,5))'\n"
      "  lode factor report 'rank(-ts_mean(returns,5))'\n"
      "  lode why r1.rank_ic.5d.mean\n\n",
      version());
  text += lake_exists
              ? fmt::format("The lake is {} (change: --lake, LODE_LAKE).\n", lake)
              : fmt::format("No lake here yet. It will be made in {} on first use (change: --lake, LODE_LAKE).\n", lake);
  return text + "All commands: lode help    Docs, offline: lode docs\n";
}

std::string all_commands() {
  std::string text = "Mine, test and trade factors, from raw data to a validated report.\n\n"
                     "Usage: lode <noun> <verb> [arguments] [--options]\n";
  for (const Journey journey : {Journey::kStart, Journey::kData, Journey::kResearch, Journey::kTrade, Journey::kOperate}) {
    std::string group;
    for (const Flow* flow : flow_catalog()) {
      if (flow->spec.journey == journey) {
        group += one_line(flow->spec, 18);
      }
    }
    if (!group.empty()) {
      text += fmt::format("\n{}\n{}", journey_title(journey), group);
    }
  }
  text += "\nOptions of every command\n" + rows(global_parameters(), false);
  return text + "\nOne command: lode <noun> <verb> --help    Topics: lode help exit-codes, environment\n"
                "Learn more: lode docs\n";
}

std::string noun_text(std::string_view noun) {
  std::string text = fmt::format("Usage: lode {} <verb> [arguments] [--options]\n\n", noun);
  for (const Flow* flow : flows_of(noun)) {
    text += one_line(flow->spec, 18);
  }
  return text + fmt::format("\nOne of them: lode {} <verb> --help\n", noun);
}

std::string flow_help(const Flow& flow, bool is_brief) {
  const FlowSpec& spec = flow.spec;
  if (is_brief) {
    return brief(spec);
  }
  std::string text = wrapped(spec.description, 0) + "\n\nUsage: " + usage(spec) + "\n\n" + examples(spec);
  const std::string positional = rows(spec.parameters, true);
  if (!positional.empty()) {
    text += "\nArguments\n" + positional;
  }
  const std::string options = rows(spec.parameters, false);
  if (!options.empty()) {
    text += "\nOptions\n" + options;
  }
  text += "\nOptions of every command\n" + rows(global_parameters(), false);
  return text + fmt::format("\nLearn more: lode docs {}\n", command_name(spec).substr(5));
}

std::string topic_text(std::string_view topic) {
  if (topic == "exit-codes") {
    return "Exit codes\n"
           "    0  ok\n    1  failed\n    2  usage\n    3  a data or quality check failed, rows were set aside\n"
           "    4  authentication or permission\n    5  not found\n    6  conflict or lock\n   65  bad input data\n"
           "   69  source unavailable\n   75  try again later\n   78  bad configuration\n  130  stopped by Ctrl-C\n";
  }
  if (topic == "environment") {
    std::string text = "Environment variables; a flag wins over them, they win over lode.toml\n";
    for (const ConfigKey& key : Config::keys()) {
      text += fmt::format("  {:<26}  {}\n", environment_name(key.name), key.summary);
    }
    return text + "  NO_COLOR, TERM=dumb         no colour, no redrawn progress line\n";
  }
  return {};
}

namespace {

Value parameter_json(const Parameter& parameter) {
  Value row = Value::object();
  row.set("name", Value(parameter.name));
  row.set("positional", Value(parameter.positional));
  row.set("repeated", Value(parameter.repeated));
  row.set("required", Value(parameter.required));
  row.set("flag", Value(parameter.kind == ParameterKind::kFlag));
  row.set("usage", Value(left_of(parameter)));
  row.set("help", Value(right_of(parameter)));
  return row;
}

}  // namespace

Value catalog_json() {
  Value flows = Value::array();
  for (const Flow* flow : flow_catalog()) {
    const FlowSpec& spec = flow->spec;
    Value row = Value::object();
    row.set("command", Value(command_name(spec)));
    row.set("noun", Value(spec.noun));
    row.set("verb", Value(spec.verb));
    row.set("summary", Value(spec.summary));
    row.set("description", Value(spec.description));
    row.set("journey", Value(journey_title(spec.journey)));
    row.set("usage", Value(usage(spec)));
    row.set("schema", Value(spec.schema));
    Value parameters = Value::array();
    for (const Parameter& parameter : spec.parameters) {
      parameters.push(parameter_json(parameter));
    }
    row.set("parameters", std::move(parameters));
    Value list = Value::array();
    for (const FlowExample& example : spec.examples) {
      Value item = Value::object();
      item.set("command", Value(example.command));
      item.set("summary", Value(example.summary));
      item.set("runs_on_demo", Value(example.runs_on_demo));
      list.push(std::move(item));
    }
    row.set("examples", std::move(list));
    flows.push(std::move(row));
  }
  return flows;
}

}  // namespace lode::cli
