// Asking for whole submissions and what their answers say of the filing; what two sources share that read them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lode/io/source/edgar/submission_text.h"

namespace lode::source::edgar {

// One request a name of the form CIK/ACCESSION. E6208 without names or with one of another form; `example` is shown.
Result<Plan> plan_submissions(const Spec& spec, const FetchRequest& request, std::string_view example);

struct FiledSubmission {
  Submission submission;  // Views into the answer's body.
  Filing filing;          // With the hash of its header and the bytes of the whole.
};
// E6206 as parse_submission, and where another filing than the one asked for came.
Result<FiledSubmission> read_submission(const Response& response);

}  // namespace lode::source::edgar
