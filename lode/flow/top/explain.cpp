// lode explain: the page of an error number.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/flow.h"

namespace lode {

namespace {

std::string indented(std::string_view text) {
  std::string out;
  for (const std::string_view line : split(text, '\n')) {
    out += fmt::format("    {}\n", line);
  }
  return out;
}

std::string page(const ErrorInfo& info) {
  std::string text = fmt::format("{}  {}\n\n{}\n", to_string(info.number), info.title, info.meaning);
  if (!info.bad.empty()) {
    text += fmt::format("\nFails\n{}", indented(info.bad));
  }
  if (!info.good.empty()) {
    text += fmt::format("\nWorks\n{}", indented(info.good));
  }
  text += fmt::format("\nSwitch off: {}\n", info.override_text);
  return text + fmt::format("Exit code {}, HTTP {}, Python {}, state machine {}\n", exit_code(info.number),
                            http_status(info.number), python_class(info.number), machine_name(info.number));
}

Result<Outcome> run(World&, const Request& request) {
  const std::string code = request.text("code");
  const std::optional<ErrorNumber> number = parse_error_number(code);
  if (!number) {
    std::vector<std::string> known;
    for (const ErrorInfo& info : all_errors()) {
      known.push_back(to_string(info.number));
    }
    return fail(E::E9, fmt::format("no error number '{}'", code), did_you_mean(upper(code), known));
  }
  const ErrorInfo& info = error_info(*number);
  Outcome out;
  out.data = Value::object();
  out.data.set("number", Value(to_string(info.number)));
  out.data.set("code", Value(to_string(info.code)));
  out.data.set("title", Value(info.title));
  out.data.set("meaning", Value(info.meaning));
  out.data.set("fails", Value(info.bad));
  out.data.set("works", Value(info.good));
  out.data.set("override", Value(info.override_text));
  out.data.set("exit", Value(exit_code(info.number)));
  out.text = page(info);
  return out;
}

}  // namespace

const Flow& flow_top_explain() {
  static const Flow flow{{.noun = "",
                          .verb = "explain",
                          .summary = "what an error number means, with an example and its mend",
                          .description = "Every error Lode prints has a number. Its page says what happened, why Lode refuses, a "
                                         "failing and a mended example, and how to switch the check off where that is allowed.",
                          .journey = Journey::kStart,
                          .parameters = {{.name = "CODE", .summary = "E1102", .positional = true, .required = true,
                                          .completes = "errors"}},
                          .examples = {{"lode explain E1102", "an unknown operator"}},
                          .schema = "lode.explain/1"},
                         run};
  return flow;
}

}  // namespace lode
