// Printing an answer.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/answer.h"

#include <fmt/format.h>

#include "lode/app/cli/wrapped.h"
#include "lode/base/error.h"
#include "lode/base/hash.h"

namespace lode::cli {

namespace {

std::string document(const Flow& flow, const Outcome& outcome) {
  Value root = Value::object();
  root.set("schema", Value(flow.spec.schema));
  root.set("data", outcome.data);
  Value warnings = Value::array();
  for (const std::string& warning : outcome.warnings) {
    warnings.push(Value(warning));
  }
  root.set("warnings", std::move(warnings));
  return to_json(root, 2) + "\n";
}

// The document of an answer with rows: they may be many, so they go out as they are made.
void print_with_rows(const Terminal& terminal, const Flow& flow, const Outcome& outcome) {
  constexpr std::string_view kPlace = "\"rows\": \"\\u001f\"";  // No text can hold it: its quotes would be escaped.
  Outcome frame;
  frame.data = outcome.data;
  frame.data.set("rows", Value("\x1f"));
  frame.warnings = outcome.warnings;
  const std::string text = document(flow, frame);
  const std::size_t place = text.find(kPlace);
  terminal.print(text.substr(0, place) + "\"rows\": ");
  outcome.rows([&](std::string_view piece) { terminal.print(piece); });
  terminal.print(std::string_view(text).substr(place + kPlace.size()));
}

}  // namespace

void Terminal::tell(std::string_view text) const { say(wrapped(text, err_is_terminal ? columns : 0)); }

std::string error_json(const Error& error) {
  const std::string number = to_string(error.number());
  Value body = Value::object();
  body.set("code", Value(to_string(error.code())));
  body.set("number", Value(number));
  body.set("message", Value(error.message()));
  body.set("where", Value(error.where()));
  body.set("note", Value(error.note()));
  body.set("hint", Value(next_step(error)));
  body.set("id", Value(hex(xxh3(number + error.message()))));  // The same failure has the same id on every machine.
  body.set("docs", Value(fmt::format("lode explain {}", number)));
  body.set("exit", Value(exit_code(error.number())));
  Value root = Value::object();
  root.set("error", std::move(body));
  return to_json(root);
}

int answer(const Terminal& terminal, const Flow& flow, const Outcome& outcome, bool json, bool quiet) {
  if (json && outcome.rows) {
    print_with_rows(terminal, flow, outcome);
  } else if (json) {
    terminal.print(document(flow, outcome));
  } else if (!quiet || !outcome.is_filed) {
    terminal.print(outcome.payload.empty() ? wrapped(outcome.text, terminal.columns) : outcome.payload);
  }
  if (!json && !quiet) {
    for (const std::string& warning : outcome.warnings) {
      terminal.tell(warning + "\n");
    }
  }
  if (outcome.finding) {
    return answer(terminal, *outcome.finding, json);
  }
  if (!json && !quiet && !outcome.next.empty() && terminal.out_is_terminal) {
    const bool dim = !terminal.plain;
    terminal.say(fmt::format("{}Next    {}{}\n", dim ? "\x1b[2m" : "", outcome.next, dim ? "\x1b[0m" : ""));
  }
  return 0;
}

int answer(const Terminal& terminal, const Error& error, bool json) {
  if (json) {
    terminal.say(error_json(error) + "\n");
  } else {
    terminal.tell(render(error) + "\n");
  }
  return exit_code(error.number());
}

}  // namespace lode::cli
