// Finding the command in the words of a command line.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "lode/app/cli/arguments.h"
#include "lode/app/cli/page.h"
#include "lode/base/text.h"

namespace lode::cli {

namespace {

bool is_help(std::string_view argument) { return argument == "-h" || argument == "--help"; }

std::vector<std::string> first_words() {
  std::vector<std::string> words = nouns();
  for (const Flow* flow : flows_of("")) {
    words.emplace_back(flow->spec.verb);
  }
  return words;
}

// Takes help switches out of `rest` into the command. Behind "--" everything is a value.
void take_help(Command& command) {
  std::vector<std::string> kept;
  bool values_only = false;
  for (std::string& argument : command.rest) {
    values_only = values_only || argument == "--";
    if (!values_only && is_help(argument)) {
      (argument == "-h" ? command.brief_help : command.full_help) = true;
    } else {
      kept.push_back(std::move(argument));
    }
  }
  command.rest = std::move(kept);
}

Result<Command> find_verb(const std::string& noun, const std::string& verb, Command command) {
  command.flow = find_flow(noun, verb);
  command.kind = CommandKind::kFlow;
  if (command.flow == nullptr && noun.empty()) {
    command.flow = find_page(verb);
    command.kind = CommandKind::kPage;
  }
  if (command.flow == nullptr) {
    std::vector<std::string> verbs;
    for (const Flow* flow : flows_of(noun)) {
      verbs.emplace_back(flow->spec.verb);
    }
    std::string hint = did_you_mean(verb, verbs);
    return fail(E::E1, fmt::format("lode {} has no verb {}", noun, quote(verb)),
                hint.empty() ? fmt::format("its verbs: {}", join(verbs, ", ")) : hint);
  }
  return command;
}

}  // namespace

std::vector<std::string> nouns() {
  std::vector<std::pair<Journey, std::string>> found;
  for (const Flow* flow : flow_catalog()) {
    const std::string noun(flow->spec.noun);
    const auto same = [&](const auto& pair) { return pair.second == noun; };
    const auto existing = std::find_if(found.begin(), found.end(), same);
    if (!noun.empty() && existing == found.end()) {
      found.emplace_back(flow->spec.journey, noun);
    }
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> names;
  names.reserve(found.size());
  for (auto& [journey, noun] : found) {
    names.push_back(std::move(noun));
  }
  return names;
}

std::vector<const Flow*> flows_of(std::string_view noun) {
  std::vector<const Flow*> flows;
  for (const Flow* flow : flow_catalog()) {
    if (flow->spec.noun == noun) {
      flows.push_back(flow);
    }
  }
  if (noun.empty()) {
    flows.insert(flows.end(), pages().begin(), pages().end());
  }
  return flows;
}

namespace {

// Reads what stands before the command: `lode --json factor list`. Gives the index behind the first word, if there is
// one.
std::size_t read_front(const std::vector<std::string>& arguments, Command& command, std::optional<std::string>& word) {
  std::size_t at = 0;
  for (; at < arguments.size() && !word; ++at) {
    const std::string& argument = arguments[at];
    if (argument == "--version" || argument == "-V") {
      command.kind = CommandKind::kVersion;
    } else if (is_help(argument)) {
      (argument == "-h" ? command.brief_help : command.full_help) = true;
    } else if (argument.size() > 1 && argument.front() == '-') {
      command.rest.push_back(argument);
      if (takes_value(argument) && at + 1 < arguments.size()) {
        command.rest.push_back(arguments[++at]);
      }
    } else {
      word = argument;
    }
  }
  return at;
}

Failure no_command(const std::string& word) {
  const std::string hint = did_you_mean(word, first_words());
  return fail(E::E1, fmt::format("no command called {}", quote(word)),
              hint.empty() ? "lode help lists every command" : hint);
}

}  // namespace

Result<Command> find_command(const std::vector<std::string>& arguments) {
  Command command;
  std::optional<std::string> word;
  const std::size_t at = read_front(arguments, command, word);
  if (command.kind == CommandKind::kVersion) {
    return command;
  }
  if (!word) {
    command.kind = command.brief_help || command.full_help ? CommandKind::kHelp : CommandKind::kHome;
    return command;
  }
  const std::string& first = *word;
  const auto rest_from = [&](std::size_t begin) {
    command.rest.insert(command.rest.end(), arguments.begin() + static_cast<std::ptrdiff_t>(begin), arguments.end());
  };
  if (first == "__complete") {
    command.kind = CommandKind::kComplete;
    rest_from(at);
    return command;
  }
  if (find_flow("", first) != nullptr || find_page(first) != nullptr) {
    rest_from(at);
    take_help(command);
    return find_verb("", first, std::move(command));
  }
  const std::vector<std::string> known = nouns();
  if (std::find(known.begin(), known.end(), first) == known.end()) {
    return no_command(first);
  }
  if (at >= arguments.size() || arguments[at].starts_with('-')) {
    command.kind = CommandKind::kNoun;
    command.noun = first;
    rest_from(at);
    take_help(command);
    return command;
  }
  rest_from(at + 1);
  take_help(command);
  return find_verb(first, arguments[at], std::move(command));
}

}  // namespace lode::cli
