// Which stored values are meant: by names, formulas, hashes, library or run, and what else would have fitted.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lode/flow/flow.h"
#include "lode/io/lake/values/values.h"

namespace lode::flow {

struct ValuesWish {
  std::vector<std::string> factors;  // Names, library names, formulas, or hashes of at least 8 digits
  std::string library;               // All that is stored of a library; "" = none
  std::string run;                   // "r3", a hash, "last"; "" = the newest that holds what is asked for
};

// Sets of one key (the same universe, span, as-of, adjustment, precision, code and inputs, so the same cells) with the
// factors to read of each.
struct ChosenValues {
  struct Part {
    lake::ValuesSet set;
    std::vector<std::string> factors;  // As the set names them
  };
  std::vector<Part> parts;
  std::vector<std::string> notes;  // A factor of another name; other runs that hold the same, and how to choose
};

// The set of a run. E0009 when it stored none.
Result<lake::ValuesSet> set_of_run(const lake::Lake& lake, const std::string& alias);

// The newest values that hold all that is asked for, which may be in several runs; or those of the run, and where
// values of its call were there already, of the run that had them. Nothing asked for: all of the newest, or of the run.
// E0009 with the nearest names.
Result<ChosenValues> choose_values(const lake::Lake& lake, const ValuesWish& wish);

// "r5: universe all, profile lode, f64, 2020-01-02 .. 2021-01-12, as of 2024-01-01, lake commit 12"
Result<std::string> values_told(lake::Lake& lake, const lake::ValuesSet& set);
// The same as keys: run, hash, universe, profile, precision, as_of, adjust, first, last, input_commit.
Result<void> put_values_told(lake::Lake& lake, const lake::ValuesSet& set, Value& data);

}  // namespace lode::flow
