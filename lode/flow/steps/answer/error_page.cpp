// The page of an error number.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/error_page.h"

#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/flow/steps/answer/paragraph.h"

namespace lode::flow {

namespace {

std::string indented(std::string_view text) {
  std::string out;
  for (const std::string_view line : split(text, '\n')) {
    out += fmt::format("    {}\n", line);
  }
  return out;
}

}  // namespace

std::string error_page(const ErrorInfo& info) {
  std::string text = fmt::format("{}  {}\n\n{}\n", to_string(info.number), info.title, paragraph(info.meaning));
  if (!info.bad.empty()) {
    text += fmt::format("\nFails\n{}", indented(info.bad));
  }
  if (!info.good.empty()) {
    text += fmt::format("\nWorks\n{}", indented(info.good));
  }
  if (info.override_text.starts_with("cannot")) {
    text += fmt::format("\nThis {}.\n", paragraph(info.override_text, 5));
  } else if (info.override_text != "does not apply") {
    text += fmt::format("\nInstead: {}\n", paragraph(info.override_text, 9));
  }
  return text + fmt::format("\nExit code {}, HTTP {}, Python {}, state machine {}\n", exit_code(info.number),
                            http_status(info.number), python_class(info.number), machine_name(info.number));
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
