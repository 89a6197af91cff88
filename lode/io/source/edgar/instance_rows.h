// What the XBRL instance of a filing gives the lake: every number of it, those of segments too, in the rows that
// companyfacts gives of the same filing, so that a number told by both is one row.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lode/io/source/edgar/submission_text.h"
#include "lode/io/source/xbrl/instance.h"

namespace lode::source::edgar {

// The instance among the documents: one that was filed as such (EX-101.INS), else the one EDGAR extracted
// (NAME_htm.xml), else the pages with inline XBRL read together. nullopt: a filing without XBRL. E6206 as
// read_instance. Doubled numbers are settled.
Result<std::optional<xbrl::Instance>> instance_of(const Submission& submission);

// Rows of table facts, known with the filing (public_at), and of table shares from the cover, a class of shares each.
// Numbers that are nil have no row; those of an entity without a CIK, or of taxonomy, name or unit unknown, are set
// aside in `rejected` (E6210). Fiscal year and period are the cover's.
std::vector<TableRows> instance_rows(const xbrl::Instance& instance, const Filing& filing, const Provenance& from,
                                     std::vector<Rejected>& rejected);

}  // namespace lode::source::edgar
