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
  return WorldOptions{globals.lake, globals.threads, environment, folder, terminal.columns};
}

// The terminal as the settings want it: color = "never" is NO_COLOR, "always" wins over CI.
Terminal as_set(Terminal terminal, const Config& config) {
  const std::string& color = config.get("color").as_text();
  terminal.plain = color == "never" || (color == "auto" && terminal.plain);
  return terminal;
}

bool wants_json(const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), "--json") != words.end();
}

int run_one(const Command& command, const Environment& environment, const std::string& folder,
            const Terminal& outside) {
  Result<Arguments> arguments = read_arguments(command.flow, command.rest);
  if (!arguments) {
    return answer(outside, arguments.error(), wants_json(command.rest));
  }
  const Globals& globals = arguments->globals;
  Result<std::unique_ptr<RealWorld>> made = RealWorld::make(world_options(globals, environment, folder, outside));
  if (!made) {
    return answer(outside, made.error(), globals.json);
  }
  RealWorld& real = **made;
  const Terminal terminal = as_set(outside, real.config());
  World plain = real.world();
  ProgressLine progress(terminal, plain.clock, globals.quiet);
  real.on_progress(progress.callback());
  World world = real.world();
  const std::int64_t begin = world.clock.monotonic_nanos();
  Result<Outcome> outcome = run_flow(world, *command.flow, arguments->request);
  progress.clear();
  if (!outcome) {
    return answer(terminal, outcome.error(), globals.json);
  }
  const int code = answer(terminal, *command.flow, *outcome, globals.json, globals.quiet);
  if (globals.verbosity > 0) {
    const double seconds = static_cast<double>(world.clock.monotonic_nanos() - begin) * 1e-9;
    terminal.say(fmt::format("lake {}  {} s\n", world.lake, fixed(seconds, 3)));
    if (globals.verbosity > 1) {
      terminal.say(world.metrics.prometheus_text());
    }
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
  if (!made) {
    return answer(terminal, made.error(), false);
  }
  const std::string lake = (*made)->world().lake;
  const std::filesystem::path manifest =
      std::filesystem::path(folder) / std::filesystem::path(lake) / "manifest.sqlite";
  terminal.print(home_text(lake, std::filesystem::exists(manifest)));
  return 0;
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

int complete(const Command& command, const Environment& environment, const std::string& folder,
             const Terminal& terminal) {
  Result<std::unique_ptr<RealWorld>> made = RealWorld::make(world_options({}, environment, folder, terminal));
  if (!made) {
    return 0;  // A shell must not see words in the middle of a line.
  }
  World world = (*made)->world();
  for (const std::string& candidate : complete_words(world, command.rest)) {
    terminal.print(candidate + "\n");
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
    terminal.print(flow_help(*command->flow, command->brief_help));
    return 0;
  }
  switch (command->kind) {
    case CommandKind::kFlow:
      return run_one(*command, environment, folder, terminal);
    case CommandKind::kNoun:
      terminal.print(noun_text(command->noun));
      return 0;
    case CommandKind::kHome:
      return home(*command, environment, folder, terminal);
    case CommandKind::kHelp:
      terminal.print(all_commands(command->brief_help));
      return 0;
    case CommandKind::kPage:
      return tell_page(*command, terminal);
    case CommandKind::kVersion:
      terminal.print(fmt::format("lode {} ({})\n", version(), code_version()));
      return 0;
    case CommandKind::kComplete:
      return complete(*command, environment, folder, terminal);
  }
  return 1;
}

}  // namespace lode::cli
