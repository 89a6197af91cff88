// Consent for what deletes, hides or replaces (UX-34): the plan is printed, and without --yes nothing happens.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/flow/flow.h"

namespace lode::flow {

// --yes
Parameter yes_parameter();

// Nothing when --yes was given, else E0006 with the plan and how to go on.
Result<void> confirm(const Request& request, const std::string& plan);

}  // namespace lode::flow
