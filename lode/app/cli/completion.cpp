// Shell completion.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/completion.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/app/cli/arguments.h"
#include "lode/app/cli/command.h"
#include "lode/app/cli/docs.h"
#include "lode/base/text.h"
#include "lode/flow/steps/answer/candidates.h"

namespace lode::cli {

namespace {

constexpr std::string_view kBash = R"(# lode completion for bash: source <(lode completions bash)
_lode() {
  local IFS=$'\n'
  COMPREPLY=($(lode __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  [[ ${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o filenames -F _lode lode
)";

constexpr std::string_view kZsh = R"(#compdef lode
# lode completion for zsh: lode completions zsh > "${fpath[1]}/_lode"
_lode() {
  local -a found
  found=("${(@f)$(lode __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found" ]]; then compadd -a found; else _files; fi
}
compdef _lode lode
)";

constexpr std::string_view kFish =
    R"(# lode completion for fish: lode completions fish > ~/.config/fish/completions/lode.fish
function __lode_complete
  set -l words (commandline -opc) (commandline -ct)
  lode __complete $words[2..-1] 2>/dev/null
end
complete -c lode -a '(__lode_complete)'
)";

void add(std::vector<std::string>& out, std::string word, std::string_view prefix) {
  if (word.starts_with(prefix)) {
    out.push_back(std::move(word));
  }
}

std::vector<std::string> first_words(std::string_view prefix) {
  std::vector<std::string> out;
  for (const Flow* flow : flows_of("")) {
    add(out, std::string(flow->spec.verb), prefix);
  }
  for (const std::string& noun : nouns()) {
    add(out, noun, prefix);
  }
  return out;
}

const Parameter* named(const Flow& flow, std::string_view option) {
  const auto find = [&](const std::vector<Parameter>& list) -> const Parameter* {
    const auto found = std::find_if(list.begin(), list.end(), [&](const Parameter& p) {
      return !p.positional && option == fmt::format("--{}", p.name);
    });
    return found == list.end() ? nullptr : &*found;
  };
  const Parameter* own = find(flow.spec.parameters);
  return own != nullptr ? own : find(global_parameters());
}

std::vector<std::string> values_of(World& world, const Parameter& parameter, std::string_view prefix) {
  std::vector<std::string> out;
  for (const std::string_view choice : parameter.choices) {
    add(out, std::string(choice), prefix);
  }
  if (parameter.completes == "docs") {
    for (std::string& topic : docs_topics()) {
      add(out, std::move(topic), prefix);
    }
    return out;
  }
  return out.empty() && !parameter.completes.empty() ? flow::candidates(world, parameter.completes, prefix) : out;
}

std::vector<std::string> options_of(const Flow& flow, std::string_view prefix) {
  std::vector<std::string> out;
  for (const auto* list : {&flow.spec.parameters, &global_parameters()}) {
    for (const Parameter& parameter : *list) {
      if (!parameter.positional) {
        add(out, fmt::format("--{}", parameter.name), prefix);
      }
    }
  }
  add(out, "--help", prefix);
  return out;
}

// The words of `typed` that are no options and no values of options.
std::vector<std::string> plain_words(const Flow& flow, const std::vector<std::string>& typed) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < typed.size(); ++i) {
    const Parameter* option = named(flow, typed[i]);
    if (option != nullptr) {
      i += option->kind == ParameterKind::kFlag ? 0 : 1;
    } else if (!typed[i].starts_with("-")) {
      out.push_back(typed[i]);
    }
  }
  return out;
}

// `typed`: what stands behind the command, the half-written word last.
std::vector<std::string> positional(World& world, const Flow& flow, const std::vector<std::string>& typed) {
  const std::vector<std::string> before = plain_words(flow, {typed.begin(), typed.end() - 1});
  std::size_t place = 0;
  for (const Parameter& parameter : flow.spec.parameters) {
    if (!parameter.positional) {
      continue;
    }
    if (place == before.size() || parameter.repeated) {
      const bool is_asked = parameter.completes != "metrics" || before.front() == "metric";
      return is_asked ? values_of(world, parameter, typed.back()) : std::vector<std::string>();
    }
    ++place;
  }
  return {};
}

std::vector<std::string> within(World& world, const Flow& flow, const std::vector<std::string>& words,
                                std::size_t first) {
  const std::string& last = words.back();
  if (words.size() >= first + 2) {
    const Parameter* before = named(flow, words[words.size() - 2]);
    if (before != nullptr && before->kind != ParameterKind::kFlag) {
      return values_of(world, *before, last);
    }
  }
  if (last.starts_with("-")) {
    return options_of(flow, last);
  }
  return positional(world, flow, {words.begin() + static_cast<std::ptrdiff_t>(first), words.end()});
}

}  // namespace

Result<std::string> completion_script(std::string_view shell) {
  if (shell == "bash") return std::string(kBash);
  if (shell == "zsh") return std::string(kZsh);
  if (shell == "fish") return std::string(kFish);
  return fail(E::E4, fmt::format("no completion for the shell '{}'", shell), "lode completions bash, zsh or fish");
}

std::vector<std::string> complete_words(World& world, const std::vector<std::string>& words) {
  if (words.size() <= 1) {
    return first_words(words.empty() ? "" : words.front());
  }
  if (words.front() == "help" && !words.back().starts_with("-")) {
    return complete_words(world, {words.begin() + 1, words.end()});
  }
  for (const Flow* flow : flows_of("")) {
    if (flow->spec.verb == words.front()) {
      return within(world, *flow, words, 1);
    }
  }
  if (words.size() == 2) {
    std::vector<std::string> out;
    for (const Flow* flow : flows_of(words.front())) {
      add(out, std::string(flow->spec.verb), words.back());
    }
    return out;
  }
  const Flow* flow = find_flow(words.front(), words[1]);
  return flow == nullptr ? std::vector<std::string>() : within(world, *flow, words, 2);
}

}  // namespace lode::cli
