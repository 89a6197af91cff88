// The error register: what each number of error.def means to every door (exit code, HTTP status, Python class,
// state-machine name) and its `lode explain` page.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lode/base/result.h"

namespace lode {

// One row of the register. All text is static.
struct ErrorInfo {
  ErrorNumber number;
  ErrorCode code;
  std::string_view title;    // One line: "unknown operator or factor name".
  std::string_view meaning;  // What happened and why Lode refuses, a few sentences.
  // What fails with this number, in one of three forms: a command line ("lode ..." or "LODE_X=... lode ..."), the lines
  // of a file, or a formula. Empty when it needs a broken machine or another process.
  std::string_view bad;
  std::string_view good;           // The same, mended; empty when `bad` is.
  std::string_view override_text;  // How to switch the check off, or "cannot be switched off".
};

// All rows, ascending by number.
std::span<const ErrorInfo> all_errors();

// The row of `number`.
const ErrorInfo& error_info(ErrorNumber number);

// "E1102", "e1102" or "1102" to its number; nullopt when no such row exists.
std::optional<ErrorNumber> parse_error_number(std::string_view text);

std::string to_string(ErrorNumber number);   // "E1102"
std::string_view to_string(ErrorCode code);  // "not_found"

// The defaults of reliability 8.2, derived from code and block.
int exit_code(ErrorNumber number);
int http_status(ErrorNumber number);
std::string_view python_class(ErrorNumber number);  // "lode.NotFoundError"
std::string_view machine_name(ErrorNumber number);  // "Lode.NotFound"

// The printed form, at most 12 lines: `error[E1102]: message`, where, `note:`, `help:`; no trailing newline. A note
// that lists further errors ("E1102 ..." at the start of a line) is told in full, however long.
std::string render(const Error& error);
// What to do next, as render() and every machine form tell it: the error's hint, else the command that prints its page.
std::string next_step(const Error& error);

}  // namespace lode
