// The page of a quality report: is the data of this day good enough, and which rows say so. Pure: the same input gives
// the same bytes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/core/report/document/document.h"
#include "lode/core/report/quality/quality.h"
#include "lode/core/report/scene/data_block.h"

namespace lode::report {

std::string render_quality_html(const QualityReport& report);
std::string render_quality_pdf(const QualityReport& report);

// The document itself; the charts' tables go into `data`. A list longer than kQualityRows is cut, and says of how many.
Document quality_document(const QualityReport& report, DataBlock& data);

inline constexpr std::size_t kQualityRows = 200;

}  // namespace lode::report
