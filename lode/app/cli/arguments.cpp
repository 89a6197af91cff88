// Reading options with CLI11, driven by a Spec. The only file that includes CLI11.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/arguments.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <map>

#include "lode/base/text.h"

namespace lode::cli {

namespace {

// Stands for the dash of a value while CLI11 reads, which would take it for an option.
constexpr char kMaskedDash = '\x1f';

std::string masked(const std::string& word) {
  const bool switches = word.find_first_not_of("qv", 1) == std::string::npos;  // -vv, -qv
  const bool value = word.size() > 2 && word[0] == '-' && word[1] != '-' && !switches;
  return value ? kMaskedDash + word.substr(1) : word;
}

// Masked, the last word first. Behind "--" everything is a value.
std::vector<std::string> as_cli11(const std::vector<std::string>& words) {
  std::vector<std::string> out;
  bool values_only = false;
  for (const std::string& word : words) {
    if (word == "--" && !values_only) {
      values_only = true;
    } else {
      out.push_back(values_only && word.starts_with('-') ? kMaskedDash + word.substr(1) : masked(word));
    }
  }
  std::reverse(out.begin(), out.end());
  return out;
}

std::string unmasked(std::string word) {
  if (!word.empty() && word.front() == kMaskedDash) {
    word.front() = '-';
  }
  return word;
}

std::string spelling(const Parameter& parameter) {
  if (parameter.positional) {
    return lower(parameter.name);
  }
  return parameter.letter != 0 ? fmt::format("-{},--{}", parameter.letter, parameter.name)
                               : fmt::format("--{}", parameter.name);
}

// Where CLI11 puts what it read of one parameter.
struct Slot {
  const Parameter* parameter = nullptr;
  CLI::Option* option = nullptr;
  std::vector<std::string> texts;
  int count = 0;
};

void declare(CLI::App& app, const Parameter& parameter, Slot& slot) {
  slot.parameter = &parameter;
  if (parameter.kind == ParameterKind::kFlag) {
    slot.option = app.add_flag(spelling(parameter), slot.count);
    return;
  }
  slot.option = app.add_option(spelling(parameter), slot.texts);
  slot.option->allow_extra_args(parameter.positional && parameter.repeated);
  if (!parameter.repeated) {
    slot.option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);  // check_once() judges them.
  } else {
    slot.option->expected(-1);
  }
}

Value value_of(const Slot& slot) {
  if (slot.parameter->kind == ParameterKind::kFlag) {
    return Value(true);
  }
  if (!slot.parameter->repeated) {
    return Value(unmasked(slot.texts.back()));
  }
  Value list = Value::array();
  for (const std::string& text : slot.texts) {
    list.push(Value(unmasked(text)));
  }
  return list;
}

std::vector<std::string> option_names(const Flow* flow) {
  std::vector<std::string> names;
  const auto add = [&](const std::vector<Parameter>& parameters) {
    for (const Parameter& parameter : parameters) {
      if (!parameter.positional) {
        names.push_back(fmt::format("--{}", parameter.name));
      }
    }
  };
  if (flow != nullptr) {
    add(flow->spec.parameters);
  }
  add(global_parameters());
  names.emplace_back("--help");
  if (flow == nullptr) {
    names.emplace_back("--version");
  }
  return names;
}

std::string command_of(const Flow* flow) { return flow == nullptr ? std::string("lode") : command_name(flow->spec); }

bool takes_formula(const Flow* flow) {
  return flow != nullptr && std::any_of(flow->spec.parameters.begin(), flow->spec.parameters.end(),
                                        [](const Parameter& p) { return p.positional && p.name == "FORMULA"; });
}

// The option whose name begins the word, or ends it, the longest of them: --fastperiod for --fast, --timeperiod for
// --period, as other systems call them.
std::string option_inside(const std::string& word, const std::vector<std::string>& names) {
  constexpr std::size_t kLeast = 4;
  const auto plain = [](std::string text) {
    std::erase_if(text, [](char c) { return c == '-' || c == '_'; });
    return text;
  };
  const std::string typed = plain(word);
  std::string best;
  for (const bool at_begin : {true, false}) {
    for (const std::string& name : names) {
      const std::string known = plain(name);
      const bool is_inside =
          at_begin ? typed.starts_with(known) : typed.ends_with(known) && known.size() * 2 >= typed.size();
      const bool fits = known.size() >= kLeast && is_inside;
      best = fits && name.size() > best.size() ? name : best;
    }
    if (!best.empty()) {
      return fmt::format("did you mean '{}'?", best);
    }
  }
  return {};
}

Failure no_option(const Flow* flow, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  std::string hint = option_inside(name, option_names(flow));
  hint = hint.empty() ? did_you_mean(name, option_names(flow)) : hint;
  if (hint.empty() && takes_formula(flow)) {
    hint = fmt::format("options: {} --help; a formula that begins so goes behind two dashes: -- {}", command_of(flow),
                       quote(word));
  }
  return fail(E::E2, fmt::format("{} has no option {}", command_of(flow), quote(name)),
              hint.empty() ? fmt::format("{} --help lists its options", command_of(flow)) : hint);
}

Failure unexpected(const Flow* flow, const std::string& word) {
  const std::string plain = unmasked(word);
  const bool is_value = plain != word;  // Its dash was masked: it stood behind "--", or is no option's spelling.
  if (!is_value && plain.starts_with('-')) {
    return no_option(flow, plain);
  }
  std::string hint = fmt::format("{} --help shows what it takes", command_of(flow));
  if (plain.starts_with("--")) {
    hint = "behind -- everything is a value; options stand before it";
  } else if (takes_formula(flow)) {
    hint = "a formula with blanks needs quotes: 'rank(-ts_delta(close, 5))'";
  }
  return fail(E::E4, fmt::format("{} does not know what to do with {}", command_of(flow), quote(plain)), hint);
}

// What CLI11 would put in words of its own: "--json=x", "--lake ''".
Result<void> check_values(const Flow* flow, const std::vector<Slot>& slots, const std::vector<std::string>& words) {
  for (const Slot& slot : slots) {
    const std::string spelled = fmt::format("--{}=", slot.parameter->name);
    for (const std::string& word : words) {
      if (word == "--") {
        break;
      }
      if (slot.parameter->kind == ParameterKind::kFlag && word.starts_with(spelled)) {
        return fail(E::E4, fmt::format("{} takes no value, was {}", spelled.substr(0, spelled.size() - 1), quote(word)),
                    fmt::format("write {} alone, or leave it out", spelled.substr(0, spelled.size() - 1)));
      }
      if (!slot.parameter->positional && word == spelled) {
        return fail(
            E::E4,
            fmt::format("{} is empty, expected {}", spelled.substr(0, spelled.size() - 1), slot.parameter->summary),
            fmt::format("{} --help shows what each option takes", command_of(flow)));
      }
    }
  }
  return {};
}

// Two answers to one question: neither is dropped in silence. The same twice is one answer.
Result<void> check_once(const Flow* flow, const std::vector<Slot>& slots) {
  for (const Slot& slot : slots) {
    if (slot.parameter->kind == ParameterKind::kFlag || slot.parameter->repeated) {
      continue;
    }
    const auto other =
        std::ranges::find_if(slot.texts, [&](const std::string& one) { return one != slot.texts.front(); });
    if (other != slot.texts.end()) {
      return fail(E::E4,
                  fmt::format("--{} is given twice, as {} and as {}, expected once", slot.parameter->name,
                              quote(unmasked(slot.texts.front())), quote(unmasked(*other))),
                  fmt::format("leave one out; {} --help shows which options take several", command_of(flow)));
    }
  }
  return {};
}

// -o - is standard output, as everywhere: the rows are written there, as CSV unless --format says otherwise. A file
// that is no rows, or that a verb must have, has no place there.
Result<void> read_dash(const Flow* flow, Value& request) {
  const Value* output = request.find("output");
  if (flow == nullptr || output == nullptr || !output->is_text() || output->as_text() != "-") {
    return {};
  }
  const auto named = [&](std::string_view name) {
    return std::ranges::find(flow->spec.parameters, name, &Parameter::name);
  };
  const auto file = named("output");
  const auto none = flow->spec.parameters.end();
  const auto format = named("format");
  if (file == none || file->required || format == none) {
    return fail(E::E4,
                fmt::format("{} writes a file, --output is '-', which would be standard output", command_of(flow)),
                "name the file; lode data sql and lode factor compute write rows to standard output with -o -");
  }
  Value kept = Value::object();
  for (const auto& [key, value] : request.as_object()) {
    if (key != "output") {
      kept.set(key, value);
    }
  }
  if (kept.find("format") == nullptr) {
    kept.set("format", Value("csv"));
  }
  request = std::move(kept);
  return {};
}

// The options of every command pass the gate of the flows, so that they are refused in the same words.
Result<void> check_globals(const Flow* flow, const std::map<std::string, const Slot*>& slots) {
  const FlowSpec spec{.noun = flow == nullptr ? "" : flow->spec.noun,
                      .verb = flow == nullptr ? "help" : flow->spec.verb,
                      .parameters = global_parameters()};
  Value raw = Value::object();
  for (const char* name : {"lake", "threads"}) {
    if (const Slot* slot = slots.at(name); !slot->texts.empty()) {
      raw.set(name, Value(unmasked(slot->texts.back())));
    }
  }
  Result<Request> request = complete_request(spec, raw, Config());
  return request ? Result<void>() : fail(std::move(request).error());
}

void read_globals(Globals& globals, const std::map<std::string, const Slot*>& slots) {
  const auto text = [&](const char* name) {
    const Slot* slot = slots.at(name);
    return slot->texts.empty() ? std::string() : unmasked(slot->texts.back());
  };
  globals.lake = text("lake");
  globals.threads = text("threads");
  globals.json = slots.at("json")->count > 0;
  globals.quiet = slots.at("quiet")->count > 0;
  globals.verbosity = slots.at("verbose")->count;
}

}  // namespace

const std::vector<Parameter>& global_parameters() {
  static const std::vector<Parameter> list = {
      {.name = "lake", .kind = ParameterKind::kPath, .summary = "folder of the lake", .config_key = "lake"},
      {.name = "json", .kind = ParameterKind::kFlag, .summary = "machine output: one JSON document on stdout"},
      {.name = "threads",
       .kind = ParameterKind::kInteger,
       .summary = "worker threads, 0 = one a core",
       .config_key = "threads"},
      {.name = "quiet", .kind = ParameterKind::kFlag, .summary = "no progress, no notes", .letter = 'q'},
      {.name = "verbose",
       .kind = ParameterKind::kFlag,
       .summary = "say what was read and how long it took; twice: every step",
       .letter = 'v'},
  };
  return list;
}

bool takes_value(std::string_view option) { return option == "--lake" || option == "--threads"; }

Result<Arguments> read_arguments(const Flow* flow, const std::vector<std::string>& words) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::vector<Slot> slots(global_parameters().size() + (flow == nullptr ? 0 : flow->spec.parameters.size()));
  std::map<std::string, const Slot*> globals;
  std::size_t next = 0;
  for (const Parameter& parameter : global_parameters()) {
    globals[std::string(parameter.name)] = &slots[next];
    declare(app, parameter, slots[next++]);
  }
  if (flow != nullptr) {
    for (const Parameter& parameter : flow->spec.parameters) {
      declare(app, parameter, slots[next++]);
    }
  }
  LODE_CHECK(check_values(flow, slots, words));
  try {
    app.parse(as_cli11(words));
  } catch (const CLI::ArgumentMismatch&) {
    return fail(E::E3, fmt::format("{}: {} needs a value", command_of(flow), words.back()),
                fmt::format("{} --help shows what each option takes", command_of(flow)));
  } catch (const CLI::ParseError& error) {
    return fail(E::E4, fmt::format("{}: {}", command_of(flow), error.what()),
                fmt::format("{} --help shows what each option takes", command_of(flow)));
  }
  if (const std::vector<std::string> extras = app.remaining(); !extras.empty()) {
    return unexpected(flow, extras.front());
  }
  LODE_CHECK(check_once(flow, slots));
  LODE_CHECK(check_globals(flow, globals));
  Arguments out;
  out.request = Value::object();
  read_globals(out.globals, globals);
  for (std::size_t i = global_parameters().size(); i < slots.size(); ++i) {
    if (slots[i].count > 0 || !slots[i].texts.empty()) {
      out.request.set(lower(slots[i].parameter->name), value_of(slots[i]));
    }
  }
  LODE_CHECK(read_dash(flow, out.request));
  return out;
}

}  // namespace lode::cli
