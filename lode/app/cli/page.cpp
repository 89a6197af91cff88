// Help, docs and completions as commands.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/app/cli/command.h"
#include "lode/app/cli/completion.h"
#include "lode/app/cli/docs.h"
#include "lode/app/cli/help.h"
#include "lode/base/assert.h"
#include "lode/base/text.h"

namespace lode::cli {

namespace {

struct Page {
  Flow command;
  Result<Outcome> (*read)(const Request&);
};

Outcome telling(std::string text, Value data) {
  Outcome out;
  out.text = std::move(text);
  out.data = std::move(data);
  return out;
}

Result<Outcome> read_help(const Request& request) {
  const std::vector<std::string> words = request.texts("command");
  if (words.empty()) {
    return telling(all_commands(false), catalog_json());
  }
  Value data = Value::object();
  data.set("topic", Value(join(words, " ")));
  if (std::string text = topic_text(words.front()); !text.empty()) {
    data.set("text", Value(text));
    return telling(std::move(text), std::move(data));
  }
  LODE_TRY(const Command found, find_command(words));
  std::string text = found.flow != nullptr ? flow_help(*found.flow, false) : noun_text(found.noun);
  data.set("text", Value(text));
  return telling(std::move(text), std::move(data));
}

Result<Outcome> read_docs(const Request& request) { return docs_page(join(request.texts("topic"), " ")); }

Result<Outcome> read_completions(const Request& request) {
  LODE_TRY(std::string script, completion_script(request.text("shell")));
  Value data = Value::object();
  data.set("shell", Value(request.text("shell")));
  data.set("script", Value(script));
  Outcome out = telling({}, std::move(data));
  out.payload = std::move(script);  // A shell reads it: it is never broken into lines.
  return out;
}

const Page& completions() {
  static const Page page{
      {.spec = {.verb = "completions",
                .summary = "the script that completes commands in your shell",
                .description =
                    "Prints a completion script. It asks Lode for commands, options and values, and for the factors, "
                    "symbols, runs and universes of the lake.",
                .journey = Journey::kOperate,
                .parameters = {{.name = "SHELL",
                                .kind = ParameterKind::kChoice,
                                .summary = "which shell",
                                .positional = true,
                                .required = true,
                                .choices = {"bash", "zsh", "fish"}}},
                .examples = {{"lode completions bash", "source <(lode completions bash)"},
                             {"lode completions fish", "into ~/.config/fish/completions/lode.fish"}},
                .schema = "lode.completions/1"}},
      read_completions};
  return page;
}

const Page& docs() {
  static const Page page{
      {.spec = {.verb = "docs",
                .summary = "the documentation, offline",
                .description =
                    "The guides that come with Lode, and the pages of its commands and errors. Without a topic: the "
                    "list of all.",
                .journey = Journey::kStart,
                .parameters = {{.name = "TOPIC",
                                .summary = "a guide, a command, an error number, or errors",
                                .positional = true,
                                .repeated = true,
                                .completes = "docs"}},
                .examples = {{"lode docs", "the topics"},
                             {"lode docs formulas", "the language of factors"},
                             {"lode docs factor eval", "a command"}},
                .schema = "lode.docs/1"}},
      read_docs};
  return page;
}

const Page& help() {
  static const Page page{
      {.spec = {.verb = "help",
                .summary = "every command, or one, or a topic",
                .description =
                    "Without a word: every command in one line. With a command: its page, as --help behind it gives. "
                    "Topics are exit-codes and environment.",
                .journey = Journey::kStart,
                .parameters = {{.name = "COMMAND",
                                .summary = "a command or topic, such as factor eval or exit-codes",
                                .positional = true,
                                .repeated = true}},
                .examples = {{"lode help", "every command"},
                             {"lode help data import", "one of them"},
                             {"lode help exit-codes", "a topic"}},
                .schema = "lode.help/1"}},
      read_help};
  return page;
}

std::span<const Page* const> all() {
  static const Page* const list[] = {&completions(), &docs(), &help()};
  return list;
}

}  // namespace

std::span<const Flow* const> pages() {
  static const std::vector<const Flow*> commands = [] {
    std::vector<const Flow*> list;
    for (const Page* page : all()) {
      list.push_back(&page->command);
    }
    return list;
  }();
  return commands;
}

const Flow* find_page(std::string_view verb) {
  for (const Flow* page : pages()) {
    if (page->spec.verb == verb) {
      return page;
    }
  }
  return nullptr;
}

Result<Outcome> run_page(const Flow& page, const Request& request) {
  const auto found =
      std::find_if(all().begin(), all().end(), [&](const Page* known) { return &known->command == &page; });
  LODE_ASSERT(found != all().end());
  return (*found)->read(request);
}

}  // namespace lode::cli
