// Undoing a relabelling: what the commits it hid had stored is stored again, under the exchange it had, each in a
// commit of its own with its times; then the relabelling's own commits are hidden.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lode/io/lake/lake.h"

namespace lode::flow {

// The flow of a relabelling's commits.
inline constexpr std::string_view kRelabelledBy = "data relabel";

struct RelabelBackPlan {
  std::string was;                     // The exchange the rows go back to.
  std::string mic;                     // Under which they stand.
  std::vector<lake::CommitInfo> made;  // The relabelling's commits that stand, oldest first.
  std::vector<lake::CommitInfo> old;   // Those they replaced.
};
// `commit` is one of a relabelling's; the plan is of all of them. E8008 when they are hidden already, or when nothing
// tells what they replaced.
Result<RelabelBackPlan> plan_relabel_back(const lake::Lake& lake, const lake::CommitInfo& commit);

// The commits it makes. Stopped at any point, the same call again ends it. E8003 .. E8009; E8008 when vacuum removed
// the old rows: nothing is hidden then.
Result<std::vector<lake::CommitId>> relabel_back(lake::Lake& lake, const RelabelBackPlan& plan);

}  // namespace lode::flow
