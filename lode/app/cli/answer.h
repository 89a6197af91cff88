// Printing an answer: data to stdout, words to stderr, and the exit code that goes with them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/base/result.h"
#include "lode/flow/flow.h"

namespace lode::cli {

// Where a command speaks. Tests use string streams.
struct Terminal {
  void (*out)(void* self, std::string_view text) = nullptr;
  void (*err)(void* self, std::string_view text) = nullptr;
  void* self = nullptr;
  std::string (*ask)(void* self) = nullptr;  // Reads one typed line; nullptr: nobody is there to type
  // Standard input as In of base/world.h has it; nullptr: there is none
  std::size_t (*in)(void* self, char* to, std::size_t most) = nullptr;
  bool (*lost)(void* self) = nullptr;  // True once what was printed did not arrive; nullptr: it always does
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool plain = false;  // NO_COLOR, TERM=dumb, CI
  int columns = 0;     // Of the terminal that stdout is, and where prose is broken; 0 = it is none: text stays as it is

  void print(std::string_view text) const { out(self, text); }
  void say(std::string_view text) const { err(self, text); }
  void tell(std::string_view text) const;  // say(), in lines the terminal holds
};

// Returns the exit code.
int answer(const Terminal& terminal, const Flow& flow, const Outcome& outcome, bool json, bool quiet);
int answer(const Terminal& terminal, const Error& error, bool json);  // To stderr; one line of JSON when `json`.

// {"error":{"code","number","message","where","note","hint","id","docs","exit"}} on one line.
std::string error_json(const Error& error);

}  // namespace lode::cli
