// Runs as people and machines read them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/base/value.h"
#include "lode/flow/flow.h"
#include "lode/io/lake/runs.h"

namespace lode::flow {

// RUN, as every verb about one run takes it.
Parameter run_parameter();

// The formula, the file of values, or "" for flows without a subject.
std::string run_subject(const lake::Run& run);

Value run_json(const lake::Run& run);
Value number_json(const lake::StoredNumber& number);

// "+0.0312 ratio (+0.0101 .. +0.0523), n 1,239"; "n/a (12 days, needs 60)" for a missing value.
std::string number_text(const lake::StoredNumber& number);

}  // namespace lode::flow
