// A judgement as the page core/report draws, and its place on disk.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/flow/research.h"

namespace lode::flow {

// The HTML text.
std::string factor_page(const Study& study, const Judged& judged, const ResearchRequest& request,
                        const Recorded& recorded);

// Writes runs/<alias>/report.html, and `copy_to` beside when given; returns the path to show. A run that was not recorded
// (read-only lake) needs `copy_to`: E8004 says so.
Result<std::string> write_report(const Study& study, const Recorded& recorded, const std::string& copy_to,
                                 const std::string& html);

}  // namespace lode::flow
