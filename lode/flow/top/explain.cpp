// lode explain: the page of an error number.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/flow/flow.h"
#include "lode/flow/steps/answer/error_page.h"

namespace lode {

namespace {

Result<Outcome> run(World&, const Request& request) {
  const std::string code = request.text("code");
  const std::optional<ErrorNumber> number = parse_error_number(code);
  if (!number) {
    std::vector<std::string> known;
    for (const ErrorInfo& info : all_errors()) {
      known.push_back(to_string(info.number));
    }
    const std::string hint = did_you_mean(upper(code), known);
    return fail(E::E9, fmt::format("no error has the number {}", quote(code)),
                hint.empty() ? "lode docs errors lists them all" : hint);
  }
  Outcome out;
  out.data = flow::error_page_json(error_info(*number));
  out.text = flow::error_page(error_info(*number));
  return out;
}

}  // namespace

const Flow& flow_top_explain() {
  static const Flow flow{
      {.noun = "",
       .verb = "explain",
       .summary = "what an error number means, with an example and its mend",
       .description = "Every error Lode prints has a number. Its page says what happened, why Lode refuses, a "
                      "failing and a mended example, and how to switch the check off where that is allowed.",
       .journey = Journey::kStart,
       .parameters = {{.name = "CODE",
                       .summary = "the number of an error, with or without the E",
                       .positional = true,
                       .required = true,
                       .completes = "errors"}},
       .examples = {{"lode explain E1102", "an unknown operator"}, {"lode explain 3001 --json", "for a program"}},
       .schema = "lode.explain/1"},
      run};
  return flow;
}

}  // namespace lode
