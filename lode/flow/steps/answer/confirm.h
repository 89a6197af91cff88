// Consent for what deletes, hides or replaces (UX-34): the plan is shown, and without a yes nothing happens.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/flow/flow.h"

namespace lode::flow {

// --yes
Parameter yes_parameter();

// True when a call of confirm can get a yes: --yes was given, or somebody is there to ask.
bool can_confirm(const World& world, const Request& request);

// Nothing when --yes was given or whoever `world` can ask said yes, else E0006: with the plan and how to go on where
// nobody could be asked.
Result<void> confirm(const World& world, const Request& request, const std::string& plan);

}  // namespace lode::flow
