// Consent for what deletes, hides or replaces.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/confirm.h"

namespace lode::flow {

Parameter yes_parameter() {
  return {.name = "yes",
          .kind = ParameterKind::kFlag,
          .summary = "do it; without this the plan is printed and nothing happens"};
}

bool can_confirm(const World& world, const Request& request) { return request.flag("yes") || world.consent; }

Result<void> confirm(const World& world, const Request& request, const std::string& plan) {
  if (request.flag("yes")) {
    return {};
  }
  if (!world.consent) {
    return fail(E::E6, plan, "nothing was done; add --yes to do it");
  }
  return world.consent(plan) ? Result<void>() : fail(E::E6, "this was not confirmed", "add --yes to do it");
}

}  // namespace lode::flow
