// Formulas of the libraries that ship with the program, at the doors: what they are, and their place in a call.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/core/factor/library.h"
#include "lode/flow/flow.h"
#include "lode/flow/steps/research/compute.h"

namespace lode::flow {

// One line a library: data.libraries. Tables lose columns until they are `width` wide; 0: all of them.
Outcome list_libraries(int width = 0);

// One line a formula of it: data is the library with `formulas`, each with fields, history, unit, hash and all that its
// file says of it, and `missing`. E0009.
Result<Outcome> list_library(const std::string& id, int width = 0);

// One formula in full, under its library's profile or the one `asked` for. E0009, and why it is none under that.
Result<Outcome> show_library_formula(const std::string& name, const std::string& asked = {});

// A program in Qlib's notation where Qlib can run it, with a word where its windows differ; else what it lacks.
std::string in_qlib(const expr::Program& program);

// The names of all formulas of a library, "alpha101/001" ..: what --library stands for. E0009.
Result<std::vector<std::string>> names_of_library(const std::string& id);

// Puts the formulas in place of the library names among `formulas`, each with its library's profile. E0009, and E0007
// as settle_profile().
Result<void> resolve_library_names(Formulas& formulas);

}  // namespace lode::flow
