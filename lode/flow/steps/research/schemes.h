// Which classification stands behind the groups that a formula or --group reads, and whether it is dated.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lode/flow/steps/research/research.h"

namespace lode::flow {

// --scheme, for every verb whose formulas may read groups.
Parameter scheme_parameter();

// The group fields that are read by a formula of `fields` or asked for as `group` ("" = none), as loaded.
std::vector<lake::FieldLineage> groups_read(const std::vector<lake::FieldLineage>& lineage,
                                            const std::vector<std::string>& fields, const std::string& group);

// Subject::schemes before any panel is read. E1113 as lake::choose_scheme; E0007 --scheme where nothing reads groups.
Result<void> find_schemes(World& world, const ResearchRequest& request, const std::vector<std::string>& fields,
                          Subject& subject);
// E0007 when `asked` is not "" and no group is read.
Result<void> check_scheme_is_read(const std::string& asked, bool reads_groups);

// For the request of a run: the scheme, or where levels are of several an object of level and scheme; null for none.
Value schemes_json(const Subject& subject);
// "" when the groups are of several schemes, or none is read.
std::string only_scheme(const Subject& subject);

// "Groups: sector of user:sectors, imported last of 3 (--scheme names another)." and a line break; "" for none. `asked`
// is --scheme.
std::string groups_sentence(const std::vector<lake::FieldLineage>& groups, const std::string& asked);
// {"sector": {"scheme", "schemes", "dated"}}.
Value groups_json(const std::vector<lake::FieldLineage>& groups);

// W2108 for groups without dates, which look ahead; "" when every one is dated.
std::string undated_groups(const std::vector<lake::FieldLineage>& groups);

}  // namespace lode::flow
