// Help pages.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/help.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/app/cli/arguments.h"
#include "lode/app/cli/command.h"
#include "lode/app/cli/help_rows.h"
#include "lode/app/cli/page.h"
#include "lode/base/text.h"
#include "lode/flow/steps/answer/paragraph.h"

namespace lode::cli {

namespace {

constexpr std::ptrdiff_t kBriefLines = 24;
constexpr std::size_t kNameColumn = 22;

// What a newcomer is shown first. A row appears when its command is in the catalog: the rows of backtest run and serve
// wait for theirs.
struct Opening {
  std::string_view noun;
  std::string_view verb;
  std::string_view line;
  std::string_view meaning;
};
constexpr Opening kStart[] = {
    {"", "demo", "lode demo", "ten seconds, no network: data, factors, a report"},
    {"data", "import", "lode data import PATH...", "bring your own bars (CSV, Parquet, Arrow)"},
    {"", "doctor", "lode doctor", "check this machine"},
};
constexpr Opening kEveryday[] = {
    {"factor", "eval", "lode factor eval 'rank(-ts_delta(close,5))'", ""},
    {"backtest", "run", "lode backtest run FILE.toml", ""},
    {"", "serve", "lode serve --open", "the dashboard"},
};

std::string opening(std::span<const Opening> rows) {
  std::string out;
  for (const Opening& row : rows) {
    if (find_flow(row.noun, row.verb) != nullptr) {
      out +=
          row.meaning.empty() ? fmt::format("  {}\n", row.line) : fmt::format("  {:<24}  {}\n", row.line, row.meaning);
    }
  }
  return out;
}

// A command over the width goes on in the next line, broken before an option, so that it still works when pasted.
std::string folded(std::string_view command) {
  std::string out = "  ";
  std::size_t column = out.size();
  std::size_t begin = 0;
  while (begin < command.size()) {
    std::size_t end = command.find(" -", begin + 1);
    while (end != std::string_view::npos &&
           std::count(command.begin(), command.begin() + static_cast<std::ptrdiff_t>(end), '\'') % 2 != 0) {
      end = command.find(" -", end + 1);  // A minus within quotes.
    }
    const std::string_view piece = command.substr(begin, end == std::string_view::npos ? end : end - begin);
    if (begin > 0 && column + piece.size() + 2 > flow::kPageWidth) {
      out += " \\\n   ";
      column = 3;
    }
    out += piece;
    column += piece.size();
    begin = end == std::string_view::npos ? command.size() : end;
  }
  return out;
}

std::string examples(const FlowSpec& spec) {
  std::string out;
  for (const FlowExample& example : spec.examples) {
    out += folded(example.command) + "\n";
  }
  return out;
}

std::string_view journey_title(Journey journey) {
  switch (journey) {
    case Journey::kStart:
      return "Start";
    case Journey::kData:
      return "Data";
    case Journey::kResearch:
      return "Research";
    case Journey::kTrade:
      return "Trade";
    case Journey::kOperate:
      return "Operate";
  }
  return "";
}

std::string one_line(const FlowSpec& spec) {
  const std::string name = command_name(spec).substr(std::string_view("lode ").size());
  return fmt::format("  {:<{}}{}\n", name, kNameColumn - 2, flow::paragraph(spec.summary, kNameColumn, kNameColumn));
}

std::string brief(const FlowSpec& spec) {
  const std::string head =
      fmt::format("{}\n\nUsage: {}\n\n{}", sentence(spec.summary), usage_line(spec), examples(spec));
  const std::string tail = fmt::format("\nEverything: {} --help\n", command_name(spec));
  std::vector<std::string> names;
  for (const Parameter& parameter : spec.parameters) {
    if (!parameter.positional) {
      names.push_back(fmt::format("--{}", parameter.name));
    }
  }
  for (const Parameter& parameter : global_parameters()) {
    names.push_back(fmt::format("--{}", parameter.name));
  }
  const std::string options = fmt::format("\nOptions: {}\n", flow::paragraph(join(names, " "), 9, 9));
  std::string text = head + options + tail;
  return std::count(text.begin(), text.end(), '\n') <= kBriefLines ? text : head + tail;
}

// Commands of one journey, those without a noun first.
std::string journey_rows(Journey journey) {
  std::string text;
  const auto add = [&](const std::vector<const Flow*>& flows) {
    for (const Flow* flow : flows) {
      text += flow->spec.journey == journey ? one_line(flow->spec) : std::string();
    }
  };
  add(flows_of(""));
  for (const std::string& noun : nouns()) {
    add(flows_of(noun));
  }
  return text;
}

std::string verbs_only() {
  std::string text = fmt::format(
      "Lode {}  mine, test and trade factors\n\nUsage: lode <noun> <verb> [arguments] [--options]\n\n", version());
  std::vector<std::string> plain;
  for (const Flow* flow : flows_of("")) {
    plain.emplace_back(flow->spec.verb);
  }
  text += "  " + flow::paragraph(join(plain, ", "), 2, 2) + "\n";
  for (const std::string& noun : nouns()) {
    std::vector<std::string> verbs;
    for (const Flow* flow : flows_of(noun)) {
      verbs.emplace_back(flow->spec.verb);
    }
    text += fmt::format("  {:<10}{}\n", noun, flow::paragraph(join(verbs, ", "), 12, 12));
  }
  return text + "\nWhat each does: lode help    One of them: lode <noun> <verb> --help\n";
}

Value parameter_json(const Parameter& parameter) {
  Value row = Value::object();
  row.set("name", Value(parameter.name));
  row.set("positional", Value(parameter.positional));
  row.set("repeated", Value(parameter.repeated));
  row.set("required", Value(parameter.required));
  row.set("flag", Value(parameter.kind == ParameterKind::kFlag));
  row.set("usage", Value(parameter_usage(parameter)));
  row.set("help", Value(parameter_meaning(parameter)));
  return row;
}

Value flow_json(const FlowSpec& spec) {
  Value row = Value::object();
  row.set("command", Value(command_name(spec)));
  row.set("noun", Value(spec.noun));
  row.set("verb", Value(spec.verb));
  row.set("summary", Value(spec.summary));
  row.set("description", Value(spec.description));
  row.set("journey", Value(journey_title(spec.journey)));
  row.set("usage", Value(usage_line(spec)));
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
  return row;
}

}  // namespace

std::string home_text(std::string_view lake, LakePlace place) {
  const std::string change = "(change: --lake, LODE_LAKE)";
  std::string found = fmt::format("No lake here yet. It will be made in {} on first use {}.", lake, change);
  if (place == LakePlace::kLake) {
    found = fmt::format("The lake here is {} {}.", lake, change);
  } else if (place == LakePlace::kFile) {
    found = fmt::format("{} is a file, so no lake can be there {}.", lake, change);
  }
  return fmt::format("Lode {}  mine, test and trade factors\n\nStart here\n{}\nEveryday\n{}\n{}\n", version(),
                     opening(kStart), opening(kEveryday), found) +
         "All commands: lode help    Docs, offline: lode docs\n";
}

std::string all_commands(bool is_brief) {
  if (is_brief) {
    return verbs_only();
  }
  std::string text =
      "Mine, test and trade factors, from raw data to a validated report.\n\n"
      "Usage: lode <noun> <verb> [arguments] [--options]\n";
  for (const Journey journey :
       {Journey::kStart, Journey::kData, Journey::kResearch, Journey::kTrade, Journey::kOperate}) {
    if (const std::string rows = journey_rows(journey); !rows.empty()) {
      text += fmt::format("\n{}\n{}", journey_title(journey), rows);
    }
  }
  return text + "\nOptions of every command\n" + parameter_rows(global_parameters(), false) +
         "\nOne command: lode <noun> <verb> --help\n"
         "Topics: lode help exit-codes, lode help environment\n"
         "Learn more: lode docs\n";
}

std::string noun_text(std::string_view noun) {
  std::string text = fmt::format("Usage: lode {} <verb> [arguments] [--options]\n\n", noun);
  for (const Flow* flow : flows_of(noun)) {
    text += one_line(flow->spec);
  }
  return text + fmt::format("\nOne of them: lode {} <verb> --help\n", noun);
}

std::string flow_help(const Flow& flow, bool is_brief) {
  const FlowSpec& spec = flow.spec;
  if (is_brief) {
    return brief(spec);
  }
  std::string text = fmt::format("{}\n\nUsage: {}\n\n{}\nExamples\n{}", sentence(spec.summary), usage_line(spec),
                                 flow::paragraph(spec.description) + "\n", examples(spec));
  if (const std::string positional = parameter_rows(spec.parameters, true); !positional.empty()) {
    text += "\nArguments\n" + positional;
  }
  if (const std::string options = parameter_rows(spec.parameters, false); !options.empty()) {
    text += "\nOptions\n" + options;
  }
  return text + "\nOptions of every command\n" + parameter_rows(global_parameters(), false) +
         fmt::format("\nLearn more: lode docs {}\n", command_name(spec).substr(std::string_view("lode ").size()));
}

Value catalog_json() {
  Value flows = Value::array();
  for (const Flow* flow : flow_catalog()) {
    flows.push(flow_json(flow->spec));
  }
  for (const Flow* page : pages()) {
    flows.push(flow_json(page->spec));
  }
  return flows;
}

}  // namespace lode::cli
