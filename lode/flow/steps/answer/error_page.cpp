// The page of an error number.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/error_page.h"

#include <fmt/format.h>

#include "lode/flow/steps/answer/number_page.h"
#include "lode/flow/steps/answer/paragraph.h"

namespace lode::flow {

namespace {

// How the check is switched off, or that it cannot be.
std::string instead(const ErrorInfo& info) {
  if (info.override_text.starts_with("cannot")) {
    return fmt::format("This {}.\n\n", paragraph(info.override_text, 5));
  }
  return info.override_text == "does not apply" ? std::string()
                                                : fmt::format("Instead: {}\n\n", paragraph(info.override_text, 9));
}

}  // namespace

std::string error_page(const ErrorInfo& info) {
  const PageExample examples[] = {{"Fails", info.bad}, {"Works", info.good}};
  return number_page(
      to_string(info.number), info.title, info.meaning, examples,
      fmt::format("{}Exit code {}, HTTP {}, Python {}, state machine {}", instead(info), exit_code(info.number),
                  http_status(info.number), python_class(info.number), machine_name(info.number)));
}

Value error_page_json(const ErrorInfo& info) {
  Value page = Value::object();
  page.set("number", Value(to_string(info.number)));
  page.set("code", Value(to_string(info.code)));
  page.set("title", Value(info.title));
  page.set("meaning", Value(info.meaning));
  page.set("fails", info.bad.empty() ? Value() : Value(info.bad));
  page.set("works", info.good.empty() ? Value() : Value(info.good));
  page.set("override", Value(info.override_text));
  page.set("exit", Value(exit_code(info.number)));
  page.set("http", Value(http_status(info.number)));
  page.set("python", Value(python_class(info.number)));
  page.set("machine", Value(machine_name(info.number)));
  return page;
}

}  // namespace lode::flow
