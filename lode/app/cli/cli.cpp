// The command line.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/cli.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "lode/app/cli/arguments.h"
#include "lode/app/cli/command.h"
#include "lode/app/cli/completion.h"
#include "lode/app/cli/effort.h"
#include "lode/app/cli/help.h"
#include "lode/app/cli/page.h"
#include "lode/app/cli/progress_line.h"
#include "lode/app/world/real_world.h"
#include "lode/base/error.h"
#include "lode/base/text.h"

namespace lode::cli {

namespace {

using Environment = std::vector<std::pair<std::string, std::string>>;

WorldOptions world_options(const Globals& globals, const Environment& environment, const std::string& folder,
                           const Terminal& terminal) {
  return WorldOptions{.lake = globals.lake,
                      .threads = globals.threads,
                      .environment = environment,
                      .folder = folder,
                      .columns = terminal.columns};
}

// The terminal as the settings want it: color = "never" is NO_COLOR, "always" wins over CI.
Terminal as_set(Terminal terminal, const Config& config) {
  const std::string& color = config.get("color").as_text();
  terminal.plain = color == "never" || (color == "auto" && terminal.plain);
  terminal.columns = terminal.columns == 0 ? 0 : static_cast<int>(config.get("columns").as_int());
  return terminal;
}

bool wants_json(const std::vector<std::string>& words) {
  const auto end = std::find(words.begin(), words.end(), "--");
  return std::find(words.begin(), end, "--json") != end;
}

// A page that no flow gives, as the document of `schema`.
int tell(const Terminal& terminal, std::string_view schema, Value data, std::string text, bool json) {
  const Flow page{{.schema = schema}, nullptr};
  Outcome outcome;
  outcome.data = std::move(data);
  outcome.text = std::move(text);
  return answer(terminal, page, outcome, json, false);
}

// What would be deleted, hidden or replaced is shown first, and a person is asked. Empty where nobody is: there --yes
// must stand in the command.
Consent consent_of(const Terminal& terminal, ProgressLine& progress, bool json) {
  if (terminal.ask == nullptr || json) {
    return {};
  }
  return [&terminal, &progress](std::string_view plan) {
    progress.clear();
    terminal.tell(fmt::format("{}\n", plan));
    terminal.say("Do it? Type yes: ");
    return trim(terminal.ask(terminal.self)) == "yes";
  };
}

// A plan that nobody agreed to: shown, unless it was when somebody was asked.
Error unconfirmed(const World& world, const Command& command, const Error& refusal, const Terminal& terminal) {
  if (!world.consent) {
    terminal.tell(refusal.message() + "\n");
  }
  return Error(E::E6, fmt::format("{} was not confirmed, nothing was done", command_name(command.flow->spec)),
               "add --yes to do it");
}

// Rows asked for as bytes that no terminal can show, with no file to take them: told before anything is computed.
std::optional<Error> bytes_for_a_terminal(const Command& command, const Value& request, const Terminal& terminal) {
  const Value* format = request.find("format");
  if (!terminal.out_is_terminal || format == nullptr || !format->is_text() || request.find("output") != nullptr) {
    return std::nullopt;
  }
  const std::string& name = format->as_text();
  if (name != "parquet" && name != "arrow") {
    return std::nullopt;
  }
  const bool writes =
      std::ranges::any_of(command.flow->spec.parameters, [](const Parameter& p) { return p.letter == 'o'; });
  return Error(E::E3, fmt::format("--format {} writes bytes that a terminal cannot show", name),
               writes ? fmt::format("-o rows.{}, or a pipe to another program", name)
                      : fmt::format("> rows.{} behind the command, or a pipe to another program", name));
}

int run_one(const Command& command, const Environment& environment, const std::string& folder,
            const Terminal& outside) {
  Result<Arguments> arguments = read_arguments(command.flow, command.rest);
  if (!arguments) {
    return answer(outside, arguments.error(), wants_json(command.rest));
  }
  const Globals& globals = arguments->globals;
  WorldOptions options = world_options(globals, environment, folder, outside);
  options.reads_settings = command.flow != find_flow("", "explain");  // It is what a refused lode.toml points to.
  Result<std::unique_ptr<RealWorld>> made = RealWorld::make(options);
  if (!made) {
    return answer(outside, made.error(), globals.json);
  }
  RealWorld& real = **made;
  Terminal terminal = as_set(outside, real.config());
  if (arguments->request.find("format") != nullptr) {
    terminal.columns = 0;  // Rows in a form that was asked for, whoever reads them.
  }
  World plain = real.world();
  ProgressLine progress(terminal, plain.clock, globals.quiet);
  real.on_progress(progress.callback());
  real.on_stop([] { return interrupted(); });
  World world = real.world();
  world.consent = consent_of(terminal, progress, globals.json);
  if (terminal.in != nullptr) {
    world.in = [&terminal](char* to, std::size_t most) { return terminal.in(terminal.self, to, most); };
  }
  if (!globals.json && !globals.quiet) {  // --json is one document; --quiet leaves text out, never data.
    world.out = [&](std::string_view piece) {
      progress.clear();
      terminal.print(piece);
      return terminal.lost == nullptr || !terminal.lost(terminal.self);
    };
  }
  if (const auto refused = bytes_for_a_terminal(command, arguments->request, outside); refused && !globals.json) {
    return answer(terminal, *refused, false);
  }
  const std::int64_t begin = world.clock.monotonic_nanos();
  Result<Outcome> outcome = run_flow(world, *command.flow, arguments->request);
  progress.clear();
  if (!outcome && outcome.error().number() == E::E6 && !globals.json) {
    return answer(terminal, unconfirmed(world, command, outcome.error(), terminal), false);
  }
  const bool is_lost = terminal.lost != nullptr && terminal.lost(terminal.self);
  if (!outcome && is_lost && outcome.error().number() == E::E8009) {
    return 0;  // Whoever owns the stream tells why, and decides the exit code.
  }
  if (!outcome) {
    return answer(terminal, outcome.error(), globals.json);
  }
  const int code = answer(terminal, *command.flow, *outcome, globals.json, globals.quiet);
  if (globals.verbosity > 0) {
    terminal.say(effort_text(world, progress.phases(), world.clock.monotonic_nanos() - begin, globals.verbosity > 1));
  }
  return code;
}

int home(const Command& command, const Environment& environment, const std::string& folder, const Terminal& terminal) {
  Result<Arguments> arguments = read_arguments(nullptr, command.rest);
  if (!arguments) {
    return answer(terminal, arguments.error(), wants_json(command.rest));
  }
  Result<std::unique_ptr<RealWorld>> made =
      RealWorld::make(world_options(arguments->globals, environment, folder, terminal));
  const bool json = arguments->globals.json;
  if (!made) {
    return answer(terminal, made.error(), json);
  }
  const std::string lake = (*made)->world().lake;
  std::error_code code;
  const std::filesystem::path place = std::filesystem::path(folder) / std::filesystem::path(lake);
  const bool exists = std::filesystem::exists(place / "manifest.sqlite", code);
  const bool blocked = std::filesystem::exists(place, code) && !std::filesystem::is_directory(place, code);
  Value data = Value::object();
  data.set("version", Value(version()));
  data.set("lake", Value(lake));
  data.set("lake_exists", Value(exists));
  return tell(terminal, "lode.home/1", std::move(data),
              home_text(lake, exists    ? LakePlace::kLake
                              : blocked ? LakePlace::kFile
                                        : LakePlace::kNothing),
              json);
}

int tell_version(const Command& command, const Terminal& terminal) {
  Value data = Value::object();
  data.set("version", Value(version()));
  data.set("code", Value(code_version()));
  return tell(terminal, "lode.version/1", std::move(data), fmt::format("lode {} ({})\n", version(), code_version()),
              wants_json(command.rest));
}

// -h and --help in any place, and a noun alone: the text, or for a program the document of `lode help WORDS`.
int tell_help(const Command& command, const std::vector<std::string>& words, const std::string& text,
              const Terminal& terminal) {
  if (!wants_json(command.rest)) {
    terminal.print(text);
    return 0;
  }
  const Flow& help = *find_page("help");
  Value raw = Value::object();
  Value list = Value::array();
  for (const std::string& word : words) {
    list.push(Value(word));
  }
  raw.set("command", std::move(list));
  Result<Outcome> outcome = run_page(help, Request(std::move(raw)));
  return outcome ? answer(terminal, help, *outcome, true, false) : answer(terminal, outcome.error(), true);
}

int tell_noun(const Command& command, const Terminal& terminal) {
  Result<Arguments> arguments = read_arguments(nullptr, command.rest);
  return arguments ? tell_help(command, {command.noun}, noun_text(command.noun), terminal)
                   : answer(terminal, arguments.error(), wants_json(command.rest));
}

// Help, docs and completions need no World: they work whatever lode.toml says.
int tell_page(const Command& command, const Terminal& terminal) {
  Result<Arguments> arguments = read_arguments(command.flow, command.rest);
  if (!arguments) {
    return answer(terminal, arguments.error(), wants_json(command.rest));
  }
  const Globals& globals = arguments->globals;
  Result<Request> request = complete_request(command.flow->spec, arguments->request, Config());
  if (!request) {
    return answer(terminal, request.error(), globals.json);
  }
  Result<Outcome> outcome = run_page(*command.flow, *request);
  return outcome ? answer(terminal, *command.flow, *outcome, globals.json, globals.quiet)
                 : answer(terminal, outcome.error(), globals.json);
}

// The lake of a half-written line: its --lake, where that is no longer being typed.
Globals globals_so_far(const std::vector<std::string>& words) {
  constexpr std::string_view kLake = "--lake";
  Globals out;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] == kLake && i + 2 < words.size()) {
      out.lake = words[i + 1];
    } else if (words[i].starts_with(kLake) && words[i].size() > kLake.size() && words[i][kLake.size()] == '=') {
      out.lake = words[i].substr(kLake.size() + 1);
    }
  }
  return out;
}

int complete(const Command& command, const Environment& environment, const std::string& folder,
             const Terminal& terminal) {
  Result<std::unique_ptr<RealWorld>> made =
      RealWorld::make(world_options(globals_so_far(command.rest), environment, folder, terminal));
  if (!made) {
    return 0;  // A shell must not see words in the middle of a line.
  }
  World world = (*made)->world();
  if (const std::vector<std::string> words = complete_words(world, command.rest); !words.empty()) {
    terminal.print(join(words, "\n") + "\n");
  }
  return 0;
}

}  // namespace

int run(const std::vector<std::string>& arguments, const Environment& environment, const std::string& folder,
        const Terminal& terminal) {
  Result<Command> command = find_command(arguments);
  if (!command) {
    return answer(terminal, command.error(), wants_json(arguments));
  }
  if (command->flow != nullptr && (command->full_help || command->brief_help)) {
    const FlowSpec& spec = command->flow->spec;
    std::vector<std::string> words{std::string(spec.noun), std::string(spec.verb)};
    words.erase(words.begin(), words.begin() + (spec.noun.empty() ? 1 : 0));
    return tell_help(*command, words, flow_help(*command->flow, command->brief_help), terminal);
  }
  switch (command->kind) {
    case CommandKind::kFlow:
      return run_one(*command, environment, folder, terminal);
    case CommandKind::kNoun:
      return tell_noun(*command, terminal);
    case CommandKind::kHome:
      return home(*command, environment, folder, terminal);
    case CommandKind::kHelp:
      return tell_help(*command, {}, all_commands(command->brief_help), terminal);
    case CommandKind::kPage:
      return tell_page(*command, terminal);
    case CommandKind::kVersion:
      return tell_version(*command, terminal);
    case CommandKind::kComplete:
      return complete(*command, environment, folder, terminal);
  }
  return 1;
}

}  // namespace lode::cli
